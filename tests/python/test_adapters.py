"""Every adapter, against its real framework over real HTTP: one list of scenarios for all of them."""

import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import adapter_apps
import pytest
from adapter_servers import (
    Send,
    django_server,
    lambda_sender,
    sender,
    uvicorn_server,
    werkzeug_server,
    wsgiref_server,
)
from adapter_table import message, record
from django.core.handlers.asgi import ASGIHandler

from hookproof.testing import freeze_clock

SYSTEMS = ("fourvenues", "eventsair", "fast-events", "pitchpoint")
# What each system wants to be answered: a forgery, what is authentic and no JSON.
FORGED = {"fourvenues": 403, "eventsair": 401, "fast-events": 200, "pitchpoint": 403}
NOT_JSON = {"fourvenues": 400, "eventsair": 400, "fast-events": 200, "pitchpoint": 400}


@dataclass(frozen=True)
class Adapter:
    """A way to send requests to one adapter, and what it can do."""

    send: Send
    fix: str
    awaits: bool = False


_DJANGO_FIX = "request.body"
_STARLETTE_FIX = "await request.body()"

NAMES = (
    "django",
    "django-class",
    "rest",
    "rest-class",
    "django-async",
    "django-async-class",
    "fastapi",
    "fastapi-decorated",
    "starlette",
    "flask",
    "asgi",
    "asgi-middleware",
    "wsgi",
    "wsgi-middleware",
    "lambda-1.0",
    "lambda-2.0",
    "lambda-url",
    "lambda-alb",
)

# Their servers hand over no body that comes in chunks.
_WITHOUT_CHUNKS = ("django", "django-class", "rest", "rest-class", "wsgi", "wsgi-middleware")


def _only(wanted: Callable[[str], bool]) -> pytest.MarkDecorator:
    """Runs a test with some of the adapters."""
    return pytest.mark.parametrize(
        "adapter", [name for name in NAMES if wanted(name)], indirect=True, scope="module"
    )


@pytest.fixture(scope="module", params=NAMES)
def adapter(request: pytest.FixtureRequest) -> Iterator[Adapter]:
    name: str = request.param
    with ExitStack() as stack:
        yield _started(name, stack)


def _started(name: str, stack: ExitStack) -> Adapter:
    if name.startswith("lambda"):
        _, form = name.split("-")
        awaits = form == "url"
        send = lambda_sender(adapter_apps.lambda_handlers(awaited=awaits), form)
        return Adapter(send, "nothing parse it before", awaits=awaits)
    if name.startswith("django-async"):
        port = stack.enter_context(uvicorn_server(ASGIHandler()))
        return Adapter(sender(port, f"/adapters/{name}"), _DJANGO_FIX, awaits=True)
    if name.startswith(("django", "rest")):
        port = stack.enter_context(django_server())
        return Adapter(sender(port, f"/adapters/{name}"), _DJANGO_FIX)
    if name == "flask":
        port = stack.enter_context(werkzeug_server(adapter_apps.flask_app()))
        return Adapter(sender(port), "request.get_data()")
    if name.startswith("wsgi"):
        made = adapter_apps.wsgi_app() if name == "wsgi" else adapter_apps.wsgi_middleware_app()
        port = stack.enter_context(wsgiref_server(made))
        return Adapter(sender(port), "wsgi.input")
    apps = {
        "fastapi": adapter_apps.fastapi_depends_app,
        "fastapi-decorated": adapter_apps.fastapi_decorated_app,
        "starlette": adapter_apps.starlette_app,
        "asgi": adapter_apps.asgi_app,
        "asgi-middleware": adapter_apps.asgi_middleware_app,
    }
    port = stack.enter_context(uvicorn_server(apps[name]()))
    fix = "receive()" if name.startswith("asgi") else _STARLETTE_FIX
    return Adapter(sender(port), fix, awaits=True)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    record.clear()
    yield
    # What ends after its response is not to be written into the record of the next test.
    record.ended(len(record.handled))


@pytest.mark.parametrize("system", SYSTEMS)
def test_an_event_of_each_system_is_handled_once(adapter: Adapter, system: str) -> None:
    good = message(system)
    for count in (1, 2):
        assert adapter.send(system, good.body, good.headers).status == 200
        record.ended(count)
    assert [event.body for event in record.handled] == [good.body]
    assert record.outcomes == ["accepted", "duplicate"]
    assert len(record.repeated) == 1
    assert all(0 <= seconds < 20 for seconds in record.timings)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_forgery_gets_the_systems_reply_and_no_cause(adapter: Adapter, system: str) -> None:
    good = message(system)
    headers = dict(good.headers)
    body = good.body.replace(b"{", b"{ ", 1)
    if system == "pitchpoint":
        headers["Authorization"] = headers["Authorization"][:-8] + "AAAAAAAA"
    answer = adapter.send(system, body, headers)
    assert (answer.status, answer.body) == (FORGED[system], b"")
    assert (record.handled, record.rejected) == ([], ["no_matching_signature"])
    assert record.outcomes == ["not_authentic"]


@pytest.mark.parametrize(("system", "status"), [("eventsair", 401), ("pitchpoint", 403)])
def test_what_is_stale_is_refused(adapter: Adapter, system: str, status: int) -> None:
    stale = message(system, age=4000)
    assert adapter.send(system, stale.body, stale.headers).status == status
    assert (record.handled, record.outcomes) == ([], ["stale"])


def test_judges_at_the_moment_of_a_stopped_clock(adapter: Adapter) -> None:
    old = message("eventsair", age=4000)
    with freeze_clock(time.time() - 4000):
        assert adapter.send("eventsair", old.body, old.headers).status == 200
    assert adapter.send("eventsair", old.body, old.headers).status == 401
    assert record.ended(2) == ["accepted", "stale"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_is_authentic_and_no_json_is_refused(adapter: Adapter, system: str) -> None:
    odd = message(system, body=b"not json")
    assert adapter.send(system, odd.body, odd.headers).status == NOT_JSON[system]
    assert (record.handled, record.rejected) == ([], ["malformed_body"])


def test_a_ping_is_answered_and_not_handled(adapter: Adapter) -> None:
    ping = message("fast-events", body=b"")
    answer = adapter.send("fast-events", ping.body, ping.headers)
    assert (answer.status, answer.body) == (200, b"")
    assert (record.handled, record.outcomes) == ([], ["ping"])


def test_a_handshake_is_answered_with_what_it_asks_for(adapter: Adapter) -> None:
    query = "hub.mode=subscribe&hub.verify_token={}&hub.challenge=1158201444"
    answer = adapter.send(f"meta?{query.format('known')}", method="GET")
    assert (answer.status, answer.body) == (200, b"1158201444")
    assert "html" not in answer.headers.get("content-type", "")
    assert adapter.send(f"meta?{query.format('guessed')}", method="GET").status != 200
    assert record.handled == []


def test_another_method_is_not_allowed(adapter: Adapter) -> None:
    good = message("fourvenues")
    answer = adapter.send("fourvenues", good.body, good.headers, method="GET")
    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert (record.handled, record.outcomes) == ([], ["method_not_allowed"])


def test_a_body_over_the_limit_is_refused(adapter: Adapter) -> None:
    for size, status in ((100, 200), (101, 413)):
        large = message("fast-events", body=b'"' + b"x" * (size - 2) + b'"')
        assert adapter.send("small", large.body, large.headers).status == status
    assert (len(record.handled), record.rejected) == (1, ["body_too_large"])


@_only(lambda name: name not in _WITHOUT_CHUNKS and not name.startswith("lambda"))
def test_a_body_in_chunks_is_read_up_to_the_limit(adapter: Adapter) -> None:
    for size, status in ((100, 200), (5000, 413)):
        large = message("fast-events", body=b'"' + b"y" * (size - 2) + b'"')
        assert adapter.send("small", large.body, large.headers, chunked=True).status == status
    assert (len(record.handled), record.rejected) == (1, ["body_too_large"])


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "deflate"])
def test_a_body_that_was_compressed_after_it_was_signed_is_taken(adapter: Adapter, coding: str) -> None:
    good = message("fourvenues")
    packed = zlib.compress(good.body) if coding == "deflate" else gzip.compress(good.body)
    answer = adapter.send("fourvenues", packed, {**good.headers, "Content-Encoding": coding})
    assert answer.status == 200
    assert [event.body for event in record.handled] == [good.body]


def test_a_bomb_ends_at_the_limit(adapter: Adapter) -> None:
    bomb = gzip.compress(b"\0" * 20_000)
    signed = message("fast-events", body=b"\0" * 20_000)
    assert len(bomb) < 100
    answer = adapter.send("small", bomb, {**signed.headers, "Content-Encoding": "gzip"})
    assert (answer.status, record.rejected, record.handled) == (413, ["body_too_large"], [])


@pytest.mark.parametrize(("coding", "status"), [("gzip", 400), ("br", 415), ("gzip, gzip", 415)])
def test_a_coding_that_is_broken_or_unknown_is_refused(adapter: Adapter, coding: str, status: int) -> None:
    good = message("fourvenues")
    answer = adapter.send("fourvenues", good.body, {**good.headers, "Content-Encoding": coding})
    assert (answer.status, answer.body, record.handled) == (status, b"", [])
    assert record.rejected == ["malformed_body" if status == 400 else "malformed_header"]


def test_a_body_that_was_read_before_is_told_with_the_fix(adapter: Adapter) -> None:
    good = message("fourvenues")
    answer = adapter.send("consumed", good.body, good.headers)
    assert (answer.status, answer.body, record.handled) == (500, b"", [])
    assert [getattr(error, "code", None) for error in record.failed] == ["body_already_parsed"]
    assert adapter.fix in str(record.failed[0])
    assert record.outcomes == ["misconfigured"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_handler_that_fails_is_run_again(adapter: Adapter, system: str) -> None:
    record.plans.append(ValueError("the handler's own"))
    good = message(system)
    answer = adapter.send(system, good.body, good.headers)
    assert answer.status == 500
    assert b"own" not in answer.body
    assert [str(error) for error in record.failed] == ["the handler's own"]
    assert adapter.send(system, good.body, good.headers).status == 200
    assert record.ended(2) == ["handler_failed", "accepted"]
    assert len(record.handled) == 2


# A handler without a framework has no answer of its own: it raises.
@_only(lambda name: name not in ("asgi", "wsgi"))
@pytest.mark.parametrize("status", [400, 503])
def test_an_answer_that_says_no_frees_the_delivery(adapter: Adapter, status: int) -> None:
    record.plans.append(status)
    good = message("fourvenues")
    assert adapter.send("fourvenues", good.body, good.headers).status == status
    assert record.failed == []
    record.ended(1)
    assert adapter.send("fourvenues", good.body, good.headers).status == 200
    assert record.ended(2) == ["handler_failed", "accepted"]


def _tenants(adapter: Adapter) -> list[str]:
    return ["tenants", "awaited-tenants"] if adapter.awaits else ["tenants"]


def test_each_tenant_has_its_own_secret(adapter: Adapter) -> None:
    for path in _tenants(adapter):
        record.clear()
        for tenant, secret, status in (
            ("a", "secret of a", 200),
            ("b", "secret of b", 200),
            ("a", "secret of b", 403),
        ):
            good = message("fourvenues", secret=secret)
            answer = adapter.send(path, good.body, {**good.headers, "X-Tenant": tenant})
            assert answer.status == status
        assert sorted(record.ended(3)) == ["accepted", "accepted", "not_authentic"]
        assert {(head.method, head.headers["x-tenant"]) for head in record.heads} == {
            ("POST", "a"),
            ("POST", "b"),
        }
        assert all((head.path or "").rstrip("/").endswith(path) for head in record.heads)


def test_a_tenant_that_nobody_knows_is_a_forgery(adapter: Adapter) -> None:
    good = message("fourvenues")
    for path in _tenants(adapter):
        record.clear()
        answer = adapter.send(path, good.body, {**good.headers, "X-Tenant": "c"})
        assert (answer.status, answer.body) == (403, b"")
        assert (record.rejected, record.handled) == (["no_matching_signature"], [])


def test_a_table_of_tenants_that_is_down_asks_the_sender_to_come_back(adapter: Adapter) -> None:
    good = message("fourvenues")
    for path in _tenants(adapter):
        record.clear()
        answer = adapter.send(path, good.body, {**good.headers, "X-Tenant": "broken"})
        assert (answer.status, "retry-after" in answer.headers) == (503, True)
        assert [type(error) for error in record.failed] == [ConnectionError]
        assert (record.rejected, record.handled) == ([], [])


@_only(lambda name: name in {*_WITHOUT_CHUNKS, "flask", "lambda-1.0", "lambda-2.0", "lambda-alb"})
def test_an_asynchronous_table_is_none_for_a_synchronous_adapter(adapter: Adapter) -> None:
    good = message("fourvenues", secret="secret of a")
    answer = adapter.send("awaited-tenants", good.body, {**good.headers, "X-Tenant": "a"})
    assert (answer.status, [type(error) for error in record.failed]) == (503, [TypeError])
