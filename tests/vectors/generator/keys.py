"""Loads the test keys that are committed beside this package. They protect nothing."""

import base64
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

FOLDER = Path(__file__).resolve().parent.parent / "keys"


def pem(name: str) -> str:
    """Returns a private key as text, without the newline at its end: secrets have no white space there."""
    return (FOLDER / f"{name}.pem").read_text(encoding="ascii").rstrip("\n")


def rsa(name: str) -> RSAPrivateKey:
    key = load_pem_private_key(pem(name).encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError(f"{name} is no RSA key")
    return key


def ed25519_secret(name: str) -> str:
    """Returns a seed in the form of Standard Webhooks, `whsk_` and base64."""
    return (FOLDER / f"{name}.txt").read_text(encoding="ascii").strip()


def ed25519(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret.removeprefix("whsk_"))[:32])


def ed25519_public(secret: str) -> str:
    """Returns the public half of a `whsk_` text as `whpk_` and base64."""
    raw = ed25519(secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return "whpk_" + base64.b64encode(raw).decode()


def spki_pem(key: RSAPrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


RSA = rsa("rsa-2048-test-key")
RSA_OTHER = rsa("rsa-2048-other-test-key")
RSA_WEAK = rsa("rsa-1024-weak-test-key")
ED25519 = ed25519_secret("ed25519-test-key")
ED25519_OTHER = ed25519_secret("ed25519-other-test-key")
