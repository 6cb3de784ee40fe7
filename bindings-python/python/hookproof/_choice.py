"""Chooses the verifier of each request, where one endpoint serves several tenants."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, Union

from hookproof._request import RequestHead
from hookproof._threads import is_awaited
from hookproof.verifier import Verifier

if TYPE_CHECKING:
    from hookproof._native import Provider
    from hookproof.types import Secrets

Choice: TypeAlias = Callable[[RequestHead], Union[Verifier, Awaitable[Verifier | None], None]]
"""Returns the verifier for a request, or None where nobody is known for it; asynchronous or not."""

_REMEMBERED = 1024


def by_secret(provider: str | Provider, secret: Callable[[RequestHead], Any], options: Any) -> Choice:
    """Makes a choice of verifiers out of a function that chooses secrets.

    A verifier is built once for the same secrets, and the 1,024 that were used last are kept. Without an
    endpoint each tenant has one of its own, which is derived from the first secret.
    """
    given = options.get("endpoint")

    @lru_cache(_REMEMBERED)
    def build(secrets: tuple[str | bytes, ...]) -> Verifier:
        endpoint = endpoint_of(secrets) if given is None else given
        return Verifier(provider, secret=secrets, **{**options, "endpoint": endpoint})

    def verifier(found: Secrets | Verifier | None) -> Verifier | None:
        if found is None or isinstance(found, Verifier):
            return found
        return build((found,) if isinstance(found, (str, bytes)) else tuple(found))

    async def later(found: Awaitable[Any]) -> Verifier | None:
        return verifier(await found)

    async def achoose(head: RequestHead) -> Verifier | None:
        return await later(secret(head))

    def choose(head: RequestHead) -> Any:
        found = secret(head)
        return later(found) if inspect.isawaitable(found) else verifier(found)

    return achoose if is_awaited(secret) else choose


def endpoint_of(secrets: Sequence[str | bytes]) -> str | None:
    """Names an endpoint after its first secret, as the Node package does.

    No tenant's ids may pass for those of another, who could send them first on purpose. The name stands in
    the keys of the store; it is derived slowly, for it may not help to guess a weak secret.
    """
    if not secrets or not secrets[0]:
        return None
    # A lone surrogate is for the verifier to refuse: the error of an encoder holds the whole secret.
    first = secrets[0].encode("utf-8", "surrogatepass") if isinstance(secrets[0], str) else secrets[0]
    derived = hashlib.scrypt(first, salt=b"hookproof endpoint", n=1024, r=8, p=1, dklen=12)
    return f"by-secret-{derived.hex()}"
