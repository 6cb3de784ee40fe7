"""The cases about bodies: the bytes that arrive are verified, and only then read."""

from generator.case import Event, repeated, with_body
from generator.writer import Writer

MEBIBYTE = 1 << 20
DEPTH_LIMIT = 128


def text_cases(writer: Writer) -> None:
    """Adds bodies that every provider takes, with text in them that careless code changes."""
    for name, value, comment, flag in (
        (
            "replacement-patterns",
            '"$& $$ $` $\' $1 \\\\1 %s {0}"',
            "Patterns of string replacement break a template that is built with it.",
            "body_bytes",
        ),
        (
            "unicode",
            '"Zo\u00eb \U0001f980 \u6f22\u5b57 \u2028 e\u0301"',
            "Text beyond ASCII, a line separator and a combining accent stay as they are.",
            "body_bytes",
        ),
        (
            "escapes",
            '"Zo\\u00eb \\ud83e\\udd80 \\/ \\u0000"',
            "Escapes stay as they are in the signed bytes and are read in the data.",
            "body_bytes",
        ),
        ("tabs", "[\t1,\t2\t]", "Tabs between the values are signed as they are.", "body_bytes"),
        ("carriage-returns", "[\r1,\r2\r]", "Carriage returns alone are white space of JSON.", "body_bytes"),
        (
            "emoji",
            '"\U0001f469\u200d\U0001f469\u200d\U0001f467 \U0001f1e8\U0001f1ed \ud7ff\ue000\uffff"',
            "Joined emoji, flags, and the characters around the surrogates stay as they are.",
            "body_bytes",
        ),
        (
            "markup",
            '"<script>&amp;</script> \\u003c %00 ${x} #{x} {{x}}"',
            "Text that templates, shells and browsers read is text.",
            "body_bytes",
        ),
        ("crlf", "[\r\n1,\r\n2\r\n]", "Line ends inside the body are not normalised.", "body_bytes"),
        (
            "number-texts",
            "[1.0,1e3,12345678901234567890,0.1]",
            "Numbers keep their text; nothing is parsed and written again.",
            "numbers",
        ),
    ):
        body, event = writer.sender.holding(value)
        writer.add(f"body-{name}", comment, flag, event, body=body)
    for name, value, comment in (
        ("text", '"\\ud800 \\udfff\\ud83e"', "Half a character in a text is JSON, RFC 8259 8.2."),
        (
            "name",
            '{"\\ud800":1,"\\udfff\\ud83e":{"a\\uDEAD":2}}',
            "Half a character in a member's name is JSON as well.",
        ),
    ):
        body, event = writer.sender.holding(value)
        writer.add(f"body-lone-surrogate-in-{name}", comment, "open_set", event, body=body)
    body, event = writer.sender.holding("1")
    writer.add(
        "body-trailing-newline",
        "A line end at the end of the body is signed with it.",
        "body_bytes",
        with_body(event, body + b"\n"),
        body=body + b"\n",
    )
    windows, event = writer.sender.holding("[\r\n1,\r\n2\r\n]")
    writer.add(
        "body-line-ends-changed",
        "A captured body whose line ends were changed does not match.",
        ["body_bytes", "tampered"],
        "no_matching_signature",
        headers=writer.sender.headers(windows),
        body=windows.replace(b"\r\n", b"\n"),
    )
    writer.add(
        "body-leading-blank",
        "White space before the body is signed with it.",
        "body_bytes",
        event,
        body=b" \r\n\t" + body,
    )


def size_cases(writer: Writer) -> None:
    """Adds a body of one mebibyte, and the limit."""
    sender = writer.sender
    prefix, suffix = sender.around('"|"').decode().split("|")
    filler = MEBIBYTE - len(prefix) - len(suffix)
    form, body = repeated(prefix, "x", filler, suffix)
    _, event = sender.holding("1")
    headers = sender.headers(body)
    writer.add(
        "body-one-mebibyte",
        "A body of one mebibyte is verified whole.",
        "body_bytes",
        event,
        headers=headers,
        body_repeat=form,
        options={"max_body": 2 * MEBIBYTE},
    )
    changed, _ = repeated(prefix, "x", filler - 1, f"y{suffix}")
    writer.add(
        "body-one-mebibyte-changed",
        "One byte at the end of a mebibyte was changed.",
        ["body_bytes", "tampered"],
        "no_matching_signature",
        headers=headers,
        body_repeat=changed,
        options={"max_body": 2 * MEBIBYTE},
    )
    writer.add(
        "body-exactly-the-limit",
        "A body of exactly the limit is accepted.",
        "body_limit",
        sender.event(),
        options={"max_body": len(sender.body)},
    )
    writer.add(
        "body-over-the-limit",
        "A body of one byte over the limit is refused, authentic as it is.",
        "body_limit",
        "body_too_large",
        options={"max_body": len(sender.body) - 1},
    )


def json_cases(writer: Writer, *, wants_object: bool) -> None:
    """Adds authentic bodies that are no JSON, for providers that send JSON."""
    sender = writer.sender
    whole = sender.body
    for name, body, comment in (
        ("not-json", b"hello", "Text that is no JSON."),
        ("form", b"a=1&b=2", "A form where JSON is expected."),
        ("truncated", whole[:-1], "JSON that ends too early."),
        ("trailing-garbage", whole + b" x", "JSON with something behind it."),
        ("two-documents", whole + whole, "Two JSON texts in a row."),
        (
            "trailing-comma",
            sender.around("[1,]"),
            "A trailing comma, as in the example of a provider's guide.",
        ),
        ("nan", sender.around("NaN"), "NaN is no JSON, though many parsers take it."),
        ("single-quotes", sender.around("'x'"), "Single quotes are no JSON."),
        ("line-feed-in-text", sender.around('"a\nb"'), "A raw line feed inside a text is no JSON."),
        (
            "byte-order-mark",
            b"\xef\xbb\xbf" + whole,
            "A byte order mark is part of the signed bytes and no JSON.",
        ),
        (
            "invalid-utf-8",
            sender.around('"|"').replace(b"|", b"\xff\xfe"),
            "Bytes that are no UTF-8 are no JSON.",
        ),
        (
            "surrogate-in-utf-8",
            sender.around('"|"').replace(b"|", b"\xed\xa0\x80"),
            "A surrogate written as UTF-8 is no UTF-8.",
        ),
        ("nul-in-text", sender.around('"a\x00b"'), "A raw NUL inside a text is no JSON."),
        ("nul-behind", whole + b"\x00", "A NUL behind the JSON, as a string of C ends, is no JSON."),
        ("tab-in-text", sender.around('"a\tb"'), "A raw tab inside a text is no JSON."),
        (
            "overlong-utf-8",
            sender.around('"|"').replace(b"|", b"\xc0\xaf"),
            "Two bytes for a slash are no UTF-8.",
        ),
        ("latin-1", sender.around('"|"').replace(b"|", b"\xe9"), "A letter in Latin-1 is no UTF-8."),
        ("utf-8-cut-off", sender.around('"|"').replace(b"|", b"\xe2\x82"), "Half a character is no UTF-8."),
        ("infinity", sender.around("Infinity"), "Infinity is no JSON, though many parsers take it."),
        ("hexadecimal-number", sender.around("0x10"), "A hexadecimal number is no JSON."),
        ("leading-zero-number", sender.around("01"), "A number with a leading zero is no JSON."),
        ("plus-number", sender.around("+1"), "A number with a plus sign is no JSON."),
        ("dot-number", sender.around("1."), "A number that ends in its point is no JSON."),
        ("comment", sender.around("1/* x */"), "A comment is no JSON."),
        ("unquoted-name", sender.around("{a:1}"), "A name without quotes is no JSON."),
        ("escape-x", sender.around('"\\x41"'), "The escape \\x is no JSON."),
        ("short-escape", sender.around('"\\u41"'), "A short escape is no JSON."),
        ("no-break-space", sender.around("\u00a01"), "A no-break space is no white space of JSON."),
        ("form-feed", sender.around("\f1"), "A form feed is no white space of JSON."),
        ("utf-16", whole.decode().encode("utf-16-le"), "UTF-16 is no JSON on the wire."),
    ):
        writer.add(
            f"body-{name}",
            f"{comment} The signature is right.",
            "malformed_body",
            "malformed_body",
            body=body,
        )
    if sender.provider != "fast-events":
        writer.add(
            "body-empty",
            "An empty body is authentic and no JSON.",
            "malformed_body",
            "malformed_body",
            body=b"",
        )
    for name, body, data in (("array", b'[1,"x"]', [1, "x"]), ("text", b'"x"', "x"), ("null", b"null", None)):
        event: Event | str = "malformed_body"
        if not wants_object:
            event = {**sender.event(), "data": data}
        writer.add(
            f"body-{name}", f"A body that is JSON but no object ({name}).", "malformed_body", event, body=body
        )
    _depth_cases(writer)


def any_body_cases(writer: Writer, event: Event) -> None:
    """Adds bodies that are no JSON, for providers that may send anything."""
    for name, body, comment in (
        ("empty", b"", "An empty body is signed like any other."),
        ("form", b"payload=%7B%22a%22%3A1%7D", "A form is signed as its encoded bytes."),
        ("byte-order-mark", b"\xef\xbb\xbf{}", "A byte order mark is part of the signed bytes."),
        ("invalid-utf-8", b"\xff\xfe\x00\x80", "Bytes that are no UTF-8 are signed as they are."),
        ("not-json", b"Hello, World!", "Text that is no JSON is authentic."),
        ("nul", b"a\x00b", "A NUL is a byte like others."),
        ("line-feed-alone", b"\n", "A line feed alone is a body."),
        ("crlf-text", b"a\r\nb\r\n", "Line ends of a text are not normalised."),
        ("one-byte", b"\x00", "One byte is a body."),
    ):
        writer.add(f"body-{name}", comment, "body_bytes", event, body=body)
    other = writer.sender.headers(b"\xff\xfe\x00\x80")
    writer.add(
        "body-other-invalid-utf-8",
        "Two bodies that decode to the same replacement characters differ.",
        ["body_bytes", "tampered"],
        "no_matching_signature",
        body=b"\xfd\xfc\x00\x81",
        headers=other,
    )


def _depth_cases(writer: Writer) -> None:
    sender = writer.sender
    inner = DEPTH_LIMIT - sender.outer_depth
    body, event = sender.holding("[" * inner + "]" * inner)
    writer.add("body-depth-128", "128 arrays and objects may be open at once.", "depth", event, body=body)
    body, _ = sender.holding("[" * (inner + 1) + "]" * (inner + 1))
    writer.add(
        "body-depth-129",
        "129 open arrays and objects are one too many.",
        "depth",
        "malformed_body",
        body=body,
    )
    objects = '{"a":' * (inner + 1) + "1" + "}" * (inner + 1)
    body, _ = sender.holding(objects)
    writer.add("body-depth-129-objects", "Objects count like arrays.", "depth", "malformed_body", body=body)
    form, deep = repeated("", "[", 100_000, "")
    writer.add(
        "body-depth-100000",
        "A hundred thousand open arrays do not overflow the stack.",
        "depth",
        "malformed_body",
        headers=sender.headers(deep),
        body_repeat=form,
    )
