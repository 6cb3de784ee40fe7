"""The senders whose requests every language signs and verifies, and the bodies that they send."""

import base64
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

Json = Any

NOW = 1_790_000_000
ISSUER = "https://securetoken.google.com/acme-events"
AUDIENCE = "acme-events"

_KEYS = Path(__file__).resolve().parents[1] / "vectors" / "keys"
_RSA_PEM = (_KEYS / "rsa-2048-test-key.pem").read_text(encoding="ascii")
_ED25519_SECRET = (_KEYS / "ed25519-test-key.txt").read_text(encoding="ascii").strip()

# What breaks where a body passes through text, a string template or a parser before it is signed.
OBJECT_BODIES = {
    "usual": b'{"id":"evt_1","event":"paid","type":"payment.success","payload":{"n":1},"data":{"n":1}}',
    "unicode": '{"id":"évt","data":"Zürich 東京 🎟 \u2028 e\u0301","payload":"\\u0000"}'.encode(),
    "patterns": b'{"id":"$&","data":"$$ $1 $` ${id} %s {body} \\\\","payload":"$&"}',
    "white-space": b' {\r\n\t"id" : "a" , "data" : [ 1.0 , 1e3 , -0 ]\n} \r\n',
    "escapes": b'{"id":"\\u00e9","data":"\\/ \\ud83c\\udf9f","b":1,"2":2,"payload":{"b":1,"2":2,"1":1}}',
    "duplicates": b'{"id":"first","id":"second","data":{"a":1,"a":2},"payload":{"a":1,"a":2}}',
    "prototype": b'{"id":"p","data":{"__proto__":{"x":1},"constructor":2},"payload":{"__proto__":{"x":1}}}',
    "null": b'{"id":null,"type":null,"event":null,"data":null,"payload":null}',
    "long": b'{"id":"long","data":"' + b"x" * 100_000 + b'"}',
}
JSON_BODIES = OBJECT_BODIES | {"list": b'[1,"\xc3\xa9",null]', "text": b'"text"', "number": b"12.5"}
ANY_BODIES = JSON_BODIES | {
    "empty": b"",
    "not-utf-8": b'\xff\xfe{"id":"\x80"}\x00',
    "byte-order-mark": b'\xef\xbb\xbf{"id":"bom"}',
    "form": b"token=x&text=%F0%9F%8E%9F&$&",
}
# Authentic under every scheme, and no JSON: the event is refused with the same sentence everywhere.
MALFORMED_BODIES = {"not-utf-8": b'{"id":"\xff"}', "no-json": b"{", "half-a-pair": b'{"id":"\\ud83c'}


@dataclass(frozen=True)
class Sender:
    """One provider's keys, what its messages say beside the body, and the bodies that it may send."""

    name: str
    provider: Json
    bodies: dict[str, bytes]
    signing: dict[str, Json]
    verifying: dict[str, Json]
    message: dict[str, Json] = field(default_factory=dict)
    request: dict[str, Json] = field(default_factory=dict)
    wrong_keys: dict[str, Json] = field(default_factory=dict)
    malformed: dict[str, bytes] = field(default_factory=dict)

    def to_sign(self, body: bytes) -> dict[str, Json]:
        message = {"body_base64": base64.b64encode(body).decode(), "now": NOW, **self.message, **self.request}
        return {"provider": self.provider, **self.signing, **message}

    def to_verify(self, signed: dict[str, Json], **changes: Json) -> dict[str, Json]:
        return {"provider": self.provider, **self.verifying, "now": NOW, **self.request, **signed, **changes}


def _shared(*secrets: str) -> dict[str, Json]:
    return {"secret": list(secrets)}


def _with_secret(name: str, secret: str, wrong: str, bodies: dict[str, bytes], **message: Json) -> Sender:
    """Makes a sender that is known by a built-in name and shares one secret with its receivers."""
    return Sender(
        name=name,
        provider=name,
        bodies=bodies,
        signing=_shared(secret),
        verifying=_shared(secret),
        message=message,
        wrong_keys=_shared(wrong),
        malformed={} if bodies is ANY_BODIES else MALFORMED_BODIES,
    )


def _standard_webhooks_v1a() -> Sender:
    seed = base64.b64decode(_ED25519_SECRET.removeprefix("whsk_"))
    public = (
        Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    )
    other = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return Sender(
        name="standard-webhooks-v1a",
        provider="standard-webhooks",
        bodies=OBJECT_BODIES,
        signing=_shared(_ED25519_SECRET),
        verifying=_shared("whpk_" + base64.b64encode(public).decode()),
        message={"id": "msg_v1a"},
        wrong_keys=_shared("whpk_" + base64.b64encode(other).decode()),
        malformed=MALFORMED_BODIES,
    )


def _bearer(name: str, bodies: dict[str, bytes], claims: dict[str, Json], **message: Json) -> Sender:
    """Makes a sender that proves itself with a token. The token says nothing of the body."""
    expected = {"issuer": ISSUER, "audience": AUDIENCE}
    return Sender(
        name=name,
        provider=name,
        bodies=bodies,
        signing={"secret": [_RSA_PEM], "options": {**expected, "key_id": "key-1", "claims": claims}},
        verifying={"options": {**expected, "jwks": _jwks("key-1")}},
        message=message,
        wrong_keys={"options": {**expected, "jwks": _jwks("key-2")}},
        malformed={} if bodies is ANY_BODIES else MALFORMED_BODIES,
    )


def _jwks(key_id: str) -> Json:
    key = load_pem_private_key(_RSA_PEM.encode(), password=None)
    if not isinstance(key, RSAPrivateKey):
        raise TypeError("the test key is no RSA key")
    numbers = key.public_key().public_numbers()
    return {
        "keys": [
            {
                "kty": "RSA",
                "kid": key_id,
                "alg": "RS256",
                "use": "sig",
                "n": _number(numbers.n),
                "e": _number(numbers.e),
            }
        ]
    }


def _number(value: int) -> str:
    encoded = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(encoded).decode().rstrip("=")


# A provider that hookproof has never heard of, and that signs everything that can be signed.
BOX_OFFICE = {
    "name": "box-office",
    "title": "Box office",
    "docs": ["https://box-office.example/webhooks"],
    "evidence": "documentation",
    "scheme": {
        "signature": {
            "from": {"header": "X-Box-Signature", "split": " "},
            "versions": [
                {"prefix": "b1=", "algorithm": "hmac-sha512", "encoding": "base64url", "key": "text"},
            ],
            "content": "{method} {url}\n{id}.{timestamp}.{body}",
            "timestamp": {
                "from": {"header": "X-Box-Time"},
                "format": "unix-seconds",
                "tolerance_seconds": 60,
            },
        },
    },
    "event": {
        "body": "any",
        "id": {"header": "X-Box-Id"},
        "type": {"header": "X-Box-Type"},
        "data": "/data",
        "attributes": {"hall": {"header": "X-Box-Hall"}, "seat": {"json": "/data/n"}},
    },
}


def _box_office() -> Sender:
    return Sender(
        name="box-office",
        provider=BOX_OFFICE,
        bodies=ANY_BODIES,
        signing=_shared("old-box-secret", "new-box-secret"),
        verifying=_shared("new-box-secret"),
        message={"id": "box-1", "type": "seat/sold", "attributes": {"hall": "north"}},
        request={"method": "POST", "url": "https://receiver.example/hooks?hall=north&x=%20"},
        wrong_keys=_shared("another-secret"),
    )


SENDERS = [
    _with_secret("fourvenues", "clé de Zürich 🎟", "another-secret", OBJECT_BODIES),
    _with_secret(
        "eventsair",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_" + "QUFB" * 8,
        OBJECT_BODIES,
        id="msg_1",
    ),
    _with_secret(
        "fast-events",
        "asasasasas",
        "another-secret",
        JSON_BODIES | {"empty": b"", "line-end": b'{"id":1}\r\n'},
        type="order.created",
        attributes={
            "source": "https://tickets.example/",
            "resource": "order",
            "event": "created",
            "subscription": "7",
            "delivery": "d-1",
        },
    ),
    _bearer(
        "pitchpoint",
        JSON_BODIES,
        {"sub": "robot", "user_id": "robot", "admin": False, "groups": ["é", 1, None]},
        id="1b4e28ba-2fa1-11d2-883f-0016d3cca427",
        type="orders/placed",
        attributes={
            "sub_topic": "product:adv/adv-120",
            "tenant": "OU1243",
            "triggered_at": "2024-01-1T10:00:00.7777748Z",
        },
    ),
    _with_secret(
        "standard-webhooks",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_" + "QUFB" * 8,
        OBJECT_BODIES,
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
    ),
    _standard_webhooks_v1a(),
    _bearer("jwt-bearer", ANY_BODIES, {"sub": "client"}),
    _with_secret(
        "github",
        "It's a Secret to Everybody",
        "another-secret",
        ANY_BODIES,
        id="72d3162e",
        type="push",
        attributes={"hook": "292430182"},
    ),
    _with_secret("stripe", "whsec_literal_text", "whsec_other_text", OBJECT_BODIES),
    _with_secret("slack", "8f742231b10e8888abcd99yyyzzz85a5", "another-secret", ANY_BODIES),
    _with_secret(
        "shopify",
        "hush",
        "another-secret",
        JSON_BODIES,
        id="b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        type="orders/create",
        attributes={"shop": "acme.example", "api_version": "2026-07"},
    ),
    _box_office(),
]
