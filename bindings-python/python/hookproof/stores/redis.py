"""Remembers in Redis which deliveries were handled: for several processes and machines."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING, Any, Protocol

from hookproof._native import redis_script, store_key, store_millis
from hookproof.store import Claim

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from hookproof.types import Seconds

__all__ = ["AsyncRedisStore", "RedisStore"]

DEFAULT_PREFIX = "hookproof:"


class Client(Protocol):
    """What a store calls of `redis.Redis` and `redis.RedisCluster`."""

    def evalsha(self, sha: str, numkeys: int, /, *keys_and_args: Any) -> Any:
        """Runs a script that the server knows."""

    def eval(self, script: str, numkeys: int, /, *keys_and_args: Any) -> Any:
        """Runs a script, and makes the server know it."""


class AsyncClient(Protocol):
    """What a store calls of `redis.asyncio.Redis` and `redis.asyncio.RedisCluster`."""

    def evalsha(self, sha: str, numkeys: int, /, *keys_and_args: Any) -> Awaitable[Any] | Any:
        """Runs a script that the server knows."""

    def eval(self, script: str, numkeys: int, /, *keys_and_args: Any) -> Awaitable[Any] | Any:
        """Runs a script, and makes the server know it."""


class RedisStore:
    """A `Store` on Redis 5 and later, or Valkey, by a client of redis-py.

    Every operation is one script on one key, so it is atomic and runs on a cluster too. Expiry is the
    server's, by its clock. `client` is a `redis.Redis` or `redis.RedisCluster` with time limits of its own
    (see `docs/stores.md`), `prefix` what the keys begin with, default: `hookproof:`.

    Its methods raise what the client raises.

    >>> import redis
    >>> from hookproof.stores.redis import RedisStore
    >>> store = RedisStore(redis.Redis(socket_timeout=1, socket_connect_timeout=1))
    """

    __slots__ = ("_client", "_keys")

    def __init__(self, client: Client, *, prefix: str = DEFAULT_PREFIX) -> None:
        self._client = client
        self._keys = _Keys(prefix)

    def claim(self, key: str, lease_seconds: Seconds) -> Claim:
        """Asks for the delivery with this idempotency key, for the time of the lease."""
        owner = token_hex(16)
        return _claim(self._run(_CLAIM, key, owner, store_millis(lease_seconds)), owner)

    def complete(self, key: str, owner: str, retention_seconds: Seconds) -> bool:
        """Marks a claimed delivery as done for the retention; returns False for a former owner."""
        return self._run(_COMPLETE, key, owner, store_millis(retention_seconds)) == 1

    def release(self, key: str, owner: str) -> bool:
        """Gives a claimed delivery back because its handler failed; returns False for a former owner."""
        return self._run(_RELEASE, key, owner) == 1

    def _run(self, script: _Script, key: str, *values: str | int) -> object:
        name = self._keys.name(key)
        try:
            return self._client.evalsha(script.sha1, 1, name, *values)
        except Exception as error:
            if not _is_unknown_script(error):
                raise
        return self._client.eval(script.source, 1, name, *values)


class AsyncRedisStore:
    """An `AsyncStore` on Redis 5 and later, or Valkey, by a client of redis-py for asyncio.

    It does what `RedisStore` does; several processes may use both at once. `client` is a
    `redis.asyncio.Redis` or `redis.asyncio.RedisCluster`.

    Its methods raise what the client raises.

    >>> import redis.asyncio
    >>> from hookproof.stores.redis import AsyncRedisStore
    >>> store = AsyncRedisStore(redis.asyncio.Redis(socket_timeout=1, socket_connect_timeout=1))
    """

    __slots__ = ("_client", "_keys")

    def __init__(self, client: AsyncClient, *, prefix: str = DEFAULT_PREFIX) -> None:
        self._client = client
        self._keys = _Keys(prefix)

    async def claim(self, key: str, lease_seconds: Seconds) -> Claim:
        """Asks for the delivery with this idempotency key, for the time of the lease."""
        owner = token_hex(16)
        return _claim(await self._run(_CLAIM, key, owner, store_millis(lease_seconds)), owner)

    async def complete(self, key: str, owner: str, retention_seconds: Seconds) -> bool:
        """Marks a claimed delivery as done for the retention; returns False for a former owner."""
        return await self._run(_COMPLETE, key, owner, store_millis(retention_seconds)) == 1

    async def release(self, key: str, owner: str) -> bool:
        """Gives a claimed delivery back because its handler failed; returns False for a former owner."""
        return await self._run(_RELEASE, key, owner) == 1

    async def _run(self, script: _Script, key: str, *values: str | int) -> object:
        name = self._keys.name(key)
        try:
            return await self._client.evalsha(script.sha1, 1, name, *values)
        except Exception as error:
            if not _is_unknown_script(error):
                raise
        return await self._client.eval(script.source, 1, name, *values)


class _Script:
    __slots__ = ("sha1", "source")

    def __init__(self, name: str) -> None:
        self.source, self.sha1 = redis_script(name)


class _Keys:
    __slots__ = ("_prefix",)

    def __init__(self, prefix: object) -> None:
        if not isinstance(prefix, str):
            message = f"the prefix is {type(prefix).__name__}, expected str"
            raise TypeError(message)
        self._prefix = prefix

    def name(self, key: str) -> str:
        return self._prefix + store_key(key)


_CLAIM = _Script("claim")
_COMPLETE = _Script("complete")
_RELEASE = _Script("release")


def _is_unknown_script(error: Exception) -> bool:
    # By its name: the client may be redis-py or one that was made from it, such as Valkey's.
    return type(error).__name__ == "NoScriptError"


def _claim(answer: object, owner: str) -> Claim:
    # A client answers bytes, or str where it was told to decode.
    state = answer.decode("ascii") if isinstance(answer, bytes) else answer
    if state == "new":
        return Claim("new", owner)
    if state in ("running", "done"):
        return Claim(state)
    message = f"the claim was answered with {type(answer).__name__}"
    raise TypeError(message)
