"""Every kind of store, opened by its name: by the tests, and by the processes that race with them."""

from __future__ import annotations

import asyncio
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
import redis
import redis.asyncio
import sqlalchemy
from psycopg_pool import ConnectionPool
from redis.asyncio.retry import Retry as AsyncRetry
from redis.backoff import NoBackoff
from redis.retry import Retry

from hookproof import MemoryStore, SqliteStore
from hookproof.stores.postgres import PostgresStore
from hookproof.stores.redis import AsyncRedisStore, RedisStore
from hookproof.stores.sqlalchemy import SqlAlchemyStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hookproof.django.store import DjangoStore
    from hookproof.store import AsyncStore, Store

# What a store waits for at most, in seconds: senders wait for some seconds as well, and tests run often.
LIMIT = 1
# One process writes at a time, and who waits is not served in turn.
SQLITE_LIMIT = 20.0
# Its own file is quicker: a claim does not wait for the disk.
FILE_LIMIT = 2


class Awaited:
    """An asynchronous store, for tests that are not."""

    def __init__(self, store: AsyncStore, loop: asyncio.AbstractEventLoop) -> None:
        self._store = store
        self._loop = loop

    def claim(self, key: str, lease_seconds: float) -> Any:
        return self._run(self._store.claim(key, lease_seconds))

    def complete(self, key: str, owner: str, retention_seconds: float) -> Any:
        return self._run(self._store.complete(key, owner, retention_seconds))

    def release(self, key: str, owner: str) -> Any:
        return self._run(self._store.release(key, owner))

    def _run(self, awaitable: Any) -> Any:
        async def wait() -> Any:
            return await awaitable

        return self._loop.run_until_complete(wait())


@contextmanager
def event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    try:
        yield loop
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


@contextmanager
def _memory(_address: str) -> Iterator[Store]:
    yield MemoryStore()


@contextmanager
def _sqlite(address: str) -> Iterator[SqliteStore]:
    store = SqliteStore(address, timeout=FILE_LIMIT)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _redis(address: str) -> Iterator[Store]:
    limits: Any = {"socket_timeout": LIMIT, "socket_connect_timeout": LIMIT, "retry": Retry(NoBackoff(), 0)}
    with redis.Redis.from_url(address, **limits) as client:
        yield RedisStore(client)


@contextmanager
def _redis_asyncio(address: str) -> Iterator[Store]:
    limits: Any = {"socket_timeout": LIMIT, "socket_connect_timeout": LIMIT}
    limits |= {"retry": AsyncRetry(NoBackoff(), 0)}
    with event_loop() as loop:
        client = redis.asyncio.Redis.from_url(address, **limits)
        try:
            yield Awaited(AsyncRedisStore(client), loop)
        finally:
            loop.run_until_complete(client.aclose())


@contextmanager
def _psycopg(address: str) -> Iterator[PostgresStore]:
    # libpq takes no less than two seconds.
    yield PostgresStore(lambda: psycopg.connect(address, connect_timeout=2))


@contextmanager
def _psycopg_pool(address: str) -> Iterator[PostgresStore]:
    check = ConnectionPool.check_connection
    with ConnectionPool(address, min_size=1, max_size=4, timeout=LIMIT, check=check, open=True) as pool:
        yield PostgresStore(pool.connection)


@contextmanager
def _sqlalchemy(address: str) -> Iterator[SqlAlchemyStore]:
    if address.startswith("postgresql:"):
        address = address.replace("postgresql:", "postgresql+psycopg:")
        engine = sqlalchemy.create_engine(address, connect_args={"connect_timeout": 2}, pool_pre_ping=True)
    else:
        engine = sqlalchemy.create_engine(f"sqlite:///{address}", connect_args={"timeout": SQLITE_LIMIT})
    try:
        yield SqlAlchemyStore(engine)
    finally:
        engine.dispose()


@contextmanager
def _django(address: str) -> Iterator[DjangoStore]:
    from hookproof.django.store import DjangoStore  # noqa: PLC0415, Django must be set up

    with django_database(address) as alias:
        yield DjangoStore(using=alias)


@contextmanager
def _django_async(address: str) -> Iterator[Store]:
    from hookproof.django.store import AsyncDjangoStore  # noqa: PLC0415, Django must be set up

    with django_database(address) as alias, event_loop() as loop:
        yield Awaited(AsyncDjangoStore(using=alias), loop)


@contextmanager
def django_database(address: str) -> Iterator[str]:
    """Adds a database to those of Django, and returns its alias."""
    from django.db import connections  # noqa: PLC0415, Django must be set up

    alias = f"stores {address}"
    if address.startswith("postgresql:"):
        parts = urlsplit(address)
        database: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql", "NAME": parts.path.strip("/")}
        database |= {"USER": parts.username, "HOST": parts.hostname, "PORT": parts.port}
        database["OPTIONS"] = {"connect_timeout": 2}
    else:
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": address}
        database["OPTIONS"] = {"timeout": SQLITE_LIMIT}
    connections.settings[alias] = connections.configure_settings({"default": {}, alias: database})[alias]
    try:
        yield alias
    finally:
        connections[alias].close()


@dataclass(frozen=True)
class Kind:
    """A kind of store: how to open it, and what it needs."""

    open: Callable[[str], AbstractContextManager[Any]]
    server: str | None = None
    is_shared: bool = True
    by_django: bool = False


KINDS = {
    "memory": Kind(_memory, is_shared=False),
    "sqlite": Kind(_sqlite, "sqlite"),
    "redis": Kind(_redis, "redis"),
    "redis asyncio": Kind(_redis_asyncio, "redis"),
    "psycopg": Kind(_psycopg, "postgres"),
    "psycopg pool": Kind(_psycopg_pool, "postgres"),
    "sqlalchemy postgres": Kind(_sqlalchemy, "postgres"),
    "sqlalchemy sqlite": Kind(_sqlalchemy),
    "django postgres": Kind(_django, "postgres", by_django=True),
    "django sqlite": Kind(_django, by_django=True),
    "django async sqlite": Kind(_django_async, by_django=True),
}
