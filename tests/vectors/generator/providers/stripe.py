"""Stripe: pairs in one header, several `v1`, and a secret whose `whsec_` is part of the key."""

from generator import body_cases, header_cases, secret_cases, signature_cases, timestamp_cases
from generator.case import NOW, Case, event
from generator.edge_cases import pair_edge_cases, time_edge_cases
from generator.timed_senders import Stripe
from generator.writer import Writer

COVERS = ["body", "id", "timestamp", "type"]
SIGNATURE = "Stripe-Signature"

# stripe-dotnet, EventUtilityTest: the body is src/StripeTests/Resources/event_test_signature.json.
PUBLISHED_BODY = b"""{
  "id": "evt_123",
  "object": "event",
  "account": "acct_123",
  "api_version": "2017-05-25",
  "created": 1533204620,
  "data": {
    "object": {
      "id": "cus_123",
      "object": "customer",
      "created": 123456789,
      "email": "test@stripe.com",
      "livemode": false,
      "metadata": {}
    }
  },
  "livemode": false,
  "pending_webhooks": 1,
  "request": {
    "id": "req_123",
    "idempotency_key": "idempotency-key-123"
  },
  "type": "customer.created"
}
"""
PUBLISHED_HEADER = (
    "t=1533204620,v1=2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7,"
    "v0=63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef"
)


def cases() -> list[Case]:
    sender = Stripe()
    writer = Writer(sender)
    header_cases.header_cases(writer)
    signature_cases.signature_cases(writer)
    secret_cases.rotation_cases(writer)
    secret_cases.refused_secret_cases(writer)
    secret_cases.literal_secret_cases(writer)
    timestamp_cases.timestamp_form_cases(writer, sender)
    timestamp_cases.timestamp_window_cases(writer, sender)
    body_cases.text_cases(writer)
    body_cases.json_cases(writer, wants_object=True)
    body_cases.size_cases(writer)
    _pair_cases(writer)
    pair_edge_cases(writer, sender)
    time_edge_cases(writer, sender)
    _several_cases(writer)
    _envelope_cases(writer)
    return writer.cases


def _pair_cases(writer: Writer) -> None:
    sender = writer.sender
    text = sender.text()
    for name, value, comment in (
        ("empty-header", "", "An empty header."),
        ("blank-header", " ", "A blank header."),
        ("t-missing", f"v1={text}", "No timestamp beside the signature."),
        ("t-empty", f"t=,v1={text}", "An empty timestamp."),
        ("t-without-value", f"t,v1={text}", "A name without a value."),
        ("t-twice-same", f"t={NOW},t={NOW},v1={text}", "Two timestamps, even equal ones."),
        (
            "t-twice",
            f"t={NOW},v1={text},t={NOW - 9}",
            "Two timestamps: one would be signed, the other one checked.",
        ),
        ("t-in-upper-case", f"T={NOW},v1={text}", "Names of pairs have a case."),
        (
            "comma-joined",
            f"t={NOW},v1={text},t={NOW},v1={text}",
            "Two lines that a proxy joined with a comma.",
        ),
        ("no-v1", f"t={NOW}", "No signature beside the timestamp."),
        ("only-v0", f"t={NOW},v0={text}", "Only a version that proves nothing in live mode."),
        ("only-v2", f"t={NOW},v2={text}", "Only a version that is not known."),
        ("v1-without-value", f"t={NOW},v1", "A version without a signature."),
        ("blank-after-comma", f"t={NOW}, v1={text}", "A blank before the name makes it another name."),
        ("names-only", "t,v1=,v0", "From the provider's own tests."),
        ("commas-only", "t,,", "From the provider's own tests."),
        ("name-only", "t", "From the provider's own tests."),
        (
            "16-kilobytes-of-commas",
            f"t={NOW}{',' * 16_384}",
            "A header of separators, as long as servers let in.",
        ),
        ("v1-in-upper-case", f"t={NOW},V1={text}", "Names of pairs have a case."),
        ("equals-twice", f"t={NOW},v1=={text}", "Two equals signs."),
        ("equals-missing", f"t={NOW},v1{text}", "No equals sign."),
        ("v1-quoted", f't={NOW},v1="{text}"', "A signature in quotes."),
        ("tab-after-comma", f"t={NOW},\tv1={text}", "A tab before the name makes it another name."),
        ("longer-version", f"t={NOW},v11={text}", "A version that begins like a known one."),
    ):
        writer.add(
            f"pairs-{name}",
            f"{comment} That is malformed.",
            "malformed_signature",
            "malformed_header",
            headers=[[SIGNATURE, value]],
        )
    writer.add(
        "pairs-semicolons",
        "Another separator than the comma makes it all one timestamp, which is none.",
        "timestamp_form",
        "malformed_timestamp",
        headers=[[SIGNATURE, f"t={NOW};v1={text}"]],
    )
    writer.add(
        "pairs-unknown",
        "Unknown pairs are skipped, whatever their names.",
        "multiple_signatures",
        sender.event(),
        headers=[[SIGNATURE, f"foo=bar,__proto__=1,t={NOW},v2=00,v1={text},x=y=z"]],
    )
    writer.add(
        "pairs-in-another-order",
        "The order of the pairs does not matter.",
        "multiple_signatures",
        sender.event(),
        headers=[[SIGNATURE, f"v1={text},t={NOW}"]],
    )


def _several_cases(writer: Writer) -> None:
    sender = writer.sender
    text, other, zero = sender.text(), sender.text(secret=sender.other_secret), "00" * 32
    for name, texts in (
        ("good-last", [other, zero, text]),
        ("good-first", [text, other]),
        ("malformed-first", ["zz", "", text]),
        ("good-at-32", [zero] * 31 + [text]),
    ):
        value = ",".join([f"t={NOW}", *(f"v1={entry}" for entry in texts)])
        writer.add(
            f"several-{name}",
            f"One right v1 of several is enough ({name.replace('-', ' ')}).",
            "multiple_signatures",
            sender.event(),
            headers=[[SIGNATURE, value]],
        )
    writer.add(
        "several-v0-beside",
        "A v0 beside the v1 is skipped.",
        "multiple_signatures",
        sender.event(),
        headers=[[SIGNATURE, f"t={NOW},v0={zero},v1={text},v0={zero}"]],
    )
    value = ",".join([f"t={NOW}", *[f"v1={zero}"] * 32, f"v1={text}"])
    writer.add(
        "several-good-at-33",
        "At most 32 signatures are looked at: the right one is the 33rd.",
        "signature_limit",
        "no_matching_signature",
        headers=[[SIGNATURE, value]],
    )
    writer.add(
        "several-none-right",
        "None of several well-formed signatures is right.",
        "multiple_signatures",
        "no_matching_signature",
        headers=[[SIGNATURE, f"t={NOW},v1={zero},v1={other},v1=xyz"]],
    )
    writer.add(
        "several-all-malformed",
        "All of several signatures are malformed.",
        "malformed_signature",
        "malformed_header",
        headers=[[SIGNATURE, f"t={NOW},v1=zz,v1={text[:-2]},v1="]],
    )
    writer.add(
        "several-right-one-under-v0",
        "The right MAC under v0 and a wrong one under v1 do not match.",
        "wrong_key",
        "no_matching_signature",
        headers=[[SIGNATURE, f"t={NOW},v0={text},v1={zero}"]],
    )
    writer.add(
        "several-new-key-only",
        "The sender signs with two keys and the receiver knows the second one.",
        ["multiple_signatures", "rotation"],
        sender.event(),
        secret=[sender.other_secret],
        headers=[[SIGNATURE, f"t={NOW},v1={text},v1={other}"]],
    )
    moved = sender.text(f"{NOW}.".encode() + sender.body)
    writer.add(
        "timestamp-signed-twice",
        "A signature over a body that starts with a timestamp is not one over it.",
        "content_confusion",
        "no_matching_signature",
        headers=[[SIGNATURE, f"t={NOW},v1={moved}"]],
    )


def _envelope_cases(writer: Writer) -> None:
    sender = writer.sender
    published = event("evt_123", "customer.created", COVERS, sent_at=1533204620)
    writer.add(
        "published",
        "stripe-dotnet's test signature, a hundred seconds later.",
        "published",
        published,
        body=PUBLISHED_BODY,
        secret=["webhook_secret"],
        headers=[[SIGNATURE, PUBLISHED_HEADER]],
        now=1533204720,
        options={"tolerance": 300},
    )
    writer.add(
        "published-tampered",
        "stripe-dotnet's test signature over another body.",
        ["published", "tampered"],
        "no_matching_signature",
        body=PUBLISHED_BODY + b"this_changes_the_json",
        secret=["webhook_secret"],
        headers=[[SIGNATURE, PUBLISHED_HEADER]],
        now=1533204720,
    )
    for name, comment, flag, body, expect in (
        (
            "no-id",
            "A body without an id has none.",
            "absent_member",
            b'{"type":"x","data":{}}',
            event(None, "x", COVERS, data={}),
        ),
        (
            "no-type",
            "A body without a type has none.",
            "absent_member",
            b'{"id":"evt_1","data":{}}',
            event("evt_1", None, COVERS, data={}),
        ),
        (
            "no-data",
            "A body without data has none.",
            "absent_member",
            b'{"id":"evt_1","type":"x"}',
            event("evt_1", "x", COVERS, data=None),
        ),
        (
            "duplicate-members",
            "Of two members of one name the last one counts.",
            "duplicate_member",
            b'{"id":"evt_1","id":"evt_2","type":"a","type":"b","data":1,"data":2}',
            event("evt_2", "b", COVERS, data=2),
        ),
        (
            "unknown-type",
            "Types are an open set.",
            "open_set",
            b'{"id":"evt_1","type":"v3.some.day","data":[]}',
            event("evt_1", "v3.some.day", COVERS, data=[]),
        ),
    ):
        writer.add(name, comment, flag, expect, body=body)
    writer.add(
        "other-template",
        "A signature over the body alone is not one over timestamp and body.",
        "content_confusion",
        "no_matching_signature",
        headers=sender.headers_around(sender.over(sender.body)),
    )
