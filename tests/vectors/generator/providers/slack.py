"""Slack: a version, the timestamp and the body, joined with colons; events, forms and handshakes."""

from generator import body_cases, header_cases, secret_cases, signature_cases, timestamp_cases
from generator.case import NOW, Case, event, replaced, without
from generator.timed_senders import Slack
from generator.writer import Writer

COVERS = ["body", "id", "timestamp", "type"]
SIGNATURE, TIMESTAMP = "X-Slack-Signature", "X-Slack-Request-Timestamp"

# docs.slack.dev, "Verifying requests from Slack"; python-slack-sdk, bolt-js and the Java SDK have it as well.
PUBLISHED_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
PUBLISHED_SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
PUBLISHED_BODY = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name="
    b"foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks"
    b".slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121"
    b".803a0bc887a14d10d2c447fce8b6703c"
)


def cases() -> list[Case]:
    sender = Slack()
    writer = Writer(sender)
    header_cases.header_cases(writer)
    signature_cases.signature_cases(writer)
    secret_cases.rotation_cases(writer)
    secret_cases.refused_secret_cases(writer)
    secret_cases.literal_secret_cases(writer)
    timestamp_cases.timestamp_form_cases(writer, sender)
    timestamp_cases.timestamp_window_cases(writer, sender)
    body_cases.text_cases(writer)
    body_cases.any_body_cases(writer, event(None, None, COVERS, data=None))
    body_cases.size_cases(writer)
    _header_cases(writer)
    _envelope_cases(writer)
    return writer.cases


def _header_cases(writer: Writer) -> None:
    sender = writer.sender
    headers, text = sender.headers(), sender.text()
    for name, value in (
        ("no-version", text),
        ("v1", f"v1={text}"),
        ("upper-case-version", f"V0={text}"),
        ("sha256-prefix", f"sha256={text}"),
        ("version-only", "v0="),
        ("empty", ""),
        ("version-twice", f"v0=v0={text}"),
        ("comma-joined", f"v0={text}, v0={text}"),
    ):
        writer.add(
            f"signature-{name}",
            f"A signature that is not v0= and digits ({name.replace('-', ' ')}).",
            "malformed_signature",
            "malformed_header",
            headers=replaced(headers, SIGNATURE, value),
        )
    writer.add(
        "missing-timestamp",
        "Without the timestamp nothing is proven.",
        "missing_header",
        "missing_header",
        headers=without(headers, TIMESTAMP),
    )
    writer.add(
        "empty-timestamp",
        "An empty timestamp is no timestamp.",
        "timestamp_form",
        "malformed_timestamp",
        headers=replaced(headers, TIMESTAMP, ""),
    )
    writer.add(
        "timestamp-twice",
        "Two timestamps are refused.",
        "duplicate_header",
        "duplicate_header",
        headers=[*headers, [TIMESTAMP, str(NOW)]],
    )
    writer.add(
        "timestamp-with-letters",
        "A timestamp is digits only.",
        "timestamp_form",
        "malformed_timestamp",
        sender=Slack(f"{NOW}abc"),
    )
    writer.add(
        "timestamp-joined",
        "Two timestamps that a proxy joined are no timestamp.",
        "duplicate_header",
        "malformed_timestamp",
        headers=replaced(headers, TIMESTAMP, f"{NOW}, {NOW}"),
    )
    writer.add(
        "other-template",
        "A signature over timestamp and body with dots is another template.",
        "content_confusion",
        "no_matching_signature",
        headers=sender.headers_around(sender.over(f"v0.{NOW}.".encode() + sender.body)),
    )
    writer.add(
        "body-alone",
        "A signature over the body alone is another template.",
        "content_confusion",
        "no_matching_signature",
        headers=sender.headers_around(sender.over(sender.body)),
    )


def _envelope_cases(writer: Writer) -> None:
    published = [
        [TIMESTAMP, "1531420618"],
        [SIGNATURE, PUBLISHED_SIGNATURE],
        ["Content-Type", "application/x-www-form-urlencoded"],
    ]
    writer.add(
        "published",
        "The documentation's slash command: a form, which has neither id nor type.",
        "published",
        event(None, None, COVERS, sent_at=1531420618, data=None),
        body=PUBLISHED_BODY,
        secret=[PUBLISHED_SECRET],
        headers=published,
        now=1531420618,
    )
    writer.add(
        "published-expired",
        "The same request 301 seconds later.",
        ["published", "timestamp_window"],
        "timestamp_too_old",
        body=PUBLISHED_BODY,
        secret=[PUBLISHED_SECRET],
        headers=published,
        now=1531420919,
        options={"tolerance": 300},
    )
    handshake = event(None, "url_verification", COVERS)
    del handshake["is_ping"]
    for name, comment, flag, body, expect in (
        (
            "url-verification",
            "The handshake is signed, and its type stands at the top.",
            "baseline",
            b'{"type":"url_verification","challenge":"3eZbrw1aB"}',
            handshake,
        ),
        (
            "top-level-type",
            "Without an inner event the outer type is the type.",
            "absent_member",
            b'{"event_id":"Ev1","type":"app_rate_limited"}',
            event("Ev1", "app_rate_limited", COVERS, data=None),
        ),
        (
            "inner-type-missing",
            "An inner event without a type leaves the outer one.",
            "absent_member",
            b'{"event_id":"Ev1","type":"event_callback","event":{}}',
            event("Ev1", "event_callback", COVERS, data={}),
        ),
        (
            "no-id",
            "A body without an id has none.",
            "absent_member",
            b'{"type":"event_callback","event":{"type":"x"}}',
            event(None, "x", COVERS, data={"type": "x"}),
        ),
        (
            "duplicate-members",
            "Of two members of one name the last one counts.",
            "duplicate_member",
            b'{"event_id":"a","event_id":"b","event":{"type":"x","type":"y"},"type":"z"}',
            event("b", "y", COVERS),
        ),
        (
            "empty-object",
            "An empty object is an event without anything.",
            "absent_member",
            b"{}",
            event(None, None, COVERS, data=None),
        ),
        (
            "json-array",
            "JSON that is no object has neither id nor type.",
            "absent_member",
            b"[1]",
            event(None, None, COVERS),
        ),
    ):
        writer.add(name, comment, flag, expect, body=body)
