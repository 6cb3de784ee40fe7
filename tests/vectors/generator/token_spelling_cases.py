"""The cases about texts that are no compact token, or a second spelling of one."""

import json

from generator import bearer
from generator.bearer import token
from generator.case import NOW
from generator.token_writer import TokenWriter


def spelling_cases(writer: TokenWriter) -> None:
    """Adds texts that are no compact token, or a second spelling of one."""
    add, good = writer.add, writer.good()
    header, claims, signature = good.split(".")
    standard = signature.replace("-", "+").replace("_", "/")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    stray = last[last.index(signature[-1]) ^ 1]
    for name, text, comment in (
        ("garbage", "garbage", "A word"),
        ("one-dot", f"{header}.{claims}", "Two parts"),
        ("dots-only", "..", "Three empty parts"),
        ("fourth-part", f"{good}.", "A fourth dot"),
        ("four-parts", f"{good}.AAAA", "Four parts"),
        ("five-parts", f"{good}.AAAA.AAAA", "Five parts, as in an encrypted token,"),
        ("detached", f"{header}..{signature}", "A detached payload"),
        ("padded-signature", f"{good}==", "Padding behind the signature"),
        ("padded-header", f"{header}=.{claims}.{signature}", "Padding behind the header"),
        (
            "padded-claims-signed",
            _signed(f"{header}.{claims}="),
            "Padding behind the claims, which was signed as such,",
        ),
        ("standard-base64", f"{header}.{claims}.{standard}==", "A signature in standard base64"),
        ("stray-bits", f"{good[:-1]}{stray}", "A signature with stray bits"),
        ("header-not-base64url", f"++++.{claims}.{signature}", "A header that is no base64url"),
        (
            "over-16-kilobytes",
            token({**writer.claims, "filler": "x" * 13_000}),
            "A token of more than 16 kilobytes",
        ),
    ):
        add(
            f"token-{name}",
            f"{comment} is malformed.",
            "malformed_token",
            "malformed_token",
            authorization=f"Bearer {text}",
        )
    for name, segment, comment in (
        ("not-json", "hello", "A header that is no JSON"),
        ("array", '["RS256"]', "A header that is no object"),
        ("no-alg", '{"typ":"JWT","kid":"test-key-2026-09"}', "A header without an algorithm"),
        ("alg-null", '{"alg":null,"kid":"test-key-2026-09"}', "An algorithm that is null"),
        ("alg-array", '{"alg":["RS256"],"kid":"test-key-2026-09"}', "An algorithm that is an array"),
        (
            "alg-twice",
            '{"alg":"RS256","kid":"test-key-2026-09","alg":"none"}',
            "A header with two algorithms",
        ),
        ("kid-twice", '{"alg":"RS256","kid":"test-key-2026-09","kid":"x"}', "A header with two key ids"),
        ("kid-number", '{"alg":"RS256","kid":7}', "A key id that is a number"),
        ("invalid-utf-8", b'{"alg":"RS256","kid":"\xff"}', "A header that is no UTF-8"),
    ):
        add(
            f"header-{name}",
            f"{comment} is malformed, right as the signature is.",
            "malformed_token",
            "malformed_token",
            header=segment,
        )
    for name, segment, comment in (
        ("not-json", "hello", "Claims that are no JSON"),
        ("array", "[1]", "Claims that are no object"),
        ("text", '"sub"', "Claims that are a text"),
        ("null", "null", "Claims that are null"),
        ("empty", "", "Claims that are empty"),
        ("deep", f'{{"a":{"[" * 2000}{"]" * 2000}}}', "Claims that are nested two thousand times"),
    ):
        made = token(segment)
        add(
            f"claims-{name}",
            f"{comment} are malformed, right as the signature is.",
            "malformed_token",
            "malformed_token",
            authorization=f"Bearer {made}",
        )
    pairs = json.dumps(writer.claims)[1:-1]
    twice = token(f'{{{pairs}, "exp": {NOW + 999_999}}}')
    add(
        "claims-duplicate",
        "Two members of one name make the claims malformed: parsers differ on which one counts.",
        ["malformed_token", "duplicate_member"],
        "malformed_token",
        authorization=f"Bearer {twice}",
    )
    escaped = token(f'{{{pairs}, "\\u0061ud": "other"}}')
    add(
        "claims-duplicate-by-escape",
        "A name that is spelled with an escape is the same name.",
        ["malformed_token", "duplicate_member"],
        "malformed_token",
        authorization=f"Bearer {escaped}",
    )
    add(
        "token-padded-claims",
        "Claims are not looked at before the signature is right, so these are just unsigned.",
        "tampered",
        "no_matching_signature",
        authorization=f"Bearer {header}.{claims}=.{signature}",
    )


def _signed(signing_input: str) -> str:
    return f"{signing_input}.{bearer.base64url(bearer.rs256()(signing_input.encode()))}"
