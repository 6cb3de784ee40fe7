"""Standard Webhooks 1.0: `v1` under a shared secret and `v1a` under Ed25519."""

import base64
import hmac

from generator import keys
from generator.case import NOW, Case, event, replaced
from generator.families import Writer
from generator.standard_cases import form_cases, standard_cases
from generator.timed_senders import StandardWebhooks

COVERS = ["body", "id", "timestamp", "type"]

# The values of the reference libraries' own tests; the Ed25519 one is Svix's.
PUBLISHED_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
PUBLISHED_ID, PUBLISHED_TIME = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
PUBLISHED_BODY = b'{"test": 2432232314}'
PUBLISHED_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
PUBLISHED_PUBLIC_KEY = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4="
PUBLISHED_ED25519 = (
    "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
)

# RFC 8032: the order of the group, and the eight points of small order in their encodings.
_ORDER = 2**252 + 27742317777372353535851937790883648493
_IDENTITY = b"\x01" + bytes(31)
_SMALL_ORDER = bytes.fromhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")


def cases() -> list[Case]:
    sender = StandardWebhooks()
    writer = Writer(sender)
    standard_cases(writer, sender)
    form_cases(writer, sender)
    _published_cases(writer)
    _envelope_cases(writer)
    _ed25519_cases(writer, sender)
    _ed25519_key_cases(writer, sender)
    return writer.cases


def _published_cases(writer: Writer) -> None:
    def headers(signature: str) -> list[list[str]]:
        return [["webhook-id", PUBLISHED_ID], ["webhook-timestamp", PUBLISHED_TIME], ["webhook-signature", signature]]

    expect = event(PUBLISHED_ID, None, COVERS, sent_at=int(PUBLISHED_TIME), occurred_at=None, data=None)
    now = int(PUBLISHED_TIME)
    for name, signature, secret, outcome, comment in (
        ("v1", PUBLISHED_SIGNATURE, PUBLISHED_SECRET, expect, "The value in every reference library."),
        ("v1-multiple", "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= "
         f"{PUBLISHED_SIGNATURE} v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=", PUBLISHED_SECRET, expect,
         "The reference libraries' list of signatures."),
        ("v1-partial", "v1,", PUBLISHED_SECRET, "malformed_header", "The reference libraries' partial signature."),
        ("v1-changed", PUBLISHED_SIGNATURE.replace("OE=", "OA="), PUBLISHED_SECRET, "no_matching_signature",
         "The reference libraries' signature with one character changed."),
        ("v1a", PUBLISHED_ED25519, PUBLISHED_PUBLIC_KEY, expect, "Svix's value under Ed25519."),
    ):
        writer.add(f"published-{name}", comment, "published", outcome, body=PUBLISHED_BODY, secret=[secret],
                   headers=headers(signature), now=now)


def _envelope_cases(writer: Writer) -> None:
    sender = writer.sender
    base = sender.event()
    for name, comment, flag, body, change in (
        ("no-type", "A body without a type has none.", "absent_member", b'{"data":{}}',
         {"type": None, "occurred_at": None, "data": {}}),
        ("no-data", "A body without data has none.", "absent_member", b'{"type":"x"}',
         {"type": "x", "occurred_at": None, "data": None}),
        ("empty-object", "An empty object is authentic.", "absent_member", b"{}",
         {"type": None, "occurred_at": None, "data": None}),
        ("id-in-body", "The id comes from the signed header, not from the body.", "baseline",
         b'{"id":"inner","type":"x","data":1}', {"type": "x", "occurred_at": None, "data": 1}),
        ("duplicate-members", "Of two members of one name the last one counts.", "duplicate_member",
         b'{"type":"a","type":"b","data":1,"data":2}', {"type": "b", "occurred_at": None, "data": 2}),
        ("timestamp-with-offset", "The time in the body may have any offset.", "lenient_timestamp",
         b'{"type":"x","timestamp":"2020-01-01T00:00:00-07:00","data":1}',
         {"type": "x", "occurred_at": 1_577_862_000, "data": 1}),
        ("timestamp-not-a-time", "A time in the body that is none never costs the event.", "lenient_timestamp",
         b'{"type":"x","timestamp":"yesterday","data":1}', {"type": "x", "occurred_at": None, "data": 1}),
        ("timestamp-long-ago", "The time in the body is not the one that the tolerance is about.", "timestamp_window",
         b'{"type":"x","timestamp":"1999-12-31T23:59:59Z","data":1}',
         {"type": "x", "occurred_at": 946_684_799, "data": 1}),
    ):
        writer.add(name, comment, flag, {**base, **change}, body=body)


def _ed25519_cases(writer: Writer, sender: StandardWebhooks) -> None:
    public, other_public = keys.ed25519_public(keys.ED25519), keys.ed25519_public(keys.ED25519_OTHER)
    good, other = sender.asymmetric(), sender.asymmetric(keys.ED25519_OTHER)
    base, v1 = sender.event(), sender.wrap(sender.text())
    raw = base64.b64decode(good.removeprefix("v1a,"))

    def entry(signature: bytes) -> str:
        return "v1a," + base64.b64encode(signature).decode()

    malleable = raw[:32] + (int.from_bytes(raw[32:], "little") + _ORDER).to_bytes(32, "little")
    for name, value, secret, expect, flag, comment in (
        ("baseline", good, [public], base, "baseline", "A signature under Ed25519."),
        ("mixed-list", f"{v1} {good}", [public], base, "multiple_signatures", "Both versions; the receiver has one key."),
        ("mixed-keys-v1", v1, [public, sender.secret], {**base, "key_index": 1}, "rotation",
         "Keys of both families; the request has v1."),
        ("mixed-keys-v1a", good, [sender.secret, public], {**base, "key_index": 1}, "rotation",
         "Keys of both families; the request has v1a."),
        ("rotation", good, [other_public, public], {**base, "key_index": 1}, "rotation", "The second of two keys."),
        ("several", f"{other} {good}", [public], base, "multiple_signatures", "The second of two signatures."),
        ("other-key", other, [public], "no_matching_signature", "wrong_key", "A signature of another key."),
        ("only-v1", v1, [public], "no_matching_signature", "wrong_key", "Only v1, and only a public key."),
        ("only-v1a", good, [sender.secret], "no_matching_signature", "wrong_key", "Only v1a, and only a secret."),
        ("malleable", entry(malleable), [public], "no_matching_signature", "strict_ed25519",
         "S plus the group's order, RFC 8032 5.1.7."),
        ("zero", entry(bytes(64)), [public], "no_matching_signature", "wrong_key", "64 zero bytes."),
        ("identity", entry(_IDENTITY + bytes(32)), [public], "no_matching_signature", "strict_ed25519",
         "The identity as R and zero as S."),
        ("63-bytes", entry(raw[:-1]), [public], "malformed_header", "malformed_signature", "A byte too few."),
        ("65-bytes", entry(raw + b"\x00"), [public], "malformed_header", "malformed_signature", "A byte too many."),
        ("empty", "v1a,", [public], "malformed_header", "malformed_signature", "The version alone."),
        ("hmac-under-v1a", f"v1a,{sender.text()}", [sender.secret], "malformed_header", "algorithm_confusion",
         "The right MAC under the tag of Ed25519."),
        ("ed25519-under-v1", good.replace("v1a,", "v1,"), [public], "malformed_header", "algorithm_confusion",
         "The right signature under the tag of the MAC."),
        ("public-key-as-mac-key", sender.wrap(_keyed_with(sender, base64.b64decode(public[5:]))), [public],
         "no_matching_signature", "algorithm_confusion", "A MAC keyed with the bytes of the public key."),
        ("public-text-as-mac-key", sender.wrap(_keyed_with(sender, public.encode())), [public],
         "no_matching_signature", "algorithm_confusion", "A MAC keyed with the text of the public key."),
    ):
        writer.add(f"ed25519-{name}", comment, flag, expect, secret=secret,
                   headers=replaced(sender.headers(), "webhook-signature", value))
    tampered = sender.body.replace(b"10.50", b"90.50")
    writer.add("ed25519-tampered", "Another body under a captured signature.", "tampered", "no_matching_signature",
               secret=[public], body=tampered, headers=replaced(sender.headers(), "webhook-signature", good))
    stale = sender.at(str(NOW - 301))
    writer.add("ed25519-stale", "The window is the same for both versions.", "timestamp_window", "timestamp_too_old",
               secret=[public], headers=replaced(stale.headers(), "webhook-signature", stale.asymmetric()))


def _ed25519_key_cases(writer: Writer, sender: StandardWebhooks) -> None:
    public = keys.ed25519_public(keys.ED25519)
    headers = replaced(sender.headers(), "webhook-signature", sender.asymmetric())
    for name, secret, comment in (
        ("signing-key", keys.ED25519, "A private key where the public one belongs"),
        ("31-bytes", "whpk_" + base64.b64encode(bytes(range(31))).decode(), "A public key of 31 bytes"),
        ("33-bytes", "whpk_" + base64.b64encode(bytes(range(33))).decode(), "A public key of 33 bytes"),
        ("empty", "whpk_", "The prefix alone"),
        ("unpadded", public.rstrip("="), "A public key without its padding"),
        ("no-point", "whpk_" + base64.b64encode(b"\x02" + bytes(31)).decode(), "Bytes that are no point of the curve"),
    ):
        writer.add(f"ed25519-key-{name}", f"{comment} is refused at construction.", "secret_form", "invalid_secret",
                   secret=[secret], headers=headers)
    for name, point in (("identity", _IDENTITY), ("small-order", _SMALL_ORDER)):
        forged = "v1a," + base64.b64encode(_IDENTITY + bytes(32)).decode()
        writer.add(f"ed25519-key-{name}", "A key of small order verifies forgeries, so it is refused.",
                   "strict_ed25519", "invalid_secret", secret=["whpk_" + base64.b64encode(point).decode()],
                   headers=replaced(sender.headers(), "webhook-signature", forged))


def _keyed_with(sender: StandardWebhooks, key: bytes) -> str:
    return sender.encode(hmac.digest(key, sender.content(sender.body), "sha256"))
