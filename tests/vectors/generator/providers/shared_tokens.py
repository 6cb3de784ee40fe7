"""The providers whose tokens are signed with a shared secret and hold hashes of the request."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from generator.bearer import hs256, token
from generator.case import NOW, Case, Event, Headers, case, event
from generator.output import Json
from generator.providers.shared_token_cases import token_rows

URL = "https://example.com/webhooks/in?a=b"
BODY = b'{"hello":"world"}'
SECRET = "hookproof-test-secret-4f1c"

Claims = dict[str, Json]


def _hex(data: bytes | str) -> str:
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()


@dataclass(frozen=True)
class SharedToken:
    """A provider: where its token stands, and what the token says of a request."""

    provider: str
    header: str
    covers: list[str]
    # Returns the claims about a URL and a body.
    claims: Callable[[str, bytes], Claims]
    # Returns the id of a request.
    identify: Callable[[str, bytes], str | None]
    scheme: str = ""
    other_headers: Headers = field(default_factory=lambda: [["Content-Type", "application/json"]])

    def headers(self, url: str = URL, body: bytes = BODY, secret: str = SECRET, **changes: Json) -> Headers:
        claims = {**self.claims(url, body), **changes}
        kept = {name: value for name, value in claims.items() if value is not None}
        made = token(kept, header={"alg": "HS256", "typ": "JWT"}, sign=hs256(secret))
        return [*self.other_headers, [self.header, f"{self.scheme}{made}"]]

    def event(self, url: str = URL, body: bytes = BODY, **more: Json) -> Event:
        return event(self.identify(url, body), None, self.covers, algorithm="HS256", content="raw", **more)

    def delivery(self, url: str = URL, body: bytes = BODY, method: str = "POST", **changes: Json) -> Case:
        """Returns a request that is accepted, for the comparison of keys."""
        headers = self.headers(url, body, **changes)
        delivery = self._case("", "", "baseline", {}, headers, url=url, body=body, method=method)
        return {**delivery, "flags": [], "expect": {"verdict": "accept"}}

    def cases(self) -> list[Case]:
        usual = self.headers()
        unsigned = token(self.claims(URL, BODY), header={"alg": "none"}, sign=lambda _: b"")
        rows: list[tuple[str, str, str, Event | str, Headers, dict[str, Json]]] = [
            ("usual", "A request as the provider sends it.", "baseline", self.event(), usual, {}),
            (
                "second-secret",
                "The second of two secrets matches.",
                "rotation",
                self.event(key_index=1),
                usual,
                {"secret": ["hookproof-test-secret-next", SECRET]},
            ),
            (
                "wrong-secret",
                "The token is signed with a secret that is not configured.",
                "wrong_key",
                "no_matching_signature",
                self.headers(secret="another-test-secret"),
                {},
            ),
            (
                "no-token",
                "Without a token nothing is proven.",
                "missing_header",
                "missing_header",
                self.other_headers,
                {},
            ),
            (
                "unsigned-token",
                "A token that says that it is not signed.",
                "algorithm_confusion",
                "unsupported_algorithm",
                [*self.other_headers, [self.header, f"{self.scheme}{unsigned}"]],
                {},
            ),
            (
                "other-body",
                "The token holds the hash of another body.",
                "body_hash",
                "wrong_claim",
                usual,
                {"body": b'{"hello":"mars"}'},
            ),
            (
                "no-secret",
                "An empty secret is refused when the verifier is built.",
                "empty_secret",
                "invalid_secret",
                usual,
                {"secret": [""]},
            ),
        ]
        if "exp" in self.claims(URL, BODY):
            expired = self.headers(exp=NOW - 300)
            rows.append(("expired", "The token's time is over.", "expiry", "token_expired", expired, {}))
        if "url" in self.covers:
            rows.append(
                (
                    "other-url",
                    "The token was made for another URL.",
                    "request_target",
                    "wrong_claim",
                    usual,
                    {"url": f"{URL}&c=d"},
                )
            )
        rows += token_rows(self, URL, BODY, SECRET)
        return [
            self._case(name, comment, flag, expect, headers, **changes)
            for name, comment, flag, expect, headers, changes in rows
        ]

    def _case(
        self, name: str, comment: str, flag: str, expect: Event | str, headers: Headers, **changes: Json
    ) -> Case:
        made = case(
            f"{self.provider}-{name}",
            comment,
            flag,
            expect,
            provider=self.provider,
            secret=changes.get("secret", [SECRET]),
            headers=headers,
            body=changes.get("body", BODY),
        )
        return {**made, "method": changes.get("method", "POST"), "url": changes.get("url", URL)}


def _digest(*parts: str | bytes) -> str:
    return _hex(b"\n".join(part if isinstance(part, bytes) else part.encode() for part in parts))


def _messagebird(url: str, body: bytes) -> Claims:
    hashes: Claims = {"url_hash": _hex(url)} | ({"payload_hash": _hex(body)} if body else {})
    return {"iss": "MessageBird", "nbf": NOW - 5, "exp": NOW + 60, **hashes}


def _qstash(url: str, body: bytes) -> Claims:
    return {"iss": "Upstash", "sub": url, "nbf": NOW - 5, "exp": NOW + 60, "body": _base64url(body)}


MESSAGEBIRD = SharedToken(
    "messagebird-jwt", "MessageBird-Signature-JWT", ["body", "id", "url"], _messagebird, _digest
)
QSTASH = SharedToken(
    "qstash",
    "Upstash-Signature",
    ["body", "url"],
    _qstash,
    lambda url, body: "msg_26hZCxZCuWyyTWPmSVBrNCtiJEGm",
    other_headers=[["Upstash-Message-Id", "msg_26hZCxZCuWyyTWPmSVBrNCtiJEGm"]],
)
VONAGE = SharedToken(
    "vonage",
    "Authorization",
    ["body"],
    lambda url, body: {"iat": NOW - 5, "jti": "c5ba8f24", "payload_hash": _hex(body)},
    lambda url, body: _digest(url.partition("?")[2], body),
    scheme="Bearer ",
)
SENDERS = (MESSAGEBIRD, QSTASH, VONAGE)
