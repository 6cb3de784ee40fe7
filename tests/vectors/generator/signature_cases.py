"""The cases about the text of a signature: encodings, lengths, keys."""

import base64

from generator.case import Event
from generator.senders import Sender
from generator.writer import Writer


def signature_cases(writer: Writer) -> None:
    sender, add = writer.sender, writer.add_signature
    text, digest = sender.text(), sender.digest()
    add("empty-signature", "An empty signature is malformed.", "malformed_signature", "malformed_header", "")
    add(
        "short-signature",
        "One byte less than the MAC is malformed: a comparison must not stop at the shorter side.",
        "malformed_signature",
        "malformed_header",
        sender.encode(digest[:-1]),
    )
    add(
        "long-signature",
        "One byte more than the MAC is malformed.",
        "malformed_signature",
        "malformed_header",
        sender.encode(digest + b"\x00"),
    )
    add(
        "garbage-signature",
        "A text that is no encoding at all is malformed.",
        "malformed_signature",
        "malformed_header",
        "NOTVERYCONVINCING!",
    )
    add(
        "signature-with-leading-blank",
        "A blank before the signature is not trimmed away.",
        "malformed_signature",
        "malformed_header",
        f" {text}",
    )
    add(
        "signature-with-e-acute",
        "A letter beyond ASCII in the signature is refused.",
        "header_narrowing",
        "malformed_header",
        f"{text[:-1]}\u00e9",
    )
    add(
        "signature-with-nul",
        "A NUL after a right signature is refused.",
        "header_injection",
        "malformed_header",
        f"{text}\x00",
    )
    add(
        "signature-with-line-feed",
        "A line feed after a right signature is refused.",
        "header_injection",
        "malformed_header",
        f"{text}\n",
    )
    add(
        "zero-signature",
        "A well-formed signature of zero bytes does not match.",
        "wrong_key",
        "no_matching_signature",
        sender.encode(bytes(32)),
    )
    add(
        "first-bit-flipped",
        "A signature that differs in its first bit does not match.",
        "wrong_key",
        "no_matching_signature",
        sender.encode(bytes([digest[0] ^ 0x80]) + digest[1:]),
    )
    add(
        "last-bit-flipped",
        "A signature that differs in its last bit does not match.",
        "wrong_key",
        "no_matching_signature",
        sender.encode(digest[:-1] + bytes([digest[-1] ^ 1])),
    )
    add(
        "other-key",
        "A signature of a key that is not configured does not match.",
        "wrong_key",
        "no_matching_signature",
        sender.text(secret=sender.other_secret),
    )
    add(
        "sha3",
        "A MAC of another hash with the same length does not match.",
        "algorithm_confusion",
        "no_matching_signature",
        sender.encode(sender.digest(algorithm="sha3_256")),
    )
    for name in ("sha1", "sha512"):
        add(
            name,
            f"A MAC under {name.upper()} has another length and is malformed.",
            "algorithm_confusion",
            "malformed_header",
            sender.encode(sender.digest(algorithm=name)),
        )
    if sender.encoding == "hex":
        _hex_cases(writer, text)
    else:
        _base64_cases(writer, text)
    for name, changed in (
        ("changed-byte", sender.body.replace(b"e", b"E", 1)),
        ("appended-blank", sender.body + b" "),
        ("empty-body-instead", b""),
    ):
        writer.add(
            f"tampered-{name}",
            f"Another body ({name.replace('-', ' ')}) under a captured signature.",
            "tampered",
            "no_matching_signature",
            headers=sender.headers(),
            body=changed,
        )


def _hex_cases(writer: Writer, text: str) -> None:
    add, event = writer.add_signature, writer.sender.event()
    add("upper-case-hex", "Upper-case digits are the same signature.", "hex", event, text.upper())
    mixed = "".join(digit.upper() if index % 3 else digit for index, digit in enumerate(text))
    add("mixed-case-hex", "Digits of mixed case are the same signature.", "hex", event, mixed)
    add("odd-length-hex", "An odd number of digits is malformed.", "hex", "malformed_header", text[:-1])
    add("hex-with-0x", "The prefix 0x is no digit.", "hex", "malformed_header", f"0x{text}")
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


def _base64_cases(writer: Writer, text: str) -> None:
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
