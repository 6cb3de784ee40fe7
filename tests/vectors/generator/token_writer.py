"""Collects the cases of one provider with a bearer token."""

from dataclasses import dataclass, field
from typing import Any

from generator import bearer
from generator.bearer import token
from generator.case import NOW, Case, Event, Headers, case
from generator.output import Json


@dataclass
class TokenWriter:
    """Collects the cases of one provider, so that a case says only what is peculiar to it."""

    provider: str
    claims: dict[str, Json]
    options: dict[str, Json]
    event: Event
    body: bytes
    other_headers: Headers
    cases: list[Case] = field(default_factory=list)

    def add(
        self,
        name: str,
        comment: str,
        flags: list[str] | str,
        expect: Event | str | None = None,
        *,
        claims: dict[str, Json] | None = None,
        options: dict[str, Json] | None = None,
        authorization: str | None = None,
        headers: Headers | None = None,
        body: bytes | None = None,
        now: int = NOW,
        **token_parts: Any,
    ) -> None:
        """Adds a case. Claims and options are changes to the usual ones; None takes one out."""
        if authorization is None:
            made = token(bearer.changed(self.claims, claims or {}), **token_parts)
            authorization = f"Bearer {made}"
        self.cases.append(
            case(
                f"{self.provider}-{name}",
                comment,
                flags,
                self.event if expect is None else expect,
                provider=self.provider,
                headers=[*self.other_headers, ["Authorization", authorization]]
                if headers is None
                else headers,
                options=bearer.changed(self.options, options or {}),
                body=self.body if body is None else body,
                now=now,
            )
        )

    def good(self) -> str:
        return token(self.claims)
