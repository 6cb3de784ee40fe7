"""Receives webhooks in any ASGI server, without a framework."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

from hookproof._adapter import Endpoint, checked, declared_length, headers_of, request_of
from hookproof._drive import Refusal
from hookproof._errors import body_too_large, malformed_body
from hookproof._request import header
from hookproof._threads import unblocked

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from hookproof._choice import Choice
    from hookproof._native import Event, Provider, Reply
    from hookproof._request import Request
    from hookproof.types import WebhookOptions
    from hookproof.verifier import Verifier

__all__ = ["WebhookMiddleware", "webhook"]

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]

_FIX = "put hookproof in front of whatever calls receive()"


def webhook(
    provider: str | Provider | Verifier | Choice, /, **options: Unpack[WebhookOptions]
) -> Callable[[Callable[[Scope, Event], object]], Application]:
    """Makes an ASGI application out of a handler, asynchronous or not: `async def handler(scope, event)`.

    The handler is called for new, authentic events only; one that is not asynchronous runs in a thread. When
    it returns, the provider's reply for an accepted event is sent; when it raises, the answer is 500 and a
    retry runs it again. Everything else is answered as the provider wants it, without the handler. The first
    argument is the name of a provider with the options of `Verifier`, or a `Verifier`, or a function that
    chooses one. The others are `hookproof.types.WebhookOptions`.

    Raises `ConfigurationError` when the keys or options are unusable.

    >>> from hookproof.asgi import webhook
    >>> @webhook("fourvenues", secret="s3cr3t")
    ... async def application(scope, event):
    ...     print(event.type, event.id)
    """
    endpoint = Endpoint(provider, options)

    def decorate(handler: Callable[[Scope, Event], object]) -> Application:
        run = unblocked(handler)

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            _refuse_others(scope)
            read = partial(read_body, receive, scope["headers"])

            async def handle(event: Event) -> object:
                return await run(scope, event)

            delivery = await endpoint.areceive(_request(endpoint, scope), read, handle)
            await _send(delivery.reply, send)

        return application

    return decorate


class WebhookMiddleware:
    """Lets only new, authentic events through to an ASGI application.

    The application finds the event in `scope["hookproof.event"]` and the body in `receive` again. Its answer
    is passed on when it is complete; with a status of 400 and above, or when it raises, the delivery counts
    as not handled. What is not HTTP is passed on as it is. The arguments after the application are those of
    `webhook`.
    """

    def __init__(
        self,
        application: Application,
        provider: str | Provider | Verifier | Choice,
        /,
        **options: Unpack[WebhookOptions],
    ) -> None:
        self._application = application
        self._endpoint = Endpoint(provider, options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        read = partial(read_body, receive, scope["headers"])
        handle = partial(self._handle, scope, receive)
        delivery = await self._endpoint.areceive(_request(self._endpoint, scope), read, handle)
        if delivery.answer is None:
            await _send(delivery.reply, send)
        else:
            for message in delivery.answer:
                await send(message)

    async def _handle(self, scope: Scope, receive: Receive, event: Event) -> list[Any]:
        unread = [{"type": "http.request", "body": event.body, "more_body": False}]
        sent: list[Any] = []

        async def replay() -> MutableMapping[str, Any]:
            return unread.pop() if unread else await receive()

        async def keep(message: MutableMapping[str, Any]) -> None:
            # All of it, before the delivery is marked as done: an application may fail half-way.
            sent.append(message)

        headers = [
            (name, value)
            for name, value in scope["headers"]
            # What was decoded or came in chunks is a plain body now.
            if name.lower() not in (b"content-encoding", b"content-length", b"transfer-encoding")
        ]
        headers.append((b"content-length", str(len(event.body)).encode()))
        await self._application({**scope, "headers": headers, "hookproof.event": event}, replay, keep)
        starts = [message for message in sent if message["type"] == "http.response.start"]
        if starts[0]["status"] >= HTTPStatus.BAD_REQUEST:
            raise Refusal(sent)
        return sent


async def read_body(receive: Receive, headers: Any, limit: int) -> bytes:
    """Reads the body, at most as many bytes as the limit.

    Raises `PayloadError`: `body_too_large`, `malformed_body` where the sender broke off.
    """
    declared = declared_length(header(headers, "content-length"))
    if declared > limit:
        raise body_too_large(declared, limit)
    body = bytearray()
    more = True
    while more and len(body) <= limit:
        message = await receive()
        if message["type"] != "http.request":
            problem = f"the sender was gone after {len(body)} bytes of the body"
            raise malformed_body(problem)
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return checked(bytes(body), declared, limit, _FIX)


def _refuse_others(scope: Scope) -> None:
    if scope["type"] != "http":
        message = f"a webhook is an HTTP request, and not {scope['type']}"
        raise NotImplementedError(message)


def _request(endpoint: Endpoint, scope: Scope) -> Request:
    query = scope.get("query_string", b"").decode("latin-1")
    url = endpoint.address(scope, query, partial(_own_url, scope, query))
    return request_of(scope["headers"], method=scope["method"], url=url, path=scope["path"])


def _own_url(scope: Scope, query: str) -> str | None:
    host = header(scope["headers"], "host")
    if not host:
        return None
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return f"{scope.get('scheme', 'http')}://{host}{path}" + (f"?{query}" if query else "")


async def _send(reply: Reply, send: Send) -> None:
    headers = {**headers_of(reply), "Content-Length": str(len(reply.body))}
    lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": lines})
    await send({"type": "http.response.body", "body": reply.body})
