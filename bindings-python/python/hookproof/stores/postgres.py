"""Remembers in PostgreSQL which deliveries were handled, by any client that follows the DB-API."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol

from hookproof.stores._sql import DEFAULT_TABLE, SqlStore, Statement, Statements

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from hookproof.stores._sql import Transaction

__all__ = ["PostgresStore"]

# Of psycopg, and what other clients for PostgreSQL take as well.
DEFAULT_STYLE = "pyformat"
_NAMED = ("named", "pyformat")


class Connection(Protocol):
    """What a store calls of a connection of the DB-API (PEP 249)."""

    def cursor(self) -> Any:
        """Returns a new cursor."""

    def commit(self) -> object:
        """Commits the transaction."""

    def rollback(self) -> object:
        """Rolls the transaction back."""

    def close(self) -> object:
        """Closes the connection, or hands it back to its pool."""


class PostgresStore(SqlStore):
    """A `Store` on PostgreSQL 9.5 and later, by any client that follows the DB-API.

    `connect` is a function that returns a connection of its own for each operation, which is then committed
    and closed; or one that returns a context manager of such a connection, as pools have it. Time limits are
    the client's (see `docs/stores.md`).

    - `table`: where the deliveries stand, with a schema before it or not. Default: `hookproof_deliveries`.
      `create_table` makes it.
    - `paramstyle`: how the client marks values, one of the DB-API's. Default: what the client's module says.

    Raises `ConfigurationError`: `invalid_option`. Its methods raise what the client raises.

    >>> from psycopg_pool import ConnectionPool
    >>> from hookproof.stores.postgres import PostgresStore
    >>> pool = ConnectionPool("dbname=app", open=False, timeout=2)
    >>> store = PostgresStore(pool.connection)
    """

    __slots__ = ("_connect", "_style", "_table", "_written")

    def __init__(
        self,
        connect: Callable[[], Connection | AbstractContextManager[Connection]],
        *,
        table: str = DEFAULT_TABLE,
        paramstyle: str | None = None,
    ) -> None:
        _check_callable(connect)
        self._connect = connect
        self._table = table
        # Written at once, so that a name which cannot be is found when the store is made.
        self._written = Statements("postgresql", paramstyle or DEFAULT_STYLE, table)
        self._style = paramstyle

    @property
    def _statements(self) -> Statements:
        return self._written

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with self._connection() as connection:
            if self._style is None:
                self._learn(connection)
            cursor = connection.cursor()
            try:
                yield self._execution(cursor)
                connection.commit()
            except BaseException:
                # What was raised is told, and not that a connection which is gone cannot be rolled back.
                with suppress(Exception):
                    connection.rollback()
                raise
            finally:
                with suppress(Exception):
                    cursor.close()

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        opened: Any = self._connect()
        if hasattr(opened, "cursor"):
            try:
                yield opened
            finally:
                opened.close()
        else:
            with opened as connection:
                yield connection

    def _learn(self, connection: Connection) -> None:
        style = _paramstyle(connection)
        if style != DEFAULT_STYLE:
            self._written = Statements("postgresql", style, self._table)
        self._style = style

    def _execution(self, cursor: Any) -> Transaction:
        is_named = self._style in _NAMED

        def execute(statement: Statement | str, values: Mapping[str, object]) -> Any:
            if isinstance(statement, str):
                cursor.execute(statement)
            else:
                cursor.execute(
                    statement.text, statement.named(values) if is_named else statement.positional(values)
                )
            return cursor

        return execute


def _check_callable(connect: Any) -> None:
    if not callable(connect):
        message = f"connect is {type(connect).__name__}, expected a function that returns a connection"
        raise TypeError(message)


def _paramstyle(connection: Connection) -> str:
    """Returns how the client of a connection marks values: its module, or one above, says it."""
    name = type(connection).__module__
    while name:
        style = getattr(sys.modules.get(name), "paramstyle", None)
        if isinstance(style, str):
            return style
        name = name.rpartition(".")[0]
    return DEFAULT_STYLE
