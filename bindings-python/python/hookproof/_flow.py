"""The one flow of a request, which every receiver and every framework adapter calls, in both colours."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from hookproof._errors import HookproofError, PayloadError, VerificationError, body_too_large
from hookproof._native import outcome_of
from hookproof._options import seconds, whole
from hookproof._threads import UnblockedStore, unblocked
from hookproof._watchers import Watchers, logger
from hookproof.retry import RetryPolicy
from hookproof.store import Claim, MemoryStore

if TYPE_CHECKING:
    from hookproof._native import Event, Handshake, Reply
    from hookproof.store import AsyncStore, Store
    from hookproof.types import Body, Headers, Seconds
    from hookproof.verifier import Verifier

# Retries of most senders end within days; what a receiver remembers must outlive them with room to spare.
_LEAST_RETENTION = timedelta(days=3)

# Each step is a value, or something to await; the driver sends back what came of it.
_Steps = Generator[Any, Any, "Delivery"]


@dataclass(frozen=True)
class Request:
    """One request as a framework hands it over."""

    body: Body
    headers: Headers
    method: str | None = None
    url: str | None = None
    now: float | None = None
    # Of a method with which no event comes: it is a handshake, or not allowed.
    handshake_only: bool = False


@dataclass(frozen=True)
class Delivery:
    """What came of a request: the reply, and what the handler returned where it ran."""

    reply: Reply
    answer: Any = None


class Flow:
    """Size, handshake, verify, ping, claim, handler, complete or release, reply: in this order."""

    def __init__(
        self,
        verifier: Verifier,
        *,
        store: Store | AsyncStore | None,
        max_body: int,
        lease: Seconds,
        retention: Seconds | None,
        watchers: Watchers,
        on_handshake: Callable[[Handshake], object] | None,
    ) -> None:
        self.verifier = verifier
        self.provider = verifier.provider
        self.max_body = whole("max_body", max_body)
        self.watchers = watchers
        self._on_handshake = on_handshake or _ignored
        self._store = MemoryStore() if store is None else store
        self._lease = seconds("lease", lease)
        self._retention = seconds("retention", self._default_retention() if retention is None else retention)

    def deliver(self, request: Request, handler: Callable[[Event], object]) -> Delivery:
        """Runs the flow in this thread, for handlers and stores that are not awaited."""
        steps = self._steps(self.verifier.verify, self._store, request, handler, self._on_handshake)
        try:
            step = next(steps)
            while True:
                if not inspect.isawaitable(step):
                    step = steps.send(step)
                    continue
                # A coroutine that nobody awaits must not pass for a handler that returned.
                if inspect.iscoroutine(step):
                    step.close()
                message = "the handler, the store or on_handshake is asynchronous: use areceive"
                step = steps.throw(TypeError(message))
        except StopIteration as end:
            return _delivery(end)

    async def adeliver(self, request: Request, handler: Callable[[Event], object]) -> Delivery:
        """Runs the flow in the event loop; what is not asynchronous runs in another thread."""
        store = self._store if isinstance(self._store, MemoryStore) else UnblockedStore(self._store)
        on_handshake = self._on_handshake if self._on_handshake is _ignored else unblocked(self._on_handshake)
        steps = self._steps(self.verifier.averify, store, request, unblocked(handler), on_handshake)
        try:
            step = next(steps)
            while True:
                try:
                    value = await step if inspect.isawaitable(step) else step
                except GeneratorExit:
                    # The loop is gone, and nothing can be awaited any more: the lease frees the claim.
                    steps.close()
                    raise
                except BaseException as error:  # noqa: BLE001, what the flow does not take it raises again
                    step = steps.throw(error)
                else:
                    step = steps.send(value)
        except StopIteration as end:
            return _delivery(end)

    def refused(self, error: HookproofError) -> Reply:
        """Tells of a request that `verify` did not take, and returns the provider's reply."""
        if isinstance(error, (VerificationError, PayloadError)):
            self.watchers.rejected(error)
        else:
            self.watchers.failed(error, None, "could not judge a request")
        return self.provider.reply(outcome_of(error.code))

    def _steps(
        self,
        verify: Callable[..., object],
        store: Any,
        request: Request,
        handler: Callable[[Event], object],
        on_handshake: Callable[[Handshake], object],
    ) -> _Steps:
        size = _size(request.body)
        if size > self.max_body:
            return Delivery(self.refused(body_too_large(size, self.max_body)))
        words: Any = {"now": request.now, "method": request.method, "url": request.url}
        try:
            if self.verifier.answers_unsigned:
                # Before it is verified: such a request has no signature, and is never an event.
                handshake = self.verifier.handshake(request.body, request.headers, **words)
                if handshake is not None:
                    return (yield from self._greeted(handshake, None, on_handshake))
            if request.handshake_only:
                return self._outcome("method_not_allowed")
            event: Event = yield verify(request.body, request.headers, **words)
        except HookproofError as error:
            return Delivery(self.refused(error))
        if event.handshake is not None:
            return (yield from self._greeted(event.handshake, event, on_handshake))
        if event.is_ping:
            return self._outcome("ping")
        # Claimed after it was verified, always: a forged request must neither fill the store nor mark an id
        # as seen.
        key = event.idempotency_key
        try:
            claim = yield store.claim(key, self._lease)
            owner = _owner(claim)
        except Exception as error:  # noqa: BLE001, whatever a store raises means that it cannot be asked
            # Not handled without a store: that would run the handler twice for the deliveries of a bad hour.
            self.watchers.failed(error, event, "the store of deliveries failed")
            return self._outcome("store_unavailable")
        if owner is None:
            self.watchers.repeated(event)
            return self._outcome("duplicate" if claim.state == "done" else "running")
        try:
            answer = yield handler(event)
        except GeneratorExit:
            raise
        except BaseException as error:
            yield from self._settle(partial(store.release, key, owner), event)
            if isinstance(error, Refusal):
                return Delivery(self.provider.reply("handler_failed"), error.answer)
            if not isinstance(error, Exception):
                raise
            self.watchers.failed(error, event, "the handler failed")
            return self._outcome("handler_failed")
        # Marked as done only now: a crash before this point must leave the event to a retry.
        yield from self._settle(partial(store.complete, key, owner, self._retention), event)
        return Delivery(self.provider.reply("accepted"), answer)

    def _greeted(
        self, handshake: Handshake, event: Event | None, on_handshake: Callable[[Handshake], object]
    ) -> _Steps:
        """Answers a handshake, after what it hands over was stored."""
        try:
            yield on_handshake(handshake)
        except Exception as error:  # noqa: BLE001, whatever it raises means that nothing was stored
            # Not answered as if it were: the provider would sign with a secret that nobody has.
            self.watchers.failed(error, event, "the handshake could not be kept")
            return self._outcome("handler_failed")
        return Delivery(handshake.reply)

    def _settle(self, end: Callable[[], object], event: Event) -> Generator[object, object, None]:
        """Completes or releases a claim. What fails here changes no reply: the handler's outcome counts."""
        try:
            if not (yield end()):
                logger.warning("the lease ended before the handler did, for %r", event)
        except Exception as error:  # noqa: BLE001, whatever a store raises means that it cannot be asked
            self.watchers.failed(error, event, "the store of deliveries failed")

    def _outcome(self, outcome: str) -> Delivery:
        return Delivery(self.provider.reply(outcome))

    def _default_retention(self) -> timedelta:
        try:
            return max(_LEAST_RETENTION, 2 * RetryPolicy.of(self.provider).longest_span)
        except HookproofError:
            return _LEAST_RETENTION


class Refusal(Exception):  # noqa: N818, it is an answer and not an error
    """Raised by an adapter's handler whose answer says that the delivery was not handled."""

    def __init__(self, answer: object) -> None:
        super().__init__()
        self.answer = answer


def _ignored(_handshake: Handshake) -> None:
    """Keeps nothing."""


def _owner(claim: Claim) -> str | None:
    """Returns the owner of a new claim, None for what somebody has; raises where there is no answer."""
    if claim.state == "new" and isinstance(claim.owner, str):
        return claim.owner
    if claim.state in ("running", "done"):
        return None
    message = f"the store answered {claim.state!r}"
    raise RuntimeError(message)


def _delivery(end: StopIteration) -> Delivery:
    delivery: Delivery = end.value
    return delivery


def _size(body: Body) -> int:
    if isinstance(body, str):
        return len(body.encode("utf-8", "surrogatepass"))
    try:
        return memoryview(body).nbytes
    except TypeError:
        # The verifier says what is wrong with it.
        return 0
