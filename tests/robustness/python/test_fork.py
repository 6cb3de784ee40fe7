"""A process that has used everything is forked, in the middle of work, and both go on."""

import multiprocessing
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from authentic import SECRET, signed
from figures import SHORT, report
from run import built
from vectors import document

from hookproof import HookproofError, MemoryStore, Receiver, SqliteStore, Verifier

FORKS = 60 if SHORT else 1000
LARGE = b'{"id":"1","event":"x","payload":"' + b"a" * 8192 + b'"}'
BODY, HEADERS = signed(LARGE)

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here"),
    # Python 3.12 warns of what is done here on purpose.
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


def _ends_well(child: Callable[[], None]) -> bool:
    """Runs a function in a forked process; False where it fails, or waits for what will never come."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            signal.alarm(20)
            child()
            status = 0
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0


def _token() -> tuple[Verifier, Any]:
    cases = document("verify/pitchpoint.json")["cases"]
    case = next(case for case in cases if case["expect"]["verdict"] == "accept" and "jwks" in case["options"])
    return built(case), case


class _AtWork:
    """Threads that do something over and over, so that a fork comes in the middle of it."""

    def __init__(self, *works: Callable[[int], object]) -> None:
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(work,)) for work in works]

    def _run(self, work: Callable[[int], object]) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            work(number)

    def __enter__(self) -> None:
        for thread in self._threads:
            thread.start()

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_a_child_verifies_whatever_the_threads_of_its_parent_were_doing() -> None:
    """Of the threads one goes on in the child: what another one has locked stays locked there for ever."""
    tokens, case = _token()
    store = MemoryStore()
    verifier = Verifier("fourvenues", secret=SECRET)

    def verify(number: int) -> None:
        tokens.verify(LARGE, case["headers"], now=case["now"])
        verifier.verify(BODY, HEADERS)
        store.claim(f"delivery {number}", 60)

    started = time.perf_counter()
    with _AtWork(*[verify] * 6):
        ended_well = [_ends_well(lambda: verify(-1)) for _ in range(FORKS)]
    report(
        "fork", forks=FORKS, stuck=ended_well.count(False), seconds=round(time.perf_counter() - started, 1)
    )
    assert all(ended_well)


def test_a_sqlite_store_that_is_open_serves_parent_and_child(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "deliveries.sqlite")
    assert store.claim("delivery", 60).state == "new"

    def child() -> None:
        assert store.claim("delivery", 60).state == "running"
        assert store.claim("of the child", 60).state == "new"

    assert _ends_well(child)
    assert store.claim("of the child", 60).state == "running"


def test_a_sqlite_store_is_whole_after_forks_in_the_middle_of_its_work(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.sqlite"
    store = SqliteStore(path)

    def child() -> None:
        key = f"child {os.getpid()}"
        claim = store.claim(key, 60)
        assert claim.owner is not None
        assert store.complete(key, claim.owner, 60)

    with _AtWork(*[lambda number: store.claim(f"parent {number}", 60)] * 2):
        assert all(_ends_well(child) for _ in range(FORKS // 10))
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_who_is_called_around_a_fork_may_verify() -> None:
    """Also by hooks that were there first: those run while others are kept out of the core."""
    program = f"""
        import os, signal
        calls = []
        def hook():
            signal.alarm(20)
            calls.append(verifier.verify(body, headers).id)
        os.register_at_fork(before=hook, after_in_parent=hook, after_in_child=hook)
        from hookproof import Signer, Verifier
        body = {LARGE!r}
        headers = Signer("fourvenues", secret="k").sign(body).headers
        verifier = Verifier("fourvenues", secret="k")
        pid = os.fork()
        if pid == 0:
            os._exit(calls != ["1", "1"])
        assert os.waitpid(pid, 0)[1] == 0
        assert calls == ["1", "1"]
    """
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=False, timeout=60)
    assert ended.returncode == 0


def _receive(_number: int) -> str:
    receiver = Receiver(Verifier("fourvenues", secret=SECRET))
    return receiver.receive(BODY, HEADERS, lambda _event: None).outcome


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_pools_of_processes_receive(method: str) -> None:
    context = multiprocessing.get_context(method)
    with context.Pool(4) as pool:
        assert pool.map(_receive, range(40), chunksize=1) == ["accepted"] * 40


def test_a_verifier_is_not_sent_to_another_process() -> None:
    """It would carry its secret through a pipe."""
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(Verifier("fourvenues", secret=SECRET))


def test_errors_cross_to_another_process() -> None:
    with pytest.raises(HookproofError) as refused:
        Verifier("fourvenues", secret=SECRET).verify(BODY, {})
    copy = pickle.loads(pickle.dumps(refused.value))
    assert (type(copy), copy.code, str(copy)) == (
        type(refused.value),
        refused.value.code,
        str(refused.value),
    )
