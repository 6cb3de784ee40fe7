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
    if entry.type_header:
        _types(to, entry.type_header, usual)
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


def _types(to: Collector, header: str, usual: Request) -> None:
    for name, value, flag in (
        ("line-feed", "a.b\nx: y", "header_injection"),
        ("nul", "a.b\x00", "header_injection"),
        ("e-acute", "a.\u00e9", "header_narrowing"),
    ):
        to.add(
            f"type-with-{name}",
            f"The type's header holds more than visible ASCII characters ({name}).",
            flag,
            "malformed_header",
            other_headers(usual, {header: value}),
        )


def _ids(to: Collector, header: str, usual: Request) -> None:
    entry = to.entry
    if entry.arrange is None:
        longest = "m" * 255
        sent = entry.sent(id=longest)
        to.add(
            "id-longest",
            "An id may have 255 characters.",
            "open_set",
            entry.usual(id=longest),
            entry.request(sent),
        )
        if "{id}." in entry.content:
            to.add(
                "id-with-dot",
                "An id with a dot, which separates the signed parts, is refused, right as its signature is.",
                "content_confusion",
                "malformed_header",
                entry.request(entry.sent(id="msg.1")),
            )
    for name, value, flag in (
        ("tab", "msg\t1", "header_injection"),
        ("line-feed", "msg_1\nx: y", "header_injection"),
        ("nul", "msg_1\x00", "header_injection"),
        ("e-acute", "msg_\u00e9", "header_narrowing"),
        ("utf-8", "msg_\u00c3\u00a9", "header_narrowing"),
        ("no-break-space", "msg_1\u00a0", "header_narrowing"),
    ):
        to.add(
            f"id-with-{name}",
            f"The id is not 1 to 255 visible ASCII characters ({name}).",
            flag,
            "malformed_header",
            other_headers(usual, {header: value}),
        )
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
