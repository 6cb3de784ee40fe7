"""The cases about forms and URLs at their edges: bytes that are no text, more and longer ones than anybody sends."""

from dataclasses import replace
from urllib.parse import unquote_to_bytes

from generator.case import Case, Event
from generator.catalogue.collect import made
from generator.catalogue.frame import Entry, Request, Sent
from generator.output import Json

_MOST_FIELDS = 4096
_LONGEST_LINE = 65_536
_FIELD = b"&a=1"
_PARAMETER = "&a"


def is_exact(body: bytes) -> bool:
    """Tells whether a form's fields are known byte for byte: what is no UTF-8 is read as U+FFFD."""
    return "\ufffd" not in unquote_to_bytes(body.replace(b"+", b" ")).decode("utf-8", "replace")


def without_body(event: Event) -> Event:
    """Returns the event of a request whose body is not proven."""
    covers: list[Json] = [part for part in event["covers"] if part != "body"]
    return {**event, "covers": covers}


def byte_cases(entry: Entry) -> list[Case]:
    """Returns the cases about fields that are no UTF-8: they are signed as U+FFFD, so the body is not proven."""
    unknown = without_body(entry.usual())
    escaped = entry.sent(entry.body + b"&Bytes=%FF%FE")
    rows: tuple[tuple[str, str, str, Event | str, Request], ...] = (
        (
            "field-not-utf-8",
            "A value that is no UTF-8 is signed as U+FFFD.",
            "body_not_covered",
            unknown,
            entry.request(escaped),
        ),
        (
            "field-not-utf-8-unescaped",
            "Bytes that are no UTF-8 and not escaped either.",
            "body_not_covered",
            unknown,
            entry.request(entry.sent(entry.body + b"&Bytes=\xff\xfe")),
        ),
        (
            "field-name-not-utf-8",
            "A name that is no UTF-8.",
            "body_not_covered",
            unknown,
            entry.request(entry.sent(entry.body + b"&%FF=1")),
        ),
        (
            "field-overlong-utf-8",
            "A slash in two bytes is no UTF-8.",
            "body_not_covered",
            unknown,
            entry.request(entry.sent(entry.body + b"&Bytes=%C0%AF")),
        ),
        (
            "field-surrogate",
            "A surrogate written as UTF-8 is no UTF-8.",
            "body_not_covered",
            unknown,
            entry.request(entry.sent(entry.body + b"&Bytes=%ED%A0%80")),
        ),
        (
            "field-replacement-character",
            "A real U+FFFD could have been other bytes when it was signed.",
            "body_not_covered",
            unknown,
            entry.request(entry.sent(entry.body + b"&Bytes=%EF%BF%BD")),
        ),
        (
            "field-other-bytes",
            "Other bytes that are read as U+FFFD have the signature of the first, so the proof leaves the body out.",
            "body_not_covered",
            unknown,
            entry.request(entry.sent(entry.body + b"&Bytes=%FD%FC"), [entry.text(escaped)]),
        ),
        (
            "field-not-utf-8-changed",
            "A letter beside the bytes that are no UTF-8 was added.",
            "tampered",
            "no_matching_signature",
            entry.request(entry.sent(entry.body + b"&Bytes=%FF%FEx"), [entry.text(escaped)]),
        ),
        (
            "field-with-nul",
            "A NUL in a field is a character like others.",
            "parameters",
            entry.usual(),
            entry.request(entry.sent(entry.body + b"&Bytes=a%00b")),
        ),
    )
    return [made(entry, *row) for row in rows]


def field_limit_cases(entry: Entry) -> list[Case]:
    """Returns the cases about the number of a form's fields: sorting a megabyte of them took seconds."""
    usual = entry.request()
    rest = _MOST_FIELDS - usual.body.count(b"&") - 1
    rows: tuple[tuple[str, str, Event | str, int], ...] = (
        ("fields-4096", "A form may have 4,096 fields.", entry.usual(), rest),
        (
            "fields-4097",
            "A form with 4,097 fields is refused, authentic as it is.",
            "body_too_large",
            rest + 1,
        ),
    )
    cases = []
    for name, comment, expect, times in rows:
        request = entry.request(entry.sent(entry.body + _FIELD * times))
        case = made(entry, name, comment, "field_limit", expect, request)
        cases.append(_shortened(case, request.body, times))
    return cases


def query_limit_cases(entry: Entry, sent: Sent | None = None) -> list[Case]:
    """Returns the cases about the number of a query's parameters, for providers that sign the query."""
    sent = sent or entry.sent()
    start = sent.url if sent.url and "?" in sent.url else f"{sent.url}?a"
    arrived = entry.request(replace(sent, url=start)).url or ""
    rest = _MOST_FIELDS - arrived.count("&") - 1
    rows: tuple[tuple[str, str, Event | str, int], ...] = (
        ("query-4096", "A query may have 4,096 parameters.", entry.usual(), rest),
        (
            "query-4097",
            "A query with 4,097 parameters is refused, authentic as it is.",
            "malformed_header",
            rest + 1,
        ),
    )
    return [
        made(
            entry,
            name,
            comment,
            "field_limit",
            expect,
            entry.request(replace(sent, url=start + _PARAMETER * times)),
        )
        for name, comment, expect, times in rows
    ]


def url_limit_cases(entry: Entry) -> list[Case]:
    """Returns the cases about the length of a URL, which is written anew for each of its spellings."""
    sent = entry.sent()
    start = sent.url if sent.url and "?" in sent.url else f"{sent.url}?a"
    rest = _LONGEST_LINE - len(entry.request(replace(sent, url=start)).url or "")
    rows: tuple[tuple[str, str, Event | str, int], ...] = (
        ("url-65536", "A URL may have 65,536 bytes.", entry.usual(), rest),
        (
            "url-65537",
            "A URL of 65,537 bytes is refused, authentic as it is.",
            "malformed_header",
            rest + 1,
        ),
    )
    return [
        made(
            entry,
            name,
            comment,
            "line_limit",
            expect,
            entry.request(replace(sent, url=start + "a" * times)),
        )
        for name, comment, expect, times in rows
    ]


def _shortened(case: Case, body: bytes, times: int) -> Case:
    """Returns a case whose body is described, for it says the same thing thousands of times."""
    prefix, suffix = body.split(_FIELD * times)
    form: Json = {
        "prefix": prefix.decode(),
        "text": _FIELD.decode(),
        "times": times,
        "suffix": suffix.decode(),
    }
    return {("body_repeat" if name == "body_base64" else name): value for name, value in case.items()} | {
        "body_repeat": form
    }
