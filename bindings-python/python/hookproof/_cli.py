"""The program `hookproof`: what it does is the same in every language, and is done by the native module."""

from __future__ import annotations

import signal
import sys

from hookproof import _native


def main() -> int:
    """Runs the program with the arguments of this process, and returns its exit status."""
    # Python notes a signal and acts on it between two of its own instructions, of which none runs here.
    for name in ("SIGINT", "SIGPIPE"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    return _native.run_cli(["hookproof", *sys.argv[1:]])
