"""The classes of Wycheproof's `json_web_signature` that are not about padding, where no other case makes them."""

import json

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from generator import bearer, keys
from generator.bearer import jwk, jwks, segment, standard_header
from generator.token_padding_cases import signed_with_pss
from generator.token_writer import TokenWriter

# What a lenient decoder of base64url skips, or takes for the end.
_STRANGERS = {"blank": " ", "question-mark": "?", "hash": "#", "equals": "=", "line-feed": "\n", "tilde": "~"}
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def primitive_cases(writer: TokenWriter) -> None:
    """Adds tokens and keys of which one names another primitive than the other."""
    add, usable = writer.add, jwk(keys.RSA_OTHER, bearer.OTHER_KID)
    for algorithm in ("PS256", "PS384", "RS384", "RS512", "RSA1_5", "RSA-OAEP", "none", "HS256", "ES256", ""):
        add(
            f"jwk-for-{algorithm or 'nothing'}",
            f"A key that says {algorithm!r} verifies no RS256.",
            "key_set",
            "unknown_key",
            options={"jwks": jwks(jwk(alg=algorithm), usable)},
        )
    for named in ("RS256", "PS256", None):
        add(
            f"alg-PS256-key-{named or 'unnamed'}",
            f"PS256 by the right key, which says {named}, was not configured.",
            "algorithm_confusion",
            "unsupported_algorithm",
            header=standard_header(alg="PS256"),
            sign=signed_with_pss,
            options={"jwks": jwks(jwk(alg=named), usable)},
        )
    both = ["RS256", "RS512"]
    rs512 = bearer.rsa_with(hashes.SHA512())
    add(
        "alg-RS512-configured",
        "Two algorithms may be configured, and a key that names none takes both.",
        "key_set",
        {**writer.event, "algorithm": "RS512"},
        header=standard_header(alg="RS512"),
        sign=rs512,
        options={"algorithms": both, "jwks": jwks(jwk(alg=None))},
    )
    for token_alg, key_alg, sign in (("RS512", "RS256", rs512), ("RS256", "RS512", bearer.rs256())):
        add(
            f"alg-{token_alg}-key-{key_alg}-configured",
            f"Both algorithms are configured, but the key says {key_alg}.",
            ["key_set", "algorithm_confusion"],
            "unknown_key",
            header=standard_header(alg=token_alg),
            sign=sign,
            options={"algorithms": both, "jwks": jwks(jwk(alg=key_alg), usable)},
        )
    for name, members in (
        ("use-sig-key-ops-encrypt", {"key_ops": ["encrypt"]}),
        ("key-ops-wrap-key", {"use": None, "key_ops": ["wrapKey", "deriveBits"]}),
        ("key-ops-upper-case", {"use": None, "key_ops": ["VERIFY"]}),
        ("use-tls", {"use": "tls"}),
        ("use-enc-key-ops-verify", {"use": "enc", "key_ops": ["verify"]}),
    ):
        add(
            f"jwk-{name}",
            f"A key that is for something else ({name.replace('-', ' ')}) is skipped.",
            "key_set",
            "unknown_key",
            options={"jwks": jwks(jwk(**members), usable)},
        )


def confusion_cases(writer: TokenWriter) -> None:
    """Adds unsecured tokens, tokens under the public key as a secret, and those that bring the key they need."""
    add = writer.add
    good = writer.good().split(".")[2]
    for spelling in ("none", "NONE", "None"):
        header = {"alg": spelling, "typ": "JWT"}
        made = f"{segment(header)}.{segment(writer.claims)}"
        for name, text in (("", f"{made}."), ("-with-a-signature", f"{made}.{good}"), ("-two-parts", made)):
            add(
                f"alg-{spelling}-no-kid{name}",
                f"alg {spelling} without a key id{name.replace('-', ' ')}.",
                "algorithm_confusion",
                "malformed_token" if name == "-two-parts" else "unsupported_algorithm",
                authorization=f"Bearer {text}",
            )
    public = keys.RSA.public_key()
    texts = {
        "spki-der": public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "pkcs1-der": public.public_bytes(Encoding.DER, PublicFormat.PKCS1),
        "pkcs1-pem": public.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        "modulus-bytes": public.public_numbers().n.to_bytes(256, "big"),
        "jwk": json.dumps(jwk()).encode(),
        "jwks": json.dumps(jwks(jwk())).encode(),
        "empty": b"",
    }
    for name, key in texts.items():
        add(
            f"hs256-{name}",
            f"HS256 keyed with the public key ({name.replace('-', ' ')}).",
            "algorithm_confusion",
            "unsupported_algorithm",
            header=standard_header(alg="HS256"),
            sign=bearer.hs256_bytes(key),
        )
        add(
            f"rs256-is-hs256-{name}",
            f"A MAC keyed with the public key ({name.replace('-', ' ')}) under the name of RS256.",
            "algorithm_confusion",
            "no_matching_signature",
            sign=bearer.hs256_bytes(key),
        )
    own = jwk(keys.RSA_OTHER, "attacker")
    for name, more in (
        ("jwk", {"jwk": own}),
        ("jwk-with-its-kid", {"jwk": own, "kid": "attacker"}),
        ("jku", {"jku": "data:application/json,{}", "kid": "attacker"}),
        ("x5c", {"x5c": [keys.spki_pem(keys.RSA_OTHER)], "x5t#S256": "AAAA", "kid": "attacker"}),
        ("x5u", {"x5u": "https://issuer.example.com@attacker.example/", "kid": "attacker"}),
        ("everything", {"jwk": own, "jku": "file:///etc/keys", "x5u": "https://[::1]/", "x5c": []}),
    ):
        header = {name: value for name, value in {"alg": "RS256", **more}.items() if value is not None}
        add(
            f"header-key-own-{name}",
            f"A token that brings its own key ({name.replace('-', ' ')}) and its own key id gains nothing.",
            "header_key",
            "unknown_key" if "kid" in header else "no_matching_signature",
            header=header,
            sign=bearer.rs256(keys.RSA_OTHER),
        )
    add(
        "header-key-right",
        "The right key inside the token is not looked at; the signature is right without it.",
        ["header_key", "open_set"],
        header=standard_header(jwk=jwk(), x5t="x", cty="JWT"),
    )


def serialization_cases(writer: TokenWriter) -> None:
    """Adds the two JSON serializations of RFC 7515, 7.2, as they are and as a lenient reader may take them."""
    protected, payload, signature = writer.good().split(".")
    one = {"protected": protected, "signature": signature}
    general = {"payload": payload, "signatures": [one]}
    flat = {"payload": payload, **one}
    for name, value in (
        ("flattened", flat),
        ("general", general),
        ("array", [protected, payload, signature]),
    ):
        text = json.dumps(value, separators=(",", ":"))
        writer.add(
            f"token-json-{name}",
            f"A token in JSON ({name}) is no bearer token: braces and quotes are none of its characters.",
            "malformed_token",
            "malformed_header",
            authorization=f"Bearer {text}",
        )
        writer.add(
            f"token-json-{name}-encoded",
            f"A token in JSON ({name}) is no compact token when it is encoded either.",
            "malformed_token",
            "malformed_token",
            authorization=f"Bearer {segment(text)}",
        )


def stranger_cases(writer: TokenWriter) -> None:
    """Adds characters that are none of base64url's, in every segment, behind it and inside."""
    good = writer.good().split(".")
    for name, character in _STRANGERS.items():
        code = "malformed_token" if character in "=~" else "malformed_header"
        for index, part in enumerate(("header", "claims", "signature")):
            for place, text in (
                ("behind", good[index] + character),
                ("inside", _inside(good[index], character)),
            ):
                segments = [*good[:index], text, *good[index + 1 :]]
                # Claims are decoded once their signature is right, and what was signed has no such character.
                unsigned = code == "malformed_token" and part == "claims"
                writer.add(
                    f"token-{part}-{name}-{place}",
                    f"A {name.replace('-', ' ')} in the {part}, {place}, is no base64url.",
                    ["malformed_token", "base64_malleability"],
                    "no_matching_signature" if unsigned else code,
                    authorization=f"Bearer {'.'.join(segments)}",
                )
                if part == "signature":
                    continue
                message = ".".join(segments[:2])
                made = bearer.base64url(bearer.rs256()(message.encode()))
                writer.add(
                    f"token-{part}-{name}-{place}-signed",
                    f"A {name.replace('-', ' ')} in the {part}, {place}, is none where it was signed as such.",
                    ["malformed_token", "base64_malleability"],
                    code,
                    authorization=f"Bearer {message}.{made}",
                )


def stray_bit_cases(writer: TokenWriter) -> None:
    """Adds segments whose last character has bits that decode to nothing."""
    header = standard_header()
    while len(segment(header)) % 4 == 0:
        header["x"] = f"{header.get('x', '')}x"
    claims = dict(writer.claims)
    while len(segment(claims)) % 4 == 0:
        claims["x"] = f"{claims.get('x', '')}x"
    good = [segment(header), segment(claims)]
    for index, part in enumerate(("header", "claims")):
        last = _ALPHABET.index(good[index][-1])
        stray = [*good]
        stray[index] = good[index][:-1] + _ALPHABET[last | 1]
        message = ".".join(stray)
        if stray == good:
            raise ValueError("the last character has no bits to spare")
        signed = bearer.base64url(bearer.rs256()(message.encode()))
        captured = bearer.base64url(bearer.rs256()(".".join(good).encode()))
        for name, signature, code in (
            ("signed", signed, "malformed_token"),
            ("captured", captured, "malformed_token" if part == "header" else "no_matching_signature"),
        ):
            writer.add(
                f"token-stray-bits-{part}-{name}",
                f"Stray bits in the last character of the {part}, under a {name} signature.",
                ["malformed_token", "base64_malleability"],
                code,
                authorization=f"Bearer {message}.{signature}",
            )


def _inside(text: str, character: str) -> str:
    return f"{text[:8]}{character}{text[8:]}"
