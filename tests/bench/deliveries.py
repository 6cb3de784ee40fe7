"""Makes the requests that every language measures: `deliveries.py FILE` writes them as JSON.

They are signed with Python's own `hmac` and `cryptography`, not with hookproof, and with timestamps of now,
because the other libraries read the system's clock.
"""

import base64
import hashlib
import hmac
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

Json = Any

SIZES = (200, 1024, 16 * 1024, 256 * 1024, 1024 * 1024)
# More than any library's cache of verified tokens holds by default.
TOKENS = 3000
KEY = bytes(range(32))
ID = "msg_2b2d8bb8c9f9c1d0"
# What a request brings beside the headers that are read.
OTHER_HEADERS = {
    "host": "example.com",
    "user-agent": "Webhooks/1.0",
    "accept": "*/*",
    "accept-encoding": "gzip, deflate, br",
    "connection": "keep-alive",
    "content-type": "application/json",
    "x-forwarded-for": "203.0.113.7",
    "x-forwarded-proto": "https",
}
# The body is a text, so that there is nothing to be read in it: what is left is the signature.
WITHOUT_ENVELOPE = {
    "name": "signature-alone",
    "scheme": {
        "signature": {
            "from": {"header": "X-Signature"},
            "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
            "content": "{body}",
        }
    },
    "event": {"body": "any", "id": {"header": "X-Id"}, "type": {"header": "X-Type"}},
}


def main() -> None:
    now = int(time.time())
    signed = [delivery for size in SIZES for delivery in _signed(size, now)]
    document = {"made_at": now, "signed": signed, "tokens": _tokens(now)}
    Path(sys.argv[1]).write_text(json.dumps(document), encoding="utf-8")


def body(size: int, head: Json, data: str) -> bytes:
    """Writes an event of exactly so many bytes: as many tickets as fit, and a remark for the rest."""
    content: Json = {"order": "ord_1", "remark": ""}
    event = {**head, data: content}
    room = size - len(_written(event))
    if size >= 1024:
        content["tickets"] = []
        room -= len(',"tickets":[]')
        for number in range(size):
            ticket = _ticket(number)
            room -= len(_written(ticket)) + 1
            if room < 0:
                break
            content["tickets"].append(ticket)
    content["remark"] = "x" * (size - len(_written(event)))
    return _written(event)


def _ticket(number: int) -> Json:
    return {
        "id": f"tkt_{number:06}",
        "holder": {"name": f"Zoë Ünal {number}", "email": f"guest{number}@example.com"},
        "price": {"amount": 49.5 + number % 7, "currency": "EUR"},
        "scanned": number % 3 == 0,
        "notes": None,
        "tags": ["early", 'vip "gold"', "línea\n2"],
    }


def _written(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _signed(size: int, now: int) -> Iterator[Json]:
    text = base64.b64encode(KEY).decode()
    content = body(size, {"type": "order.paid", "timestamp": "2026-09-21T12:53:20Z"}, "data")
    proof = base64.b64encode(_mac(KEY, f"{ID}.{now}.".encode() + content)).decode()
    wrong = base64.b64encode(bytes(32)).decode()
    named = {"webhook-id": ID, "webhook-timestamp": str(now)}
    yield _delivery(
        "standard-webhooks",
        "standard-webhooks",
        f"whsec_{text}",
        content,
        {**named, "webhook-signature": f"v1,{proof}"},
        {**named, "webhook-signature": f"v1,{wrong}"},
    )
    content = body(size, {"id": "5f7b2c9e4d", "event": "order.paid"}, "payload")
    yield _delivery("hex-hmac", "fourvenues", text, content, *_hex("x-webhook-signature", text, content))
    named = {"x-id": ID, "x-type": "order.paid"}
    content = (b"A line of a text, which is no JSON.\n" * size)[:size]
    accepted, rejected = _hex("x-signature", text, content)
    yield _delivery(
        "signature-alone", WITHOUT_ENVELOPE, text, content, {**named, **accepted}, {**named, **rejected}
    )
    content = body(size, {"id": "evt_1", "object": "event", "type": "order.paid"}, "data")
    accepted, rejected = (
        {"stripe-signature": f"t={now},v1={lines['v1']}"}
        for lines in _hex("v1", text, f"{now}.".encode() + content)
    )
    yield _delivery("stripe", "stripe", text, content, accepted, rejected)


def _hex(header: str, key: str, content: bytes) -> tuple[dict[str, str], dict[str, str]]:
    return {header: _mac(key.encode(), content).hex()}, {header: "0" * 64}


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def _delivery(
    row: str,
    provider: Json,
    secret: str,
    content: bytes,
    accepted: dict[str, str],
    rejected: dict[str, str],
) -> Json:
    return {
        "row": row,
        "bytes": len(content),
        "provider": provider,
        "secret": secret,
        "body": base64.b64encode(content).decode(),
        "headers": {**OTHER_HEADERS, **accepted},
        "rejected": {**OTHER_HEADERS, **rejected},
    }


def _tokens(now: int) -> Json:
    """RS256 tokens that differ in their `jti`, and the key set of their issuer."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    numbers = key.public_key().public_numbers()
    parties = {"iss": "https://issuer.example", "aud": "https://receiver.example"}
    claims = {**parties, "iat": now, "exp": now + 7200}
    header = _part({"alg": "RS256", "typ": "JWT", "kid": "key-1"})
    tokens = []
    for number in range(TOKENS):
        signed = f"{header}.{_part({**claims, 'jti': f'event-{number:08}'})}"
        signature = key.sign(signed.encode(), padding.PKCS1v15(), SHA256())
        tokens.append(f"{signed}.{_base64url(signature)}")
    jwk = {
        "kty": "RSA",
        "kid": "key-1",
        "use": "sig",
        "alg": "RS256",
        "n": _base64url(numbers.n.to_bytes(256, "big")),
        "e": _base64url(numbers.e.to_bytes(3, "big")),
    }
    return {
        "provider": "jwt-bearer",
        "issuer": parties["iss"],
        "audience": parties["aud"],
        "jwks": {"keys": [jwk]},
        "public_key": key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        "body": base64.b64encode(body(1024, {"id": "5f7b2c9e4d", "event": "order.paid"}, "payload")).decode(),
        "headers": OTHER_HEADERS,
        "tokens": tokens,
    }


def _part(value: Json) -> str:
    return _base64url(_written(value))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


if __name__ == "__main__":
    main()
