"""Makes the cases of a signer from a row of the catalogue."""

from collections.abc import Sequence
from typing import Any

from generator.case import NOW
from generator.catalogue.frame import Entry, Sent
from generator.signing_case import BODIES, Case, signing_case


def cases(entry: Entry) -> list[Case]:
    """Returns what a signer of the provider must write; none where it cannot write such requests."""
    if not entry.signs:
        return []
    made = [
        _case(entry, "usual", "Id, type and attributes become headers where the provider has such headers.")
    ]
    for name, body in BODIES.items():
        made.append(_case(entry, f"body-{name}", "The body is signed as it is.", entry.sent(body)))
    if entry.time:
        at = 1_700_000_000
        made.append(_case(entry, "other-time", "The time is signed.", entry.sent(at=at), now=at))
    if entry.separator:
        made.append(
            _case(
                entry,
                "two-secrets",
                "Every secret makes one signature, in the order of the secrets.",
                secrets=[entry.secret, entry.other_secret],
            )
        )
    return made


def _case(
    entry: Entry,
    name: str,
    comment: str,
    sent: Sent | None = None,
    *,
    secrets: Sequence[str] = (),
    now: int = NOW,
) -> Case:
    sent = sent or entry.sent()
    texts = [entry.prefix + entry.text(sent, secret) for secret in secrets or [entry.secret]]
    described = entry.described(sent)
    if entry.signer_id_header:
        described = [
            [entry.signer_id_header if it == entry.id_header else it, text] for it, text in described
        ]
    lines = [
        *described,
        *([header, value] for header, value in entry.announced.items()),
        *([header, value] for header, value in entry.header_attributes.values()),
        # A signer writes nothing between pairs but the separator.
        *entry.signature_lines(sent, texts, entry.separator or ""),
    ]
    message: dict[str, Any] = {"now": now}
    if entry.id_header and sent.id is not None:
        message["id"] = sent.id
    if entry.type_header and entry.type is not None:
        message["type"] = entry.type
    if entry.header_attributes:
        message["attributes"] = {key: value for key, (_, value) in entry.header_attributes.items()}
    target = {"method": sent.method, "url": sent.url}
    message |= {member: value for member, value in target.items() if value is not None}
    headers = {header.lower(): value for header, value in lines}
    private = entry.private or str
    given = [private(secret) for secret in secrets] or private(entry.secret)
    return signing_case(entry.provider, name, comment, given, sent.body, headers, **message)
