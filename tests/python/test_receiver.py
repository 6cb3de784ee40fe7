"""The receiver: one flow for every framework, in both colours."""

import asyncio
import functools
import inspect
import logging
import threading
from collections.abc import Callable
from typing import Any

import pytest
from authentic import BODY, HEADERS, NOW, SECRET, WHSEC, delivery, verifier

from hookproof import (
    Claim,
    ConfigurationError,
    Event,
    HookproofError,
    MemoryStore,
    Receiver,
    Reply,
    Signer,
    Verifier,
)

Receive = Callable[..., Reply]


class Clock:
    """A clock that stands until it is told to go."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class AwaitedStore:
    """A store whose methods are coroutines."""

    def __init__(self) -> None:
        self.inner = MemoryStore()

    async def claim(self, key: str, lease_seconds: float) -> Claim:
        await asyncio.sleep(0)
        return self.inner.claim(key, lease_seconds)

    async def complete(self, key: str, owner: str, retention_seconds: float) -> bool:
        await asyncio.sleep(0)
        return self.inner.complete(key, owner, retention_seconds)

    async def release(self, key: str, owner: str) -> bool:
        await asyncio.sleep(0)
        return self.inner.release(key, owner)


class BrokenStore(MemoryStore):
    """A store that is down at one of its methods."""

    def __init__(self, broken: str) -> None:
        super().__init__()
        self.broken = broken

    def _fail(self, name: str) -> None:
        if name == self.broken:
            raise ConnectionError(name)

    def claim(self, key: str, lease_seconds: Any) -> Claim:
        self._fail("claim")
        return super().claim(key, lease_seconds)

    def complete(self, key: str, owner: str, retention_seconds: Any) -> bool:
        self._fail("complete")
        return super().complete(key, owner, retention_seconds)

    def release(self, key: str, owner: str) -> bool:
        self._fail("release")
        return super().release(key, owner)


class Handler:
    """A handler that counts, and fails as often as it is told to."""

    def __init__(self, failures: int = 0, error: BaseException | None = None) -> None:
        self.events: list[Event] = []
        self.failures = failures
        self.error = error or ValueError("the handler's own")

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if self.failures:
            self.failures -= 1
            raise self.error

    async def awaited(self, event: Event) -> None:
        await asyncio.sleep(0)
        self(event)


def _sync(receiver: Receiver, body: Any, headers: Any, handler: Handler, **words: Any) -> Reply:
    return receiver.receive(body, headers, handler, **words)


def _async(receiver: Receiver, body: Any, headers: Any, handler: Handler, **words: Any) -> Reply:
    return asyncio.run(receiver.areceive(body, headers, handler.awaited, **words))


def _async_with_sync_handler(
    receiver: Receiver, body: Any, headers: Any, handler: Handler, **words: Any
) -> Reply:
    return asyncio.run(receiver.areceive(body, headers, handler, **words))


@pytest.fixture(
    params=[_sync, _async, _async_with_sync_handler], ids=["receive", "areceive", "areceive sync handler"]
)
def receive(request: pytest.FixtureRequest) -> Receive:
    found: Receive = request.param
    return found


def test_a_new_event_is_handled_once(receive: Receive) -> None:
    receiver, handler = Receiver(verifier()), Handler()
    outcomes = [receive(receiver, BODY, HEADERS, handler).outcome for _ in range(3)]
    assert outcomes == ["accepted", "duplicate", "duplicate"]
    assert [event.id for event in handler.events] == ["5f7b"]


def test_a_failure_releases_the_claim(receive: Receive, caplog: pytest.LogCaptureFixture) -> None:
    receiver, handler = Receiver(verifier()), Handler(failures=1)
    first = receive(receiver, BODY, HEADERS, handler)
    assert (first.status, first.outcome, first.body) == (500, "handler_failed", b"")
    assert [(record.name, record.levelname) for record in caplog.records] == [("hookproof", "ERROR")]
    assert caplog.records[0].exc_info is not None
    assert "p1" not in caplog.records[0].getMessage()
    assert receive(receiver, BODY, HEADERS, handler).outcome == "accepted"
    assert len(handler.events) == 2


def test_an_error_of_hookproof_in_the_handler_is_the_handlers(receive: Receive) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Verifier("fourvenues")
    errors: list[Any] = []
    receiver = Receiver(verifier(), on_error=lambda *found: errors.append(found))
    handler = Handler(failures=1, error=caught.value)
    assert receive(receiver, BODY, HEADERS, handler).outcome == "handler_failed"
    assert errors == [(caught.value, handler.events[0])]


def test_a_handler_that_ends_an_iteration_is_a_failure(receive: Receive) -> None:
    receiver = Receiver(verifier(), on_error=lambda *_: None)
    assert receive(receiver, BODY, HEADERS, Handler(1, StopIteration())).outcome == "handler_failed"
    assert receive(receiver, BODY, HEADERS, Handler()).outcome == "accepted"


def test_what_is_not_authentic_never_reaches_store_or_handler(
    receive: Receive, caplog: pytest.LogCaptureFixture
) -> None:
    store, handler = MemoryStore(), Handler()
    receiver = Receiver(verifier(), store)
    reply = receive(receiver, BODY + b" ", HEADERS, handler)
    assert (reply.status, reply.outcome, reply.body) == (403, "not_authentic", b"")
    assert (len(store), handler.events) == (0, [])
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "no_matching_signature" in caplog.text


@pytest.mark.parametrize(
    ("body", "outcome", "status"), [(b"not json", "malformed", 400), (b"x" * 1025, "too_large", 413)]
)
def test_what_the_provider_does_not_send_is_refused(
    receive: Receive, body: bytes, outcome: str, status: int
) -> None:
    rejected: list[HookproofError] = []
    receiver, handler = Receiver(verifier(), max_body=1024, on_reject=rejected.append), Handler()
    headers = Signer("fourvenues", secret=SECRET).sign(body).headers
    reply = receive(receiver, body, headers, handler)
    assert (reply.outcome, reply.status, handler.events) == (outcome, status, [])
    assert [error.code for error in rejected] == [
        "body_too_large" if outcome == "too_large" else "malformed_body"
    ]


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, lambda body: body.decode()])
def test_the_limit_counts_bytes(receive: Receive, make: Any) -> None:
    body = '{"id":"é","event":"x"}'.encode()
    headers = Signer("fourvenues", secret=SECRET).sign(body).headers
    exact, tight = Receiver(verifier(), max_body=len(body)), Receiver(verifier(), max_body=len(body) - 1)
    assert receive(exact, make(body), headers, Handler()).outcome == "accepted"
    assert receive(tight, make(body), headers, Handler()).outcome == "too_large"


def test_a_ping_is_answered_and_not_handled(receive: Receive) -> None:
    receiver, handler = Receiver(Verifier("fast-events", secret=SECRET)), Handler()
    message = Signer("fast-events", secret=SECRET).sign(b"")
    for _ in range(2):
        assert receive(receiver, message.body, message.headers, handler).outcome == "ping"
    assert handler.events == []


def test_a_stale_request_is_stale(receive: Receive) -> None:
    receiver = Receiver(Verifier("eventsair", secret=WHSEC))
    message = Signer("eventsair", secret=WHSEC).sign(b'{"type":"x","data":{}}', id="m", now=NOW)
    assert receive(receiver, message.body, message.headers, Handler(), now=NOW + 301).outcome == "stale"
    assert receive(receiver, message.body, message.headers, Handler(), now=NOW).outcome == "accepted"


def test_a_delivery_that_is_running_is_asked_to_come_back(receive: Receive) -> None:
    store = MemoryStore()
    replies: list[Reply] = []
    receiver = Receiver(verifier(), store)
    inner = Handler()

    class Nested(Handler):
        def __call__(self, event: Event) -> None:
            # While the first delivery is handled, the same comes again.
            replies.append(receiver.receive(BODY, HEADERS, inner))

    assert receive(receiver, BODY, HEADERS, Nested()).outcome == "accepted"
    assert [(reply.status, reply.outcome, reply.headers) for reply in replies] == [
        (503, "running", {"Retry-After": "10"})
    ]
    assert inner.events == []


@pytest.mark.parametrize("state", ["full", "lost", None])
def test_a_store_without_an_answer_means_come_back(receive: Receive, state: Any) -> None:
    class Odd(MemoryStore):
        def claim(self, key: str, lease_seconds: Any) -> Claim:
            return Claim(state)

    handler = Handler()
    errors: list[Any] = []
    reply = receive(
        Receiver(verifier(), Odd(), on_error=lambda *found: errors.append(found)), BODY, HEADERS, handler
    )
    assert (reply.outcome, reply.status, handler.events, len(errors)) == ("store_unavailable", 503, [], 1)


def test_a_store_that_is_down_is_no_silent_accept(receive: Receive) -> None:
    handler = Handler()
    errors: list[Any] = []
    receiver = Receiver(verifier(), BrokenStore("claim"), on_error=lambda *found: errors.append(found))
    reply = receive(receiver, BODY, HEADERS, handler)
    assert (reply.outcome, reply.status, handler.events) == ("store_unavailable", 503, [])
    assert [(type(error), event.id) for error, event in errors] == [(ConnectionError, "5f7b")]


@pytest.mark.parametrize(
    ("broken", "failures", "outcome"), [("complete", 0, "accepted"), ("release", 1, "handler_failed")]
)
def test_a_store_that_goes_down_later_changes_no_outcome(
    receive: Receive, broken: str, failures: int, outcome: str
) -> None:
    errors: list[Any] = []
    receiver = Receiver(verifier(), BrokenStore(broken), on_error=lambda *found: errors.append(found))
    assert receive(receiver, BODY, HEADERS, Handler(failures)).outcome == outcome
    assert ConnectionError in {type(error) for error, _ in errors}


def test_a_handler_that_outlives_its_lease_is_told(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    receiver = Receiver(verifier(), MemoryStore(clock=clock), lease=10)

    def slow(_event: Event) -> None:
        clock.seconds += 11

    assert receiver.receive(BODY, HEADERS, slow).outcome == "accepted"
    assert "lease" in caplog.text


def test_a_crash_frees_the_delivery_when_the_lease_ends() -> None:
    clock = Clock()
    store = MemoryStore(clock=clock)
    claim = store.claim(verifier().verify(BODY, HEADERS).idempotency_key, 60)
    assert claim.state == "new"
    receiver, handler = Receiver(verifier(), store), Handler()
    assert receiver.receive(BODY, HEADERS, handler).outcome == "running"
    clock.seconds = 60
    assert receiver.receive(BODY, HEADERS, handler).outcome == "accepted"


def test_what_was_handled_is_remembered_longer_than_it_is_retried() -> None:
    day = 86_400
    for provider, secret, least in (("fourvenues", SECRET, 3 * day), ("eventsair", WHSEC, 3 * day)):
        clock = Clock()
        store = MemoryStore(clock=clock)
        receiver, handler = Receiver(Verifier(provider, secret=secret), store), Handler()
        message = Signer(provider, secret=secret).sign(b'{"id":"1","type":"x","data":{}}', id="m", now=NOW)
        receiver.receive(message.body, message.headers, handler, now=NOW)
        clock.seconds = least - 1
        assert receiver.receive(message.body, message.headers, handler, now=NOW).outcome == "duplicate"


def test_the_retention_is_what_was_asked_for() -> None:
    clock = Clock()
    receiver, handler = Receiver(verifier(), MemoryStore(clock=clock), retention=100), Handler()
    assert receiver.receive(BODY, HEADERS, handler).outcome == "accepted"
    clock.seconds = 99.9
    assert receiver.receive(BODY, HEADERS, handler).outcome == "duplicate"
    clock.seconds = 100
    assert receiver.receive(BODY, HEADERS, handler).outcome == "accepted"


def test_duplicates_are_told() -> None:
    repeated: list[Event] = []
    receiver = Receiver(verifier(), on_duplicate=repeated.append)
    for _ in range(3):
        receiver.receive(BODY, HEADERS, Handler())
    assert [event.id for event in repeated] == ["5f7b", "5f7b"]


def test_a_callback_that_fails_changes_no_reply(receive: Receive, caplog: pytest.LogCaptureFixture) -> None:
    def fail(*_: object) -> None:
        message = "the callback's own"
        raise RuntimeError(message)

    receiver = Receiver(verifier(), on_reject=fail, on_duplicate=fail, on_error=fail)
    assert receive(receiver, b"{}", HEADERS, Handler()).outcome == "not_authentic"
    assert receive(receiver, BODY, HEADERS, Handler(1)).outcome == "handler_failed"
    assert receive(receiver, BODY, HEADERS, Handler()).outcome == "accepted"
    assert receive(receiver, BODY, HEADERS, Handler()).outcome == "duplicate"
    assert caplog.text.count("a callback of a receiver failed") == 3


def test_a_receiver_that_is_set_up_wrongly_says_so(receive: Receive) -> None:
    errors: list[Any] = []
    receiver = Receiver(verifier(), on_error=lambda *found: errors.append(found))
    reply = receive(receiver, {"id": "5f7b"}, HEADERS, Handler())
    assert (reply.outcome, reply.status) == ("misconfigured", 500)
    assert [(error.code, event) for error, event in errors] == [("body_already_parsed", None)]


def test_absent_keys_are_no_forgery(receive: Receive) -> None:
    errors: list[Any] = []
    issuer = "https://securetoken.google.com/acme"
    bearer = Verifier("pitchpoint", issuer=issuer, audience="acme", fetch_keys=False)
    receiver = Receiver(bearer, on_error=lambda *found: errors.append(found))
    token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AAAA"
    reply = receive(receiver, b"{}", {"Authorization": f"Bearer {token}"}, Handler())
    assert (reply.outcome, reply.status) == ("keys_unavailable", 503)
    assert [error.code for error, _ in errors] == ["keys_unavailable"]


def test_a_wrong_argument_is_a_type_error(receive: Receive) -> None:
    with pytest.raises(TypeError):
        receive(Receiver(verifier()), None, HEADERS, Handler())
    with pytest.raises(TypeError):
        receive(Receiver(verifier()), BODY, None, Handler())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"max_body": -1}, ConfigurationError),
        ({"max_body": 1.5}, TypeError),
        ({"lease": 0}, ConfigurationError),
        ({"lease": float("nan")}, ConfigurationError),
        ({"lease": "60"}, TypeError),
        ({"retention": -1}, ConfigurationError),
        ({"retention": float("inf")}, ConfigurationError),
    ],
)
def test_options_of_a_receiver_are_checked(options: Any, expected: type[Exception]) -> None:
    with pytest.raises(expected):
        Receiver(verifier(), **options)


def test_an_interruption_releases_the_claim_and_goes_on() -> None:
    receiver = Receiver(verifier())
    with pytest.raises(KeyboardInterrupt):
        receiver.receive(BODY, HEADERS, Handler(1, KeyboardInterrupt()))
    assert receiver.receive(BODY, HEADERS, Handler()).outcome == "accepted"


def test_a_cancellation_releases_the_claim_and_goes_on() -> None:
    receiver = Receiver(verifier(), AwaitedStore())
    started = asyncio.Event()

    async def wait(_event: Event) -> None:
        started.set()
        await asyncio.sleep(60)

    async def cancelled() -> Reply:
        task = asyncio.create_task(receiver.areceive(BODY, HEADERS, wait))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await receiver.areceive(BODY, HEADERS, Handler())

    assert asyncio.run(cancelled()).outcome == "accepted"


def test_a_loop_that_is_gone_leaves_the_claim_to_its_lease() -> None:
    store = MemoryStore()

    async def wait(_event: Event) -> None:
        await asyncio.sleep(60)

    running = Receiver(verifier(), store).areceive(BODY, HEADERS, wait)
    assert inspect.iscoroutine(running)

    async def start_and_leave() -> None:
        running.send(None)
        running.close()

    asyncio.run(start_and_leave())
    assert Receiver(verifier(), store).receive(BODY, HEADERS, Handler()).outcome == "running"


def test_an_awaited_store_serves_areceive() -> None:
    receiver, handler = Receiver(verifier(), AwaitedStore()), Handler()

    async def twice() -> list[str]:
        replies = [await receiver.areceive(BODY, HEADERS, handler.awaited) for _ in range(2)]
        return [reply.outcome for reply in replies]

    assert asyncio.run(twice()) == ["accepted", "duplicate"]
    assert len(handler.events) == 1


def test_a_coroutine_that_nobody_awaits_is_no_success() -> None:
    errors: list[Any] = []
    receiver = Receiver(verifier(), on_error=lambda *found: errors.append(found))
    handler = Handler()
    assert receiver.receive(BODY, HEADERS, handler.awaited).outcome == "handler_failed"
    assert handler.events == []
    assert "areceive" in str(errors[0][0])


def test_an_awaited_store_is_no_store_for_receive() -> None:
    errors: list[Any] = []
    receiver = Receiver(verifier(), AwaitedStore(), on_error=lambda *found: errors.append(found))
    handler = Handler()
    assert receiver.receive(BODY, HEADERS, handler).outcome == "store_unavailable"
    assert (handler.events, "areceive" in str(errors[0][0])) == ([], True)


class AwaitedObject:
    """An object that is called like a coroutine function."""

    def __init__(self, handler: Any) -> None:
        self.handler = handler

    async def __call__(self, event: Event) -> None:
        await self.handler(event)


def _returns_a_coroutine(handler: Any) -> Any:
    def call(event: Event) -> Any:
        return handler(event)

    return call


@pytest.mark.parametrize("wrap", [functools.partial, AwaitedObject, _returns_a_coroutine])
def test_async_handlers_are_awaited_however_they_are_wrapped(wrap: Any) -> None:
    handler = Handler()
    reply = asyncio.run(Receiver(verifier()).areceive(BODY, HEADERS, wrap(handler.awaited)))
    assert (reply.outcome, len(handler.events)) == ("accepted", 1)


def test_a_synchronous_handler_does_not_block_the_loop() -> None:
    ran_in: list[threading.Thread] = []
    asyncio.run(
        Receiver(verifier()).areceive(BODY, HEADERS, lambda _event: ran_in.append(threading.current_thread()))
    )
    assert ran_in != [threading.main_thread()]


def test_of_concurrent_first_deliveries_one_is_handled() -> None:
    receiver = Receiver(verifier())
    barrier = threading.Barrier(16)
    handled: list[str] = []
    outcomes: list[str] = []

    def deliver(number: int) -> None:
        body, headers = delivery(f"event {number}")
        barrier.wait()
        reply = receiver.receive(body, headers, lambda event: handled.append(str(event.id)))
        outcomes.append(reply.outcome)

    for round_number in range(20):
        threads = [threading.Thread(target=deliver, args=[round_number]) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(handled) == sorted(f"event {number}" for number in range(20))
    assert set(outcomes) <= {"accepted", "duplicate", "running"}
    assert outcomes.count("accepted") == 20


def test_concurrent_tasks_are_handled_once() -> None:
    receiver, handler = Receiver(verifier(), AwaitedStore()), Handler()

    async def all_at_once() -> list[str]:
        calls = [receiver.areceive(BODY, HEADERS, handler.awaited) for _ in range(10)]
        return [reply.outcome for reply in await asyncio.gather(*calls)]

    outcomes = asyncio.run(all_at_once())
    assert (outcomes.count("accepted"), len(handler.events)) == (1, 1)


def test_a_reply_is_fit_for_any_framework() -> None:
    reply = Receiver(verifier()).receive(BODY, HEADERS, Handler())
    assert (type(reply.status), type(reply.headers), type(reply.body)) == (int, dict, bytes)
    assert repr(reply) == "<Reply 200 accepted>"


def test_the_logger_is_the_librarys(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="hookproof"):
        Receiver(verifier()).receive(b"{}", HEADERS, Handler())
    assert caplog.records == []
