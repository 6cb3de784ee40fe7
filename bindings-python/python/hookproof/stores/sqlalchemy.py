"""Remembers in a database of SQLAlchemy which deliveries were handled."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import Engine, text

from hookproof.stores._sql import DEFAULT_TABLE, SqlStore, Statement, Statements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy import CursorResult

    from hookproof.stores._sql import Transaction

__all__ = ["SqlAlchemyStore"]


class SqlAlchemyStore(SqlStore):
    """A `Store` on an engine of SQLAlchemy 2: PostgreSQL 9.5 and later, SQLite 3.35 and later.

    Each operation is a transaction of its own on a connection of the engine's pool. Time limits are the
    engine's (see `docs/stores.md`). `table` is where the deliveries stand, with a schema before it or not,
    default: `hookproof_deliveries`; `create_table` makes it.

    Raises `ConfigurationError`: `invalid_option` for another database or a name that no table can have. Its
    methods raise what SQLAlchemy raises.

    >>> from sqlalchemy import create_engine
    >>> from hookproof.stores.sqlalchemy import SqlAlchemyStore
    >>> engine = create_engine("sqlite://")
    >>> store = SqlAlchemyStore(engine)
    >>> store.create_table()
    >>> claim = store.claim("fourvenues:default:id:00", 60)
    >>> store.complete("fourvenues:default:id:00", claim.owner, 86400)
    True
    >>> store.claim("fourvenues:default:id:00", 60).state
    'done'
    >>> engine.dispose()
    """

    __slots__ = ("_engine", "_written")

    def __init__(self, engine: Engine, *, table: str = DEFAULT_TABLE) -> None:
        _check_engine(engine)
        self._engine = engine
        self._written = Statements(engine.dialect.name, "named", table)

    @property
    def _statements(self) -> Statements:
        return self._written

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with self._engine.begin() as connection:

            def execute(statement: Statement | str, values: Mapping[str, object]) -> CursorResult[object]:
                if isinstance(statement, str):
                    return connection.execute(text(statement))
                return connection.execute(text(statement.text), statement.named(values))

            yield execute


def _check_engine(engine: object) -> None:
    if not isinstance(engine, Engine):
        message = f"the engine is {type(engine).__name__}, expected sqlalchemy.Engine"
        raise TypeError(message)
