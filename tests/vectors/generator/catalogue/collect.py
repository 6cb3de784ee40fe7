"""Collects the cases of one row of the catalogue."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.case import Case, Event, case
from generator.catalogue.frame import Entry, Request


class Collector:
    """Collects cases, so that each says only in what it differs from the usual request."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.cases: list[Case] = []

    def add(
        self,
        name: str,
        comment: str,
        flags: list[str] | str,
        expect: Event | str,
        request: Request | None = None,
        *,
        secret: list[str] | None = None,
        **more: Any,
    ) -> None:
        """Adds a case, unless the row says that it does not hold for its provider."""
        if name in self.entry.skip:
            return
        self.cases.append(made(self.entry, name, comment, flags, expect, request, secret=secret, **more))


def made(
    entry: Entry,
    name: str,
    comment: str,
    flags: list[str] | str,
    expect: Event | str,
    request: Request | None = None,
    *,
    secret: list[str] | None = None,
    **more: Any,
) -> Case:
    """Makes a case; what is not given is the provider's usual secret and request."""
    request = request or entry.request()
    if not isinstance(expect, str):
        seen = replace(request, url=_public_url(request.url, more.get("options") or {}))
        if entry.identify:
            expect = {**expect, "id": entry.identify(seen)}
        if entry.cover:
            expect = {**expect, "covers": sorted(entry.cover(seen).split())}
    result = case(
        f"{entry.provider}-{name}",
        comment,
        flags,
        expect,
        provider=entry.provider,
        headers=request.headers,
        secret=[entry.secret] if secret is None else secret,
        body=request.body,
        **more,
    )
    target = {"method": request.method, "url": request.url}
    target = {member: value for member, value in target.items() if value is not None}
    # The members stand in the order in which a reader looks for them.
    head = {
        member: result.pop(member) for member in ("id", "comment", "flags", "provider", "secret", "options")
    }
    return {**head, **target, **result}


def _public_url(url: str | None, options: Mapping[str, Any]) -> str | None:
    """Returns the URL that the sender called: the one that is configured, with the query of the request."""
    public = options.get("url")
    if public is None or url is None:
        return public or url
    _, mark, query = url.partition("?")
    return str(public) if "?" in public else f"{public}{mark}{query}"


def other_headers(request: Request, change: Mapping[str, str | None]) -> Request:
    """Returns the request with other values of some headers; None takes a header out, a new name is added."""
    lower = {name.lower(): value for name, value in change.items()}
    changed = [(name, lower.get(name.lower(), value)) for name, value in request.headers]
    kept = [[name, value] for name, value in changed if value is not None]
    known = {name.lower() for name, _ in request.headers}
    new = [[name, value] for name, value in change.items() if name.lower() not in known and value is not None]
    return Request([*kept, *new], request.body, request.method, request.url)


def check_published(entry: Entry, computed: str, published: str) -> None:
    """Raises where this generator computes something else than what a provider published."""
    if computed != published:
        raise SystemExit(f"{entry.provider}: computed {computed}, published {published}")
