"""The generic bearer token: `exp`, `iss` and `aud` are required, and nothing else is asked of the request."""

from generator import keys
from generator.bearer import OTHER_KID, jwk, jwks, rs256
from generator.case import NOW, Case, event
from generator.output import Json
from generator.token_claim_cases import claim_type_cases, compared_cases
from generator.token_jose_cases import (
    confusion_cases,
    primitive_cases,
    serialization_cases,
    stranger_cases,
    stray_bit_cases,
)
from generator.token_key_cases import key_cases, key_set_cases
from generator.token_limit_cases import header_form_cases, key_count_cases, key_form_cases, limit_cases
from generator.token_number_cases import number_cases
from generator.token_padding_cases import padding_cases
from generator.token_signature_cases import algorithm_cases, signature_cases
from generator.token_spelling_cases import spelling_cases
from generator.token_transport_cases import transport_cases
from generator.token_writer import TokenWriter

ISSUER, AUDIENCE = "https://issuer.example.com", "https://hooks.example.com/in"
CLAIMS: dict[str, Json] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "sender-1",
    "iat": NOW - 10,
    "exp": NOW + 600,
    "jti": "ev_1",
}
OPTIONS: dict[str, Json] = {
    "algorithms": ["RS256"],
    "issuer": ISSUER,
    "audience": AUDIENCE,
    "tolerance": 60,
    "jwks": jwks(jwk()),
}
EVENT = event(None, None, [], algorithm="RS256", content="raw")


def cases() -> list[Case]:
    writer = TokenWriter(
        "jwt-bearer", CLAIMS, OPTIONS, EVENT, b'{"a":1}', [["Content-Type", "application/json"]]
    )
    transport_cases(writer)
    spelling_cases(writer)
    algorithm_cases(writer)
    key_cases(writer)
    key_set_cases(writer)
    signature_cases(writer)
    padding_cases(writer)
    number_cases(writer)
    primitive_cases(writer)
    confusion_cases(writer)
    serialization_cases(writer)
    stranger_cases(writer)
    stray_bit_cases(writer)
    header_form_cases(writer)
    key_form_cases(writer)
    key_count_cases(writer)
    limit_cases(writer)
    claim_type_cases(writer)
    compared_cases(writer)
    _claim_cases(writer)
    _body_cases(writer)
    return writer.cases


def _claim_cases(writer: TokenWriter) -> None:
    add = writer.add
    for name, allowed in (
        ("aud-array", {"aud": ["https://other.example", AUDIENCE]}),
        ("aud-array-of-one", {"aud": [AUDIENCE]}),
        ("no-iat", {"iat": None}),
        ("no-sub-no-jti", {"sub": None, "jti": None}),
        ("exp-fraction", {"exp": NOW + 0.25}),
        ("nbf-within-skew", {"nbf": NOW + 60}),
        ("exp-within-skew", {"exp": NOW - 59}),
        ("unicode", {"name": "Zo\u00eb \U0001f980"}),
    ):
        add(
            f"claims-{name}",
            f"The standard allows this ({name.replace('-', ' ')}).",
            "baseline",
            claims=allowed,
        )
    for name, claims, flag, code in (
        ("aud-other", {"aud": "https://other.example"}, "audience", "wrong_audience"),
        ("aud-array-of-others", {"aud": ["https://other.example"]}, "audience", "wrong_audience"),
        ("aud-empty-array", {"aud": []}, "audience", "wrong_audience"),
        ("aud-number", {"aud": 7}, "audience", "malformed_token"),
        ("aud-missing", {"aud": None}, "audience", "wrong_audience"),
        ("iss-suffix", {"iss": f"{ISSUER}.evil.example"}, "issuer", "wrong_issuer"),
        ("iss-prefix", {"iss": ISSUER[:-1]}, "issuer", "wrong_issuer"),
        ("iss-array", {"iss": [ISSUER]}, "issuer", "malformed_token"),
        ("iss-missing", {"iss": None}, "issuer", "wrong_issuer"),
        ("exp-missing", {"exp": None}, "claim_types", "wrong_claim"),
        ("exp-text", {"exp": str(NOW + 600)}, "claim_types", "malformed_token"),
        ("exp-at-skew", {"exp": NOW - 60}, "expiry", "token_expired"),
        ("nbf-beyond-skew", {"nbf": NOW + 61}, "expiry", "token_not_yet_valid"),
    ):
        add(f"claims-{name}", f"The claims are wrong ({name.replace('-', ' ')}).", flag, code, claims=claims)
    add(
        "no-kid",
        "A token need not name its key; every key of the set is then tried.",
        "key_set",
        header={"alg": "RS256"},
        options={"jwks": jwks(jwk(keys.RSA_OTHER, OTHER_KID), jwk())},
    )
    add(
        "no-kid-attacker",
        "A token that names no key still needs one of the set.",
        "wrong_key",
        "no_matching_signature",
        header={"alg": "RS256"},
        sign=rs256(keys.RSA_OTHER),
    )
    add(
        "required-claim-missing",
        "A claim that the receiver requires is missing.",
        "claim_pinning",
        "wrong_claim",
        claims={"jti": None},
        options={"required_claims": ["exp", "iss", "aud", "jti"]},
    )
    add(
        "pinned-claim",
        "A pinned claim that is equal.",
        "claim_pinning",
        options={"claims": {"sub": "sender-1"}},
    )
    add(
        "pinned-claim-other",
        "A pinned claim that differs.",
        "claim_pinning",
        "wrong_claim",
        options={"claims": {"sub": "sender-2"}},
    )
    for algorithm in ("none", "HS256", "rs256", ""):
        add(
            f"option-algorithm-{algorithm or 'empty'}",
            f"The algorithm {algorithm!r} cannot be meant.",
            ["invalid_option", "algorithm_confusion"],
            "invalid_option",
            options={"algorithms": [algorithm]},
        )


def _body_cases(writer: TokenWriter) -> None:
    for name, body in (
        ("empty", b""),
        ("text", b"hello"),
        ("invalid-utf-8", b"\xff\xfe"),
        ("other", b'{"amount":999}'),
    ):
        writer.add(
            f"body-{name}",
            "A token does not cover the body, so any body goes with it.",
            "body_not_covered",
            body=body,
        )
