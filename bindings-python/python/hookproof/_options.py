"""Reads the options that the face has beside the core's."""

from __future__ import annotations

from datetime import timedelta

from hookproof._errors import invalid_option

# What every store takes, and a timedelta too.
_LONGEST = timedelta.max.total_seconds()


def whole(name: str, value: object) -> int:
    """Reads a number of bytes."""
    if not isinstance(value, int):
        message = f"the option {name} is {type(value).__name__}, expected int"
        raise TypeError(message)
    if value < 0:
        message = f"the option {name} is not a whole number of bytes"
        raise invalid_option(message)
    return value


def seconds(name: str, value: object) -> float:
    """Reads a duration above nothing, in seconds."""
    number = value.total_seconds() if isinstance(value, timedelta) else value
    if not isinstance(number, (int, float)):
        message = f"the option {name} is {type(value).__name__}, expected int, float or timedelta"
        raise TypeError(message)
    # Compared and not converted: a float takes no int of any size, and NaN is not above anything.
    if not 0 < number <= _LONGEST:
        message = f"the option {name} is not a number of seconds above 0"
        raise invalid_option(message)
    return float(number)
