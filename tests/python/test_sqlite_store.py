"""The store in an SQLite file, as Python sees it: processes, forks, threads. The core tests the rest."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlite_file import SqliteFile

from hookproof import Claim, ConfigurationError, Receiver, Signer, SqliteStore, Verifier


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deliveries.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    yield store
    store.close()


def _claimed(store: SqliteStore, key: str) -> str:
    claim = store.claim(key, 60)
    assert claim.state == "new"
    assert claim.owner is not None
    return claim.owner


def test_a_claim_has_three_states_in_every_process(store: SqliteStore, path: Path) -> None:
    another = SqliteStore(str(path))
    owner = _claimed(store, "a")
    assert another.claim("a", 60) == Claim("running")
    assert another.complete("a", owner, timedelta(days=1))
    assert store.claim("a", 60) == Claim("done")
    another.close()


def test_the_clock_is_handed_in(path: Path) -> None:
    now = 1_000.0
    store = SqliteStore(path, clock=lambda: now)
    former = _claimed(store, "a")
    now += 60
    assert not store.complete("a", former, 60)
    assert store.complete("a", _claimed(store, "a"), 60)
    store.close()


@pytest.mark.parametrize("owner", ["", "x", "-1", "9" * 30, "é", "1_0"])
def test_who_is_no_owner_does_nothing(store: SqliteStore, owner: str) -> None:
    _claimed(store, "a")
    assert not store.complete("a", owner, 60)
    assert not store.release("a", owner)
    assert store.claim("a", 60).state == "running"


def test_one_of_many_threads_gets_a_delivery(store: SqliteStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(5):
            states = [claim.state for claim in pool.map(lambda key: store.claim(key, 60), [str(number)] * 8)]
            assert sorted(states) == ["new", *["running"] * 7]


_FORK = """
import os
import sys
import threading
from hookproof import SqliteStore
store = SqliteStore(sys.argv[1], timeout=60)
assert store.claim("before", 60).state == "new"
done = threading.Event()
def busy():
    number = 0
    while not done.is_set():
        claim = store.claim(f"busy {number}", 60)
        assert store.complete(f"busy {number}", claim.owner, 60)
        number += 1
thread = threading.Thread(target=busy)
thread.start()
for number in range(5):
    child = os.fork()
    if child == 0:
        assert store.claim("before", 60).state == "running"
        claim = store.claim(f"child {number}", 60)
        assert store.complete(f"child {number}", claim.owner, 60)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, status
    assert store.claim(f"child {number}", 60).state == "done"
done.set()
thread.join()
store.close()
print("ok")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows does not fork")
def test_a_store_in_use_survives_a_fork_on_both_sides(path: Path) -> None:
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", _FORK, str(path)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (run.stdout, run.stderr) == ("ok\n", "")
    whole = sqlite3.connect(path)
    assert whole.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    whole.close()


_RAW_FORK = """
import ctypes
import os
import sys
from hookproof import SqliteStore
store = SqliteStore(sys.argv[1])
claim = store.claim("before", 60)
child = ctypes.PyDLL(None).fork()
if child == 0:
    try:
        store.claim("child", 60)
    except OSError as error:
        assert "forked" in str(error)
        store.close()
        os._exit(7)
    os._exit(1)
_, status = os.waitpid(child, 0)
assert os.waitstatus_to_exitcode(status) == 7
assert store.complete("before", claim.owner, 60)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it calls the C library's fork")
def test_a_connection_that_was_inherited_unseen_is_not_used(path: Path) -> None:
    subprocess.run([sys.executable, "-c", _RAW_FORK, str(path)], timeout=60, check=True)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    file = SqliteFile(path)
    file.stop()
    try:
        yield
    finally:
        file.start()


def test_a_store_that_cannot_be_asked_raises_and_lets_other_threads_run(path: Path) -> None:
    store = SqliteStore(path, timeout=0.2)
    _claimed(store, "a")
    ticks = 0
    done = threading.Event()

    def tick() -> None:
        nonlocal ticks
        while not done.wait(0.01):
            ticks += 1

    thread = threading.Thread(target=tick, daemon=True)
    with _held(path):
        thread.start()
        with pytest.raises(OSError, match="the store cannot be asked: database is locked"):
            store.claim("b", 60)
        done.set()
        thread.join()
    assert ticks >= 3, "the GIL is released"
    _claimed(store, "b")
    store.close()


def test_a_receiver_answers_503_and_handles_nothing_without_it(path: Path) -> None:
    store = SqliteStore(path, timeout=0)
    handled: list[Any] = []
    receiver = Receiver(Verifier("github", secret="s3cr3t"), store=store, on_error=lambda *_: None)
    signed = Signer("github", secret="s3cr3t").sign(b"{}", type="push", id="72d3162e")
    with _held(path):
        assert receiver.receive(signed.body, signed.headers, handled.append).status == 503
    assert asyncio.run(receiver.areceive(signed.body, signed.headers, handled.append)).status == 200
    assert receiver.receive(signed.body, signed.headers, handled.append).outcome == "duplicate"
    assert len(handled) == 1
    store.close()


@pytest.mark.parametrize("path", ["", ":memory:", "absent/deliveries.sqlite", "a\0b"])
def test_what_is_no_file_is_refused(path: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        SqliteStore(path)
    assert caught.value.code == "invalid_option"


def test_a_file_of_another_program_is_refused(path: Path) -> None:
    path.write_bytes(b"x" * 5000)
    with pytest.raises(ConfigurationError):
        SqliteStore(path)


@pytest.mark.parametrize("timeout", [-1, 61, float("nan")])
def test_a_timeout_is_bounded(path: Path, timeout: float) -> None:
    with pytest.raises(ConfigurationError):
        SqliteStore(path, timeout=timeout)


@pytest.mark.parametrize(("key", "lease"), [(5, 60), (b"a", 60), ("a", "60")])
def test_a_wrong_argument_is_a_type_error(store: SqliteStore, key: Any, lease: Any) -> None:
    with pytest.raises(TypeError):
        store.claim(key, lease)


def test_a_path_is_text(path: Path) -> None:
    not_text: Any = 5
    with pytest.raises(TypeError):
        SqliteStore(not_text)


def test_a_call_in_the_middle_of_a_call_does_not_wait_for_itself(path: Path) -> None:
    """What a signal handler or a `__del__` does, a profiler can do at any place."""
    store = SqliteStore(path)
    states: list[str] = []

    def profile(_frame: Any, event: str, function: Any) -> None:
        if event == "c_call" and getattr(function, "__name__", "") == "claim" and not states:
            states.append("inside")
            states.append(store.claim("inner", 60).state)

    def claim() -> None:
        sys.setprofile(profile)
        try:
            states.append(store.claim("outer", 60).state)
        finally:
            sys.setprofile(None)

    claiming = threading.Thread(target=claim, daemon=True)
    claiming.start()
    claiming.join(10)
    assert states == ["inside", "new", "new"]
    store.close()
