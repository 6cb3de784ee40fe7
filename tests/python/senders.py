"""Senders of every provider whose secret a sender can hold: the cases of the vectors that sign."""

import base64
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from run import built
from vectors import Json, document, names

from hookproof import Event, HookproofError, PayloadError, Signer, Verifier


@dataclass(frozen=True)
class Signed:
    """A request as it arrives."""

    body: bytes
    headers: dict[str, str]
    url: str | None
    method: str | None
    now: int


class Sender:
    """One provider with its secret, and the verifier of the other side."""

    def __init__(self, case: Json) -> None:
        self.provider: str = case["provider"]
        self.case = case
        self.message = dict(case["message"])
        self.body = base64.b64decode(self.message.pop("body_base64"))
        self.signer = Signer(self.provider, secret=case["secret"], **case["options"])
        self.verifier = self._verifier()

    def sign(self, body: bytes, **words: Any) -> Signed:
        """Signs a body in the place of the case's. Raises `ConfigurationError` where it cannot."""
        message = {**self.message, **words}
        signed = self.signer.sign(body, **message)
        return Signed(
            signed.body, signed.headers, message.get("url"), message.get("method"), self.judged_at(message)
        )

    def judged_at(self, message: Json) -> int:
        """Returns the moment at which the case's verifier judges."""
        now: int = self.case.get("verify", {}).get("now") or message["now"]
        return now

    def verify(self, request: Signed) -> Event:
        """Verifies a request."""
        return self.verifier.verify(
            request.body, request.headers, now=request.now, method=request.method, url=request.url
        )

    def _verifier(self) -> Verifier:
        """Builds the verifier of the other side, which has the public half of what is no shared secret."""
        checked = self.case.get("verify", {"secret": self.case["secret"], "options": {}})
        for secret in (checked["secret"], *_public_keys(checked["secret"])):
            form = {"provider": self.provider, "secret": secret, "options": checked["options"]}
            try:
                self.verifier = built(form)
                self.verify(self.sign(self.body))
            except PayloadError:
                pass
            except HookproofError:
                # A seed is a public key by its form, though nobody's.
                continue
            return self.verifier
        raise LookupError(self.case["id"])


def with_header(request: Signed, name: str, value: str) -> Signed:
    """Returns the request with another value of a header."""
    return replace(request, headers={**request.headers, name: value})


@cache
def senders() -> list[Sender]:
    """Lists one sender for each message of the vectors that is signed."""
    return [Sender(case) for name in names("sign") for case in document(name)["cases"]]


@cache
def one_for_each_provider() -> dict[str, Sender]:
    """Lists one sender for each provider, by its name."""
    return {sender.provider: sender for sender in reversed(senders())}


def _public_keys(secrets: Any) -> list[list[str]]:
    """Writes the public halves of Ed25519 seeds in each form that a provider has for them."""
    seeds = [_seed(secret) for secret in ([secrets] if isinstance(secrets, str) else secrets or [])]
    halves = [
        Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw() for seed in seeds if seed
    ]
    if not halves:
        return []
    plain = [base64.b64encode(half).decode() for half in halves]
    return [plain, [half.hex() for half in halves], [f"whpk_{half}" for half in plain]]


def _seed(secret: str) -> bytes | None:
    text = secret.removeprefix("whsk_")
    for decode in (bytes.fromhex, base64.b64decode):
        try:
            found = decode(text)
        except ValueError:
            continue
        if len(found) in (32, 64):
            return found[:32]
    return None
