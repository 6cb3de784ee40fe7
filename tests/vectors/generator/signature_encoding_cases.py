"""The cases about the spelling of a signature: digits of base 16, and base64."""

import base64

from generator.case import Event
from generator.senders import Sender
from generator.writer import Writer


def hex_cases(writer: Writer, text: str) -> None:
    add, event = writer.add_signature, writer.sender.event()
    add("upper-case-hex", "Upper-case digits are the same signature.", "hex", event, text.upper())
    mixed = "".join(digit.upper() if index % 3 else digit for index, digit in enumerate(text))
    add("mixed-case-hex", "Digits of mixed case are the same signature.", "hex", event, mixed)
    add("odd-length-hex", "An odd number of digits is malformed.", "hex", "malformed_header", text[:-1])
    add("hex-with-0x", "The prefix 0x is no digit.", "hex", "malformed_header", f"0x{text}")
    add("hex-with-capital-0x", "The prefix 0X is no digit.", "hex", "malformed_header", f"0X{text}")
    add(
        "hex-0x-of-the-right-length",
        "The prefix 0x in the place of two digits.",
        "hex",
        "malformed_header",
        f"0x{text[2:]}",
    )
    add("hex-with-letter-g", "A letter that is no digit.", "hex", "malformed_header", f"g{text[1:]}")
    add("hex-with-sign", "A sign is no digit.", "hex", "malformed_header", f"+{text[1:]}")
    add(
        "hex-with-colons",
        "Digits with colons, as fingerprints are written.",
        "hex",
        "malformed_header",
        ":".join(text[place : place + 2] for place in range(0, len(text), 2)),
    )
    full_width = "".join(chr(0xFF10 + int(digit)) if digit.isdecimal() else digit for digit in text)
    add(
        "hex-with-full-width-digits",
        "Full-width digits, in UTF-8, are digits to Python's int and to no signature's sender.",
        "header_narrowing",
        "malformed_header",
        full_width.encode().decode("latin-1"),
    )
    add(
        "hex-with-inner-blank",
        "A blank between digits is malformed.",
        "hex",
        "malformed_header",
        f"{text[:32]} {text[32:]}",
    )
    add(
        "hex-with-trailing-blank",
        "A blank after the digits is not trimmed away.",
        "hex",
        "malformed_header",
        f"{text} ",
    )
    add(
        "base64-instead-of-hex",
        "The right MAC in base64 is malformed where digits belong.",
        "hex",
        "malformed_header",
        _base64(writer.sender.digest()),
    )


def base64_cases(writer: Writer, text: str) -> None:
    sender, add = writer.sender, writer.add_signature
    add(
        "unpadded-base64",
        "Base64 without its padding is a second spelling and malformed.",
        "base64_malleability",
        "malformed_header",
        text.rstrip("="),
    )
    add(
        "doubly-padded-base64",
        "Base64 with more padding than it needs is malformed.",
        "base64_malleability",
        "malformed_header",
        f"{text}=",
    )
    stray = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = stray[stray.index(text[42]) + 1]
    add(
        "stray-bits-in-base64",
        "Base64 whose unused bits are not zero decodes to the right MAC and is malformed.",
        "base64_malleability",
        "malformed_header",
        f"{text[:42]}{last}=",
    )
    body, event = _body_with_special_base64(sender)
    writer.add(
        "base64-alphabet",
        "A signature with + and / in it is read as it is.",
        "base64_alphabet",
        event,
        body=body,
    )
    special = sender.text(body)
    writer.add(
        "url-safe-base64",
        "The URL-safe alphabet is a second spelling and malformed.",
        "base64_malleability",
        "malformed_header",
        body=body,
        headers=sender.headers_around(special.replace("+", "-").replace("/", "_")),
    )
    writer.add(
        "mixed-base64",
        "Two alphabets in one text are malformed.",
        "base64_malleability",
        "malformed_header",
        body=body,
        headers=sender.headers_around(special.replace("+", "-", 1)),
    )
    add(
        "base64-with-inner-blank",
        "A blank inside base64 is malformed.",
        "base64_malleability",
        "malformed_header",
        f"{text[:20]} {text[20:]}",
    )
    for name, changed, comment in (
        ("with-inner-line-feed", f"{text[:20]}\n{text[20:]}", "A line feed inside base64, as in MIME,"),
        ("with-padding-inside", f"{text[:20]}=={text[20:]}", "Padding inside base64"),
        ("with-padding-first", f"={text[:-1]}", "Padding in front of base64"),
        ("with-dot", f"{text[:20]}.{text[21:]}", "A dot inside base64"),
        ("one-character-short", text[1:], "Base64 that lacks a character"),
        ("padding-alone", "====", "Padding alone"),
        ("url-escaped", text.replace("=", "%3D"), "Base64 whose padding is escaped as in a URL"),
    ):
        add(
            f"base64-{name}",
            f"{comment} is malformed.",
            "base64_malleability",
            "malformed_header",
            changed,
        )
    add(
        "hex-instead-of-base64",
        "The right MAC as digits decodes to another length and is malformed.",
        "base64_malleability",
        "malformed_header",
        sender.digest().hex(),
    )
    add(
        "base64-of-hex",
        "Base64 of the digits, as PHP makes it without raw output, is malformed.",
        "base64_malleability",
        "malformed_header",
        _base64(sender.digest().hex().encode()),
    )


def _body_with_special_base64(sender: Sender) -> tuple[bytes, Event]:
    """Returns the first body of a row whose signature holds both + and /, with its event."""
    for number in range(10_000):
        body, event = sender.holding(str(number))
        if {"+", "/"} <= set(sender.text(body)):
            return body, event
    raise ValueError("no body of the row has such a signature")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
