"""The Django adapter, through Django's own clients, its ASGI application and a real server."""

import asyncio
import http.client
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import django_urls
import pytest
from asgiref.sync import iscoroutinefunction
from authentic import BODY, HEADERS, SECRET, delivery, verifier
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.test import AsyncClient, Client, RequestFactory, override_settings

from hookproof import MemoryStore, Provider, Signer, Verifier
from hookproof.django import webhook

BOTH = pytest.mark.parametrize("path", ["/sync/acme", "/async/acme"])


@pytest.fixture(autouse=True)
def _fresh() -> None:
    django_urls.reset()


def post(path: str, body: bytes = BODY, headers: dict[str, str] | None = None, **more: Any) -> Any:
    """Posts to the application as a sender does: no cookie, no CSRF token."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return client.post(
        path,
        data=body,
        content_type="application/json",
        headers=HEADERS if headers is None else headers,
        **more,
    )


def fresh_delivery() -> tuple[bytes, dict[str, str]]:
    """Makes a delivery that no test before has sent."""
    fresh_delivery.count += 1  # type: ignore[attr-defined]
    return delivery(f"fresh-{fresh_delivery.count}")  # type: ignore[attr-defined]


fresh_delivery.count = 0  # type: ignore[attr-defined]


@BOTH
def test_a_new_event_reaches_the_view_once(path: str) -> None:
    body, headers = fresh_delivery()
    replies = [post(path, body, headers) for _ in range(3)]
    assert [(reply.status_code, reply.content) for reply in replies] == [(200, b"")] * 3
    assert [(event.body, arguments) for event, arguments in django_urls.handled] == [
        (body, {"tenant": "acme"})
    ]


@BOTH
def test_a_forgery_gets_the_providers_reply(path: str) -> None:
    body, headers = fresh_delivery()
    reply = post(path, body + b" ", headers)
    assert (reply.status_code, reply.content, django_urls.handled) == (403, b"", [])
    assert "Content-Type" not in reply.headers


@BOTH
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_another_method_is_not_allowed(path: str, method: str) -> None:
    reply = Client().generic(method, path, BODY, headers=HEADERS)
    assert (reply.status_code, reply.headers["Allow"], django_urls.handled) == (405, "POST", [])


@BOTH
def test_an_exception_is_answered_with_500_and_a_retry_runs_again(path: str) -> None:
    body, headers = fresh_delivery()
    django_urls.answers.append(ValueError("the view's own"))
    reply = post(path, body, headers)
    assert (reply.status_code, reply.content) == (500, b"")
    assert [str(error) for error, _ in django_urls.failures] == ["the view's own"]
    assert post(path, body, headers).status_code == 200
    assert len(django_urls.handled) == 2


@BOTH
def test_a_response_of_the_view_is_passed_on(path: str) -> None:
    body, headers = fresh_delivery()
    django_urls.answers.append(JsonResponse({"taken": True}, status=202))
    reply = post(path, body, headers)
    assert (reply.status_code, reply.json()) == (202, {"taken": True})
    assert post(path, body, headers).status_code == 200
    assert len(django_urls.handled) == 1


@BOTH
@pytest.mark.parametrize("status", [400, 404, 503])
def test_a_response_that_says_no_releases_the_claim(path: str, status: int) -> None:
    body, headers = fresh_delivery()
    django_urls.answers.append(HttpResponse("no", status=status))
    reply = post(path, body, headers)
    assert (reply.status_code, reply.content) == (status, b"no")
    assert django_urls.failures == []
    assert post(path, body, headers).status_code == 200
    assert len(django_urls.handled) == 2


@BOTH
def test_something_else_than_a_response_is_a_failure(path: str) -> None:
    django_urls.answers.append({"taken": True})
    assert post(path, *fresh_delivery()).status_code == 500
    assert [type(error) for error, _ in django_urls.failures] == [TypeError]


def test_the_view_keeps_its_name_and_colour() -> None:
    assert django_urls.synchronous.__name__ == "synchronous"
    assert not iscoroutinefunction(django_urls.synchronous)
    assert iscoroutinefunction(django_urls.asynchronous)


def test_login_is_not_required() -> None:
    middleware = LoginRequiredMiddleware(lambda _request: HttpResponse())
    request = RequestFactory().post("/")
    request.user = SimpleNamespace(is_authenticated=False)  # type: ignore[assignment]
    with override_settings(LOGIN_URL="/plain"):
        assert middleware.process_view(request, django_urls.plain, (), {}) is not None
        for view in (django_urls.synchronous, django_urls.asynchronous):
            assert middleware.process_view(request, view, (), {}) is None


@pytest.mark.parametrize(("length", "status"), [(100, 200), (101, 413)])
def test_a_body_over_the_limit_is_refused(length: int, status: int) -> None:
    body = b'"' + b"x" * (length - 2) + b'"'
    headers = Signer("fast-events", secret=SECRET).sign(body, type="a.b").headers
    reply = post("/small", body, headers)
    assert (reply.status_code, len(django_urls.handled)) == (status, 1 if status == 200 else 0)


def test_a_body_that_is_declared_too_large_is_not_read() -> None:
    class Unreadable:
        def read(self, *_: object) -> bytes:
            pytest.fail("the body was read")

    request = RequestFactory().generic("POST", "/small")
    request.META["CONTENT_LENGTH"] = "101"
    request._stream = Unreadable()  # type: ignore[assignment]
    assert django_urls.small(request).status_code == 413


@pytest.mark.parametrize("declared", ["", "nonsense", "-5"])
def test_a_length_that_is_none_reads_no_more_than_the_limit(declared: str) -> None:
    read: list[int] = []

    class Endless:
        def read(self, size: int) -> bytes:
            read.append(size)
            return b"x" * size

    request = RequestFactory().generic("POST", "/small")
    request.META["CONTENT_LENGTH"] = declared
    request._stream = Endless()  # type: ignore[assignment]
    assert django_urls.small(request).status_code == 413
    assert read == [101]


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=10)
def test_the_limit_of_django_is_a_limit_too() -> None:
    assert post("/sync/acme", *fresh_delivery()).status_code == 413


@BOTH
def test_a_body_that_was_parsed_before_is_told(path: str) -> None:
    request = RequestFactory().post("/", {"a": "b"}, headers=HEADERS)
    assert request.POST["a"] == "b"
    view = django_urls.synchronous if path == "/sync/acme" else django_urls.asynchronous
    reply = view(request)
    if asyncio.iscoroutine(reply):
        reply = asyncio.run(reply)
    assert reply.status_code == 500
    assert [getattr(error, "code", None) for error, _ in django_urls.failures] == ["body_already_parsed"]
    assert django_urls.handled == []


def test_a_stream_that_was_read_before_is_told() -> None:
    body, headers = fresh_delivery()
    request = RequestFactory().generic("POST", "/", body, headers=headers)
    request.read()
    assert django_urls.synchronous(request).status_code == 500
    assert [getattr(error, "code", None) for error, _ in django_urls.failures] == ["body_already_parsed"]


def test_a_body_that_was_read_before_as_it_is_serves() -> None:
    body, headers = fresh_delivery()
    request = RequestFactory().generic("POST", "/", body, headers=headers)
    assert request.body == body
    assert django_urls.synchronous(request).status_code == 200


@pytest.fixture
def _table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE deliveries (id TEXT, atomic INTEGER)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE deliveries")


def _deliveries() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, atomic FROM deliveries ORDER BY id")
        return list(cursor.fetchall())


@pytest.fixture
def _atomic_requests() -> Iterator[None]:
    connection.settings_dict["ATOMIC_REQUESTS"] = True
    yield
    connection.settings_dict["ATOMIC_REQUESTS"] = False


@pytest.mark.usefixtures("_table", "_atomic_requests")
def test_a_failed_handler_is_rolled_back() -> None:
    django_urls.answers.append(ValueError("after writing"))
    body, headers = delivery("atomic")
    assert post("/writing", body, headers).status_code == 500
    assert _deliveries() == []
    assert post("/writing", body, headers).status_code == 200
    assert _deliveries() == [("atomic", 1)]


@pytest.mark.usefixtures("_table", "_atomic_requests")
def test_a_delivery_is_done_only_after_the_commit() -> None:
    class Watching(MemoryStore):
        in_transaction: bool | None = None

        def complete(self, key: str, owner: str, retention_seconds: Any) -> bool:
            self.in_transaction = connection.in_atomic_block
            return super().complete(key, owner, retention_seconds)

    store = Watching()
    view = webhook(verifier(), store=store)(lambda _request, _event: None)
    body, headers = fresh_delivery()
    request = RequestFactory().generic("POST", "/", body, headers=headers)
    # As Django wraps a view before it calls it.
    assert WSGIHandler().make_view_atomic(view)(request).status_code == 200
    assert store.in_transaction is False


@pytest.mark.usefixtures("_table")
def test_without_atomic_requests_nothing_is_wrapped() -> None:
    assert post("/writing", *delivery("plain")).status_code == 200
    assert _deliveries() == [("plain", 0)]


def test_options_of_a_verifier_do_not_go_with_a_verifier() -> None:
    with pytest.raises(TypeError, match="secret"):
        webhook(verifier(), secret=SECRET)
    with pytest.raises(TypeError):
        webhook("fourvenues", secrets=SECRET)  # type: ignore[call-arg]


@pytest.mark.parametrize(
    "url", ["https://example.com/hooks", lambda _request: "https://example.com/hooks", None]
)
def test_a_signed_url_is_the_public_one(url: Any) -> None:
    provider = Provider.from_dict(
        {
            "name": "signs-its-url",
            "scheme": {
                "signature": {
                    "from": {"header": "X-Signature"},
                    "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
                    "content": "{method}{url}{body}",
                }
            },
            "event": {"id": {"json": "/id"}, "type": {"json": "/type"}},
        }
    )
    host = "http://testserver" if url is None else "https://example.com"
    public = f"{host}/hooks" if callable(url) else f"{host}/hooks?a=1"
    message = Signer(provider, secret=SECRET).sign(b'{"id":"1"}', method="POST", url=public)

    @webhook(provider, secret=SECRET, url=url)
    def view(_request: HttpRequest, _event: Any) -> None:
        return None

    request = RequestFactory().generic("POST", "/hooks?a=1", message.body, headers=message.headers)
    assert view(request).status_code == 200
    other = RequestFactory().generic("POST", "/hooks", message.body, headers=message.headers)
    # A function says all of the URL; to a text the query of the request is added.
    assert view(other).status_code == (200 if callable(url) else 401)


def test_a_host_that_is_not_allowed_breaks_nothing() -> None:
    body, headers = fresh_delivery()
    request = RequestFactory().generic("POST", "/", body, headers={**headers, "Host": "evil.example"})
    assert django_urls.synchronous(request).status_code == 200


def test_an_asynchronous_client_is_served() -> None:
    async def send() -> list[int]:
        body, headers = fresh_delivery()
        replies: list[Any] = [
            await AsyncClient().generic("POST", path, body, headers=headers, content_type="application/json")
            for path in ("/async/acme", "/sync/acme")
        ]
        return [reply.status_code for reply in replies]

    assert asyncio.run(send()) == [200, 200]
    assert len(django_urls.handled) == 1


@pytest.mark.parametrize(("size", "status"), [(3, 200), (2000, 413)])
def test_a_chunked_body_is_read_up_to_the_limit(size: int, status: int) -> None:
    """ASGI servers take bodies without a declared length."""
    body = b'{"n":"' + b"x" * size + b'"}'
    signature = Signer("fast-events", secret=SECRET).sign(body, type="a.b").headers
    headers = [(name.lower().encode(), value.encode()) for name, value in signature.items()]
    chunks = [body[start : start + 7] for start in range(0, len(body), 7)]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if chunks:
            return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/small",
        "query_string": b"",
        "headers": [(b"host", b"testserver"), *headers],
        "server": ("testserver", 80),
    }
    asyncio.run(ASGIHandler()(scope, receive, send))  # type: ignore[arg-type]
    assert sent[0]["status"] == status


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Silent)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def _send(
    port: int, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


@BOTH
def test_a_real_server_receives(port: int, path: str) -> None:
    body, headers = fresh_delivery()
    assert _send(port, path, body, headers)[:2] == (200, b"")
    assert _send(port, path, body, headers)[:2] == (200, b"")
    assert _send(port, path, body + b" ", headers)[:2] == (403, b"")
    assert len(django_urls.handled) == 1


def test_a_real_server_refuses_what_is_too_large(port: int) -> None:
    body = b"x" * 50_000
    status, content, _ = _send(port, "/small", body, Signer("fast-events", secret=SECRET).sign(body).headers)
    assert (status, content) == (413, b"")


def test_a_real_server_tells_a_second_delivery_to_come_back(port: int) -> None:
    body, headers = fresh_delivery()
    entered, leave = threading.Event(), threading.Event()

    class Slow(HttpResponse):
        """Is made while the first delivery is being handled."""

    def wait() -> HttpResponseBase:
        entered.set()
        leave.wait(10)
        return Slow()

    class Waiting(list[Any]):
        def pop(self, *_: object) -> HttpResponseBase:
            return wait()

        def __bool__(self) -> bool:
            return True

    original, django_urls.answers = django_urls.answers, Waiting()
    try:
        first: list[int] = []
        thread = threading.Thread(target=lambda: first.append(_send(port, "/sync/acme", body, headers)[0]))
        thread.start()
        assert entered.wait(10)
        status, _, reply_headers = _send(port, "/sync/acme", body, headers)
        leave.set()
        thread.join()
    finally:
        django_urls.answers = original
    assert (first, status, reply_headers["Retry-After"]) == ([200], 503, "10")


def test_a_verifier_of_another_kind_serves() -> None:
    issuer = "https://securetoken.google.com/acme"
    bearer = Verifier("pitchpoint", issuer=issuer, audience="acme", fetch_keys=False)
    failures: list[Any] = []
    view = webhook(bearer, on_error=lambda *found: failures.append(found))(lambda _request, _event: None)
    token = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.e30.AAAA"
    request = RequestFactory().generic("POST", "/", b"{}", headers={"Authorization": f"Bearer {token}"})
    reply = view(request)
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "30")
