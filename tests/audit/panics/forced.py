"""Calls exports of the native module while they are made to panic, and prints what came of each as JSON.

Run with a package whose native module is a debug build; `test_no_panic_crosses.py` makes it.
"""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hookproof import (
    Delivery,
    MemoryStore,
    Provider,
    RetryPolicy,
    Signer,
    SqliteStore,
    Verifier,
)

LARGE = b"x" * 100_000  # long enough for the interpreter's lock to be released


@contextmanager
def forced(place: str) -> Iterator[None]:
    os.environ["HOOKPROOF_FORCED_PANIC"] = place
    try:
        yield
    finally:
        del os.environ["HOOKPROOF_FORCED_PANIC"]


def outcome(place: str, call: Callable[[], object]) -> list[str]:
    with forced(place):
        try:
            call()
        except Exception as error:  # noqa: BLE001  what arrives is what is asked
            return [type(error).__name__, getattr(error, "code", ""), str(error)]
    return ["nothing was raised"]


def main() -> None:
    verifier = Verifier("github", secret="s3cr3t")
    signer = Signer("github", secret="s3cr3t")
    signed = signer.sign(b"{}")
    store, file = MemoryStore(), SqliteStore(os.environ["STORE"])
    policy = RetryPolicy.of("github")
    calls: dict[str, tuple[str, Callable[[], object]]] = {
        "verify": ("export", lambda: verifier.verify(signed.body, signed.headers)),
        "verify, request": ("request", lambda: verifier.verify(signed.body, signed.headers)),
        "verify, without the lock": ("request", lambda: verifier.verify(LARGE, signed.headers)),
        "averify": ("export", lambda: asyncio.run(verifier.averify(signed.body, signed.headers))),
        "handshake": ("request", lambda: verifier.handshake(b"", {})),
        "Verifier": ("export", lambda: Verifier("github", secret="s3cr3t")),
        "Signer": ("export", lambda: Signer("github", secret="s3cr3t")),
        "sign": ("export", lambda: signer.sign(b"{}")),
        "Provider": ("export", lambda: Provider.from_dict({})),
        "RetryPolicy": ("export", lambda: RetryPolicy.of("github")),
        "next": ("export", lambda: policy.next(attempt=1, status=500)),
        "Delivery": ("export", lambda: Delivery.from_json("{}")),
        "MemoryStore": ("export", lambda: store.claim("key", 1)),
        "SqliteStore": ("export", lambda: file.claim("key", 1)),
    }
    outcomes = {name: outcome(place, call) for name, (place, call) in calls.items()}
    # What panicked goes on working.
    outcomes["afterwards"] = [str(verifier.verify(signed.body, signed.headers).proof.algorithm)]
    print(json.dumps(outcomes))


main()
