"""Requests that break off, lie about their length or are no text: an adapter answers each."""

import asyncio
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from authentic import SECRET, delivery
from django.core.handlers.wsgi import WSGIRequest
from flask import Flask
from starlette.applications import Starlette
from starlette.routing import Route

import hookproof.asgi
import hookproof.aws_lambda
import hookproof.django
import hookproof.fastapi
import hookproof.flask
import hookproof.wsgi
from hookproof import Event

Environ = dict[str, Any]
# More digits than Python converts to an int.
ENDLESS = "9" * 5000


def handle(*_: object) -> None:
    """Takes an event."""


async def ahandle(*_: object) -> None:
    """Takes an event in the event loop."""


class Gone(BytesIO):
    """What a server hands over when the sender has broken off: gunicorn, uWSGI and mod_wsgi raise."""

    def read(self, *_: object) -> bytes:
        message = "the client has disconnected"
        raise OSError(message)

    readline = read
    readinto = read  # type: ignore[assignment]


def environ(body: bytes, headers: dict[str, str], **others: Any) -> Environ:
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/hooks",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
        **{"HTTP_" + name.upper().replace("-", "_"): value for name, value in headers.items()},
        **others,
    }


def _called(application: Any, given: Environ) -> int:
    started: list[str] = []
    list(application(given, lambda status, *_: started.append(status)))
    return int(started[0].split()[0])


def _wsgi(given: Environ) -> int:
    return _called(hookproof.wsgi.webhook("fourvenues", secret=SECRET)(handle), given)


def _wsgi_middleware(given: Environ) -> int:
    return _called(hookproof.wsgi.WebhookMiddleware(_answers, "fourvenues", secret=SECRET), given)


def _answers(_environ: Environ, start_response: Callable[..., Any]) -> list[bytes]:
    start_response("200 OK", [])
    return [b""]


def _flask(given: Environ) -> int:
    app = Flask(__name__)
    view = hookproof.flask.webhook("fourvenues", secret=SECRET)(handle)
    app.add_url_rule("/hooks", view_func=view, endpoint="hooks", methods=["POST"])
    return _called(app, given)


def _django(given: Environ) -> int:
    status: int = hookproof.django.webhook("fourvenues", secret=SECRET)(handle)(
        WSGIRequest(given)
    ).status_code
    return status


def _async_django(given: Environ) -> int:
    view = hookproof.django.webhook("fourvenues", secret=SECRET)(ahandle)
    status: int = asyncio.run(view(WSGIRequest(given))).status_code
    return status


WSGI = [_wsgi, _wsgi_middleware, _flask, _django, _async_django]


@pytest.mark.parametrize("send", WSGI)
def test_a_sender_that_breaks_off_is_answered(send: Callable[[Environ], int]) -> None:
    body, headers = delivery()
    assert send(environ(body, headers)) == 200
    assert send(environ(body, headers, **{"wsgi.input": Gone(body)})) == 400


@pytest.mark.parametrize("send", WSGI)
def test_a_length_without_end_is_too_long(send: Callable[[Environ], int]) -> None:
    assert send(environ(*delivery(), CONTENT_LENGTH=ENDLESS)) == 413


def _asgi() -> Any:
    return hookproof.asgi.webhook("fourvenues", secret=SECRET)(ahandle)


def _starlette() -> Any:
    @hookproof.fastapi.webhook("fourvenues", secret=SECRET)
    async def endpoint(request: Any, event: Event) -> None:
        """Takes an event."""

    return Starlette(routes=[Route("/hooks", endpoint, methods=["POST"])])


def _status(application: Any, body: bytes, headers: dict[str, str], **others: Any) -> int:
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/hooks",
        "query_string": b"",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "scheme": "http",
        "server": ("testserver", 80),
        **others,
    }
    asyncio.run(application(scope, receive, send))
    status: int = sent[0]["status"]
    return status


@pytest.mark.parametrize("make", [_asgi, _starlette])
def test_a_length_without_end_is_too_long_in_an_event_loop(make: Callable[[], Any]) -> None:
    body, headers = delivery()
    assert _status(make(), body, {**headers, "Content-Length": ENDLESS}) == 413


@pytest.mark.parametrize("make", [_asgi, _starlette])
def test_a_query_that_is_no_text_takes_nothing_from_who_signs_no_url(make: Callable[[], Any]) -> None:
    assert _status(make(), *delivery(), query_string=b"a=\xff") == 200


def test_a_path_that_is_no_unicode_takes_nothing_from_who_signs_no_url() -> None:
    body, headers = delivery()
    sent = {
        "httpMethod": "POST",
        "path": "/hooks\ud800",
        "queryStringParameters": {"a": "\udfff"},
        "headers": {**headers, "Host": "example.com"},
        "body": body.decode(),
    }
    assert hookproof.aws_lambda.webhook("fourvenues", secret=SECRET)(handle)(sent, None)["statusCode"] == 200
