"""A million calls, good and hostile, leave nothing behind: no memory, no reference, no handle, no thread."""

import gc
import random
import sys
import time
import tracemalloc
from contextlib import suppress

from authentic import BODY, HEADERS, SECRET, verifier
from calls import Call, large_verifications, receptions, signings, verifications
from figures import SEED, SHORT, handles, handles_settle_at, report, resident_kib

from hookproof import HookproofError

CALLS = 60_000 if SHORT else 1_000_000
TRACED = 5_000 if SHORT else 50_000

Kinds = list[list[Call]]
SHARES = [0.8, 0.15, 0.0495, 0.0005]


def _run(kinds: Kinds, count: int, drawn: random.Random) -> None:
    choose = drawn.choice
    for kind in drawn.choices(kinds, SHARES, k=count):
        choose(kind)()


def test_a_million_calls_leave_no_memory_handle_or_thread_behind() -> None:
    kinds = [verifications(), signings(), receptions(), large_verifications()]
    drawn = random.Random(SEED)
    _run(kinds, CALLS // 5, drawn)
    memory, held = resident_kib(), handles()
    started = time.perf_counter()
    _run(kinds, CALLS - CALLS // 5, drawn)
    seconds = time.perf_counter() - started
    growth = resident_kib() - memory
    now_held = handles()
    report(
        "endurance",
        calls=CALLS,
        seed=SEED,
        calls_per_second=round((CALLS - CALLS // 5) / seconds),
        rss_mib=round(resident_kib() / 1024, 1),
        rss_growth_kib=growth,
        **{f"{name}_growth": now_held[name] - held[name] for name in held},
    )
    assert handles_settle_at(held)
    # Ten bytes that each call lost would be more.
    assert growth < 8 * 1024


def test_calls_leave_no_object_of_python_behind() -> None:
    kinds = [verifications(), signings(), receptions(), large_verifications()]
    drawn = random.Random(SEED)
    _run(kinds, TRACED, drawn)
    gc.collect()
    tracemalloc.start()
    rounds: list[int] = []
    try:
        _run(kinds, TRACED // 5, drawn)
        for _ in range(5):
            gc.collect()
            traced, _ = tracemalloc.get_traced_memory()
            _run(kinds, TRACED // 5, drawn)
            gc.collect()
            rounds.append(tracemalloc.get_traced_memory()[0] - traced)
    finally:
        tracemalloc.stop()
    report("tracemalloc", calls=TRACED, growth_bytes_by_round="/".join(map(str, rounds)))
    # A leak grows in every round. A table that Python makes anew counts once: the old one was not traced.
    assert sorted(rounds)[2] < TRACED // 5


def test_calls_leave_no_reference_to_what_they_were_given() -> None:
    """Counted for each: the verifier, the body, the headers, the secret, the class of the errors."""
    shared, forged = verifier(), BODY + b" "
    held = [shared, BODY, HEADERS, SECRET, forged, *HEADERS.values(), HookproofError]

    def calls(count: int) -> None:
        for _ in range(count):
            shared.verify(BODY, HEADERS)
            for body, headers in ((forged, HEADERS), (BODY, {})):
                with suppress(HookproofError):
                    shared.verify(body, headers)

    calls(100)
    before = [sys.getrefcount(item) for item in held]
    calls(20_000)
    assert [sys.getrefcount(item) for item in held] == before
