"""What the tests of stores share: each kind with its server, and worker processes that use it too."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Listener
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import psycopg
import redis
from django.core.management import call_command
from store_kinds import KINDS, Kind, django_database

from hookproof.stores.postgres import PostgresStore
from hookproof.stores.sqlalchemy import SqlAlchemyStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection


@dataclass(frozen=True)
class Place:
    """A kind of store and where its deliveries are kept."""

    name: str
    address: str
    server: Any = None

    @property
    def kind(self) -> Kind:
        return KINDS[self.name]

    def open(self) -> AbstractContextManager[Any]:
        return self.kind.open(self.address)

    def prepare(self) -> None:
        """Makes the table, where there is one, as a user of this kind does."""
        if self.kind.by_django:
            with django_database(self.address) as alias:
                # Another kind may have made it: they share it.
                call_command("migrate", "hookproof", database=alias, verbosity=0, fake_initial=True)
            return
        with self.open() as store:
            if isinstance(store, (PostgresStore, SqlAlchemyStore)):
                store.create_table()


class Workers:
    """Processes that use stores, each of its own."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, str(Path(__file__).with_name("store_worker.py"))]
        self._maker = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
        self._listener = Listener(str(folder / "workers.socket"), family="AF_UNIX")

    @contextmanager
    def start(self, place: Place) -> Iterator[Worker]:
        """Runs a process with a store at this place."""
        order = {"name": place.name, "address": place.address, "socket": self._listener.address}
        assert self._maker.stdin is not None
        self._maker.stdin.write(json.dumps(order) + "\n")
        self._maker.stdin.flush()
        with self._listener.accept() as connection:
            worker = Worker(connection)
            try:
                yield worker
            finally:
                worker.kill()

    def close(self) -> None:
        assert self._maker.stdin is not None
        self._maker.stdin.close()
        self._maker.wait()
        self._listener.close()


class Worker:
    """A process that does what it is told."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._process: int | None = connection.recv()

    def tell(self, **order: Any) -> None:
        self._connection.send(order)

    def answer(self) -> Any:
        return self._connection.recv()

    def kill(self) -> None:
        """Ends the process as a crash does: it has no time for anything."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.kill(self._process, signal.SIGKILL)
            self._process = None
            # Its end of the connection is closed when it is gone.
            self._connection.poll(None)


def fresh(name: str = "") -> str:
    """Makes a key that no other test has."""
    return f"fourvenues:default:id:{uuid4().hex}{name}"


@contextmanager
def stopped(place: Place) -> Iterator[None]:
    """Kills the server of a place, and starts it again."""
    place.server.stop(brutally=True)
    try:
        yield
    finally:
        restart(place)


def restart(place: Place) -> None:
    """Starts the server of a place and waits until a store can use it: it may have to recover first."""
    place.server.start()
    give_up = time.monotonic() + 15
    while True:
        try:
            with place.open() as store:
                store.claim(fresh(), 1)
        except Exception:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def frozen(place: Place) -> Iterator[None]:
    """Stops the server of a place without ending it: it still takes connections and never answers."""
    process = _process_of(place)
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def _process_of(place: Place) -> int:
    if place.kind.server == "redis":
        with redis.Redis.from_url(place.address) as client:
            return int(client.info("server")["process_id"])
    with psycopg.connect(place.address) as connection:
        found = connection.execute("SHOW data_directory").fetchone()
    assert found is not None
    return int((Path(found[0]) / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
