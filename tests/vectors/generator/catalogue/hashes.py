"""Plain hashes with the secret in them, and the cases about them."""

import hashlib
from collections.abc import Callable

from generator.case import Case
from generator.catalogue.collect import made
from generator.catalogue.frame import Entry


def plain_hash(algorithm: str, *, secret_last: bool = False) -> Callable[[str, bytes], bytes]:
    """Returns how a hash of content and secret is made."""

    def sign(secret: str, message: bytes) -> bytes:
        parts = (message, secret.encode()) if secret_last else (secret.encode(), message)
        return hashlib.new(algorithm, b"".join(parts)).digest()

    return sign


def hash_cases(entry: Entry) -> list[Case]:
    """Returns the cases about hashes that are made otherwise."""
    sign, message, secret = entry.sign, entry.message(entry.sent()), entry.secret
    if sign is None:
        raise ValueError(f"{entry.provider} makes MACs")
    name = entry.algorithm_name or ""
    flipped = sign(secret, message)
    other = "sha256" if name == "sha1" else "sha1"
    cases = {
        "last-bit-flipped": (flipped[:-1] + bytes([flipped[-1] ^ 1]), "One bit of the hash differs."),
        "hmac-instead": (
            Entry(provider="", body=b"", covers="", algorithm=name, secret=secret).digest(message),
            "A MAC is another value than the hash of secret and content.",
        ),
        "hash-without-secret": (hashlib.new(name, message).digest(), "Anybody can hash the content alone."),
    }
    made_cases = [
        made(
            entry,
            key,
            comment,
            "algorithm_confusion",
            "no_matching_signature",
            entry.request(texts=[entry.encode(digest)]),
        )
        for key, (digest, comment) in cases.items()
    ]
    secret_last = sign(secret, message) == hashlib.new(name, message + secret.encode()).digest()
    return [
        *made_cases,
        made(
            entry,
            f"{other}-instead",
            "A hash of another kind has another length.",
            "algorithm_confusion",
            "malformed_header",
            entry.request(texts=[entry.encode(plain_hash(other, secret_last=secret_last)(secret, message))]),
        ),
    ]
