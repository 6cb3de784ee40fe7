"""Handlers, stores, headers and options that are not what a receiver expects: nothing is lost."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from authentic import BODY, HEADERS, SECRET, delivery, verifier
from flask import Flask
from starlette.testclient import TestClient

import hookproof.asgi
import hookproof.aws_lambda
import hookproof.fastapi
import hookproof.flask
import hookproof.wsgi
from hookproof import Claim, ConfigurationError, Event, MemoryStore, Receiver, RequestHead, Verifier

GZIP = {**HEADERS, "Content-Encoding": "gzip"}


def generator(*_: object) -> Iterator[None]:
    """Does nothing when it is called: what is in it runs when somebody iterates."""
    yield


async def asynchronous_generator(*_: object) -> AsyncIterator[None]:
    """Does the same."""
    yield


def receive(receiver: Receiver, handler: Any, headers: Any = HEADERS, body: Any = BODY) -> str:
    return receiver.receive(body, headers, handler).outcome


def areceive(receiver: Receiver, handler: Any, headers: Any = HEADERS, body: Any = BODY) -> str:
    return asyncio.run(receiver.areceive(body, headers, handler)).outcome


@pytest.mark.parametrize("call", [receive, areceive])
@pytest.mark.parametrize("handler", [generator, asynchronous_generator, partial(generator)])
def test_a_generator_that_nobody_runs_is_no_success(call: Any, handler: Any) -> None:
    errors: list[Any] = []
    receiver = Receiver(verifier(), on_error=lambda error, _event: errors.append(error))
    assert call(receiver, handler) == "handler_failed"
    assert "yield" in str(errors[0])
    assert call(receiver, lambda _event: None) == "accepted"


@pytest.mark.parametrize("call", [receive, areceive])
def test_what_a_handshake_hands_over_is_not_kept_by_a_generator(call: Any) -> None:
    meta = Verifier("asana", secret=SECRET)
    receiver = Receiver(meta, on_handshake=generator, on_error=lambda *_: None)
    assert call(receiver, print, {"X-Hook-Secret": "b537207f"}, b"{}") == "handler_failed"


def _wsgi(body: bytes, headers: dict[str, str]) -> int:
    environ = {
        "REQUEST_METHOD": "POST",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "PATH_INFO": "/hooks",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
    }
    started: list[str] = []
    made = hookproof.wsgi.webhook("fourvenues", secret=SECRET, on_error=lambda *_: None)(generator)
    list(made(environ, lambda status, _headers: started.append(status)))
    return int(started[0].split()[0])


def _asgi(body: bytes, headers: dict[str, str]) -> int:
    made: Any = hookproof.asgi.webhook("fourvenues", secret=SECRET, on_error=lambda *_: None)(generator)
    return TestClient(made).post("/hooks", content=body, headers=headers).status_code


def _lambda(body: bytes, headers: dict[str, str]) -> int:
    made = hookproof.aws_lambda.webhook("fourvenues", secret=SECRET, on_error=lambda *_: None)(generator)
    http = {"http": {"method": "POST"}}
    status: int = made({"body": body.decode(), "headers": headers, "requestContext": http}, None)[
        "statusCode"
    ]
    return status


def _flask(body: bytes, headers: dict[str, str]) -> int:
    app = Flask(__name__)
    made = hookproof.flask.webhook("fourvenues", secret=SECRET, on_error=lambda *_: None)(generator)
    app.add_url_rule("/hooks", view_func=made, methods=["POST"])
    return app.test_client().post("/hooks", data=body, headers=headers).status_code


@pytest.mark.parametrize("send", [_wsgi, _asgi, _lambda, _flask])
def test_a_generator_is_no_success_in_any_framework(send: Any) -> None:
    assert send(*delivery()) == 500


@pytest.mark.parametrize("endpoint", [generator, asynchronous_generator])
def test_a_generator_is_no_endpoint_of_fastapi(endpoint: Any) -> None:
    with pytest.raises(TypeError, match="yield"):
        hookproof.fastapi.webhook("fourvenues", secret=SECRET)(endpoint)


@pytest.mark.parametrize("call", [receive, areceive])
def test_a_handler_that_ends_a_generator_releases_the_claim(call: Any) -> None:
    def leave(_event: Event) -> None:
        raise GeneratorExit

    receiver = Receiver(verifier(), on_error=lambda *_: None)
    assert call(receiver, leave) == "handler_failed"
    assert call(receiver, lambda _event: None) == "accepted"


@pytest.mark.parametrize("call", [receive, areceive])
def test_headers_of_an_iterator_are_all_seen(call: Any) -> None:
    assert call(Receiver(verifier()), lambda _event: None, iter(HEADERS.items())) == "accepted"
    assert call(Receiver(verifier()), lambda _event: None, (pair for pair in HEADERS.items())) == "accepted"


@pytest.mark.parametrize("call", [receive, areceive])
@pytest.mark.parametrize("body", [5, 10**12, None])
def test_a_body_of_another_type_is_a_type_error_whatever_its_coding(call: Any, body: Any) -> None:
    with pytest.raises(TypeError, match="expected bytes or str"):
        call(Receiver(verifier()), print, GZIP, body)


@pytest.mark.parametrize("call", [receive, areceive])
@pytest.mark.parametrize("body", [{"id": "5f7b"}, [1, 2]])
def test_a_parsed_body_is_told_whatever_its_coding(call: Any, body: Any) -> None:
    errors: list[Any] = []
    receiver = Receiver(verifier(), on_error=lambda error, _event: errors.append(error))
    assert call(receiver, print, GZIP, body) == "misconfigured"
    assert [error.code for error in errors] == ["body_already_parsed"]


@pytest.mark.parametrize("option", ["lease", "retention"])
@pytest.mark.parametrize("seconds", [10**400, 10**30, 1e300])
def test_a_span_that_no_store_takes_is_refused_when_the_receiver_is_made(option: str, seconds: Any) -> None:
    words: Any = {option: seconds}
    with pytest.raises(ConfigurationError) as caught:
        Receiver(verifier(), **words)
    assert caught.value.code == "invalid_option"


@pytest.mark.parametrize("store", [object(), False, dict])
def test_what_is_no_store_is_refused_when_the_receiver_is_made(store: Any) -> None:
    with pytest.raises(TypeError, match="has no method claim"):
        Receiver(verifier(), store)


def test_a_request_without_a_url_that_can_be_read_has_no_path() -> None:
    seen: list[RequestHead] = []
    receiver = Receiver(seen.append, on_reject=lambda _error: None)
    assert receiver.receive(BODY, HEADERS, print, url="http://[x/hooks").outcome == "not_authentic"
    assert [head.path for head in seen] == [None]


def test_what_is_known_of_a_request_can_be_copied() -> None:
    seen: list[dict[str, str]] = []
    receiver = Receiver(lambda head: seen.append(dict(head.headers)), on_reject=lambda _error: None)
    receiver.receive(BODY, {"X-Absent": None, "X-Empty": [], "X-Here": "1"}, print)
    assert seen == [{"x-here": "1"}]


def test_another_thread_may_change_a_body_and_nothing_unverified_is_handled() -> None:
    body, headers = delivery("a" * 100_000)
    forged = body.replace(b"success", b"refused")
    shared = bytearray(body)
    done = threading.Event()

    def change() -> None:
        while not done.is_set():
            shared[:] = forged
            shared[:] = body

    changing = threading.Thread(target=change)
    changing.start()
    seen: list[bytes] = []
    try:
        for _ in range(20):
            receiver = Receiver(verifier(), on_reject=lambda _error: None)
            receiver.receive(shared, headers, lambda event: seen.append(event.body))
            asyncio.run(receiver.areceive(shared, headers, lambda event: seen.append(event.body)))
    finally:
        done.set()
        changing.join()
    assert set(seen) <= {body}


class SlowStore(MemoryStore):
    """A store whose claims wait until they may go on, and that tells when one was given back."""

    def __init__(self) -> None:
        super().__init__()
        self.claiming, self.goes_on, self.released = (threading.Event() for _ in range(3))

    def claim(self, key: str, lease_seconds: Any) -> Claim:
        self.claiming.set()
        assert self.goes_on.wait(10)
        return super().claim(key, lease_seconds)

    def release(self, key: str, owner: str) -> bool:
        found = super().release(key, owner)
        self.released.set()
        return found


class Wrapped:
    """Another store's methods, so that nobody takes it for a store in memory."""

    def __init__(self, inner: SlowStore) -> None:
        self.claim: Any = inner.claim
        self.complete, self.release = inner.complete, inner.release


class WrappedAwaited(Wrapped):
    """The same with a claim that is awaited."""

    def __init__(self, inner: SlowStore) -> None:
        super().__init__(inner)

        async def claim(key: str, lease_seconds: float) -> Claim:
            return await asyncio.to_thread(inner.claim, key, lease_seconds)

        self.claim = claim


@pytest.mark.parametrize("wrap", [Wrapped, WrappedAwaited])
def test_what_is_claimed_after_a_cancellation_is_given_back(wrap: Any) -> None:
    store = SlowStore()
    receiver = Receiver(verifier(), wrap(store))

    async def cancelled() -> str:
        task = asyncio.create_task(receiver.areceive(BODY, HEADERS, print))
        assert await asyncio.to_thread(store.claiming.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 5)
        store.goes_on.set()
        assert await asyncio.to_thread(store.released.wait, 10)
        return (await receiver.areceive(BODY, HEADERS, lambda _event: None)).outcome

    assert asyncio.run(cancelled()) == "accepted"


def test_what_was_handled_is_marked_though_a_cancellation_comes_meanwhile() -> None:
    inner, completing, goes_on = MemoryStore(), asyncio.Event(), asyncio.Event()

    class Store:
        async def claim(self, key: str, lease_seconds: float) -> Claim:
            return inner.claim(key, lease_seconds)

        async def complete(self, key: str, owner: str, retention_seconds: float) -> bool:
            completing.set()
            await goes_on.wait()
            return inner.complete(key, owner, retention_seconds)

        async def release(self, key: str, owner: str) -> bool:
            return inner.release(key, owner)

    receiver = Receiver(verifier(), Store())

    async def cancelled() -> str:
        task = asyncio.create_task(receiver.areceive(BODY, HEADERS, lambda _event: None))
        await completing.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        goes_on.set()
        await asyncio.sleep(0)
        return (await receiver.areceive(BODY, HEADERS, print)).outcome

    assert asyncio.run(cancelled()) == "duplicate"
