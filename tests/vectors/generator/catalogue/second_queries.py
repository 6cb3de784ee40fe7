"""The providers that sign parameters of the query."""

import hashlib
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from generator.case import NOW, Case, Event
from generator.catalogue.collect import check_published, made, other_headers
from generator.catalogue.form_edges import query_limit_cases
from generator.catalogue.frame import Entry, Sent, Time, digest_of
from generator.catalogue.targets import URL
from generator.output import Json

_HAPPENED = "2026-09-21T14:13:19Z"


def _sorted_query(url: str) -> str:
    return urlencode(sorted(parse_qsl(url.partition("?")[2], keep_blank_values=True)))


def _messagebird_message(sent: Sent) -> bytes:
    head = f"{sent.time}\n{_sorted_query(sent.url or '')}\n".encode("latin-1")
    return head + hashlib.sha256(sent.body).digest()


class _Queried(Entry):
    """A sender whose attributes stand in the URL, whatever the body says."""

    def bare(self, **more: Json) -> Event:
        return super().bare(**{"attributes": self.attributes, **more})


def _messagebird(entry: Entry) -> list[Case]:
    url = (
        "https://example.com/dlr?recipient=31612345678&reference=FOO&statusDatetime=2019-01-11T09:17:11%2B00:00"
        "&id=eef0ab57a9e049be946f3821568c2b2e&status=delivered&mccmnc=20408&ported=1"
    )
    sent = entry.sent(b"", time="1547198231", url=url)
    text = entry.text(sent, "PlLrKaqvZNRR5zAjm42ZT6q1SQxgbbGd")
    check_published(entry, text, "KVBdcVdz2lYMwcBLZCRITgxUfA/WkwSi+T3Wxl2HL6w=")
    usual, query = entry.request(), (entry.url or "").partition("?")[2]
    reordered = "&".join(reversed(query.split("&")))
    spaced = entry.sent(url=f"{URL}?text=a+b%26c%3D%C3%A9&empty=&text=A")
    return [
        *query_limit_cases(entry),
        made(
            entry,
            "published",
            "A value that the provider published: a request by GET, without a body.",
            "published",
            {
                "id": None,
                "type": None,
                "covers": entry.covers.split(),
                "data": None,
                "attributes": {
                    "message": "eef0ab57a9e049be946f3821568c2b2e",
                    "status": "delivered",
                    "reference": "FOO",
                },
            },
            entry.request(sent, [text]),
            secret=["PlLrKaqvZNRR5zAjm42ZT6q1SQxgbbGd"],
            now=1_547_198_231,
        ),
        made(
            entry,
            "query-reordered",
            "The parameters are sorted before they are signed.",
            "parameters",
            entry.usual(),
            replace(usual, url=f"{URL}?{reordered}"),
        ),
        made(
            entry,
            "query-escapes",
            "Parameters are written anew: blanks, repeated names, empty values.",
            "parameters",
            entry.usual(attributes={}),
            entry.request(spaced),
        ),
        made(
            entry,
            "no-query",
            "A request without parameters has an empty line where they belong.",
            "parameters",
            entry.usual(attributes={}),
            entry.request(entry.sent(url=URL)),
        ),
        made(
            entry,
            "other-status",
            "The parameters are signed.",
            "tampered",
            "no_matching_signature",
            replace(usual, url=(entry.url or "").replace("delivered", "failed")),
        ),
        made(
            entry,
            "parameter-added",
            "A parameter was added.",
            "tampered",
            "no_matching_signature",
            replace(usual, url=f"{entry.url}&status=failed"),
        ),
    ]


def _mercado_message(sent: Sent) -> bytes:
    parameters = dict(parse_qsl((sent.url or "").partition("?")[2]))
    parts = [("id", parameters.get("data.id")), ("request-id", sent.id), ("ts", sent.time)]
    return "".join(f"{name}:{value};" for name, value in parts if value).encode("latin-1")


def _mercado_pago(entry: Entry) -> list[Case]:
    usual = entry.request()
    alone = entry.sent(url=URL, id=None)
    letters = entry.sent(url=f"{URL}?data.id=ord01abc&type=order")
    in_milliseconds = entry.sent(time=f"{NOW}123")
    header = "x-request-id"
    return [
        made(
            entry,
            "other-body",
            "The body is not signed, and the proof does not cover it.",
            "body_not_covered",
            {"id": entry.id, "type": "payment", "covers": entry.covers.split(), "data": None},
            replace(usual, body=b"{}"),
        ),
        made(
            entry,
            "milliseconds",
            "The time may be in milliseconds.",
            "timestamp_form",
            entry.usual(sent_at=NOW + 0.123),
            entry.request(in_milliseconds),
        ),
        made(
            entry,
            "without-request-id",
            "A header that is not there is left out of what is signed.",
            "absent_member",
            entry.usual(id=None),
            entry.request(entry.sent(id=None)),
        ),
        made(
            entry,
            "time-alone",
            "Neither the parameter nor the header is there.",
            "absent_member",
            entry.usual(id=None, attributes={"topic": "payment", "user": "44444"}),
            entry.request(alone),
        ),
        made(
            entry,
            "request-id-taken-out",
            "The header was signed and taken out.",
            "tampered",
            "no_matching_signature",
            other_headers(usual, {header: None}),
        ),
        made(
            entry,
            "other-resource",
            "The resource in the query is signed.",
            "tampered",
            "no_matching_signature",
            replace(usual, url=f"{URL}?data.id=999&type=payment"),
        ),
        made(
            entry,
            "resource-twice",
            "Two resources in the query: one would be signed, the other one used.",
            "duplicate_header",
            "duplicate_header",
            replace(usual, url=f"{entry.url}&data.id=999"),
        ),
        made(
            entry,
            "resource-in-lower-case",
            "A resource with letters is signed in lower case, whatever the URL has.",
            "url_escapes",
            entry.usual(attributes={"resource": "ORD01ABC", "topic": "payment", "user": "44444"}),
            replace(entry.request(letters), url=f"{URL}?data.id=ORD01ABC&type=order"),
        ),
        made(
            entry,
            "public-url",
            "The URL that the sender calls is given, and the request has its query.",
            "request_target",
            entry.usual(),
            replace(usual, url="/internal?data.id=12345&type=payment"),
            options={"url": URL},
        ),
        made(
            entry,
            "type-in-the-query",
            "The query names the type where the body does not.",
            "unsigned_metadata",
            {"id": entry.id, "type": "payment", "covers": entry.covers.split(), "data": None},
            replace(usual, body=b"{}"),
        ),
    ]


ENTRIES = [
    _Queried(
        provider="messagebird-legacy",
        header="MessageBird-Signature",
        encoding="base64",
        signed=_messagebird_message,
        time=Time("MessageBird-Request-Timestamp", tolerance=10),
        url=f"{URL}?status=delivered&id=eef0ab57&reference=FOO",
        method="POST",
        bodies="any",
        body=b'{"foo":"bar"}',
        covers="body id timestamp",
        identify=lambda request: digest_of(_sorted_query(request.url or ""), request.body),
        attributes={"message": "eef0ab57", "status": "delivered", "reference": "FOO"},
        extra=_messagebird,
    ),
    Entry(
        provider="mercado-pago",
        header="x-signature",
        pair="v1",
        separator=",",
        blanks=True,
        signed=_mercado_message,
        time=Time(pair="ts"),
        url=f"{URL}?data.id=12345&type=payment",
        method="POST",
        bodies="any",
        body=b'{"id":112233445566,"type":"payment","date_created":"2026-09-21T14:13:19Z","user_id":44444,'
        b'"action":"payment.updated","data":{"id":"12345"}}',
        covers="id timestamp",
        id="f7b2a1d4-0b1c-4ec2-aaaa-9e8b1d2f3c4d",
        id_header="x-request-id",
        type="payment.updated",
        data="data",
        occurred=_HAPPENED,
        attributes={"resource": "12345", "topic": "payment", "user": "44444"},
        # The unit may be either, and what is not there is left out.
        skip=frozenset({"time-other-unit", "id-missing"}),
        extra=_mercado_pago,
    ),
]
