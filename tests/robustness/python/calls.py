"""Calls of every kind, good and hostile, made of the vectors. Each one checks what came of it."""

import base64
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from run import built, received
from vectors import Json, document, names

from hookproof import Event, HookproofError, MemoryStore, Receiver, Signer, Verifier

Call = Callable[[], object]


def verifications() -> list[Call]:
    """Makes one call of each case; those with a body of megabytes are for the tests of large bodies."""
    verifiers: dict[str, Verifier | None] = {}
    calls: list[Call] = []
    for case in _cases("verify"):
        if "body_repeat" in case or "jwks_sequence" in (case.get("options") or {}):
            continue
        key = json.dumps([case["provider"], case.get("secret"), case.get("options")])
        if key not in verifiers:
            verifiers[key] = _built_or_refused(case)
        calls.append(_verification(case, verifiers[key]))
    return calls


def _verification(case: Json, verifier: Verifier | None) -> Call:
    body = received(case)
    headers = [(name, value.encode("latin-1")) for name, value in case["headers"]]
    words = {name: case.get(name) for name in ("now", "method", "url")}
    expected = case["expect"]

    def call() -> None:
        try:
            # What is refused when it is built is built each time.
            event = (verifier or built(case)).verify(body, headers, **words)
        except HookproofError as error:
            assert error.code == expected.get("code"), case["id"]
        else:
            assert expected["verdict"] == "accept", case["id"]
            read(event)

    return call


def read(event: Event) -> None:
    """Reads what is read late: the payload, the attributes, the proof."""
    assert event.idempotency_key
    _ = (event.data, event.attributes, event.proof.covers, event.sent_at, event.occurred_at, repr(event))


def _built_or_refused(case: Json) -> Verifier | None:
    try:
        return built(case)
    except HookproofError:
        return None


def signings() -> list[Call]:
    """Makes one call of each message that is signed."""
    calls: list[Call] = []
    for case in _cases("sign"):
        message: dict[str, Any] = dict(case["message"])
        body = base64.b64decode(message.pop("body_base64"))
        sign = Signer(case["provider"], secret=case["secret"], **case["options"]).sign
        calls.append(partial(sign, body, **message))
    return calls


def receptions() -> list[Call]:
    """Makes one call of each request that a receiver would get; its store keeps a thousand deliveries."""
    store = MemoryStore(capacity=1000)
    calls: list[Call] = []
    for case in _cases("verify"):
        if case["expect"]["verdict"] != "accept" or "body_repeat" in case or "body_parsed" in case:
            continue
        receive = Receiver(built(case), store, on_reject=_ignored, on_error=_ignored).receive
        body, words = received(case), {name: case.get(name) for name in ("now", "method", "url")}
        headers = [(name, value.encode("latin-1")) for name, value in case["headers"]]
        calls.append(partial(receive, body, headers, _ignored, **words))
    return calls


def large_verifications() -> list[Call]:
    """Makes calls that let go of the interpreter, authentic and forged."""
    calls: list[Call] = []
    for kib in (64, 128, 1024):
        body = b'{"id":"1","text":"' + b"a" * (kib * 1024) + b'"}'
        headers = Signer("fast-events", secret="s3cr3t").sign(body, type="order.created").headers
        verifier = Verifier("fast-events", secret="s3cr3t")
        calls.append(partial(_accepted, verifier, body, headers))
        calls.append(partial(_accepted, verifier, bytearray(body), headers))
        calls.append(partial(_refused, verifier, body + b" ", headers))
    return calls


def _accepted(verifier: Verifier, body: bytes | bytearray, headers: Any) -> None:
    read(verifier.verify(body, headers))


def _refused(verifier: Verifier, body: bytes, headers: Any) -> None:
    try:
        verifier.verify(body, headers)
    except HookproofError as error:
        assert error.code == "no_matching_signature"
    else:
        raise AssertionError


def _cases(folder: str) -> list[Json]:
    return [case for name in names(folder) for case in document(name)["cases"]]


def _ignored(*_arguments: object) -> None:
    """Does nothing."""
