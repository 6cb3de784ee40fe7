"""Signs and verifies, one JSON object a line: the Python side of the tests in `tests/cross`.

What has headers is verified, what has none is signed.
"""

import base64
import json
import sys
from datetime import datetime, timedelta, timezone
from typing import Any

from hookproof import Event, HookproofError, Proof, Provider, Signer, Verifier

Json = Any
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def main() -> None:
    for line in sys.stdin:
        task = json.loads(line)
        try:
            answer = verify(task) if "headers" in task else sign(task)
        except HookproofError as error:
            answer = {"code": error.code, "message": str(error)}
        print(json.dumps(answer), flush=True)


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
