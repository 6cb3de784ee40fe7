"""Large bodies are hashed without the interpreter: what else there is to do is not kept waiting."""

import asyncio
import statistics
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from authentic import SECRET
from figures import SHORT, report
from typing_extensions import Self

from hookproof import Event, Signer, Verifier

KIB = 1024
SIZES = [64 * KIB, 256 * KIB, 1024 * KIB, 4096 * KIB, 16 * 1024 * KIB]
ROUNDS = 10 if SHORT else 50


class _Ticks:
    """A thread of Python that counts as fast as it may: each step needs the interpreter."""

    def __init__(self) -> None:
        self.count = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.count += 1

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()


def _request(provider: str, size: int) -> tuple[Verifier, bytes, dict[str, str]]:
    body = b'{"id":"1","event":"x","payload":"' + b"a" * size + b'"}'
    headers = Signer(provider, secret=SECRET).sign(body, type="order.created").headers
    return Verifier(provider, secret=SECRET), body, headers


def _works(provider: str, size: int) -> dict[str, Callable[[], object]]:
    verifier, body, headers = _request(provider, size)
    signer = Signer(provider, secret=SECRET)
    events: list[Event] = [verifier.verify(body, headers) for _ in range(ROUNDS)]
    return {
        "verify": lambda: verifier.verify(body, headers),
        "sign": lambda: signer.sign(body, type="order.created"),
        "idempotency_key": lambda: events.pop().idempotency_key,
    }


@pytest.mark.parametrize("work", ["verify", "sign", "idempotency_key"])
def test_other_threads_run_while_a_large_body_is_hashed(work: str) -> None:
    """Held, the interpreter would give no other thread a step from the start of the work to its end."""
    with _Ticks() as ticks:
        for size in SIZES:
            steps, spans = [], []
            call = _works("fast-events", size)[work]
            for _ in range(ROUNDS):
                before, started = ticks.count, time.perf_counter()
                call()
                spans.append(time.perf_counter() - started)
                steps.append(ticks.count - before)
            report(
                f"interpreter {work} {size // KIB} KiB",
                rounds=ROUNDS,
                median_ms=round(statistics.median(spans) * 1000, 3),
                steps_of_another_thread=round(statistics.median(steps)),
            )
            # With the interpreter held the other thread takes its steps before and after alone.
            if size >= 4096 * KIB:
                assert statistics.median(steps) > 1000


@pytest.mark.parametrize("provider", ["fourvenues", "fast-events"])
def test_tasks_run_while_a_large_body_is_verified(provider: str) -> None:
    asyncio.run(_measure(provider))


async def _measure(provider: str) -> None:
    for size in SIZES:
        verifier, body, headers = _request(provider, size)

        async def verify(verifier: Verifier = verifier, body: bytes = body, headers: Any = headers) -> Event:
            return verifier.verify(body, headers)

        async def averify(verifier: Verifier = verifier, body: bytes = body, headers: Any = headers) -> Event:
            return await verifier.averify(body, headers)

        held, figures = {}, {}
        for work in (verify, averify):
            name = work.__name__
            held[name] = await _loop_time(work)
            waits = [await _longest_wait(work) for _ in range(ROUNDS)]
            figures[f"{name}_loop_cpu_ms"] = round(held[name] * 1000, 3)
            figures[f"{name}_longest_wait_ms"] = round(statistics.median(waits) * 1000, 3)
        report(f"asyncio {provider} {size // KIB} KiB", rounds=ROUNDS, **figures)
        if size >= 1024 * KIB:
            assert held["averify"] < held["verify"] / 2


async def _loop_time(work: Callable[[], Awaitable[Event]]) -> float:
    """Returns how long the thread of the loop works for a verification, and for the key of its delivery.

    Its time on a processor, and not by the clock: on a busy machine each thread waits for its turn.
    """
    before = time.thread_time()
    for _ in range(ROUNDS):
        _ = (await work()).idempotency_key
    return (time.thread_time() - before) / ROUNDS


async def _longest_wait(work: Callable[[], Awaitable[Event]]) -> float:
    """Returns how long another task waited for its turn at the most, by the clock."""
    waits: list[float] = []
    ended = asyncio.Event()

    async def tick() -> None:
        last = time.perf_counter()
        while not ended.is_set():
            await asyncio.sleep(0)
            now = time.perf_counter()
            waits.append(now - last)
            last = now

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    await work()
    ended.set()
    await ticking
    return max(waits)
