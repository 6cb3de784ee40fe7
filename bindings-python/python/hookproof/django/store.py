"""Remembers in Django's database which deliveries were handled."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.db import connections, router, transaction
from django.db.transaction import TransactionManagementError

from hookproof._native import store_key
from hookproof.django.models import Delivery
from hookproof.store import Claim
from hookproof.stores._sql import DEFAULT_TABLE, SqlStore, Statement, Statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.backends.base.base import BaseDatabaseWrapper

    from hookproof.stores._sql import Transaction
    from hookproof.types import Seconds

__all__ = ["AsyncDjangoStore", "DjangoStore"]

# In a caller's transaction a claim lives as long as the transaction, however long the handler takes. Only one
# that is committed without an end stays behind, until this time is over.
_JOINED_LEASE = 24 * 60 * 60

# The statements by the kind of database.
_WRITTEN: dict[str, Statements] = {}


class DjangoStore(SqlStore):
    """A `Store` in a database of Django: PostgreSQL, or SQLite 3.35 and later.

    It needs `"hookproof.django"` in `INSTALLED_APPS` and `python manage.py migrate`.

    - `using`: the alias of the database. Default: what the routers choose for
      `hookproof.django.models.Delivery`.
    - `join`: whether it works inside of the transaction that the caller has opened. Default: False, each
      operation is a transaction of its own, and inside of a caller's `atomic` it is refused, because nobody
      would see the claim, and the caller's rollback would take back what was done. With True the claim, the
      handler's writes and the completion are committed together or not at all, and outside of a transaction
      it is refused. `docs/stores.md` says when to use which.

    Its methods raise what Django raises for its database, `RuntimeError` where a transaction is open that
    should not be, and `TransactionManagementError` where one should be and is not.
    """

    __slots__ = ("_join", "_using")

    def __init__(self, *, using: str | None = None, join: bool = False) -> None:
        self._using = using
        self._join = join

    def claim(self, key: str, lease_seconds: Seconds) -> Claim:
        """Asks for the delivery with this idempotency key, for the time of the lease."""
        if not self._join:
            return super().claim(key, lease_seconds)
        with self._transaction():
            # Another transaction that has it is not waited for: it may be as long as its handler.
            if self._connection.vendor == "postgresql" and not self._is_first(key):
                return Claim("running")
            return super().claim(key, _JOINED_LEASE)

    @property
    def _alias(self) -> str:
        return self._using or router.db_for_write(Delivery)

    @property
    def _connection(self) -> BaseDatabaseWrapper:
        return connections[self._alias]

    @property
    def _statements(self) -> Statements:
        vendor = self._connection.vendor
        if vendor not in _WRITTEN:
            _WRITTEN[vendor] = Statements(vendor, "format", DEFAULT_TABLE)
        return _WRITTEN[vendor]

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        connection = self._connection
        if self._join and not connection.in_atomic_block:
            message = "the store joins transactions, and none is open: call it inside of transaction.atomic()"
            raise TransactionManagementError(message)
        if connection.errors_occurred and not connection.in_atomic_block and not connection.is_usable():
            # A thread that Django does not look after keeps a connection that has been lost for ever.
            connection.close()
        # Inside of the caller's it is a savepoint, so that what fails here does not spoil what is around it.
        with transaction.atomic(self._alias, durable=not self._join), connection.cursor() as cursor:

            def execute(statement: Statement | str, values: Mapping[str, object]) -> Any:
                if isinstance(statement, str):
                    cursor.execute(statement)
                else:
                    cursor.execute(statement.text, statement.positional(values))
                return cursor

            yield execute

    def _is_first(self, key: str) -> bool:
        with self._connection.cursor() as cursor:
            # Two keys that share these 60 bits only keep each other waiting.
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", (int(store_key(key)[:15], 16),))
            return bool(cursor.fetchone() == (True,))

    def _clear_quietly(self) -> None:
        if not self._join:
            super()._clear_quietly()


class AsyncDjangoStore:
    """An `AsyncStore` in a database of Django, for asynchronous views.

    It does what a `DjangoStore` without `join` does, in the thread that Django keeps for its database.
    """

    __slots__ = ("_store",)

    def __init__(self, *, using: str | None = None) -> None:
        self._store = DjangoStore(using=using)

    async def claim(self, key: str, lease_seconds: Seconds) -> Claim:
        """Asks for the delivery with this idempotency key, for the time of the lease."""
        return await sync_to_async(self._store.claim)(key, lease_seconds)

    async def complete(self, key: str, owner: str, retention_seconds: Seconds) -> bool:
        """Marks a claimed delivery as done for the retention; returns False for a former owner."""
        return await sync_to_async(self._store.complete)(key, owner, retention_seconds)

    async def release(self, key: str, owner: str) -> bool:
        """Gives a claimed delivery back because its handler failed; returns False for a former owner."""
        return await sync_to_async(self._store.release)(key, owner)
