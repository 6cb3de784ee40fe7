"""Stands in for `svix.webhooks`: change `from svix.webhooks import …` to this module.

It is stricter on purpose, where `hookproof.compat.standardwebhooks` is. `Svix`, the client of the API, has no
stand-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Union

from hookproof.compat._standard import StandardWebhook, WebhookVerificationError, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Webhook", "WebhookVerificationError"]


class Webhook(StandardWebhook):
    """Verifies what Svix has signed, under its own headers (`svix-id`, …) or the standard ones.

    `whsecret` is text with or without `whsec_`, or the bytes of the key. Unlike the package, it refuses keys
    that Standard Webhooks does: fewer than 24 or more than 64 bytes.

    Raises `hookproof.ConfigurationError`: `invalid_secret`.
    """

    _provider = "svix"

    def verify(self, data: Union[bytes, str], headers: Mapping[str, str]) -> Any:
        """Returns the parsed body, as older versions of the package do; newer ones return None.

        Raises `WebhookVerificationError`, and `ValueError` for an authentic body that is no JSON.
        """
        self._checked(data, headers)
        return parsed(data)
