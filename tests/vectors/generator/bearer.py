"""Makes bearer tokens: right ones, and wrong ones that a careless verifier takes."""

import base64
import hashlib
import hmac
import json
import math
from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from generator import keys
from generator.output import Json

KID = "test-key-2026-09"
OTHER_KID = "test-key-2026-03"

# RFC 8017, 9.2 note 1: the DER that precedes a SHA-256 digest.
_SHA256_PREFIX = bytes.fromhex("3031300d060960864801650304020105000420")

Sign = Callable[[bytes], bytes]
Segment = dict[str, Json] | str | bytes


def token(claims: Segment, *, header: Segment | None = None, sign: Sign | None = None) -> str:
    """Returns a compact token. Header and claims are dictionaries, or texts where the text is the point."""
    signing_input = ".".join(map(segment, (standard_header() if header is None else header, claims)))
    signature = (sign or rs256())(signing_input.encode())
    return f"{signing_input}.{base64url(signature)}"


def standard_header(**more: Json) -> dict[str, Json]:
    return {"alg": "RS256", "kid": KID, "typ": "JWT", **more}


def rs256(key: RSAPrivateKey = keys.RSA) -> Sign:
    return lambda message: key.sign(message, padding.PKCS1v15(), hashes.SHA256())


def rsa_with(algorithm: hashes.HashAlgorithm, key: RSAPrivateKey = keys.RSA) -> Sign:
    return lambda message: key.sign(message, padding.PKCS1v15(), algorithm)


def hs256(key: str) -> Sign:
    return hs256_bytes(key.encode())


def hs256_bytes(key: bytes) -> Sign:
    return lambda message: hmac.digest(key, message, "sha256")


def unsigned(message: bytes) -> bytes:
    return b""


def exponent_one(message: bytes) -> bytes:
    """Returns the padded digest: under e = 1 it is its own signature, and anyone can make it."""
    info = _SHA256_PREFIX + hashlib.sha256(message).digest()
    return b"\x00\x01" + b"\xff" * (256 - len(info) - 3) + b"\x00" + info


def cube_root(message: bytes) -> bytes:
    """Returns Bleichenbacher's forgery: under e = 3, a lenient parser overlooks what follows the digest."""
    start = b"\x00\x01" + b"\xff" * 8 + b"\x00" + _SHA256_PREFIX + hashlib.sha256(message).digest()
    target = int.from_bytes(start.ljust(256, b"\x00"), "big")
    root = _integer_cube_root(target) + 1
    forged: int = root**3
    if not forged.to_bytes(256, "big").startswith(start):
        raise ValueError("the cube of the root does not start with the digest")
    return root.to_bytes(256, "big")


def jwk(key: RSAPrivateKey = keys.RSA, kid: str | None = KID, **more: Json) -> dict[str, Json]:
    """Returns the public half as a JWK. A member given as None is left out."""
    numbers = key.public_key().public_numbers()
    members: dict[str, Json] = {
        "kty": "RSA",
        "kid": kid,
        "use": "sig",
        "alg": "RS256",
        "n": base64url(numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")),
        "e": base64url(numbers.e.to_bytes((numbers.e.bit_length() + 7) // 8, "big")),
    }
    members.update(more)
    return {name: value for name, value in members.items() if value is not None}


def jwks(*members: dict[str, Json]) -> dict[str, Json]:
    return {"keys": list(members)}


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def segment(content: Segment) -> str:
    if isinstance(content, dict):
        content = json.dumps(content, separators=(",", ":"))
    return base64url(content.encode() if isinstance(content, str) else content)


def changed(base: dict[str, Json], changes: dict[str, Json]) -> dict[str, Json]:
    """Returns members with changes; one that is changed to None is left out."""
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def _integer_cube_root(number: int) -> int:
    root = 1 << math.ceil(number.bit_length() / 3)
    while root**3 > number:
        root = (2 * root + number // root**2) // 3
    return root
