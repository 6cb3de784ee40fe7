"""Starts a Redis and the workers, sends the plan, kills workers and counts. The exit code is the verdict."""

import argparse
import secrets
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from services import MissingServiceError, running_redis

from soak.accident import Accident
from soak.fleet import fleet, victims
from soak.plan import new_plan
from soak.router import Router
from soak.sender import Sender
from soak.verdict import Verdict, judge
from soak.workers import Worker


def main() -> int:
    signal.signal(signal.SIGTERM, _stop)
    options = _options()
    started = time.monotonic()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hookproof-soak-")))
        redis = stack.enter_context(running_redis())
        secret = secrets.token_hex(16)
        workers = fleet(redis, secret, folder, options.rust)
        for worker in workers:
            stack.callback(worker.kill)
            worker.start()
        names = ", ".join(worker.name for worker in workers)
        print(f"{options.deliveries} deliveries, seed {options.seed}, to {names}", flush=True)
        if options.rust is None:
            print("left out: the workers in Rust, whose program was not given (--rust)", flush=True)
        verdict = _run(options, workers, secret)
        print("\n".join(["", *verdict.lines, f"time          {time.monotonic() - started:.0f} s"]))
        for complaint in verdict.complaints:
            print(f"WRONG         {complaint}")
        if verdict.complaints:
            for worker in workers:
                print(f"\n{worker.name} wrote:\n{worker.log()}", file=sys.stderr)
    return 1 if verdict.complaints else 0


def _run(options: argparse.Namespace, workers: list[Worker], secret: str) -> Verdict:
    plan = new_plan(options.deliveries, options.seed, victims(workers))
    router = Router(workers)
    sender = Sender(plan, router, secret, options.seed, anywhere=options.anywhere)
    accidents = [
        Accident(worker, router, sender, anywhere=options.anywhere)
        for worker in workers
        if worker.name in victims(workers)
    ]
    for accident in accidents:
        accident.start()
    sender.start()
    give_up = time.monotonic() + options.limit
    while not sender.is_finished() and time.monotonic() < give_up:
        time.sleep(0.1)
    sender.stop()
    for accident in accidents:
        accident.end()
    verdict = judge(plan, sender, workers, anywhere=options.anywhere)
    survivors = [f"{accident.victim.name} was not killed" for accident in accidents if not accident.happened]
    dead = [f"{worker.name} has ended by itself" for worker in workers if not worker.is_running()]
    return Verdict(verdict.lines, [*verdict.complaints, *survivors, *dead])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak", description=sys.modules["soak"].__doc__)
    parser.add_argument("--deliveries", type=int, default=20_000, help="default: 20000")
    parser.add_argument("--seed", type=int, default=1, help="decides what is sent; default: 1")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds until it gives up; default: 300")
    parser.add_argument("--rust", type=Path, help="the program of the Rust workers; default: there are none")
    parser.add_argument(
        "--anywhere",
        action="store_true",
        help="kill at full speed, and count what was handled again because its completion was cut off",
    )
    return parser.parse_args()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # As an exception, so that the processes are ended on the way out.
    raise SystemExit(143)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except MissingServiceError as error:
        sys.exit(f"the soak needs a Redis: {error}")
