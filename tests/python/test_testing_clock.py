"""A clock that stands still: what judges or dates a request follows it, and only while it is stopped."""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from unittest import TestCase

import pytest
import time_machine
from authentic import NOW, WHSEC
from freezegun import freeze_time

from hookproof import (
    ConfigurationError,
    Delivery,
    Event,
    MemoryStore,
    Receiver,
    RetryPolicy,
    Signer,
    VerificationError,
    Verifier,
)
from hookproof.compat import standardwebhooks, stripe
from hookproof.testing import FrozenClock, freeze_clock, generate_keys, signed_request

LONG_AGO = 1_000_000_000
VERIFIER = Verifier("standard-webhooks", secret=WHSEC)


def outcome(request: Callable[[], object]) -> str:
    try:
        request()
    except VerificationError as error:
        return error.code
    return "accepted"


def test_a_verifier_judges_at_the_moment_of_the_clock() -> None:
    request = signed_request("standard-webhooks", secret=WHSEC, now=LONG_AGO)

    def verify() -> object:
        return VERIFIER.verify(request.body, request.headers)

    found = [outcome(verify)]
    with freeze_clock(LONG_AGO) as clock:
        found.append(outcome(verify))
        clock.tick(300.999)
        found.append(outcome(verify))
        clock.tick(0.001)
        found.append(outcome(verify))
        clock.set(datetime.fromtimestamp(LONG_AGO, tz=timezone.utc) - timedelta(seconds=301))
        found.append(outcome(verify))
    found.append(outcome(verify))
    too_old, too_new = "timestamp_too_old", "timestamp_too_new"
    assert found == [too_old, "accepted", "accepted", too_old, too_new, too_old]


def test_what_is_told_a_moment_goes_by_that() -> None:
    signed = Signer("standard-webhooks", secret=WHSEC).sign(b'{"type":"a"}', id="m", now=NOW)
    with freeze_clock(LONG_AGO):
        assert VERIFIER.verify(signed.body, signed.headers, now=NOW).type == "a"


def test_everything_that_reads_the_time_follows() -> None:
    handled: list[Event] = []
    request = signed_request("standard-webhooks", secret=WHSEC, now=LONG_AGO)
    with freeze_clock(LONG_AGO):
        asyncio.run(VERIFIER.averify(request.body, request.headers))
        assert VERIFIER.handshake(request.body, request.headers) is None
        assert Receiver(VERIFIER).receive(request.body, request.headers, handled.append).status == 200
        signed = Signer("standard-webhooks", secret=WHSEC).sign(b"{}", id="m")
        assert signed.headers["Webhook-Timestamp"] == str(LONG_AGO)
        assert Delivery().started_at == datetime.fromtimestamp(LONG_AGO, tz=timezone.utc)
        after = "Sun, 09 Sep 2001 01:47:40 GMT"
        decision = RetryPolicy.of("standard-webhooks").next(attempt=1, status=503, retry_after=after, seed=1)
        assert decision.delay is not None
        assert decision.delay >= timedelta(seconds=60)
        header = stripe.WebhookSignature.generate_signature_header("{}", "whsec_x")
        assert header.startswith(f"t={LONG_AGO},")
        stripe.Webhook.construct_event("{}", header, "whsec_x")
        standardwebhooks.Webhook(WHSEC).verify(request.body, dict(request.headers))
    assert len(handled) == 1


def test_tokens_expire_by_the_clock() -> None:
    keys = generate_keys()
    verifier = Verifier("pitchpoint", **keys.verifier)
    with freeze_clock(LONG_AGO) as clock:
        request = signed_request("pitchpoint", **keys.signer)
        assert outcome(lambda: verifier.verify(request.body, request.headers)) == "accepted"
        clock.tick(3600 + 60)
        assert outcome(lambda: verifier.verify(request.body, request.headers)) == "token_expired"


def test_other_threads_follow() -> None:
    request = signed_request("standard-webhooks", secret=WHSEC, now=LONG_AGO)
    found: list[str] = []

    def judge() -> None:
        found.append(outcome(lambda: VERIFIER.verify(request.body, request.headers)))

    with freeze_clock(LONG_AGO):
        thread = threading.Thread(target=judge)
        thread.start()
        thread.join()
    assert found == ["accepted"]


def test_clocks_can_be_nested_and_are_put_back_after_an_error() -> None:
    def dated() -> str:
        return Signer("standard-webhooks", secret=WHSEC).sign(b"{}", id="m").headers["Webhook-Timestamp"]

    with freeze_clock(LONG_AGO):
        with pytest.raises(KeyError), freeze_clock(NOW):
            raise KeyError(dated())
        assert dated() == str(LONG_AGO)
    assert abs(int(dated()) - time.time()) < 5


def test_it_stands_where_freezegun_or_time_machine_have_put_the_time() -> None:
    with freeze_time("2001-09-09 01:46:40"), freeze_clock() as clock:
        assert clock.now == LONG_AGO
    with time_machine.travel(LONG_AGO, tick=False), freeze_clock() as clock:
        assert clock.now == LONG_AGO


def test_without_it_freezegun_moves_no_verifier() -> None:
    request = signed_request("standard-webhooks", secret=WHSEC)
    with freeze_time("2001-09-09 01:46:40"):
        assert VERIFIER.verify(request.body, request.headers).id is not None


def test_a_store_follows_where_it_is_given_the_clock() -> None:
    with freeze_clock(LONG_AGO) as clock:
        store = MemoryStore(clock=lambda: clock.now)
        assert store.claim("key", lease_seconds=60).state == "new"
        clock.tick(59)
        assert store.claim("key", lease_seconds=60).state == "running"
        clock.tick(2)
        assert store.claim("key", lease_seconds=60).state == "new"


class TestOfUnittest(TestCase):
    def setUp(self) -> None:
        self.clock = freeze_clock(LONG_AGO)
        self.clock.start()
        self.addCleanup(self.clock.stop)

    def test_a_clock_is_started_in_set_up_and_stopped_in_the_clean_up(self) -> None:
        request = signed_request("standard-webhooks", secret=WHSEC)
        self.clock.tick(301)
        assert outcome(lambda: VERIFIER.verify(request.body, request.headers)) == "timestamp_too_old"


def test_a_clock_of_before_1970_is_a_clock_too() -> None:
    with freeze_clock(-1.5) as clock:
        assert clock.now == -1.5
        assert Delivery().started_at == datetime(1969, 12, 31, 23, 59, 58, 500_000, tzinfo=timezone.utc)


@pytest.mark.parametrize("moment", [float("nan"), float("inf"), 1e12, datetime(2026, 1, 1)])  # noqa: DTZ001
def test_a_moment_that_is_none_is_refused(moment: float | datetime) -> None:
    with pytest.raises(ConfigurationError) as caught:
        freeze_clock(moment)
    assert caught.value.code == "invalid_option"


def test_another_type_is_a_type_error() -> None:
    with pytest.raises(TypeError, match="the moment is str"):
        freeze_clock("2026-01-01")  # type: ignore[arg-type]


def test_a_clock_that_is_not_started_says_so() -> None:
    clock = freeze_clock(NOW)
    for use in (lambda: clock.now, lambda: clock.tick(1), lambda: clock.set(NOW)):
        with pytest.raises(ConfigurationError, match="start it first"):
            use()
    assert repr(clock) == "<FrozenClock that is not started>"
    with clock:
        assert repr(clock) == "<FrozenClock 2026-09-21T14:13:20+00:00>"
        with pytest.raises(ConfigurationError, match="already"):
            clock.start()
    clock.stop()
    assert isinstance(clock, FrozenClock)
