"""A clock that stands still."""

from __future__ import annotations

import math
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Union

from hookproof import _native
from hookproof._errors import invalid_option

if TYPE_CHECKING:
    from typing import TypeAlias

    from typing_extensions import Self

    Moment: TypeAlias = Union[int, float, datetime]

# As far as a datetime goes: what is beyond could be told to nobody.
_FIRST, _LAST = (datetime(year, 1, 1, tzinfo=timezone.utc).timestamp() for year in (1, 9999))


def freeze_clock(moment: Moment | None = None) -> FrozenClock:
    """Makes a clock that stands still at a moment, from `with` or `start` on.

    While it is started, every verifier, receiver and adapter of this process judges at that moment, in all
    threads; signers, deliveries and retry policies take it for the present. What is told a `now` goes by
    that. Not stopped are the stores, which have an option `clock`; the time after which keys are fetched
    again; and `time.time`. The other way round, verifiers do not hear of what replaces `time.time`
    (freezegun, time-machine), for they read the system's clock: freeze this one too.

    - `moment`: unix seconds or an aware datetime. Default: what `time.time` tells when it is started, so that
      it stands where freezegun has put that.

    Raises `ConfigurationError`: `invalid_option` for a moment outside of the years 1 to 9998, or without a
    zone.

    >>> from hookproof import Signer, Verifier
    >>> from hookproof.testing import freeze_clock
    >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    >>> with freeze_clock(1614265330) as clock:
    ...     signed = Signer("standard-webhooks", secret=secret).sign(b'{"type": "a"}', id="msg_1")
    ...     clock.tick(300)
    ...     Verifier("standard-webhooks", secret=secret).verify(signed.body, signed.headers).type
    'a'
    """
    return FrozenClock(moment)


class FrozenClock:
    """A clock that stands still while it is started; `freeze_clock` makes it."""

    def __init__(self, moment: Moment | None = None) -> None:
        self._moment = None if moment is None else _millis(moment)
        self._millis: int | None = None
        self._before: int | None = None

    @property
    def now(self) -> float:
        """Where it stands, in unix seconds."""
        return self._standing() / 1000

    def tick(self, seconds: float) -> None:
        """Moves it on by so many seconds; back, where they are negative."""
        self.set(self.now + seconds)

    def set(self, moment: Moment) -> None:
        """Puts it elsewhere: unix seconds or an aware datetime."""
        self._standing()
        self._millis = _millis(moment)
        _native.stop_clock(self._millis)

    def start(self) -> None:
        """Stops the clock, for `setUp` of a unittest: `addCleanup(clock.stop)` goes with it."""
        if self._millis is not None:
            message = "the clock stands still already"
            raise invalid_option(message)
        self._millis = _millis(time.time()) if self._moment is None else self._moment
        self._before = _native.stop_clock(self._millis)

    def stop(self) -> None:
        """Lets the clock run again, or puts it back to where it stood before it was started.

        The second time nothing happens.
        """
        if self._millis is not None:
            self._millis = None
            _native.stop_clock(self._before)

    def __enter__(self) -> Self:
        """Does what `start` does."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Does what `stop` does."""
        self.stop()

    def __repr__(self) -> str:
        """Says where it stands."""
        if self._millis is None:
            return "<FrozenClock that is not started>"
        return f"<FrozenClock {datetime.fromtimestamp(self.now, tz=timezone.utc).isoformat()}>"

    def _standing(self) -> int:
        if self._millis is None:
            message = "the clock does not stand still: start it first"
            raise invalid_option(message)
        return self._millis


def _millis(moment: Any) -> int:
    if isinstance(moment, datetime):
        if moment.utcoffset() is None:
            # Read in the machine's zone, a test would pass on one machine and fail on another.
            message = "the moment is a datetime without a zone: say which one, such as timezone.utc"
            raise invalid_option(message)
        moment = moment.timestamp()
    if not isinstance(moment, (int, float)):
        message = f"the moment is {type(moment).__name__}, expected int, float or datetime"
        raise TypeError(message)
    if not (math.isfinite(moment) and _FIRST <= moment <= _LAST):
        message = f"the moment is {moment}, expected unix seconds in the years 1 to 9998"
        raise invalid_option(message)
    return round(moment * 1000)
