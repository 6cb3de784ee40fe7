"""The sending of one message to one endpoint, from the first attempt to the last."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Literal

from hookproof import _native
from hookproof._clock import unix_seconds
from hookproof._errors import invalid_option
from hookproof.retry import Decision, drawn

if TYPE_CHECKING:
    from collections.abc import Callable

    from hookproof.retry import RetryPolicy

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# As far as a datetime goes, but for a year: what is due later must be one too.
_FIRST, _LAST = (datetime(year, 1, 1, tzinfo=timezone.utc).timestamp() for year in (1, 9999))


class Delivery:
    """Says what a sender does next for one message, and when; it is told what came of each attempt.

    A state machine without a clock, a queue or a network: `to_json` fits in a column of a job table or in a
    message of a queue, and `from_json` goes on, in any of the three languages.

    - `seed`: decides the jitter of all retries, 0 to 2**64 - 1. Default: a random one.
    - `now`: the time of the start in unix seconds. Default: the system's clock.

    Raises `ConfigurationError`: `invalid_option`.

    >>> from hookproof import Delivery, RetryPolicy
    >>> policy = RetryPolicy.of("fast-events")
    >>> delivery = Delivery(now=1700000000)
    >>> delivery.record(policy, status=503, now=1700000000.2).action
    'retry'
    >>> delivery.due_at.isoformat()
    '2023-11-14T22:14:20.200000+00:00'
    >>> delivery = Delivery.from_json(delivery.to_json())
    >>> delivery.record(policy, status=200).action, delivery.state, delivery.due_at
    ('delivered', 'delivered', None)
    """

    __slots__ = ("_native",)

    def __init__(self, *, seed: int | None = None, now: float | None = None) -> None:
        self._native = _native.Delivery(drawn(seed), _millis(now))

    @classmethod
    def from_json(cls, state: str) -> Delivery:
        """Reads what `to_json` has written.

        Raises `ConfigurationError`: `invalid_option` when the text is something else.
        """
        delivery = cls.__new__(cls)
        delivery._native = _native.Delivery.from_json(state)  # noqa: SLF001, it is of this class
        try:
            _ = delivery.started_at, delivery.due_at
        except OverflowError as error:
            message = "the text is not a saved delivery: it has a time outside of the years 1 to 9999"
            raise invalid_option(message) from error
        return delivery

    def to_json(self) -> str:
        """Writes the state as one line of JSON."""
        return self._native.to_json()

    def record(
        self,
        policy: RetryPolicy,
        *,
        status: int | None = None,
        retry_after: str | None = None,
        now: float | None = None,
    ) -> Decision:
        """Takes what came of an attempt and decides what is next, as `RetryPolicy.next` does.

        `status` is that of the answer; None when none came. `retry_after` is the value of its `Retry-After`
        header. `now` is the time of the answer in unix seconds, default: the system's clock.

        Raises `ConfigurationError`: `invalid_option` when the delivery has ended.
        """
        made = self._native.record(policy._native, status, retry_after, _millis(now))  # noqa: SLF001
        return Decision(*made)

    @property
    def state(self) -> Literal["pending", "delivered", "gave_up", "disabled"]:
        """What has become of it; `disabled` means: send nothing more to this endpoint."""
        return self._native.state

    @property
    def attempts(self) -> int:
        """How many attempts were made."""
        return self._native.attempts

    @property
    def started_at(self) -> datetime:
        """When it was started, in UTC."""
        return _moment(self._native.started_at)

    @property
    def due_at(self) -> datetime | None:
        """When the next attempt is due, in UTC; None when there is none."""
        due = self._native.due_at
        return None if due is None else _moment(due)

    @property
    def last_status(self) -> int | None:
        """The status of the last answer; None when there was none."""
        return self._native.last_status

    def __reduce__(self) -> tuple[Callable[[str], Delivery], tuple[str]]:
        """Lets it be copied and pickled, as queues do with the arguments of a job."""
        return Delivery.from_json, (self.to_json(),)

    def __repr__(self) -> str:
        """Says where it stands, and nothing of what is sent."""
        return f"<Delivery {self.state} attempts={self.attempts}>"


def _millis(now: Any) -> int:
    moment = unix_seconds() if now is None else now
    if not isinstance(moment, (int, float)):
        message = f"now is {type(moment).__name__}, expected int or float"
        raise TypeError(message)
    if not _FIRST <= moment <= _LAST:
        message = "now is not a moment in unix seconds"
        raise invalid_option(message)
    # Rounded: a fraction of a second in binary may lie just below its millisecond.
    return round(moment * 1000)


def _moment(millis: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=millis)
