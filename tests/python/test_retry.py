"""Retry policies, as Python sees them; their delays are vectors."""

from datetime import timedelta
from typing import Any

import pytest

from hookproof import ConfigurationError, Decision, Provider, RetryPolicy


def test_a_policy_is_of_a_name_or_a_provider() -> None:
    policies = [
        RetryPolicy.of("fourvenues"),
        RetryPolicy.of(Provider.named("fourvenues")),
        RetryPolicy("fourvenues"),
    ]
    assert [policy.retries for policy in policies] == [40, 40, 40]
    with pytest.raises(TypeError):
        RetryPolicy.of(5)  # type: ignore[arg-type]


def test_a_provider_without_a_plan_has_no_policy() -> None:
    with pytest.raises(ConfigurationError) as caught:
        RetryPolicy.of("jwt-bearer")
    assert caught.value.code == "invalid_option"


def test_without_a_seed_each_call_draws_one() -> None:
    policy = RetryPolicy.of("fourvenues")
    assert len({policy.delay(1) for _ in range(20)}) > 1
    assert policy.schedule() != policy.schedule()
    assert len({policy.next(1, 500).delay for _ in range(20)}) > 1


def test_a_seed_gives_the_same_delays() -> None:
    policy = RetryPolicy.of("fourvenues")
    schedule = policy.schedule(seed=7)
    assert schedule == [policy.delay(retry, seed=7) for retry in range(1, 41)]
    assert policy.next(3, 500, seed=7) == Decision("retry", schedule[2], throttle=False)


@pytest.mark.parametrize("seed", [0, 2**53, 2**64 - 1])
def test_a_seed_has_64_bits(seed: int) -> None:
    assert RetryPolicy.of("fourvenues").delay(1, seed=seed) is not None


@pytest.mark.parametrize("seed", [-1, 2**64])
def test_another_seed_is_refused(seed: int) -> None:
    for call in ("delay", "next"):
        with pytest.raises(ConfigurationError) as caught:
            getattr(RetryPolicy.of("fourvenues"), call)(1, seed=seed)
        assert caught.value.code == "invalid_option"


@pytest.mark.parametrize("retry", [0, 41, 2**32 - 1])
def test_there_is_no_such_retry(retry: int) -> None:
    policy = RetryPolicy.of("fourvenues")
    assert policy.delay(retry) is None
    assert policy.base_delay(retry) is None


@pytest.mark.parametrize("retry", [-1, 2**32])
def test_a_retry_that_no_plan_can_have_is_refused(retry: int) -> None:
    with pytest.raises(ConfigurationError):
        RetryPolicy.of("fourvenues").delay(retry)


@pytest.mark.parametrize(
    "words",
    [
        {"attempt": "1"},
        {"attempt": 1, "status": "503"},
        {"attempt": 1, "retry_after": 120},
        {"attempt": 1, "retry_after": "120", "now": "0"},
        {"attempt": 1, "seed": 1.5},
    ],
)
def test_a_wrong_argument_is_a_type_error(words: Any) -> None:
    with pytest.raises(TypeError):
        RetryPolicy.of("standard-webhooks").next(**words)


@pytest.mark.parametrize("status", [-1, 70_000])
def test_a_status_that_is_none_is_refused(status: int) -> None:
    with pytest.raises(ConfigurationError):
        RetryPolicy.of("standard-webhooks").next(1, status)


def test_what_is_known_of_a_plan_is_told() -> None:
    policy = RetryPolicy.of("fast-events")
    assert policy.longest_span >= timedelta(minutes=16)
    assert policy.disabled_after is not None
    assert all(isinstance(sentence, str) for sentence in policy.assumed)
    assert RetryPolicy.of("eventsair").timeout == timedelta(seconds=15)


def test_no_answer_is_a_failure() -> None:
    decision = RetryPolicy.of("standard-webhooks").next(attempt=1, status=None, seed=1)
    assert decision.action == "retry"
    assert RetryPolicy.of("standard-webhooks").next(attempt=1, status=429, seed=1).throttle
