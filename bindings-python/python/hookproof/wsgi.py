"""Receives webhooks in any WSGI server, without a framework."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias
from wsgiref.util import request_uri

from hookproof._adapter import Endpoint, declared_length, headers_of, read_whole, request_of
from hookproof._drive import Refusal
from hookproof._errors import malformed_body
from hookproof._native import EnvironHeaders

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from hookproof._choice import Choice
    from hookproof._native import Event, Provider, Reply
    from hookproof.types import WebhookOptions
    from hookproof.verifier import Verifier

__all__ = ["WebhookMiddleware", "webhook"]

Environ: TypeAlias = dict[str, Any]
Application: TypeAlias = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_FIX = "put hookproof in front of whatever reads wsgi.input"


def webhook(
    provider: str | Provider | Verifier | Choice, /, **options: Unpack[WebhookOptions]
) -> Callable[[Callable[[Environ, Event], object]], Application]:
    """Makes a WSGI application out of a handler: `def handler(environ, event)`.

    The handler is called for new, authentic events only. When it returns, the provider's reply for an
    accepted event is sent; when it raises, the answer is 500 and a retry runs it again. Everything else is
    answered as the provider wants it, without the handler. The first argument is the name of a provider with
    the options of `Verifier`, or a `Verifier`, or a function that chooses one. The others are
    `hookproof.types.WebhookOptions`.

    Raises `ConfigurationError` when the keys or options are unusable.

    >>> from hookproof.wsgi import webhook
    >>> @webhook("fourvenues", secret="s3cr3t")
    ... def application(environ, event):
    ...     print(event.type, event.id)
    """
    endpoint = Endpoint(provider, options)

    def decorate(handler: Callable[[Environ, Event], object]) -> Application:
        def application(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
            delivery = endpoint.receive(
                _request(endpoint, environ), partial(_body, environ), partial(_run, handler, environ)
            )
            return _send(delivery.reply, start_response)

        return application

    return decorate


class WebhookMiddleware:
    """Lets only new, authentic events through to a WSGI application.

    The application finds the event in `environ["hookproof.event"]` and the body in `wsgi.input` again. Its
    answer is passed on; with a status of 400 and above, or when it raises, the delivery counts as not
    handled. The arguments after the application are those of `webhook`.
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

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request."""
        delivery = self._endpoint.receive(
            _request(self._endpoint, environ), partial(_body, environ), partial(self._handle, environ)
        )
        if delivery.answer is None:
            return _send(delivery.reply, start_response)
        started, content = delivery.answer
        start_response(*started)
        return [content]

    def _handle(self, environ: Environ, event: Event) -> tuple[Any, bytes]:
        started: list[Any] = []
        written: list[bytes] = []

        def start_response(*arguments: Any) -> Callable[[bytes], None]:
            started[:] = arguments
            return written.append

        inner = {**environ, "hookproof.event": event, "wsgi.input": io.BytesIO(event.body)}
        # What was decoded or came in chunks is a plain body now.
        inner.pop("HTTP_CONTENT_ENCODING", None)
        inner.pop("HTTP_TRANSFER_ENCODING", None)
        inner["CONTENT_LENGTH"] = str(len(event.body))
        answer = self._application(inner, start_response)
        try:
            # All of it, before the delivery is marked as done: an application may fail half-way.
            written.extend(answer)
        finally:
            getattr(answer, "close", lambda: None)()
        found = (tuple(started), b"".join(written))
        if int(started[0].split(" ", 1)[0]) >= HTTPStatus.BAD_REQUEST:
            raise Refusal(found)
        return found


def _run(handler: Callable[[Environ, Event], object], environ: Environ, event: Event) -> object:
    return handler(environ, event)


def _request(endpoint: Endpoint, environ: Environ) -> Any:
    # A server may leave out a type that is empty.
    typed = environ if environ.get("CONTENT_TYPE") else {**environ, "CONTENT_TYPE": ""}
    query = environ.get("QUERY_STRING") or ""
    return request_of(
        EnvironHeaders(typed),
        method=environ["REQUEST_METHOD"],
        url=endpoint.address(environ, query, partial(request_uri, environ)),
        path=environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
    )


def _body(environ: Environ, limit: int) -> bytes:
    declared = declared_length(environ.get("CONTENT_LENGTH"))
    # Without a length, a server that does not say that it ends the input would be waited for for ever.
    if not declared and not environ.get("wsgi.input_terminated"):
        return b""
    read = environ["wsgi.input"].read
    try:
        return read_whole(read, declared, limit, _FIX)
    except OSError as error:
        # How gunicorn, uWSGI and mod_wsgi say it.
        message = "the sender was gone before the end of the body"
        raise malformed_body(message) from error


def _send(reply: Reply, start_response: Callable[..., Any]) -> list[bytes]:
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "Status"
    headers = {**headers_of(reply), "Content-Length": str(len(reply.body))}
    start_response(f"{reply.status} {phrase}", list(headers.items()))
    return [reply.body]
