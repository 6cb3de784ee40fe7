"""The system checks: they name what is wrong with the setting `HOOKPROOF` before a request finds it."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error
from django.urls import get_resolver

from hookproof._errors import ConfigurationError
from hookproof.django._settings import DEFAULT, NAME, all_options, awaited, endpoint_by_setting

_HINTS = {
    "invalid_secret": 'Set {name}["{provider}"]["secret"] to the secret that the provider shows.',
    "unknown_provider": "Provider.names() lists the providers that are built in.",
}


def check_setting(**_: Any) -> list[CheckMessage]:
    """Makes every endpoint of the setting once, and those of views that it has no entry for."""
    try:
        entries = set(all_options()) - {DEFAULT}
    except ConfigurationError as error:
        return [Error(str(error), id="hookproof.E001")]
    # Views that take their options from the setting are known when they were imported.
    _views = get_resolver().url_patterns
    return [
        message
        for name in sorted(entries | set(awaited))
        for message in _problems(name, missing=name not in entries)
    ]


def _problems(name: str, *, missing: bool) -> list[CheckMessage]:
    if missing:
        hint = f"Add {name!r} with its secret to {NAME}, or give the secret to webhook()."
        return [Error(f"a view receives {name!r}, and {NAME} has no entry for it", hint, id="hookproof.E002")]
    try:
        endpoint_by_setting(name, awaited.get(name, {}))
    except (ConfigurationError, TypeError) as error:
        code = getattr(error, "code", "")
        hint = _HINTS.get(code, "").format(name=NAME, provider=name)
        return [Error(f"{NAME}[{name!r}]: {error}", hint or None, id="hookproof.E003")]
    return []
