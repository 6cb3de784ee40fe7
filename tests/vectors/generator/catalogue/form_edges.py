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
    start = _with_query(sent or entry.sent())
    rest = _MOST_FIELDS - (entry.request(start).url or "").count("&") - 1
    comments = (
        "A query may have 4,096 parameters.",
        "A query with 4,097 parameters is refused, authentic as it is.",
    )
    return _limit_cases(entry, "field_limit", ("query-4096", "query-4097"), comments, start, _PARAMETER, rest)


def url_limit_cases(entry: Entry) -> list[Case]:
    """Returns the cases about the length of a URL, which is written anew for each of its spellings."""
    start = _with_query(entry.sent())
    rest = _LONGEST_LINE - len(entry.request(start).url or "")
    comments = ("A URL may have 65,536 bytes.", "A URL of 65,537 bytes is refused, authentic as it is.")
    return _limit_cases(entry, "line_limit", ("url-65536", "url-65537"), comments, start, "a", rest)


def _with_query(sent: Sent) -> Sent:
    return sent if sent.url and "?" in sent.url else replace(sent, url=f"{sent.url}?a")


def _limit_cases(
    entry: Entry,
    flag: str,
    names: tuple[str, str],
    comments: tuple[str, str],
    start: Sent,
    piece: str,
    times: int,
) -> list[Case]:
    """Returns a case whose URL goes on with so many pieces, and one with one more, which is refused."""
    outcomes: tuple[Event | str, ...] = (entry.usual(), "malformed_header")
    requests = [
        entry.request(replace(start, url=f"{start.url}{piece * count}")) for count in (times, times + 1)
    ]
    return [
        made(entry, name, comment, flag, outcome, request)
        for name, comment, outcome, request in zip(names, comments, outcomes, requests, strict=True)
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
