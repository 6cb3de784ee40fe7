"""Collects the cases of one sender."""

from typing import Any

from generator.case import Case, Event, Headers, case
from generator.senders import Sender


class Writer:
    """Collects the cases of one sender, so that a case says only what is peculiar to it."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.cases: list[Case] = []

    def add(
        self,
        name: str,
        comment: str,
        flags: list[str] | str,
        expect: Event | str,
        *,
        headers: Headers | None = None,
        secret: list[str] | str | None = "",
        sender: Sender | None = None,
        **more: Any,
    ) -> None:
        """Adds a case; what is not given is the sender's usual secret, body and headers."""
        source = sender or self.sender
        if not {"body", "body_repeat", "body_parsed"} & set(more):
            more["body"] = source.body
        body = more.get("body")
        if headers is None:
            headers = source.headers(body if isinstance(body, bytes) else None)
        # None is what some cases are about, so the empty text stands for the usual secret.
        if secret == "":
            secret = [source.secret]
        identifier = f"{source.provider}-{name}"
        arguments = {"provider": source.provider, "headers": headers, "secret": secret, **more}
        self.cases.append(case(identifier, comment, flags, expect, **arguments))

    def add_signature(
        self, name: str, comment: str, flags: list[str] | str, expect: Event | str, text: str
    ) -> None:
        """Adds a case whose signature has the given text."""
        self.add(name, comment, flags, expect, headers=self.sender.headers_around(text))
