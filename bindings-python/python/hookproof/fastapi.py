"""Receives webhooks in FastAPI and Starlette."""

# FastAPI evaluates the annotations of a dependency, so nothing here postpones them.
import inspect
from collections.abc import AsyncIterator, Callable
from functools import partial, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from hookproof._adapter import Endpoint, checked, declared_length, headers_of, request_of
from hookproof._drive import Answered, Refusal
from hookproof._errors import body_already_parsed, body_too_large, malformed_body
from hookproof._native import Event, Provider, Reply
from hookproof._threads import unblocked
from hookproof.verifier import Verifier

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from hookproof._choice import Choice
    from hookproof._request import Request as Taken
    from hookproof.types import WebhookOptions

__all__ = ["Webhook", "webhook"]

_Provider: TypeAlias = Union[str, Provider, Verifier, "Choice"]

_FIX = "await request.body(), and neither request.form() nor request.stream(), in what runs before"


class Webhook:
    """Receives one provider's webhooks as a dependency: `event: Event = Depends(Webhook("fourvenues", …))`.

    The endpoint is called for new, authentic events only. Everything else (forgeries, duplicates, pings,
    handshakes, bodies over the limit) is answered as the provider wants it, without the endpoint, and without
    any set-up. The delivery is marked as done when the endpoint has returned. It is not, and comes again,
    when something raises (an `HTTPException` is answered by FastAPI) or when `response.status_code` is set to
    400 and above. A dependency does not see a `Response` that the endpoint returns: for those, use the
    decorator `webhook`. FastAPI ends dependencies after the response and its background tasks;
    `Depends(…, scope="function")` marks the delivery before.

    The first argument is the name of a provider with the options of `Verifier`, or a `Verifier`, or a
    function that chooses one. The others are `hookproof.types.WebhookOptions`.

    Raises `ConfigurationError` when the keys or options are unusable.

    >>> from fastapi import Depends, FastAPI
    >>> from hookproof import Event
    >>> from hookproof.fastapi import Webhook
    >>> app = FastAPI()
    >>> @app.post("/hooks")
    ... async def tickets(event: Event = Depends(Webhook("fourvenues", secret="s3cr3t"))) -> None:
    ...     print(event.type, event.id)
    """

    def __init__(self, provider: _Provider, /, **options: "Unpack[WebhookOptions]") -> None:
        self._endpoint = Endpoint(provider, options)

    async def __call__(self, request: Request, response: Response) -> AsyncIterator[Event]:
        """Yields the event of a request to its endpoint; FastAPI calls this."""
        # What is raised here is to be answered byte for byte, and not as FastAPI words its own errors.
        request.scope["starlette.exception_handlers"][0].setdefault(Answered, _answered)
        taken = await self._endpoint.taken(_request(self._endpoint, request), partial(_body, request))
        try:
            async with self._endpoint.flow.held(taken) as event:
                try:
                    yield event
                except HTTPException as error:
                    raise Refusal(error) from error
                if _says_no(response):
                    raise Refusal(None)  # noqa: TRY301, it ends the delivery from inside
        except Refusal as refusal:
            if isinstance(refusal.answer, HTTPException):
                raise refusal.answer from None


def webhook(
    provider: _Provider, /, **options: "Unpack[WebhookOptions]"
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Makes an endpoint receive one provider's webhooks.

    In Starlette that is `async def endpoint(request, event)`; in FastAPI the endpoint has a parameter
    `event`, and whatever else FastAPI gives it. It may be synchronous. It is called for new, authentic events
    only. When it returns None, the provider's reply for an accepted event is sent; an answer of its own is
    passed on, and a `Response` with a status of 400 and above or an `HTTPException` means that the delivery
    was not handled. When it raises anything else, the answer is 500. The arguments are those of `Webhook`.

    >>> from hookproof.fastapi import webhook
    >>> from starlette.applications import Starlette
    >>> from starlette.routing import Route
    >>> @webhook("fourvenues", secret="s3cr3t")
    ... async def tickets(request, event):
    ...     print(event.type, event.id)
    >>> app = Starlette(routes=[Route("/hooks", tickets, methods=["POST"])])
    """
    return partial(_received, Endpoint(provider, options))


def _received(endpoint: Endpoint, function: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        # FastAPI would answer with a stream, and neither verify nor run anything of it.
        message = f"{function.__qualname__} is a generator: have no yield in it"
        raise TypeError(message)
    signature, name, is_wanted = _without_event(function)

    @wraps(function)
    async def receive(*args: Any, **kwargs: Any) -> Any:
        # Starlette gives the request by position, FastAPI by name.
        request: Request = args[0] if args else kwargs.pop(name)
        if is_wanted:
            kwargs[name] = request

        async def handle(event: Event) -> Any:
            try:
                answer = await unblocked(partial(function, **kwargs, event=event))()
            except HTTPException as error:
                raise Refusal(error) from error
            if any(_says_no(found) for found in (answer, *kwargs.values())):
                raise Refusal(answer)
            return answer

        read = partial(_body, request)
        delivery = await endpoint.areceive(_request(endpoint, request), read, handle)
        if isinstance(delivery.answer, HTTPException):
            raise delivery.answer
        return _response(delivery.reply) if delivery.answer is None else delivery.answer

    receive.__signature__ = signature  # type: ignore[attr-defined]
    return receive


def _without_event(function: Callable[..., Any]) -> tuple[inspect.Signature, str, bool]:
    """Returns what FastAPI is to see of an endpoint, the name of its request, and whether it has one."""
    try:
        signature = inspect.signature(function, eval_str=True)
    except NameError:
        # A name that only type checkers import. FastAPI says so where it matters.
        signature = inspect.signature(function)
    parameters = {name: each for name, each in signature.parameters.items() if name != "event"}
    if len(parameters) == len(signature.parameters):
        message = f"{getattr(function, '__qualname__', function)} has no parameter named event"
        raise TypeError(message)
    named = [name for name, each in parameters.items() if name == "request" or each.annotation is Request]
    if named:
        return signature.replace(parameters=list(parameters.values())), named[0], True
    request = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    return signature.replace(parameters=[*parameters.values(), request]), "request", False


def _says_no(answer: object) -> bool:
    # The response that FastAPI injects has no status until one is set.
    return isinstance(answer, Response) and (answer.status_code or 0) >= HTTPStatus.BAD_REQUEST


def _request(endpoint: Endpoint, request: Request) -> "Taken":
    query = request.scope.get("query_string", b"").decode("latin-1")
    url = endpoint.address(request, query, partial(_own_url, request))
    return request_of(request.headers.raw, method=request.method, url=url, path=request.scope["path"])


def _own_url(request: Request) -> str | None:
    try:
        return str(request.url)
    except UnicodeDecodeError:
        # Starlette reads the query as UTF-8, and some servers let through what is none.
        return None


async def _body(request: Request, limit: int) -> bytes:
    declared = declared_length(request.headers.get("content-length"))
    if declared > limit:
        raise body_too_large(declared, limit)
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                break
    except ClientDisconnect as error:
        message = f"the sender was gone after {len(body)} bytes of the body"
        raise malformed_body(message) from error
    except RuntimeError as error:
        message = f"the body was read before it could be verified: {_FIX}"
        raise body_already_parsed(message) from error
    found = checked(bytes(body), declared, limit, _FIX)
    # So that the endpoint may ask for it as well; Starlette has no public way to give a body back.
    request._body = found  # noqa: SLF001
    return found


async def _answered(_request: Request, answered: Answered) -> Response:
    return _response(answered.reply)


def _response(reply: Reply) -> Response:
    return Response(reply.body, reply.status, headers_of(reply))
