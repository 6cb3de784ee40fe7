"""What each provider must be answered."""

from generator.output import Document, Json

_RUNNING = {"accepted": 200, "duplicate": 200, "running": 503}
_USUAL = {"malformed": 400, "too_large": 413, "handler_failed": 500}

REPLIES = {
    "fourvenues": {**_RUNNING, "not_authentic": 403, **_USUAL},
    "eventsair": {**_RUNNING, "not_authentic": 401, "stale": 401, **_USUAL},
    "standard-webhooks": {**_RUNNING, "not_authentic": 401, "stale": 401, **_USUAL},
    "fast-events": {**_RUNNING, "ping": 200, "not_authentic": 200, **_USUAL, "malformed": 200},
    "pitchpoint": {**_RUNNING, "not_authentic": 403, "stale": 403, "keys_unavailable": 503, **_USUAL},
}


def document() -> Document:
    cases: list[Json] = []
    for provider, statuses in REPLIES.items():
        for outcome, status in statuses.items():
            case: dict[str, Json] = {"provider": provider, "outcome": outcome, "status": status}
            if outcome == "running":
                # A 4xx would be final for some senders, so the first delivery is given time instead.
                case["has_headers"] = ["retry-after"]
            if provider == "fast-events" and status == 200:
                # Nothing may tell a forger that the signature was bad, so every 200 is the same empty one.
                case["body"] = ""
            cases.append(case)
    return Document("replies.json", {"kind": "replies", "cases": cases})
