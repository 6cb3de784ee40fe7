"""What the dearest requests cost through the package: `tests/audit/hostile_cost` finds them, in Rust."""

import hashlib
import time
from collections.abc import Callable

import pytest
from figures import report

from hookproof import HookproofError, Verifier

MEBIBYTE = 1 << 20
SECRETS = [f"hookproof-test-secret-{number:02}" for number in range(16)]
# Twice what Rust may take: bodies and headers are converted, and the machine may be busy.
LIMIT_MS = 100.0
USUAL_FLOOR_MS = 0.6

FORM = b"&".join(b"f%d=" % number + b"v" * 248 for number in range(4096))[:MEBIBYTE]
APOSTROPHES = "https://hooks.example.com:443/in?" + "'%27" * 16_000
DIGITS = b"[9007199254740993" + b",9007199254740993" * 61_000 + b"]"

Request = tuple[bytes, dict[str, str], str]
REQUESTS: dict[str, tuple[Verifier, Request]] = {
    "twilio, a form and apostrophes": (
        Verifier("twilio", secret=SECRETS),
        (
            FORM,
            {
                "X-Twilio-Signature": "A" * 27 + "=",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            APOSTROPHES,
        ),
    ),
    "paystack, numbers that are written again": (
        Verifier("paystack", secret=SECRETS, accept_reserialized=True),
        (DIGITS, {"x-paystack-signature": "0" * 128}, "/"),
    ),
    "github, open arrays": (
        Verifier("github", secret=SECRETS, accept_reserialized=True),
        (b"[" * MEBIBYTE, {"X-Hub-Signature-256": "sha256=" + "0" * 64}, "/"),
    ),
    "github, a header of 8 MiB": (
        Verifier("github", secret=SECRETS),
        (b"{}", {"X-Hub-Signature-256": "0" * (8 * MEBIBYTE)}, "/"),
    ),
}


@pytest.mark.parametrize("name", REQUESTS)
def test_no_forged_request_is_dear(name: str) -> None:
    verifier, (body, headers, url) = REQUESTS[name]

    def verify() -> None:
        with pytest.raises(HookproofError):
            verifier.verify(body, headers, method="POST", url=url)

    floor = _milliseconds(lambda: hashlib.sha256(body.ljust(MEBIBYTE)))
    cost = _milliseconds(verify)
    report(f"hostile {name}", cpu_ms=round(cost, 2), sha256_ms=round(floor, 2))
    assert cost < LIMIT_MS * max(1.0, floor / USUAL_FLOOR_MS)


def _milliseconds(call: Callable[[], object]) -> float:
    """Measures the processor time of a call: the least of several, for an interrupt is not its fault."""
    times = []
    for _ in range(5):
        started = time.thread_time_ns()
        call()
        times.append(time.thread_time_ns() - started)
    return min(times) / 1e6
