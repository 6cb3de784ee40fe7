"""The providers that sign with a private key of their own; the receiver holds the public one."""

import base64
from collections.abc import Callable, Sequence
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from generator import keys
from generator.case import Case
from generator.catalogue.collect import made
from generator.catalogue.frame import Entry, Time
from generator.ed25519_cases import SMALL_ORDER

# The order of the curve P-256.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _ed25519_public(secret: str) -> bytes:
    return base64.b64decode(keys.ed25519_public(secret).removeprefix("whpk_"))


def _ed25519(write: Callable[[bytes], str]) -> dict[str, Any]:
    """Returns the members of a row that signs with Ed25519 and writes public keys in a certain way."""
    private = {write(_ed25519_public(secret)): secret for secret in (keys.ED25519, keys.ED25519_OTHER)}

    def sign(secret: str, message: bytes) -> bytes:
        return keys.ed25519(private[secret]).sign(message)

    secret, other_secret = private

    def seed(secret: str) -> str:
        return write(base64.b64decode(private[secret].removeprefix("whsk_"))[:32])

    return {
        "sign": sign,
        "algorithm_name": "ed25519",
        "secret": secret,
        "other_secret": other_secret,
        "private": seed,
    }


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _signatures(entry: Entry, cases: Sequence[tuple[str, str, bytes]]) -> list[Case]:
    """Returns cases with other bytes where the signature belongs."""
    return [
        made(
            entry,
            name,
            comment,
            "wrong_key",
            "no_matching_signature",
            entry.request(texts=[entry.encode(signature)]),
        )
        for name, comment, signature in cases
    ]


def _secrets(entry: Entry, cases: dict[str, tuple[str, str]]) -> list[Case]:
    return [
        made(entry, f"key-{name}", comment, "secret_form", "invalid_secret", secret=[secret])
        for name, (secret, comment) in cases.items()
    ]


def _ed25519_cases(entry: Entry) -> list[Case]:
    good = entry.digest(entry.message(entry.sent()))
    order = 2**252 + 27742317777372353535851937790883648493
    scalar = int.from_bytes(good[32:], "little") + order
    write: Callable[[bytes], str] = bytes.hex if entry.encoding == "hex" else _base64
    public = _ed25519_public(keys.ED25519)
    return [
        *_signatures(
            entry,
            [
                ("last-bit-flipped", "One bit of the signature differs.", good[:-1] + bytes([good[-1] ^ 1])),
                (
                    "second-scalar",
                    "The same signature with the order of the group added to its scalar.",
                    good[:32] + scalar.to_bytes(32, "little"),
                ),
                ("zeros", "A signature of zeros is none.", bytes(64)),
            ],
        ),
        *(
            made(
                entry,
                f"key-of-{name}",
                "A key of small order verifies forgeries, so it is refused.",
                "strict_ed25519",
                "invalid_secret",
                secret=[write(point)],
            )
            for name, point in SMALL_ORDER.items()
        ),
        *_secrets(
            entry,
            {
                "short": (write(public[:-1]), "A key of 31 bytes is refused."),
                "small-order": (write(b"\1" + bytes(31)), "A key for which anybody can sign is refused."),
                "private-and-public": (write(bytes(32) + public), "64 bytes are no public key."),
                "other-form": (
                    _base64(public) if entry.encoding == "hex" else public.hex(),
                    "The key is written in another form than the provider's.",
                ),
                "pem": ("-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----", "PEM is another form."),
            },
        ),
    ]


def _discord(entry: Entry) -> list[Case]:
    pings = {
        "interaction-ping": (b'{"id":"1","application_id":"2","type":1}', "1", "1"),
        "event-ping": (b'{"version":1,"application_id":"2","type":0}', "0", None),
    }
    return [
        *_ed25519_cases(entry),
        *(
            made(
                entry,
                name,
                "Discord asks for an answer, and this is no event.",
                "ping",
                {
                    "id": identifier,
                    "type": kind,
                    "is_ping": True,
                    "covers": entry.covers.split(),
                    "attributes": {"application": "2"},
                },
                entry.request(entry.sent(body)),
            )
            for name, (body, kind, identifier) in pings.items()
        ),
        made(
            entry,
            "webhook-event",
            "A webhook event names its type within, and has no id.",
            "absent_member",
            {"id": None, "type": "APPLICATION_AUTHORIZED", "is_ping": False, "covers": entry.covers.split()},
            entry.request(
                entry.sent(
                    b'{"version":1,"application_id":"2","type":1,"event":{"type":"APPLICATION_AUTHORIZED"}}'
                )
            ),
        ),
    ]


# ECDSA over P-256.


def _p256(number: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(number, ec.SECP256R1())


def _spki(key: ec.EllipticCurvePrivateKey) -> str:
    return _base64(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


_P256 = {_spki(_p256(number)): _p256(number) for number in (0x5EED1, 0x5EED2)}


def _ecdsa(secret: str, message: bytes) -> bytes:
    # Deterministic (RFC 6979), so that two runs write the same bytes.
    return _P256[secret].sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))


def _integer(value: bytes) -> bytes:
    return b"\x02" + bytes([len(value)]) + value


def _sequence(*values: bytes) -> bytes:
    inner = b"".join(map(_integer, values))
    return b"\x30" + bytes([len(inner)]) + inner


def _sendgrid(entry: Entry) -> list[Case]:
    _check_sendgrid()
    good = entry.digest(entry.message(entry.sent()))
    r, s = decode_dss_signature(good)
    raw = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    padded = _sequence(b"\0\0" + raw[:32], b"\0\0" + raw[32:])
    pem = _P256[entry.secret].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    rsa = _base64(keys.RSA.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    p384 = ec.derive_private_key(7, ec.SECP384R1())
    return [
        made(
            entry,
            "other-half",
            "The other s of the same point is the same signature to ECDSA.",
            "base64_malleability",
            entry.usual(),
            entry.request(texts=[entry.encode(encode_dss_signature(r, _ORDER - s))]),
        ),
        made(
            entry,
            "pem",
            "The public key may be PEM, with a line break at its end.",
            "secret_form",
            entry.usual(),
            secret=[pem.decode()],
        ),
        *_signatures(
            entry,
            [
                ("bad-der", "Bytes that are no DER are no signature.", b"\x30\x06\x02\x01\x01\x02\x01"),
                ("der-padded", "Integers with needless zeros are no DER.", padded),
                ("der-with-more", "A byte after the signature is one too many.", good + b"\0"),
                ("der-cut-off", "A byte of the signature is missing.", good[:-1]),
                ("raw", "r and s without DER around them are another form.", raw),
                (
                    "zeros",
                    "r and s are zero, which a careless check takes for any message.",
                    _sequence(b"\0", b"\0"),
                ),
                (
                    "r-plus-order",
                    "r is not below the order of the curve.",
                    encode_dss_signature(r + _ORDER, s),
                ),
                ("sha1", "The signature is over another hash.", _sha1(entry)),
            ],
        ),
        *_secrets(
            entry,
            {
                "rsa": (rsa, "A key of another kind is refused when it is given."),
                "p384": (_spki(p384), "A key on another curve is refused when it is given."),
                "cut-off": (entry.secret[:-4], "A key that was cut off is refused."),
                "text": ("whsec_not-a-key", "A text that is no key is refused."),
            },
        ),
    ]


def _sha1(entry: Entry) -> bytes:
    message = entry.message(entry.sent())
    return _P256[entry.secret].sign(message, ec.ECDSA(hashes.SHA1(), deterministic_signing=True))


def _check_sendgrid() -> None:
    """Verifies the value that the provider published, whose private key is not known."""
    text = (
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVp"
        "iglSI8eNEc6wEA3F+g=="
    )
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.b64decode(text)[-65:])
    signature = (
        "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM="
    )
    body = (
        b'[{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",'
        b'"sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",'
        b'"sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0",'
        b'"smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>","timestamp":1600112492}]\r\n'
    )
    point.verify(base64.b64decode(signature), b"1600112502" + body, ec.ECDSA(hashes.SHA256()))


# RSA with the padding of PKCS #1 version 1.5.

_RSA = {keys.spki_pem(key).strip(): key for key in (keys.RSA, keys.RSA_OTHER)}


def _rsa(secret: str, message: bytes) -> bytes:
    return _RSA[secret].sign(message, padding.PKCS1v15(), hashes.SHA256())


def _wise(entry: Entry) -> list[Case]:
    message, key = entry.message(entry.sent()), _RSA[entry.secret]
    good = entry.digest(message)
    bare = "".join(entry.secret.splitlines()[1:-1])
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 0)
    return [
        made(
            entry,
            "key-bare",
            "The public key may be the base64 of its DER, without the lines of PEM.",
            "secret_form",
            entry.usual(),
            secret=[bare],
        ),
        made(
            entry,
            "key-with-newline",
            "A file in PEM ends with a line break.",
            "secret_form",
            entry.usual(),
            secret=[f"{entry.secret}\n"],
        ),
        *_signatures(
            entry,
            [
                ("last-bit-flipped", "One bit of the signature differs.", good[:-1] + bytes([good[-1] ^ 1])),
                ("short", "A byte of the signature is missing.", good[:-1]),
                ("long", "A byte after the signature is one too many.", good + b"\0"),
                ("zeros", "A signature of zeros is none.", bytes(256)),
                (
                    "sha1",
                    "The signature is over another hash.",
                    key.sign(message, padding.PKCS1v15(), hashes.SHA1()),
                ),
                ("pss", "The signature has another padding.", key.sign(message, pss, hashes.SHA256())),
            ],
        ),
        *_secrets(
            entry,
            {
                "weak": (keys.spki_pem(keys.RSA_WEAK).strip(), "A key of 1024 bits is refused."),
                "private": (keys.pem("rsa-2048-test-key"), "A private key has no business here."),
                "p256": (next(iter(_P256)), "A key of another kind is refused when it is given."),
                "text": ("whsec_not-a-key", "A text that is no key is refused."),
            },
        ),
    ]


# Where the length of a signature varies, other bytes are no match rather than malformed.
_VARYING = frozenset({"signature-short", "signature-long", "signature-hex"})

ENTRIES = [
    Entry(
        provider="discord",
        header="X-Signature-Ed25519",
        content="{time}{body}",
        time=Time("X-Signature-Timestamp"),
        **_ed25519(bytes.hex),
        body=b'{"id":"846462639134605312","application_id":"290926444748734465","type":2,"guild_id":"3",'
        b'"channel_id":"4","data":{"name":"cardsearch"}}',
        covers="body id timestamp type",
        id="846462639134605312",
        type="2",
        attributes={"application": "290926444748734465", "guild": "3", "channel": "4"},
        extra=_discord,
    ),
    Entry(
        provider="telnyx",
        header="telnyx-signature-ed25519",
        encoding="base64",
        content="{time}|{body}",
        time=Time("telnyx-timestamp"),
        **_ed25519(_base64),
        body=b'{"data":{"event_type":"message.received","id":"0ccc7b54-4df3","occurred_at":"2026-09-21T14:13:19Z",'
        b'"payload":{"text":"hello"},"record_type":"event"},"meta":{"attempt":1,"delivered_to":"https://a"}}',
        covers="body id timestamp type",
        id="0ccc7b54-4df3",
        type="message.received",
        data="data/payload",
        occurred="2026-09-21T14:13:19Z",
        attributes={"attempt": "1"},
        extra=_ed25519_cases,
    ),
    Entry(
        provider="sendgrid",
        header="X-Twilio-Email-Event-Webhook-Signature",
        encoding="base64",
        content="{time}{body}",
        time=Time("X-Twilio-Email-Event-Webhook-Timestamp"),
        sign=_ecdsa,
        algorithm_name="ecdsa-p256-sha256",
        secret=next(iter(_P256)),
        other_secret=list(_P256)[1],
        bodies="json",
        body=b'[{"email":"hello@world.com","event":"dropped","sg_event_id":"ZHJvcC0x"},\r\n'
        b'{"email":"hi@world.com","event":"delivered","sg_event_id":"ZHJvcC0y"}]\r\n',
        covers="body timestamp",
        skip=_VARYING,
        signs=False,
        extra=_sendgrid,
    ),
    Entry(
        provider="wise",
        header="X-Signature-SHA256",
        encoding="base64",
        sign=_rsa,
        algorithm_name="rsa-sha256",
        secret=next(iter(_RSA)),
        other_secret=list(_RSA)[1],
        body=b'{"data":{"resource":{"id":111,"type":"transfer"},"occurred_at":"2026-09-21T14:13:19Z"},'
        b'"subscription_id":"01234567-89ab","event_type":"transfers#state-change","schema_version":"2.0.0"}',
        covers="body type",
        id="c3a1f6e2-5f35-4d25-8b7e-6f3f2c1d0b9a",
        id_header="X-Delivery-Id",
        type="transfers#state-change",
        data="data",
        occurred="2026-09-21T14:13:19Z",
        attributes={"subscription": "01234567-89ab"},
        header_attributes={"test": ("X-Test-Notification", "true")},
        skip=_VARYING | {"secret-with-newline"},
        signs=False,
        extra=_wise,
    ),
]
