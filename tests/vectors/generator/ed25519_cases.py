"""The cases about Ed25519, the `v1a` of Standard Webhooks."""

import base64
import hmac

from generator import keys
from generator.case import NOW, replaced
from generator.timed_senders import StandardWebhooks
from generator.writer import Writer

# RFC 8032: the order of the group, and the eight points of small order in their encodings.
_ORDER = 2**252 + 27742317777372353535851937790883648493
_IDENTITY = b"\x01" + bytes(31)
SMALL_ORDER = {
    "identity": _IDENTITY,
    "small-order": bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    "order-8-signed": bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"),
    "order-8-other": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
    "order-8-other-signed": bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"),
    "order-4": bytes(32),
    "order-4-signed": bytes(31) + b"\x80",
    "order-2": b"\xec" + b"\xff" * 30 + b"\x7f",
    # The same points in encodings that RFC 8032 does not allow and that many decoders take.
    "order-4-not-canonical": b"\xed" + b"\xff" * 30 + b"\x7f",
    "identity-not-canonical": b"\xee" + b"\xff" * 30 + b"\x7f",
    "identity-signed": b"\x01" + bytes(30) + b"\x80",
    "order-2-signed": b"\xec" + b"\xff" * 31,
}


def signature_cases(writer: Writer, sender: StandardWebhooks) -> None:
    public, other_public = keys.ed25519_public(keys.ED25519), keys.ed25519_public(keys.ED25519_OTHER)
    good, other = sender.asymmetric(), sender.asymmetric(keys.ED25519_OTHER)
    base, v1 = sender.event(), sender.wrap(sender.text())
    raw = base64.b64decode(good.removeprefix("v1a,"))

    def entry(signature: bytes) -> str:
        return "v1a," + base64.b64encode(signature).decode()

    malleable = raw[:32] + (int.from_bytes(raw[32:], "little") + _ORDER).to_bytes(32, "little")
    for name, value, secret, expect, flag, comment in (
        ("baseline", good, [public], base, "baseline", "A signature under Ed25519."),
        (
            "mixed-list",
            f"{v1} {good}",
            [public],
            base,
            "multiple_signatures",
            "Both versions; the receiver has one key.",
        ),
        (
            "mixed-keys-v1",
            v1,
            [public, sender.secret],
            {**base, "key_index": 1},
            "rotation",
            "Keys of both families; the request has v1.",
        ),
        (
            "mixed-keys-v1a",
            good,
            [sender.secret, public],
            {**base, "key_index": 1},
            "rotation",
            "Keys of both families; the request has v1a.",
        ),
        (
            "rotation",
            good,
            [other_public, public],
            {**base, "key_index": 1},
            "rotation",
            "The second of two keys.",
        ),
        (
            "several",
            f"{other} {good}",
            [public],
            base,
            "multiple_signatures",
            "The second of two signatures.",
        ),
        ("other-key", other, [public], "no_matching_signature", "wrong_key", "A signature of another key."),
        ("only-v1", v1, [public], "no_matching_signature", "wrong_key", "Only v1, and only a public key."),
        (
            "only-v1a",
            good,
            [sender.secret],
            "no_matching_signature",
            "wrong_key",
            "Only v1a, and only a secret.",
        ),
        (
            "malleable",
            entry(malleable),
            [public],
            "no_matching_signature",
            "strict_ed25519",
            "S plus the group's order, RFC 8032 5.1.7.",
        ),
        ("zero", entry(bytes(64)), [public], "no_matching_signature", "wrong_key", "64 zero bytes."),
        (
            "identity",
            entry(_IDENTITY + bytes(32)),
            [public],
            "no_matching_signature",
            "strict_ed25519",
            "The identity as R and zero as S.",
        ),
        (
            "halves-swapped",
            entry(raw[32:] + raw[:32]),
            [public],
            "no_matching_signature",
            "wrong_key",
            "S in the place of R.",
        ),
        (
            "high-bits-of-scalar",
            entry(raw[:-1] + bytes([raw[-1] | 0xE0])),
            [public],
            "no_matching_signature",
            "strict_ed25519",
            "The three highest bits of S are set, which some decoders cut off.",
        ),
        (
            "half",
            entry(raw[:32]),
            [public],
            "malformed_header",
            "malformed_signature",
            "R alone: a comparison must not stop at the shorter side.",
        ),
        (
            "upper-case-version",
            good.replace("v1a", "V1A"),
            [public],
            "malformed_header",
            "malformed_signature",
            "The version in upper case.",
        ),
        (
            "unpadded",
            good.rstrip("="),
            [public],
            "malformed_header",
            "base64_malleability",
            "Base64 without its padding.",
        ),
        ("63-bytes", entry(raw[:-1]), [public], "malformed_header", "malformed_signature", "A byte too few."),
        (
            "65-bytes",
            entry(raw + b"\x00"),
            [public],
            "malformed_header",
            "malformed_signature",
            "A byte too many.",
        ),
        ("empty", "v1a,", [public], "malformed_header", "malformed_signature", "The version alone."),
        (
            "hmac-under-v1a",
            f"v1a,{sender.text()}",
            [sender.secret],
            "malformed_header",
            "algorithm_confusion",
            "The right MAC under the tag of Ed25519.",
        ),
        (
            "ed25519-under-v1",
            good.replace("v1a,", "v1,"),
            [public],
            "malformed_header",
            "algorithm_confusion",
            "The right signature under the tag of the MAC.",
        ),
        (
            "public-key-as-mac-key",
            sender.wrap(_keyed_with(sender, base64.b64decode(public[5:]))),
            [public],
            "no_matching_signature",
            "algorithm_confusion",
            "A MAC keyed with the bytes of the public key.",
        ),
        (
            "public-text-as-mac-key",
            sender.wrap(_keyed_with(sender, public.encode())),
            [public],
            "no_matching_signature",
            "algorithm_confusion",
            "A MAC keyed with the text of the public key.",
        ),
    ):
        writer.add(
            f"ed25519-{name}",
            comment,
            flag,
            expect,
            secret=secret,
            headers=replaced(sender.headers(), "webhook-signature", value),
        )
    tampered = sender.body.replace(b"10.50", b"90.50")
    writer.add(
        "ed25519-tampered",
        "Another body under a captured signature.",
        "tampered",
        "no_matching_signature",
        secret=[public],
        body=tampered,
        headers=replaced(sender.headers(), "webhook-signature", good),
    )
    stale = sender.at(str(NOW - 301))
    writer.add(
        "ed25519-stale",
        "The window is the same for both versions.",
        "timestamp_window",
        "timestamp_too_old",
        secret=[public],
        headers=replaced(stale.headers(), "webhook-signature", stale.asymmetric()),
    )


def key_cases(writer: Writer, sender: StandardWebhooks) -> None:
    public = keys.ed25519_public(keys.ED25519)
    headers = replaced(sender.headers(), "webhook-signature", sender.asymmetric())
    for name, secret, comment in (
        ("signing-key", keys.ED25519, "A private key where the public one belongs"),
        ("31-bytes", "whpk_" + base64.b64encode(bytes(range(31))).decode(), "A public key of 31 bytes"),
        ("33-bytes", "whpk_" + base64.b64encode(bytes(range(33))).decode(), "A public key of 33 bytes"),
        ("empty", "whpk_", "The prefix alone"),
        ("unpadded", public.rstrip("="), "A public key without its padding"),
        (
            "no-point",
            "whpk_" + base64.b64encode(b"\x02" + bytes(31)).decode(),
            "Bytes that are no point of the curve",
        ),
    ):
        writer.add(
            f"ed25519-key-{name}",
            f"{comment} is refused at construction.",
            "secret_form",
            "invalid_secret",
            secret=[secret],
            headers=headers,
        )
    for name, point in SMALL_ORDER.items():
        forged = "v1a," + base64.b64encode(_IDENTITY + bytes(32)).decode()
        writer.add(
            f"ed25519-key-{name}",
            "A key of small order verifies forgeries, so it is refused.",
            "strict_ed25519",
            "invalid_secret",
            secret=["whpk_" + base64.b64encode(point).decode()],
            headers=replaced(sender.headers(), "webhook-signature", forged),
        )


def _keyed_with(sender: StandardWebhooks, key: bytes) -> str:
    return sender.encode(hmac.digest(key, sender.content(sender.body), "sha256"))
