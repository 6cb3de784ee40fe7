"""Deliveries of the catalogue's providers: one that comes again, and others that only look alike."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from generator import catalogue
from generator.case import NOW, Case
from generator.catalogue.collect import made, other_headers
from generator.catalogue.forms import FORM, written
from generator.catalogue.frame import Entry, Request, Sent

# Whatever was sent a second later, or under a secret that is being replaced, is the same delivery.
_AGAIN = (
    "The delivery comes again: with a new time and signature where it has them, and under another secret."
)
_OTHER = "Another event, however alike the rest is."

Add = Callable[..., Any]


def groups(group: Add) -> list[Any]:
    """Returns the groups of all rows, made with the maker of groups."""
    made_groups = []
    for entry in catalogue.entries():
        name = entry.provider
        if name != "dropbox":
            made_groups.append(group("same", f"{name}-again", _AGAIN, *_again(entry)))
        made_groups.append(group("different", f"{name}-others", _OTHER, *_others(entry)))
        if entry.url and (entry.identify or name == "twilio"):
            made_groups.append(
                group(
                    "different",
                    f"{name}-callbacks",
                    "Callbacks by GET have an empty body: what tells them apart stands in the query.",
                    *_callbacks(entry),
                )
            )
    return made_groups


def _delivery(entry: Entry, request: Request, *, secret: list[str] | None = None, now: int = NOW) -> Case:
    delivery = made(entry, "", "", [], {}, request, secret=secret, now=now)
    # Only the key is compared here; the event has cases of its own.
    return {**delivery, "expect": {"verdict": "accept"}}


def _again(entry: Entry) -> list[Case]:
    in_header = entry.time and (entry.time.header or entry.time.pair)
    later = entry.sent(at=NOW + 1) if in_header else entry.sent()
    deliveries = [_delivery(entry, entry.request()), _delivery(entry, entry.request(later))]
    if entry.arrange and not entry.identify and not entry.id:
        # The signature stands in the body, which is all that tells such a delivery from others.
        return deliveries
    rotated = entry.request(later, [entry.text(later, entry.other_secret)])
    return [*deliveries, _delivery(entry, rotated, secret=[entry.secret, entry.other_secret])]


def _others(entry: Entry) -> list[Case]:
    first = _delivery(entry, entry.request())
    if entry.provider == "dropbox":
        # Two equal notifications are two changes of the same files.
        return [first, _delivery(entry, entry.request(), now=NOW + 1)]
    return [first, _delivery(entry, entry.request(_other(entry)))]


def _other(entry: Entry) -> Sent:
    """Returns what another event says: another id, or another body where there is none."""
    if entry.id_header:
        return entry.sent(id=f"{entry.id}-2")
    body = entry.body
    if entry.id:
        return entry.sent(body.replace(entry.id.encode(), f"{entry.id}0".encode()))
    if entry.provider == "braintree":
        return entry.sent(written([("bt_payload", "PG5vdGlmaWNhdGlvbi8+\n")]))
    if not body.lstrip().startswith((b"{", b"[")):
        return entry.sent(body + b"&Another=1")
    end = body.rstrip()[-1:]
    more = b',"another":1}' if end == b"}" else b',{"another":1}]'
    return entry.sent(body.rstrip()[:-1] + more)


def _callbacks(entry: Entry) -> list[Case]:
    bare = (entry.url or "").partition("?")[0]
    deliveries = []
    for query in ("id=1&status=sent", "id=1&status=delivered", "id=2&status=delivered"):
        sent = entry.sent(b"", url=f"{bare}?{query}", method="GET")
        request = entry.request(sent)
        if entry.provider == "twilio":
            request = other_headers(request, {"I-Twilio-Idempotency-Token": None})
        if not entry.arrange:
            request = replace(request, headers=[it for it in request.headers if it[1] != FORM])
        deliveries.append(_delivery(entry, request))
    return deliveries
