"""Who has seen this delivery: the protocol of stores, and the one in memory."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol
from weakref import WeakSet

from hookproof import _native

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hookproof.types import Seconds


@dataclass(frozen=True)
class Claim:
    """What a store answers when a delivery asks to be handled."""

    state: Literal["new", "running", "done", "full"]
    """`new`: run the handler. `running`: another delivery of the event is being handled. `done`: it was
    handled. `full`: the store has no room, so the sender must come back.
    """

    owner: str | None = None
    """Who holds the claim, for `complete` and `release`; given exactly when the state is `new`."""


class Store(Protocol):
    """Remembers which deliveries were handled, so that a handler runs once for each.

    Of any number of concurrent claims of one key exactly one is `new`. A claim that is neither completed nor
    released ends with its lease. A method that raises tells that the store cannot be asked: the receiver then
    answers 503, and the sender comes back.
    """

    def claim(self, key: str, lease_seconds: float) -> Claim:
        """Asks for the delivery with this idempotency key, for the time of the lease."""

    def complete(self, key: str, owner: str, retention_seconds: float) -> bool:
        """Marks a claimed delivery as done for the retention; returns False for a former owner."""

    def release(self, key: str, owner: str) -> bool:
        """Gives a claimed delivery back because its handler failed; returns False for a former owner."""


class AsyncStore(Protocol):
    """A `Store` whose methods are awaited, for `Receiver.areceive`."""

    def claim(self, key: str, lease_seconds: float) -> Awaitable[Claim]:
        """Asks for the delivery with this idempotency key, for the time of the lease."""

    def complete(self, key: str, owner: str, retention_seconds: float) -> Awaitable[bool]:
        """Marks a claimed delivery as done for the retention; returns False for a former owner."""

    def release(self, key: str, owner: str) -> Awaitable[bool]:
        """Gives a claimed delivery back because its handler failed; returns False for a former owner."""


class MemoryStore:
    """Remembers in the memory of one process which deliveries were handled.

    Several processes do not see each other's: what they share belongs in a database. It may be used from any
    thread and never blocks. `capacity` is how many deliveries it remembers, default 100,000, which take about
    30 MB; when it is full, what has ended goes first, then what has been done for longest. A claim that is
    running is never forgotten. `clock` returns seconds that never go back, default: `time.monotonic`.

    Raises `ConfigurationError`: `invalid_option`.

    >>> from hookproof import MemoryStore
    >>> store = MemoryStore()
    >>> claim = store.claim("fourvenues:default:id:00", lease_seconds=60)
    >>> claim.state, store.claim("fourvenues:default:id:00", lease_seconds=60).state
    ('new', 'running')
    >>> store.complete("fourvenues:default:id:00", claim.owner, retention_seconds=86400)
    True
    >>> store.claim("fourvenues:default:id:00", lease_seconds=60).state
    'done'
    """

    __slots__ = ("_clock", "_native")

    def __init__(self, *, capacity: int | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._native = _native.MemoryStore(capacity)
        self._clock = clock

    def claim(self, key: str, lease_seconds: Seconds) -> Claim:
        """Asks for the delivery with this idempotency key, for the time of the lease."""
        return Claim(*self._native.claim(key, self._now_millis(), lease_seconds))

    def complete(self, key: str, owner: str, retention_seconds: Seconds) -> bool:
        """Marks a claimed delivery as done for the retention; returns False for a former owner."""
        return self._native.complete(key, owner, self._now_millis(), retention_seconds)

    def release(self, key: str, owner: str) -> bool:
        """Gives a claimed delivery back because its handler failed; returns False for a former owner."""
        return self._native.release(key, owner)

    def __len__(self) -> int:
        """Returns how many deliveries it holds."""
        return len(self._native)

    def _now_millis(self) -> int:
        return int(self._clock() * 1000)


class SqliteStore:
    """Remembers in an SQLite file which deliveries were handled, for all processes of one machine.

    The file is created where there is none; what is done survives a crash of the process and of the
    machine. It belongs on a local disk: the locks of network file systems do not keep their word; and to the
    store alone: opened by `sqlite3` in the same process, it would be without its locks. A store may be used
    from any thread, and in a process that was forked.

    `timeout` is how long a call waits for other processes, seconds or a timedelta, default 5, at most 60.
    `clock` returns unix seconds, the same in all processes, default: `time.time`. The methods raise `OSError`
    when the file cannot be asked; the receiver answers 503 then. Keys are kept as SHA-256 digests only, and
    what has ended is cleared away a little with each claim.

    Raises `ConfigurationError`: `invalid_option` when the file cannot be opened, belongs to something else or
    to a newer version, or would be none (`:memory:`).

    >>> import tempfile
    >>> from pathlib import Path
    >>> from hookproof import SqliteStore
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = Path(folder.name) / "deliveries.sqlite"
    >>> store = SqliteStore(path)
    >>> claim = store.claim("fourvenues:default:id:00", lease_seconds=60)
    >>> store.complete("fourvenues:default:id:00", claim.owner, retention_seconds=86400)
    True
    >>> SqliteStore(path).claim("fourvenues:default:id:00", lease_seconds=60).state  # in another process
    'done'
    >>> store.close(); folder.cleanup()
    """

    __slots__ = ("_clock", "_file")

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        timeout: Seconds | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._file = _File(_native.SqliteStore(path, timeout))
        self._clock = clock

    def claim(self, key: str, lease_seconds: Seconds) -> Claim:
        """Asks for the delivery with this idempotency key, for the time of the lease."""
        now = self._now_millis()
        with self._file.lock:
            return Claim(*self._file.native.claim(key, now, lease_seconds))

    def complete(self, key: str, owner: str, retention_seconds: Seconds) -> bool:
        """Marks a claimed delivery as done for the retention; returns False for a former owner."""
        now = self._now_millis()
        with self._file.lock:
            return self._file.native.complete(key, owner, now, retention_seconds)

    def release(self, key: str, owner: str) -> bool:
        """Gives a claimed delivery back because its handler failed; returns False for a former owner."""
        with self._file.lock:
            return self._file.native.release(key, owner)

    def close(self) -> None:
        """Closes the file until the next call."""
        with self._file.lock:
            self._file.native.close()

    def _now_millis(self) -> int:
        return int(self._clock() * 1000)


class _File:
    """A native store, and the lock that each call holds, so that a fork waits for it."""

    __slots__ = ("__weakref__", "lock", "native")

    def __init__(self, native: _native.SqliteStore) -> None:
        self.native = native
        # Reentrant: a signal handler or a `__del__` may call the store in the middle of a call.
        self.lock = threading.RLock()
        _files.add(self)


_files: WeakSet[_File] = WeakSet()
_paused: list[_File] = []


def _pause() -> None:
    """Closes every file before a fork: what SQLite knows of its locks would be wrong in the child."""
    for file in list(_files):
        file.lock.acquire()
        _paused.append(file)
        file.native.close()


def _resume() -> None:
    while _paused:
        _paused.pop().lock.release()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(before=_pause, after_in_parent=_resume, after_in_child=_resume)
