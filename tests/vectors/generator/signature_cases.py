"""The cases about the text of a signature: encodings, lengths, keys."""

from generator.signature_encoding_cases import base64_cases, hex_cases
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
    _white_space_cases(writer, text)
    add(
        "half-signature",
        "The first half of the MAC is malformed: a comparison must not stop at the shorter side.",
        "malformed_signature",
        "malformed_header",
        sender.encode(digest[: len(digest) // 2]),
    )
    add(
        "signature-twice-in-a-row",
        "The right text twice, without anything between, is malformed.",
        "malformed_signature",
        "malformed_header",
        text + text,
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
        hex_cases(writer, text)
    else:
        base64_cases(writer, text)
    for name, changed in (
        ("changed-byte", sender.body.replace(b"e", b"E", 1)),
        ("appended-blank", sender.body + b" "),
        ("empty-body-instead", b""),
        ("byte-order-mark-before", b"\xef\xbb\xbf" + sender.body),
        ("nul-behind", sender.body + b"\x00"),
        ("cut-in-half", sender.body[: len(sender.body) // 2]),
        ("sent-twice", sender.body * 2),
        ("in-utf-16", sender.body.decode().encode("utf-16-le")),
    ):
        writer.add(
            f"tampered-{name}",
            f"Another body ({name.replace('-', ' ')}) under a captured signature.",
            "tampered",
            "no_matching_signature",
            headers=sender.headers(),
            body=changed,
        )


def _white_space_cases(writer: Writer, text: str) -> None:
    """Adds characters around and inside a right signature that other parsers drop."""
    for name, changed, flag, comment in (
        ("leading-tab", f"\t{text}", "malformed_signature", "A tab before the signature"),
        ("trailing-tab", f"{text}\t", "malformed_signature", "A tab behind the signature"),
        ("inner-tab", f"{text[:8]}\t{text[8:]}", "malformed_signature", "A tab inside the signature"),
        ("vertical-tab", f"{text}\v", "header_injection", "A vertical tab behind the signature"),
        ("carriage-return", f"{text}\r", "header_injection", "A carriage return behind the signature"),
        (
            "inner-line-end",
            f"{text[:8]}\r\n{text[8:]}",
            "header_injection",
            "A line end inside the signature",
        ),
        ("folded-line", f"{text[:8]}\r\n {text[8:]}", "header_injection", "A folded line"),
        ("inner-nul", f"{text[:8]}\x00{text[8:]}", "header_injection", "A NUL inside the signature"),
        ("byte-order-mark", f"\u00ef\u00bb\u00bf{text}", "header_narrowing", "A byte order mark in front"),
        ("no-break-space", f"{text}\u00a0", "header_narrowing", "A no-break space behind the signature"),
        ("zero-width-space", f"{text}\u00e2\u0080\u008b", "header_narrowing", "A zero-width space in UTF-8"),
        ("quoted", f'"{text}"', "malformed_signature", "Quotes around the signature"),
    ):
        writer.add_signature(
            f"signature-with-{name}", f"{comment} is refused.", flag, "malformed_header", changed
        )
