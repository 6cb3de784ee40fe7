"""Whom a receiver tells what happens."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from hookproof._errors import HookproofError
    from hookproof._native import Event

logger = logging.getLogger("hookproof")


@dataclass(frozen=True)
class Watchers:
    """Whom a receiver tells what happens; what is None goes to the logger `hookproof`."""

    on_reject: Callable[[HookproofError], object] | None = None
    on_duplicate: Callable[[Event], object] | None = None
    on_error: Callable[[BaseException, Event | None], object] | None = None
    on_outcome: Callable[[str, Event | None, float], object] | None = None

    def rejected(self, error: HookproofError) -> None:
        """Tells of a request that was refused."""
        if self.on_reject is not None:
            _call_safely(self.on_reject, error)
        else:
            logger.warning("refused a request: %s (%s)", error, error.code)

    def repeated(self, event: Event) -> None:
        """Tells of a delivery that was handled before or is being handled."""
        if self.on_duplicate is not None:
            _call_safely(self.on_duplicate, event)

    def failed(self, error: BaseException, event: Event | None, what: str) -> None:
        """Tells of what is the receiver's own: its handler, its store, its setting."""
        if self.on_error is not None:
            _call_safely(self.on_error, error, event)
        else:
            logger.error("%s for %r", what, event, exc_info=error)

    def ended(self, outcome: str, event: Event | None, seconds: float) -> None:
        """Tells what came of a request, once for each."""
        if self.on_outcome is not None:
            _call_safely(self.on_outcome, outcome, event, seconds)


def _call_safely(watcher: Callable[..., object], *arguments: object) -> None:
    try:
        watcher(*arguments)
    except Exception:
        # A defect of who watches must not turn a reply that is right into another one.
        logger.exception("a callback of a receiver failed")
