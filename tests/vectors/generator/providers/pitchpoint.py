"""Pitchpoint: a bearer token says who calls; neither the body nor the `X-Pps-` headers are signed."""

from generator import bearer, body_cases, keys
from generator.bearer import jwk, jwks, standard_header, token
from generator.case import NOW, Case, Event, Headers, moment, replaced, without
from generator.edge_cases import claim_edge_cases
from generator.output import Json
from generator.providers import pitchpoint_claims
from generator.providers.pitchpoint_claims import AUDIENCE, ISSUER
from generator.token_key_cases import key_cases
from generator.token_padding_cases import padding_cases
from generator.token_signature_cases import algorithm_cases, signature_cases
from generator.token_transport_cases import transport_cases
from generator.token_writer import TokenWriter

WEBHOOK_ID = "0f5e2f6c-9a0c-4a3e-8a53-3f2f4f8f3c11"
CLAIMS: dict[str, Json] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "auth_time": NOW - 60,
    "user_id": "svc-hooks",
    "sub": "svc-hooks",
    "iat": NOW - 60,
    "exp": NOW + 3540,
    "email": "hooks@acme.example",
}
OPTIONS: dict[str, Json] = {"issuer": ISSUER, "audience": AUDIENCE, "jwks": jwks(jwk())}
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
EVENT: Event = {
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
    """Returns the cases; those about spellings of tokens and forms of key sets are `jwt-bearer`'s."""
    writer = TokenWriter("pitchpoint", CLAIMS, OPTIONS, EVENT, BODY, HEADERS)
    transport_cases(writer)
    algorithm_cases(writer)
    key_cases(writer)
    signature_cases(writer)
    padding_cases(writer)
    pitchpoint_claims.claim_cases(writer)
    pitchpoint_claims.time_cases(writer)
    claim_edge_cases(writer)
    pitchpoint_claims.pinning_cases(writer)
    _header_cases(writer)
    _body_cases(writer)
    return writer.cases


def _header_cases(writer: TokenWriter) -> None:
    add = writer.add
    authorization = ["Authorization", f"Bearer {token(CLAIMS)}"]
    headers = [*HEADERS, authorization]
    add(
        "topic-changed",
        "The topic is not signed: another one verifies, and covers is empty.",
        "unsigned_metadata",
        {**EVENT, "type": "orders/updated"},
        headers=replaced(headers, "X-Pps-Topic", "orders/updated"),
    )
    bare = {**EVENT, "id": None, "type": None, "occurred_at": None, "attributes": {}}
    add(
        "no-other-headers",
        "Without the other headers there is an event without id, type and attributes.",
        "absent_member",
        bare,
        headers=[authorization],
    )
    for header, change in (("X-Pps-Topic", {"type": None}), ("X-Pps-Webhook-Id", {"id": None})):
        add(
            f"no-{header.lower()}",
            f"Without {header} that member is missing.",
            "absent_member",
            {**EVENT, **change},
            headers=without(headers, header),
        )
        add(
            f"{header.lower()}-twice",
            f"Two lines of {header} are refused.",
            "duplicate_header",
            "duplicate_header",
            headers=[*headers, [header, "other"]],
        )
        add(
            f"{header.lower()}-with-e-acute",
            f"{header} beyond ASCII is refused.",
            "header_narrowing",
            "malformed_header",
            headers=replaced(headers, header, "caf\u00e9"),
        )
    for name, text, at in (
        ("iso", "2026-09-21T14:13:05Z", moment("2026-09-21T14:13:05Z")),
        ("milliseconds", "2026-09-21T14:13:05.250Z", moment("2026-09-21T14:13:05.250Z")),
        ("nine-digits", "2026-09-21T14:13:05.123456789Z", moment("2026-09-21T14:13:05.123456Z")),
        ("one-digit-day", "2026-09-1T14:13:05Z", moment("2026-09-01T14:13:05Z")),
        ("offset", "2026-09-21T16:13:05+02:00", moment("2026-09-21T14:13:05Z")),
        ("long-ago", "1999-12-31T23:59:59Z", moment("1999-12-31T23:59:59Z")),
        ("no-zone", "2026-09-21T14:13:05", None),
        ("word", "yesterday", None),
        ("month-13", "2026-13-01T00:00:00Z", None),
        ("digits", "9" * 40, None),
    ):
        add(
            f"triggered-at-{name}",
            f"The trigger time {text[:30]!r} never costs the event; its text is kept.",
            "lenient_timestamp",
            {**EVENT, "occurred_at": at, "attributes": {**EVENT["attributes"], "triggered_at": text}},
            headers=replaced(headers, "X-Pps-Triggered-At", text),
        )


def _body_cases(writer: TokenWriter) -> None:
    add = writer.add
    known = {name: value for name, value in EVENT.items() if name != "data"}
    add(
        "body-changed",
        "The token does not cover the body: another one verifies, and the proof says so.",
        "body_not_covered",
        {**known, "data": {"order_id": "1"}},
        body=b'{"order_id":"1"}',
    )
    for name, body, data in (
        ("array", b"[1]", [1]),
        ("unicode", b'{"a":"\xf0\x9f\xa6\x80"}', {"a": "\U0001f980"}),
    ):
        add(f"body-{name}", "Any JSON is a body.", "open_set", {**known, "data": data}, body=body)
    for name, body in (
        ("empty", b""),
        ("not-json", b"hello"),
        ("form", b"a=1"),
        ("byte-order-mark", b"\xef\xbb\xbf{}"),
        ("invalid-utf-8", b'{"a":"\xff"}'),
        ("truncated", BODY[:-1]),
    ):
        add(
            f"body-{name}",
            "A body that is no JSON is not what the provider sends.",
            "malformed_body",
            "malformed_body",
            body=body,
        )
    limit = body_cases.DEPTH_LIMIT
    add(
        "body-depth-128",
        "128 arrays and objects may be open at once.",
        "depth",
        known,
        body=("[" * limit + "]" * limit).encode(),
    )
    add(
        "body-depth-129",
        "129 open arrays and objects are one too many.",
        "depth",
        "malformed_body",
        body=("[" * (limit + 1) + "]" * (limit + 1)).encode(),
    )
    add(
        "body-over-the-limit",
        "A body of one byte over the limit is refused.",
        "body_limit",
        "body_too_large",
        options={"max_body": len(BODY) - 1},
    )
    add(
        "bad-token-and-bad-body",
        "The token is checked before the body is read.",
        "malformed_body",
        "no_matching_signature",
        body=b"hello",
        sign=bearer.rs256(keys.RSA_OTHER),
    )
    add(
        "kid-unknown-and-expired",
        "The key is looked up before the claims are believed.",
        "expiry",
        "unknown_key",
        claims={"exp": NOW - 999},
        header=standard_header(kid="test-key-2099"),
    )
