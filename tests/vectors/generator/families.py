"""The cases that every scheme with a signature header gets: names of headers and texts of signatures."""

import base64

from generator.case import Case, Event, Headers, case, without
from generator.senders import Sender


class Writer:
    """Collects the cases of one sender, so that a case says only what is peculiar to it."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.cases: list[Case] = []

    def add(
        self,
        name: str,
        comment: str,
        flags: list[str] | str,
        expect: Event | str,
        *,
        headers: Headers | None = None,
        secret: list[str] | str | None = "",
        sender: Sender | None = None,
        **more: object,
    ) -> None:
        """Adds a case; what is not given is the sender's usual secret, body and headers."""
        source = sender or self.sender
        if not {"body", "body_repeat", "body_parsed"} & set(more):
            more["body"] = source.body
        body = more.get("body")
        if headers is None:
            headers = source.headers(body if isinstance(body, bytes) else None)
        if secret == "":
            secret = [source.secret]
        identifier = f"{source.provider}-{name}"
        arguments = {"provider": source.provider, "headers": headers, "secret": secret, **more}
        self.cases.append(case(identifier, comment, flags, expect, **arguments))  # type: ignore[arg-type]

    def add_signature(self, name: str, comment: str, flags: list[str] | str, expect: Event | str, text: str) -> None:
        """Adds a case whose signature has the given text."""
        self.add(name, comment, flags, expect, headers=self.sender.headers_around(text))


def header_cases(writer: Writer) -> None:
    sender, add = writer.sender, writer.add
    headers, event = sender.headers(), sender.event()
    signature = sender.signature_header
    add("baseline", "The request as the provider sends it.", "baseline", event)
    for name, spell in (("lower", str.lower), ("upper", str.upper), ("mixed", _mixed)):
        spelled = [[spell(key), value] for key, value in headers]
        add(f"{name}-case-header-names", f"Header names in {name} case are the same names.", "header_case", event,
            headers=spelled)
    add("unrelated-headers", "Signature headers of other providers and repeated foreign headers do not matter.",
        "header_case", event,
        headers=[*headers, ["X-Signature", "00"], ["X-Forwarded-For", "192.0.2.1"], ["X-Forwarded-For", "192.0.2.2"]])
    add("missing-signature", "Without the signature header nothing is proven.", "missing_header", "missing_header",
        headers=without(headers, signature))
    add("no-headers", "A request without any header is refused.", "missing_header", "missing_header", headers=[])
    underscored = [[key.replace("-", "_"), value] for key, value in headers]
    add("underscores-in-names", "A header name with underscores is another name.", "missing_header", "missing_header",
        headers=underscored)
    add("signature-in-another-header", "A right signature in a header of another name proves nothing.",
        "missing_header", "missing_header",
        headers=[*without(headers, signature), ["X-Other-Signature", sender.wrap(sender.text())]])
    add("signature-twice-same", "The signature header twice is refused even when both lines agree.",
        "duplicate_header", "duplicate_header", headers=[*headers, [signature, sender.wrap(sender.text())]])
    bad = sender.wrap(sender.encode(bytes(32)))
    add("signature-twice-bad-first", "Two signature lines are refused when only the second one is right.",
        "duplicate_header", "duplicate_header",
        headers=[*without(headers, signature), [signature, bad], [signature, sender.wrap(sender.text())]])
    add("signature-twice-bad-last", "Two signature lines are refused when only the first one is right, in any case.",
        "duplicate_header", "duplicate_header", headers=[*headers, [signature.swapcase(), bad]])


def signature_cases(writer: Writer) -> None:
    sender, add = writer.sender, writer.add_signature
    text, digest = sender.text(), sender.digest()
    add("empty-signature", "An empty signature is malformed.", "malformed_signature", "malformed_header", "")
    add("short-signature", "One byte less than the MAC is malformed: a comparison must not stop at the shorter side.",
        "malformed_signature", "malformed_header", sender.encode(digest[:-1]))
    add("long-signature", "One byte more than the MAC is malformed.", "malformed_signature", "malformed_header",
        sender.encode(digest + b"\x00"))
    add("garbage-signature", "A text that is no encoding at all is malformed.", "malformed_signature",
        "malformed_header", "NOTVERYCONVINCING!")
    add("signature-with-leading-blank", "A blank before the signature is not trimmed away.", "malformed_signature",
        "malformed_header", f" {text}")
    add("signature-with-e-acute", "A letter beyond ASCII in the signature is refused.", "header_narrowing",
        "malformed_header", f"{text[:-1]}\u00e9")
    add("signature-with-nul", "A NUL after a right signature is refused.", "header_injection", "malformed_header",
        f"{text}\x00")
    add("signature-with-line-feed", "A line feed after a right signature is refused.", "header_injection",
        "malformed_header", f"{text}\n")
    add("zero-signature", "A well-formed signature of zero bytes does not match.", "wrong_key",
        "no_matching_signature", sender.encode(bytes(32)))
    add("first-bit-flipped", "A signature that differs in its first bit does not match.", "wrong_key",
        "no_matching_signature", sender.encode(bytes([digest[0] ^ 0x80]) + digest[1:]))
    add("last-bit-flipped", "A signature that differs in its last bit does not match.", "wrong_key",
        "no_matching_signature", sender.encode(digest[:-1] + bytes([digest[-1] ^ 1])))
    add("other-key", "A signature of a key that is not configured does not match.", "wrong_key",
        "no_matching_signature", sender.text(secret=sender.other_secret))
    add("sha3", "A MAC of another hash with the same length does not match.", "algorithm_confusion",
        "no_matching_signature", sender.encode(sender.digest(algorithm="sha3_256")))
    for name in ("sha1", "sha512"):
        add(name, f"A MAC under {name.upper()} has another length and is malformed.", "algorithm_confusion",
            "malformed_header", sender.encode(sender.digest(algorithm=name)))
    if sender.encoding == "hex":
        _hex_cases(writer, text)
    else:
        _base64_cases(writer, text)
    for name, changed in (("changed-byte", sender.body.replace(b"e", b"E", 1)), ("appended-blank", sender.body + b" "),
                          ("empty-body-instead", b"")):
        writer.add(f"tampered-{name}", f"Another body ({name.replace('-', ' ')}) under a captured signature.",
                   "tampered", "no_matching_signature", headers=sender.headers(), body=changed)


def _hex_cases(writer: Writer, text: str) -> None:
    add, event = writer.add_signature, writer.sender.event()
    add("upper-case-hex", "Upper-case digits are the same signature.", "hex", event, text.upper())
    mixed = "".join(digit.upper() if index % 3 else digit for index, digit in enumerate(text))
    add("mixed-case-hex", "Digits of mixed case are the same signature.", "hex", event, mixed)
    add("odd-length-hex", "An odd number of digits is malformed.", "hex", "malformed_header", text[:-1])
    add("hex-with-0x", "The prefix 0x is no digit.", "hex", "malformed_header", f"0x{text}")
    add("hex-with-inner-blank", "A blank between digits is malformed.", "hex", "malformed_header",
        f"{text[:32]} {text[32:]}")
    add("hex-with-trailing-blank", "A blank after the digits is not trimmed away.", "hex", "malformed_header",
        f"{text} ")
    add("base64-instead-of-hex", "The right MAC in base64 is malformed where digits belong.", "hex",
        "malformed_header", _base64(writer.sender.digest()))


def _base64_cases(writer: Writer, text: str) -> None:
    sender, add = writer.sender, writer.add_signature
    add("unpadded-base64", "Base64 without its padding is a second spelling and malformed.", "base64_malleability",
        "malformed_header", text.rstrip("="))
    add("doubly-padded-base64", "Base64 with more padding than it needs is malformed.", "base64_malleability",
        "malformed_header", f"{text}=")
    stray = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = stray[stray.index(text[42]) + 1]
    add("stray-bits-in-base64", "Base64 whose unused bits are not zero decodes to the right MAC and is malformed.",
        "base64_malleability", "malformed_header", f"{text[:42]}{last}=")
    body = _body_with_special_base64(sender)
    writer.add("base64-alphabet", "A signature with + and / in it is read as it is.", "base64_alphabet",
               without_data(sender.event()), body=body)
    special = sender.text(body)
    writer.add("url-safe-base64", "The URL-safe alphabet is a second spelling and malformed.", "base64_malleability",
               "malformed_header", body=body,
               headers=sender.headers_around(special.replace("+", "-").replace("/", "_")))
    writer.add("mixed-base64", "Two alphabets in one text are malformed.", "base64_malleability", "malformed_header",
               body=body, headers=sender.headers_around(special.replace("+", "-", 1)))
    add("base64-with-inner-blank", "A blank inside base64 is malformed.", "base64_malleability", "malformed_header",
        f"{text[:20]} {text[20:]}")
    add("hex-instead-of-base64", "The right MAC as digits decodes to another length and is malformed.",
        "base64_malleability", "malformed_header", sender.digest().hex())
    add("base64-of-hex", "Base64 of the digits, as PHP makes it without raw output, is malformed.",
        "base64_malleability", "malformed_header", _base64(sender.digest().hex().encode()))


def without_data(event: Event) -> Event:
    return {name: value for name, value in event.items() if name != "data"}


def _body_with_special_base64(sender: Sender) -> bytes:
    """Returns the first body of a row whose signature holds both characters that differ between the alphabets."""
    for number in range(10_000):
        body = sender.around(str(number))
        if {"+", "/"} <= set(sender.text(body)):
            return body
    raise ValueError("no body of the row has such a signature")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _mixed(name: str) -> str:
    return "".join(letter.upper() if index % 2 else letter.lower() for index, letter in enumerate(name))
