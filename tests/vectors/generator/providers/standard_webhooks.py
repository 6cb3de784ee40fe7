"""Standard Webhooks 1.0: `v1` under a shared secret and `v1a` under Ed25519."""

from generator import ed25519_cases, ed25519_limit_cases
from generator.case import Case, event
from generator.standard_cases import form_cases, standard_cases
from generator.timed_senders import StandardWebhooks
from generator.writer import Writer

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


def cases() -> list[Case]:
    sender = StandardWebhooks()
    writer = Writer(sender)
    standard_cases(writer, sender)
    form_cases(writer, sender)
    _published_cases(writer)
    _envelope_cases(writer)
    ed25519_cases.signature_cases(writer, sender)
    ed25519_limit_cases.limit_cases(writer, sender)
    ed25519_cases.key_cases(writer, sender)
    return writer.cases


def _published_cases(writer: Writer) -> None:
    def headers(signature: str) -> list[list[str]]:
        return [
            ["webhook-id", PUBLISHED_ID],
            ["webhook-timestamp", PUBLISHED_TIME],
            ["webhook-signature", signature],
        ]

    expect = event(PUBLISHED_ID, None, COVERS, sent_at=int(PUBLISHED_TIME), occurred_at=None, data=None)
    now = int(PUBLISHED_TIME)
    for name, signature, secret, outcome, comment in (
        ("v1", PUBLISHED_SIGNATURE, PUBLISHED_SECRET, expect, "The value in every reference library."),
        (
            "v1-multiple",
            "v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= v2,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc= "
            f"{PUBLISHED_SIGNATURE} v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=",
            PUBLISHED_SECRET,
            expect,
            "The reference libraries' list of signatures.",
        ),
        (
            "v1-partial",
            "v1,",
            PUBLISHED_SECRET,
            "malformed_header",
            "The reference libraries' partial signature.",
        ),
        (
            "v1-changed",
            PUBLISHED_SIGNATURE.replace("OE=", "OA="),
            PUBLISHED_SECRET,
            "no_matching_signature",
            "The reference libraries' signature with one character changed.",
        ),
        ("v1a", PUBLISHED_ED25519, PUBLISHED_PUBLIC_KEY, expect, "Svix's value under Ed25519."),
    ):
        writer.add(
            f"published-{name}",
            comment,
            "published",
            outcome,
            body=PUBLISHED_BODY,
            secret=[secret],
            headers=headers(signature),
            now=now,
        )


def _envelope_cases(writer: Writer) -> None:
    sender = writer.sender
    base = sender.event()
    for name, comment, flag, body, change in (
        (
            "no-type",
            "A body without a type has none.",
            "absent_member",
            b'{"data":{}}',
            {"type": None, "occurred_at": None, "data": {}},
        ),
        (
            "no-data",
            "A body without data has none.",
            "absent_member",
            b'{"type":"x"}',
            {"type": "x", "occurred_at": None, "data": None},
        ),
        (
            "empty-object",
            "An empty object is authentic.",
            "absent_member",
            b"{}",
            {"type": None, "occurred_at": None, "data": None},
        ),
        (
            "id-in-body",
            "The id comes from the signed header, not from the body.",
            "baseline",
            b'{"id":"inner","type":"x","data":1}',
            {"type": "x", "occurred_at": None, "data": 1},
        ),
        (
            "duplicate-members",
            "Of two members of one name the last one counts.",
            "duplicate_member",
            b'{"type":"a","type":"b","data":1,"data":2}',
            {"type": "b", "occurred_at": None, "data": 2},
        ),
        (
            "timestamp-with-offset",
            "The time in the body may have any offset.",
            "lenient_timestamp",
            b'{"type":"x","timestamp":"2020-01-01T00:00:00-07:00","data":1}',
            {"type": "x", "occurred_at": 1_577_862_000, "data": 1},
        ),
        (
            "timestamp-not-a-time",
            "A time in the body that is none never costs the event.",
            "lenient_timestamp",
            b'{"type":"x","timestamp":"yesterday","data":1}',
            {"type": "x", "occurred_at": None, "data": 1},
        ),
        (
            "timestamp-long-ago",
            "The time in the body is not the one that the tolerance is about.",
            "timestamp_window",
            b'{"type":"x","timestamp":"1999-12-31T23:59:59Z","data":1}',
            {"type": "x", "occurred_at": 946_684_799, "data": 1},
        ),
    ):
        writer.add(name, comment, flag, {**base, **change}, body=body)
