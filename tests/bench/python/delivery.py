"""The requests that are measured, as `deliveries.py` wrote them."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = Any
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Delivery:
    """One signed request, and the headers of the same request with a wrong signature."""

    row: str
    size: int
    provider: str | dict[str, Any]
    secret: str
    body: bytes
    headers: dict[str, str]
    rejected: dict[str, str]


# Verifies a request that has these headers: returns, or raises where it is not authentic.
Verify = Callable[[Headers], object]
# Does what a program does when it starts.
Make = Callable[[Delivery], Verify]


@dataclass(frozen=True)
class Tokens:
    """Requests that bring a bearer token each, and the key set of their issuer."""

    issuer: str
    audience: str
    jwks: Json
    public_key: str
    body: bytes
    headers: dict[str, str]
    tokens: list[str]


def read(file: Path) -> tuple[list[Delivery], Tokens]:
    """Reads the file that all languages read."""
    document = json.loads(file.read_bytes())
    tokens = document["tokens"]
    tokens["body"] = base64.b64decode(tokens["body"])
    del tokens["provider"]
    return [_delivery(signed) for signed in document["signed"]], Tokens(**tokens)


def _delivery(signed: Json) -> Delivery:
    return Delivery(
        signed["row"],
        signed["bytes"],
        signed["provider"],
        signed["secret"],
        base64.b64decode(signed["body"]),
        signed["headers"],
        signed["rejected"],
    )
