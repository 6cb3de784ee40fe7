"""Receives webhooks in Django."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase

from hookproof._errors import HookproofError, body_already_parsed, body_too_large
from hookproof._flow import Delivery, Flow, Refusal, Request
from hookproof._watchers import Watchers
from hookproof.receiver import DEFAULT_LEASE, DEFAULT_MAX_BODY
from hookproof.verifier import Verifier

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from hookproof._native import Event, Handshake, Provider, Reply
    from hookproof.store import AsyncStore, Store
    from hookproof.types import Seconds, VerifierOptions

__all__ = ["webhook"]

_View: TypeAlias = Callable[..., Any]
_Url: TypeAlias = Union[str, Callable[[HttpRequest], str], None]


def webhook(
    provider: str | Provider | Verifier,
    /,
    *,
    store: Store | AsyncStore | None = None,
    max_body: int = DEFAULT_MAX_BODY,
    lease: Seconds = DEFAULT_LEASE,
    retention: Seconds | None = None,
    url: _Url = None,
    on_reject: Callable[[HookproofError], object] | None = None,
    on_duplicate: Callable[[Event], object] | None = None,
    on_error: Callable[[BaseException, Event | None], object] | None = None,
    on_handshake: Callable[[Handshake], object] | None = None,
    **options: Unpack[VerifierOptions],
) -> Callable[[_View], _View]:
    """Makes a view receive one provider's webhooks: `def view(request, event, *args, **kwargs)`.

    The view is called for new, authentic events only. It may be synchronous or asynchronous. When it returns
    None, the provider's reply for an accepted event is sent; a response of its own is passed on, and with a
    status of 400 and above the delivery counts as not handled. When it raises, the answer is 500 and a retry
    runs it again. Everything else (forgeries, duplicates, pings, handshakes, bodies over the limit, other
    methods than POST) is answered as the provider wants it, without the view.

    The view is exempt from CSRF protection and from `LoginRequiredMiddleware`: a sender has no cookies, and
    its signature is stronger than either. Where `ATOMIC_REQUESTS` is set, the view alone runs in the
    transaction, so that a delivery is marked as done after the commit and never before.

    The first argument is the name of a provider with the options of `Verifier`, or a `Verifier`. The others
    are those of `Receiver`, and:

    - `url`: the public URL as the sender has it, for providers that sign it, or a function of the request.
      The query is that of the request where a text has none. Default: `request.build_absolute_uri()`.

    Raises `ConfigurationError` when the keys or options are unusable.

    >>> from hookproof.django import webhook
    >>> @webhook("fourvenues", secret="s3cr3t")
    ... def tickets(request, event):
    ...     print(event.type, event.id)
    """
    if isinstance(provider, Verifier):
        if options:
            message = f"the options {', '.join(options)} are the verifier's, and a verifier was given"
            raise TypeError(message)
        verifier = provider
    else:
        verifier = Verifier(provider, **options)
    watchers = Watchers(on_reject, on_duplicate, on_error)
    flow = Flow(
        verifier,
        store=store,
        max_body=max_body,
        lease=lease,
        retention=retention,
        watchers=watchers,
        on_handshake=on_handshake,
    )
    return partial(_received, flow, url)


def _received(flow: Flow, url: _Url, view: _View) -> _View:
    """Wraps a view, synchronous or asynchronous as it is."""
    receive = _asynchronous(flow, url, view) if iscoroutinefunction(view) else _synchronous(flow, url, view)
    # CSRF protection asks for a token in a cookie; the sender has none, and signs its request instead.
    receive.csrf_exempt = True  # type: ignore[attr-defined]
    receive.login_required = False  # type: ignore[attr-defined]
    return receive


def _synchronous(flow: Flow, url: _Url, view: _View) -> _View:
    @wraps(view)
    def receive(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        def handle(event: Event) -> HttpResponseBase | None:
            return _answer(_atomic(view)(request, event, *args, **kwargs))

        taken = _taken(flow, url, request)
        return _response(flow.deliver(taken, handle) if isinstance(taken, Request) else Delivery(taken))

    # In a transaction around all of this, what the handler wrote could be rolled back after the delivery was
    # marked as done, and an exception that became a reply would commit.
    receive._non_atomic_requests = set(connections)  # type: ignore[attr-defined]
    return receive


def _asynchronous(flow: Flow, url: _Url, view: _View) -> _View:
    @wraps(view)
    async def receive(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        async def handle(event: Event) -> HttpResponseBase | None:
            return _answer(await view(request, event, *args, **kwargs))

        taken = _taken(flow, url, request)
        return _response(
            await flow.adeliver(taken, handle) if isinstance(taken, Request) else Delivery(taken)
        )

    return receive


def _taken(flow: Flow, url: _Url, request: HttpRequest) -> Request | Reply:
    """Reads a request, or answers it where there is nothing to verify."""
    is_post = request.method == "POST"
    if not is_post and not flow.verifier.answers_unsigned:
        return flow.provider.reply("method_not_allowed")
    try:
        body = _body(request, flow.max_body)
    except HookproofError as error:
        return flow.refused(error)
    address = _public(url, request)
    return Request(body, request.headers, request.method, address, handshake_only=not is_post)


def _body(request: HttpRequest, limit: int) -> bytes:
    """Reads the raw body, at most as many bytes as the limit."""
    declared = _declared(request)
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
    except RawPostDataException as error:
        message = (
            "the body was read before it could be verified: use request.body, and not request.POST or "
            "request.read(), in what runs before the view"
        )
        raise body_already_parsed(message) from error
    if len(body) > limit:
        raise body_too_large(len(body), limit)
    return body


def _declared(request: HttpRequest) -> int:
    try:
        return max(int(request.META.get("CONTENT_LENGTH") or 0), 0)
    except ValueError:
        return 0


def _public(url: _Url, request: HttpRequest) -> str | None:
    """Returns the URL as the sender has it; None for a host that Django does not allow."""
    if callable(url):
        return url(request)
    if url is not None:
        # As the verifier's option of this name: handshakes stand in the query, and signatures may.
        query = request.META.get("QUERY_STRING")
        return f"{url}?{query}" if query and "?" not in url else url
    try:
        return request.build_absolute_uri()
    except DisallowedHost:
        return None


def _atomic(view: _View) -> _View:
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
    response = HttpResponse(reply.body, status=reply.status, headers=reply.headers)
    if "content-type" not in {name.lower() for name in reply.headers}:
        # Django's default says HTML. There is none, and what a request sent is not to run as such when it
        # is echoed.
        if reply.body:
            response["Content-Type"] = "text/plain; charset=utf-8"
        else:
            del response["Content-Type"]
    return response
