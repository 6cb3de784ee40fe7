"""The types of arguments, for annotations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypedDict, Union

from hookproof._request import RequestHead
from hookproof.verifier import Verifier

if TYPE_CHECKING:
    from hookproof._errors import HookproofError
    from hookproof._native import Event, Handshake, Provider
    from hookproof.store import AsyncStore, Store


class HeadersWithItems(Protocol):
    """An object that lists its headers, such as `email.message.Message` or the `Headers` of werkzeug."""

    def items(self) -> Iterable[tuple[Any, Any]]:
        """Lists the pairs of names and values, a repeated header once for each line."""


Body: TypeAlias = Union[bytes, bytearray, memoryview, str]
"""A raw body; a str stands for its UTF-8."""

HeaderText: TypeAlias = Union[str, bytes]
Headers: TypeAlias = Union[
    Mapping[str, Any],
    Mapping[bytes, Any],
    HeadersWithItems,
    Iterable[tuple[HeaderText, HeaderText]],
]
"""Headers in any usual shape: names and values are str or bytes; a list of values is several lines."""

Secrets: TypeAlias = Union[str, bytes, Sequence[Union[str, bytes]]]
"""One secret, or several while one replaces another."""

Seconds: TypeAlias = Union[int, float, timedelta]
"""A duration."""

JsonObject: TypeAlias = dict[str, Any]


Chosen: TypeAlias = Union[Secrets, Verifier, None]
SecretChoice: TypeAlias = Callable[[RequestHead], Union[Chosen, Awaitable[Chosen]]]
"""Returns the secrets for a request, or None where nobody is known for it; asynchronous or not.

It may also return a whole `Verifier`, for tenants that differ in more than their secrets.
"""


class VerifierOptions(TypedDict, total=False):
    """The keywords of `Verifier` that adapters pass on: not `max_body` and `url`, which are their own."""

    secret: Secrets | SecretChoice | None
    key_labels: Sequence[str | None] | None
    tolerance: Seconds | None
    issuer: str | Sequence[str] | None
    audience: str | Sequence[str] | None
    algorithms: str | Sequence[str] | None
    required_claims: str | Sequence[str] | None
    claims: JsonObject | None
    jwks: JsonObject | str | None
    jwks_uri: str | None
    keys: str | None
    fetch_keys: bool
    fetch_timeout: Seconds | None
    allow_insecure_loopback: bool
    accept_reserialized: bool
    endpoint: str | None
    verify_token: str | None


class WebhookOptions(VerifierOptions, total=False):
    """The keywords of every `webhook`, in every framework.

    They are those of `Verifier` and `Receiver`, and:

    - `secret` may also be a function that is given the `RequestHead` of each request (`headers`, `method`,
      `url`, `path`) and returns its secrets, or None where nobody is known: see `SecretChoice`.
    - `url`: the public URL as the sender has it, for providers that sign it, or a function of the framework's
      request. The query is that of the request where a text has none. Default: what the framework takes for
      it, which behind a proxy is another one; headers that tell the original one can be forged, so nothing
      here reads them.
    """

    store: Store | AsyncStore | None
    max_body: int
    lease: Seconds
    retention: Seconds | None
    replies: str | Provider | None
    url: str | Callable[[Any], str] | None
    on_reject: Callable[[HookproofError], object] | None
    on_duplicate: Callable[[Event], object] | None
    on_error: Callable[[BaseException, Event | None], object] | None
    on_handshake: Callable[[Handshake], object] | None
    on_outcome: Callable[[str, Event | None, float], object] | None
