"""Bearer tokens, the key sets that they are verified with, and the server that has those."""

import base64
import hashlib
import hmac
import json
from functools import cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from hostile.case import NOW, Case, Json, Kind

ISSUER, AUDIENCE = "https://issuer.example", "acme"
CLAIMS = {"iss": ISSUER, "aud": AUDIENCE, "sub": "robot", "iat": NOW - 10, "exp": NOW + 3600}
CALLS = 20


@cache
def _key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _jwk(bits: int = 2048, kid: str = "key-1", **members: Json) -> dict[str, Json]:
    numbers = _key(bits).public_key().public_numbers()
    modulus = numbers.n.to_bytes(bits // 8, "big")
    return {
        "kty": "RSA",
        "kid": kid,
        "alg": "RS256",
        "use": "sig",
        "n": _base64(modulus),
        "e": "AQAB",
        **members,
    }


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def token(header: Json = None, claims: Json = None, bits: int = 2048, *, kid: Json = "key-1") -> str:
    """Signs a token; header and claims may be any JSON text."""
    header = {"alg": "RS256", "kid": kid} if header is None else header
    signed = (
        _base64(_text(header).encode()) + "." + _base64(_text(CLAIMS if claims is None else claims).encode())
    )
    return signed + "." + _base64(_key(bits).sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))


def _confused() -> str:
    signed = token({"alg": "HS256", "kid": "key-1"}).rsplit(".", 1)[0]
    pem = (
        _key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return signed + "." + _base64(hmac.digest(pem, signed.encode(), hashlib.sha256))


def _unsigned(claims: str) -> str:
    return ".".join(
        [_base64(b'{"alg":"RS256","kid":"key-1"}'), _base64(claims.encode()), _base64(bytes(256))]
    )


def _case(
    id: str,
    kind: Kind,
    title: str,
    why: str,
    sent: str,
    keys: list[Json] | None = None,
    *,
    accepted: bool = False,
    timed: bool = False,
) -> Case:
    call = {"server": "up", "tokens": [sent], "keys": {"keys": [_jwk()] if keys is None else keys}}
    return Case(f"token-{id}", "token", kind, "accepted" if accepted else "refused", title, why, call, timed)


def cases() -> list[Case]:
    return [*_tokens(), *_servers()]


def _tokens() -> list[Case]:
    none = token({"alg": "none", "kid": "key-1"}).rsplit(".", 1)[0] + "."
    mixed = token({"alg": "nOnE", "kid": "key-1"}).rsplit(".", 1)[0] + "."
    own = {key: _jwk(3072)[key] for key in ("kty", "n", "e")}
    header = {"alg": "RS256", "kid": "key-1"}
    without_exp = {key: value for key, value in CLAIMS.items() if key != "exp"}
    twice = _text(CLAIMS)[:-1] + ',"sub":"admin"}'
    padded = ".".join(part + "=" * (-len(part) % 4) for part in token().split("."))
    return [
        _case("honest", "control", "an honest token", "Everybody must accept it.", token(), accepted=True),
        _case(
            "expired",
            "control",
            "a token that expired an hour ago",
            "Everybody must refuse it.",
            token(claims={**CLAIMS, "exp": NOW - 3600}),
        ),
        _case(
            "audience",
            "control",
            "another audience",
            "Everybody must refuse it.",
            token(claims={**CLAIMS, "aud": "b"}),
        ),
        _case("none", "forgery", "`alg` is `none`, and no signature", "RFC 8725, section 2.1.", none),
        _case(
            "none-mixed",
            "forgery",
            "`alg` is `nOnE`, and no signature",
            "Lists of forbidden names miss it.",
            mixed,
        ),
        _case(
            "confusion",
            "forgery",
            "HS256 with the public key's PEM as the secret",
            "RFC 8725, section 2.1: everybody has the public key.",
            _confused(),
        ),
        _case(
            "own-key",
            "forgery",
            "a key of the sender's own in the header (`jwk`)",
            "Whoever takes the key out of the token lets everybody in.",
            token({"alg": "RS256", "jwk": own}, bits=3072),
        ),
        _case(
            "kid-path",
            "forgery",
            "`kid` is `../../../../dev/null`, signed with the empty key",
            "Some look keys up in a file or a table by it.",
            token({"alg": "HS256", "kid": "../../../../dev/null"}).rsplit(".", 1)[0]
            + "."
            + _base64(
                hmac.digest(
                    b"",
                    token({"alg": "HS256", "kid": "../../../../dev/null"}).rsplit(".", 1)[0].encode(),
                    hashlib.sha256,
                )
            ),
        ),
        _case(
            "kid-prototype",
            "robustness",
            "`kid` is `__proto__`",
            "A key looked up in an object finds the object's prototype.",
            token(kid="__proto__"),
        ),
        _case(
            "kid-number",
            "robustness",
            "`kid` is a list",
            "RFC 7515, section 4.1.4: a string.",
            token(kid=["key-1"]),
        ),
        _case(
            "crit",
            "lenient",
            "`crit` names an extension that nobody knows",
            "RFC 7515, section 4.1.11: must be refused. The issuer says: do not accept this unless you understand it.",
            token({**header, "crit": ["https://issuer.example/bound"], "https://issuer.example/bound": True}),
        ),
        _case(
            "b64",
            "lenient",
            "`b64` is false, and `crit` names it",
            "RFC 7797, section 6: not in a JWT.",
            token({**header, "b64": False, "crit": ["b64"]}),
        ),
        _case(
            "duplicate-member",
            "lenient",
            "a claim that occurs twice, with two values",
            "RFC 7519, section 4: refuse, or take the last one. Two programs that differ see two users.",
            token(claims=twice),
        ),
        _case(
            "issuer-list",
            "lenient",
            "`iss` is a list that holds the issuer",
            "RFC 7519, section 4.1.1: one string.",
            token(claims={**CLAIMS, "iss": [ISSUER, "https://other.example"]}),
        ),
        _case(
            "expiry-text",
            "lenient",
            "`exp` is a text of digits",
            "RFC 7519, section 2: a number.",
            token(claims={**CLAIMS, "exp": str(NOW + 3600)}),
        ),
        _case(
            "no-expiry",
            "lenient",
            "no `exp`",
            "Such a token is good for ever. The claim is optional in RFC 7519.",
            token(claims=without_exp),
        ),
        _case(
            "start-text",
            "lenient",
            "`nbf` is a text of digits, an hour ahead",
            "A claim of the wrong type must not count as absent.",
            token(claims={**CLAIMS, "nbf": str(NOW + 3600)}),
        ),
        _case("padding", "lenient", "base64url with padding", "RFC 7515, section 2: none.", padded),
        _case(
            "weak-key",
            "lenient",
            "an RSA key of 1,024 bits",
            "RFC 7518, section 3.3: 2,048 at least.",
            token(bits=1024),
            [_jwk(1024)],
        ),
        _case(
            "encryption-key",
            "lenient",
            "a key that is for encryption (`use` is `enc`)",
            "RFC 7517, section 4.2.",
            token(),
            [_jwk(use="enc")],
        ),
        _case(
            "other-algorithm",
            "lenient",
            "a key for PS256 and a token with RS256",
            "RFC 7517, section 4.4: a key is for one algorithm.",
            token(),
            [_jwk(alg="PS256")],
        ),
        _case(
            "huge",
            "robustness",
            "a forged token of 1 MB",
            "What is not signed should cost nothing. Servers limit headers to some 16 kB, gateways and queues do not.",
            _unsigned('{"a":"' + "a" * 1_000_000 + '"}'),
            timed=True,
        ),
        _case(
            "deep",
            "robustness",
            "forged claims of 100,000 levels",
            "Claims that are read before the signature is verified are anybody's.",
            _unsigned("[" * 100_000 + "]" * 100_000),
            timed=True,
        ),
        _case(
            "claims-list",
            "robustness",
            "claims that are a list",
            "RFC 7519, section 7.2: an object.",
            token(claims=[1]),
        ),
    ]


def _servers() -> list[Case]:
    good = {"keys": [_jwk(), _jwk(3072, "key-2")]}
    unknown = [token(kid=f"invented-{number}") for number in range(CALLS)]

    def case(
        id: str,
        title: str,
        why: str,
        server: str,
        tokens: list[str],
        keys: Json = good,
        *,
        refused: bool = False,
    ) -> Case:
        call = {"server": server, "tokens": tokens, "keys": keys}
        return Case(f"keys-{id}", "keys", "fetches", "refused" if refused else "accepted", title, why, call)

    second = token(bits=3072, kid="key-2")
    return [
        case("good", f"{CALLS} honest tokens", "One fetch is enough.", "up", [token()] * CALLS),
        case(
            "down",
            f"{CALLS} tokens while the server is down from the start",
            "To ask a server that is down for every request makes it stay down, and every request wait.",
            "down",
            [token()] * CALLS,
            refused=True,
        ),
        case(
            "unknown",
            f"an honest token, {CALLS} with invented key ids, another honest token with the other key",
            "Anybody can send them: they must neither flood the issuer nor lock honest senders out.",
            "up",
            [token(), *unknown, second],
        ),
        case(
            "falls",
            f"an honest token, then the server goes down; {CALLS} with invented key ids, then the honest one",
            "The keys that are there stay good.",
            "falls",
            [token(), *unknown, token()],
        ),
        case(
            "redirect",
            "one honest token; the server redirects to another origin, which has the key",
            "Keys from where nobody configured them.",
            "redirect",
            [token()],
            refused=True,
        ),
        case(
            "huge",
            "one honest token; the key set has 6 MB",
            "A hostile or broken server fills the memory.",
            "up",
            [token()],
            {"keys": [_jwk()], "more": "a" * 6_000_000},
            refused=True,
        ),
    ]
