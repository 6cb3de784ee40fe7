"""Fast Events: HMAC over the body, a signed test request of zero bytes, and line ends that are not signed."""

import json

from generator import body_cases, header_cases, secret_cases, signature_cases
from generator.case import Case, event, replaced, with_body, without
from generator.senders import FastEvents
from generator.writer import Writer

# The bodies of the plugin's documentation: flat, each of another shape, no envelope.
_BODIES = {
    "order.created": b'{"id":14810,"event_id":44,"event_date":"2021-01-28 09:00:00","payment_id":"tr_7",'
    b'"payment_status":"paid","uid":"5f2e","name":"Ada Lovelace","email":"ada@example.com","input_fields":'
    b'{"fields":[],"tickets":[{"name":"Gold","price":40,"vat":21,"is_counted":true,"number":2}]},'
    b'"num_tickets":2,"total":80,"discount":0,"ip_address":"192.0.2.7"}',
    "order.updated": b'{"id":14810,"custom_status":"checked","name":"Ada","email":"ada@example.com"}',
    "order.deleted": b'{"id":14810}',
    "event.deleted": b'{"id":14810}',
    "order.refunded": b'{"ids":[14810,14811],'
    b'"refunds":[{"refund_amount":40,"refund_date":"2021-01-29 10:00:00"}]}',
    "scan.created": b'{"event_id":44,"order_id":14810,"name":"Ada Lovelace","email":"ada@example.com",'
    b'"qrcode":"QR1","ticket_type":"Gold","scan_level":1,"scan_date":"2021-01-28 09:05:00",'
    b'"scan_location":"Main \\/ North"}',
    "tickets.downloaded": b'{"order_id":14810,"event_id":44,"qrcodes":["QR1","QR2"],'
    b'"downloaded_at":"2021-01-27 20:00:00"}',
    "weather.changed": b'{"sun":true}',
}


def cases() -> list[Case]:
    writer = Writer(FastEvents())
    header_cases.header_cases(writer)
    signature_cases.signature_cases(writer)
    secret_cases.rotation_cases(writer)
    secret_cases.refused_secret_cases(writer)
    secret_cases.literal_secret_cases(writer)
    body_cases.text_cases(writer)
    body_cases.json_cases(writer, wants_object=False)
    body_cases.size_cases(writer)
    _published_cases(writer)
    _ping_cases(writer)
    _trimmed_cases(writer)
    _topic_cases(writer)
    return writer.cases


def _published_cases(writer: Writer) -> None:
    signature = "X-FE-Webhook-Signature"
    writer.add(
        "published-test-webhook",
        "The documentation's signature of an empty body is that of a test webhook.",
        ["published", "ping"],
        event(None, None, ["body"], is_ping=True, data=None),
        body=b"",
        secret=["asasasasas"],
        headers=[[signature, "ilKgiWuuu0YM/W+GmUyzsMahSp46Np07K7+Agsv/RMQ="]],
    )
    writer.add(
        "published-text",
        "The documentation's example body is authentic and no JSON.",
        ["published", "malformed_body"],
        "malformed_body",
        body=b"The JSON payload",
        secret=["yoursharedsecret"],
        headers=[[signature, "guD310USD1+XhOQ20MmJGXEAe5dEDGacdF389CkthfA="]],
    )
    writer.add(
        "published-text-with-newline",
        "The same body signed with its line end, which the exact bytes match.",
        ["published", "malformed_body"],
        "malformed_body",
        body=b"The JSON payload\n",
        secret=["yoursharedsecret"],
        headers=[[signature, "pjTppKjff6ZlHkoLVt70G6FDVQhQQQea0SJmEdVJtpk="]],
    )


def _ping_cases(writer: Writer) -> None:
    sender = writer.sender
    ping = event(None, "order.updated", ["body"], is_ping=True, data=None, content="raw")
    writer.add(
        "ping", "Zero bytes, signed, are the test webhook: a ping and no event.", "ping", ping, body=b""
    )
    writer.add(
        "ping-forged",
        "Zero bytes under a wrong signature are no ping.",
        ["ping", "wrong_key"],
        "no_matching_signature",
        body=b"",
        headers=sender.headers(b"", sender.other_secret),
    )
    writer.add(
        "ping-unsigned",
        "Zero bytes without a signature are no ping.",
        ["ping", "missing_header"],
        "missing_header",
        body=b"",
        headers=without(sender.headers(b""), sender.signature_header),
    )
    writer.add(
        "ping-trimmed",
        "A lone line end over a signature of zero bytes is a ping as well.",
        ["ping", "crlf_trimmed"],
        {**ping, "content": "trimmed", "body_base64": ""},
        body=b"\r\n",
        headers=sender.headers(b""),
    )
    writer.add(
        "line-end-signed-exactly",
        "A line end that was signed as such is a body, and no JSON.",
        ["ping", "malformed_body"],
        "malformed_body",
        body=b"\n",
    )


def _trimmed_cases(writer: Writer) -> None:
    sender = writer.sender
    headers = sender.headers()
    trimmed = {**sender.event(), "content": "trimmed"}
    for name, ending in (("lf", b"\n"), ("crlf", b"\r\n"), ("cr", b"\r"), ("several", b"\n\r\n\n\r")):
        expected = with_body(trimmed, sender.body)
        writer.add(
            f"trimmed-{name}",
            f"A line end behind the signed bytes ({name}) is not part of them.",
            "crlf_trimmed",
            expected,
            body=sender.body + ending,
            headers=headers,
        )
    signed = sender.body + b"\n"
    writer.add(
        "trimmed-exact-bytes-first",
        "A line end that was signed matches the exact bytes and stays.",
        "crlf_trimmed",
        with_body(sender.event(), signed),
        body=signed,
    )
    writer.add(
        "trimmed-both-ends-wrong",
        "A signature over one line end does not match two: all or none are stripped.",
        ["crlf_trimmed", "tampered"],
        "no_matching_signature",
        body=sender.body + b"\n\n",
        headers=sender.headers(signed),
    )
    for name, body in (
        ("trailing-blank", sender.body + b" "),
        ("blank-then-lf", sender.body + b" \n"),
        ("trailing-tab", sender.body + b"\t"),
        ("leading-lf", b"\n" + sender.body),
        ("trailing-nul", sender.body + b"\x00"),
        ("trailing-nel", sender.body + b"\xc2\x85"),
    ):
        writer.add(
            f"trimmed-not-{name}",
            f"Only CR and LF at the end are stripped, not a {name.replace('-', ' ')}.",
            ["crlf_trimmed", "tampered"],
            "no_matching_signature",
            body=body,
            headers=headers,
        )
    writer.add(
        "trimmed-second-secret",
        "Every secret is tried on both forms.",
        ["crlf_trimmed", "rotation"],
        {**trimmed, "key_index": 1},
        body=sender.body + b"\n",
        headers=headers,
        secret=[sender.other_secret, sender.secret],
    )


def _topic_cases(writer: Writer) -> None:
    sender = writer.sender
    for topic, body in _BODIES.items():
        resource, name = topic.split(".")
        headers = sender.headers(body)
        for header, value in (("Topic", topic), ("Resource", resource), ("Event", name)):
            headers = replaced(headers, f"X-FE-Webhook-{header}", value)
        attributes = {**sender.event()["attributes"], "resource": resource, "event": name}
        writer.add(
            f"topic-{topic}",
            f"The body of {topic}: flat, and parsed openly.",
            "open_set",
            event(None, topic, ["body"], data=json.loads(body), attributes=attributes),
            body=body,
            headers=headers,
        )
    headers = replaced(sender.headers(), "X-FE-Webhook-Topic", "order.deleted")
    writer.add(
        "topic-changed",
        "The topic is not signed: another one verifies, and the proof says what is covered.",
        "unsigned_metadata",
        {**sender.event(), "type": "order.deleted"},
        headers=headers,
    )
    bare = [[sender.signature_header, sender.text()]]
    writer.add(
        "no-other-headers",
        "Without the other headers there is an event without type and attributes.",
        "absent_member",
        {**sender.event(), "type": None, "attributes": {}},
        headers=bare,
    )
    topic = "X-FE-Webhook-Topic"
    writer.add(
        "topic-twice",
        "Two topics are refused: one would be checked, the other one used.",
        "duplicate_header",
        "duplicate_header",
        headers=[*sender.headers(), [topic, "order.deleted"]],
    )
    for name, value, flag in (
        ("e-acute", "order.cr\u00e9ated", "header_narrowing"),
        ("nul", "order\x00.updated", "header_injection"),
        ("line-feed", "order.updated\nX: 1", "header_injection"),
    ):
        writer.add(
            f"topic-with-{name}",
            f"A topic with a character that no header may hold ({name}).",
            flag,
            "malformed_header",
            headers=replaced(sender.headers(), topic, value),
        )
    writer.add(
        "comma-joined-signature",
        "Two lines that a proxy joined with a comma are malformed.",
        "duplicate_header",
        "malformed_header",
        headers=sender.headers_around(f"{sender.text()}, {sender.text()}"),
    )
    writer.add("any-time", "There is no timestamp, so any clock is right.", "baseline", sender.event(), now=0)
