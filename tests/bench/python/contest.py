"""Measures contenders in turns, so that what the machine does meanwhile happens to all of them."""

import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

Json = Any
Call = Callable[[], object]
# Makes so many calls and returns how many nanoseconds one took.
Turn = Callable[[int], float]

# Who needs a second for a call shows in seven of them what it needs.
_PATIENCE_NS = 3_000_000_000
_FEWEST_ROUNDS = 7


@dataclass(frozen=True)
class Pace:
    """How long is measured."""

    rounds: int
    turn_ns: int


@dataclass(frozen=True)
class Contender:
    """One way to do the work of a row."""

    name: str
    turn: Turn
    most_calls: int = sys.maxsize


def calling(name: str, call: Call) -> Contender:
    """Makes a contender of a call that is repeated in one thread.

    The clock is that of the thread: it stands while another program has the processor.
    """

    def turn(calls: int) -> float:
        start = time.thread_time_ns()
        for _ in repeat(None, calls):
            call()
        return (time.thread_time_ns() - start) / calls

    return Contender(name, turn)


def measure(row: str, size: int | None, contenders: Sequence[Contender], pace: Pace, **facts: Json) -> Json:
    """Measures all contenders of a row; what `facts` says of the row is added to it."""
    # Garbage that a contender makes is collected on its time; what the others keep is not searched for it.
    gc.collect()
    gc.freeze()
    calls = {contender.name: _calls_of_a_turn(contender, pace) for contender in contenders}
    times: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in range(pace.rounds):
        first = number % len(contenders)
        for contender in (*contenders[first:], *contenders[:first]):
            found = times[contender.name]
            if len(found) < _FEWEST_ROUNDS or sum(found) * calls[contender.name] < _PATIENCE_NS:
                found.append(contender.turn(calls[contender.name]))
    gc.unfreeze()
    return {"row": row, "bytes": size, **facts, **_figures(times)}


def _figures(times: dict[str, list[float]]) -> Json:
    quartiles = {name: statistics.quantiles(found, n=4, method="inclusive") for name, found in times.items()}
    return {
        "ns": {name: round(median, 1) for name, (_, median, _) in quartiles.items()},
        "quartiles": {name: [round(low, 1), round(high, 1)] for name, (low, _, high) in quartiles.items()},
    }


def _calls_of_a_turn(contender: Contender, pace: Pace) -> int:
    """Warms up, with twice as many calls each time, until a turn is long enough."""
    calls = 1
    while calls < contender.most_calls:
        taken = contender.turn(calls) * calls
        if taken >= pace.turn_ns:
            break
        calls = min(contender.most_calls, calls * 2)
    return calls
