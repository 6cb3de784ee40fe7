"""The cases about forms: which fields are signed, in which order, and how they are written."""

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import quote_plus, unquote_to_bytes

from generator.case import Case
from generator.catalogue.collect import made, other_headers
from generator.catalogue.form_edges import byte_cases, field_limit_cases
from generator.catalogue.frame import Entry, Request

FORM = "application/x-www-form-urlencoded"

Fields = list[tuple[str, str]]

# Values that a careless reader or writer of forms changes.
_SPECIAL: Fields = [
    ("Amp", "a&b=c"),
    ("Blank", " a  b "),
    ("Empty", ""),
    ("Percent", "100%25 %"),
    ("Plus", "+14158675309"),
    ("Unicode", "caf\u00e9 \U0001f980"),
    ("lower", "x"),
    ("\u00e9", "y"),
]


def written(fields: Iterable[tuple[str, str]]) -> bytes:
    """Returns fields as a form."""
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in fields).encode()


def is_form(request: Request) -> bool:
    """Tells whether a request says that its body is a form."""
    kinds = [value for name, value in request.headers if name.lower() == "content-type"]
    return any(kind.partition(";")[0].strip().lower() == FORM for kind in kinds)


def read(form: bytes | str) -> Fields:
    """Returns the fields of a form or a query, in their order."""
    data = form.encode() if isinstance(form, str) else form
    pairs = (pair.partition(b"=") for pair in data.split(b"&") if pair)
    return [(_text(name), _text(value)) for name, _, value in pairs]


def tail(form: bytes, *, unique: bool = False) -> str:
    """Returns the fields of a form, sorted, each name with its value behind it."""
    fields = set(read(form)) if unique else read(form)
    ordered = sorted(fields, key=lambda field: [part.encode() for part in field])
    return "".join(name + value for name, value in ordered)


def _text(data: bytes) -> str:
    return unquote_to_bytes(data.replace(b"+", b" ")).decode("utf-8", "replace")


def form_cases(entry: Entry) -> list[Case]:
    """Returns the cases of a provider that signs the fields of a form, whose body is one."""
    usual, fields = entry.request(), read(entry.body)
    signed = entry.text()
    accepted = {
        "fields-reordered": (fields[::-1], "Fields are sorted before they are signed.", False),
        "fields-repeated": (
            [*fields, ("Again", "2"), ("Again", "10")],
            "A field may have several values.",
            True,
        ),
        "fields-special": (
            [*fields, *_SPECIAL],
            "Fields are signed as they were before they were escaped.",
            True,
        ),
        "fields-unsorted": (
            [("b", "1"), ("B", "2"), ("a", "3"), ("ab", "4"), ("a", "0"), *fields],
            "Names are sorted by their bytes: capital letters come first.",
            True,
        ),
    }
    refused = {
        "field-changed": (
            [(fields[0][0], fields[0][1] + "x"), *fields[1:]],
            "The value of a field was changed.",
        ),
        "field-renamed": ([(fields[0][0] + "x", fields[0][1]), *fields[1:]], "A field was renamed."),
        "field-added": ([*fields, ("Added", "1")], "A field was added."),
        "field-removed": (fields[1:], "A field was removed."),
        "field-repeated": ([*fields, (fields[0][0], "other")], "A second value of a field was added."),
    }
    return [
        *(
            made(
                entry,
                name,
                comment,
                "parameters",
                entry.usual(),
                entry.request(entry.sent(written(these)), None if anew else [signed]),
            )
            for name, (these, comment, anew) in accepted.items()
        ),
        *(
            made(
                entry,
                name,
                comment,
                "tampered",
                "no_matching_signature",
                entry.request(entry.sent(written(these)), [signed]),
            )
            for name, (these, comment) in refused.items()
        ),
        made(
            entry,
            "content-type-with-charset",
            "A parameter after the type of the body does not matter, nor do capital letters.",
            "parameters",
            entry.usual(),
            other_headers(usual, {"Content-Type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"}),
        ),
        made(
            entry,
            "other-escapes",
            "Needless escapes in the form are the same fields.",
            "parameters",
            entry.usual(),
            replace(usual, body=usual.body.replace(b"e", b"%65")),
        ),
        *byte_cases(entry),
        *field_limit_cases(entry),
    ]
