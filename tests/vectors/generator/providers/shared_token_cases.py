"""The cases about tokens under a shared secret: other algorithms, other spellings, claims of another kind."""

import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING

from generator.bearer import base64url, segment, token
from generator.case import Event, Headers
from generator.output import Json
from generator.providers.shared_token_claim_cases import claims_rows

if TYPE_CHECKING:
    from generator.providers.shared_tokens import SharedToken

Row = tuple[str, str, str, Event | str, Headers, dict[str, Json]]

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def token_rows(sender: "SharedToken", url: str, body: bytes, secret: str) -> list[Row]:
    """Returns what is asked of a token by itself."""
    claims = sender.claims(url, body)

    def carried(text: str) -> Headers:
        return [*sender.other_headers, [sender.header, f"{sender.scheme}{text}"]]

    def made(header: dict[str, Json] | str, content: dict[str, Json] | str | bytes = claims) -> Headers:
        return carried(token(content, header=header, sign=_mac(secret, "sha256")))

    rows = [
        *_algorithm_rows(sender, claims, secret, carried, made),
        *_header_rows(sender, claims, carried, made),
        *_signature_rows(sender.scheme, claims, secret, carried),
        *claims_rows(claims, made),
    ]
    return [(name, comment, flag, expect, headers, {}) for name, comment, flag, expect, headers in rows]


_Made = Callable[..., Headers]
_Carried = Callable[[str], Headers]
_Row = tuple[str, str, str, Event | str, Headers]


def _algorithm_rows(
    sender: "SharedToken", claims: dict[str, Json], secret: str, carried: _Carried, made: _Made
) -> list[_Row]:
    foreign = ("None", "NONE", "nOnE", "none", "RS256", "PS256", "ES256", "EdDSA", "hs256", "HS256 ", "")
    rows: list[_Row] = [
        (
            f"alg-{name.strip() or 'empty'}{'-blank' if name.endswith(' ') else ''}",
            f"The token asks for {name!r}, and its MAC is right.",
            "algorithm_confusion",
            "unsupported_algorithm",
            made({"alg": name}),
        )
        for name in foreign
    ]
    for name, digest in (("HS384", "sha384"), ("HS512", "sha512")):
        takes = sender.provider == "messagebird-jwt"
        rows.append(
            (
                f"alg-{name}",
                "The provider documents the other digests." if takes else "The provider has one digest.",
                "algorithm_confusion",
                {**sender.event(), "algorithm": name} if takes else "unsupported_algorithm",
                carried(token(claims, header={"alg": name}, sign=_mac(secret, digest))),
            )
        )
    rows.append(
        (
            "alg-of-another-digest",
            "The token says HS256, and its MAC is one with SHA-512.",
            "algorithm_confusion",
            "no_matching_signature",
            carried(token(claims, header={"alg": "HS256"}, sign=_mac(secret, "sha512"))),
        )
    )
    for name, members in (
        ("crit", {"crit": ["exp"]}),
        ("b64", {"b64": False}),
        ("zip", {"zip": "DEF"}),
        ("enc", {"enc": "A128GCM"}),
    ):
        rows.append(
            (
                f"header-{name}",
                "What would make the signed bytes others than the received ones is refused.",
                "crit",
                "unsupported_algorithm",
                made({"alg": "HS256", **members}),
            )
        )
    own = base64url(b"attacker")
    for name, brought in (
        ("jwk", {"jwk": {"kty": "oct", "k": own}}),
        ("jku", {"jku": "https://attacker.example/jwks.json"}),
        ("kid-path", {"kid": "../../../../dev/null"}),
    ):
        for key, kind in (("attacker", "own"), ("", "empty")):
            rows.append(
                (
                    f"header-{name}-{kind}-key",
                    "A token that brings its own key, or names one, gains nothing by it.",
                    "header_key",
                    "no_matching_signature",
                    carried(token(claims, header={"alg": "HS256", **brought}, sign=_mac(key, "sha256"))),
                )
            )
    return rows


def _header_rows(
    sender: "SharedToken", claims: dict[str, Json], carried: _Carried, made: _Made
) -> list[_Row]:
    usual = sender.headers()
    line = usual[-1]
    rows: list[_Row] = [
        (
            "token-twice",
            "Two lines of the header are refused, even when they agree.",
            "duplicate_header",
            "duplicate_header",
            [*usual, [line[0].swapcase(), line[1]]],
        ),
        (
            "token-twice-forged-first",
            "Two lines of which the second one is right are refused.",
            "duplicate_header",
            "duplicate_header",
            [*sender.other_headers, [line[0], "x.y.z"], line],
        ),
        (
            "upper-case-names",
            "Names of headers have no case.",
            "header_case",
            sender.event(),
            [[name.upper(), value] for name, value in usual],
        ),
        (
            "kid-unknown",
            "A key id is not needed and opens nothing.",
            "kid_abuse",
            sender.event(),
            made({"alg": "HS256", "kid": "' OR 1=1 --"}),
        ),
    ]
    for name, header in (
        ("alg-missing", '{"typ":"JWT"}'),
        ("alg-null", '{"alg":null}'),
        ("alg-array", '{"alg":["HS256"]}'),
        ("alg-twice", '{"alg":"HS256","alg":"none"}'),
        ("alg-twice-by-escape", '{"alg":"none","\\u0061lg":"HS256"}'),
        ("kid-number", '{"alg":"HS256","kid":7}'),
        ("typ-array", '{"alg":"HS256","typ":["JWT"]}'),
        ("not-json", "HS256"),
        ("array", '["HS256"]'),
        ("byte-order-mark", '\ufeff{"alg":"HS256"}'),
    ):
        rows.append(
            (
                f"header-{name}",
                "A header that is odd is malformed, right as the MAC is.",
                "malformed_token",
                "malformed_token",
                made(header),
            )
        )
    return rows


def _signature_rows(scheme: str, claims: dict[str, Json], secret: str, carried: _Carried) -> list[_Row]:
    good = token(claims, header={"alg": "HS256", "typ": "JWT"}, sign=_mac(secret, "sha256"))
    first, second, last = good.split(".")
    digest = _mac(secret, "sha256")(f"{first}.{second}".encode())
    stray = good[:-1] + _ALPHABET[_ALPHABET.index(good[-1]) ^ 1]
    rows: list[_Row] = []
    for name, text in (
        ("empty", f"{first}.{second}."),
        ("padded", f"{good}="),
        ("stray-bits", stray),
        ("four-parts", f"{good}.AAAA"),
        ("fourth-dot", f"{good}."),
        ("two-parts", f"{first}.{second}"),
        ("detached", f"{first}..{last}"),
        ("no-header", f".{second}.{last}"),
        ("five-parts", f"{good}.AAAA.AAAA"),
        ("garbage", "garbage"),
        ("plus", f"{first}.{second}.+{last[1:]}"),
    ):
        rows.append(
            (
                f"token-{name}",
                f"A text that is no compact token, or a second spelling of one ({name.replace('-', ' ')}).",
                "malformed_token",
                "malformed_token",
                carried(text),
            )
        )
    for name, changed in (
        ("half", digest[:16]),
        ("one-byte-short", digest[:-1]),
        ("one-byte-more", digest + b"\x00"),
        ("zero", bytes(32)),
        ("first-bit-flipped", bytes([digest[0] ^ 0x80]) + digest[1:]),
        ("last-bit-flipped", digest[:-1] + bytes([digest[-1] ^ 1])),
        ("in-digits", digest.hex().encode()),
    ):
        rows.append(
            (
                f"mac-{name}",
                "A MAC is compared as a whole.",
                "wrong_key",
                "no_matching_signature",
                carried(f"{first}.{second}.{base64url(changed)}"),
            )
        )
    other = segment({**claims, "admin": True})
    rows.append(
        (
            "claims-changed",
            "Other claims under a captured MAC.",
            "tampered",
            "no_matching_signature",
            carried(f"{first}.{other}.{last}"),
        )
    )
    for name, text, flag in (
        ("trailing-tab", f"{good}\t", "header_injection"),
        ("line-feed", f"{good}\n", "header_injection"),
        ("nul", f"{good}\x00", "header_injection"),
        ("e-acute", f"{good}\u00e9", "header_narrowing"),
    ):
        rows.append(
            (
                f"token-with-{name}",
                "What is no token character in the header is refused.",
                flag,
                "malformed_header",
                carried(text),
            )
        )
    # Behind a scheme a blank breaks the form of the header; where the header is the token, it breaks the token.
    code = "malformed_header" if scheme else "malformed_token"
    for name, text in (
        ("inner-blank", f"{good[:30]} {good[30:]}"),
        ("trailing-blank", f"{good} "),
        ("comma-joined", f"{good}, {good}"),
    ):
        rows.append(
            (
                f"token-with-{name}",
                "A blank is no token character.",
                "malformed_token",
                code,
                carried(text),
            )
        )
    return rows


def _mac(secret: str, digest: str) -> Callable[[bytes], bytes]:
    return lambda message: hmac.digest(secret.encode(), message, digest)
