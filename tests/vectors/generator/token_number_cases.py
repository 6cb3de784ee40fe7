"""The cases about the number that an RS256 signature is: below the modulus, as long as it, in one spelling."""

from collections.abc import Callable

from generator import bearer, keys
from generator.bearer import standard_header
from generator.output import Json
from generator.token_writer import TokenWriter

_MODULUS = keys.RSA.public_key().public_numbers().n
_BITS = 2048

Change = Callable[[bytes], bytes]

_SPELLINGS: dict[str, tuple[str, Change]] = {
    "plus-modulus": ("plus the modulus", lambda text: _plus(text, _MODULUS, 256)),
    "plus-modulus-257-bytes": ("plus the modulus, in 257 bytes", lambda text: _plus(text, _MODULUS, 257)),
    "plus-256-moduli": ("plus 256 times the modulus", lambda text: _plus(text, _MODULUS << 8, 258)),
    "zero-prepended": ("behind a zero byte", lambda text: b"\x00" + text),
    "in-8192-bits": ("behind 768 zero bytes", lambda text: text.rjust(1024, b"\x00")),
    "negated": ("subtracted from the modulus", lambda text: _plus(bytes(1), _MODULUS - _number(text), 256)),
    "reversed": ("in reverse order", lambda text: text[::-1]),
    "written-twice": ("written twice", lambda text: text * 2),
}
_NUMBERS = {"one": 1, "modulus": _MODULUS, "modulus-less-one": _MODULUS - 1, "largest": (1 << _BITS) - 1}


def number_cases(writer: TokenWriter) -> None:
    small = _header(writer, lambda signature: signature[0] == 0)
    fitting = _header(writer, lambda signature: _number(signature) + _MODULUS < 1 << _BITS)
    writer.add(
        "signature-leading-zero",
        "A signature whose first byte is zero, as one of some hundred is.",
        "baseline",
        header=small,
    )
    _refuse(writer, "leading-zero-stripped", "without its first byte, a zero,", small, lambda text: text[1:])
    for name, (comment, change) in _SPELLINGS.items():
        _refuse(writer, name, comment, fitting, change)
    for name, number in _NUMBERS.items():
        _refuse(writer, f"is-{name}", f"replaced by a number, {name}:", fitting, _constant(number))
    _refuse(writer, "is-one-zero-byte", "replaced by a zero byte", fitting, lambda _: bytes(1))


def _refuse(writer: TokenWriter, name: str, comment: str, header: dict[str, Json], change: Change) -> None:
    writer.add(
        f"signature-{name}",
        f"A right signature {comment} is none.",
        "wrong_key",
        "no_matching_signature",
        header=header,
        sign=lambda message: change(bearer.rs256()(message)),
    )


def _header(writer: TokenWriter, suits: Callable[[bytes], bool]) -> dict[str, Json]:
    """Returns the first header under which the signature of the usual claims has a property."""
    for number in range(10_000):
        header = standard_header(n=number)
        message = f"{bearer.segment(header)}.{bearer.segment(writer.claims)}".encode()
        if suits(bearer.rs256()(message)):
            return header
    raise ValueError("no signature has the property")


def _number(text: bytes) -> int:
    return int.from_bytes(text, "big")


def _plus(text: bytes, more: int, size: int) -> bytes:
    return (_number(text) + more).to_bytes(size, "big")


def _constant(number: int) -> Change:
    return lambda _: number.to_bytes(_BITS // 8, "big")
