"""The providers that sign the method, the path and headers."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import replace

from generator.case import NOW, Case
from generator.catalogue.collect import check_published, made, other_headers
from generator.catalogue.frame import Entry, Request, Sent, Time, digest_of
from generator.catalogue.targets import URL, method_cases

# Contentful lists the headers that it signs.
_LISTED = (
    "x-contentful-topic",
    "content-type",
    "x-contentful-space-id",
    "x-contentful-timestamp",
    "x-contentful-signed-headers",
)
_TOPIC, _SPACE = "ContentManagement.Entry.publish", "cfexampleapi"


def _contentful_id(request: Request) -> str:
    topic = next((value for name, value in request.headers if name.lower() == "x-contentful-topic"), "")
    return digest_of(request.method or "", _path(request.url or ""), topic, request.body)


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3] if "://" in url else url


def _contentful_message(sent: Sent, listed: Sequence[str] = _LISTED) -> bytes:
    values = dict(
        zip(_LISTED, (_TOPIC, "application/json", _SPACE, sent.time, ",".join(listed)), strict=True)
    )
    headers = ";".join(f"{name.lower()}:{values[name.lower()]}" for name in listed)
    return f"{sent.method}\n{_path(sent.url or '')}\n{headers}\n".encode("latin-1") + sent.body


def _listing(entry: Entry, listed: Sequence[str]) -> Request:
    """Returns a request whose signature is right for another list of headers."""
    sent = entry.sent()
    text = entry.encode(entry.digest(_contentful_message(sent, listed)))
    return other_headers(entry.request(sent, [text]), {"x-contentful-signed-headers": ",".join(listed)})


def _contentful(entry: Entry) -> list[Case]:
    usual = entry.request()
    values = {name.lower(): value for name, value in usual.headers}
    one_value = ";".join(f"{name}:{values[name]}" for name in _LISTED)
    relabelled = one_value.removeprefix("x-contentful-topic:")
    listed = "x-contentful-signed-headers"
    return [
        made(
            entry,
            "relabelled-headers",
            "One header holds the text of all of them, and the timestamp is no longer listed.",
            "content_confusion",
            "malformed_header",
            other_headers(
                usual,
                {
                    "X-Contentful-Topic": relabelled,
                    listed: "x-contentful-topic",
                    "x-contentful-timestamp": f"{NOW}001",
                },
            ),
        ),
        made(
            entry,
            "list-not-listed",
            "The list of headers has to be among those that it lists.",
            "content_confusion",
            "malformed_header",
            other_headers(usual, {listed: "content-type,x-contentful-timestamp"}),
        ),
        made(
            entry,
            "list-reordered",
            "Another order of the list is another content.",
            "tampered",
            "no_matching_signature",
            other_headers(usual, {listed: ",".join(reversed(_LISTED))}),
        ),
        *(
            made(
                entry,
                f"list-names-a-header-twice-{place}",
                "A list that names one header twice is refused: a long header could be signed a thousand times.",
                "content_confusion",
                "malformed_header",
                _listing(entry, names),
            )
            for place, names in (
                ("at-once", ("content-type", *_LISTED)),
                ("at-its-end", (*_LISTED, "content-type")),
                ("in-another-case", (*_LISTED, "Content-Type")),
            )
        ),
        made(
            entry,
            "listed-header-missing",
            "A header that is listed as signed is not there.",
            "missing_header",
            "missing_header",
            other_headers(usual, {"X-Contentful-Topic": None}),
        ),
        made(
            entry,
            "listed-header-twice",
            "A header that is listed as signed is there twice: nobody knows which one was signed.",
            "duplicate_header",
            "duplicate_header",
            replace(usual, headers=[*usual.headers, ["content-type", "text/plain"]]),
        ),
        made(
            entry,
            "listed-header-not-read",
            "A header is listed as signed that the provider's file does not name: no language hands it over.",
            "required_value",
            "missing_header",
            replace(
                other_headers(usual, {listed: f"{values[listed]},x-own"}),
                headers=[
                    *other_headers(usual, {listed: f"{values[listed]},x-own"}).headers,
                    ["X-Own", "1"],
                ],
            ),
        ),
        made(
            entry,
            "list-missing",
            "Without the list nobody knows what is signed.",
            "missing_header",
            "missing_header",
            other_headers(usual, {listed: None}),
        ),
        made(
            entry,
            "listed-header-tampered",
            "The type stands in a header that is listed as signed.",
            "tampered",
            "no_matching_signature",
            other_headers(usual, {"X-Contentful-Topic": "ContentManagement.Entry.delete"}),
        ),
        made(
            entry,
            "relative-url",
            "The path and the query are signed, and not the host.",
            "request_target",
            entry.usual(),
            replace(usual, url="/webhooks/in?a=b"),
        ),
        made(
            entry,
            "other-query",
            "A captured request is sent with another query.",
            "tampered",
            "no_matching_signature",
            replace(usual, url=f"{URL}?a=c"),
        ),
        made(
            entry,
            "no-url",
            "The path is signed, so the application has to hand the URL over.",
            "request_target",
            "invalid_option",
            replace(usual, url=None),
        ),
        *method_cases(entry),
    ]


def _sinch_message(sent: Sent) -> bytes:
    digest = base64.b64encode(hashlib.md5(sent.body).digest()).decode()
    path = "/" + (sent.url or "").split("/", 3)[3].partition("?")[0]
    lines = (sent.method, digest, "application/json", f"x-timestamp:{sent.time}", path)
    return "\n".join(map(str, lines)).encode("latin-1")


def _node_base64(text: str) -> bytes:
    """Decodes base64 of either alphabet as Node does: what is left of the last byte is dropped."""
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(text + "=" * (-len(text) % 4))


def _sinch_voice(entry: Entry) -> list[Case]:
    published = entry.sent(
        b'{"event":"ace","callid":"822aa4b7-05b4-4d83-87c7-1f835ee0b6f6_257","timestamp":"2014-09-24T10:59:41Z",'
        b'"version":1}',
        time="2014-09-24T10:59:41Z",
        url="https://callbacks.yourdomain.com/sinch/callback/ace",
    )
    text = entry.text(published, "BeIukql3pTKJ8RGL5zo0DA==")
    check_published(entry, text, "Tg6fMyo8mj9pYfWQ9ssbx3Tc1BNC87IEygAfLbJqZb4=")
    usual = entry.request()
    named = entry.sent(time=f"x-timestamp:{entry.sent().time}")
    loose = "app-secret"
    return [
        made(
            entry,
            "published",
            "A value that the provider published.",
            "published",
            {
                "id": None,
                "type": "ace",
                "covers": entry.covers.split(),
                "attributes": {"call": "822aa4b7-05b4-4d83-87c7-1f835ee0b6f6_257"},
            },
            entry.request(published, [text]),
            secret=["BeIukql3pTKJ8RGL5zo0DA=="],
            now=1_411_556_381,
        ),
        made(
            entry,
            "time-with-its-name",
            "Sinch's own test sends the name of the header before the time.",
            "timestamp_form",
            entry.usual(),
            entry.request(named),
        ),
        made(
            entry,
            "lower-case-scheme",
            "The scheme and the application key before the signature are not compared.",
            "multiple_signatures",
            entry.usual(),
            entry.placed(entry.sent(), [f"application other-key:{entry.text()}"]),
        ),
        made(
            entry,
            "loose-secret",
            "The secret is base64 of either alphabet, whose last bits need not be zero.",
            "secret_form",
            entry.usual(),
            entry.request(texts=[entry.text(secret=loose)]),
            secret=[loose],
        ),
        made(
            entry,
            "other-content-type",
            "The type of the body is signed.",
            "tampered",
            "no_matching_signature",
            other_headers(usual, {"Content-Type": "text/plain"}),
        ),
        made(
            entry,
            "no-content-type",
            "The type of the body is signed, so it must be there.",
            "missing_header",
            "missing_header",
            other_headers(usual, {"Content-Type": None}),
        ),
        made(
            entry,
            "other-path",
            "A captured request is sent to another path.",
            "tampered",
            "no_matching_signature",
            replace(usual, url="https://example.com/webhooks/other"),
        ),
        made(
            entry,
            "query",
            "The query is not signed.",
            "request_target",
            entry.usual(),
            replace(usual, url=f"{URL}?a=b"),
        ),
        made(
            entry,
            "relative-url",
            "The path alone is signed, so it is all that is needed.",
            "request_target",
            entry.usual(),
            replace(usual, url="/webhooks/in"),
        ),
        *method_cases(entry),
    ]


ENTRIES = [
    Entry(
        provider="contentful",
        header="x-contentful-signature",
        signed=_contentful_message,
        time=Time("x-contentful-timestamp", form="milliseconds", tolerance=30),
        url=f"{URL}?a=b",
        method="POST",
        bodies="any",
        body=b'{"sys":{"id":"5KsDBWseXY6QegucYAoacS","type":"Entry"},"fields":{}}',
        covers="body method timestamp",
        identify=_contentful_id,
        type=_TOPIC,
        type_header="X-Contentful-Topic",
        other_headers={"x-contentful-signed-headers": ",".join(_LISTED)},
        announced={"x-contentful-signed-headers": ",".join(_LISTED)},
        header_attributes={
            "content_type": ("Content-Type", "application/json"),
            "space": ("x-contentful-space-id", _SPACE),
        },
        extra=_contentful,
    ),
    Entry(
        provider="sinch-voice",
        header="Authorization",
        encoding="base64",
        prefix="Application 669E367E-6BBA-48AB-AF15-266871C28135:",
        # What stands before the last colon is not compared.
        skip=frozenset({"prefix-unknown", "prefix-twice"}),
        signed=_sinch_message,
        key=_node_base64,
        secret="BeIukql3pTKJ8RGL5zo0DA==",
        other_secret="AnotherSecretOfTheApp0DA==",
        time=Time("x-timestamp", form="rfc3339"),
        url=URL,
        method="POST",
        body=b'{"event":"ice","callid":"822aa4b7_257","version":1}',
        covers="body method timestamp type",
        type="ice",
        attributes={"call": "822aa4b7_257"},
        # A signer is given no application key.
        signs=False,
        extra=_sinch_voice,
    ),
]
