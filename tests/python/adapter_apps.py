"""The endpoints of the table in every framework but Django's."""

import io
from collections.abc import Callable
from typing import Any

from adapter_table import endpoints, record
from fastapi import Depends, FastAPI, HTTPException, Request
from flask import Flask
from flask import request as flask_request
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

import hookproof.asgi
import hookproof.aws_lambda
import hookproof.fastapi
import hookproof.flask
import hookproof.wsgi
from hookproof import Event


def flask_app() -> Flask:
    """Flask views."""
    app = Flask("adapters")

    def view(event: Event) -> Any:
        assert flask_request.get_data()
        status = record.take(event)
        return None if status is None else ("own", status)

    def read_first() -> None:
        if flask_request.path == "/consumed":
            flask_request.stream.read()

    app.before_request(read_first)
    for name, (provider, options) in endpoints().items():
        receive = hookproof.flask.webhook(provider, **options)(view)
        app.add_url_rule(f"/{name}", name, receive, methods=["GET", "POST"])
    return app


async def _reading_first(request: Request) -> None:
    if request.url.path == "/consumed":
        async for _ in request.stream():
            pass


def fastapi_depends_app() -> FastAPI:
    """FastAPI endpoints with the dependency."""
    app = FastAPI(dependencies=[Depends(_reading_first)])
    for number, (name, (provider, options)) in enumerate(endpoints().items()):
        hook = hookproof.fastapi.Webhook(provider, **options)
        # After the response, which is FastAPI's default, and before it.
        depends = Depends(hook, scope="function" if number % 2 else "request")

        async def endpoint(request: Request, event: Event = depends) -> None:
            assert await request.body()
            status = record.take(event)
            if status is not None:
                raise HTTPException(status, "own")

        app.add_api_route(f"/{name}", endpoint, methods=["GET", "POST"])
    return app


def fastapi_decorated_app() -> FastAPI:
    """FastAPI endpoints with the decorator; every second one is synchronous."""
    app = FastAPI(dependencies=[Depends(_reading_first)])

    async def awaited(event: Event) -> Any:
        return called(event)

    def called(event: Event) -> Any:
        status = record.take(event)
        return None if status is None else Response("own", status)

    for number, (name, (provider, options)) in enumerate(endpoints().items()):
        endpoint = hookproof.fastapi.webhook(provider, **options)(awaited if number % 2 else called)
        app.add_api_route(f"/{name}", endpoint, methods=["GET", "POST"])
    return app


def starlette_app() -> Starlette:
    """Starlette endpoints with the decorator."""

    async def endpoint(request: Request, event: Event) -> Response | None:
        assert await request.body()
        status = record.take(event)
        return None if status is None else Response("own", status)

    def reading_first(receive: Callable[..., Any]) -> Callable[..., Any]:
        async def read(request: Request) -> Any:
            await _reading_first(request)
            return await receive(request)

        return read

    routes = []
    for name, (provider, options) in endpoints().items():
        receive = reading_first(hookproof.fastapi.webhook(provider, **options)(endpoint))
        routes.append(Route(f"/{name}", receive, methods=["GET", "POST"]))
    return Starlette(routes=routes)


def asgi_app() -> Any:
    """ASGI applications."""

    async def handler(scope: Any, event: Event) -> None:
        assert scope["type"] == "http"
        record.take(event)

    return _asgi_router(
        {
            name: hookproof.asgi.webhook(provider, **options)(handler)
            for name, (provider, options) in endpoints().items()
        }
    )


def asgi_middleware_app() -> Any:
    """An ASGI application behind the middleware."""

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        event = scope["hookproof.event"]
        assert (message["body"], message["more_body"]) == (event.body, False)
        status = record.take(event) or 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"own" if status != 200 else b""})

    return _asgi_router(
        {
            name: hookproof.asgi.WebhookMiddleware(inner, provider, **options)
            for name, (provider, options) in endpoints().items()
        }
    )


def _asgi_router(apps: dict[str, Any]) -> Any:
    async def nothing() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def route(scope: Any, receive: Any, send: Any) -> None:
        name = scope["path"].strip("/")
        await apps[name](scope, nothing if name == "consumed" else receive, send)

    return route


def wsgi_app() -> Any:
    """WSGI applications."""

    def handler(environ: dict[str, Any], event: Event) -> None:
        assert environ["PATH_INFO"]
        record.take(event)

    return _wsgi_router(
        {
            name: hookproof.wsgi.webhook(provider, **options)(handler)
            for name, (provider, options) in endpoints().items()
        }
    )


def wsgi_middleware_app() -> Any:
    """A WSGI application behind the middleware."""

    def inner(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        event = environ["hookproof.event"]
        assert environ["wsgi.input"].read() == event.body
        status = record.take(event) or 200
        start_response(f"{status} Own", [])
        return [b"own" if status != 200 else b""]

    return _wsgi_router(
        {
            name: hookproof.wsgi.WebhookMiddleware(inner, provider, **options)
            for name, (provider, options) in endpoints().items()
        }
    )


def _wsgi_router(apps: dict[str, Any]) -> Any:
    def route(environ: dict[str, Any], start_response: Any) -> Any:
        name = environ["PATH_INFO"].strip("/")
        if name == "consumed":
            # What most servers hand over ends where the body does; that of wsgiref would be waited for.
            environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
            environ["wsgi.input"].read()
        return apps[name](environ, start_response)

    return route


def lambda_handlers(*, awaited: bool) -> dict[str, Any]:
    """Lambda handlers by name."""

    def handler(event: Event, context: Any) -> dict[str, Any] | None:
        assert context == "context"
        status = record.take(event)
        return None if status is None else {"statusCode": status, "body": "own"}

    async def ahandler(event: Event, context: Any) -> dict[str, Any] | None:
        return handler(event, context)

    return {
        name: hookproof.aws_lambda.webhook(provider, **options)(ahandler if awaited else handler)
        for name, (provider, options) in endpoints().items()
    }
