"""The cases about the algorithms and the signatures of bearer tokens."""

from cryptography.hazmat.primitives import hashes

from generator import bearer, keys
from generator.bearer import jwk, jwks, standard_header
from generator.case import NOW
from generator.token_writer import TokenWriter


def algorithm_cases(writer: TokenWriter) -> None:
    add = writer.add
    for spelling in ("none", "None", "NONE", "nOnE"):
        add(
            f"alg-{spelling}",
            f"alg {spelling} with an empty signature.",
            "algorithm_confusion",
            "unsupported_algorithm",
            header=standard_header(alg=spelling),
            sign=bearer.unsigned,
        )
    add(
        "alg-none-signed",
        "alg none beside a right signature.",
        "algorithm_confusion",
        "unsupported_algorithm",
        header=standard_header(alg="none"),
    )
    pem = keys.spki_pem(keys.RSA)
    for name, key in (("pem", pem), ("pem-without-newline", pem.rstrip("\n")), ("modulus", str(jwk()["n"]))):
        add(
            f"hs256-{name}",
            "HS256 keyed with the public key.",
            "algorithm_confusion",
            "unsupported_algorithm",
            header=standard_header(alg="HS256"),
            sign=bearer.hs256(key),
        )
    for algorithm, digest in (("RS384", hashes.SHA384()), ("RS512", hashes.SHA512())):
        add(
            f"alg-{algorithm}",
            f"{algorithm} by the right key was not configured.",
            "algorithm_confusion",
            "unsupported_algorithm",
            header=standard_header(alg=algorithm),
            sign=bearer.rsa_with(digest),
            options={"jwks": jwks(jwk(alg=None))},
        )
    for algorithm in ("PS256", "ES256", "EdDSA", "rs256", "RS256 ", "RSA"):
        add(
            f"alg-named-{algorithm.strip()}{'-blank' if algorithm.endswith(' ') else ''}",
            f"{algorithm!r} was not configured, though the signature is that of RS256.",
            "algorithm_confusion",
            "unsupported_algorithm",
            header=standard_header(alg=algorithm),
        )
    add(
        "digest-of-rs512",
        "A header that says RS256 over a signature with another digest.",
        "wrong_key",
        "no_matching_signature",
        sign=bearer.rsa_with(hashes.SHA512()),
    )
    for name, extra in (
        ("unknown", {"crit": ["x"], "x": 1}),
        ("known-claim", {"crit": ["exp"], "exp": NOW}),
        ("b64", {"crit": ["b64"], "b64": False}),
        ("b64-true", {"crit": ["b64"], "b64": True}),
    ):
        add(
            f"crit-{name}",
            "A critical extension that is not understood refuses the token, RFC 7515 4.1.11.",
            "crit",
            "unsupported_algorithm",
            header=standard_header(**extra),
        )


def signature_cases(writer: TokenWriter) -> None:
    add, good = writer.add, writer.good()
    header, _claims, signature = good.split(".")
    longer = bearer.token({**writer.claims, "admin": True}).split(".")[1]
    add(
        "claims-changed",
        "Other claims under a captured signature.",
        "tampered",
        "no_matching_signature",
        authorization=f"Bearer {header}.{longer}.{signature}",
    )
    for name, sign, comment in (
        ("zero", lambda _: bytes(256), "256 zero bytes"),
        ("first-bit-flipped", _flipped, "A signature that differs in one bit"),
        ("255-bytes", lambda message: bearer.rs256()(message)[:-1], "A byte too few"),
        ("257-bytes", lambda message: bearer.rs256()(message) + b"\x00", "A byte too many"),
        ("sample", lambda _: b"test", "The text 'test', as in the guide's sample"),
    ):
        add(
            f"signature-{name}", f"{comment} does not match.", "wrong_key", "no_matching_signature", sign=sign
        )
    add(
        "padding-garbage",
        "Garbage behind the digest, by a signer with the right key, is no PKCS#1 padding.",
        "key_strength",
        "no_matching_signature",
        sign=_garbage,
    )
    add(
        "header-white-space",
        "White space and another order in the header's JSON change nothing.",
        "baseline",
        header='{ "typ" : "JWT",\n\t"kid":"test-key-2026-09", "alg" : "RS256" }',
    )
    add(
        "header-escapes",
        "Escapes in the header's JSON are read.",
        "baseline",
        header='{"\\u0061lg":"RS\\u003256","kid":"test-key-2026-09"}',
    )
    add(
        "header-without-typ",
        "The type of the token may be missing.",
        "baseline",
        header={"alg": "RS256", "kid": bearer.KID},
    )
    add(
        "header-unknown-member",
        "Members of the header that are not critical are skipped.",
        "open_set",
        header=standard_header(foo={"bar": 1}),
    )


def _flipped(message: bytes) -> bytes:
    signature = bearer.rs256()(message)
    return signature[:100] + bytes([signature[100] ^ 1]) + signature[101:]


def _garbage(message: bytes) -> bytes:
    """Returns a signature whose padding is short and followed by garbage, which a lenient parser takes."""
    numbers = keys.RSA.private_numbers()
    block = bearer.exponent_one(message)
    digest = block[block.index(b"\x00", 2) :]
    forged = b"\x00\x01" + b"\xff" * 8 + digest
    value = int.from_bytes(forged.ljust(256, b"\x5a"), "big")
    return pow(value, numbers.d, numbers.public_numbers.n).to_bytes(256, "big")
