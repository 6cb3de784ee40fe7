"""Verifiers are shared between threads, and large bodies do not hold the interpreter."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from authentic import BODY, HEADERS, SECRET, delivery, signed, verifier

from hookproof import HookproofError, Verifier

LARGE = b'{"id":"1","event":"x","payload":"' + b"a" * (32 * 1024 * 1024) + b'"}'


def test_one_verifier_serves_many_threads() -> None:
    shared = verifier()
    deliveries = [delivery(f"{'large' * (number % 3 * 1000)}{number}") for number in range(60)]

    def check(number: int) -> bool:
        body, headers = deliveries[number % 60]
        accepted = shared.verify(body, headers)
        try:
            shared.verify(body + b" ", headers)
        except HookproofError as error:
            return error.code == "no_matching_signature" and accepted.id is not None
        return False

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(check, range(2000)))


def test_one_event_serves_many_threads() -> None:
    found = verifier().verify(BODY, HEADERS)
    with ThreadPoolExecutor(8) as pool:
        data = list(pool.map(lambda _: id(found.data), range(200)))
        keys = set(pool.map(lambda _: found.idempotency_key, range(200)))
    assert len(set(data)) == 1
    assert len(keys) == 1


def test_a_large_body_lets_other_threads_run() -> None:
    """With the interpreter held, a thread would get no turn between start and end of a verification."""
    body, headers = signed(LARGE)
    shared = Verifier("fourvenues", secret=SECRET)
    turns: list[float] = []
    stop = threading.Event()

    def take_turns() -> None:
        while not stop.wait(0.0005):
            turns.append(time.perf_counter())

    def ran_meanwhile() -> bool:
        start = time.perf_counter()
        shared.verify(body, headers)
        quarter = (time.perf_counter() - start) / 4
        # At either end there may be a turn in any case: before the call and after it.
        return any(start + quarter < turn < start + 3 * quarter for turn in turns)

    thread = threading.Thread(target=take_turns)
    thread.start()
    try:
        # A busy machine may give the other thread no time once, but not each time.
        assert any(ran_meanwhile() for _ in range(20))
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, lambda body: body.decode()])
def test_a_large_body_leaves_the_event_loop(make: Any) -> None:
    body, headers = signed(b'{"id":"1","event":"x","payload":"' + b"a" * 300_000 + b'"}')
    verified_in: list[threading.Thread] = []

    class Watched(dict[str, str]):
        def items(self) -> Any:
            verified_in.append(threading.current_thread())
            return super().items()

    found = asyncio.run(Verifier("fourvenues", secret=SECRET).averify(make(body), Watched(headers)))
    assert (found.id, found.body == body) == ("1", True)
    assert verified_in != [threading.main_thread()]


def test_a_small_body_stays_in_the_event_loop() -> None:
    found = asyncio.run(verifier().averify(BODY, HEADERS))
    assert found.id == "5f7b"
    with pytest.raises(HookproofError):
        asyncio.run(verifier().averify(BODY + b" ", HEADERS))
