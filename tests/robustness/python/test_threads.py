"""Many threads hammer one verifier, one key set and one store, and each gets its own answer."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from calls import large_verifications, verifications
from figures import SHORT, handles, handles_settle_at, report
from run import built
from vectors import document

from hookproof import HookproofError, MemoryStore

THREADS = 32
CALLS = 40_000 if SHORT else 400_000


def test_threads_share_verifiers_and_each_gets_its_own_answer() -> None:
    calls = [*verifications(), *large_verifications()]
    held = handles()

    def hammer(first: int) -> int:
        # Each thread at its own place, so that they meet in all orders.
        for number in range(CALLS // THREADS):
            calls[(first * 977 + number) % len(calls)]()
        return CALLS // THREADS

    started = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        made = sum(pool.map(hammer, range(THREADS)))
    seconds = time.perf_counter() - started
    report("threads", threads=THREADS, calls=made, calls_per_second=round(made / seconds))
    assert handles_settle_at(held)


def test_keys_change_while_tokens_are_verified() -> None:
    """An old key set or the new one judges a token, never a mixture, and nobody waits for ever."""
    cases = document("verify/pitchpoint.json")["cases"]
    good = next(case for case in cases if case["expect"]["verdict"] == "accept" and "jwks" in case["options"])
    verifier = built(good)
    jwks = good["options"]["jwks"]
    strangers = {"keys": [{**key, "kid": f"other-{key['kid']}"} for key in jwks["keys"]]}
    large = b'{"a":"' + b"a" * 4096 + b'"}'
    seen: set[str] = set()
    stop = threading.Event()

    def verify() -> int:
        count = 0
        while not stop.is_set():
            count += 1
            try:
                verifier.verify(large, good["headers"], now=good["now"])
                seen.add("accepted")
            except HookproofError as error:
                seen.add(error.code)
        return count

    with ThreadPoolExecutor(8) as pool:
        verifying = [pool.submit(verify) for _ in range(8)]
        for number in range(400):
            verifier.update_keys(strangers if number % 2 else jwks)
        stop.set()
        made = sum(task.result(timeout=60) for task in verifying)
    report("keys", verifications=made, key_sets=400, verdicts=",".join(sorted(seen)))
    assert seen <= {"accepted", "unknown_key"}
    assert "accepted" in seen


def test_one_of_many_threads_gets_a_delivery() -> None:
    store = MemoryStore()
    barrier = threading.Barrier(THREADS)

    def claim(number: int) -> list[str]:
        barrier.wait()
        return [store.claim(f"delivery {number}", 60).state for number in range(200)]

    with ThreadPoolExecutor(THREADS) as pool:
        states = list(pool.map(claim, range(THREADS)))
    for delivery in zip(*states, strict=True):
        assert sorted(set(delivery)) == ["new", "running"]
        assert delivery.count("new") == 1
