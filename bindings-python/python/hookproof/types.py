"""The types of arguments, for annotations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeAlias, TypedDict, Union


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


class VerifierOptions(TypedDict, total=False):
    """The keywords of `Verifier` that adapters pass on: not `max_body` and `url`, which are their own."""

    secret: Secrets | None
    key_labels: Sequence[str | None] | None
    tolerance: Seconds | None
    issuer: str | Sequence[str] | None
    audience: str | Sequence[str] | None
    algorithms: str | Sequence[str] | None
    required_claims: str | Sequence[str] | None
    claims: JsonObject | None
    jwks: JsonObject | str | None
    accept_reserialized: bool
    endpoint: str | None
    verify_token: str | None
