"""The cases about bodies that JavaScript parsed and wrote again before they were signed."""

import json

from generator.case import Event, event, repeated, with_body
from generator.ecmascript import reserialized
from generator.writer import Writer

OPT_IN = {"accept_reserialized": True}
COVERS = ["body", "id", "type"]

# What the round trip does, one rule a row: the value in the body, and what JavaScript makes of it.
_RULES = (
    ("fraction-of-zero", "ecmascript_numbers", "1.0", "1"),
    ("exponent", "ecmascript_numbers", "1e3", "1000"),
    ("minus-zero", "ecmascript_numbers", "-0", "0"),
    ("big-integer", "ecmascript_numbers", "12345678901234567890", "12345678901234567000"),
    ("over-2-to-the-53", "ecmascript_numbers", "9007199254740993", "9007199254740992"),
    ("21-digits", "ecmascript_numbers", "123456789012345678901", "123456789012345680000"),
    ("22-digits", "ecmascript_numbers", "1234567890123456789012", "1.2345678901234568e+21"),
    ("ten-to-the-21", "ecmascript_numbers", "1E21", "1e+21"),
    ("small", "ecmascript_numbers", "0.0000010", "0.000001"),
    ("smaller", "ecmascript_numbers", "0.00000012", "1.2e-7"),
    ("smallest", "ecmascript_numbers", "4.9e-324", "5e-324"),
    ("many-digits", "ecmascript_numbers", "0.1000000000000000055511151231257827", "0.1"),
    ("overflow", "ecmascript_numbers", "1e400", "null"),
    ("integer-like-members", "ecmascript_order", '{"b":1,"2":2,"1":1}', '{"1":1,"2":2,"b":1}'),
    (
        "almost-integer-like-members",
        "ecmascript_order",
        '{"b":1,"01":2,"-1":3,"1.5":4,"0":5}',
        '{"0":5,"b":1,"01":2,"-1":3,"1.5":4}',
    ),
    (
        "largest-array-index",
        "ecmascript_order",
        '{"4294967295":1,"4294967294":2}',
        '{"4294967294":2,"4294967295":1}',
    ),
    ("members-not-by-text", "ecmascript_order", '{"10":1,"9":2}', '{"9":2,"10":1}'),
    ("duplicate-members", "duplicate_member", '{"a":1,"b":2,"a":3}', '{"a":3,"b":2}'),
    ("duplicate-members-by-escape", "duplicate_member", '{"a":1,"\\u0061":2}', '{"a":2}'),
    (
        "proto-member",
        "ecmascript_order",
        '{"__proto__":1,"constructor":2}',
        '{"__proto__":1,"constructor":2}',
    ),
    ("escaped-letter", "ecmascript_strings", '"caf\\u00e9"', '"caf\u00e9"'),
    ("escaped-slash", "ecmascript_strings", '"https:\\/\\/example.com"', '"https://example.com"'),
    (
        "escaped-control-characters",
        "ecmascript_strings",
        '"\\u0008\\u0009\\u000a\\u000c\\u000d\\u000B\\u001F\\u007f"',
        '"\\b\\t\\n\\f\\r\\u000b\\u001f\x7f"',
    ),
    ("escaped-quotes", "ecmascript_strings", '"\\u0022\\u005c"', '"\\"\\\\"'),
    ("line-separator", "ecmascript_strings", '"\u2028\\u2029"', '"\u2028\u2029"'),
    ("emoji", "ecmascript_strings", '"\U0001f980\\ud83e\\udd80"', '"\U0001f980\U0001f980"'),
    ("largest", "ecmascript_numbers", "1.7976931348623158e308", "1.7976931348623157e+308"),
    ("over-the-largest", "ecmascript_numbers", "-1.7976931348623159e308", "null"),
    ("half-of-the-smallest", "ecmascript_numbers", "2.4703282292062327e-324", "0"),
    ("over-half-of-the-smallest", "ecmascript_numbers", "2.4703282292062329e-324", "5e-324"),
    ("over-a-halfway-point", "ecmascript_numbers", "9007199254740993.00000000001", "9007199254740994"),
    ("minus-zero-of-fraction", "ecmascript_numbers", "-0.0e-9", "0"),
    ("minus-underflow", "ecmascript_numbers", "-1e-400", "0"),
    ("400-zeros", "ecmascript_numbers", f"1{'0' * 400}", "null"),
    ("400-zeros-behind-the-point", "ecmascript_numbers", f"0.{'0' * 400}1e401", "1"),
    ("400-zeros-and-an-exponent", "ecmascript_numbers", f"1{'0' * 400}e-400", "1"),
    (
        "exponent-of-20-digits",
        "ecmascript_numbers",
        "[1e99999999999999999999,0e99999999999999999999]",
        "[null,0]",
    ),
    ("seven-places", "ecmascript_numbers", "[1e-6,1e-7,123e-8]", "[0.000001,1e-7,0.00000123]"),
    ("ten-to-the-23", "ecmascript_numbers", "1e23", "1e+23"),
    (
        "repeated-indices",
        "duplicate_member",
        '{"b":1,"1":1,"b":2,"0":3,"1":{},"b":3}',
        '{"0":3,"1":{},"b":3}',
    ),
    ("repeated-index-by-escape", "duplicate_member", '{"a":1,"\\u0030":2,"0":3}', '{"0":3,"a":1}'),
    ("repeated-in-each", "duplicate_member", '[{"0":1,"0":2},{"a":[],"a":{}}]', '[{"0":2},{"a":{}}]'),
    (
        "names-that-are-methods",
        "ecmascript_order",
        '{"toJSON":1,"length":2,"":3}',
        '{"toJSON":1,"length":2,"":3}',
    ),
    ("highest-character", "ecmascript_strings", '"\\uDBFF\\uDFFF"', '"\U0010ffff"'),
    ("byte-order-mark-in-text", "ecmascript_strings", '"\\uFEFF\ufeff"', '"\ufeff\ufeff"'),
    ("c1-control", "ecmascript_strings", '"\\u0080\\u009F"', '"\x80\x9f"'),
    ("empty-containers", "ecmascript_order", '[ { } , [ ] , "" ]', '[{},[],""]'),
    ("literals", "ecmascript_order", "[ true , false , null ]", "[true,false,null]"),
)


def reserialized_cases(writer: Writer) -> None:
    sender = writer.sender
    for name, flag, value, expected in _RULES:
        body = f'{{ "id": "1", "event": "x", "payload": {value} }}'.encode()
        written = f'{{"id":"1","event":"x","payload":{expected}}}'.encode()
        if reserialized(body.decode()).encode() != written:
            raise ValueError(f"{name}: JavaScript writes something else")
        writer.add(
            f"reserialized-{name}",
            f"JavaScript makes {expected} of {value}, and that is what was signed.",
            ["reserialized", flag],
            _written(written, json.loads(expected)),
            body=body,
            headers=sender.headers(written),
            options=OPT_IN,
        )
    # The text of a lone surrogate is no text in every language, so the data is not compared here.
    lone = b'{"id":"1","event":"x","payload":"\\uD800 \\udead\\ud83e"}'
    written = b'{"id":"1","event":"x","payload":"\\ud800 \\udead\\ud83e"}'
    assert reserialized(lone.decode()).encode() == written
    writer.add(
        "reserialized-lone-surrogates",
        "Lone surrogates stay escapes, in lower case.",
        ["reserialized", "ecmascript_strings"],
        _written(written, ...),
        body=lone,
        headers=sender.headers(written),
        options=OPT_IN,
    )
    named = b'{"id":"1","event":"x","payload":{ "\\uD800":1}}'
    written = b'{"id":"1","event":"x","payload":{"\\ud800":1}}'
    assert reserialized(named.decode()).encode() == written
    writer.add(
        "reserialized-lone-surrogate-in-name",
        "A lone surrogate in a member's name stays an escape as well.",
        ["reserialized", "ecmascript_strings"],
        _written(written, ...),
        body=named,
        headers=sender.headers(written),
        options=OPT_IN,
    )
    _opt_in_cases(writer)


def _opt_in_cases(writer: Writer) -> None:
    sender = writer.sender
    spaced = b'{ "id": "1", "event": "x", "payload": { "amount": 10.50 } }'
    written = reserialized(spaced.decode()).encode()
    raw = {**event("1", "x", COVERS, data={"amount": 10.5}), "content": "raw"}
    writer.add(
        "reserialized-without-opt-in",
        "Without the opt-in only the raw bytes count.",
        "reserialized_refused",
        "no_matching_signature",
        body=spaced,
        headers=sender.headers(written),
    )
    writer.add(
        "reserialized-opt-in-off",
        "The opt-in may be given as false.",
        "reserialized_refused",
        "no_matching_signature",
        body=spaced,
        headers=sender.headers(written),
        options={"accept_reserialized": False},
    )
    writer.add(
        "reserialized-raw-first",
        "With the opt-in the raw bytes are tried first, and the proof says raw.",
        "reserialized",
        raw,
        body=spaced,
        options=OPT_IN,
    )
    writer.add(
        "reserialized-second-secret",
        "Every secret is tried on both forms.",
        ["reserialized", "rotation"],
        {**_written(written, {"amount": 10.5}), "key_index": 1},
        body=spaced,
        headers=sender.headers(written),
        secret=[sender.other_secret, sender.secret],
        options=OPT_IN,
    )
    writer.add(
        "reserialized-tampered",
        "The opt-in does not make another body authentic.",
        "reserialized_refused",
        "no_matching_signature",
        body=spaced.replace(b"10.50", b"90.50"),
        headers=sender.headers(written),
        options=OPT_IN,
    )
    sorted_members = json.dumps(json.loads(spaced), sort_keys=True, separators=(",", ":")).encode()
    writer.add(
        "reserialized-sorted",
        "Another way to write the same JSON is not what was signed.",
        "reserialized_refused",
        "no_matching_signature",
        body=spaced,
        headers=sender.headers(sorted_members),
        options=OPT_IN,
    )
    for name, body in (
        ("not-json", b"hello"),
        ("byte-order-mark", b"\xef\xbb\xbf" + spaced),
        ("empty", b""),
        ("invalid-utf-8", spaced.replace(b"x", b"\xff")),
    ):
        writer.add(
            f"reserialized-{name}",
            f"A body that does not parse ({name}) has no second form.",
            "reserialized_refused",
            "no_matching_signature",
            body=body,
            headers=sender.headers(written),
            options=OPT_IN,
        )
    form, _ = repeated("", "[", 100_000, "")
    writer.add(
        "reserialized-depth-100000",
        "Unauthentic nesting does not overflow the stack of the second form.",
        ["reserialized_refused", "depth"],
        "no_matching_signature",
        body_repeat=form,
        headers=sender.headers(written),
        options=OPT_IN,
    )
    deep = f'{{ "id": "1", "event": "x", "payload": {"[" * 127}{"]" * 127} }}'
    writer.add(
        "reserialized-depth-128",
        "128 arrays and objects may be open in the second form, too.",
        ["reserialized", "depth"],
        _written(reserialized(deep).encode(), ...),
        body=deep.encode(),
        headers=sender.headers(reserialized(deep).encode()),
        options=OPT_IN,
    )
    form, many = repeated('{"id":"1","event":"x","payload":{', '"9":1,"8":1,"a":1,', 40_000, '"a":2}}')
    written = b'{"id":"1","event":"x","payload":{"8":1,"9":1,"a":2}}'
    if reserialized(many.decode()).encode() != written:
        raise ValueError("JavaScript writes something else")
    writer.add(
        "reserialized-120000-repetitions",
        "Names that are repeated without end cost no more than others do.",
        ["reserialized", "duplicate_member"],
        _written(written, {"8": 1, "9": 1, "a": 2}),
        body_repeat=form,
        headers=sender.headers(written),
        options=OPT_IN,
    )
    identified = b'{ "id": 1.0, "event": "x", "payload": 1e2 }'
    written = reserialized(identified.decode()).encode()
    writer.add(
        "reserialized-id",
        "Id and data come from the bytes that were signed, which are the written ones.",
        ["reserialized", "numbers"],
        _written(written, 100),
        body=identified,
        headers=sender.headers(written),
        options=OPT_IN,
    )


def _written(body: bytes, data: object) -> Event:
    """Makes the event of a body that was signed in its written form; the ellipsis leaves the data out."""
    expected = event("1", "x", COVERS, content="reserialized")
    if data is not ...:
        expected["data"] = data
    return with_body(expected, body)
