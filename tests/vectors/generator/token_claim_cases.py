"""The cases about claims of the wrong JSON type, and numbers at the edges of what a time can be."""

import json

from generator.bearer import token
from generator.case import NOW
from generator.token_writer import TokenWriter

# What stands in the place of a text.
_NO_TEXTS = {"number": "7", "null": "null", "true": "true", "array": '["x"]', "object": '{"x":1}'}

# What stands in the place of a number of seconds.
_NO_TIMES = {
    "text": f'"{NOW + 600}"',
    "null": "null",
    "true": "true",
    "false": "false",
    "array": f"[{NOW + 600}]",
    "object": f'{{"exp":{NOW + 600}}}',
    "overflow": "1e999",
    "nan": "NaN",
    "infinity": "Infinity",
    "plus": f"+{NOW + 600}",
    "leading-zero": f"0{NOW + 600}",
    "underscores": "1_790_000_600",
    "hexadecimal": "0x6ab13dd8",
}


def claim_type_cases(writer: TokenWriter) -> None:
    for name in ("iss", "sub", "jti"):
        for kind, text in _NO_TEXTS.items():
            _refuse(writer, name, kind, text)
    for kind, text in {
        "null": "null",
        "false": "false",
        "object": f"{{{json.dumps(writer.claims['aud'])}:1}}",
        "array-with-number": f"[{json.dumps(writer.claims['aud'])},7]",
        "array-with-null": f"[{json.dumps(writer.claims['aud'])},null]",
        "array-in-array": f"[[{json.dumps(writer.claims['aud'])}]]",
    }.items():
        _refuse(writer, "aud", kind, text)
    for name in ("exp", "nbf", "iat"):
        for kind, text in _NO_TIMES.items():
            _refuse(writer, name, kind, text)
    for name, text in (
        ("fraction-of-zero", f"{NOW + 600}.0"),
        ("exponent", "1.7900006e9"),
        ("i64-max", "9223372036854775807"),
        ("over-i64", "9223372036854775808"),
        ("20-digits", "17900000001790000000"),
        ("1e308", "1e308"),
    ):
        writer.add(
            f"claims-exp-{name}",
            f"The number {text} is one of seconds that lie ahead; nothing overflows.",
            ["expiry", "numbers"],
            authorization=_written(writer, "exp", text),
        )
    for name, text in (("minus-one", "-1"), ("i64-min", "-9223372036854775808"), ("minus-1e308", "-1e308")):
        writer.add(
            f"claims-exp-{name}",
            f"The number {text} is one of seconds long ago; nothing overflows.",
            ["expiry", "numbers"],
            "token_expired",
            authorization=_written(writer, "exp", text),
        )
    writer.add(
        "claims-nbf-1e308",
        "A token that starts in 10^308 seconds is not valid yet.",
        ["expiry", "numbers"],
        "token_not_yet_valid",
        authorization=_written(writer, "nbf", "1e308"),
    )
    writer.add(
        "required-claim-null",
        "A required claim that is null is missing.",
        "claim_pinning",
        "wrong_claim",
        options={"required_claims": ["exp", "iss", "aud", "tenant"]},
        authorization=_written(writer, "tenant", "null"),
    )


def compared_cases(writer: TokenWriter) -> None:
    """Adds issuers and audiences that are almost the configured ones."""
    issuer, audience = str(writer.claims["iss"]), str(writer.claims["aud"])
    for name, flag, code, expected in (
        ("iss", "issuer", "wrong_issuer", issuer),
        ("aud", "audience", "wrong_audience", audience),
    ):
        for kind, text in (
            ("upper-case", expected.upper()),
            ("trailing-slash", f"{expected}/"),
            ("trailing-blank", f"{expected} "),
            ("leading-blank", f" {expected}"),
            ("line-feed", f"{expected}\n"),
            ("nul", f"{expected}\x00"),
            ("port", expected.replace(".com", ".com:443")),
            ("http", expected.replace("https", "http")),
            ("last-cut-off", expected[:-1]),
            ("contained", f"https://evil.example/?{expected}"),
            ("joined", f"{expected},{expected}"),
            ("empty", ""),
        ):
            writer.add(
                f"claims-{name}-almost-{kind}",
                f"A claim {name} that differs a little ({kind.replace('-', ' ')}) is another one.",
                flag,
                code,
                claims={name: text},
            )
    writer.add(
        "claims-aud-array-joined",
        "An audience is one of the texts of an array and not what they make together.",
        "audience",
        "wrong_audience",
        claims={"aud": [audience[:10], audience[10:]]},
    )


def _refuse(writer: TokenWriter, name: str, kind: str, text: str) -> None:
    writer.add(
        f"claims-{name}-of-kind-{kind}",
        f"A claim {name} that is {text[:40]} is malformed, and no absent one.",
        "claim_types",
        "malformed_token",
        authorization=_written(writer, name, text),
    )


def _written(writer: TokenWriter, name: str, value: str) -> str:
    """Returns a token in which a claim has the given JSON text as its value."""
    others = json.dumps({key: item for key, item in writer.claims.items() if key != name})
    claims = f'{others[:-1]}, "{name}": {value}}}'
    return f"Bearer {token(claims)}"
