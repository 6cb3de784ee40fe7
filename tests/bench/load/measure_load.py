"""Measures what receivers of Express and Django bear: `measure_load.py [--quick]` prints JSON lines.

The receivers of all contenders are up, and autocannon loads them in turns, over the loopback. It is on the
same machine and takes a core of its own. Each of its connections sends the next request when the last was
answered: the latency is that of a server that is always busy.

`cpu_us` is the processor time that the receiver's process took for a request, in microseconds. What else the
machine does changes it least, and most of it is the framework's: see `none`, which reads and does not verify.

PYTHONPATH must have tests/e2e.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from receivers import (
    FRAMEWORKS,
    PATH,
    SPACE,
    Framework,
    Turns,
    check,
    install,
    load,
    receivers,
    sent_headers,
)

Json = Any

SIZES = (1024, 16 * 1024, 256 * 1024)
CONNECTIONS = 8
DELIVERIES = Path(__file__).resolve().parents[1] / "deliveries.py"


@dataclass(frozen=True)
class Plan:
    """How long each contender is loaded."""

    rounds: int
    seconds: float
    warm_up_requests: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="too short for a figure, enough to see it run")
    parser.add_argument("--rounds", type=int, help="how often each contender has its turn, default 5")
    parser.add_argument("--framework", choices=[framework.name for framework in FRAMEWORKS])
    options = parser.parse_args()
    if options.quick:
        plan = Plan(rounds=options.rounds or 2, seconds=0.5, warm_up_requests=400)
    else:
        plan = Plan(rounds=options.rounds or 5, seconds=2, warm_up_requests=10_000)

    install()
    for framework in FRAMEWORKS:
        if options.framework in (None, framework.name):
            print(json.dumps({"language": framework.language, "versions": framework.versions()}), flush=True)
            for row in _rows(framework, plan):
                print(json.dumps(row), flush=True)


def _rows(framework: Framework, plan: Plan) -> Iterator[Json]:
    deliveries = _deliveries()
    with receivers(framework, deliveries[SIZES[0]]["secret"]) as ports:
        for size in SIZES:
            # What was signed five minutes ago is refused.
            delivery = _deliveries()[size]
            for contender, port in ports.items():
                check(contender, port, delivery)
            # What reads the smallest bodies reads the others: compiling is over after the first size.
            warm_up_requests = plan.warm_up_requests if size == SIZES[0] else 100
            turns = load(
                {
                    "servers": {name: f"http://127.0.0.1:{port}" for name, port in ports.items()},
                    "path": PATH,
                    "headers": sent_headers(delivery["headers"]),
                    "body": delivery["body"],
                    "connections": CONNECTIONS,
                    "rounds": plan.rounds,
                    "seconds": plan.seconds,
                    "warmUpRequests": warm_up_requests,
                }
            )
            yield _row(framework, size, turns)


def _row(framework: Framework, size: int, turns: Turns) -> Json:
    return {
        "language": framework.language,
        "row": f"load-{framework.name}",
        "bytes": size,
        "connections": CONNECTIONS,
        "requests_per_second": _medians(turns, "perSecond", digits=1),
        "quartiles": {contender: _quartiles(found) for contender, found in turns.items()},
        "cpu_us": _medians(turns, "cpu", digits=1),
        "p50_ms": _medians(turns, "p50", digits=3),
        "p99_ms": _medians(turns, "p99", digits=3),
    }


def _deliveries() -> dict[int, Json]:
    """Signs anew, and returns what is sent by its size."""
    file = SPACE / "deliveries.json"
    subprocess.run([sys.executable, DELIVERIES, file], check=True)
    signed = json.loads(file.read_text(encoding="utf-8"))["signed"]
    return {row["bytes"]: row for row in signed if row["row"] == "standard-webhooks"}


def _medians(turns: Turns, name: str, digits: int) -> dict[str, float]:
    return {
        contender: round(median(turn[name] for turn in found), digits) for contender, found in turns.items()
    }


def _quartiles(turns: list[dict[str, float]]) -> list[float]:
    values = [turn["perSecond"] for turn in turns]
    first, _, third = quantiles(values, n=4, method="inclusive") if len(values) > 1 else values * 3
    return [round(first, 1), round(third, 1)]


if __name__ == "__main__":
    main()
