"""Undoes the content coding of a body: senders sign what they hand to the HTTP client that compresses it."""

from __future__ import annotations

import zlib
from functools import cache

from hookproof._errors import VerificationError, body_too_large, malformed_body, malformed_header
from hookproof._native import Provider, Reply

_GZIP = zlib.MAX_WBITS | 16
_NAMES = ("gzip", "x-gzip", "deflate")
# Several gzip members are one text (RFC 1952, section 2.2). Each costs a copy of what follows it.
_MOST_MEMBERS = 16


def known_coding(coding: str | None) -> str | None:
    """Returns the coding to undo, None where there is none.

    Raises `VerificationError`: `malformed_header` for one that is not known, and for several of them.
    """
    name = "" if coding is None else coding.strip().lower()
    if name in ("", "identity"):
        return None
    if name not in _NAMES:
        raise unknown_coding()
    return name


def unknown_coding() -> VerificationError:
    """Makes the error for a body that nobody here can read."""
    return malformed_header(f"the header content-encoding names no coding of {', '.join(_NAMES)}")


def decoded(body: bytes, coding: str, limit: int) -> bytes:
    """Undoes a coding, and never makes more bytes than the limit and one.

    Raises `PayloadError`: `malformed_body` where the bytes are not what the coding says, `body_too_large`.
    """
    if not body:
        # A ping without a body; some clients name their coding all the same.
        return body
    plain = b""
    for _ in range(_MOST_MEMBERS):
        stream = zlib.decompressobj(_GZIP if coding != "deflate" else _deflate_window(body))
        try:
            # A few bytes can stand for gigabytes: what is made is bounded, not only what came.
            plain += stream.decompress(body, limit + 1 - len(plain))
        except zlib.error as error:
            message = f"the body is not {coding}, which the header content-encoding says"
            raise malformed_body(message) from error
        if len(plain) > limit:
            raise body_too_large(len(plain), limit)
        if stream.eof and not stream.unused_data:
            return plain
        if not stream.eof or coding == "deflate":
            break
        body = stream.unused_data
    message = f"the body is not one whole {coding} stream, which the header content-encoding says"
    raise malformed_body(message)


@cache
def unsupported() -> Reply:
    """Returns the reply for a coding that nobody here can read: 415, with the ones that can be."""
    form = {
        "name": "content-coding",
        "scheme": {
            "signature": {
                "from": {"header": "Signature"},
                "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
                "content": "{body}",
            }
        },
        "event": {},
        "replies": {"malformed": {"status": 415, "headers": {"Accept-Encoding": ", ".join(_NAMES)}}},
    }
    return Provider.from_dict(form).reply("malformed")


def _deflate_window(body: bytes) -> int:
    # RFC 9110 means zlib's form (RFC 1950); some senders leave its two bytes of header out.
    is_zlib = len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and (body[0] << 8 | body[1]) % 31 == 0
    return zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS
