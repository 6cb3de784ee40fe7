"""The rows of several threads: whether who verifies keeps the others of a server from their work."""

import hashlib
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import repeat

import baseline
import ours
from contest import Call, Contender, Json, Pace, measure
from delivery import Delivery
from ours import Builds
from signed import proven

# Some changes of the thread that may run: Python makes one every 5 milliseconds.
_TURN_NS = 40_000_000


def rows(deliveries: list[Delivery], pace: Pace, builds: Builds) -> Iterator[Json]:
    """Two threads on one verifier beside two that compute `hmac`."""
    for delivery in _chosen(deliveries, 16 * 1024, 256 * 1024):
        contenders = [together(name, call, 2) for name, call in _calls(delivery, builds).items()]
        yield measure("threads", delivery.size, contenders, _longer(pace), threads=2)


def scale(deliveries: list[Delivery], pace: Pace, builds: Builds) -> Iterator[Json]:
    """One thread to as many as there are cores on one verifier, and what that leaves to each."""
    cores = os.cpu_count() or 1
    counts = sorted({1, cores, *(1 << doublings for doublings in range(cores.bit_length()))})
    for delivery in _chosen(deliveries, 1024, 16 * 1024, 256 * 1024):
        calls = _calls(delivery, builds)
        contenders = [
            together(f"{name} {count}", call, count) for count in counts for name, call in calls.items()
        ]
        measured = measure("scale-threads", delivery.size, contenders, _longer(pace))
        ns, quartiles = measured["ns"], measured["quartiles"]
        for count in counts:
            yield {
                "row": "scale-threads",
                "work": delivery.row,
                "bytes": delivery.size,
                "threads": count,
                "ns": {name: ns[f"{name} {count}"] for name in calls},
                "quartiles": {name: quartiles[f"{name} {count}"] for name in calls},
                "per_second_and_thread": {name: round(1e9 / ns[f"{name} {count}"] / count) for name in calls},
                "of_one_thread": {
                    name: round(ns[f"{name} 1"] / ns[f"{name} {count}"] / count, 3) for name in calls
                },
            }


def _chosen(deliveries: list[Delivery], *sizes: int) -> list[Delivery]:
    return [delivery for delivery in deliveries if delivery.row == "hex-hmac" and delivery.size in sizes]


def _calls(delivery: Delivery, builds: Builds) -> dict[str, Call]:
    """Names what is compared; all threads of a contender share its verifier."""
    by_hand = proven(baseline.hexadecimal("x-webhook-signature"), delivery)
    return {
        **{
            name: partial(proven(ours.reads_event(build), delivery), delivery.headers)
            for name, build in builds.items()
        },
        "hmac": partial(by_hand, delivery.headers),
        "sha256": lambda: hashlib.sha256(delivery.body).digest(),
    }


def together(name: str, call: Call, threads: int) -> Contender:
    """Makes a contender of a call that several threads repeat at once: all their time, for each call."""

    def turn(calls: int) -> float:
        barrier = threading.Barrier(threads)

        def work() -> tuple[int, int]:
            barrier.wait()
            start = time.perf_counter_ns()
            for _ in repeat(None, calls):
                call()
            return start, time.perf_counter_ns()

        with ThreadPoolExecutor(threads) as pool:
            spans = [done.result() for done in [pool.submit(work) for _ in range(threads)]]
        return (max(end for _, end in spans) - min(start for start, _ in spans)) / (calls * threads)

    return Contender(name, turn)


def _longer(pace: Pace) -> Pace:
    return replace(pace, turn_ns=_TURN_NS)
