"""The cases about headers: their names, how often they occur, what is missing."""

from generator.catalogue.collect import Collector, other_headers
from generator.catalogue.frame import Request


def add(to: Collector) -> None:
    entry = to.entry
    usual = entry.request()
    to.add("usual", "A request as the provider sends it.", "baseline", entry.usual())
    upper = Request(
        [[name.upper(), value] for name, value in usual.headers], usual.body, usual.method, usual.url
    )
    to.add("upper-case-names", "Names of headers have no case.", "header_case", entry.usual(), upper)
    if entry.arrange is None:
        _signature_headers(to, usual)
    for header in filter(None, (entry.type_header, entry.id_header)):
        value = dict(usual.headers)[header]
        to.add(
            f"{header.lower()}-twice",
            f"Two lines of {header}: two readers could take different ones.",
            "duplicate_header",
            "duplicate_header",
            _plus(usual, header.lower(), value),
        )
    if entry.id_header:
        _ids(to, entry.id_header, usual)
    for header in entry.fixed:
        to.add(
            f"{header.lower()}-missing",
            f"Without {header} it is not said what the signature is.",
            "required_value",
            "missing_header",
            other_headers(usual, {header: None}),
        )
        to.add(
            f"{header.lower()}-other",
            f"Another value of {header} says that the signature is another one.",
            "required_value",
            "no_matching_signature",
            other_headers(usual, {header: "XXX"}),
        )


def _signature_headers(to: Collector, usual: Request) -> None:
    entry = to.entry
    to.add(
        "no-signature",
        "Without a signature nothing is proven.",
        "missing_header",
        "missing_header",
        other_headers(usual, dict.fromkeys(entry.headers)),
    )
    to.add(
        "no-headers",
        "A request without headers is refused.",
        "missing_header",
        "missing_header",
        Request([], usual.body, usual.method, usual.url),
    )
    value = dict(usual.headers)[entry.headers[0]]
    if not entry.repeats:
        to.add(
            "signature-twice",
            "The signature's header twice, even with one value.",
            "duplicate_header",
            "duplicate_header",
            _plus(usual, entry.headers[0].swapcase(), value),
        )
    to.add(
        "signature-not-ascii",
        "A letter beyond ASCII in the signature's header is refused.",
        "header_narrowing",
        "malformed_header",
        other_headers(usual, {entry.headers[0]: f"{value}\u00e9"}),
    )


def _ids(to: Collector, header: str, usual: Request) -> None:
    entry = to.entry
    for name, value in (("blank", "msg 1"), ("empty", ""), ("long", "m" * 256)):
        to.add(
            f"id-{name}",
            f"The id is not 1 to 255 visible ASCII characters ({name}).",
            "header_narrowing",
            "malformed_header",
            other_headers(usual, {header: value}),
        )
    if "id" not in entry.covers.split():
        to.add(
            "id-changed",
            "The id's header is not signed: another one changes the event, and the proof says so.",
            "unsigned_metadata",
            entry.usual(id="another-id-1"),
            other_headers(usual, {header: "another-id-1"}),
        )
        return
    to.add(
        "id-missing",
        "The id is signed, so it must be there.",
        "missing_header",
        "missing_header",
        other_headers(usual, {header: None}),
    )
    to.add(
        "id-tampered",
        "The id is signed, so another one does not match.",
        "tampered",
        "no_matching_signature",
        other_headers(usual, {header: f"{entry.id}x"}),
    )


def _plus(request: Request, name: str, value: str) -> Request:
    return Request([*request.headers, [name, value]], request.body, request.method, request.url)
