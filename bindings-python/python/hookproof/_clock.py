"""The clock of what reads the time in Python: the system's, until a test stops it (`hookproof.testing`)."""

from __future__ import annotations

import time

from hookproof import _native


def unix_seconds() -> float:
    """Returns the time in unix seconds."""
    stopped = _native.stopped_clock()
    # Looked up on every call, so that a test which replaces `time.time` is heard as well.
    return time.time() if stopped is None else stopped / 1000
