"""What the stores on SQL share: the statements of the core, and when to run which."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from secrets import randbelow, token_hex
from typing import TYPE_CHECKING, Any, Protocol

from hookproof._native import (
    CLAIMS_PER_CLEARING,
    CLEARED_AT_ONCE,
    sql_statements,
    store_key,
    store_millis,
)
from hookproof._watchers import logger
from hookproof.store import Claim

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from hookproof.types import Seconds

DEFAULT_TABLE = "hookproof_deliveries"


@dataclass(frozen=True)
class Statement:
    """One statement, and the names of the values that its placeholders take, in their order."""

    text: str
    parameters: tuple[str, ...]

    def positional(self, values: Mapping[str, object]) -> tuple[Any, ...]:
        """Returns the values in the order of the placeholders."""
        return tuple(values[name] for name in self.parameters)

    def named(self, values: Mapping[str, object]) -> dict[str, object]:
        """Returns the values that occur, by name."""
        return {name: values[name] for name in self.parameters}


class Statements:
    """The statements for one table of one kind of database."""

    __slots__ = ("claim", "clear", "complete", "release", "schema", "state")

    def __init__(self, dialect: str, style: str, table: str) -> None:
        found, self.schema = sql_statements(dialect, style, table)
        statements = [Statement(text, tuple(parameters)) for text, parameters in found]
        self.claim, self.state, self.complete, self.release, self.clear = statements


class Result(Protocol):
    """What executing a statement gives: a cursor, or what looks like one."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""

    def fetchall(self) -> Any:
        """Returns the rows."""


class Transaction(Protocol):
    """Executes statements, all of which are committed together."""

    def __call__(self, statement: Statement | str, values: Mapping[str, object], /) -> Result:
        """Executes one statement."""


class SqlStore(ABC):
    """The operations of a store, for whoever can open a transaction."""

    __slots__ = ()

    @property
    @abstractmethod
    def _statements(self) -> Statements:
        """The statements, written for the client."""

    @abstractmethod
    def _transaction(self) -> AbstractContextManager[Transaction]:
        """Opens a transaction that is committed at the end, and rolled back where something is raised."""

    def claim(self, key: str, lease_seconds: Seconds) -> Claim:
        """Asks for the delivery with this idempotency key, for the time of the lease."""
        owner = token_hex(16)
        values = {"delivery": store_key(key), "owner": owner, "millis": store_millis(lease_seconds)}
        with self._transaction() as execute:
            if not execute(self._statements.claim, values).fetchall():
                return _taken(execute(self._statements.state, values).fetchall())
        if randbelow(CLAIMS_PER_CLEARING) == 0:
            self._clear_quietly()
        return Claim("new", owner)

    def complete(self, key: str, owner: str, retention_seconds: Seconds) -> bool:
        """Marks a claimed delivery as done for the retention; returns False for a former owner."""
        millis = store_millis(retention_seconds)
        values = {"delivery": store_key(key), "owner": owner, "millis": millis}
        with self._transaction() as execute:
            return execute(self._statements.complete, values).rowcount == 1

    def release(self, key: str, owner: str) -> bool:
        """Gives a claimed delivery back because its handler failed; returns False for a former owner."""
        with self._transaction() as execute:
            values = {"delivery": store_key(key), "owner": owner}
            return execute(self._statements.release, values).rowcount == 1

    def clear(self, limit: int = 1000) -> int:
        """Deletes deliveries whose time has ended, at most `limit` of them, and returns how many it were.

        Claims do this by themselves now and then, a few at a time; a schedule of your own is not needed.
        """
        with self._transaction() as execute:
            return execute(self._statements.clear, {"limit": limit}).rowcount

    def create_table(self) -> None:
        """Makes the table and its index where they are not there."""
        try:
            self._create()
        except Exception:  # noqa: BLE001, the second time it is raised
            # `IF NOT EXISTS` looks before it writes: of two processes that start at once one may fail, and
            # then finds the table of the other.
            self._create()

    def _create(self) -> None:
        with self._transaction() as execute:
            for statement in self._statements.schema:
                execute(statement, {})

    def _clear_quietly(self) -> None:
        try:
            self.clear(CLEARED_AT_ONCE)
        except Exception:  # noqa: BLE001, the claim is made, and another one will clear
            logger.warning("deliveries that have ended could not be cleared", exc_info=True)


def _taken(rows: list[tuple[str]]) -> Claim:
    # No row: it ended or was given back between the two statements. The sender comes back and finds it free.
    return Claim("done" if rows and rows[0][0] == "done" else "running")
