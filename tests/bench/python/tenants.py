"""A verifier for each tenant: what ten thousand take to build and to keep.

`tenants.py KIND` measures one kind, in a process that has done nothing else: what others gave back would be
taken again, and would not show.
"""

import base64
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import standardwebhooks
import svix

import hookproof
from hookproof.testing import generate_keys

Json = Any
# Builds the verifier of the tenant with that number.
Build = Callable[[int], object]

_TENANTS = 10_000
_BATCH = 100


def rows() -> Iterator[Json]:
    for kind in KINDS:
        command = [sys.executable, str(Path(__file__)), kind]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        yield json.loads(done.stdout)


def main() -> None:
    kind = sys.argv[1]
    build = KINDS[kind]()
    # What is read once for all is not this one's.
    build(_TENANTS)
    before = _resident_bytes()
    kept, times = [], []
    for first in range(0, _TENANTS, _BATCH):
        start = time.thread_time_ns()
        kept += [build(number) for number in range(first, first + _BATCH)]
        times.append((time.thread_time_ns() - start) / _BATCH)
    low, median, high = statistics.quantiles(times, n=4, method="inclusive")
    figures = {
        "row": "scale-verifiers",
        "provider": kind,
        "verifiers": len(kept),
        "bytes_each": (_resident_bytes() - before) // len(kept),
        "ns_each": round(median, 1),
        "quartiles": [round(low, 1), round(high, 1)],
    }
    print(json.dumps(figures))


def _with_secret(provider: str) -> Build:
    return lambda number: hookproof.Verifier(provider, secret=_secret(number))


def _with_key_set() -> Build:
    options = generate_keys().verifier
    return lambda number: hookproof.Verifier("jwt-bearer", **options)


def _secret(number: int) -> str:
    # One more, since a secret of zero bytes is refused.
    return "whsec_" + base64.b64encode((number + 1).to_bytes(32, "big")).decode()


def _resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


KINDS: dict[str, Callable[[], Build]] = {
    "fourvenues": lambda: _with_secret("fourvenues"),
    "stripe": lambda: _with_secret("stripe"),
    "standard-webhooks": lambda: _with_secret("standard-webhooks"),
    "jwt-bearer, keys given": _with_key_set,
    "standardwebhooks (peer)": lambda: lambda number: standardwebhooks.Webhook(_secret(number)),
    "svix (peer)": lambda: lambda number: svix.Webhook(_secret(number)),
}

if __name__ == "__main__":
    main()
