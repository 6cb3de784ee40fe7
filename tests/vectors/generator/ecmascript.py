"""Computes `JSON.stringify(JSON.parse(text))` of ECMAScript, from its specification."""

import json
import math
from decimal import Decimal
from typing import Any

# ECMA-262, 25.5.2.3 QuoteJSONString: these have a short escape, every other control character has a long one.
_SHORT_ESCAPES = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}

# The largest array index is 2^32 - 2; members with such names come first, in ascending order (10.1.11).
_ARRAY_INDEX_LIMIT = 2**32 - 1


def reserialized(text: str) -> str:
    """Returns what a receiver is left with when a JavaScript parser read the body before it."""
    return _write(json.loads(text, parse_int=float, parse_float=float, parse_constant=_refuse))


def _write(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, list):
        return f"[{','.join(_write(item) for item in value)}]"
    indexes = sorted((name for name in value if _is_array_index(name)), key=int)
    names = indexes + [name for name in value if not _is_array_index(name)]
    return "{" + ",".join(f"{_quote(name)}:{_write(value[name])}" for name in names) + "}"


def _number(value: float) -> str:
    """ECMA-262, 6.1.6.1.20 Number::toString; both languages print the shortest digits that read back."""
    if not math.isfinite(value):
        return "null"
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    minus = "-" if sign else ""
    text = "".join(map(str, digits))
    assert isinstance(exponent, int)
    point = len(text) + exponent
    if len(text) <= point <= 21:
        return minus + text + "0" * (point - len(text))
    if 0 < point <= 21:
        return f"{minus}{text[:point]}.{text[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{text}"
    fraction = f".{text[1:]}" if len(text) > 1 else ""
    return f"{minus}{text[0]}{fraction}e{point - 1:+d}"


def _quote(text: str) -> str:
    return '"' + "".join(map(_escape, text)) + '"'


def _escape(character: str) -> str:
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if ord(character) < 0x20 or 0xD800 <= ord(character) <= 0xDFFF:
        return f"\\u{ord(character):04x}"
    return character


def _is_array_index(name: str) -> bool:
    canonical = name == "0" or (name.isascii() and name.isdigit() and not name.startswith("0"))
    return canonical and int(name) < _ARRAY_INDEX_LIMIT


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")
