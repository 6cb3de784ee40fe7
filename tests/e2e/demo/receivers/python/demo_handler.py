"""What the handlers of all frameworks do with an event, and what they count."""

import threading
from collections import Counter

from hookproof import Event

# How often each route's handler ran.
handled: Counter[str] = Counter()

_failed: set[str] = set()
_lock = threading.Lock()
TAKES_A_WHILE = 1.0


def begin(route: str, event: Event) -> float:
    """Counts an event, fails where it asks for that, and returns how long its handling takes, in seconds."""
    with _lock:
        handled[route] += 1
        first = event.idempotency_key not in _failed
        _failed.add(event.idempotency_key)
    if b"fails-once" in event.body and first:
        raise RuntimeError("the handler of the demo fails once, as its event asks")
    return TAKES_A_WHILE if b"takes-a-while" in event.body else 0.0
