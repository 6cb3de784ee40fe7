"""Fetches the keys that the core asks for: one fetch at a time, which everybody waits for together."""

from __future__ import annotations

import asyncio
import os
import threading
import weakref
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from typing import TYPE_CHECKING

from hookproof._fetch import FetchError, fetch

if TYPE_CHECKING:
    from hookproof._native import RemoteKeys

# A little more than a fetch may take, so that who waits learns of its end. The search for the name of a host
# has no limit that could be set, and nobody waits for it longer than this.
_LONGEST_WAIT = 5.5

_Flight = Future[None]

# Reentrant, as those of the fetchers are: a signal handler or a `__del__` may verify while it is held.
making = threading.RLock()
"""Held while a verifier makes its fetcher, of which it has one whatever threads use it first at once."""


class KeyFetcher:
    """Makes the requests of one key set, in a thread of its own."""

    def __init__(self, keys: RemoteKeys) -> None:
        self._keys = keys
        self._lock = threading.RLock()
        self._flight: _Flight | None = None
        _fetchers.add(self)

    def is_due(self) -> bool:
        """Tells whether newer keys should be fetched."""
        return self._keys.state() == "due"

    def refresh(self) -> None:
        """Fetches newer keys, if it is time, while nobody waits."""
        self._start(unknown_key=False)

    def prewarm(self) -> None:
        """Fetches keys, if it is time, and returns when they are there; raises where there are none."""
        flight, _ = self._start(unknown_key=False)
        if flight is not None:
            _wait(flight)
        self._keys.require()

    async def aprewarm(self) -> None:
        """Does what `prewarm` does without keeping the event loop from other work."""
        flight, _ = self._start(unknown_key=False)
        if flight is not None:
            await _await(flight)
        self._keys.require()

    def wait(self) -> None:
        """Waits for the keys that a token lacks.

        Where there are others, only one thread waits for newer ones: whoever sends unknown keys must not be
        able to keep all threads of a server waiting.
        """
        flight, is_own = self._start(unknown_key=True)
        if flight is not None and (is_own or self._keys.state() == "missing"):
            _wait(flight)

    async def await_keys(self) -> None:
        """Does what `wait` does without blocking the event loop, where waiting costs no thread."""
        flight, _ = self._start(unknown_key=True)
        if flight is not None:
            await _await(flight)

    def forget_flight(self) -> None:
        """Starts anew in a forked process, in which the thread that fetches does not exist."""
        self._lock = threading.RLock()
        self._flight = None

    def _start(self, *, unknown_key: bool) -> tuple[_Flight | None, bool]:
        """Returns the fetch that is under way, and whether this call has started it."""
        with self._lock:
            if self._flight is not None:
                return self._flight, False
            request = self._keys.start(unknown_key)
            if request is None:
                return None, False
            try:
                flight = self._flight = Future()
                threading.Thread(
                    target=self._fly, args=(flight, request), name="hookproof-keys", daemon=True
                ).start()
            except BaseException as error:
                # The machine has no thread to give, or the interpreter is about to end; or a signal has
                # interrupted this, and everybody would wait for what nobody fetches.
                self._flight = None
                self._keys.failed(request[0], str(error) or type(error).__name__)
                if not isinstance(error, RuntimeError):
                    raise
                return None, False
            return flight, True

    def _fly(self, flight: _Flight, request: tuple[int, str, float, int] | None) -> None:
        try:
            while request is not None:
                request = self._make(*request)
        finally:
            with self._lock:
                if self._flight is flight:
                    self._flight = None
            flight.set_result(None)

    def _make(
        self, ticket: int, url: str, timeout: float, max_body: int
    ) -> tuple[int, str, float, int] | None:
        try:
            answer = fetch(url, timeout, max_body)
        except FetchError as error:
            self._keys.failed(ticket, str(error))
            return None
        except BaseException as error:
            self._keys.failed(ticket, type(error).__name__)
            raise
        return self._keys.answered(ticket, answer.status, answer.cache_control, answer.age, answer.body)


def _wait(flight: _Flight) -> None:
    with suppress(FutureTimeoutError):
        flight.result(_LONGEST_WAIT)


async def _await(flight: _Flight) -> None:
    loop, landed = asyncio.get_running_loop(), asyncio.Event()

    def wake(_flight: _Flight) -> None:
        # Not `wrap_future`: whoever stops waiting would cancel the fetch for all others. A loop that has
        # ended meanwhile has nobody to wake.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(landed.set)

    flight.add_done_callback(wake)
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(landed.wait(), _LONGEST_WAIT)


_fetchers: weakref.WeakSet[KeyFetcher] = weakref.WeakSet()


def _forget_flights() -> None:
    global making  # noqa: PLW0603, another thread of the parent may hold it, which does not exist here
    making = threading.RLock()
    for fetcher in list(_fetchers):
        fetcher.forget_flight()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_flights)
