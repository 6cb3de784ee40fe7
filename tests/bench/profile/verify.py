"""Verifies one request for some seconds: `verify.py DELIVERIES ROW BYTES SECONDS` prints ns for a call.

The row `reject` is Standard Webhooks with a wrong signature.
"""

import json
import sys
import time
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hookproof import VerificationError, Verifier

CALLS = 1000


def main() -> None:
    deliveries, row, size, seconds = sys.argv[1:]
    signed = json.loads(Path(deliveries).read_bytes())["signed"]
    is_wrong = row == "reject"
    wanted = ("standard-webhooks" if is_wrong else row, int(size))
    (delivery,) = [found for found in signed if (found["row"], found["bytes"]) == wanted]

    verifier = Verifier(delivery["provider"], secret=delivery["secret"])
    body, headers = b64decode(delivery["body"]), delivery["rejected" if is_wrong else "headers"]
    take_turn = _rejects if is_wrong else _accepts
    best, end = float("inf"), time.monotonic() + float(seconds)
    while time.monotonic() < end:
        best = min(best, take_turn(verifier, body, headers))
    print(best / CALLS)


def _accepts(verifier: Any, body: bytes, headers: Mapping[str, str]) -> float:
    started = time.perf_counter_ns()
    for _ in range(CALLS):
        event = verifier.verify(body, headers)
        event.id, event.type  # noqa: B018
    return time.perf_counter_ns() - started


def _rejects(verifier: Any, body: bytes, headers: Mapping[str, str]) -> float:
    started = time.perf_counter_ns()
    for _ in range(CALLS):
        try:
            verifier.verify(body, headers)
        except VerificationError:
            continue
        raise RuntimeError("a wrong signature was accepted")
    return time.perf_counter_ns() - started


main()
