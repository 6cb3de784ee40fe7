"""Events and proofs: lazy, immutable, and silent about what they hold."""

import copy
import json
import math
import pickle
import sys
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any

import pytest
from authentic import BODY, HEADERS, NOW, SECRET, WHSEC, event, signed, verifier

import hookproof
from hookproof import HookproofError, PayloadError, Signer, Verifier


def eventsair(data: str) -> hookproof.Event:
    """Returns an EventsAir event with these data."""
    body = f'{{"type":"Event.Contact.Created","data":{data}}}'
    message = Signer("eventsair", secret=WHSEC).sign(body, id="msg_1", now=NOW)
    return Verifier("eventsair", secret=WHSEC).verify(message.body, message.headers, now=NOW)


def test_data_is_parsed_when_asked_for_and_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    decode = json.JSONDecoder.decode

    def counted(decoder: json.JSONDecoder, text: str) -> Any:
        calls.append(text)
        return decode(decoder, text)

    monkeypatch.setattr(json.JSONDecoder, "decode", counted)
    found = event()
    assert calls == []
    assert found.data == {"payment_id": "p1"}
    assert found.data is found.data
    assert calls == ['{"payment_id":"p1"}']


@pytest.mark.parametrize("payload", ["null", "[]", '"x"', "1.5", "true", '{"a":{"b":[1,2]}}'])
def test_data_are_any_json(payload: str) -> None:
    assert event(f'{{"id":"1","event":"x","payload":{payload}}}').data == json.loads(payload)


def test_there_are_no_data_without_a_payload() -> None:
    assert event('{"id":"1","event":"x"}').data is None


def test_an_integer_that_python_refuses_is_a_payload_error() -> None:
    digits = "7" * (sys.get_int_max_str_digits() + 1)
    found = event(f'{{"id":"1","event":"x","payload":{{"n":{digits}}}}}')
    with pytest.raises(PayloadError) as caught:
        _ = found.data
    assert caught.value.code == "malformed_body"
    assert "777" not in str(caught.value)


def test_data_that_are_too_deep_for_the_stack_are_a_payload_error() -> None:
    nested = "[" * 100 + "]" * 100
    found = event(f'{{"id":"1","event":"x","payload":{nested}}}')

    def deep(levels: int) -> Any:
        return deep(levels - 1) if levels else found.data

    limit = sys.getrecursionlimit()
    for levels in range(limit - 300, limit):
        try:
            deep(levels)
        except PayloadError as error:
            assert error.code == "malformed_body"
        except RecursionError:
            return
    assert found.data is not None


def test_numbers_beyond_a_float_do_not_raise() -> None:
    assert event('{"id":"1","event":"x","payload":1e999}').data == math.inf


def test_the_body_is_the_very_object_that_was_given() -> None:
    body, headers = signed(BODY)
    assert verifier().verify(body, headers).body is body


@pytest.mark.parametrize("make", [bytearray, memoryview, lambda body: body.decode()])
def test_a_body_that_could_change_is_copied(make: Any) -> None:
    found = verifier().verify(make(BODY), HEADERS)
    assert type(found.body) is bytes
    assert found.body == BODY


def test_a_changed_buffer_changes_no_event() -> None:
    buffer = bytearray(BODY)
    found = verifier().verify(buffer, HEADERS)
    buffer[:] = b"x" * len(buffer)
    assert found.body == BODY
    assert found.data == {"payment_id": "p1"}


def test_text_with_a_lone_surrogate_is_not_authentic() -> None:
    with pytest.raises(HookproofError) as caught:
        verifier().verify("\ud800", HEADERS)
    assert caught.value.code == "no_matching_signature"


def test_a_reserialized_body_is_the_one_that_was_signed() -> None:
    body, headers = signed('{"id":"1","event":"x","payload":1}')
    lenient = Verifier("fourvenues", secret=SECRET, accept_reserialized=True)
    found = lenient.verify(b'{ "id": "1", "event": "x", "payload": 1.0 }', headers)
    assert (found.body, found.proof.content, found.data) == (body, "reserialized", 1)
    assert lenient.verify(body, headers).proof.content == "raw"


def test_a_trimmed_body_is_the_one_that_was_signed() -> None:
    message = Signer("fast-events", secret=SECRET).sign(b'{"id":1}', type="order.created")
    found = Verifier("fast-events", secret=SECRET).verify(b'{"id":1}\r\n', message.headers)
    assert (found.body, found.proof.content) == (b'{"id":1}', "trimmed")


def test_moments_are_datetimes_in_utc() -> None:
    found = eventsair('{"timestamp":"2026-09-21T13:33:20.300001Z"}')
    assert found.sent_at == datetime.fromtimestamp(NOW, timezone.utc)
    assert found.occurred_at == datetime(2026, 9, 21, 13, 33, 20, 300001, tzinfo=timezone.utc)
    assert found.occurred_at.tzinfo is timezone.utc


@pytest.mark.parametrize(
    "text", ["-000001-01-01T00:00:00Z", "0000-06-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "x"]
)
def test_a_moment_that_python_cannot_hold_is_none(text: str) -> None:
    assert eventsair(json.dumps({"timestamp": text})).occurred_at is None


def test_attributes_are_a_read_only_mapping() -> None:
    found = eventsair('{"contactId":"c1","correlationId":"x"}')
    assert isinstance(found.attributes, MappingProxyType)
    assert "c1" in found.attributes.values()
    assert found.attributes is found.attributes
    with pytest.raises(TypeError):
        found.attributes["tenant"] = "mine"  # type: ignore[index]


@pytest.mark.parametrize("name", ["id", "type", "data", "body", "proof", "is_ping", "anything"])
def test_an_event_cannot_be_changed(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(event(), name, "forged")
    with pytest.raises(AttributeError):
        delattr(event(), name)


@pytest.mark.parametrize("name", ["covers", "key_index", "claims", "anything"])
def test_a_proof_cannot_be_changed(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(event().proof, name, frozenset({"body"}))


@pytest.mark.parametrize("kind", [hookproof.Event, hookproof.Proof, hookproof.Reply, hookproof.Signed])
def test_nobody_makes_an_event_or_a_proof_but_the_verifier(kind: type) -> None:
    with pytest.raises(TypeError):
        kind()
    with pytest.raises(TypeError):
        type("Forged", (kind,), {})


def test_the_proof_says_what_was_proven() -> None:
    proof = event().proof
    assert proof.covers == {"body", "id", "type"}
    assert isinstance(proof.covers, frozenset)
    assert (proof.key_index, proof.key_label, proof.algorithm) == (0, None, "hmac-sha256")
    assert (proof.claims, proof.content) == (None, "raw")
    assert event().proof.covers == proof.covers


def test_a_repr_shows_nothing_of_the_body() -> None:
    found = event('{"id":"5f7b","event":"x","payload":{"name":"Ada Lovelace"}}')
    assert repr(found) == "<Event provider='fourvenues' id='5f7b' type='x'>"
    assert "Ada" not in f"{found} {found.proof} {found.proof!r}"
    assert SECRET not in f"{verifier()!r} {Signer('fourvenues', secret=SECRET)!r}"


def test_a_repr_of_a_signed_message_shows_no_token() -> None:
    message = Signer("fourvenues", secret=SECRET).sign(BODY)
    assert message.headers["X-Webhook-Signature"] not in repr(message)
    assert repr(message) == f"<Signed headers=['X-Webhook-Signature'] body_bytes={len(BODY)}>"


def test_a_ping_is_no_event() -> None:
    message = Signer("fast-events", secret=SECRET).sign(b"")
    found = Verifier("fast-events", secret=SECRET).verify(message.body, message.headers)
    assert (found.is_ping, found.data, found.body) == (True, None, b"")


def test_errors_keep_their_code_when_they_travel() -> None:
    with pytest.raises(HookproofError) as caught:
        verifier().verify(b"{}", HEADERS)
    for travelled in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value)):
        assert (type(travelled), travelled.code, str(travelled)) == (
            type(caught.value),
            "no_matching_signature",
            str(caught.value),
        )


def test_every_error_is_a_hookproof_error() -> None:
    kinds = {
        hookproof.ConfigurationError,
        hookproof.VerificationError,
        PayloadError,
        hookproof.KeysUnavailableError,
    }
    assert {kind.__base__ for kind in kinds} == {HookproofError}
    assert HookproofError.__base__ is Exception


def test_the_idempotency_key_is_of_the_endpoint() -> None:
    key = event().idempotency_key
    other = Verifier("fourvenues", secret=SECRET, endpoint="b").verify(BODY, HEADERS).idempotency_key
    assert key.startswith("fourvenues:default:id:")
    assert other.startswith("fourvenues:b:id:")
    assert key.rpartition(":")[2] != other.rpartition(":")[2]
