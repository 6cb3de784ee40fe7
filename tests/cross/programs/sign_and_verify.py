"""Signs and verifies, one JSON object a line: the Python side of the tests in `tests/cross`.

What has headers is verified, what has none is signed; what names a schedule is planned.
"""

import base64
import json
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

from hookproof import Event, HookproofError, Proof, Provider, RetryPolicy, Signer, Verifier

Json = Any
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        try:
            answer = answered(task)
        except HookproofError as error:
            answer = {"code": error.code, "message": str(error)}
        print(json.dumps(answer), flush=True)


def answered(task: Json) -> Json:
    if "schedule" in task:
        return schedule(task["schedule"])
    return verify(task) if "headers" in task else sign(task)


def schedule(task: Json) -> Json:
    policy = RetryPolicy.from_dict(task["plan"]) if "plan" in task else RetryPolicy.of(task["provider"])
    delays = policy.schedule(seed=int(task["seed"]))
    each = [policy.delay(retry, seed=int(task["seed"])) for retry in range(1, policy.retries + 1)]
    return {"delays_us": [delay // MICROSECOND for delay in delays], "alike": each == list(delays)}


def sign(task: Json) -> Json:
    signer = Signer(provider(task["provider"]), secret=task["secret"], **task.get("options", {}))
    words = {
        name: task[name] for name in ("id", "type", "now", "method", "url", "attributes") if name in task
    }
    signed = signer.sign(base64.b64decode(task["body_base64"]), **words)
    return {"headers": dict(signed.headers), "body_base64": base64.b64encode(signed.body).decode()}


def verify(task: Json) -> Json:
    verifier = Verifier(provider(task["provider"]), secret=task.get("secret"), **task.get("options", {}))
    words = {name: task[name] for name in ("now", "method", "url") if name in task}
    event = verifier.verify(base64.b64decode(task["body_base64"]), task["headers"], **words)
    return {"event": described(event)}


def described(event: Event) -> Json:
    return {
        "provider": event.provider,
        "id": event.id,
        "type": event.type,
        "body_base64": base64.b64encode(event.body).decode(),
        "data": event.data,
        "sent_at_ms": milliseconds(event.sent_at),
        "occurred_at_ms": milliseconds(event.occurred_at),
        "attributes": dict(event.attributes),
        "idempotency_key": event.idempotency_key,
        "is_ping": event.is_ping,
        "proof": proven(event.proof),
    }


def proven(proof: Proof) -> Json:
    return {
        "covers": sorted(proof.covers),
        "key_index": proof.key_index,
        "key_label": proof.key_label,
        "algorithm": proof.algorithm,
        "claims": proof.claims,
        "content": proof.content,
    }


def provider(value: Json) -> str | Provider:
    return value if isinstance(value, str) else Provider.from_dict(value)


def milliseconds(moment: datetime | None) -> int | None:
    """Whole milliseconds since 1970, which is what a Date of Node holds."""
    return None if moment is None else (moment - EPOCH) // timedelta(milliseconds=1)


if __name__ == "__main__":
    main()
