"""Whatever the bytes: nothing leaves `verify` or an event but an error of hookproof."""

import json
from typing import Any

import pytest
from authentic import NOW, SECRET, WHSEC
from hypothesis import example, given
from hypothesis import strategies as st
from run import built
from vectors import document, names

from hookproof import Event, HookproofError, PayloadError, Provider, Signer, Verifier

ISSUED: dict[str, Any] = {"issuer": "https://securetoken.google.com/acme", "audience": "acme"}
KEYS = {"keys": [{"kty": "RSA", "kid": "k", "n": "u" * 342 + "w", "e": "AQAB", "alg": "RS256", "use": "sig"}]}

# One of each kind of body and of signed content.
SIGNERS = {
    **dict.fromkeys(["fast-events", "fourvenues", "github", "shopify", "slack", "stripe"], SECRET),
    **dict.fromkeys(["eventsair", "standard-webhooks"], WHSEC),
}
VERIFIERS = {
    case["provider"]: built(case)
    for name in names("verify")
    for case in document(name)["cases"]
    if case["expect"]["verdict"] == "accept" and isinstance(case["provider"], str)
}
HEADER_NAMES = [
    "X-Webhook-Signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "X-FE-Webhook-Signature",
    "X-FE-Webhook-Topic",
    "Authorization",
    "X-Pps-Webhook-Id",
    "X-Hub-Signature-256",
    "Stripe-Signature",
    "X-Slack-Signature",
    "X-Slack-Request-Timestamp",
    "X-Shopify-Hmac-Sha256",
]


def _view(body: bytes) -> memoryview:
    return memoryview(body)


texts = st.text() | st.text(st.characters(categories=["Cs", "Cc", "Nd", "Lo"]))
tokens = st.lists(st.text("ABCabc012-_=.", max_size=20), min_size=1, max_size=5).map(".".join)
values = (
    texts
    | st.binary()
    | st.sampled_from(
        ["v1,", "sha256=", "t=1,v1=", "Bearer ", "v0=" + "0" * 64, "0" * 64, str(NOW), "v1a,AAAA"]
    )
    | tokens.map(lambda token: f"Bearer {token}")
)
header_names = st.sampled_from(HEADER_NAMES) | texts
headers = st.dictionaries(header_names, values | st.lists(values, max_size=3), max_size=8) | st.lists(
    st.tuples(header_names | st.binary(), values), max_size=8
)
bodies: st.SearchStrategy[Any] = st.binary() | texts | st.binary().map(bytearray) | st.binary().map(_view)
moments = st.none() | st.integers() | st.floats() | st.just(NOW)


@pytest.mark.parametrize("name", sorted(VERIFIERS))
@given(body=bodies, headers=headers, now=moments)
def test_hostile_requests_raise_nothing_else(name: str, body: Any, headers: Any, now: Any) -> None:
    try:
        VERIFIERS[name].verify(body, headers, now=now)
    except HookproofError as error:
        assert error.code != "internal_error"
        assert error.code.islower()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)
envelopes = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("id", "event", "payload", "type", "data", "timestamp", "event_id", "team_id", "created"), json_values
    ),
)
documents = (
    envelopes.map(json.dumps)
    | envelopes.map(lambda value: json.dumps(value, ensure_ascii=False))
    | json_values.map(json.dumps)
    | st.integers(4290, 4310).map(
        lambda digits: f'{{"id":"1","payload":{"7" * digits},"data":{"7" * digits}}}'
    )
    | st.integers(100, 140).map(lambda depth: f'{{"payload":{"[" * depth}{"]" * depth}}}')
)


@pytest.mark.parametrize("name", sorted(SIGNERS))
@given(body=documents.map(lambda text: text.encode("utf-8", "surrogatepass")) | st.binary())
@example(body=b"\xef\xbb\xbf{}")
@example(body=b'{"id":1e400,"event":1}')
@example(body=b'{"id":"1","id":"2","payload":{},"payload":[]}')
@example(body=b'{"id":"1","payload":NaN}')
def test_authentic_bodies_of_any_content_raise_nothing_else(name: str, body: bytes) -> None:
    signed = Signer(name, secret=SIGNERS[name]).sign(body, id="msg_1", type="some.type", now=NOW)
    try:
        event = Verifier(name, secret=SIGNERS[name]).verify(signed.body, signed.headers, now=NOW)
    except PayloadError as error:
        assert error.code == "malformed_body"
        return
    _read_all(event)


def _read_all(event: Event) -> None:
    try:
        assert event.data is event.data
    except PayloadError as error:
        assert error.code == "malformed_body"
    assert event.body is event.body
    assert len(event.idempotency_key) <= 201
    assert event.idempotency_key.isascii()
    for found in (event.id, event.type, event.sent_at, event.occurred_at, event.attributes, event.is_ping):
        repr(found)
    repr(event)
    repr(event.proof)


@given(secret=texts | st.binary() | st.lists(texts | st.binary()))
@pytest.mark.parametrize("name", Provider.names())
def test_hostile_secrets_raise_nothing_else(name: str, secret: Any) -> None:
    for kind in (Verifier, Signer):
        try:
            kind(name, secret=secret)
        except HookproofError as error:
            assert error.code in {"invalid_secret", "invalid_key", "invalid_option"}
            if isinstance(secret, str) and len(secret) > 8:
                assert secret not in str(error)


@given(jwks=texts | st.dictionaries(texts, json_values) | json_values.map(lambda keys: {"keys": keys}))
def test_hostile_key_sets_raise_nothing_else(jwks: Any) -> None:
    bearer = Verifier("pitchpoint", **ISSUED)
    try:
        bearer.update_keys(jwks)
    except HookproofError as error:
        assert error.code == "invalid_key"


@given(
    form=st.dictionaries(texts, json_values) | envelopes.map(lambda scheme: {"name": "x", "scheme": scheme})
)
def test_hostile_provider_files_raise_nothing_else(form: Any) -> None:
    try:
        Provider.from_dict(form)
    except HookproofError as error:
        assert error.code == "invalid_provider"
