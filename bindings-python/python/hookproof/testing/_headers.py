"""Names of headers, in whatever case."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def merged(*several: Mapping[str, str]) -> dict[str, str]:
    """Merges headers by their name in any case; a later one wins, and so does its spelling."""
    found: dict[str, str] = {}
    for headers in several:
        for name, value in headers.items():
            found.pop(spelt(found, name) or name, None)
            found[name] = value
    return found


def spelt(headers: Mapping[str, str], name: str) -> str | None:
    """Returns how a header is spelt in a request."""
    return next((known for known in headers if known.lower() == name.lower()), None)
