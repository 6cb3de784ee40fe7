"""Verifies one request for some seconds: `verify.py DELIVERIES ROW BYTES SECONDS` prints ns for a call."""

import json
import sys
import time
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hookproof import Verifier

CALLS = 1000


def main() -> None:
    deliveries, row, size, seconds = sys.argv[1:]
    signed = json.loads(Path(deliveries).read_bytes())["signed"]
    (delivery,) = [found for found in signed if (found["row"], found["bytes"]) == (row, int(size))]

    verifier = Verifier(delivery["provider"], secret=delivery["secret"])
    body, headers, end = b64decode(delivery["body"]), delivery["headers"], time.monotonic() + float(seconds)
    best = float("inf")
    while time.monotonic() < end:
        best = min(best, _round(verifier, body, headers))
    print(best / CALLS)


def _round(verifier: Any, body: bytes, headers: Mapping[str, str]) -> float:
    started = time.perf_counter_ns()
    for _ in range(CALLS):
        event = verifier.verify(body, headers)
        event.id, event.type  # noqa: B018
    return time.perf_counter_ns() - started


main()
