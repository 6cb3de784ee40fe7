"""The signers of bearer tokens."""

from generator import keys
from generator.bearer import KID, jwk, jwks
from generator.case import NOW, Event
from generator.output import Json
from generator.providers import jwt_bearer, pitchpoint, pitchpoint_claims
from generator.signing_case import Case, signing_case


def pitchpoint_cases() -> list[Case]:
    event: Event = {name: value for name, value in pitchpoint.EVENT.items() if name != "algorithm"}
    pem = keys.pem("rsa-2048-test-key")
    issuer, audience = pitchpoint_claims.ISSUER, pitchpoint_claims.AUDIENCE
    options = {"issuer": issuer, "audience": audience, "key_id": KID, "claims": {"sub": "svc-hooks"}}
    verify = {
        "secret": None,
        "options": {
            "issuer": issuer,
            "audience": audience,
            "jwks": jwks(jwk()),
            "claims": {"sub": "svc-hooks"},
        },
        "now": NOW,
    }
    return [
        signing_case(
            "pitchpoint",
            "headers",
            "Type, id and attributes become headers beside the token.",
            pem,
            pitchpoint.BODY,
            options=options,
            verify={**verify, "event": event},
            now=NOW,
            type=event["type"],
            id=event["id"],
            attributes=event["attributes"],
        ),
        signing_case(
            "pitchpoint",
            "near-its-end",
            "The token is still good 50 minutes later.",
            pem,
            pitchpoint.BODY,
            options=options,
            verify={**verify, "now": NOW + 3_000},
            now=NOW,
        ),
    ]


def jwt_bearer_cases() -> list[Case]:
    pem = keys.pem("rsa-2048-test-key")
    options = {"issuer": jwt_bearer.ISSUER, "audience": jwt_bearer.AUDIENCE, "key_id": KID}
    verify: dict[str, Json] = {"secret": None, "options": {**jwt_bearer.OPTIONS, "tolerance": 0}, "now": NOW}
    pinned = {**verify, "options": {**verify["options"], "claims": {"sub": "sender-1", "level": 7}}}
    return [
        signing_case(
            "jwt-bearer",
            "token",
            "A token that the receiver's rules accept.",
            pem,
            b"any body",
            options=options,
            verify=verify,
            now=NOW,
        ),
        signing_case(
            "jwt-bearer",
            "claims",
            "Claims are passed on with their types.",
            pem,
            b"{}",
            options={**options, "claims": {"sub": "sender-1", "level": 7}},
            verify=pinned,
            now=NOW,
        ),
    ]
