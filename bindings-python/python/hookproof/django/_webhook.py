"""Makes Django views receive webhooks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException, UnreadablePostError
from django.http.response import HttpResponseBase

from hookproof._adapter import checked, declared_length, headers_of, request_of
from hookproof._drive import Delivery, Refusal
from hookproof._errors import body_already_parsed, body_too_large, malformed_body
from hookproof._native import EnvironHeaders
from hookproof.django._settings import endpoint_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from hookproof._adapter import Endpoint
    from hookproof._choice import Choice
    from hookproof._native import Event, Provider
    from hookproof._request import Request
    from hookproof.types import WebhookOptions
    from hookproof.verifier import Verifier

View: TypeAlias = Callable[..., Any]

_FIX = "use request.body, and not request.POST or request.read(), in what runs before the view"


def webhook(
    provider: str | Provider | Verifier | Choice, /, **options: Unpack[WebhookOptions]
) -> Callable[[View], View]:
    """Makes a view receive one provider's webhooks: `def view(request, event, *args, **kwargs)`.

    The view is called for new, authentic events only. It may be synchronous or asynchronous. When it returns
    None, the provider's reply for an accepted event is sent; a response of its own is passed on, and with a
    status of 400 and above the delivery counts as not handled. When it raises, the answer is 500 and a retry
    runs it again. Everything else (forgeries, duplicates, pings, handshakes, bodies over the limit, other
    methods than POST) is answered as the provider wants it, without the view.

    The view is exempt from CSRF protection and from `LoginRequiredMiddleware`: a sender has no cookies, and
    its signature is stronger than either. Where `ATOMIC_REQUESTS` is set, the view alone runs in the
    transaction, so that a delivery is marked as done after the commit and never before.

    The first argument is the name of a provider with the options of `Verifier`, or a `Verifier`, or a
    function that chooses one. The others are `hookproof.types.WebhookOptions`. Options that are not given
    here come from the setting `HOOKPROOF`, by the name of the provider, and there from `default`:

        HOOKPROOF = {
            "default": {"store": "hookproof.django.store.DjangoStore"},
            "fourvenues": {"secret": os.environ["FOURVENUES_SECRET"]},
        }

    Stores and functions are objects there, or import paths of them. The URL is by default that of
    `request.build_absolute_uri()`.

    Raises `ConfigurationError` when the keys or options are unusable. Where the setting is at fault, the view
    raises it instead, and the system checks of `hookproof.django` name it.

    >>> from hookproof.django import webhook
    >>> @webhook("fourvenues", secret="s3cr3t")
    ... def tickets(request, event):
    ...     print(event.type, event.id)
    """
    return partial(_received, endpoint_of(provider, options))


def _received(endpoint: Callable[[], Endpoint], view: View) -> View:
    """Wraps a view, synchronous or asynchronous as it is."""
    receive = _asynchronous(endpoint, view) if iscoroutinefunction(view) else _synchronous(endpoint, view)
    # CSRF protection asks for a token in a cookie; the sender has none, and signs its request instead.
    receive.csrf_exempt = True  # type: ignore[attr-defined]
    receive.login_required = False  # type: ignore[attr-defined]
    return receive


def _synchronous(endpoint: Callable[[], Endpoint], view: View) -> View:
    @wraps(view)
    def receive(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        def handle(event: Event) -> HttpResponseBase | None:
            return _answer(_atomic(view)(request, event, *args, **kwargs))

        found = endpoint()
        return _response(found.receive(_request(found, request), partial(_body, request), handle))

    # In a transaction around all of this, what the handler wrote could be rolled back after the delivery was
    # marked as done, and an exception that became a reply would commit.
    receive._non_atomic_requests = set(connections)  # type: ignore[attr-defined]
    return receive


def _asynchronous(endpoint: Callable[[], Endpoint], view: View) -> View:
    @wraps(view)
    async def receive(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        async def handle(event: Event) -> HttpResponseBase | None:
            return _answer(await view(request, event, *args, **kwargs))

        async def read(limit: int) -> bytes:
            return _body(request, limit)

        found = endpoint()
        return _response(await found.areceive(_request(found, request), read, handle))

    return receive


def _request(endpoint: Endpoint, request: HttpRequest) -> Request:
    url = endpoint.address(request, request.META.get("QUERY_STRING", ""), partial(_own_url, request))
    # Not `request.headers`, which Django makes of them at the first use, in more time than verifying takes.
    return request_of(EnvironHeaders(request.META), method=request.method or "", url=url, path=request.path)


def _own_url(request: HttpRequest) -> str | None:
    try:
        return request.build_absolute_uri()
    except DisallowedHost:
        return None


def _body(request: HttpRequest, limit: int) -> bytes:
    """Reads the raw body, at most as many bytes as the limit."""
    declared = declared_length(request.META.get("CONTENT_LENGTH"))
    if declared > limit:
        raise body_too_large(declared, limit)
    try:
        if not declared and not request._read_started:  # type: ignore[attr-defined]
            # Chunked, as ASGI servers take it: nothing says how much there is, so one byte too many is read.
            request._body = request.read(limit + 1)
        # The server lets nobody read more than the length that was declared.
        body = request.body
    except RequestDataTooBig as error:
        # Django's own DATA_UPLOAD_MAX_MEMORY_SIZE, where that is the lower limit.
        raise body_too_large(declared, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or limit) from error
    except UnreadablePostError as error:
        message = "the sender was gone before the end of the body"
        raise malformed_body(message) from error
    except RawPostDataException as error:
        message = f"the body was read before it could be verified: {_FIX}"
        raise body_already_parsed(message) from error
    return checked(body, declared, limit, _FIX)


def _atomic(view: View) -> View:
    """Puts a view into the transactions that `ATOMIC_REQUESTS` asks for, as Django does it."""
    exempt: set[str] = getattr(view, "_non_atomic_requests", set())
    for alias, database in connections.settings.items():
        if database["ATOMIC_REQUESTS"] and alias not in exempt:
            view = transaction.atomic(using=alias)(view)
    return view


def _answer(response: object) -> HttpResponseBase | None:
    """Takes what a view returned; a status of 400 and above says that the delivery was not handled."""
    if response is None:
        return None
    if not isinstance(response, HttpResponseBase):
        message = f"the view returned {type(response).__name__}, expected None or a response"
        raise TypeError(message)
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        raise Refusal(response)
    return response


def _response(delivery: Delivery) -> HttpResponseBase:
    if isinstance(delivery.answer, HttpResponseBase):
        return delivery.answer
    reply = delivery.reply
    headers = headers_of(reply)
    response = HttpResponse(reply.body, status=reply.status, headers=headers)
    if not reply.body and "content-type" not in {name.lower() for name in headers}:
        # Django's default says HTML, and there is none.
        del response["Content-Type"]
    return response
