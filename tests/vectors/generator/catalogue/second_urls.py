"""The providers that sign the URL and the body."""

import re
from dataclasses import replace

from generator.case import Case
from generator.catalogue.collect import check_published, made
from generator.catalogue.frame import Entry, Request, Time, digest_of
from generator.catalogue.targets import URL, method_cases, url_cases

_HAPPENED = "2026-09-21T14:13:19Z"


def _square(entry: Entry) -> list[Case]:
    sent = entry.sent(b'{"hello":"world"}', url="https://example.com/webhook")
    check_published(entry, entry.text(sent, "asdf1234"), "2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=")
    shifted = replace(entry.request(), url=f"{URL}?{entry.body.decode()[:5]}", body=entry.body[5:])
    return [
        *url_cases(entry),
        made(
            entry,
            "bytes-moved",
            "Bytes of the body stand in the URL instead.",
            "content_confusion",
            "no_matching_signature",
            shifted,
        ),
    ]


def _hubspot_id(request: Request) -> str:
    def decoded(escape: re.Match[str]) -> str:
        character = chr(int(escape[1], 16))
        return character if character in ":/?@!$'()*,;" else escape[0]

    url = re.sub("%([0-9A-Fa-f]{2})", decoded, request.url or "")
    return digest_of(request.method or "", url, request.body)


def _hubspot_v3(entry: Entry) -> list[Case]:
    sent = entry.sent(
        b"{'example_field':'example_value'}", url="https://www.example.com/webhook_uri", time="1693657560000"
    )
    text = entry.text(sent, "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy")
    check_published(entry, text, "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=")
    escaped = f"{URL}?to=%2Fa%3Fb%40c%21%24%27%28%29%2A%2C%3B%3a&keep=%20%26%3D%25%C3%A9%2B"
    decoded = f"{URL}?to=/a?b@c!$'()*,;:&keep=%20%26%3D%25%C3%A9%2B"
    everything = f"{URL}?to=/a?b@c!$'()*,;:&keep= &=%\u00e9+"
    cases = [
        made(
            entry,
            name,
            comment,
            "url_escapes",
            entry.usual(),
            replace(entry.request(texts=[entry.text(entry.sent(url=url))]), url=escaped),
        )
        for name, comment, url in (
            ("escapes-decoded", "Some escapes of the URL are signed decoded, the others stay.", decoded),
            ("escapes-kept", "HubSpot's own libraries sign the URL as it is.", escaped),
        )
    ]
    content = f"{entry.method}{everything}".encode() + entry.body + entry.sent().time.encode()
    everything_signed = entry.encode(entry.digest(content))
    return [
        *cases,
        made(
            entry,
            "escapes-all-decoded",
            "A signature over the URL with everything decoded is one over another URL.",
            "url_escapes",
            "no_matching_signature",
            replace(entry.request(texts=[everything_signed]), url=escaped),
        ),
        *url_cases(entry),
        *method_cases(entry),
    ]


ENTRIES = [
    Entry(
        provider="square",
        header="x-square-hmacsha256-signature",
        encoding="base64",
        content="{url}{body}",
        url=URL,
        method="POST",
        body=b'{"merchant_id":"6SSW7HV8K2ST5","type":"invoice.created","event_id":"bc316346-6691-4243-88ed",'
        b'"created_at":"2026-09-21T14:13:19Z","data":{"type":"invoice","id":"inv:0-ChC"}}',
        covers="body id type url",
        id="bc316346-6691-4243-88ed",
        type="invoice.created",
        data="data",
        occurred=_HAPPENED,
        attributes={"merchant": "6SSW7HV8K2ST5"},
        header_attributes={
            "retry": ("square-retry-number", "1"),
            "retry_reason": ("square-retry-reason", "http_timeout"),
        },
        extra=_square,
    ),
    Entry(
        provider="trello",
        header="X-Trello-Webhook",
        algorithm="sha1",
        encoding="base64",
        content="{body}{url}",
        url=f"{URL}?board=1&list=2",
        method="POST",
        body=b'{"action":{"id":"51f9424bcd6e040f3c002412","type":"updateCard","date":"2026-09-21T14:13:19Z",'
        b'"data":{"card":{"id":"1"}}},"model":{"id":"4d5ea62fd76aa1136000000c"}}',
        covers="body id type url",
        id="51f9424bcd6e040f3c002412",
        type="updateCard",
        data="action/data",
        occurred=_HAPPENED,
        attributes={"model": "4d5ea62fd76aa1136000000c"},
        extra=url_cases,
    ),
    Entry(
        provider="hubspot-v3",
        header="X-HubSpot-Signature-v3",
        encoding="base64",
        content="{method}{url}{body}{time}",
        time=Time("X-HubSpot-Request-Timestamp", form="milliseconds"),
        url=f"{URL}?portalId=62515",
        method="POST",
        bodies="any",
        body=b'[{"eventId":1,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123}]',
        covers="body id method timestamp url",
        identify=_hubspot_id,
        extra=_hubspot_v3,
    ),
]
