"""Reads the setting `HOOKPROOF`: options of endpoints by the name of their provider."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from hookproof._adapter import Endpoint, check_names
from hookproof._errors import invalid_option
from hookproof._native import Provider
from hookproof.types import VerifierOptions, WebhookOptions

if TYPE_CHECKING:
    from hookproof._choice import Choice
    from hookproof.verifier import Verifier

NAME = "HOOKPROOF"
DEFAULT = "default"
# What keeps a verifier from being built; an endpoint that has one of them in its code needs no setting.
_KEYS = {"secret", "issuer", "jwks"}
_OBJECTS = {"store", "on_reject", "on_duplicate", "on_error", "on_handshake", "on_outcome"}

# The names of providers that endpoints take from the setting, for the checks.
awaited: dict[str, WebhookOptions] = {}


def endpoint_of(
    provider: str | Provider | Verifier | Choice, options: WebhookOptions
) -> Callable[[], Endpoint]:
    """Returns where to get an endpoint from: made now, or later where the setting has its keys."""
    check_names(options)
    if not isinstance(provider, str) or _KEYS & set(options) or not hasattr(settings, NAME):
        merged = {**defaults(provider), **options}
        found = Endpoint(provider, cast("WebhookOptions", merged))
        return lambda: found
    # An error here would stop the import of all views, and with it the check that names what is missing.
    awaited[provider] = options
    return Lazy(provider, options)


class Lazy:
    """An endpoint of the setting, made when the first request comes."""

    def __init__(self, provider: str, options: WebhookOptions) -> None:
        self._provider = provider
        self._options = options
        self._making = Lock()
        self._made: tuple[object, Endpoint] | None = None

    def __call__(self) -> Endpoint:
        """Returns the endpoint; raises `ConfigurationError` each time while the setting is at fault."""
        setting = all_options()
        # Two endpoints of the first two requests would have a store each, and see nothing of the other's.
        with self._making:
            if self._made is None or self._made[0] is not setting:
                self._made = (setting, endpoint_by_setting(self._provider, self._options))
            return self._made[1]


def endpoint_by_setting(name: str, options: WebhookOptions) -> Endpoint:
    """Makes the endpoint of an entry of the setting.

    Raises `ConfigurationError`: `invalid_option` where there is no entry, and what the verifier says.
    """
    found = all_options().get(name)
    if not isinstance(found, Mapping):
        message = f"the setting {NAME} has no dict for {name!r}"
        raise invalid_option(message)
    words = {**defaults(name), **_imported(found), **options}
    unknown = [word for word in words if word not in WebhookOptions.__optional_keys__]
    if unknown:
        message = f"the option {unknown[0]!r} of {NAME}[{name!r}] is not known"
        raise invalid_option(message)
    return Endpoint(name, cast("WebhookOptions", words))


def all_options() -> Mapping[str, Any]:
    """Returns the setting."""
    found = getattr(settings, NAME, {})
    if not isinstance(found, Mapping):
        message = f"the setting {NAME} is {type(found).__name__}, expected a dict"
        raise invalid_option(message)
    return found


def defaults(provider: object) -> dict[str, Any]:
    """Returns the options of all endpoints; not those of a verifier where one was given."""
    found = all_options().get(DEFAULT, {})
    if not isinstance(found, Mapping):
        message = f"{NAME}[{DEFAULT!r}] is {type(found).__name__}, expected a dict"
        raise invalid_option(message)
    named = isinstance(provider, (str, Provider))
    return {
        word: value
        for word, value in _imported(found).items()
        if named or word not in VerifierOptions.__optional_keys__
    }


def _imported(options: Mapping[str, Any]) -> dict[str, Any]:
    return {
        word: _object(value) if word in _OBJECTS and isinstance(value, str) else value
        for word, value in options.items()
    }


@cache
def _object(path: str) -> Any:
    """Imports what a path names, and makes a store where that is its class."""
    try:
        found = import_string(path)
    except ImportError as error:
        message = f"the setting {NAME} names {path!r}, which cannot be imported"
        raise invalid_option(message) from error
    return found() if isinstance(found, type) else found


def _forget(*, setting: str, **_: object) -> None:
    if setting == NAME:
        _object.cache_clear()


# Tests change settings, and a store of one test is none of the next.
setting_changed.connect(_forget)
