"""What is signed verifies, and what the proof covers cannot be changed, for every provider with a signer."""

import json
import os
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from senders import Sender, Signed, one_for_each_provider, senders, with_header

from hookproof import ConfigurationError, Event, HookproofError, PayloadError, Signer, Verifier

NAMES = sorted(one_for_each_provider())

texts = st.text(max_size=20)
json_bodies = st.dictionaries(
    st.sampled_from(["id", "type", "event", "data", "payload", "created", "timestamp"]) | texts,
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
        max_leaves=6,
    ),
    max_size=5,
).map(lambda value: json.dumps(value).encode())
bodies = json_bodies | st.binary(max_size=300)
# There are 88 providers.
few = settings(max_examples=int(os.environ.get("HOOKPROOF_EXAMPLES", "25")))


def _signed(sender: Sender, body: bytes) -> Signed:
    try:
        return sender.sign(body)
    except ConfigurationError:
        # A provider that signs members of the body has nothing to sign in another one.
        return sender.sign(sender.body)


def _accepted(sender: Sender, request: Signed) -> Event | None:
    try:
        return sender.verify(request)
    except PayloadError:
        # Authentic, though not what the provider sends.
        return None


@pytest.mark.parametrize("name", NAMES)
@few
@given(body=bodies)
def test_what_is_signed_verifies(name: str, body: bytes) -> None:
    sender = one_for_each_provider()[name]
    request = _signed(sender, body)
    event = _accepted(sender, request)
    assert event is None or event.body == request.body.rstrip(b"\r\n") or event.body == request.body


@pytest.mark.parametrize("name", NAMES)
@few
@given(body=bodies, at=st.integers(0), bit=st.integers(0, 7))
def test_a_flipped_bit_of_a_signed_body_is_refused(name: str, body: bytes, at: int, bit: int) -> None:
    sender = one_for_each_provider()[name]
    request = _signed(sender, body or b"{}")
    octets = bytearray(request.body or b"{}")
    octets[at % len(octets)] ^= 1 << bit
    flipped = bytes(octets)
    # A provider that signs no final newline is sent the same message with one and without.
    assume(flipped.rstrip(b"\r\n") != request.body.rstrip(b"\r\n"))
    try:
        event = sender.verify(replace(request, body=flipped))
    except PayloadError:
        # Its signature is right: only where the body is not signed.
        assert "body" not in sender.verify(sender.sign(sender.body)).proof.covers
    except HookproofError:
        pass
    else:
        # A form is signed field by field, and a field may be written in two ways.
        assert "body" not in event.proof.covers or _fields(flipped) == _fields(request.body)


def _fields(body: bytes) -> list[tuple[str, str]]:
    return sorted(parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="latin-1"))


@pytest.mark.parametrize("name", ["twilio", "mandrill"])
@pytest.mark.parametrize(("signed", "sent"), [(b"a=%80", b"a=%81"), (b"\x80=1", b"\x81=1")])
def test_a_field_that_is_no_utf_8_is_not_proven(name: str, signed: bytes, sent: bytes) -> None:
    """Such fields are read as U+FFFD, whatever their bytes are."""
    sender = one_for_each_provider()[name]
    assert "body" in sender.verify(sender.sign(b"a=%C3%A9")).proof.covers
    event = sender.verify(replace(sender.sign(signed), body=sent))
    assert "body" not in event.proof.covers


@given(sender=st.sampled_from(senders()), data=st.data())
def test_nothing_that_is_covered_can_be_changed_by_a_header(sender: Sender, data: st.DataObject) -> None:
    request = sender.sign(sender.body)
    honest = _accepted(sender, request)
    name = data.draw(st.sampled_from(sorted(request.headers)))
    value = request.headers[name]
    assume(value)
    at = data.draw(st.integers(0, len(value) - 1))
    other = chr(ord(value[at]) ^ (1 << data.draw(st.integers(0, 6))))
    changed = with_header(request, name, value[:at] + other + value[at + 1 :])
    try:
        event = sender.verify(changed)
    except HookproofError:
        return
    assert honest is not None
    # A request may come to prove less, such as one that is said to be no form any more.
    proven = event.proof.covers
    assert _parts(event, proven) == _parts(honest, proven), f"{name}: {value!r} as {changed.headers[name]!r}"


def _parts(event: Event, names: frozenset[str]) -> dict[str, Any]:
    parts = {"body": event.body, "id": event.id, "type": event.type, "timestamp": event.sent_at}
    return {name: value for name, value in parts.items() if name in names}


secrets = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=40)


@given(
    old=st.lists(secrets, max_size=6),
    new=st.lists(secrets, max_size=6),
    own=secrets,
    place=st.integers(0, 6),
    body=st.binary(),
)
@pytest.mark.parametrize("name", ["github", "fast-events", "shopify", "stripe"])
def test_one_right_secret_among_many_is_enough(
    name: str, old: list[str], new: list[str], own: str, place: int, body: bytes
) -> None:
    """And the proof tells which; without it there is none."""
    strangers = [secret for secret in [*old, *new] if secret != own]
    held = [*strangers[:place], own, *strangers[place:]]
    signed = Signer(name, secret=own).sign(body, now=1_790_000_000)
    try:
        event = Verifier(name, secret=held).verify(signed.body, signed.headers, now=1_790_000_000)
        assert held[event.proof.key_index or 0] == own
    except PayloadError:
        pass
    if strangers:
        with pytest.raises(HookproofError) as refused:
            Verifier(name, secret=strangers).verify(signed.body, signed.headers, now=1_790_000_000)
        assert refused.value.code == "no_matching_signature"


@given(
    others=st.lists(st.sampled_from(["v1,AAAA", "v1,", "v2,x", "v1a,AAAA", "x", ",", "v1,,"]), max_size=31),
    place=st.integers(0, 31),
)
def test_one_right_signature_among_many_is_enough(others: list[str], place: int) -> None:
    sender = one_for_each_provider()["standard-webhooks"]
    request = sender.sign(sender.body)
    name = next(name for name in request.headers if name.lower() == "webhook-signature")
    line = " ".join([*others[:place], request.headers[name], *others[place:]])
    try:
        assert sender.verify(with_header(request, name, line)).id == request.headers["Webhook-Id"]
    except HookproofError as error:
        # An entry that is no signature at all may make the header malformed; never a wrong verdict.
        assert error.code == "malformed_header"
        assert not all("," in other for other in others)
