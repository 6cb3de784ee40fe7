"""Makes cases: what a receiver got, and what it must answer."""

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from generator import flags as registry
from generator.output import Document, Json

# 2026-09-21T14:13:20Z. Every case that does not test a clock happens at this second.
NOW = 1_790_000_000

PAYLOAD_CODES = {"malformed_body", "body_too_large"}
UNAVAILABLE_CODES = {"keys_unavailable"}

Headers = list[list[str]]
Case = dict[str, Json]
Event = dict[str, Json]


def case(
    identifier: str,
    comment: str,
    flags: Iterable[str] | str,
    expect: Event | str,
    *,
    provider: Json,
    headers: Headers,
    secret: list[str] | None = None,
    options: dict[str, Json] | None = None,
    now: int = NOW,
    **body: Any,
) -> Case:
    """Makes a case that expects an event (a dictionary) or an error code (a string).

    The body is one of `body=` bytes, `body_repeat=` or `body_parsed=`.
    """
    names = [flags] if isinstance(flags, str) else list(flags)
    unknown = [name for name in names if name not in registry.FLAGS]
    if unknown:
        raise ValueError(f"{identifier}: unknown flags {unknown}")
    return {
        "id": identifier,
        "comment": comment,
        "flags": names,
        "provider": provider,
        "secret": secret,
        "options": options or {},
        "headers": headers,
        **_body(body),
        "now": now,
        "expect": _expect(expect),
    }


def event(
    identifier: str | None, kind: str | None, covers: list[str], *, is_ping: bool = False, **more: Json
) -> Event:
    """Makes the event that a case expects. Members that are not given are not compared."""
    return {"id": identifier, "type": kind, "is_ping": is_ping, "covers": sorted(covers), **more}


def with_body(expected: Event, body: bytes) -> Event:
    """Returns the event with the signed bytes that it must hold."""
    return {**expected, "body_base64": base64.b64encode(body).decode()}


def moment(text: str) -> float:
    """Returns the unix seconds of an ISO 8601 text with an offset."""
    form = "%Y-%m-%dT%H:%M:%S.%f%z" if "." in text else "%Y-%m-%dT%H:%M:%S%z"
    seconds = datetime.strptime(text, form).timestamp()
    return int(seconds) if seconds.is_integer() else seconds


def document(name: str, cases: list[Case]) -> Document:
    """Makes the file of one provider's cases; the flags in use are explained at its head."""
    identifiers = [case["id"] for case in cases]
    twice = {identifier for identifier in identifiers if identifiers.count(identifier) > 1}
    if twice:
        raise ValueError(f"{name}: ids occur twice: {sorted(twice)}")
    used = {flag for case in cases for flag in case["flags"]}
    return Document(
        f"verify/{name}.json", {"kind": "verify", "flags": registry.explain(used), "cases": cases}
    )


def replaced(headers: Headers, name: str, value: str) -> Headers:
    """Returns the headers with another value for one of them."""
    if name.lower() not in (key.lower() for key, _ in headers):
        raise ValueError(f"there is no header {name}")
    return [[key, value if key.lower() == name.lower() else old] for key, old in headers]


def without(headers: Headers, name: str) -> Headers:
    """Returns the headers without one of them."""
    if name.lower() not in (key.lower() for key, _ in headers):
        raise ValueError(f"there is no header {name}")
    return [pair for pair in headers if pair[0].lower() != name.lower()]


def _expect(expect: Event | str) -> dict[str, Json]:
    if not isinstance(expect, str):
        return {"verdict": "accept", "event": expect}
    verdict = (
        "payload" if expect in PAYLOAD_CODES else "unavailable" if expect in UNAVAILABLE_CODES else "reject"
    )
    return {"verdict": verdict, "code": expect}


def _body(body: dict[str, Any]) -> dict[str, Json]:
    ((form, value),) = body.items()
    if form == "body":
        return {"body_base64": base64.b64encode(value).decode()}
    if form not in ("body_repeat", "body_parsed"):
        raise ValueError(f"a body has no form {form}")
    return {form: value}


def repeated(prefix: str, text: str, times: int, suffix: str) -> tuple[dict[str, Json], bytes]:
    """Describes a body that is too large to write down, and returns its bytes as well."""
    form = {"prefix": prefix, "text": text, "times": times, "suffix": suffix}
    return form, f"{prefix}{text * times}{suffix}".encode()
