"""Real servers for the applications, and a Lambda that is called as AWS calls one."""

import base64
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import uvicorn
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.servers.basehttp import WSGIRequestHandler as DjangoRequestHandler
from werkzeug.serving import WSGIRequestHandler as WerkzeugRequestHandler
from werkzeug.serving import make_server as make_werkzeug_server


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Send = Callable[..., Answer]


def sender(port: int, prefix: str = "") -> Send:
    """Returns a client of a server: `send(path, body, headers, method, chunked)`."""

    def send(
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        method: str = "POST",
        *,
        chunked: bool = False,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        lines = {"Content-Type": "application/json", **(headers or {})}
        pieces = iter([body[start : start + 50] for start in range(0, len(body), 50)])
        try:
            connection.request(
                method, f"{prefix}/{path}", pieces if chunked else body, lines, encode_chunked=chunked
            )
            response = connection.getresponse()
            return Answer(
                response.status,
                {name.lower(): value for name, value in response.getheaders()},
                response.read(),
            )
        finally:
            connection.close()

    return send


@contextmanager
def uvicorn_server(app: Any) -> Iterator[int]:
    """Serves an ASGI application."""
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="critical", ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _SilentDjango(DjangoRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _SilentWerkzeug(WerkzeugRequestHandler):
    def log(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def wsgiref_server(app: Any) -> Iterator[int]:
    """Serves a WSGI application with the server of the standard library."""
    with _running(make_server("127.0.0.1", 0, app, handler_class=_Silent)) as port:
        yield port


@contextmanager
def django_server() -> Iterator[int]:
    """Serves Django as `runserver` does."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), _SilentDjango)
    server.set_app(WSGIHandler())
    with _running(server) as port:
        yield port


@contextmanager
def werkzeug_server(app: Any) -> Iterator[int]:
    """Serves Flask as `flask run` does."""
    with _running(
        make_werkzeug_server("127.0.0.1", 0, app, threaded=True, request_handler=_SilentWerkzeug)
    ) as port:
        yield port


@contextmanager
def _running(server: WSGIServer | Any) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def lambda_sender(handlers: dict[str, Any], form: str) -> Send:
    """Returns a client that calls Lambda handlers with events in one of their forms."""

    def send(
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        method: str = "POST",
        *,
        chunked: bool = False,
    ) -> Answer:
        assert not chunked
        lines = {"Content-Type": "application/json", "Host": "example.com", **(headers or {})}
        event = _FORMS[form](f"/{path}", method, lines)
        event["isBase64Encoded"] = not body.isascii() or form == "url"
        event["body"] = (base64.b64encode(body) if event["isBase64Encoded"] else body).decode("ascii") or None
        if path == "consumed":
            event["body"] = {"parsed": True}
        # As it comes over the wire.
        answer = json.loads(
            json.dumps(handlers[urlsplit(path).path](json.loads(json.dumps(event)), "context"))
        )
        found = {name.lower(): value for name, value in answer.get("headers", {}).items()}
        return Answer(answer["statusCode"], found, answer.get("body", "").encode())

    return send


def _version_1(path: str, method: str, headers: dict[str, str]) -> dict[str, Any]:
    parts = urlsplit(path)
    return {
        "httpMethod": method,
        "path": parts.path,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": dict(parse_qsl(parts.query)) or None,
        "multiValueQueryStringParameters": {n: [v] for n, v in parse_qsl(parts.query)} or None,
        "requestContext": {"domainName": "example.com", "path": f"/prod{parts.path}"},
    }


def _version_2(path: str, method: str, headers: dict[str, str]) -> dict[str, Any]:
    parts = urlsplit(path)
    return {
        "version": "2.0",
        "rawPath": parts.path,
        "rawQueryString": parts.query,
        "headers": {name.lower(): value for name, value in headers.items()},
        "requestContext": {"domainName": "example.com", "http": {"method": method, "path": parts.path}},
    }


def _load_balancer(path: str, method: str, headers: dict[str, str]) -> dict[str, Any]:
    parts = urlsplit(path)
    pairs = [line.split("=", 1) for line in parts.query.split("&") if line]
    return {
        "httpMethod": method,
        "path": parts.path,
        "multiValueHeaders": {name.lower(): [value] for name, value in headers.items()},
        "multiValueQueryStringParameters": {name: [value] for name, value in pairs},
        "requestContext": {"elb": {"targetGroupArn": "arn"}},
    }


_FORMS = {"1.0": _version_1, "2.0": _version_2, "url": _version_2, "alb": _load_balancer}
