"""The cases about bodies: what is signed is bytes, and what an authentic body has to be."""

from generator.case import Event
from generator.catalogue.collect import Collector, other_headers
from generator.catalogue.form_edges import is_exact, without_body
from generator.output import Json

_NO_JSON = {
    "empty": b"",
    "text": b"hello world",
    "not-utf-8": b'{"a":"\xff"}',
    "cut-off": b'{"a":',
    "byte-order-mark": b'\xef\xbb\xbf{"a":1}',
    "nul": b"a\x00b",
    "utf-16": '{"a":1}'.encode("utf-16-le"),
    "two-objects": b"{}{}",
    "form": b"payload=%7B%7D&a=1",
}


def add(to: Collector) -> None:
    entry = to.entry
    for also in entry.also:
        request = other_headers(entry.request(entry.sent(also.body)), also.headers)
        to.add(also.name, also.comment, also.flag, also.expect, request)
    if entry.arrange or not (entry.encoding == "token" or "body" in entry.covers.split()):
        return
    data: Json = None if entry.data else {}
    _add(
        to,
        "object-without-members",
        "An object without members is an event without what it could say.",
        "absent_member",
        b"{}",
        entry.bare(data=data),
    )
    _add(
        to,
        "patterns",
        "The body is bytes: what a replacement would take for a pattern is signed as it is.",
        "body_bytes",
        b'{"$&":"$$ {body} {0} %s","\\u00e9\\/":"\xc3\xa9 \xf0\x9f\xa6\x80"}\r\n',
        entry.bare(),
    )
    for name, body in (("array", b"[1,2]"), ("number", b"42")):
        expect: Event | str = "malformed_body" if entry.bodies == "object" else entry.bare()
        comment = "is no object" if entry.bodies == "object" else "is JSON"
        _add(to, f"body-{name}", f"An authentic {name} {comment}.", "malformed_body", body, expect)
    for name, body in _NO_JSON.items():
        expect = entry.bare(data=None) if entry.bodies == "any" else "malformed_body"
        if entry.signs_form and not is_exact(body) and not isinstance(expect, str):
            expect = without_body(expect)
        comment = "is passed on as bytes" if entry.bodies == "any" else "is not what the provider sends"
        _add(
            to,
            f"body-{name}",
            f"An authentic body that is no JSON ({name}) {comment}.",
            "malformed_body",
            body,
            expect,
        )


def _add(to: Collector, name: str, comment: str, flag: str, body: bytes, expect: Event | str) -> None:
    to.add(name, comment, flag, expect, to.entry.request(to.entry.sent(body)))
