"""Reads cases, one JSON object a line, and writes an answer a line: Python's conformance harness."""

import base64
import json
import sys
from typing import Any

from hookproof import (
    ConfigurationError,
    Event,
    HookproofError,
    KeysUnavailableError,
    PayloadError,
    Provider,
    VerificationError,
    Verifier,
)

Json = Any

VERDICTS: dict[type[HookproofError], str] = {
    ConfigurationError: "reject",
    VerificationError: "reject",
    PayloadError: "payload",
    KeysUnavailableError: "unavailable",
}

# Options that are handed on as they are; a case may have others, which are not the verifier's.
OPTIONS = (
    "tolerance",
    "issuer",
    "audience",
    "algorithms",
    "required_claims",
    "claims",
    "jwks",
    "accept_reserialized",
    "endpoint",
    "max_body",
    "key_labels",
    "url",
    "verify_token",
)


def main() -> None:
    """Answers every line of standard input."""
    for line in sys.stdin:
        case = json.loads(line)
        sys.stdout.write(json.dumps({"id": case["id"], **answer(case)}) + "\n")


def answer(case: Json) -> Json:
    """Says what the verifier makes of a case; whatever it should not raise is a crash."""
    try:
        return {"verdict": "accept", "event": described(verified(case))}
    except HookproofError as error:
        verdict = VERDICTS.get(type(error))
        if verdict is None:
            return {"verdict": "crash", "code": error.code}
        return {"verdict": verdict, "code": error.code}
    except BaseException as error:  # noqa: BLE001, a panic of Rust is no Exception
        return {"verdict": "crash", "code": f"{type(error).__name__}: {error}"}


def verified(case: Json) -> Event:
    """Verifies a case; where it says what later fetches of the keys answer, an unknown key asks for them."""
    documents = (case.get("options") or {}).get("jwks_sequence") or []
    verifier = built(case)
    if documents:
        verifier.update_keys(documents[0])
    pending = iter(documents[1:])
    # Each character of a value is one byte of the wire.
    headers = [(name, value.encode("latin-1")) for name, value in case["headers"]]
    words = {name: case.get(name) for name in ("now", "method", "url")}
    while True:
        try:
            return verifier.verify(received(case), headers, **words)
        except VerificationError as error:
            document = next(pending, None)
            if error.code != "unknown_key" or document is None:
                raise
            verifier.update_keys(document)


def received(case: Json) -> Any:
    """Returns the body of a case."""
    if "body_repeat" in case:
        form = case["body_repeat"]
        return (form["prefix"] + form["text"] * form["times"] + form["suffix"]).encode()
    return case["body_parsed"] if "body_parsed" in case else base64.b64decode(case.get("body_base64", ""))


def built(case: Json) -> Verifier:
    """Builds the verifier of a case."""
    given = case.get("options") or {}
    options = {name: given[name] for name in OPTIONS if given.get(name) is not None}
    if given.get("jwks_raw") is not None:
        options["jwks"] = given["jwks_raw"]
    # What a fetch would answer is part of the case, and no network's business.
    options["fetch_keys"] = False
    provider = case["provider"]
    if not isinstance(provider, str):
        provider = Provider.from_dict(provider)
    return Verifier(provider, secret=case.get("secret"), **options)


def described(event: Event) -> Json:
    """Describes an event as the harness asks for it."""
    return {
        "id": event.id,
        "type": event.type,
        "idempotency_key": event.idempotency_key,
        "is_ping": event.is_ping,
        "covers": sorted(event.proof.covers),
    }


if __name__ == "__main__":
    main()
