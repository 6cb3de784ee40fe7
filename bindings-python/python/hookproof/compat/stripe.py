"""Stands in for the webhook half of the package `stripe`: `from hookproof.compat import stripe`.

It is stricter on purpose: a timestamp that lies in the future by more than the tolerance, one that is not all
digits, a header that names two, and an empty or padded secret are refused. Error messages are hookproof's
own, never hold the body, and have a `code`. `StripeClient` has no stand-in, for it calls the API.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Union

from hookproof._clock import unix_seconds
from hookproof._errors import PayloadError, VerificationError
from hookproof._native import Signer
from hookproof.verifier import Verifier

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Event", "SignatureVerificationError", "StripeObject", "Webhook", "WebhookSignature", "error"]

_Payload = Union[str, bytes, bytearray]

# Seconds: far beyond every clock, and far from an overflow.
_EVER = 10**11


class SignatureVerificationError(VerificationError):
    """The request is not authentic. `code` says why."""

    sig_header: str | None
    """The header that was given."""


class StripeObject(dict[str, Any]):
    """A JSON object whose members are attributes too, at every depth."""

    def __getattr__(self, name: str) -> Any:
        """Returns the member of that name."""
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class Event(StripeObject):
    """The object that the whole body is."""


class error:  # noqa: N801, a module there
    """Where older versions of the package have its exceptions."""

    SignatureVerificationError = SignatureVerificationError


class WebhookSignature:
    """Verifies the header alone."""

    EXPECTED_SCHEME = "v1"

    @classmethod
    def verify_header(
        cls, payload: _Payload, header: str | None, secret: str, tolerance: float | None = None
    ) -> bool:
        """Returns True, or raises `SignatureVerificationError`.

        A `tolerance` of None or 0 does not check the time, as in the package. Unlike there, a timestamp that
        lies in the future by more than the tolerance is refused as well.
        """
        verifier = _verifier(secret, tolerance or _EVER)
        headers = {} if header is None else {"stripe-signature": header}
        try:
            verifier.verify(payload, headers)
        except VerificationError as error:
            raised = SignatureVerificationError(str(error))
            raised.code, raised.sig_header = error.code, header
            raise raised from None
        except PayloadError:
            # Authentic; whether it is an event is for whoever parses it.
            pass
        return True

    @classmethod
    def generate_signature_header(cls, payload: str, secret: str, timestamp: int | None = None) -> str:
        """Returns a `Stripe-Signature` header for a test."""
        now = int(unix_seconds()) if timestamp is None else timestamp
        return Signer("stripe", secret=secret).sign(payload, now=now).headers["Stripe-Signature"]


class Webhook:
    """Verifies and parses an event."""

    DEFAULT_TOLERANCE = 300

    @staticmethod
    def construct_event(
        payload: _Payload,
        sig_header: str | None,
        secret: str,
        tolerance: float = DEFAULT_TOLERANCE,
        api_key: str | None = None,  # noqa: ARG004, taken so that calls need no change; nothing calls an API
    ) -> Event:
        """Returns the event; its members can be read as attributes and as items.

        Raises `SignatureVerificationError`, `ValueError` for an authentic body that is no JSON or a
        notification of an event of version 2, and `hookproof.ConfigurationError` for an unusable secret.

        >>> from hookproof.compat import stripe
        >>> payload = '{"id": "evt_1", "object": "event", "data": {"object": {"amount": 5}}}'
        >>> header = stripe.WebhookSignature.generate_signature_header(payload, "whsec_test")
        >>> event = stripe.Webhook.construct_event(payload, header, "whsec_test")
        >>> event["id"], event.data.object.amount
        ('evt_1', 5)
        """
        # What is parsed is what was verified, and not what a bytearray holds by then.
        payload = bytes(payload) if isinstance(payload, bytearray) else payload
        WebhookSignature.verify_header(payload, sig_header, secret, tolerance)
        found = json.loads(payload, object_hook=StripeObject)
        if not isinstance(found, StripeObject):
            message = "the body is authentic, but no event"
            raise ValueError(message)  # noqa: TRY004, what the package raises for a body that is no event
        if found.get("object") == "v2.core.event":
            # It has no data: code for events of version 1 would take what is missing for empty.
            message = (
                "the body is a notification of an event of version 2: take hookproof.Verifier, "
                "or what the package has as parse_event_notification"
            )
            raise ValueError(message)
        return Event(found)


def _built(secret: str, tolerance: float) -> Verifier:
    return Verifier("stripe", secret=secret, tolerance=tolerance)


# The verifiers of the few secrets that a program has: these functions are given one each time.
_verifier: Callable[[str, float], Verifier] = lru_cache(maxsize=32)(_built)
