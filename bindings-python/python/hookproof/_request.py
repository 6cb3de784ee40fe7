"""A request as a framework hands it over, and as much of it as is shown to who chooses a secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hookproof._native import EnvironHeaders

if TYPE_CHECKING:
    from hookproof._errors import HookproofError
    from hookproof.types import Body, Headers


@dataclass
class Request:
    """One request as a framework hands it over; who receives it fills in what is read of it later.

    It is not frozen: making a frozen one, and a new one for each part that is filled in, takes longer than
    verifying does.
    """

    body: Body
    headers: Headers
    method: str | None = None
    url: str | None = None
    now: float | None = None
    path: str | None = None
    # Of a method with which no event comes: it is a handshake, or not allowed.
    handshake_only: bool = False
    # Why the body could not be read; there is nothing to verify then.
    failure: HookproofError | None = None


@dataclass(frozen=True)
class RequestHead:
    """What is known of a request before it is verified, for a function that chooses a secret by it.

    Nothing of it is proven: use it to look up whose secret to verify with, and for nothing else.
    """

    headers: Mapping[str, str]
    """The headers by name, in any case; lines of one name are joined with a comma."""
    method: str | None
    """The method, in capitals; None where the framework did not tell it."""
    url: str | None
    """The URL with its query, as the option `url` or the framework tells it; None if it is not known."""
    path: str | None
    """The path as the framework routed it, without the query; None if it is not known."""


def lasting(headers: Headers) -> Headers:
    """Returns headers that can be read more than once: those of an iterator are gone after the first time."""
    return list(headers) if isinstance(headers, Iterator) else headers


def head_of(request: Request) -> RequestHead:
    """Returns the part of a request that may be looked at before it is verified."""
    path = request.path
    if path is None and request.url is not None:
        # The sender chooses the host, and has no URL then that Python takes for one.
        with suppress(ValueError):
            path = urlsplit(request.url).path
    return RequestHead(_HeaderView(request.headers), request.method, request.url, path)


def header(headers: Headers, name: str) -> str | None:
    """Returns a header by its lower-case name, from headers of any shape; None where it is absent."""
    if isinstance(headers, EnvironHeaders):
        value: str | None = headers.get(name)
        return value
    found = [
        _text(line)
        for key, value in _pairs(headers)
        if len(key) == len(name) and _text(key).lower() == name
        for line in (value if isinstance(value, (list, tuple)) else [value])
        if line is not None
    ]
    return ", ".join(found) if found else None


def octets(body: Body) -> bytes:
    """Returns the bytes of a body; a str stands for its UTF-8."""
    return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else bytes(body)


def is_octets(body: object) -> bool:
    """Tells whether a body has bytes; one of another type, or released, is for the verifier to refuse."""
    if isinstance(body, str):
        return True
    try:
        memoryview(body)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def size_of(body: Body) -> int:
    """Counts the bytes of a body."""
    if isinstance(body, str):
        return len(octets(body))
    return memoryview(body).nbytes if is_octets(body) else 0


def _pairs(headers: Headers) -> Any:
    items = getattr(headers, "items", None)
    return headers if items is None else items()


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class _HeaderView(Mapping[str, str]):
    """Headers of any shape, as a mapping whose keys have no case."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers

    def __getitem__(self, name: str) -> str:
        found = header(self._headers, name.lower())
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        names = dict.fromkeys(_text(name).lower() for name, _ in _pairs(self._headers))
        # Not one whose value is None: it is absent.
        return (name for name in names if header(self._headers, name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)
