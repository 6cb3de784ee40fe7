"""Drives the steps of the flow: in this thread, in an event loop, or with a pause while another handles."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hookproof._native import Event, Handshake, Reply
    from hookproof._request import RequestHead
    from hookproof.verifier import Verifier

# Each step is a value, or something to await; the driver sends back what came of it.
Steps = Generator[Any, Any, "Delivery"]


@dataclass(frozen=True)
class Delivery:
    """What came of a request: the reply, what the handler returned where it ran, and the event of both."""

    reply: Reply
    answer: Any = None
    event: Event | None = None


@dataclass(frozen=True)
class Calls:
    """What the flow calls, in the colour of who drives it."""

    verify: Callable[[Verifier], Callable[..., Any]]
    choose: Callable[[RequestHead], Any]
    decode: Callable[[bytes, str, int], Any]
    store: Any
    handler: Callable[[Event], object]
    on_handshake: Callable[[Handshake], object]


@dataclass(frozen=True)
class Held:
    """What a handler returns that is elsewhere: the steps wait until it is told how that went."""

    event: Event


class Refusal(Exception):  # noqa: N818, it is an answer and not an error
    """Raised by an adapter's handler whose answer says that the delivery was not handled."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer


class Answered(Exception):  # noqa: N818, it is an answer and not an error
    """Raised where a request is answered without its handler."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


def run(steps: Steps) -> Delivery:
    """Runs the steps in this thread, where nothing is awaited."""
    try:
        step = next(steps)
        while True:
            if not inspect.isawaitable(step):
                step = _sent(steps, step)
                continue
            # A coroutine that nobody awaits must not pass for a handler that returned.
            if inspect.iscoroutine(step):
                step.close()
            message = (
                "the handler, the store, the choice of a secret or on_handshake is asynchronous: use areceive"
            )
            step = steps.throw(TypeError(message))
    except StopIteration as end:
        return _delivery(end)


async def arun(steps: Steps) -> Delivery:
    """Runs the steps in the event loop."""
    ended = await advance(steps, lambda: next(steps))
    # Nothing in them holds: a handler would have to return what is private.
    assert isinstance(ended, Delivery)  # noqa: S101
    return ended


async def advance(steps: Steps, take: Callable[[], Any]) -> Delivery | Held:
    """Takes a step and those after it, until they end or are held."""
    try:
        step = take()
        while not isinstance(step, Held):
            try:
                value = await step if inspect.isawaitable(step) else step
            except GeneratorExit:
                # The loop is gone, and nothing can be awaited any more: the lease frees the claim.
                steps.close()
                raise
            except BaseException as error:  # noqa: BLE001, what the flow does not take it raises again
                step = steps.throw(error)
            else:
                step = _sent(steps, value)
    except StopIteration as end:
        return _delivery(end)
    return step


def is_lazy(value: object) -> bool:
    """Tells a generator, asynchronous or not: of a function with `yield` inside nothing has run yet."""
    return inspect.isgenerator(value) or inspect.isasyncgen(value)


def _sent(steps: Steps, value: Any) -> Any:
    """Sends back what came of a step."""
    if not is_lazy(value):
        return steps.send(value)
    # It must not pass for a handler that returned: the event would be lost.
    message = (
        "the handler, the store, the choice of a secret or on_handshake is a generator, "
        "of which nothing has run: have no yield in it"
    )
    return steps.throw(TypeError(message))


def _delivery(end: StopIteration) -> Delivery:
    delivery: Delivery = end.value
    return delivery
