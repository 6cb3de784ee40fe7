"""When a sender tries again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hookproof import _native

if TYPE_CHECKING:
    from datetime import timedelta

    from hookproof._native import Provider


@dataclass(frozen=True)
class Decision:
    """What to do after an attempt, as `RetryPolicy.next` says it.

    >>> from hookproof import RetryPolicy
    >>> RetryPolicy.of("standard-webhooks").next(attempt=1, status=204)
    Decision(action='delivered', delay=None, throttle=False)
    """

    action: Literal["delivered", "retry", "give_up", "disable"]
    """What to do; `disable` means: send nothing more to this endpoint."""

    delay: timedelta | None
    """How long to wait before the next attempt; given exactly when the action is `retry`."""

    throttle: bool
    """Whether the answer asks to be sent less: slow down all deliveries to this endpoint."""


class RetryPolicy:
    """Says when a sender tries again, as the provider's file states it.

    A policy is pure: it knows no clock, and the same seed gives the same delays in every language. Retries
    are counted from 1; the first delivery is no retry. Without a seed each call draws a random one, so that
    the retries of many deliveries do not all come at once after an outage.

    >>> from hookproof import RetryPolicy
    >>> policy = RetryPolicy.of("fourvenues")
    >>> policy.retries, policy.base_delay(2)
    (40, datetime.timedelta(seconds=2, microseconds=828000))
    >>> policy.delay(2, seed=7) == policy.delay(2, seed=7)
    True
    >>> policy.delay(41) is None
    True
    """

    __slots__ = ("_native",)

    def __init__(self, provider: str | Provider) -> None:
        """Does what `of` does."""
        self._native = _native.RetryPolicy(provider)

    @classmethod
    def of(cls, provider: str | Provider) -> RetryPolicy:
        """Returns the policy of a provider, given by name or as a `Provider`.

        Raises `ConfigurationError`: `unknown_provider`, or `invalid_option` where the provider has no retry
        plan.
        """
        return cls(provider)

    @classmethod
    def from_dict(cls, plan: dict[str, Any]) -> RetryPolicy:
        """Returns a policy of your own, in the form of the `"retry"` object of a provider's file.

        `delays` is `{"list_seconds": […]}`, `{"exponential": {"first_seconds", "factor", "retries"}}` or
        `{"polynomial": {"exponent", "scale_seconds", "retries"}}`; `success` and `retry_on` list statuses
        and classes (`"2xx"`). Optional: `jitter` (`"full"`, `"equal"`, `"decorrelated"`,
        `{"additive_seconds": n}`, `{"additive_percent": n}`), `cap_seconds`, `max_attempts`,
        `deadline_seconds`, `disable_on`, `throttle_on`, `honours_retry_after`, `retry_after_cap_seconds`.

        Raises `ConfigurationError`: `invalid_option`.

        >>> from hookproof import RetryPolicy
        >>> policy = RetryPolicy.from_dict({
        ...     "delays": {"exponential": {"first_seconds": 1, "factor": 2, "retries": 5}},
        ...     "jitter": "full",
        ...     "success": ["2xx"],
        ...     "retry_on": ["5xx", 429, "no_response"],
        ... })
        >>> policy.retries
        5
        """
        policy = cls.__new__(cls)
        policy._native = _native.RetryPolicy.from_dict(plan)  # noqa: SLF001, it is of this class
        return policy

    @property
    def retries(self) -> int:
        """How many retries follow the first delivery."""
        return self._native.retries

    @property
    def longest_span(self) -> timedelta:
        """The longest time from the first attempt to the last retry, with the most jitter.

        What a receiver remembers must outlive this, or a late retry is taken for a new event.
        """
        return self._native.longest_span

    @property
    def timeout(self) -> timedelta | None:
        """How long the sender waits for an answer; None where that is not known."""
        return self._native.timeout

    @property
    def disabled_after(self) -> str | None:
        """When the sender stops using an endpoint altogether, in words; None where that is not known."""
        return self._native.disabled_after

    @property
    def assumed(self) -> tuple[str, ...]:
        """What of this plan the provider does not state, in words."""
        return tuple(self._native.assumed)

    def delay(self, retry: int, seed: int | None = None) -> timedelta | None:
        """Returns the delay before retry `retry`, jitter included; None when there is no such retry.

        The seed is 0 to 2**64 - 1. Raises `ConfigurationError`: `invalid_option` for a negative or larger
        number.
        """
        return self._native.delay(retry, drawn(seed))

    def base_delay(self, retry: int) -> timedelta | None:
        """Returns the delay before retry `retry` without jitter; None when there is no such retry."""
        return self._native.base_delay(retry)

    def schedule(self, seed: int | None = None) -> list[timedelta]:
        """Returns the delays before all retries, jitter included.

        >>> from hookproof import RetryPolicy
        >>> [int(delay.total_seconds()) for delay in RetryPolicy.of("fast-events").schedule()]
        [60, 60, 120, 240, 480]
        """
        return self._native.schedule(drawn(seed))

    def next(
        self,
        attempt: int,
        status: int | None = None,
        retry_after: str | None = None,
        now: float | None = None,
        seed: int | None = None,
    ) -> Decision:
        """Decides what to do after attempt number `attempt`, counted from 1.

        `status` is that of the answer; None when none came. `retry_after` is the value of its `Retry-After`
        header, seconds or an HTTP date, which is counted from `now`, in unix seconds, default: the system's
        clock.

        >>> from hookproof import RetryPolicy
        >>> RetryPolicy.of("eventsair").next(attempt=1, status=503, retry_after="120", seed=7).action
        'retry'
        """
        return Decision(*self._native.next(attempt, status, retry_after, now, drawn(seed)))


def drawn(seed: int | None) -> int:
    """Returns the seed, or a random one."""
    # Jitter spreads load and guards nothing, so it needs no cryptographic source.
    return random.getrandbits(64) if seed is None else seed
