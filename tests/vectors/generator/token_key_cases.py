"""The cases about the key that a bearer token names, and about sets of keys."""

from generator import bearer, keys
from generator.bearer import jwk, jwks, standard_header
from generator.output import Json
from generator.token_writer import TokenWriter


def key_cases(writer: TokenWriter) -> None:
    """Adds cases about the key that a token names."""
    add = writer.add
    other = jwk(keys.RSA_OTHER, bearer.OTHER_KID)
    add("two-keys-first", "The first of two keys.", "key_set", options={"jwks": jwks(jwk(), other)})
    add("two-keys-second", "The second of two keys.", "key_set", options={"jwks": jwks(other, jwk())})
    add(
        "other-key-same-kid",
        "A token of another key under the right key id.",
        "wrong_key",
        "no_matching_signature",
        sign=bearer.rs256(keys.RSA_OTHER),
    )
    add(
        "kid-of-the-other-key",
        "Two keys, and the key id names the wrong one.",
        "wrong_key",
        "no_matching_signature",
        header=standard_header(kid=bearer.OTHER_KID),
        options={"jwks": jwks(jwk(), other)},
    )
    attacker = jwk(keys.RSA_OTHER)
    for name, extra in (
        ("jwk", {"jwk": attacker}),
        ("jku", {"jku": "https://attacker.example/jwks.json"}),
        ("x5u", {"x5u": "https://attacker.example/chain.pem"}),
        ("x5c", {"x5c": ["MIIB"]}),
    ):
        add(
            f"header-key-{name}",
            f"A token that brings its own key ({name}) gains nothing by it.",
            "header_key",
            "no_matching_signature",
            header=standard_header(**extra),
            sign=bearer.rs256(keys.RSA_OTHER),
        )
    add(
        "kid-empty",
        "An empty key id is malformed.",
        "kid_abuse",
        "malformed_token",
        header=standard_header(kid=""),
    )
    for name, kid in (
        ("unknown", "test-key-2099"),
        ("path", "../../../../dev/null"),
        ("sql", "x' OR '1'='1"),
        ("nul", "test-key-2026-09\x00"),
        ("proto", "__proto__"),
        ("upper-case", "TEST-KEY-2026-09"),
        ("prefix", "test-key-2026-0"),
        ("blank", "test-key-2026-09 "),
    ):
        add(
            f"kid-{name}",
            f"The key id {kid!r} names no key of the set.",
            "kid_abuse",
            "unknown_key",
            header=standard_header(kid=kid),
        )
    add(
        "jwks-missing",
        "No key was ever loaded: the sender must try again.",
        "unavailable_keys",
        "keys_unavailable",
        options={"jwks": None},
    )


def key_set_cases(writer: TokenWriter) -> None:
    """Adds sets with keys that must not be used, and documents that are no sets."""
    add = writer.add
    for name, key in (
        ("alg", jwk(alg=None)),
        ("use", jwk(use=None)),
        ("use-and-alg", jwk(use=None, alg=None)),
    ):
        add(
            f"jwk-without-{name}",
            "A key that does not say what it is for may be used.",
            "key_set",
            options={"jwks": jwks(key)},
        )
    add(
        "jwk-key-ops-verify",
        "A key whose operations include verifying.",
        "key_set",
        options={"jwks": jwks(jwk(use=None, key_ops=["verify"]))},
    )
    foreign: list[dict[str, Json]] = [
        {
            "kty": "EC",
            "crv": "P-256",
            "kid": "ec",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        {"kty": "OKP", "crv": "Ed25519", "kid": "okp", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty": "XYZ", "kid": "unknown"},
    ]
    add(
        "foreign-keys-beside",
        "Keys of other and of unknown types in the set are skipped, RFC 7517 5.",
        "key_set",
        options={"jwks": jwks(*foreign, jwk())},
    )
    usable = jwk(keys.RSA_OTHER, bearer.OTHER_KID)
    for name, key, comment in (
        ("use-enc", jwk(use="enc"), "A key for encryption"),
        ("alg-ps256", jwk(alg="PS256"), "A key for another algorithm"),
        ("key-ops-sign", jwk(use=None, key_ops=["sign"]), "A key whose operations lack verifying"),
        ("kty-ec", jwk(kty="EC"), "A key that says it is of another type"),
        ("kty-lower-case", jwk(kty="rsa"), "A key whose type is in lower case"),
        ("no-modulus", jwk(n=None), "A key without a modulus"),
        ("modulus-padded", jwk(n=f"{jwk()['n']}=="), "A key whose modulus is padded"),
    ):
        add(
            f"jwk-{name}",
            f"{comment} is skipped, so the token's key is not in the set.",
            "key_set",
            "unknown_key",
            options={"jwks": jwks(key, usable)},
        )
    for name, key, sign, comment in (
        ("1024-bits", jwk(keys.RSA_WEAK), bearer.rs256(keys.RSA_WEAK), "A key of 1024 bits, RFC 7518 3.3,"),
        (
            "exponent-one",
            jwk(e="AQ"),
            bearer.exponent_one,
            "A key under whose e = 1 the padded digest is its own signature",
        ),
        ("exponent-even", jwk(e="AQAA"), bearer.rs256(), "A key whose exponent is even"),
    ):
        add(
            f"jwk-{name}",
            f"{comment} is skipped.",
            "key_strength",
            "unknown_key",
            sign=sign,
            options={"jwks": jwks(key, usable)},
        )
        add(
            f"jwk-{name}-alone",
            f"{comment} is no key set when it stands alone.",
            "key_strength",
            "invalid_key",
            sign=sign,
            options={"jwks": jwks(key)},
        )
    add(
        "jwk-exponent-three-cube-root",
        "Under e = 3 a cube root ends in garbage that a lenient parser overlooks.",
        "key_strength",
        "no_matching_signature",
        sign=bearer.cube_root,
        options={"jwks": jwks(jwk(e="Aw"))},
    )
    add(
        "jwks-no-keys",
        "A given set without keys could never verify anything.",
        "key_set",
        "invalid_key",
        options={"jwks": {"keys": []}},
    )
    add(
        "jwks-only-foreign-keys",
        "A given set without a usable key could never verify anything.",
        "key_set",
        "invalid_key",
        options={"jwks": jwks(*foreign)},
    )
    for name, text in (
        ("empty", ""),
        ("null", "null"),
        ("array", "[]"),
        ("object", "{}"),
        ("html", "<html>"),
        ("keys-null", '{"keys":null}'),
        ("keys-object", '{"keys":{}}'),
        ("truncated", '{"keys":['),
    ):
        add(
            f"jwks-{name}",
            f"A document that is no key set ({name}) is refused when it is given.",
            "key_set",
            "invalid_key",
            options={"jwks": None, "jwks_raw": text},
        )
