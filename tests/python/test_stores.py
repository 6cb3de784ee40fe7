"""What every store promises: the same scenarios for all of them, with real servers and real processes."""

from __future__ import annotations

import tempfile
import threading
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from authentic import delivery, verifier
from service_fixtures import postgres_server, redis_server
from sqlite_file import SqliteFile
from store_kinds import KINDS
from store_support import Place, Workers, fresh, frozen, restart, stopped

from hookproof import Claim, Receiver

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["postgres_server", "redis_server"]

LEASE = 60
DAY = 86_400
SHORT = 0.25
SHARED = [name for name, kind in KINDS.items() if kind.is_shared]
SERVED = [name for name, kind in KINDS.items() if kind.server]
# What waits without end for a server that is frozen: libpq has no limit for an answer, only for a connection.
FREEZABLE = ["redis", "redis asyncio", "psycopg"]


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Place]:
    """The places that are prepared, by the kind of store."""
    return {"folder": Place("memory", str(tmp_path_factory.mktemp("stores")))}


@pytest.fixture(scope="module")
def sqlite_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteFile]:
    file = SqliteFile(tmp_path_factory.mktemp("stores") / "deliveries.sqlite")
    try:
        yield file
    finally:
        file.start()


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    # Not below pytest's folder: the path of a socket is short.
    with tempfile.TemporaryDirectory(prefix="hookproof-") as folder:
        workers = Workers(Path(folder))
        try:
            yield workers
        finally:
            workers.close()


@pytest.fixture
def place(request: pytest.FixtureRequest, places: dict[str, Place]) -> Place:
    name: str = request.param
    if name not in places:
        places[name] = _prepared(name, places["folder"].address, request)
    return places[name]


def _prepared(name: str, folder: str, request: pytest.FixtureRequest) -> Place:
    if KINDS[name].server:
        server = request.getfixturevalue(f"{KINDS[name].server}_server")
        place = Place(name, server.url, server)
    else:
        place = Place(name, str(Path(folder) / f"{name}.sqlite"))
    place.prepare()
    return place


@pytest.fixture
def store(place: Place) -> Iterator[Any]:
    with place.open() as opened:
        yield opened


every_store = pytest.mark.parametrize("place", KINDS, indirect=True)
every_shared_store = pytest.mark.parametrize("place", SHARED, indirect=True)
every_server = pytest.mark.parametrize("place", SERVED, indirect=True)


def claimed(store: Any, key: str, lease: float = LEASE) -> str:
    claim = store.claim(key, lease)
    assert claim.state == "new"
    owner: str = claim.owner
    return owner


def _free_after(store: Any, key: str, state: str, before: float) -> float:
    """Claims until it is free; returns how long it had the state since a moment, a clock's step added."""
    held = 0.0
    while (found := store.claim(key, LEASE).state) != "new":
        # A store that asks in two statements says `running` of what ends between them: the sender comes back.
        assert found in (state, "running")
        if found != state:
            held = held or time.monotonic() - before
        assert time.monotonic() - before < 10
        time.sleep(0.02)
    return (held or time.monotonic() - before) + 0.002


@every_store
def test_a_claim_has_three_states(store: Any) -> None:
    key = fresh()
    owner = claimed(store, key)
    assert store.claim(key, LEASE) == Claim("running")
    assert store.complete(key, owner, DAY) is True
    assert store.claim(key, LEASE) == Claim("done")


@every_store
def test_a_released_delivery_goes_to_the_next(store: Any) -> None:
    key = fresh()
    owner = claimed(store, key)
    assert store.release(key, owner) is True
    assert store.release(key, owner) is False
    claimed(store, key)


@every_store
def test_an_expired_lease_frees_the_delivery(store: Any) -> None:
    key, before = fresh(), time.monotonic()
    claimed(store, key, SHORT)
    assert _free_after(store, key, "running", before) >= SHORT


@every_store
def test_a_late_completion_does_nothing(store: Any) -> None:
    key = fresh()
    former = claimed(store, key, SHORT)
    time.sleep(SHORT + 0.05)
    assert store.complete(key, former, DAY) is False
    present = claimed(store, key)
    assert store.complete(key, former, DAY) is False
    assert store.release(key, former) is False
    assert store.claim(key, LEASE).state == "running"
    assert store.complete(key, present, DAY) is True


@every_store
def test_what_is_done_cannot_be_given_back(store: Any) -> None:
    key = fresh()
    owner = claimed(store, key)
    assert store.complete(key, owner, DAY) is True
    assert store.release(key, owner) is False
    assert store.complete(key, owner, DAY) is False
    assert store.claim(key, LEASE).state == "done"


@every_store
def test_an_owner_of_one_delivery_owns_no_other(store: Any) -> None:
    key, other = fresh(), fresh()
    owner = claimed(store, key)
    claimed(store, other)
    assert store.complete(other, owner, DAY) is False
    assert store.release(other, owner) is False
    assert store.release(fresh(), owner) is False
    assert store.claim(other, LEASE).state == "running"


@every_store
def test_the_retention_ends(store: Any) -> None:
    key = fresh()
    owner, before = claimed(store, key), time.monotonic()
    assert store.complete(key, owner, SHORT) is True
    assert _free_after(store, key, "done", before) >= SHORT


@every_store
def test_keys_that_look_alike_are_different(store: Any) -> None:
    long = "x" * 10_000
    names = ["", "a", "A", "a ", " a", "a\0", "a\0b", "\0a", "ab:c", "a:bc", "a:b:c", "a/b", "%s", "%(a)s"]
    names += ["*", "{a}", "{a}b", "a'; --", 'a"', "a\\", "a\n", "\u00e9", "e\u0301", "\u00df", "ss", "SS"]
    names += ["\U0001f600", "\U0001f601", "\u0131", "i", "I", long, f"{long}y", f"{long}Y"]
    start = fresh()
    assert len({claimed(store, f"{start}{name}") for name in names}) == len(names)


@every_store
def test_of_concurrent_threads_one_gets_the_delivery(place: Place) -> None:
    keys, won = [fresh() for _ in range(10)], list[str]()
    barrier = threading.Barrier(4)
    with place.open() as shared:

        def race() -> None:
            # A thread is one connection to Django, one event loop or one caller of a store that all share.
            with place.open() if place.kind.is_shared else nullcontext(shared) as store:
                barrier.wait()
                won.extend(key for key in keys if store.claim(key, LEASE).state == "new")

        threads = [threading.Thread(target=race) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(won) == sorted(keys)


@every_shared_store
def test_of_concurrent_processes_one_gets_the_delivery(place: Place, workers: Workers) -> None:
    keys = [fresh() for _ in range(20)]
    with workers.start(place) as first, workers.start(place) as second, workers.start(place) as third:
        start = time.time() + 0.1
        for worker in (first, second, third):
            worker.tell(do="race", keys=keys, seconds=LEASE, at=start)
        won = [key for worker in (first, second, third) for key in worker.answer()]
    assert sorted(won) == sorted(keys)


@every_shared_store
def test_a_crash_leaves_the_delivery_to_another_when_the_lease_ends(
    place: Place, store: Any, workers: Workers
) -> None:
    key, lease = fresh(), 0.5
    with workers.start(place) as worker:
        before = time.monotonic()
        worker.tell(do="claim", key=key, seconds=lease)
        assert worker.answer() == "new"
        worker.kill()
    assert _free_after(store, key, "running", before) >= lease


@every_store
def test_a_failing_handler_is_run_again_and_a_duplicate_is_not(store: Any) -> None:
    receiver, (body, headers) = Receiver(verifier(), store, on_error=lambda *_: None), delivery(fresh())
    runs: list[str | None] = []

    def handle(event: Any) -> None:
        runs.append(event.id)
        if len(runs) == 1:
            raise ValueError("the handler's own")

    outcomes = [receiver.receive(body, headers, handle).outcome for _ in range(3)]
    assert outcomes == ["handler_failed", "accepted", "duplicate"]
    assert len(runs) == 2


@every_server
def test_a_store_that_is_down_means_503_and_no_handler(place: Place, store: Any) -> None:
    body, headers = delivery(fresh())
    receiver, runs = Receiver(verifier(), store, on_error=lambda *_: None), list[Any]()
    with stopped(place):
        before = time.monotonic()
        reply = receiver.receive(body, headers, runs.append)
        assert time.monotonic() - before < 4
        assert (reply.status, reply.outcome, runs) == (503, "store_unavailable", [])
    # The sender comes back, and the same store works again without being made anew.
    outcomes = [receiver.receive(body, headers, runs.append).outcome for _ in range(4)]
    assert outcomes[-1] == "duplicate", outcomes
    assert len(runs) == 1


@pytest.mark.parametrize("place", FREEZABLE, indirect=True)
def test_a_store_that_does_not_answer_is_not_waited_for(place: Place, store: Any) -> None:
    body, headers = delivery(fresh())
    receiver, runs = Receiver(verifier(), store, on_error=lambda *_: None), list[Any]()
    with frozen(place):
        before = time.monotonic()
        reply = receiver.receive(body, headers, runs.append)
        assert time.monotonic() - before < 4
        assert (reply.status, reply.outcome, runs) == (503, "store_unavailable", [])


@every_server
def test_a_store_that_goes_down_while_the_handler_runs_changes_no_reply(place: Place, store: Any) -> None:
    body, headers = delivery(fresh())
    errors: list[Any] = []
    receiver = Receiver(verifier(), store, on_error=lambda *found: errors.append(found))
    try:
        reply = receiver.receive(body, headers, lambda _event: place.server.stop(brutally=True))
    finally:
        restart(place)
    # It was handled, and the sender is told so. That nobody knows it any more is told to the operator.
    assert (reply.outcome, len(errors)) == ("accepted", 1)
