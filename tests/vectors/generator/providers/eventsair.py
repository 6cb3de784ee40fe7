"""EventsAir: Standard Webhooks v1 with an envelope of entity ids."""

import json

from generator import keys
from generator.case import Case, moment, replaced, without
from generator.standard_cases import standard_cases
from generator.timed_senders import EventsAir
from generator.writer import Writer

_TYPES = (
    "Event.Registration.Created",
    "Event.Contact.Anonymized",
    "Event.Contact.Updated",
    "Event.Invoice.Finalized",
    "Event.Archived",
    "Event.ActivityBreakAgendaItem.Deleted",
    "Event.Something.Quite.New",
)


def cases() -> list[Case]:
    sender = EventsAir()
    writer = Writer(sender)
    standard_cases(writer, sender)
    _family_cases(writer, sender)
    _type_cases(writer)
    _attribute_cases(writer)
    return writer.cases


def _family_cases(writer: Writer, sender: EventsAir) -> None:
    headers = replaced(sender.headers(), "webhook-signature", sender.asymmetric())
    writer.add(
        "public-key",
        "A public key does not belong where only shared secrets sign.",
        "secret_form",
        "invalid_secret",
        secret=[keys.ed25519_public(keys.ED25519)],
        headers=headers,
    )
    writer.add(
        "private-key",
        "A private key does not belong where only shared secrets sign.",
        "secret_form",
        "invalid_secret",
        secret=[keys.ED25519],
        headers=headers,
    )
    writer.add(
        "only-v1a",
        "v1a is no version that EventsAir is known to use.",
        "malformed_signature",
        "malformed_header",
        headers=headers,
    )
    plain = sender.secret.removeprefix("whsec_")
    writer.add(
        "secret-without-prefix", "The prefix may be missing.", "secret_form", sender.event(), secret=[plain]
    )
    writer.add(
        "secret-literal-text",
        "Text that is no base64 is refused.",
        "secret_form",
        "invalid_secret",
        secret=["correct horse battery staple"],
    )
    for header in ("Webhook-Id", "Webhook-Timestamp"):
        writer.add(
            f"missing-{header.lower()}",
            f"Without {header} nothing is proven.",
            "missing_header",
            "missing_header",
            headers=without(sender.headers(), header),
        )
        writer.add(
            f"{header.lower()}-twice",
            f"Two lines of {header} are refused.",
            "duplicate_header",
            "duplicate_header",
            headers=[*sender.headers(), [header, "1"]],
        )
    writer.add(
        "id-with-dot",
        "An id with a dot, which separates the signed parts, is refused.",
        "content_confusion",
        "malformed_header",
        sender=sender.named("msg.1"),
    )
    writer.add(
        "timestamp-with-letters",
        "A timestamp is digits only.",
        "timestamp_form",
        "malformed_timestamp",
        sender=sender.at("1790000000abc"),
    )
    writer.add(
        "unicode",
        "Text beyond ASCII stays as it is.",
        "body_bytes",
        sender.holding('""')[1],
        body=sender.around('"Zo\u00eb \U0001f980"'),
    )
    both = f"{sender.asymmetric()} {sender.wrap(sender.text())}"
    writer.add(
        "v1a-beside-v1",
        "A v1a beside the v1 is an unknown version and skipped.",
        "multiple_signatures",
        sender.event(),
        headers=replaced(sender.headers(), "webhook-signature", both),
    )


def _type_cases(writer: Writer) -> None:
    base = writer.sender.event()
    for name in _TYPES:
        body = json.dumps({"type": name, "data": {"eventId": "3f0e6a52"}}, separators=(",", ":")).encode()
        expect = {
            **base,
            "type": name,
            "occurred_at": None,
            "attributes": {"entity.eventId": "3f0e6a52"},
            "data": {"eventId": "3f0e6a52"},
        }
        writer.add(f"type-{name}", "Types are an open, dotted set.", "open_set", expect, body=body)


def _attribute_cases(writer: Writer) -> None:
    base = writer.sender.event()
    for name, comment, flag, data, occurred_at, attributes in (
        ("none", "An empty data has no attributes.", "absent_member", "{}", None, {}),
        (
            "only-correlation",
            "The correlation id is an attribute of its own and no entity.",
            "attributes",
            '{"correlationId":"c-1"}',
            None,
            {"correlation_id": "c-1"},
        ),
        (
            "many",
            "Every text that ends in Id is an entity, in whatever order.",
            "attributes",
            '{"zId":"1","aId":"2","invoiceLineItemId":"3"}',
            None,
            {"entity.zId": "1", "entity.aId": "2", "entity.invoiceLineItemId": "3"},
        ),
        (
            "not-ids",
            "Members that end otherwise are no entities: the case counts.",
            "attributes",
            '{"paid":"1","id":"2","ID":"3","eventid":"4","Idea":"5","eventIds":"6"}',
            None,
            {},
        ),
        (
            "not-texts",
            "Members that hold no id are no entities.",
            "attributes",
            '{"bId":null,"cId":{"dId":"x"},"eId":["y"],"fId":true,"gId":"z"}',
            None,
            {"entity.gId": "z"},
        ),
        (
            "nested",
            "Only the members of data itself are looked at.",
            "attributes",
            '{"contact":{"contactId":"x"},"eventId":"y"}',
            None,
            {"entity.eventId": "y"},
        ),
        (
            "correlation-not-a-text",
            "A correlation id that is no text is none.",
            "attributes",
            '{"correlationId":{"x":1},"eventId":"y"}',
            None,
            {"entity.eventId": "y"},
        ),
        (
            "duplicate",
            "Of two members of one name the last one counts.",
            "duplicate_member",
            '{"eventId":"a","eventId":"b","correlationId":"c","correlationId":"d"}',
            None,
            {"entity.eventId": "b", "correlation_id": "d"},
        ),
        (
            "escaped",
            "Escapes in names and texts are read.",
            "attributes",
            '{"event\\u0049d":"\\u0061\\/b"}',
            None,
            {"entity.eventId": "a/b"},
        ),
        (
            "timestamp",
            "The time in data is when it happened, not what the tolerance is about.",
            "timestamp_window",
            '{"timestamp":"1999-12-31T23:59:59Z"}',
            moment("1999-12-31T23:59:59Z"),
            {},
        ),
        (
            "timestamp-not-a-time",
            "A time in data that is none never costs the event.",
            "lenient_timestamp",
            '{"timestamp":"soon"}',
            None,
            {},
        ),
        (
            "timestamp-not-a-text",
            "A time in data that is no text never costs the event.",
            "lenient_timestamp",
            '{"timestamp":["2026-09-21T14:13:05Z"]}',
            None,
            {},
        ),
    ):
        body = f'{{"type":"Event.Created","data":{data}}}'.encode()
        expect = {
            **base,
            "type": "Event.Created",
            "occurred_at": occurred_at,
            "attributes": attributes,
            "data": json.loads(data),
        }
        writer.add(f"attributes-{name}", comment, flag, expect, body=body)
    for name, text, value in (
        ("array", '[{"eventId":"x"}]', [{"eventId": "x"}]),
        ("text", '"eventId"', "eventId"),
        ("null", "null", None),
    ):
        writer.add(
            f"data-{name}",
            f"Data that is no object ({name}) has no attributes.",
            "attributes",
            {**base, "type": "x", "occurred_at": None, "attributes": {}, "data": value},
            body=f'{{"type":"x","data":{text}}}'.encode(),
        )
    writer.add(
        "no-type",
        "A body without a type has none.",
        "absent_member",
        {**base, "type": None, "occurred_at": None, "attributes": {}, "data": {}},
        body=b'{"data":{}}',
    )
    writer.add(
        "no-data",
        "A body without data has none.",
        "absent_member",
        {**base, "type": "x", "occurred_at": None, "attributes": {}, "data": None},
        body=b'{"type":"x"}',
    )
