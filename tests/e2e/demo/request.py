"""A request of the demo, and the answer that it must get."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Answer:
    """What a receiver did: its reply's status, how often its handler ran, and what the reply lacked."""

    status: int
    handled: int = 0
    complaint: str = ""

    def __str__(self) -> str:
        handled = {0: "", 1: " handled"}.get(self.handled, f" handled {self.handled} times")
        return f"{self.status}{handled}{self.complaint and f' ({self.complaint})'}"


@dataclass(frozen=True)
class Request:
    """What is sent to one route, and the expected answer."""

    title: str
    route: str
    headers: dict[str, str]
    body: bytes
    expected: Answer
    method: str = "POST"
    # Headers that the reply must have beside its status.
    reply_headers: dict[str, str | None] = field(default_factory=dict)
    # Sent while the same request is still being handled.
    while_running: bool = False

    def but(self, title: str, status: int, handled: int = 0, **changes: object) -> "Request":
        """Returns this request with something changed, and with what that must be answered."""
        return replace(self, title=title, expected=Answer(status, handled), **changes)  # type: ignore[arg-type]


RETRY_AFTER: dict[str, str | None] = {"Retry-After": None}
ALLOW_POST: dict[str, str | None] = {"Allow": "POST"}
