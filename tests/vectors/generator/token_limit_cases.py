"""The cases about the limits on tokens and key sets, and about sets that name a key twice."""

import json

from generator import bearer, keys
from generator.bearer import jwk, jwks, standard_header, token
from generator.output import Json
from generator.token_writer import TokenWriter

_MOST_BYTES = 16 * 1024
_MOST_KEYS_TRIED = 32
_MOST_KEYS = 100
_MOST_DEPTH = 64


def limit_cases(writer: TokenWriter) -> None:
    for size, expect in ((_MOST_BYTES, None), (_MOST_BYTES + 1, "malformed_token")):
        writer.add(
            f"token-of-{size}-bytes",
            "A token may have 16,384 bytes.",
            "malformed_token",
            expect,
            authorization=f"Bearer {_of_size(writer, size)}",
        )
    # The claims themselves are one of the open objects.
    for depth, expect in ((_MOST_DEPTH, None), (_MOST_DEPTH + 1, "malformed_token")):
        inner = depth - 1
        others = json.dumps(writer.claims)[:-1]
        made = token(f'{others}, "x": {"[" * inner}{"]" * inner}}}')
        writer.add(
            f"claims-depth-{depth}",
            "64 arrays and objects of the claims may be open at once.",
            ["malformed_token", "depth"],
            expect,
            authorization=f"Bearer {made}",
        )
        writer.add(
            f"jwks-depth-{depth}",
            "64 arrays and objects of a key set may be open at once.",
            ["key_set", "depth"],
            None if expect is None else "invalid_key",
            options={"jwks": None, "jwks_raw": _deep(depth)},
        )


def key_count_cases(writer: TokenWriter) -> None:
    """Adds sets of many keys: a forged token must not buy an operation with each of them."""
    other, usable = jwk(keys.RSA_OTHER), jwk()
    unnamed = {"alg": "RS256"}
    for place, expect in ((_MOST_KEYS_TRIED, None), (_MOST_KEYS_TRIED + 1, "no_matching_signature")):
        before = [other] * (place - 1)
        writer.add(
            f"same-kid-right-at-{place}",
            "Of the keys with the token's key id 32 are tried.",
            ["key_set", "kid_abuse"],
            expect,
            options={"jwks": jwks(*before, usable)},
        )
        writer.add(
            f"no-kid-right-at-{place}",
            "For a token that names no key 32 keys are tried.",
            "key_set",
            expect,
            header=unnamed,
            options={"jwks": jwks(*before, usable)},
        )
    for first, second, name in ((other, usable, "last"), (usable, other, "first")):
        writer.add(
            f"same-kid-right-{name}",
            "Two keys of one key id: both are tried.",
            ["key_set", "kid_abuse"],
            options={"jwks": jwks(first, second)},
        )
    foreign: dict[str, Json] = {"kty": "XYZ"}
    for count, expect in ((_MOST_KEYS, None), (_MOST_KEYS + 1, "invalid_key")):
        writer.add(
            f"jwks-of-{count}-keys",
            "A set may have 100 keys, usable or not.",
            "key_set",
            expect,
            options={"jwks": jwks(*[foreign] * (count - 1), usable)},
        )


def key_form_cases(writer: TokenWriter) -> None:
    """Adds keys with members of the wrong kind, and texts of sets that two readers could read differently."""
    usable = jwk(keys.RSA_OTHER, bearer.OTHER_KID)
    odd: tuple[tuple[str, dict[str, Json], str], ...] = (
        ("kid-number", {"kid": 7}, "A key id that is a number"),
        ("kid-array", {"kid": [bearer.KID]}, "A key id that is an array"),
        ("kid-empty", {"kid": ""}, "A key id that is empty"),
        ("use-array", {"use": ["sig"]}, "A use that is an array"),
        ("use-upper-case", {"use": "SIG"}, "A use in upper case"),
        ("key-ops-text", {"key_ops": "verify"}, "Operations that are a text"),
        ("key-ops-empty", {"key_ops": []}, "A key without operations"),
        ("key-ops-number", {"key_ops": ["verify", 1]}, "Operations of which one is a number"),
        ("alg-array", {"alg": ["RS256"]}, "An algorithm that is an array"),
        ("alg-hs256", {"alg": "HS256"}, "A public key for a shared secret's algorithm"),
        ("alg-none", {"alg": "none"}, "A key for no algorithm"),
        ("alg-rs512", {"alg": "RS512"}, "A key for another digest"),
        ("kty-array", {"kty": ["RSA"]}, "A type that is an array"),
        ("kty-oct", {"kty": "oct", "k": jwk()["n"]}, "A shared secret"),
        ("no-exponent", {"e": None}, "A key without an exponent"),
        ("exponent-number", {"e": 65537}, "An exponent that is a number"),
        ("exponent-zero", {"e": "AA"}, "An exponent of zero"),
        ("exponent-padded", {"e": "AQAB=="}, "An exponent that is padded"),
        ("modulus-empty", {"n": ""}, "An empty modulus"),
        ("modulus-standard-base64", {"n": f"+/{str(jwk()['n'])[2:]}"}, "A modulus in standard base64"),
        ("modulus-blank", {"n": f"{jwk()['n']} "}, "A modulus with a blank"),
    )
    for name, change, comment in odd:
        members = {key: value for key, value in {**jwk(), **change}.items() if value is not None}
        writer.add(
            f"jwk-{name}",
            f"{comment}: the key is skipped, so the token's key is not in the set.",
            "key_set",
            "unknown_key",
            options={"jwks": jwks(members, usable)},
        )
    for name, more in (
        ("private-members", {"d": "AAAA", "p": "AQAB"}),
        ("certificates", {"x5c": ["MIIB"], "x5u": "https://attacker.example/chain.pem", "x5t": "x"}),
        ("unknown-members", {"nbf": 0, "__proto__": {"kty": "oct"}}),
    ):
        writer.add(
            f"jwk-with-{name}",
            "What else a key says is not looked at.",
            ["key_set", "open_set"],
            options={"jwks": jwks({**jwk(), **more})},
        )
    whole = json.dumps(jwks(jwk()))
    member = json.dumps(jwk())
    for name, text in (
        ("keys-twice", f'{whole[:-1]},"keys":[]}}'),
        ("keys-twice-by-escape", f'{whole[:-1]},"k\\u0065ys":[]}}'),
        ("kty-twice", f'{{"keys":[{member[:-1]},"kty":"oct"}}]}}'),
        ("byte-order-mark", f"\ufeff{whole}"),
        ("trailing-garbage", f"{whole}x"),
        ("trailing-comma", f"{whole[:-1]},}}"),
        ("text", '"keys"'),
        ("number", "7"),
        ("single-key", member),
        ("nan", f'{whole[:-1]},"x":NaN}}'),
    ):
        writer.add(
            f"jwks-text-{name}",
            f"A document that is no key set, or two of them ({name.replace('-', ' ')}), is refused.",
            "key_set",
            "invalid_key",
            options={"jwks": None, "jwks_raw": text},
        )


def header_form_cases(writer: TokenWriter) -> None:
    """Adds headers of tokens with members of the wrong kind, and extensions that change what is signed."""
    for name, change in (
        ("typ-null", '"typ":null'),
        ("typ-array", '"typ":["JWT"]'),
        ("kid-null", '"kid":null'),
        ("kid-array", f'"kid":["{bearer.KID}"]'),
        ("kid-object", '"kid":{}'),
        ("kid-true", '"kid":true'),
        ("kid-256-characters", f'"kid":"{"k" * 256}"'),
        ("kid-twice-by-escape", f'"kid":"{bearer.KID}","k\\u0069d":"x"'),
        ("nested-twice", f'"kid":"{bearer.KID}","x":{{"a":1,"a":1}}'),
        ("deep", f'"kid":"{bearer.KID}","x":{"[" * 64}{"]" * 64}'),
        ("trailing-comma", f'"kid":"{bearer.KID}",'),
    ):
        writer.add(
            f"header-{name}",
            f"A header that is odd ({name.replace('-', ' ')}) is malformed, right as the signature is.",
            "malformed_token",
            "malformed_token",
            header=f'{{"alg":"RS256",{change}}}',
        )
    for name, text in (
        ("alg-in-upper-case", f'{{"ALG":"RS256","kid":"{bearer.KID}"}}'),
        ("alg-number", f'{{"alg":256,"kid":"{bearer.KID}"}}'),
        ("byte-order-mark", f'\ufeff{{"alg":"RS256","kid":"{bearer.KID}"}}'),
        ("trailing-garbage", f'{{"alg":"RS256","kid":"{bearer.KID}"}}x'),
        ("two-objects", f'{{"alg":"RS256","kid":"{bearer.KID}"}}{{}}'),
    ):
        writer.add(
            f"header-{name}",
            f"A header that is odd ({name.replace('-', ' ')}) is malformed, right as the signature is.",
            "malformed_token",
            "malformed_token",
            header=text,
        )
    extensions: tuple[tuple[str, dict[str, Json]], ...] = (
        ("b64-without-crit", {"b64": False}),
        ("crit-empty", {"crit": []}),
        ("crit-text", {"crit": "exp"}),
        ("zip", {"zip": "DEF"}),
        ("enc", {"enc": "A128GCM"}),
    )
    for name, members in extensions:
        writer.add(
            f"header-{name}",
            "What would make the signed bytes others than the received ones is refused.",
            "crit",
            "unsupported_algorithm",
            header=standard_header(**members),
        )
    for name, kid, code in (
        ("constructor", "constructor", "unknown_key"),
        ("to-string", "toString", "unknown_key"),
        ("url", "https://attacker.example/jwks.json", "unknown_key"),
        ("command", "x; cat /etc/passwd", "unknown_key"),
        ("line-feed", f"{bearer.KID}\n", "unknown_key"),
        ("wide", "\uff54est-key-2026-09", "unknown_key"),
        ("255-characters", "k" * 255, "unknown_key"),
    ):
        writer.add(
            f"kid-{name}",
            f"The key id {kid[:40]!r} names no key of the set.",
            "kid_abuse",
            code,
            header=standard_header(kid=kid),
        )


def _of_size(writer: TokenWriter, size: int) -> str:
    """Returns a token of exactly so many bytes: a text in the header and one in the claims fill it up."""
    for more in range(4):
        header = standard_header(filler="x" * more)
        rest = size - len(token(writer.claims, header=header))
        for filler in range(rest * 3 // 4 - 24, rest * 3 // 4):
            segment = bearer.segment({**writer.claims, "filler": "x" * filler})
            if len(bearer.segment(header)) + len(segment) + 2 + 342 == size:
                return token({**writer.claims, "filler": "x" * filler}, header=header)
    raise ValueError(f"no token has {size} bytes")


def _deep(depth: int) -> str:
    inner = depth - 1
    return f'{json.dumps(jwks(jwk()))[:-1]}, "x": {"[" * inner}{"]" * inner}}}'
