"""The receiver: a verifier, a store and the provider's replies, for any framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hookproof._flow import Flow
from hookproof._request import Request
from hookproof._watchers import Watchers

if TYPE_CHECKING:
    from collections.abc import Callable

    from hookproof._choice import Choice
    from hookproof._errors import HookproofError
    from hookproof._native import Event, Handshake, Provider, Reply
    from hookproof.store import AsyncStore, Store
    from hookproof.types import Body, Headers, Seconds
    from hookproof.verifier import Verifier

DEFAULT_MAX_BODY = 1024 * 1024
DEFAULT_LEASE = 60.0


class Receiver:
    """Receives the requests of one provider: verifies, deduplicates, runs a handler and says how to reply.

    The flow is the same everywhere: a body over the limit is refused; gzip and deflate are undone, because
    senders sign what they compress, and up to the limit only; an unsigned handshake is answered; the request
    is verified; a ping or a signed handshake is answered; the delivery is claimed in the store; the handler
    runs; the claim is completed, or released if the handler raised. A delivery that comes again is answered
    without running the handler; one that comes while the first is running is asked to come back.

    - `verifier`: a `Verifier`, or a function that is given the `RequestHead` of each request (`headers`,
      `method`, `url`, `path`) and returns the `Verifier` for it, or None where nobody is known: then the
      request is refused like a forgery. It may be asynchronous for `areceive`. When it raises, the sender is
      asked to come back (503), and `on_error` is called.
    - `store`: a `Store` (or `AsyncStore`, for `areceive`). Default: a `MemoryStore` of its own, which is
      enough for one process.
    - `max_body`: the largest body, in bytes. Default: 1 MiB.
    - `lease`: how long a claim holds, seconds or a timedelta; longer than the handler ever takes. Default:
      60.
    - `retention`: how long a handled delivery is remembered, seconds or a timedelta. Default: twice the
      provider's longest span of retries, at least 3 days.
    - `on_reject(error)`: called for a request that is not authentic or not what the provider sends. Default:
      a warning to the logger `hookproof`.
    - `on_duplicate(event)`: called for a delivery that was handled or is being handled. Default: nothing.
    - `on_handshake(handshake)`: called before a handshake is answered, so that what it hands over
      (`handshake.keep`) can be stored; asynchronous or not for `areceive`. When it raises, the reply is that
      for `handler_failed`. A handshake that the provider does not sign may be from anybody: keep only what
      you are waiting for. Default: nothing.
    - `on_outcome(outcome, event, seconds)`: called once for each request, for metrics: the outcome as
      `Reply.outcome` names it, the event or None, and how long it took without the reading of the body.
      Default: nothing.
    - `replies`: the provider, or its name, whose replies answer a request for which no verifier is known.
      Default: the verifier's, and those of `standard-webhooks` where that is a function.
    - `on_error(error, event)`: called when the handler, the store or the setting fails; `event` is None where
      there is none yet. Default: an error to the logger `hookproof`.

    Raises `ConfigurationError`: `invalid_option`.

    >>> from hookproof import Receiver, Signer, Verifier
    >>> receiver = Receiver(Verifier("fourvenues", secret="s3cr3t"))
    >>> signed = Signer("fourvenues", secret="s3cr3t").sign(b'{"id": "5f7b", "event": "x", "payload": {}}')
    >>> receiver.receive(signed.body, signed.headers, lambda event: print(event.id)).status
    5f7b
    200
    >>> receiver.receive(signed.body, signed.headers, lambda event: print(event.id)).outcome
    'duplicate'
    """

    __slots__ = ("_flow",)

    def __init__(
        self,
        verifier: Verifier | Choice,
        store: Store | AsyncStore | None = None,
        *,
        max_body: int = DEFAULT_MAX_BODY,
        lease: Seconds = DEFAULT_LEASE,
        retention: Seconds | None = None,
        on_reject: Callable[[HookproofError], object] | None = None,
        on_duplicate: Callable[[Event], object] | None = None,
        on_error: Callable[[BaseException, Event | None], object] | None = None,
        on_handshake: Callable[[Handshake], object] | None = None,
        on_outcome: Callable[[str, Event | None, float], object] | None = None,
        replies: str | Provider | None = None,
    ) -> None:
        watchers = Watchers(on_reject, on_duplicate, on_error, on_outcome)
        self._flow = Flow(
            verifier,
            replies=replies,
            store=store,
            max_body=max_body,
            lease=lease,
            retention=retention,
            watchers=watchers,
            on_handshake=on_handshake,
        )

    def receive(
        self,
        body: Body,
        headers: Headers,
        handler: Callable[[Event], object],
        *,
        method: str | None = None,
        url: str | None = None,
        now: float | None = None,
    ) -> Reply:
        """Takes one request and returns how to reply; it never raises for what a request does.

        The arguments are those of `Verifier.verify`, and `handler(event)`, which is called only for a new,
        authentic event that is no ping. A handler that raises is answered with the provider's reply for
        `handler_failed`, and a retry runs it again. `reply.outcome` says what came of the request.
        """
        return self._flow.deliver(Request(body, headers, method, url, now), handler).reply

    async def areceive(
        self,
        body: Body,
        headers: Headers,
        handler: Callable[[Event], object],
        *,
        method: str | None = None,
        url: str | None = None,
        now: float | None = None,
    ) -> Reply:
        """Does what `receive` does, for asyncio; handler and store may be asynchronous or not.

        What is not asynchronous runs in a thread, so that it does not keep the event loop from other work.

        >>> import asyncio
        >>> from hookproof import Receiver, Signer, Verifier
        >>> async def handle(event):
        ...     print(event.type)
        >>> receiver = Receiver(Verifier("github", secret="s3cr3t"))
        >>> signed = Signer("github", secret="s3cr3t").sign(b"{}", type="push", id="72d3162e")
        >>> asyncio.run(receiver.areceive(signed.body, signed.headers, handle)).status
        push
        200
        """
        return (await self._flow.adeliver(Request(body, headers, method, url, now), handler)).reply
