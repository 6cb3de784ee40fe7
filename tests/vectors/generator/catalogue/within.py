"""The senders whose signature stands in the body."""

import json
from collections.abc import Sequence

from generator.case import NOW, Case, Event
from generator.catalogue.collect import made
from generator.catalogue.frame import Entry, Request, Sent
from generator.output import Json

# What stands in a body where the signature and the timestamp belong.
SIGNATURE, TIME = b"@SIGNATURE@", b"@TIME@"


def filled(body: bytes, sent: Sent, signature: str) -> bytes:
    """Returns the body with signature and timestamp in their places."""
    text = json.dumps(signature)[1:-1].encode()
    return body.replace(SIGNATURE, text).replace(TIME, sent.time.encode("latin-1"))


class Within(Entry):
    """A sender whose signature stands in the body: the body that arrives is not the one of the row."""

    def usual(self, at: int = NOW, **more: Json) -> Event:
        event = super().usual(at, **more)
        if self.data is None:
            event.pop("data")
        return event


def arranged(entry: Entry, sent: Sent, signatures: Sequence[str]) -> Request:
    """Puts the request of such a sender together."""
    lines = [[name, value] for name, value in entry.other_headers.items()]
    return Request(lines, filled(sent.body, sent, signatures[0]))


def without_member(entry: Entry, *names: str) -> Request:
    """Returns the usual request without a member of its body."""
    request = entry.request()
    body = json.loads(request.body)
    inner = body
    for name in names[:-1]:
        inner = inner[int(name) if isinstance(inner, list) else name]
    del inner[names[-1]]
    return Request(request.headers, json.dumps(body).encode())


def absent_cases(entry: Entry, *names: str) -> list[Case]:
    """Returns the cases without the member of the body that is the signature, or that holds it."""
    request = entry.request()
    return [
        made(
            entry,
            "no-signature",
            "Without a signature in the body nothing is proven.",
            "missing_header",
            "missing_header",
            without_member(entry, *names),
        ),
        made(
            entry,
            "signature-is-a-list",
            "A signature that is no text is none.",
            "missing_header",
            "missing_header",
            Request(request.headers, entry.body.replace(b'"' + SIGNATURE + b'"', b"[]").replace(TIME, b"1")),
        ),
        made(
            entry,
            "no-json",
            "A body that is no JSON holds no signature.",
            "missing_header",
            "missing_header",
            Request(request.headers, b"hello world"),
        ),
    ]
