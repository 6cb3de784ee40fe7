"""Outgoing deliveries, and policies of one's own."""

import copy
import json
import pickle
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from vectors import Json, document

from hookproof import ConfigurationError, Delivery, RetryPolicy

PLAN: dict[str, Any] = {"delays": {"list_seconds": [5, 300]}, "success": ["2xx"], "retry_on": "any_failure"}
NOW = 1_790_000_000


def code_of(call: Any, *given: Any, **words: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        call(*given, **words)
    return caught.value.code


@pytest.mark.parametrize("case", document("deliveries.json")["cases"], ids=lambda case: case["id"])
def test_every_step_has_its_decision_and_its_text(case: Json) -> None:
    policy = RetryPolicy.from_dict(case["plan"])
    delivery = Delivery(seed=int(case["seed"]), now=case["start_ms"] / 1000)
    for step in case["steps"]:
        expected = step["expect"]
        retry_after = step.get("retry_after")
        now = step["now_ms"] / 1000
        made = delivery.record(policy, status=step["status"], retry_after=retry_after, now=now)
        delay = None if expected["delay_us"] is None else timedelta(microseconds=expected["delay_us"])
        assert (made.action, made.delay) == (expected["action"], delay)
        assert delivery.to_json() == expected["text"]
        delivery = Delivery.from_json(expected["text"])
        due = delivery.due_at
        assert delivery.state == expected["state"]
        assert (due and round(due.timestamp() * 1000)) == expected["due_at"]


def test_it_starts_now_with_a_seed_of_its_own() -> None:
    deliveries = [Delivery() for _ in range(20)]
    now = datetime.now(tz=timezone.utc)
    assert all(abs(now - delivery.started_at) < timedelta(seconds=5) for delivery in deliveries)
    assert len({json.loads(delivery.to_json())["seed"] for delivery in deliveries}) == len(deliveries)


def test_it_tells_where_it_stands() -> None:
    delivery = Delivery(now=NOW)
    assert (delivery.state, delivery.attempts, delivery.last_status) == ("pending", 0, None)
    assert delivery.due_at == delivery.started_at == datetime.fromtimestamp(NOW, tz=timezone.utc)
    delivery.record(RetryPolicy.from_dict(PLAN), status=503, now=NOW + 0.123)
    assert (delivery.attempts, delivery.last_status) == (1, 503)
    assert delivery.due_at == datetime.fromtimestamp(NOW, tz=timezone.utc) + timedelta(seconds=5.123)
    assert repr(delivery) == "<Delivery pending attempts=1>"


def test_what_has_ended_takes_no_further_attempt() -> None:
    policy = RetryPolicy.of("eventsair")
    delivery = Delivery()
    delivery.record(policy, status=200)
    assert code_of(delivery.record, policy, status=200) == "invalid_option"
    assert delivery.attempts == 1


@pytest.mark.parametrize("state", ["", "{}", "null", '{"version":"2"}', "[]"])
def test_another_text_is_refused(state: str) -> None:
    assert code_of(Delivery.from_json, state) == "invalid_option"


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_a_seed_has_64_bits(seed: int) -> None:
    assert code_of(Delivery, seed=seed) == "invalid_option"


def test_a_wrong_argument_is_a_type_error() -> None:
    policy = RetryPolicy.of("eventsair")
    calls: list[Any] = [
        lambda: Delivery(seed="7"),  # type: ignore[arg-type]
        lambda: Delivery.from_json(7),  # type: ignore[arg-type]
        lambda: Delivery().record("eventsair"),  # type: ignore[arg-type]
        lambda: Delivery().record(policy, status="503"),  # type: ignore[arg-type]
        lambda: Delivery().record(policy, retry_after=120),  # type: ignore[arg-type]
    ]
    for call in calls:
        with pytest.raises((TypeError, AttributeError)):
            call()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
def test_a_copy_goes_its_own_way(copied: Any) -> None:
    delivery = Delivery()
    other = copied(delivery)
    assert other.to_json() == delivery.to_json()
    other.record(RetryPolicy.of("eventsair"), status=200)
    assert (other.state, delivery.state) == ("delivered", "pending")


def test_a_policy_of_ones_own_is_that_of_a_provider_file() -> None:
    policy = RetryPolicy.from_dict({**PLAN, "max_attempts": 2, "deadline_seconds": 60})
    assert (policy.retries, policy.schedule()) == (1, [timedelta(seconds=5)])
    assert policy.longest_span <= timedelta(seconds=60)


@pytest.mark.parametrize(
    "change",
    [
        {"success": []},
        {"retry_on": ["6xx"]},
        {"jitter": "some"},
        {"jitter": "decorrelated"},
        {"delays": {}},
        {"unknown": 1},
        {"max_attempts": 0},
        {"retry_after_cap_seconds": 5},
        {"retry_on": [200]},
    ],
)
def test_a_policy_that_says_nonsense_is_refused(change: dict[str, Any]) -> None:
    assert code_of(RetryPolicy.from_dict, {**PLAN, **change}) == "invalid_option"


def test_a_policy_is_a_dict() -> None:
    with pytest.raises(TypeError):
        RetryPolicy.from_dict("{}")  # type: ignore[arg-type]


@pytest.mark.parametrize("now", [float("nan"), float("inf"), 10**400, 1e300, 10**15, -(10**12)])
def test_a_moment_that_no_datetime_tells_is_refused(now: float) -> None:
    assert code_of(Delivery, now=now) == "invalid_option"
    assert (
        code_of(Delivery(now=NOW).record, RetryPolicy.from_dict(PLAN), status=500, now=now)
        == "invalid_option"
    )


@pytest.mark.parametrize("now", ["5", datetime.now(tz=timezone.utc), timedelta(5)])
def test_a_moment_of_another_type_is_a_type_error(now: Any) -> None:
    with pytest.raises(TypeError, match="expected int or float"):
        Delivery(now=now)


@pytest.mark.parametrize("member", ["started_at", "due_at"])
@pytest.mark.parametrize("millis", [10**15, 2**63 - 1, -(10**17)])
def test_a_text_with_a_time_that_no_datetime_tells_is_refused(member: str, millis: int) -> None:
    state = {**json.loads(Delivery(now=NOW).to_json()), member: millis}
    assert code_of(Delivery.from_json, json.dumps(state)) == "invalid_option"
