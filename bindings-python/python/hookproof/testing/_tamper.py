"""Changes a signed request as an attacker would, so that a receiver has to refuse it."""

from __future__ import annotations

import json
import re

_PROOF = re.compile(r"(?i)^authorization$|signature|token|hmac|digest")


def is_proof(name: str) -> bool:
    """Tells whether a header is one that proves something."""
    return _PROOF.search(name) is not None


def other_body(body: bytes) -> bytes:
    """Returns another body: the last digit or letter is changed, and what was JSON stays JSON."""
    # A parser must not be what refuses it: that would test nothing of the signature.
    is_json = _parses(body)
    for place in range(len(body) - 1, -1, -1):
        if not chr(body[place]).isalnum() or body[place] > 127:
            continue
        changed = body[:place] + _other(body[place]) + body[place + 1 :]
        if not is_json or _parses(changed):
            return changed
    return body + b" "


def other_proof(value: str) -> str:
    """Returns another proof: a letter in the middle of its last part is changed."""
    # Not at the end, where bits of base64 may mean nothing.
    start = max(value.rfind(mark, 0, -2) for mark in ". =,") + 1
    middle = (start + len(value)) // 2
    return value[:middle] + _other(ord(value[middle])).decode() + value[middle + 1 :]


def _parses(body: bytes) -> bool:
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _other(byte: int) -> bytes:
    letter = chr(byte)
    if letter.isdigit():
        return b"1" if letter == "0" else b"0"
    return b"b" if letter in "aA" else b"a"
