"""The cases that every provider with a bearer token gets: algorithms, keys, spellings of the token, the transport."""

import json
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes

from generator import bearer, keys
from generator.bearer import jwk, jwks, standard_header, token
from generator.case import NOW, Case, Event, Headers, case
from generator.output import Json


@dataclass
class TokenWriter:
    """Collects the cases of one provider, so that a case says only what is peculiar to it."""

    provider: str
    claims: dict[str, Json]
    options: dict[str, Json]
    event: Event
    body: bytes
    other_headers: Headers
    cases: list[Case] = field(default_factory=list)

    def add(
        self,
        name: str,
        comment: str,
        flags: list[str] | str,
        expect: Event | str | None = None,
        *,
        claims: dict[str, Json] | None = None,
        options: dict[str, Json] | None = None,
        authorization: str | None = None,
        headers: Headers | None = None,
        body: bytes | None = None,
        now: int = NOW,
        **token_parts: object,
    ) -> None:
        """Adds a case. Claims and options are changes to the usual ones; None takes one out."""
        if authorization is None:
            made = token(bearer.changed(self.claims, claims or {}), **token_parts)  # type: ignore[arg-type]
            authorization = f"Bearer {made}"
        self.cases.append(
            case(
                f"{self.provider}-{name}",
                comment,
                flags,
                self.event if expect is None else expect,
                provider=self.provider,
                headers=[*self.other_headers, ["Authorization", authorization]] if headers is None else headers,
                options=bearer.changed(self.options, options or {}),
                body=self.body if body is None else body,
                now=now,
            )
        )

    def good(self) -> str:
        return token(self.claims)


def transport_cases(writer: TokenWriter) -> None:
    add, good, other = writer.add, writer.good(), writer.other_headers
    add("baseline", "The request as the provider sends it.", "baseline")
    for name, header in (("lower", "authorization"), ("upper", "AUTHORIZATION")):
        add(f"{name}-case-header-names", f"Header names in {name} case are the same names.", "header_case",
            headers=[*([key.lower() if name == "lower" else key.upper(), value] for key, value in other),
                     [header, f"Bearer {good}"]])
    for scheme in ("bearer", "BEARER"):
        add(f"scheme-{scheme}", "The name of the scheme has no case, RFC 9110 11.1.", "header_case",
            authorization=f"{scheme} {good}")
    add("no-authorization", "Without the header nothing is proven.", "missing_header", "missing_header", headers=other)
    add("token-in-another-header", "A right token in another header proves nothing.", "missing_header",
        "missing_header", headers=[*other, ["X-Authorization", f"Bearer {good}"]])
    add("authorization-twice-same", "Two lines are refused even when they agree.", "duplicate_header",
        "duplicate_header", headers=[*other, ["Authorization", f"Bearer {good}"], ["authorization", f"Bearer {good}"]])
    add("authorization-twice-other", "Two lines are refused when one of them is right.", "duplicate_header",
        "duplicate_header", headers=[*other, ["Authorization", "Bearer x.y.z"], ["Authorization", f"Bearer {good}"]])
    for name, value, flag, comment in (
        ("empty", "", "malformed_token", "An empty header"),
        ("basic", "Basic dXNlcjpwYXNz", "malformed_token", "Another scheme"),
        ("no-scheme", good, "malformed_token", "A token without the scheme"),
        ("scheme-only", "Bearer", "malformed_token", "The scheme without a token"),
        ("colon", f"Bearer: {good}", "malformed_token", "A colon behind the scheme"),
        ("leading-blank", f" Bearer {good}", "malformed_token", "A blank before the scheme, which is not trimmed,"),
        ("e-acute", f"Bearer {good}\u00e9", "header_narrowing", "A letter beyond ASCII"),
        ("line-feed", f"Bearer {good}\n", "header_injection", "A line feed"),
        ("nul", f"Bearer {good}\x00", "header_injection", "A NUL"),
    ):
        add(f"authorization-{name}", f"{comment} is malformed.", flag, "malformed_header", authorization=value)


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
        ("padded-claims", f"{header}.{claims}=.{signature}", "Padding behind the claims"),
        ("standard-base64", f"{header}.{claims}.{standard}==", "A signature in standard base64"),
        ("stray-bits", f"{good[:-1]}{stray}", "A signature with stray bits"),
        ("inner-blank", f"{header}.{claims} .{signature}", "A blank inside"),
        ("trailing-blank", f"{good} ", "A blank behind the token, which is not trimmed,"),
        ("two-tokens", f"{good}, Bearer {good}", "Two tokens that a proxy joined"),
        ("quoted", f'"{good}"', "Quotes around the token"),
        ("header-not-base64", f"!!!.{claims}.{signature}", "A header that is no base64url"),
        ("over-16-kilobytes", token({**writer.claims, "filler": "x" * 13_000}), "A token of more than 16 kilobytes"),
    ):
        add(f"token-{name}", f"{comment} is malformed.", "malformed_token", "malformed_token",
            authorization=f"Bearer {text}")
    for name, segment, comment in (
        ("not-json", "hello", "A header that is no JSON"),
        ("array", '["RS256"]', "A header that is no object"),
        ("no-alg", '{"typ":"JWT","kid":"test-key-2026-09"}', "A header without an algorithm"),
        ("alg-null", '{"alg":null,"kid":"test-key-2026-09"}', "An algorithm that is null"),
        ("alg-array", '{"alg":["RS256"],"kid":"test-key-2026-09"}', "An algorithm that is an array"),
        ("alg-twice", '{"alg":"RS256","kid":"test-key-2026-09","alg":"none"}', "A header with two algorithms"),
        ("kid-twice", '{"alg":"RS256","kid":"test-key-2026-09","kid":"x"}', "A header with two key ids"),
        ("kid-number", '{"alg":"RS256","kid":7}', "A key id that is a number"),
        ("invalid-utf-8", b'{"alg":"RS256","kid":"\xff"}', "A header that is no UTF-8"),
    ):
        add(f"header-{name}", f"{comment} is malformed, right as the signature is.", "malformed_token",
            "malformed_token", header=segment)
    for name, segment, comment in (
        ("not-json", "hello", "Claims that are no JSON"),
        ("array", "[1]", "Claims that are no object"),
        ("text", '"sub"', "Claims that are a text"),
        ("null", "null", "Claims that are null"),
        ("empty", "", "Claims that are empty"),
        ("deep", f'{{"a":{"[" * 2000}{"]" * 2000}}}', "Claims that are nested two thousand times"),
    ):
        made = token(segment)
        add(f"claims-{name}", f"{comment} are malformed, right as the signature is.", "malformed_token",
            "malformed_token", authorization=f"Bearer {made}")
    pairs = json.dumps(writer.claims)[1:-1]
    twice = token(f'{{{pairs}, "exp": {NOW + 999_999}}}')
    add("claims-duplicate", "Two members of one name make the claims malformed: parsers differ on which one counts.",
        ["malformed_token", "duplicate_member"], "malformed_token", authorization=f"Bearer {twice}")
    escaped = token(f'{{{pairs}, "\\u0061ud": "other"}}')
    add("claims-duplicate-by-escape", "A name that is spelled with an escape is the same name.",
        ["malformed_token", "duplicate_member"], "malformed_token", authorization=f"Bearer {escaped}")


def algorithm_cases(writer: TokenWriter) -> None:
    add = writer.add
    for spelling in ("none", "None", "NONE", "nOnE"):
        add(f"alg-{spelling}", f"alg {spelling} with an empty signature.", "algorithm_confusion",
            "unsupported_algorithm", header=standard_header(alg=spelling), sign=bearer.unsigned)
    add("alg-none-signed", "alg none beside a right signature.", "algorithm_confusion", "unsupported_algorithm",
        header=standard_header(alg="none"))
    pem = keys.spki_pem(keys.RSA)
    for name, key in (("pem", pem), ("pem-without-newline", pem.rstrip("\n")), ("modulus", str(jwk()["n"]))):
        add(f"hs256-{name}", "HS256 keyed with the public key.", "algorithm_confusion", "unsupported_algorithm",
            header=standard_header(alg="HS256"), sign=bearer.hs256(key))
    for algorithm, digest in (("RS384", hashes.SHA384()), ("RS512", hashes.SHA512())):
        add(f"alg-{algorithm}", f"{algorithm} by the right key was not configured.", "algorithm_confusion",
            "unsupported_algorithm", header=standard_header(alg=algorithm), sign=bearer.rsa_with(digest),
            options={"jwks": jwks(jwk(alg=None))})
    for algorithm in ("PS256", "ES256", "EdDSA", "rs256", "RS256 ", "RSA"):
        add(f"alg-named-{algorithm.strip()}{'-blank' if algorithm.endswith(' ') else ''}",
            f"{algorithm!r} was not configured, though the signature is that of RS256.", "algorithm_confusion",
            "unsupported_algorithm", header=standard_header(alg=algorithm))
    add("digest-of-rs512", "A header that says RS256 over a signature with another digest.", "wrong_key",
        "no_matching_signature", sign=bearer.rsa_with(hashes.SHA512()))
    for name, extra in (("unknown", {"crit": ["x"], "x": 1}), ("known-claim", {"crit": ["exp"], "exp": NOW}),
                        ("b64", {"crit": ["b64"], "b64": False}), ("b64-true", {"crit": ["b64"], "b64": True})):
        add(f"crit-{name}", "A critical extension that is not understood refuses the token, RFC 7515 4.1.11.", "crit",
            "unsupported_algorithm", header=standard_header(**extra))


def key_cases(writer: TokenWriter) -> None:
    """Adds cases about the key that a token names."""
    add = writer.add
    other = jwk(keys.RSA_OTHER, bearer.OTHER_KID)
    add("two-keys-first", "The first of two keys.", "key_set", options={"jwks": jwks(jwk(), other)})
    add("two-keys-second", "The second of two keys.", "key_set", options={"jwks": jwks(other, jwk())})
    add("other-key-same-kid", "A token of another key under the right key id.", "wrong_key", "no_matching_signature",
        sign=bearer.rs256(keys.RSA_OTHER))
    add("kid-of-the-other-key", "Two keys, and the key id names the wrong one.", "wrong_key", "no_matching_signature",
        header=standard_header(kid=bearer.OTHER_KID), options={"jwks": jwks(jwk(), other)})
    attacker = jwk(keys.RSA_OTHER)
    for name, extra in (("jwk", {"jwk": attacker}), ("jku", {"jku": "https://attacker.example/jwks.json"}),
                        ("x5u", {"x5u": "https://attacker.example/chain.pem"}), ("x5c", {"x5c": ["MIIB"]})):
        add(f"header-key-{name}", f"A token that brings its own key ({name}) gains nothing by it.", "header_key",
            "no_matching_signature", header=standard_header(**extra), sign=bearer.rs256(keys.RSA_OTHER))
    for name, kid in (("unknown", "test-key-2099"), ("empty", ""), ("path", "../../../../dev/null"),
                      ("sql", "x' OR '1'='1"), ("nul", "test-key-2026-09\x00"), ("proto", "__proto__"),
                      ("upper-case", "TEST-KEY-2026-09"), ("prefix", "test-key-2026-0"),
                      ("blank", "test-key-2026-09 ")):
        add(f"kid-{name}", f"The key id {kid!r} names no key of the set.", "kid_abuse", "unknown_key",
            header=standard_header(kid=kid))
    add("jwks-empty-set", "A set without keys has no key of that id.", "key_set", "unknown_key",
        options={"jwks": {"keys": []}})
    add("jwks-missing", "No key was ever loaded: the sender must try again.", "unavailable_keys", "keys_unavailable",
        options={"jwks": None})


def key_set_cases(writer: TokenWriter) -> None:
    """Adds sets with keys that must not be used, and documents that are no sets."""
    add = writer.add
    for name, key in (("alg", jwk(alg=None)), ("use", jwk(use=None)), ("use-and-alg", jwk(use=None, alg=None))):
        add(f"jwk-without-{name}", "A key that does not say what it is for may be used.", "key_set",
            options={"jwks": jwks(key)})
    add("jwk-key-ops-verify", "A key whose operations include verifying.", "key_set",
        options={"jwks": jwks(jwk(use=None, key_ops=["verify"]))})
    foreign: list[dict[str, Json]] = [
        {"kty": "EC", "crv": "P-256", "kid": "ec", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
         "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
        {"kty": "OKP", "crv": "Ed25519", "kid": "okp", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        {"kty": "XYZ", "kid": "unknown"},
    ]
    add("foreign-keys-beside", "Keys of other and of unknown types in the set are skipped, RFC 7517 5.", "key_set",
        options={"jwks": jwks(*foreign, jwk())})
    for name, key, flag, comment in (
        ("use-enc", jwk(use="enc"), "key_set", "A key for encryption"),
        ("alg-ps256", jwk(alg="PS256"), "key_set", "A key for another algorithm"),
        ("key-ops-sign", jwk(use=None, key_ops=["sign"]), "key_set", "A key whose operations lack verifying"),
        ("kty-ec", jwk(kty="EC"), "key_set", "A key that says it is of another type"),
        ("kty-lower-case", jwk(kty="rsa"), "key_set", "A key whose type is in lower case"),
        ("no-modulus", jwk(n=None), "key_set", "A key without a modulus"),
        ("modulus-padded", jwk(n=f"{jwk()['n']}=="), "key_set", "A key whose modulus is padded"),
    ):
        add(f"jwk-{name}", f"{comment} is not usable, so the token's key is not in the set.", flag, "unknown_key",
            options={"jwks": jwks(key)})
    add("jwk-1024-bits", "A key of 1024 bits is not usable, RFC 7518 3.3.", "key_strength", "unknown_key",
        sign=bearer.rs256(keys.RSA_WEAK), options={"jwks": jwks(jwk(keys.RSA_WEAK))})
    add("jwk-exponent-one", "Under e = 1 the padded digest is its own signature.", "key_strength", "unknown_key",
        sign=bearer.exponent_one, options={"jwks": jwks(jwk(e="AQ"))})
    add("padding-garbage", "Garbage behind the digest, by a signer with the right key, is no PKCS#1 padding.",
        "key_strength", "no_matching_signature", sign=_garbage)
    for name, text in (("empty", ""), ("null", "null"), ("array", "[]"), ("no-keys", "{}"), ("html", "<html>"),
                       ("keys-null", '{"keys":null}'), ("keys-object", '{"keys":{}}'), ("truncated", '{"keys":[')):
        add(f"jwks-{name}", f"A document that is no key set ({name}) is refused when it is given.", "key_set",
            "invalid_key", options={"jwks": None, "jwks_raw": text})


def signature_cases(writer: TokenWriter) -> None:
    add, good = writer.add, writer.good()
    header, claims, signature = good.split(".")
    longer = bearer.token({**writer.claims, "admin": True}).split(".")[1]
    add("claims-changed", "Other claims under a captured signature.", "tampered", "no_matching_signature",
        authorization=f"Bearer {header}.{longer}.{signature}")
    for name, sign, comment in (
        ("zero", lambda _: bytes(256), "256 zero bytes"),
        ("first-bit-flipped", _flipped, "A signature that differs in one bit"),
        ("255-bytes", lambda message: bearer.rs256()(message)[:-1], "A byte too few"),
        ("257-bytes", lambda message: bearer.rs256()(message) + b"\x00", "A byte too many"),
        ("sample", lambda _: b"test", "The text 'test', as in the guide's sample"),
    ):
        add(f"signature-{name}", f"{comment} does not match.", "wrong_key", "no_matching_signature", sign=sign)
    add("header-white-space", "White space and another order in the header's JSON change nothing.", "baseline",
        header='{ "typ" : "JWT",\n\t"kid":"test-key-2026-09", "alg" : "RS256" }')
    add("header-escapes", "Escapes in the header's JSON are read.", "baseline",
        header='{"\\u0061lg":"RS\\u003256","kid":"test-key-2026-09"}')
    add("header-without-typ", "The type of the token may be missing.", "baseline",
        header={"alg": "RS256", "kid": bearer.KID})
    add("header-unknown-member", "Members of the header that are not critical are skipped.", "open_set",
        header=standard_header(foo={"bar": 1}))


def _flipped(message: bytes) -> bytes:
    signature = bearer.rs256()(message)
    return signature[:100] + bytes([signature[100] ^ 1]) + signature[101:]


def _garbage(message: bytes) -> bytes:
    """Returns a signature whose padding is short and followed by garbage, which a lenient parser overlooks."""
    numbers = keys.RSA.private_numbers()
    block = bearer.exponent_one(message)
    digest = block[block.index(b"\x00", 2) :]
    forged = b"\x00\x01" + b"\xff" * 8 + digest
    value = int.from_bytes(forged.ljust(256, b"\x5a"), "big")
    return pow(value, numbers.d, numbers.public_numbers.n).to_bytes(256, "big")
