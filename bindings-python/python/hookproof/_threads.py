"""Keeps what blocks out of the event loop."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hookproof.store import AsyncStore, Store


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
        self.claim = unblocked(store.claim)
        self.complete = unblocked(store.complete)
        self.release = unblocked(store.release)
