"""What Pitchpoint's tokens must claim."""

from generator import bearer
from generator.case import NOW
from generator.token_writer import TokenWriter

ISSUER, AUDIENCE = "https://securetoken.google.com/acme-tenants", "acme-tenants"


def claim_cases(writer: TokenWriter) -> None:
    add = writer.add
    add("no-kid", "The key id is required.", "malformed_token", "malformed_token", header={"alg": "RS256"})
    sample = ".".join(
        (
            bearer.segment({"alg": "RS256", "typ": "JWT"}),
            bearer.segment(
                '{"iss":"https://securetoken.google.com/acme","sub":"1234567890","iat":1516,"exp":1700}'
            ),
            "dGVzdA==",
        )
    )
    add(
        "sample-token",
        "A token like the guide's sample: dGVzdA== as its third part, and an expiry in 1970.",
        "malformed_token",
        "malformed_token",
        authorization=f"Bearer {sample}",
    )
    for name, issuer in (
        ("other", "https://securetoken.google.com/other"),
        ("suffix", f"{ISSUER}.evil.example"),
        ("prefix", ISSUER[:-1]),
        ("trailing-slash", f"{ISSUER}/"),
        ("upper-case", ISSUER.upper()),
        ("blank", f"{ISSUER} "),
        ("empty", ""),
    ):
        add(
            f"iss-{name}",
            "The issuer must be equal to the configured one, text for text.",
            "issuer",
            "wrong_issuer",
            claims={"iss": issuer},
        )
    for name, audience in (
        ("other", "other-tenants"),
        ("prefix", AUDIENCE[:-1]),
        ("suffix", f"{AUDIENCE}-2"),
        ("array", [AUDIENCE]),
        ("array-of-two", [AUDIENCE, "other"]),
        ("empty-array", []),
    ):
        add(
            f"aud-{name}",
            "The audience must be exactly one text, equal to the configured one.",
            "audience",
            "wrong_audience",
            claims={"aud": audience},
        )
    for name, code in (
        ("iss", "wrong_issuer"),
        ("aud", "wrong_audience"),
        ("sub", "wrong_claim"),
        ("exp", "wrong_claim"),
        ("iat", "wrong_claim"),
    ):
        add(f"{name}-missing", f"The claim {name} is required.", "claim_types", code, claims={name: None})
    for name, value in (
        ("iss", [ISSUER]),
        ("iss", 7),
        ("aud", 7),
        ("aud", {AUDIENCE: True}),
        ("aud", [AUDIENCE, 7]),
        ("sub", 7),
        ("sub", ["svc-hooks"]),
        ("sub", {"svc-hooks": 1}),
    ):
        kind = {list: "array", dict: "object", int: "number"}[type(value)]
        add(
            f"{name}-of-type-{kind}",
            f"A claim {name} of another type ({kind}) is malformed, and no absent one.",
            "claim_types",
            "malformed_token",
            claims={name: value},
        )
    for name, subject in (("empty", ""), ("129-characters", "s" * 129)):
        add(
            f"sub-{name}",
            "The subject is a text of 1 to 128 characters.",
            "claim_types",
            "wrong_claim",
            claims={"sub": subject},
        )
    add(
        "sub-128-characters",
        "A subject of 128 characters is accepted.",
        "claim_types",
        claims={"sub": "s" * 128},
    )
    add(
        "sub-128-wide-characters",
        "Characters are counted, not bytes.",
        "claim_types",
        claims={"sub": "\u00e9" * 128},
    )
    add("auth-time-missing", "auth_time may be missing.", "claim_types", claims={"auth_time": None})
    add(
        "unknown-claims",
        "Unknown claims are kept.",
        "open_set",
        claims={"firebase": {"sign_in_provider": "custom"}, "n": 12345678901234567890},
    )
    for name, expiry in (
        ("text", str(NOW + 600)),
        ("array", [NOW + 600]),
        ("object", {"exp": NOW}),
        ("true", True),
    ):
        add(
            f"exp-{name}",
            "An expiry that is no number is not an absent one.",
            "claim_types",
            "malformed_token",
            claims={"exp": expiry},
        )
    add(
        "iat-text",
        "A time of issue that is no number is not an absent one.",
        "claim_types",
        "malformed_token",
        claims={"iat": str(NOW)},
    )
    for name in ("issuer", "audience"):
        add(
            f"option-{name}-missing",
            f"The {name} is configuration that the provider needs.",
            "invalid_option",
            "invalid_option",
            options={name: None},
        )
    add(
        "option-issuers",
        "Several issuers may be accepted.",
        "issuer",
        options={"issuer": ["https://securetoken.google.com/other", ISSUER]},
    )
    add(
        "option-audiences",
        "Several audiences may be accepted, one of which is the token's.",
        "audience",
        options={"audience": ["other-tenants", AUDIENCE]},
    )


def time_cases(writer: TokenWriter) -> None:
    add = writer.add
    for name, claims, tolerance, code, comment in (
        ("exp-in-one-second", {"exp": NOW + 1}, 0, None, "A second before its expiry a token is good."),
        ("exp-now", {"exp": NOW}, 0, "token_expired", "An expiry equal to now is expired, RFC 7519 4.1.4."),
        ("exp-past", {"exp": NOW - 1}, 0, "token_expired", "A second after its expiry a token is expired."),
        ("exp-fraction", {"exp": NOW + 0.5}, 0, None, "A time may have a fraction."),
        ("exp-zero", {"exp": 0}, 60, "token_expired", "0 is a time, and a very old one."),
        ("exp-negative", {"exp": -1}, 60, "token_expired", "A negative time is before 1970, not far ahead."),
        ("exp-within-skew", {"exp": NOW - 59}, 60, None, "The clock skew extends the lifetime."),
        ("exp-at-skew", {"exp": NOW - 60}, 60, "token_expired", "An expiry exactly the skew ago is expired."),
        ("iat-now", {"iat": NOW}, 0, None, "A token may be issued just now."),
        (
            "iat-future",
            {"iat": NOW + 1},
            0,
            "token_not_yet_valid",
            "A token from the future is not valid yet.",
        ),
        (
            "iat-within-skew",
            {"iat": NOW + 60},
            60,
            None,
            "The clock skew covers a sender whose clock is ahead.",
        ),
        (
            "iat-beyond-skew",
            {"iat": NOW + 61},
            60,
            "token_not_yet_valid",
            "A second beyond the skew is too much.",
        ),
        ("nbf-now", {"nbf": NOW}, 0, None, "A token may start now."),
        (
            "nbf-future",
            {"nbf": NOW + 1},
            0,
            "token_not_yet_valid",
            "A token that starts later is not valid yet.",
        ),
        (
            "nbf-beyond-skew",
            {"nbf": NOW + 61},
            60,
            "token_not_yet_valid",
            "A second beyond the skew is too much.",
        ),
        ("auth-time-now", {"auth_time": NOW}, 0, None, "The sign-in may be just now."),
        (
            "auth-time-future",
            {"auth_time": NOW + 1},
            0,
            "token_not_yet_valid",
            "A sign-in in the future is refused.",
        ),
        (
            "auth-time-beyond-skew",
            {"auth_time": NOW + 61},
            60,
            "token_not_yet_valid",
            "So is one beyond the skew.",
        ),
    ):
        add(name, comment, "expiry", code, claims=claims, options={"tolerance": tolerance})
    add(
        "replayed-after-an-hour",
        "A captured request is good for an hour, and then no more.",
        "expiry",
        "token_expired",
        now=NOW + 3_601,
    )


def pinning_cases(writer: TokenWriter) -> None:
    add = writer.add
    add(
        "pinned",
        "Pinned claims that are equal.",
        "claim_pinning",
        options={"claims": {"sub": "svc-hooks", "email": "hooks@acme.example"}},
    )
    for name, pinned in (
        ("other", {"sub": "svc-other"}),
        ("missing", {"tenant": "x"}),
        ("type", {"sub": ["svc-hooks"]}),
        ("prefix", {"email": "hooks@acme"}),
        ("one-of-two", {"sub": "svc-hooks", "user_id": "x"}),
    ):
        add(
            f"pinned-{name}",
            "A pinned claim must be there and equal, or another customer's token would do.",
            "claim_pinning",
            "wrong_claim",
            options={"claims": pinned},
        )
    add(
        "pinned-number-as-text",
        "A pinned number is not equal to a text.",
        "claim_pinning",
        "wrong_claim",
        claims={"level": "7"},
        options={"claims": {"level": 7}},
    )
    add(
        "pinned-object",
        "A pinned object is equal whatever the order of its members.",
        "claim_pinning",
        claims={"role": {"b": [1, 2], "a": True}},
        options={"claims": {"role": {"a": True, "b": [1, 2]}}},
    )
    add(
        "required",
        "A claim that the receiver requires is there.",
        "claim_pinning",
        options={"required_claims": ["email"]},
    )
    add(
        "required-missing",
        "A claim that the receiver requires is missing.",
        "claim_pinning",
        "wrong_claim",
        options={"required_claims": ["email_verified"]},
    )
