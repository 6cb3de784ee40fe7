"""Shopify: HMAC over a JSON body in base64, with everything else in unsigned headers."""

from generator import body_cases, header_cases, secret_cases, signature_cases
from generator.case import Case, event, replaced, without
from generator.senders import Shopify
from generator.writer import Writer

SIGNATURE, TOPIC, WEBHOOK_ID = "X-Shopify-Hmac-Sha256", "X-Shopify-Topic", "X-Shopify-Webhook-Id"

# shopify-app-js, lib/webhooks/__tests__/validate.test.ts.
PUBLISHED_SECRET = "test_secret_key"
PUBLISHED_BODY = b'{"foo": "bar"}'
PUBLISHED_SIGNATURE = "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="


def cases() -> list[Case]:
    writer = Writer(Shopify())
    header_cases.header_cases(writer)
    signature_cases.signature_cases(writer)
    secret_cases.rotation_cases(writer)
    secret_cases.refused_secret_cases(writer)
    secret_cases.literal_secret_cases(writer)
    body_cases.text_cases(writer)
    body_cases.json_cases(writer, wants_object=False)
    body_cases.size_cases(writer)
    _header_cases(writer)
    return writer.cases


def _header_cases(writer: Writer) -> None:
    sender = writer.sender
    headers, base = sender.headers(), sender.event()
    attributes = {"shop": "shop1.myshopify.io", "api_version": "2023-01"}
    writer.add(
        "published",
        "The value of shopify-app-js.",
        "published",
        event("123456789", "products/create", ["body"], attributes=attributes, data={"foo": "bar"}),
        body=PUBLISHED_BODY,
        secret=[PUBLISHED_SECRET],
        headers=[
            ["X-Shopify-API-Version", "2023-01"],
            ["X-Shopify-Shop-Domain", "shop1.myshopify.io"],
            [SIGNATURE, PUBLISHED_SIGNATURE],
            [TOPIC, "products/create"],
            [WEBHOOK_ID, "123456789"],
        ],
    )
    writer.add(
        "topic-changed",
        "The topic is not signed: another one verifies, and covers says so.",
        "unsigned_metadata",
        {**base, "type": "shop/redact"},
        headers=replaced(headers, TOPIC, "shop/redact"),
    )
    writer.add(
        "stale-triggered-at",
        "The trigger time is not signed, so it decides nothing.",
        "unsigned_metadata",
        {**base, "attributes": {**base["attributes"], "triggered_at": "1999-01-01T00:00:00Z"}},
        headers=replaced(headers, "X-Shopify-Triggered-At", "1999-01-01T00:00:00Z"),
    )
    bare = [[SIGNATURE, sender.text()]]
    writer.add(
        "no-other-headers",
        "Without the other headers there is an event without id, type and attributes.",
        "absent_member",
        {**base, "id": None, "type": None, "attributes": {}},
        headers=bare,
    )
    writer.add(
        "no-topic",
        "Without the topic header there is no type.",
        "absent_member",
        {**base, "type": None},
        headers=without(headers, TOPIC),
    )
    writer.add(
        "no-webhook-id",
        "Without the id header there is no id; the body's id is another thing.",
        "absent_member",
        {**base, "id": None},
        headers=without(headers, WEBHOOK_ID),
    )
    for header, name in ((TOPIC, "topic"), (WEBHOOK_ID, "webhook-id")):
        writer.add(
            f"{name}-twice",
            f"Two lines of {header} are refused.",
            "duplicate_header",
            "duplicate_header",
            headers=[*headers, [header, "other"]],
        )
        writer.add(
            f"{name}-with-e-acute",
            f"{header} beyond ASCII is refused.",
            "header_narrowing",
            "malformed_header",
            headers=replaced(headers, header, "caf\u00e9"),
        )
    writer.add(
        "webhook-id-with-blank",
        "An id is 1 to 255 visible ASCII characters.",
        "header_injection",
        "malformed_header",
        headers=replaced(headers, WEBHOOK_ID, "a b"),
    )
    writer.add(
        "comma-joined-signature",
        "Two lines that a proxy joined with a comma are malformed.",
        "duplicate_header",
        "malformed_header",
        headers=sender.headers_around(f"{sender.text()}, {sender.text()}"),
    )
    for ending in ("\n", "\r\n"):
        name = "lf" if ending == "\n" else "crlf"
        writer.add(
            f"not-trimmed-{name}",
            f"A line end behind the signed bytes ({name}) is not forgiven here.",
            "tampered",
            "no_matching_signature",
            body=sender.body + ending.encode(),
            headers=headers,
        )
