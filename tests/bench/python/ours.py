"""hookproof as it was built and, where that is asked for, another build of it: what a change has brought."""

import importlib
import sys
from functools import partial
from pathlib import Path
from types import ModuleType

from delivery import Delivery, Headers, Make, Tokens, Verify

import hookproof

# By the names of their contenders.
Builds = dict[str, ModuleType]


def builds(before: Path | None) -> Builds:
    """Imports the package and, out of a folder, an older one."""
    found: Builds = {"hookproof": hookproof}
    if before is not None:
        ours = _forgotten()
        sys.path.insert(0, str(before))
        found["hookproof before"] = importlib.import_module("hookproof")
        sys.path.remove(str(before))
        _forgotten()
        sys.modules.update(ours)
        assert found["hookproof before"] is not hookproof
    return found


def verifies(build: ModuleType) -> Make:
    """Verifies, without a function of Python in between: an exception that passes one takes note of it."""

    def make(delivery: Delivery) -> Verify:
        return partial(_verifier(build, delivery).verify, delivery.body)

    return make


def reads_event(build: ModuleType) -> Make:
    """Verifies to an event, and reads what every handler reads."""

    def make(delivery: Delivery) -> Verify:
        check, body = _verifier(build, delivery).verify, delivery.body

        def verify(headers: Headers) -> object:
            event = check(body, headers)
            return event.id, event.type

        return verify

    return make


def reads_data(build: ModuleType) -> Make:
    """Verifies to an event whose payload is read too."""

    def make(delivery: Delivery) -> Verify:
        check, body = _verifier(build, delivery).verify, delivery.body

        def verify(headers: Headers) -> object:
            event = check(body, headers)
            return event.id, event.type, event.data

        return verify

    return make


def reads_token(build: ModuleType, tokens: Tokens) -> Verify:
    """Verifies a request that brings a token to an event, and reads what every handler reads."""
    keys = {"issuer": tokens.issuer, "audience": tokens.audience, "jwks": tokens.jwks}
    check, body = build.Verifier("jwt-bearer", **keys).verify, tokens.body

    def verify(headers: Headers) -> object:
        event = check(body, headers)
        return event.id, event.type

    return verify


def _verifier(build: ModuleType, delivery: Delivery) -> hookproof.Verifier:
    provider = delivery.provider
    known = provider if isinstance(provider, str) else build.Provider.from_dict(provider)
    verifier: hookproof.Verifier = build.Verifier(known, secret=delivery.secret)
    return verifier


def _forgotten() -> dict[str, ModuleType]:
    """Takes the package out of what is imported, and returns it."""
    names = [name for name in sys.modules if name == "hookproof" or name.startswith("hookproof.")]
    return {name: sys.modules.pop(name) for name in names}
