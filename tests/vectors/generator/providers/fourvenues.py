"""Fourvenues: HMAC over the body, whose own sample signs the body that JavaScript parsed and wrote again."""

import json

from generator import body_cases, header_cases, secret_cases, signature_cases
from generator.case import Case, event
from generator.reserialized_cases import reserialized_cases
from generator.senders import Fourvenues
from generator.writer import Writer

COVERS = ["body", "id", "type"]

_REFUND = (
    b'{"id":"e0c1","event":"ticket.request_refund","payload":{"qr_code":"QR-1","client_name":"Ada","client_email":'
    b'"ada@example.com","event_id":"ev_9","ticket_id":"tk_1","amount_to_refund":40,"currency":"EUR"}}'
)


def cases() -> list[Case]:
    sender = Fourvenues()
    writer = Writer(sender)
    header_cases.header_cases(writer)
    signature_cases.signature_cases(writer)
    secret_cases.rotation_cases(writer)
    secret_cases.refused_secret_cases(writer)
    secret_cases.literal_secret_cases(writer)
    body_cases.text_cases(writer)
    body_cases.json_cases(writer, wants_object=True)
    body_cases.size_cases(writer)
    _envelope_cases(writer)
    reserialized_cases(writer)
    return writer.cases


def _envelope_cases(writer: Writer) -> None:
    sender = writer.sender
    writer.add(
        "ticket-request-refund",
        "The second known event.",
        "baseline",
        event("e0c1", "ticket.request_refund", COVERS, data=json.loads(_REFUND)["payload"]),
        body=_REFUND,
    )
    for name, comment, flag, body, expect in (
        (
            "unknown-event",
            "Events are an open set, and so are the members beside them.",
            "open_set",
            b'{"id":"1","event":"venue.opened","payload":{"x":1},"version":2}',
            event("1", "venue.opened", COVERS, data={"x": 1}),
        ),
        (
            "no-id",
            "A body without an id has none; the header beside it is not signed and does not stand in.",
            "absent_member",
            b'{"event":"payment.success","payload":{}}',
            event(None, "payment.success", COVERS, data={}),
        ),
        (
            "no-event",
            "A body without an event has no type.",
            "absent_member",
            b'{"id":"1","payload":{}}',
            event("1", None, COVERS, data={}),
        ),
        (
            "no-payload",
            "A body without a payload has no data.",
            "absent_member",
            b'{"id":"1","event":"x"}',
            event("1", "x", COVERS, data=None),
        ),
        (
            "empty-object",
            "An empty object is an event without anything.",
            "absent_member",
            b"{}",
            event(None, None, COVERS, data=None),
        ),
        (
            "null-members",
            "Members that are null are absent.",
            "absent_member",
            b'{"id":null,"event":null,"payload":null}',
            event(None, None, COVERS, data=None),
        ),
        (
            "numeric-id",
            "A numeric id becomes its decimal text.",
            "numbers",
            b'{"id":14810,"event":"x","payload":1}',
            event("14810", "x", COVERS, data=1),
        ),
        (
            "large-numeric-id",
            "A large numeric id keeps all its digits.",
            "numbers",
            b'{"id":9007199254740993,"event":"x","payload":1}',
            event("9007199254740993", "x", COVERS, data=1),
        ),
        (
            "duplicate-id",
            "Of two members of one name the last one counts, in every language.",
            "duplicate_member",
            b'{"id":"first","id":"last","event":"a","event":"b","payload":1,"payload":2}',
            event("last", "b", COVERS, data=2),
        ),
        (
            "duplicate-id-by-escape",
            "A name that is spelled with an escape is the same name.",
            "duplicate_member",
            b'{"id":"first","\\u0069d":"last","event":"x","payload":{}}',
            event("last", "x", COVERS, data={}),
        ),
        (
            "members-in-another-order",
            "The order of members does not matter.",
            "baseline",
            b'{"payload":{"id":"inner","event":"inner"},"event":"x","id":"1"}',
            event("1", "x", COVERS, data={"id": "inner", "event": "inner"}),
        ),
        (
            "escaped-text",
            "Escapes in id and event are read.",
            "body_bytes",
            b'{"id":"\\u0061\\/b","event":"caf\\u00e9","payload":"\\ud83e\\udd80"}',
            event("a/b", "caf\u00e9", COVERS, data="\U0001f980"),
        ),
        (
            "id-not-a-uuid",
            "The id is opaque text of any form.",
            "open_set",
            '{"id":"n\u00ba 7 / b","event":"x","payload":{}}'.encode(),
            event("n\u00ba 7 / b", "x", COVERS, data={}),
        ),
    ):
        writer.add(name, comment, flag, expect, body=body)
    unsigned = [
        ["X-Webhook-Signature", sender.text()],
        ["X-Webhook-Id", "another"],
        ["X-Webhook-Timestamp", "1"],
    ]
    writer.add(
        "unsigned-id-header",
        "The id comes from the signed body, whatever the header says.",
        "unsigned_metadata",
        sender.event(),
        headers=unsigned,
    )
    writer.add(
        "no-id-header",
        "The signature is the only header that is needed.",
        "unsigned_metadata",
        sender.event(),
        headers=unsigned[:1],
    )
    writer.add("any-time", "There is no timestamp, so any clock is right.", "baseline", sender.event(), now=0)
    joined = sender.headers_around(f"{sender.text()}, {sender.text()}")
    writer.add(
        "comma-joined-signature",
        "Two lines that a proxy joined with a comma are malformed.",
        "duplicate_header",
        "malformed_header",
        headers=joined,
    )
    writer.add(
        "already-parsed",
        "A body that something parsed before is refused with a message that shows the fix.",
        "already_parsed",
        "body_already_parsed",
        headers=sender.headers(),
        body_parsed=json.loads(sender.body),
    )
