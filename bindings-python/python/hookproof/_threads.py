"""Keeps what blocks out of the event loop."""

from __future__ import annotations

import inspect
from contextlib import suppress
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
    """A store whose methods can be awaited, whatever they are."""

    def __init__(self, store: Store | AsyncStore) -> None:
        self._claim = unblocked(store.claim)
        self.complete = unblocked(store.complete)
        self.release = unblocked(store.release)

    async def claim(self, key: str, lease_seconds: float) -> Claim:
        """Claims a delivery; what is claimed after whoever awaits this was cancelled is given back."""
        import asyncio  # noqa: PLC0415, imported at the first use

        claiming = asyncio.ensure_future(self._claim(key, lease_seconds))
        try:
            # Neither a thread nor a server stops for a cancellation: the claim may well be made, and until its
            # lease ends nobody could handle the delivery.
            claim: Claim = await asyncio.shield(claiming)
        except asyncio.CancelledError:
            ending = asyncio.ensure_future(self._given_back(key, claiming))
            _endings.add(ending)
            ending.add_done_callback(_endings.discard)
            raise
        return claim

    async def _given_back(self, key: str, claiming: Future[Claim]) -> None:
        # The lease frees what cannot be given back, and there is nobody to tell.
        with suppress(Exception):
            owner = (await claiming).owner
            if owner is not None:
                await self.release(key, owner)


# A loop holds its tasks weakly.
_endings: set[Future[None]] = set()
