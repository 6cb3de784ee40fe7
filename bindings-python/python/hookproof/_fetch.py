"""Asks a server for one document: no redirects, no other protocols, and an end to everything."""

from __future__ import annotations

import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import SHUT_RDWR, socket
from typing import Any, cast
from urllib.request import (
    AbstractHTTPHandler,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    UnknownHandler,
)

_HEADERS = {
    "Accept": "application/json",
    # The limit counts what is read, and what is read is then what was sent.
    "Accept-Encoding": "identity",
    "User-Agent": "hookproof",
}


class FetchError(Exception):
    """There is no answer; the text says why."""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    cache_control: str | None
    age: str | None
    body: bytes


def fetch(url: str, timeout: float, max_body: int) -> Answer:
    """Fetches a document in `timeout` seconds in all; of a body over `max_body` bytes one byte more is read.

    Raises `FetchError` where there is no answer, and nothing else.
    """
    guard = _Guard(timeout)
    try:
        with _opener(url, guard).open(Request(url, headers=_HEADERS), timeout=timeout) as response:  # noqa: S310, the core lets https and this machine through
            answer = _answer(response, max_body)
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(guard.reason(error)) from error
    finally:
        guard.end()
    if guard.has_cut:
        # A body that was cut may look like a whole one.
        raise FetchError(guard.reason(None))
    return answer


def _answer(response: HTTPResponse, max_body: int) -> Answer:
    headers = response.headers
    body = response.read(max_body + 1)
    return Answer(response.status, headers.get("Cache-Control"), headers.get("Age"), body)


def _opener(url: str, guard: _Guard) -> OpenerDirector:
    """Makes an opener that knows http and https and nothing else.

    There is no handler for redirects and none for errors: an answer is one, whatever its status. Proxies
    are those of the environment, but for this machine.
    """
    opener = OpenerDirector()
    proxies = ProxyHandler() if url.startswith("https:") else ProxyHandler({})
    for handler in (proxies, UnknownHandler(), _Http(guard), _Https(guard)):
        opener.add_handler(handler)
    return opener


class _Guard:
    """Ends a request when its time is over.

    The time limit of a socket starts anew with every byte, so that a server which sends one a second would be
    listened to for hours. When the time is over the connection is shut, under the hands of whoever reads.
    """

    def __init__(self, timeout: float) -> None:
        self.has_cut = False
        self._timeout = timeout
        self._ends_at = time.monotonic() + timeout
        self._lock = threading.Lock()
        self._connections: list[socket] = []
        self._timer = threading.Timer(timeout, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, connection: socket) -> None:
        """Adds a connection: a second handle of it, for TLS takes the first one over."""
        with self._lock:
            self._connections.append(connection.dup())
        if time.monotonic() >= self._ends_at:
            self._cut()

    def end(self) -> None:
        """Lets go of everything."""
        self._timer.cancel()
        with self._lock:
            while self._connections:
                self._connections.pop().close()

    def reason(self, error: Exception | None) -> str:
        """Says in a few words why there is no answer."""
        if self.has_cut or isinstance(error, TimeoutError) or error is None:
            return f"no whole answer came within {self._timeout:.3g} seconds"
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            return f"no whole answer came within {self._timeout:.3g} seconds"
        return f"{type(reason).__name__}: {reason}"[:200]

    def _cut(self) -> None:
        with self._lock:
            self.has_cut = True
            for connection in self._connections:
                with suppress(OSError):
                    connection.shutdown(SHUT_RDWR)


class _Watched(HTTPConnection):
    """A connection that a guard watches from its first byte on."""

    guard: _Guard

    def connect(self) -> None:
        super().connect()
        self.guard.watch(cast("socket", self.sock))


# In this order, so that TLS is put upon a connection that is watched already.
class _WatchedTls(HTTPSConnection, _Watched):
    """The same with TLS."""


class _Http(HTTPHandler):
    def __init__(self, guard: _Guard) -> None:
        super().__init__()
        self._guard = guard

    def http_open(self, req: Request) -> HTTPResponse:
        return _open(self, partial(_connection, _Watched, self._guard), req)


class _Https(HTTPSHandler):
    def __init__(self, guard: _Guard) -> None:
        # Not the default of the process, which programs replace by one that checks nothing.
        self._checked = ssl.create_default_context()
        super().__init__(context=self._checked)
        self._guard = guard

    def https_open(self, req: Request) -> HTTPResponse:
        return _open(self, partial(_connection, _WatchedTls, self._guard), req, context=self._checked)


def _connection(kind: type[_Watched], guard: _Guard, host: str, **options: Any) -> _Watched:
    connection = kind(host, **options)
    connection.guard = guard
    return connection


def _open(handler: AbstractHTTPHandler, connection: Any, request: Request, **options: Any) -> HTTPResponse:
    return handler.do_open(connection, request, **options)
