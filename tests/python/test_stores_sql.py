"""What is peculiar to the stores on SQL: the table, the clock of the server, clearing, ways to connect."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy
from psycopg_pool import ConnectionPool
from service_fixtures import postgres_server
from store_support import fresh

from hookproof import ConfigurationError
from hookproof.stores.postgres import PostgresStore
from hookproof.stores.sqlalchemy import SqlAlchemyStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from services import PostgresServer

__all__ = ["postgres_server"]

SqlStore = PostgresStore | SqlAlchemyStore
LEASE = 60


def _on_postgres(server: PostgresServer, table: str) -> SqlStore:
    return PostgresStore(lambda: psycopg.connect(server.url), table=table)


@pytest.fixture(params=["postgres", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    table = f"deliveries_{uuid4().hex[:12]}"
    if request.param == "postgres":
        store = _on_postgres(request.getfixturevalue("postgres_server"), table)
        store.create_table()
        yield store
    else:
        engine = sqlalchemy.create_engine(f"sqlite:///{tmp_path / 'stores.sqlite'}")
        made = SqlAlchemyStore(engine, table=table)
        made.create_table()
        yield made
        engine.dispose()


def test_what_has_ended_is_cleared_so_many_at_a_time(store: SqlStore) -> None:
    live, *done = [fresh() for _ in range(7)]
    store.claim(live, LEASE)
    owners = [store.claim(key, LEASE).owner for key in done]
    # Claims clear as well, now and then; completions do not.
    for key, owner, retention in zip(done, owners, [LEASE, *[0.001] * 5], strict=True):
        assert store.complete(key, str(owner), retention) is True
    time.sleep(0.01)
    assert [store.clear(3), store.clear(3), store.clear(3)] == [3, 2, 0]
    assert (store.claim(live, LEASE).state, store.claim(done[0], LEASE).state) == ("running", "done")


def test_claims_clear_by_themselves(store: SqlStore) -> None:
    for _ in range(5):
        store.claim(fresh(), 0.001)
    # One of 64 claims clears, by chance: that none of a thousand does will not be seen.
    for _ in range(1000):
        store.claim(fresh(), 0.001)
        if store.clear(1) == 0:
            return
    pytest.fail("nothing was cleared")


def test_a_table_is_made_once_by_all_who_start_at_once(store: SqlStore, tmp_path: Path) -> None:
    store.create_table()
    key = fresh()
    store.claim(key, LEASE)
    store.create_table()
    assert store.claim(key, LEASE).state == "running"


def test_processes_that_make_the_table_at_once_all_find_it(postgres_server: PostgresServer) -> None:
    table, failures = f"deliveries_{uuid4().hex[:12]}", list[Exception]()
    barrier = threading.Barrier(6)

    def start() -> None:
        store = _on_postgres(postgres_server, table)
        barrier.wait()
        try:
            store.create_table()
        except Exception as error:  # noqa: BLE001, it is told below
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert _on_postgres(postgres_server, table).claim(fresh(), LEASE).state == "new"


def test_a_lease_begins_when_it_is_granted_and_not_with_the_transaction(
    postgres_server: PostgresServer,
) -> None:
    table, key = f"deliveries_{uuid4().hex[:12]}", fresh()
    store = _on_postgres(postgres_server, table)
    store.create_table()
    old = psycopg.connect(postgres_server.url)
    old.execute("SELECT 1")
    time.sleep(1)
    assert PostgresStore(lambda: old, table=table).claim(key, 1).state == "new"
    assert store.claim(key, LEASE).state == "running"


def test_a_claim_that_waited_has_its_whole_lease(postgres_server: PostgresServer) -> None:
    """Another transaction holds the row of an ended claim for longer than the lease is."""
    table, key = f"deliveries_{uuid4().hex[:12]}", fresh()
    store, states = _on_postgres(postgres_server, table), list[str]()
    store.create_table()
    store.claim(key, 0.001)
    with psycopg.connect(postgres_server.url) as other:
        other.execute(f'UPDATE "{table}" SET ends_at = ends_at')
        waiting = threading.Thread(target=lambda: states.append(store.claim(key, 1).state))
        waiting.start()
        time.sleep(1.2)
    waiting.join()
    assert (states, store.claim(key, LEASE).state) == (["new"], "running")


def test_a_schema_stands_before_its_table(postgres_server: PostgresServer) -> None:
    with psycopg.connect(postgres_server.url) as connection:
        connection.execute("CREATE SCHEMA billing")
    store = _on_postgres(postgres_server, "billing.Deliveries")
    store.create_table()
    assert store.claim(fresh(), LEASE).state == "new"
    with psycopg.connect(postgres_server.url) as connection:
        assert connection.execute('SELECT count(*) FROM billing."Deliveries"').fetchone() == (1,)


@pytest.mark.parametrize("table", ["", "a b", 'a"', "a; DROP TABLE b", "a.b.c", "x" * 64])
def test_a_name_that_no_table_can_have_is_refused(table: str) -> None:
    engine = sqlalchemy.create_engine("sqlite://")
    makers: list[Callable[[], Any]] = [
        lambda: PostgresStore(lambda: psycopg.connect(""), table=table),
        lambda: SqlAlchemyStore(engine, table=table),
    ]
    for make in makers:
        with pytest.raises(ConfigurationError) as caught:
            make()
        assert caught.value.code == "invalid_option"
    engine.dispose()


@pytest.mark.parametrize("paramstyle", [None, "format", "pyformat"])
def test_a_client_is_asked_how_it_marks_values(postgres_server: PostgresServer, paramstyle: Any) -> None:
    store = PostgresStore(lambda: psycopg.connect(postgres_server.url), paramstyle=paramstyle)
    store.create_table()
    key = fresh()
    claim = store.claim(key, LEASE)
    assert store.complete(key, str(claim.owner), LEASE) is True
    assert store.claim(key, LEASE).state == "done"


def test_a_style_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="paramstyle"):
        PostgresStore(lambda: psycopg.connect(""), paramstyle="percent")


def test_connections_are_given_back(postgres_server: PostgresServer) -> None:
    with ConnectionPool(postgres_server.url, min_size=1, max_size=1, timeout=5, open=True) as pool:
        store = PostgresStore(pool.connection, table="no_such_table")
        for _ in range(3):
            with pytest.raises(psycopg.errors.UndefinedTable):
                store.claim(fresh(), LEASE)
        found = PostgresStore(pool.connection)
        found.create_table()
        assert found.claim(fresh(), LEASE).state == "new"


def test_autocommit_is_as_good(postgres_server: PostgresServer) -> None:
    store = PostgresStore(lambda: psycopg.connect(postgres_server.url, autocommit=True))
    store.create_table()
    key = fresh()
    assert [store.claim(key, LEASE).state for _ in range(2)] == ["new", "running"]


def test_another_database_is_refused() -> None:
    engine = sqlalchemy.create_mock_engine("mysql://", lambda *_: None)
    with pytest.raises(TypeError, match=r"expected sqlalchemy\.Engine"):
        SqlAlchemyStore(engine)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected a function"):
        PostgresStore("dbname=app")  # type: ignore[arg-type]
