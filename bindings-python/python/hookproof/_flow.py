"""The one flow of a request, which every receiver and every framework adapter calls, in both colours."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from operator import attrgetter
from time import perf_counter
from typing import TYPE_CHECKING, Any

from hookproof._coding import decoded, known_coding, unsupported
from hookproof._drive import Answered, Calls, Delivery, Held, Refusal, Steps, advance, arun, run
from hookproof._errors import HookproofError, PayloadError, VerificationError, body_too_large, unknown_sender
from hookproof._native import Provider, outcome_of
from hookproof._options import seconds, whole
from hookproof._request import Request, head_of, header, is_octets, lasting, octets, size_of
from hookproof._threads import UnblockedStore, unblocked
from hookproof._watchers import Watchers, logger
from hookproof.retry import RetryPolicy
from hookproof.store import Claim, MemoryStore
from hookproof.verifier import Verifier

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator

    from hookproof._choice import Choice
    from hookproof._native import Event, Handshake, Reply
    from hookproof.store import AsyncStore, Store
    from hookproof.types import Seconds

# Retries of most senders end within days; what a receiver remembers must outlive them with room to spare.
_LEAST_RETENTION = timedelta(days=3)
# Whose replies answer where no provider is known: those of the standard.
_NOBODY = "standard-webhooks"
# From how many bytes on a body is decoded in a thread.
_LARGE_BODY = 16 * 1024


class Flow:
    """Size, coding, whose keys, handshake, verify, ping, claim, handler, complete or release, reply."""

    def __init__(
        self,
        verifier: Verifier | Choice,
        *,
        replies: str | Provider | None = None,
        store: Store | AsyncStore | None = None,
        max_body: int,
        lease: Seconds,
        retention: Seconds | None = None,
        watchers: Watchers,
        on_handshake: Callable[[Handshake], object] | None = None,
    ) -> None:
        fixed = verifier if isinstance(verifier, Verifier) else None
        if fixed is None and not callable(verifier):
            message = f"the verifier is {type(verifier).__name__}, expected a Verifier or a function"
            raise TypeError(message)
        self._verifier = fixed
        self._choose: Any = verifier
        self._provider = _provider_of(fixed, replies)
        self.max_body = whole("max_body", max_body)
        self.watchers = watchers
        self._on_handshake = on_handshake or _ignored
        self._store = MemoryStore() if store is None else _checked_store(store)
        self._lease = seconds("lease", lease)
        if retention is None and (fixed is not None or replies is not None):
            retention = _default_retention(self._provider)
        self._retention = None if retention is None else seconds("retention", retention)
        # Whether a request of another method than POST can be a handshake, and is to be read.
        self.greets = (
            fixed.answers_unsigned
            if fixed is not None
            else replies is None or bool(self._provider.describe()["handshakes"])
        )

    def deliver(self, request: Request, handler: Callable[[Event], object]) -> Delivery:
        """Runs the flow in this thread, for handlers and stores that are not awaited."""
        verify = attrgetter("verify")
        calls = Calls(verify, self._choose, decoded, self._store, handler, self._on_handshake)
        return run(self._steps(request, calls))

    async def adeliver(self, request: Request, handler: Callable[[Event], object]) -> Delivery:
        """Runs the flow in the event loop; what is not asynchronous runs in another thread."""
        return await arun(self._steps(request, self._unblocked(request, unblocked(handler))))

    @asynccontextmanager
    async def held(self, request: Request) -> AsyncIterator[Event]:
        """Runs the flow around a handler that is elsewhere: what it raises releases the claim.

        Raises `Answered` for a request that no handler is to see.
        """
        steps = self._steps(request, self._unblocked(request, Held))
        found = await advance(steps, partial(next, steps))
        if isinstance(found, Delivery):
            raise Answered(found.reply)
        try:
            yield found.event
        except GeneratorExit:
            steps.close()
            raise
        except BaseException as error:
            await advance(steps, partial(steps.throw, error))
            raise
        await advance(steps, partial(steps.send, None))

    def _unblocked(self, request: Request, handler: Callable[[Event], object]) -> Calls:
        store = self._store if isinstance(self._store, MemoryStore) else UnblockedStore(self._store)
        return Calls(
            attrgetter("averify"),
            unblocked(self._choose),
            unblocked(decoded) if size_of(request.body) >= _LARGE_BODY else decoded,
            store,
            handler,
            self._on_handshake if self._on_handshake is _ignored else unblocked(self._on_handshake),
        )

    def _steps(self, request: Request, calls: Calls) -> Steps:
        """Tells what came of a request, once."""
        started = perf_counter()
        try:
            request.headers = lasting(request.headers)
            delivery = yield from self._judged(request, calls)
        except BaseException as error:
            # An interruption or a cancellation: the claim was released, and there is nobody to answer.
            if not isinstance(error, (Exception, GeneratorExit)):
                self.watchers.ended("handler_failed", None, perf_counter() - started)
            raise
        self.watchers.ended(delivery.reply.outcome, delivery.event, perf_counter() - started)
        return delivery

    def _judged(self, request: Request, calls: Calls) -> Steps:
        if request.handshake_only and not self.greets:
            return self._outcome("method_not_allowed")
        size = size_of(request.body)
        failure = request.failure
        if failure is None and size > self.max_body:
            failure = body_too_large(size, self.max_body)
        if failure is not None:
            return self._refused(failure)
        try:
            coding = known_coding(header(request.headers, "content-encoding"))
        except VerificationError as error:
            return self._refused(error, reply=unsupported())
        verifier = self._verifier
        if verifier is None:
            try:
                verifier = yield calls.choose(head_of(request))
                if verifier is not None and not isinstance(verifier, Verifier):
                    message = f"the choice of a verifier returned {type(verifier).__name__}"
                    raise TypeError(message)  # noqa: TRY301, it is answered like what the function raises
            except Exception as error:  # noqa: BLE001, whatever it raises, nobody knows whose request this is
                # Not refused for good: the sender would not come again, and the event would be lost.
                self.watchers.failed(error, None, "the keys for a request could not be had")
                return self._outcome("keys_unavailable")
        if verifier is None:
            return self._refused(unknown_sender())
        try:
            if coding is not None and is_octets(request.body):
                request.body = yield calls.decode(octets(request.body), coding, self.max_body)
            words: Any = {"now": request.now, "method": request.method, "url": request.url}
            if verifier.answers_unsigned:
                # Before it is verified: such a request has no signature, and is never an event.
                handshake = verifier.handshake(request.body, request.headers, **words)
                if handshake is not None:
                    return (yield from self._greeted(handshake, None, calls))
            if request.handshake_only:
                return self._outcome("method_not_allowed", verifier.provider)
            event: Event = yield calls.verify(verifier)(request.body, request.headers, **words)
        except HookproofError as error:
            return self._refused(error, verifier.provider)
        if event.handshake is not None:
            return (yield from self._greeted(event.handshake, event, calls))
        if event.is_ping:
            return self._outcome("ping", verifier.provider, event)
        return (yield from self._claimed(event, verifier.provider, calls))

    def _claimed(self, event: Event, provider: Provider, calls: Calls) -> Steps:
        """Runs the handler for an event that nobody has handled."""
        # Claimed after it was verified, always: a forged request must neither fill the store nor mark an id
        # as seen.
        key = event.idempotency_key
        try:
            claim = yield calls.store.claim(key, self._lease)
            owner = _owner(claim)
        except Exception as error:  # noqa: BLE001, whatever a store raises means that it cannot be asked
            # Not handled without a store: that would run the handler twice for the deliveries of a bad hour.
            self.watchers.failed(error, event, "the store of deliveries failed")
            return self._outcome("store_unavailable", provider, event)
        if owner is None:
            self.watchers.repeated(event)
            return self._outcome("duplicate" if claim.state == "done" else "running", provider, event)
        try:
            answer = yield _begun(calls.handler, event)
        except GeneratorExit:
            raise
        except BaseException as error:
            yield from self._settle(partial(calls.store.release, key, owner), event)
            if isinstance(error, Refusal):
                return Delivery(provider.reply("handler_failed"), error.answer, event)
            if not isinstance(error, Exception):
                raise
            self.watchers.failed(error, event, "the handler failed")
            return self._outcome("handler_failed", provider, event)
        # Marked as done only now: a crash before this point must leave the event to a retry.
        retention = self._retention or _default_retention(provider)
        yield from self._settle(partial(calls.store.complete, key, owner, retention), event)
        return Delivery(provider.reply("accepted"), answer, event)

    def _greeted(self, handshake: Handshake, event: Event | None, calls: Calls) -> Steps:
        """Answers a handshake, after what it hands over was stored."""
        try:
            yield calls.on_handshake(handshake)
        except Exception as error:  # noqa: BLE001, whatever it raises means that nothing was stored
            # Not answered as if it were: the provider would sign with a secret that nobody has.
            self.watchers.failed(error, event, "the handshake could not be kept")
            return self._outcome("handler_failed", None, event)
        return Delivery(handshake.reply, event=event)

    def _settle(self, end: Callable[[], object], event: Event) -> Generator[object, object, None]:
        """Completes or releases a claim. What fails here changes no reply: the handler's outcome counts."""
        try:
            if not (yield end()):
                logger.warning("the lease ended before the handler did, for %r", event)
        except Exception as error:  # noqa: BLE001, whatever a store raises means that it cannot be asked
            self.watchers.failed(error, event, "the store of deliveries failed")

    def _refused(
        self, error: HookproofError, provider: Provider | None = None, reply: Reply | None = None
    ) -> Delivery:
        """Tells of a request that nothing could be made of, and answers it."""
        if isinstance(error, (VerificationError, PayloadError)):
            self.watchers.rejected(error)
        else:
            self.watchers.failed(error, None, "could not judge a request")
        return Delivery(reply or (provider or self._provider).reply(outcome_of(error.code)))

    def _outcome(
        self, outcome: str, provider: Provider | None = None, event: Event | None = None
    ) -> Delivery:
        return Delivery((provider or self._provider).reply(outcome), event=event)


def _checked_store(store: Any) -> Any:
    for name in ("claim", "complete", "release"):
        if not callable(getattr(store, name, None)):
            message = f"the option store is {type(store).__name__}, which has no method {name}"
            raise TypeError(message)
    return store


def _begun(handler: Callable[[Event], object], event: Event) -> object:
    """Calls the handler; a `GeneratorExit` of its own is no end of the steps, which would keep the claim."""
    try:
        return handler(event)
    except GeneratorExit as error:
        message = "GeneratorExit was raised"
        raise RuntimeError(message) from error


def _provider_of(verifier: Verifier | None, replies: str | Provider | None) -> Provider:
    if verifier is not None:
        return verifier.provider
    if isinstance(replies, Provider):
        return replies
    return Provider.named(replies or _NOBODY)


def _default_retention(provider: Provider) -> float:
    try:
        span = max(_LEAST_RETENTION, 2 * RetryPolicy.of(provider).longest_span)
    except HookproofError:
        span = _LEAST_RETENTION
    return span.total_seconds()


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
