"""Receives webhooks in AWS Lambda: API Gateway (REST and HTTP API), function URLs, load balancers."""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Callable, Mapping
from functools import partial, wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from hookproof._adapter import Endpoint, checked, headers_of, request_of
from hookproof._drive import Refusal, is_lazy
from hookproof._errors import body_already_parsed, body_too_large, malformed_body
from hookproof._request import header
from hookproof._threads import is_awaited

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from hookproof._choice import Choice
    from hookproof._native import Event, Provider, Reply
    from hookproof._request import Request
    from hookproof.types import WebhookOptions
    from hookproof.verifier import Verifier

__all__ = ["webhook"]

_FIX = "hand over the event that Lambda calls with, whose body is text, and let nothing parse it before"


def webhook(
    provider: str | Provider | Verifier | Choice, /, **options: Unpack[WebhookOptions]
) -> Callable[[Callable[[Event, Any], Any]], Callable[[dict[str, Any], Any], dict[str, Any]]]:
    """Makes a Lambda handler: `def handler(event, context)`, where `event` is the verified `Event`.

    It takes the requests of API Gateway (payload format 1.0 and 2.0), of function URLs and of load balancers,
    with bodies in base64 and headers with several values. The function is called for new, authentic events
    only; it may be asynchronous. When it returns None, the provider's reply for an accepted event is sent; a
    dict with a `statusCode` is passed on, and with 400 and above the delivery counts as not handled. When it
    raises, the answer is 500 and a retry runs it again. Everything else is answered as the provider wants it,
    without the function. Instances of a function share no memory, so give it a `store` that they share.

    The first argument is the name of a provider with the options of `Verifier`, or a `Verifier`, or a
    function that chooses one. The others are `hookproof.types.WebhookOptions`.

    Raises `ConfigurationError` when the keys or options are unusable.

    >>> from hookproof.aws_lambda import webhook
    >>> @webhook("fourvenues", secret="s3cr3t")
    ... def handler(event, context):
    ...     print(event.type, event.id)
    """
    return partial(_received, Endpoint(provider, options))


def _received(
    endpoint: Endpoint, function: Callable[[Event, Any], Any]
) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    @wraps(function)
    def handler(sent: dict[str, Any], context: Any = None) -> dict[str, Any]:
        request = _request(endpoint, sent)

        async def ahandle(event: Event) -> Any:
            return _answer(await function(event, context))

        async def aread(limit: int) -> bytes:
            return _body(sent, limit)

        if is_awaited(function):
            delivery = asyncio.run(endpoint.areceive(request, aread, ahandle))
        else:
            delivery = endpoint.receive(
                request, partial(_body, sent), lambda event: _answer(function(event, context))
            )
        found: dict[str, Any] = delivery.answer or _response(delivery.reply, sent)
        return found

    return handler


def _answer(answer: Any) -> Any:
    if not isinstance(answer, Mapping) or "statusCode" not in answer:
        # An awaitable and a generator are for the flow to refuse: nothing of the function has run.
        return answer if hasattr(answer, "__await__") or is_lazy(answer) else None
    if int(answer["statusCode"]) >= HTTPStatus.BAD_REQUEST:
        raise Refusal(dict(answer))
    return dict(answer)


def _request(endpoint: Endpoint, sent: dict[str, Any]) -> Request:
    context = sent.get("requestContext") or {}
    # Where there are lists of values, the plain headers hold only the last of each: a second signature would
    # not be seen.
    headers = sent.get("multiValueHeaders") or sent.get("headers") or {}
    http = context.get("http") or {}
    path = sent.get("rawPath") or context.get("path") or sent.get("path") or "/"
    query = _query(sent)

    def own_url() -> str | None:
        host = context.get("domainName") or header(headers, "host")
        return f"https://{host}{_quoted(path)}{query and '?' + query}" if host else None

    return request_of(
        headers,
        method=str(http.get("method") or sent.get("httpMethod") or ""),
        url=endpoint.address(sent, query, own_url),
        path=sent.get("rawPath") or sent.get("path") or "/",
    )


def _query(sent: dict[str, Any]) -> str:
    """Returns the query. Only payload format 2.0 has it as it was sent."""
    if "rawQueryString" in sent:
        return str(sent["rawQueryString"])
    pairs = sent.get("multiValueQueryStringParameters") or sent.get("queryStringParameters") or {}
    if "elb" in (sent.get("requestContext") or {}):
        # A load balancer does not decode it.
        lines = [(name, value if isinstance(value, list) else [value]) for name, value in pairs.items()]
        return "&".join(f"{name}={each}" for name, values in lines for each in values)
    return urlencode(pairs, doseq=True, errors="surrogatepass")


def _quoted(path: str) -> str:
    return quote(path, safe="/%:@!$&()*+,;=~", errors="surrogatepass")


def _body(sent: dict[str, Any], limit: int) -> bytes:
    body = sent.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        message = f"the body is {type(body).__name__}, expected text: {_FIX}"
        raise body_already_parsed(message)
    if not sent.get("isBase64Encoded"):
        return checked(body.encode("utf-8", "surrogatepass"), 0, limit, _FIX)
    # Four characters are three bytes, so what is too long need not be decoded.
    if len(body) // 4 * 3 > limit + 3:
        raise body_too_large(len(body) // 4 * 3, limit)
    try:
        return checked(base64.b64decode(body, validate=True), 0, limit, _FIX)
    except (binascii.Error, ValueError) as error:
        message = "the body is not base64, which isBase64Encoded says"
        raise malformed_body(message) from error


def _response(reply: Reply, sent: dict[str, Any]) -> dict[str, Any]:
    headers = headers_of(reply)
    response: dict[str, Any] = {
        "statusCode": reply.status,
        "headers": headers,
        "body": reply.body.decode("utf-8"),
        "isBase64Encoded": False,
    }
    if "elb" in (sent.get("requestContext") or {}) and sent.get("multiValueHeaders") is not None:
        # A load balancer that sends lists of values reads nothing else.
        response["multiValueHeaders"] = {name: [value] for name, value in headers.items()}
    return response
