"""The test kit's requests: every provider's verifier takes them, and refuses each of their variants."""

import base64
import json
from typing import Any

import pytest
from authentic import NOW, SECRET, WHSEC
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from vectors import document, names

from hookproof import ConfigurationError, Event, Provider, VerificationError, Verifier
from hookproof.testing import SignedRequest, generate_keys, signed_request

KEYS = generate_keys()
# What a receiver is given, beside the secrets that every provider's vectors have.
FOUR: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "fourvenues": ({"secret": SECRET}, {"secret": SECRET}),
    "eventsair": ({"secret": WHSEC}, {"secret": WHSEC}),
    "fast-events": ({"secret": SECRET}, {"secret": SECRET}),
    "pitchpoint": (dict(KEYS.signer), dict(KEYS.verifier)),
}
SAMPLES = [(provider, sample) for provider in FOUR for sample in Provider.named(provider).samples()]


def verified(request: SignedRequest, options: dict[str, Any], now: float | None = NOW) -> Event:
    verifier = Verifier(request.provider, **options)
    return verifier.verify(request.body, request.headers, now=now, method=request.method, url=request.url)


def refusal(request: SignedRequest, options: dict[str, Any], now: float | None = NOW) -> str:
    with pytest.raises(VerificationError) as caught:
        verified(request, options, now)
    return caught.value.code


@pytest.mark.parametrize(("provider", "sample"), SAMPLES)
def test_every_sample_is_an_event_of_its_provider(provider: str, sample: str) -> None:
    signing, verifying = FOUR[provider]
    request = signed_request(provider, event=sample, now=NOW, **signing)
    event = verified(request, verifying)
    assert (event.type, event.is_ping) == ((None, True) if sample == "ping" else (sample, False))
    assert request.type == event.type
    assert b"{{" not in request.body


def _of_vectors(name: str) -> tuple[SignedRequest, dict[str, Any]]:
    case = document(name)["cases"][0]
    message = {
        part: case["message"][part] for part in ("attributes", "url", "method") if part in case["message"]
    }
    request = signed_request(case["provider"], secret=case["secret"], now=NOW, **message, **case["options"])
    if "verify" in case:
        return request, {"secret": case["verify"]["secret"], **case["verify"]["options"]}
    if case["provider"] in ("discord", "telnyx"):
        return request, {"secret": _public_half(case["provider"], case["secret"][0])}
    return request, {"secret": case["secret"]}


def _public_half(provider: str, secret: str) -> str:
    seed = bytes.fromhex(secret) if provider == "discord" else base64.b64decode(secret)
    public = Ed25519PrivateKey.from_private_bytes(seed[:32]).public_key()
    raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return raw.hex() if provider == "discord" else base64.b64encode(raw).decode()


@pytest.mark.parametrize("name", names("sign"))
def test_every_provider_that_can_be_signed_for_accepts_its_sample_and_no_variant(name: str) -> None:
    request, options = _of_vectors(name)
    assert verified(request, options).provider == request.provider.name
    assert refusal(request.tampered(), options)
    described = request.provider.describe()
    if described["scheme"] == "bearer" or "timestamp" in described["covers"]:
        assert refusal(request.stale(), options) in ("timestamp_too_old", "token_expired")
    else:
        with pytest.raises(ConfigurationError, match="signs no time"):
            request.stale()


def test_a_tampered_body_is_json_still() -> None:
    for body in ('{"a":1}', '{"a":"b"}', '{"a":true}', '["x\\n"]', '["\\u00e9"]', "12", '{"é":"é"}', ""):
        request = signed_request("github", secret=SECRET, event="push", body=body)
        tampered = request.tampered().body
        assert tampered != request.body
        if body:
            json.loads(tampered)
            assert json.loads(tampered) != json.loads(request.body) or not body.isascii()


def test_a_request_of_another_secret_is_refused() -> None:
    request = signed_request("eventsair", secret=WHSEC, now=NOW)
    other = request.signed_with("whsec_" + base64.b64encode(bytes(24)).decode())
    assert other.body == request.body
    assert refusal(other, {"secret": WHSEC}) == "no_matching_signature"


def test_a_token_of_another_issuer_is_refused() -> None:
    request = signed_request("pitchpoint", now=NOW, **KEYS.signer)
    other = generate_keys()
    assert refusal(request.signed_with(other.private_key), dict(KEYS.verifier)) == "no_matching_signature"
    assert refusal(request, {**KEYS.verifier, "audience": "another"}) == "wrong_audience"


def test_a_stale_request_is_as_old_as_it_is_told() -> None:
    request = signed_request("eventsair", secret=WHSEC, now=NOW)
    assert refusal(request.stale(301), {"secret": WHSEC}) == "timestamp_too_old"
    assert verified(request.stale(300), {"secret": WHSEC}).sent_at is not None
    long = Provider.from_dict(
        {**Provider.named("standard-webhooks").to_dict(), "name": "patient"}
        | {"scheme": _with_tolerance(Provider.named("standard-webhooks").to_dict()["scheme"], 20_000)}
    )
    assert (
        refusal(signed_request(long, secret=WHSEC, now=NOW).stale(), {"secret": WHSEC}) == "timestamp_too_old"
    )


def _with_tolerance(scheme: dict[str, Any], seconds: int) -> dict[str, Any]:
    signature = dict(scheme["signature"])
    signature["timestamp"] = {**signature["timestamp"], "tolerance_seconds": seconds}
    return {**scheme, "signature": signature}


def test_a_duplicate_has_the_same_key_and_what_belongs_to_its_attempt_is_new() -> None:
    request = signed_request("fast-events", secret=SECRET, event="order.created")
    again = request.duplicate()
    key = verified(request, {"secret": SECRET}).idempotency_key
    assert verified(again, {"secret": SECRET}).idempotency_key == key
    assert again.body == request.body
    assert again.headers["X-FE-Webhook-Delivery-ID"] != request.headers["X-FE-Webhook-Delivery-ID"]


def test_two_requests_are_two_deliveries() -> None:
    keys = {
        verified(signed_request("fourvenues", secret=SECRET), {"secret": SECRET}).idempotency_key
        for _ in range(2)
    }
    assert len(keys) == 2


def test_a_header_is_left_out_in_whatever_case() -> None:
    request = signed_request("eventsair", secret=WHSEC, now=NOW)
    assert refusal(request.without("webhook-SIGNATURE"), {"secret": WHSEC}) == "missing_header"
    with pytest.raises(ConfigurationError, match="has no header X-Webhook-Signature"):
        request.without("X-Webhook-Signature")


def test_variants_can_be_combined() -> None:
    request = signed_request("eventsair", secret=WHSEC, now=NOW)
    combined = request.stale().tampered().without("Webhook-Id")
    assert "Webhook-Id" not in combined.headers
    assert combined.body != request.body
    assert combined.headers["Webhook-Timestamp"] == str(NOW - 8100)
    assert "Webhook-Id" in request.headers


def test_a_body_of_ones_own_stands_in_the_place_of_the_samples() -> None:
    for body, sent in (
        ({"event": "payment.success", "id": "é"}, '{"event":"payment.success","id":"é"}'.encode()),
        (b'{"event":"x"}', b'{"event":"x"}'),
        ('{"event":"é"}', '{"event":"é"}'.encode()),
        ([1, None], b"[1,null]"),
        (b"", b""),
    ):
        assert signed_request("fourvenues", secret=SECRET, body=body).body == sent
    own = signed_request("github", secret=SECRET, event="star", body={"action": "created"})
    assert verified(own, {"secret": SECRET}).type == "star"


def test_a_provider_of_ones_own_signs_as_well() -> None:
    crm = Provider.from_dict(
        {
            "name": "small-crm",
            "scheme": {
                "signature": {
                    "from": {"header": "X-Crm-Signature"},
                    "versions": [{"algorithm": "hmac-sha256", "encoding": "hex", "key": "text"}],
                    "content": "{body}",
                }
            },
            "event": {"id": {"json": "/id"}, "type": {"json": "/type"}},
        }
    )
    request = signed_request(crm, secret=SECRET, id="c-1")
    event = verified(request, {"secret": SECRET})
    assert (event.id, event.type) == ("c-1", "test")
    assert refusal(request.tampered(), {"secret": SECRET}) == "no_matching_signature"


def test_headers_of_ones_own_win_in_whatever_case() -> None:
    request = signed_request(
        "slack", secret=SECRET, body="token=x", headers={"content-type": "application/x-www-form-urlencoded"}
    )
    kinds = [value for name, value in request.headers.items() if name.lower() == "content-type"]
    assert kinds == ["application/x-www-form-urlencoded"]
    assert signed_request("fast-events", secret=SECRET).headers["User-Agent"].startswith("Fast-Events/")


def test_an_unknown_sample_names_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"payment\.success, ticket\.request_refund") as caught:
        signed_request("fourvenues", secret=SECRET, event="payment.sucess")
    assert caught.value.code == "invalid_option"


def test_nothing_of_a_request_can_be_changed_and_its_repr_holds_no_proof() -> None:
    request = signed_request("fourvenues", secret=SECRET, id="5f7b")
    with pytest.raises(TypeError):
        request.headers["X-Webhook-Signature"] = ""  # type: ignore[index]
    assert repr(request) == "<SignedRequest fourvenues type='payment.success' id='5f7b'>"
    assert KEYS.private_key not in repr(KEYS)


def test_keys_say_what_is_wrong_with_their_id() -> None:
    with pytest.raises(ConfigurationError) as caught:
        generate_keys(key_id="")
    assert caught.value.code == "invalid_option"


def test_what_pytest_prints_of_a_request_holds_no_secret() -> None:
    request = signed_request("fourvenues", secret=SECRET)
    assert SECRET not in repr(request._recipe)
