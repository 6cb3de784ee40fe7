"""What the framework adapters share: their options, the URL as the sender has it, and bodies with a limit."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from hookproof._choice import by_secret
from hookproof._errors import (
    HookproofError,
    body_already_parsed,
    body_too_large,
    invalid_option,
    malformed_body,
)
from hookproof._flow import Flow
from hookproof._native import Provider
from hookproof._request import Request
from hookproof._watchers import Watchers
from hookproof.receiver import DEFAULT_LEASE, DEFAULT_MAX_BODY
from hookproof.types import VerifierOptions, WebhookOptions
from hookproof.verifier import Verifier

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from hookproof._choice import Choice
    from hookproof._drive import Delivery
    from hookproof._native import Event, Reply
    from hookproof.types import Headers

# Of a length that nothing has.
_DIGITS = 19
_WATCHERS = ("on_reject", "on_duplicate", "on_error", "on_outcome")


class Endpoint:
    """One endpoint: a flow with the options of its `webhook`, fed with what a framework hands over."""

    def __init__(self, provider: str | Provider | Verifier | Choice, options: WebhookOptions) -> None:
        words: dict[str, Any] = dict(options)
        check_names(words)
        self._url = words.pop("url", None)
        if self._url is not None and not isinstance(self._url, str) and not callable(self._url):
            message = (
                f"the option url is {type(self._url).__name__}, expected str or a function of the request"
            )
            raise TypeError(message)
        own = {
            name: words.pop(name) for name in tuple(words) if name not in VerifierOptions.__optional_keys__
        }
        verifier, replies = _verifier(provider, words)
        self.flow = Flow(
            verifier,
            replies=own.get("replies") or replies,
            store=own.get("store"),
            max_body=own.get("max_body", DEFAULT_MAX_BODY),
            lease=own.get("lease", DEFAULT_LEASE),
            retention=own.get("retention"),
            watchers=Watchers(**{name: own.get(name) for name in _WATCHERS}),
            on_handshake=own.get("on_handshake"),
        )

    def address(self, request: object, query: str, own: Callable[[], str | None]) -> str | None:
        """Returns the URL as the sender has it: the option's, else what the framework takes for it."""
        if callable(self._url):
            address: str = self._url(request)
            return address
        if self._url is not None:
            # As the verifier's option of this name: handshakes stand in the query, and signatures may.
            return f"{self._url}?{query}" if query and "?" not in self._url else self._url
        return own()

    def receive(
        self, request: Request, read: Callable[[int], bytes], handler: Callable[[Event], object]
    ) -> Delivery:
        """Reads the body and runs the flow in this thread."""
        if self._wants(request):
            try:
                request.body = read(self.flow.max_body)
            except HookproofError as error:
                request.failure = error
        return self.flow.deliver(request, handler)

    async def areceive(
        self, request: Request, read: Callable[[int], Awaitable[bytes]], handler: Callable[[Event], object]
    ) -> Delivery:
        """Reads the body and runs the flow in the event loop."""
        return await self.flow.adeliver(await self.taken(request, read), handler)

    async def taken(self, request: Request, read: Callable[[int], Awaitable[bytes]]) -> Request:
        """Returns the request with its body, or with why that could not be read."""
        if self._wants(request):
            try:
                request.body = await read(self.flow.max_body)
            except HookproofError as error:
                request.failure = error
        return request

    def _wants(self, request: Request) -> bool:
        """Tells whether there is a reason to read the body."""
        if request.method == "POST":
            return True
        request.handshake_only = True
        return self.flow.greets


def check_names(options: Iterable[str]) -> None:
    """Refuses options that no `webhook` has."""
    for name in options:
        if name not in WebhookOptions.__optional_keys__:
            message = f"webhook() got an unexpected keyword argument '{name}'"
            raise TypeError(message)


def request_of(headers: Headers, *, method: str, url: str | None, path: str) -> Request:
    """Makes a request whose body is yet to be read."""
    return Request(b"", headers, method, url, path=path)


def headers_of(reply: Reply) -> dict[str, str]:
    """Returns the headers to send, with a type for a body that has none."""
    if reply.body and "content-type" not in {name.lower() for name in reply.headers}:
        # What a request sent is not to run as HTML when it is echoed.
        return {**reply.headers, "Content-Type": "text/plain; charset=utf-8"}
    return reply.headers


def declared_length(text: str | None) -> int:
    """Reads a Content-Length; 0 where there is none."""
    if not (text and text.isascii() and text.isdigit()):
        return 0
    # Over every limit: Python raises ValueError for more than 4,300 digits, and a sender must not.
    return int(text) if len(text) < _DIGITS else sys.maxsize


def read_whole(read: Callable[[int], bytes], declared: int, limit: int, fix: str) -> bytes:
    """Reads a body of a declared length, or up to its end where none is declared.

    Raises `PayloadError`: `body_too_large`, `malformed_body` where the sender broke off;
    `ConfigurationError`: `body_already_parsed` with the fix where nothing is left of it.
    """
    if declared > limit:
        raise body_too_large(declared, limit)
    wanted = declared or limit + 1
    chunks: list[bytes] = []
    size = 0
    while size < wanted:
        chunk = read(wanted - size)
        if not chunk:
            break
        chunks.append(chunk)
        size += len(chunk)
    return checked(b"".join(chunks), declared, limit, fix)


def checked(body: bytes, declared: int, limit: int, fix: str) -> bytes:
    """Checks that a body is all of what was declared, and not over the limit."""
    if len(body) > limit:
        raise body_too_large(len(body), limit)
    if declared and not body:
        message = f"the body was read before it could be verified: {fix}"
        raise body_already_parsed(message)
    if len(body) < declared:
        # Where nothing signs the body, half of one would pass for all of it.
        message = f"the body ended after {len(body)} of {declared} bytes"
        raise malformed_body(message)
    return body


def _verifier(
    provider: str | Provider | Verifier | Choice, words: dict[str, Any]
) -> tuple[Verifier | Choice, str | Provider | None]:
    """Returns the verifier or the choice of one, and whose replies are used where there is none."""
    if not isinstance(provider, (str, Provider)):
        if words:
            message = f"the options {', '.join(words)} are the verifier's, and a verifier was given"
            raise TypeError(message)
        return provider, None
    secret = words.get("secret")
    if not callable(secret):
        return Verifier(provider, **words), None
    known = provider if isinstance(provider, Provider) else Provider.named(provider)
    if words.get("key_labels") is not None:
        message = "the option key_labels names secrets that a function chooses: return a Verifier from it"
        raise invalid_option(message)
    others = {name: value for name, value in words.items() if name != "secret"}
    return by_secret(known, secret, others), known
