"""Keeps what blocks out of the event loop."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Awaitable, Callable

    from hookproof.store import AsyncStore, Claim, Store


def unblocked(function: Callable[..., object]) -> Callable[..., Awaitable[Any]]:
    """Returns a function to await: itself for a coroutine function, else one that runs it in a thread."""
    if is_awaited(function):
        return function  # type: ignore[return-value]

    def call(*arguments: object) -> object:
        try:
            return function(*arguments)
        except (StopIteration, GeneratorExit) as error:
            # A future cannot hold the one, and whoever awaits one that should would wait for ever; the other
            # would look like the end of the loop.
            message = f"{type(error).__name__} was raised"
            raise RuntimeError(message) from error

    async def run(*arguments: object) -> object:
        # Whoever awaits this has imported it already, and whoever does not never waits for its import.
        import asyncio  # noqa: PLC0415, imported at the first use

        result = await asyncio.to_thread(call, *arguments)
        return await result if inspect.isawaitable(result) else result

    return run


def is_awaited(function: Callable[..., object]) -> bool:
    """Tells a coroutine function, however it is wrapped in an object."""
    # An object whose `__call__` is a coroutine function is one as well.
    call = getattr(type(function), "__call__", None)  # noqa: B004, it is not about being callable
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call)


class UnblockedStore:
    """A store whose methods can be awaited, whatever they are.

    What was begun goes on when whoever awaits it is cancelled, as a thread and a server do. A
    claim would be nobody's until its lease ends, and what is not marked as done would be handled again.
    """

    def __init__(self, store: Store | AsyncStore) -> None:
        self._claim = unblocked(store.claim)
        self._complete = unblocked(store.complete)
        self._release = unblocked(store.release)

    async def claim(self, key: str, lease_seconds: float) -> Claim:
        """Claims a delivery; what is claimed after a cancellation is given back."""
        import asyncio  # noqa: PLC0415, imported at the first use

        claiming = _begun(self._claim(key, lease_seconds))
        try:
            claim: Claim = await asyncio.shield(claiming)
        except asyncio.CancelledError:
            _begun(self._given_back(key, claiming))
            raise
        return claim

    async def complete(self, key: str, owner: str, retention_seconds: float) -> bool:
        """Marks a claimed delivery as done."""
        import asyncio  # noqa: PLC0415, imported at the first use

        return bool(await asyncio.shield(_begun(self._complete(key, owner, retention_seconds))))

    async def release(self, key: str, owner: str) -> bool:
        """Gives a claimed delivery back."""
        import asyncio  # noqa: PLC0415, imported at the first use

        return bool(await asyncio.shield(_begun(self._release(key, owner))))

    async def _given_back(self, key: str, claiming: Future[Claim]) -> None:
        owner = (await claiming).owner
        if owner is not None:
            await self._release(key, owner)


# A loop holds its tasks weakly.
_begun_tasks: set[Future[Any]] = set()


def _begun(awaited: Awaitable[Any]) -> Future[Any]:
    """Begins what is to go on by itself."""
    import asyncio  # noqa: PLC0415, imported at the first use

    task = asyncio.ensure_future(awaited)
    _begun_tasks.add(task)
    task.add_done_callback(_ended)
    return task


def _ended(task: Future[Any]) -> None:
    _begun_tasks.discard(task)
    if not task.cancelled():
        # Where nobody awaits it any more the lease frees the claim, and there is nobody to tell.
        task.exception()
