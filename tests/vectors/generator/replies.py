"""What each provider must be answered."""

from generator import catalogue
from generator.output import Document, Json
from generator.providers.shared_tokens import SENDERS

_RUNNING = {"accepted": 200, "duplicate": 200, "running": 503}
_USUAL = {"malformed": 400, "too_large": 413, "handler_failed": 500}

REPLIES: dict[str, dict[str, int]] = {
    "fourvenues": {**_RUNNING, "not_authentic": 403, **_USUAL},
    "eventsair": {**_RUNNING, "not_authentic": 401, "stale": 401, **_USUAL},
    "standard-webhooks": {**_RUNNING, "not_authentic": 401, "stale": 401, **_USUAL},
    "fast-events": {**_RUNNING, "ping": 200, "not_authentic": 200, **_USUAL, "malformed": 200},
    "pitchpoint": {**_RUNNING, "not_authentic": 403, "stale": 403, "keys_unavailable": 503, **_USUAL},
    "stripe": {**_RUNNING, "ping": 200, "not_authentic": 400, "stale": 400, **_USUAL},
    "github": {**_RUNNING, "ping": 200, "not_authentic": 401, **_USUAL},
    "shopify": {**_RUNNING, "ping": 200, "not_authentic": 401, **_USUAL},
    "slack": {**_RUNNING, "ping": 200, "not_authentic": 401, "stale": 401, **_USUAL},
}
# What is told apart by its status elsewhere: GoCardless documents 498 for a bad signature.
_NOT_AUTHENTIC = {"gocardless": 498}
# Nothing may tell a forger that the signature was bad, so every 200 is the same empty one.
_SILENT = ("fast-events",)
# What the answer to an accepted request must say.
_WORDS = {
    "adyen": "[accepted]",
    "adyen-standard": "[accepted]",
    "dropbox-sign": "Hello API Event Received",
}
_WORDED = ("accepted", "duplicate")


def document() -> Document:
    cases = [
        _case(provider, outcome, status)
        for provider, statuses in {**REPLIES, **_usual()}.items()
        for outcome, status in statuses.items()
    ]
    return Document("replies.json", {"kind": "replies", "cases": cases})


def _usual() -> dict[str, dict[str, int]]:
    names = [entry.provider for entry in catalogue.entries()] + [sender.provider for sender in SENDERS]
    names.append("jwt-bearer")
    return {
        name: {
            **_RUNNING,
            "ping": 200,
            "not_authentic": _NOT_AUTHENTIC.get(name, 401),
            "stale": 401,
            **_USUAL,
        }
        for name in names
    }


def _case(provider: str, outcome: str, status: int) -> dict[str, Json]:
    case: dict[str, Json] = {"provider": provider, "outcome": outcome, "status": status}
    if outcome == "running":
        # A 4xx would be final for some senders, so the first delivery is given time instead.
        case["has_headers"] = ["retry-after"]
    if provider in _SILENT and status == 200:
        case["body"] = ""
    if provider in _WORDS and (outcome in _WORDED or (provider, outcome) == ("dropbox-sign", "ping")):
        case["body"] = _WORDS[provider]
    return case
