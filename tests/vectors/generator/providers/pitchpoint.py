"""Pitchpoint: a bearer token says who calls; neither the body nor the `X-Pps-` headers are signed."""

from generator import bearer, body_cases, keys
from generator.bearer import jwk, jwks, standard_header, token
from generator.case import NOW, Case, Headers, moment, replaced, without
from generator.token_cases import (
    TokenWriter,
    algorithm_cases,
    key_cases,
    signature_cases,
    transport_cases,
)

ISSUER, AUDIENCE = "https://securetoken.google.com/acme-tenants", "acme-tenants"
WEBHOOK_ID = "0f5e2f6c-9a0c-4a3e-8a53-3f2f4f8f3c11"
CLAIMS = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "auth_time": NOW - 60,
    "user_id": "svc-hooks",
    "sub": "svc-hooks",
    "iat": NOW - 60,
    "exp": NOW + 3540,
    "email": "hooks@acme.example",
}
OPTIONS = {"issuer": ISSUER, "audience": AUDIENCE, "jwks": jwks(jwk())}
BODY = b'{"message":"This is a test message","timestamp":"2024-02-28T12:34:56Z","order_id":"12345"}'
DOCUMENTED_TIME = "2024-01-1T10:00:00.7777748Z"
HEADERS: Headers = [
    ["Content-Type", "application/json"],
    ["X-Pps-Topic", "orders/placed"],
    ["X-Pps-Sub-Topic", "product:adv/adv-120"],
    ["X-Pps-Tenant-Id", "OU1243"],
    ["X-Pps-Webhook-Id", WEBHOOK_ID],
    ["X-Pps-Triggered-At", DOCUMENTED_TIME],
]
EVENT = {
    "id": WEBHOOK_ID,
    "type": "orders/placed",
    "is_ping": False,
    "covers": [],
    "occurred_at": moment("2024-01-01T10:00:00.777774Z"),
    "attributes": {"sub_topic": "product:adv/adv-120", "tenant": "OU1243", "triggered_at": DOCUMENTED_TIME},
    "data": {"message": "This is a test message", "timestamp": "2024-02-28T12:34:56Z", "order_id": "12345"},
    "algorithm": "RS256",
    "content": "raw",
}


def cases() -> list[Case]:
    """Returns the cases; the spellings of tokens and the forms of key sets are among those of `jwt-bearer`."""
    writer = TokenWriter("pitchpoint", CLAIMS, OPTIONS, EVENT, BODY, HEADERS)
    transport_cases(writer)
    algorithm_cases(writer)
    key_cases(writer)
    signature_cases(writer)
    _claim_cases(writer)
    _time_cases(writer)
    _pinning_cases(writer)
    _header_cases(writer)
    _body_cases(writer)
    return writer.cases


def _claim_cases(writer: TokenWriter) -> None:
    add = writer.add
    add("no-kid", "The key id is required.", "malformed_token", "malformed_token", header={"alg": "RS256"})
    sample = ".".join((bearer.segment({"alg": "RS256", "typ": "JWT"}), bearer.segment(
        '{"iss":"https://securetoken.google.com/acme","sub":"1234567890","iat":1516,"exp":1700}'), "dGVzdA=="))
    add("sample-token", "The guide's sample token: padding in its third part, and an expiry in 1970.",
        ["malformed_token", "published"], "malformed_token", authorization=f"Bearer {sample}")
    for name, issuer in (("other", "https://securetoken.google.com/other"), ("suffix", f"{ISSUER}.evil.example"),
                         ("prefix", ISSUER[:-1]), ("trailing-slash", f"{ISSUER}/"), ("upper-case", ISSUER.upper()),
                         ("blank", f"{ISSUER} "), ("array", [ISSUER]), ("number", 7), ("empty", "")):
        add(f"iss-{name}", "The issuer must be equal to the configured one, text for text.", "issuer", "wrong_issuer",
            claims={"iss": issuer})
    for name, audience in (("other", "other-tenants"), ("prefix", AUDIENCE[:-1]), ("suffix", f"{AUDIENCE}-2"),
                           ("array", [AUDIENCE]), ("array-of-two", [AUDIENCE, "other"]), ("empty-array", []),
                           ("number", 7), ("object", {AUDIENCE: True})):
        add(f"aud-{name}", "The audience must be exactly one text, equal to the configured one.", "audience",
            "wrong_audience", claims={"aud": audience})
    for name, code in (("iss", "wrong_issuer"), ("aud", "wrong_audience"), ("sub", "wrong_claim"),
                       ("exp", "wrong_claim"), ("iat", "wrong_claim")):
        add(f"{name}-missing", f"The claim {name} is required.", "claim_types", code, claims={name: None})
    for name, subject in (("empty", ""), ("129-characters", "s" * 129), ("number", 7), ("array", ["svc-hooks"])):
        add(f"sub-{name}", "The subject is a text of 1 to 128 characters.", "claim_types", "wrong_claim",
            claims={"sub": subject})
    add("sub-128-characters", "A subject of 128 characters is accepted.", "claim_types", claims={"sub": "s" * 128})
    add("sub-128-wide-characters", "Characters are counted, not bytes.", "claim_types", claims={"sub": "\u00e9" * 128})
    add("auth-time-missing", "auth_time may be missing.", "claim_types", claims={"auth_time": None})
    add("unknown-claims", "Unknown claims are kept.", "open_set",
        claims={"firebase": {"sign_in_provider": "custom"}, "n": 12345678901234567890})
    for name, value in (("text", str(NOW + 600)), ("array", [NOW + 600]), ("object", {"exp": NOW}), ("true", True)):
        add(f"exp-{name}", "An expiry that is no number is not an absent one.", "claim_types", "malformed_token",
            claims={"exp": value})
    add("iat-text", "A time of issue that is no number is not an absent one.", "claim_types", "malformed_token",
        claims={"iat": str(NOW)})
    for name in ("issuer", "audience"):
        add(f"option-{name}-missing", f"The {name} is configuration that the provider needs.", "invalid_option",
            "invalid_option", options={name: None})
    add("option-issuers", "Several issuers may be accepted.", "issuer",
        options={"issuer": ["https://securetoken.google.com/other", ISSUER]})
    add("option-audiences", "Several audiences may be accepted, one of which is the token's.", "audience",
        options={"audience": ["other-tenants", AUDIENCE]})


def _time_cases(writer: TokenWriter) -> None:
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
        ("iat-future", {"iat": NOW + 1}, 0, "token_not_yet_valid", "A token from the future is not valid yet."),
        ("iat-within-skew", {"iat": NOW + 60}, 60, None, "The clock skew covers a sender whose clock is ahead."),
        ("iat-beyond-skew", {"iat": NOW + 61}, 60, "token_not_yet_valid", "A second beyond the skew is too much."),
        ("nbf-now", {"nbf": NOW}, 0, None, "A token may start now."),
        ("nbf-future", {"nbf": NOW + 1}, 0, "token_not_yet_valid", "A token that starts later is not valid yet."),
        ("nbf-beyond-skew", {"nbf": NOW + 61}, 60, "token_not_yet_valid", "A second beyond the skew is too much."),
        ("auth-time-now", {"auth_time": NOW}, 0, None, "The sign-in may be just now."),
        ("auth-time-future", {"auth_time": NOW + 1}, 0, "token_not_yet_valid", "A sign-in in the future is refused."),
        ("auth-time-beyond-skew", {"auth_time": NOW + 61}, 60, "token_not_yet_valid", "So is one beyond the skew."),
    ):
        add(name, comment, "expiry", code, claims=claims, options={"tolerance": tolerance})
    add("replayed-after-an-hour", "A captured request is good for an hour, and then no more.", "expiry",
        "token_expired", now=NOW + 3_601)


def _pinning_cases(writer: TokenWriter) -> None:
    add = writer.add
    add("pinned", "Pinned claims that are equal.", "claim_pinning",
        options={"claims": {"sub": "svc-hooks", "email": "hooks@acme.example"}})
    for name, pinned in (("other", {"sub": "svc-other"}), ("missing", {"tenant": "x"}), ("type", {"sub": ["svc-hooks"]}),
                         ("prefix", {"email": "hooks@acme"}), ("one-of-two", {"sub": "svc-hooks", "user_id": "x"})):
        add(f"pinned-{name}", "A pinned claim must be there and equal, or another customer's token would do.",
            "claim_pinning", "wrong_claim", options={"claims": pinned})
    add("pinned-number-as-text", "A pinned number is not equal to a text.", "claim_pinning", "wrong_claim",
        claims={"level": "7"}, options={"claims": {"level": 7}})
    add("pinned-object", "A pinned object is equal whatever the order of its members.", "claim_pinning",
        claims={"role": {"b": [1, 2], "a": True}}, options={"claims": {"role": {"a": True, "b": [1, 2]}}})
    add("required", "A claim that the receiver requires is there.", "claim_pinning",
        options={"required_claims": ["email"]})
    add("required-missing", "A claim that the receiver requires is missing.", "claim_pinning", "wrong_claim",
        options={"required_claims": ["email_verified"]})


def _header_cases(writer: TokenWriter) -> None:
    add = writer.add
    authorization = ["Authorization", f"Bearer {token(CLAIMS)}"]
    headers = [*HEADERS, authorization]
    add("topic-changed", "The topic is not signed: another one verifies, and covers is empty.", "unsigned_metadata",
        {**EVENT, "type": "orders/updated"}, headers=replaced(headers, "X-Pps-Topic", "orders/updated"))
    bare = {**EVENT, "id": None, "type": None, "occurred_at": None, "attributes": {}}
    add("no-other-headers", "Without the other headers there is an event without id, type and attributes.",
        "absent_member", bare, headers=[authorization])
    for header, change in (("X-Pps-Topic", {"type": None}), ("X-Pps-Webhook-Id", {"id": None})):
        add(f"no-{header.lower()}", f"Without {header} that member is missing.", "absent_member", {**EVENT, **change},
            headers=without(headers, header))
        add(f"{header.lower()}-twice", f"Two lines of {header} are refused.", "duplicate_header", "duplicate_header",
            headers=[*headers, [header, "other"]])
        add(f"{header.lower()}-with-e-acute", f"{header} beyond ASCII is refused.", "header_narrowing",
            "malformed_header", headers=replaced(headers, header, "caf\u00e9"))
    for name, text, at in (
        ("iso", "2026-09-21T14:13:05Z", moment("2026-09-21T14:13:05Z")),
        ("milliseconds", "2026-09-21T14:13:05.250Z", moment("2026-09-21T14:13:05.250Z")),
        ("nine-digits", "2026-09-21T14:13:05.123456789Z", moment("2026-09-21T14:13:05.123456Z")),
        ("one-digit-day", "2026-09-1T14:13:05Z", moment("2026-09-01T14:13:05Z")),
        ("offset", "2026-09-21T16:13:05+02:00", moment("2026-09-21T14:13:05Z")),
        ("long-ago", "1999-12-31T23:59:59Z", moment("1999-12-31T23:59:59Z")),
        ("no-zone", "2026-09-21T14:13:05", None),
        ("word", "yesterday", None),
        ("empty", "", None),
        ("month-13", "2026-13-01T00:00:00Z", None),
        ("digits", "9" * 40, None),
    ):
        add(f"triggered-at-{name}", f"The trigger time {text[:30]!r} never costs the event; its text is kept.",
            "lenient_timestamp",
            {**EVENT, "occurred_at": at, "attributes": {**EVENT["attributes"], "triggered_at": text}},
            headers=replaced(headers, "X-Pps-Triggered-At", text))


def _body_cases(writer: TokenWriter) -> None:
    add = writer.add
    known = {name: value for name, value in EVENT.items() if name != "data"}
    add("body-changed", "The token does not cover the body: another one verifies, and the proof says so.",
        "body_not_covered", {**known, "data": {"order_id": "1"}}, body=b'{"order_id":"1"}')
    for name, body, data in (("array", b"[1]", [1]), ("unicode", b'{"a":"\xf0\x9f\xa6\x80"}', {"a": "\U0001f980"})):
        add(f"body-{name}", "Any JSON is a body.", "open_set", {**known, "data": data}, body=body)
    for name, body in (("empty", b""), ("not-json", b"hello"), ("form", b"a=1"), ("byte-order-mark", b"\xef\xbb\xbf{}"),
                       ("invalid-utf-8", b'{"a":"\xff"}'), ("truncated", BODY[:-1])):
        add(f"body-{name}", "A body that is no JSON is not what the provider sends.", "malformed_body",
            "malformed_body", body=body)
    limit = body_cases.DEPTH_LIMIT
    add("body-depth-128", "128 arrays and objects may be open at once.", "depth", known,
        body=("[" * limit + "]" * limit).encode())
    add("body-depth-129", "129 open arrays and objects are one too many.", "depth", "malformed_body",
        body=("[" * (limit + 1) + "]" * (limit + 1)).encode())
    add("body-over-the-limit", "A body of one byte over the limit is refused.", "body_limit", "body_too_large",
        options={"max_body": len(BODY) - 1})
    add("bad-token-and-bad-body", "The token is checked before the body is read.", "malformed_body",
        "no_matching_signature", body=b"hello", sign=bearer.rs256(keys.RSA_OTHER))
    add("kid-unknown-and-expired", "The key is looked up before the claims are believed.", "expiry", "unknown_key",
        claims={"exp": NOW - 999}, header=standard_header(kid="test-key-2099"))
