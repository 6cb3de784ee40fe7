"""Reads as much of an ELF file as tells whether it was stripped."""

import struct

_SYMBOL_TABLE = 2
_DEBUG_PREFIXES = (b".debug", b".zdebug")


def has_symbols(library: bytes) -> bool:
    """Tells whether a 64-bit little-endian ELF file has a symbol table or debug information.

    The dynamic symbol table does not count: the loader needs it.
    """
    if library[:6] != b"\x7fELF\x02\x01":
        raise ValueError("this is no 64-bit little-endian ELF file")
    (offset,) = struct.unpack_from("<Q", library, 0x28)
    entry_size, count, names_index = struct.unpack_from("<HHH", library, 0x3A)
    sections = [
        struct.unpack_from("<IIQQQQ", library, offset + number * entry_size) for number in range(count)
    ]
    names_offset = sections[names_index][4]
    return any(
        kind == _SYMBOL_TABLE or library[names_offset + name :].startswith(_DEBUG_PREFIXES)
        for name, kind, *_ in sections
    )
