"""Receives webhooks in Flask."""

from __future__ import annotations

from functools import partial, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Response, current_app, request
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from hookproof._adapter import Endpoint, checked, declared_length, headers_of, request_of
from hookproof._drive import Refusal, is_lazy
from hookproof._errors import body_already_parsed, body_too_large, malformed_body
from hookproof._native import EnvironHeaders

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Request
    from typing_extensions import Unpack

    from hookproof._choice import Choice
    from hookproof._native import Event, Provider
    from hookproof._request import Request as Taken
    from hookproof.types import WebhookOptions
    from hookproof.verifier import Verifier

__all__ = ["webhook"]

_FIX = "use request.get_data(), and not request.form or request.stream, in what runs before the view"


def webhook(
    provider: str | Provider | Verifier | Choice, /, **options: Unpack[WebhookOptions]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes a view receive one provider's webhooks: `def view(event, **values)`, below `@app.post(…)`.

    The view is called for new, authentic events only. It may be asynchronous where Flask is installed with
    `flask[async]`. When it returns None, the provider's reply for an accepted event is sent; anything else is
    what Flask takes from a view, and with a status of 400 and above, or after `abort`, the delivery counts as
    not handled. When it raises, the answer is 500 and a retry runs it again. Everything else (forgeries,
    duplicates, pings, handshakes, bodies over the limit) is answered as the provider wants it, without the
    view. The lower of `max_body` and Flask's `MAX_CONTENT_LENGTH` is the limit.

    The first argument is the name of a provider with the options of `Verifier`, or a `Verifier`, or a
    function that chooses one. The others are `hookproof.types.WebhookOptions`.

    Raises `ConfigurationError` when the keys or options are unusable.

    >>> from flask import Flask
    >>> from hookproof.flask import webhook
    >>> app = Flask(__name__)
    >>> @app.post("/hooks")
    ... @webhook("fourvenues", secret="s3cr3t")
    ... def tickets(event):
    ...     print(event.type, event.id)
    """
    return partial(_received, Endpoint(provider, options))


def _received(endpoint: Endpoint, view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def receive(**values: Any) -> Any:
        def handle(event: Event) -> object:
            try:
                answer = current_app.ensure_sync(view)(event, **values)
            except HTTPException as error:
                raise Refusal(error) from error
            if answer is None or is_lazy(answer):
                # The view as a generator: Flask would run it after the delivery was marked as done.
                return answer
            response = current_app.make_response(answer)
            if response.status_code >= HTTPStatus.BAD_REQUEST:
                raise Refusal(response)
            return response

        delivery = endpoint.receive(_request(endpoint, request), partial(_body, request), handle)
        if isinstance(delivery.answer, HTTPException):
            # Flask answers it, or the application's own handler of errors.
            raise delivery.answer
        reply = delivery.reply
        if delivery.answer is not None:
            return delivery.answer
        response = Response(reply.body, reply.status, headers_of(reply))
        if not reply.body and "content-type" not in {name.lower() for name in reply.headers}:
            # Flask's default says HTML, and there is none.
            del response.headers["Content-Type"]
        return response

    return receive


def _request(endpoint: Endpoint, request: Request) -> Taken:
    query = request.query_string.decode("latin-1")
    url = endpoint.address(request, query, lambda: request.url)
    environ = request.environ
    if environ.get("CONTENT_TYPE") == "":
        # As werkzeug has it: a type that is empty is none.
        environ = {name: value for name, value in environ.items() if name != "CONTENT_TYPE"}
    # Not `request.headers`, which lists them in more time than verifying takes.
    return request_of(EnvironHeaders(environ), method=request.method, url=url, path=request.path)


def _body(request: Request, limit: int) -> bytes:
    own = request.max_content_length
    limit = limit if own is None else min(limit, own)
    declared = declared_length(request.headers.get("Content-Length"))
    if declared > limit:
        raise body_too_large(declared, limit)
    # One byte more than the limit: of a longer body in chunks werkzeug hands over as much, and no error.
    request.max_content_length = limit + 1
    try:
        body = request.get_data()
    except RequestEntityTooLarge as error:
        raise body_too_large(max(declared, limit + 1), limit) from error
    except ClientDisconnected as error:
        message = "the sender was gone before the end of the body"
        raise malformed_body(message) from error
    if not body and "form" in vars(request):
        message = f"the body was read before it could be verified: {_FIX}"
        raise body_already_parsed(message)
    return checked(body, declared, limit, _FIX)
