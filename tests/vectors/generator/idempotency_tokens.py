"""Deliveries of the providers whose tokens hold hashes of the request."""

from collections.abc import Callable
from typing import Any

from generator.case import NOW
from generator.output import Json
from generator.providers.shared_tokens import MESSAGEBIRD, QSTASH, VONAGE


def groups(group: Callable[..., Any]) -> list[Json]:
    """Returns the groups, made with the maker of groups."""
    base = "https://example.com/webhooks/in"
    made = []
    for sender in (MESSAGEBIRD, VONAGE):
        made += [
            group(
                "same",
                f"{sender.provider}-again",
                "The delivery comes again with a new token.",
                sender.delivery(),
                sender.delivery(jti="another", nbf=NOW - 1),
            ),
            group(
                "different",
                f"{sender.provider}-callbacks",
                "Callbacks by GET have an empty body: what tells them apart stands in the query.",
                sender.delivery(url=f"{base}?id=1&status=sent", body=b"", method="GET"),
                sender.delivery(url=f"{base}?id=1&status=delivered", body=b"", method="GET"),
            ),
            group(
                "different",
                f"{sender.provider}-bodies",
                "Two bodies at one URL are two events.",
                sender.delivery(),
                sender.delivery(body=b"{}"),
            ),
        ]
    return [
        *made,
        group(
            "same",
            "qstash-again",
            "The id of the message counts, whatever the token says beside it.",
            QSTASH.delivery(),
            QSTASH.delivery(nbf=NOW - 1),
        ),
    ]
