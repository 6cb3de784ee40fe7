"""Stands in for the package `standardwebhooks`: change `from standardwebhooks import …` to this module.

It is stricter on purpose: keys of fewer than 24 or more than 64 bytes, a timestamp that is not all digits,
base64 that is not canonical and an id with a dot are refused. Whatever the texts of the headers, what it
raises for them is `WebhookVerificationError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Union

from hookproof.compat._standard import StandardWebhook, WebhookVerificationError, parsed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Webhook", "WebhookVerificationError"]


class Webhook(StandardWebhook):
    """Verifies what a sender that follows Standard Webhooks has signed.

    `whsecret` is text with or without `whsec_`, or the bytes of the key. Unlike the package, it refuses keys
    that the specification does: fewer than 24 or more than 64 bytes.

    Raises `hookproof.ConfigurationError`: `invalid_secret`.

    >>> from datetime import datetime, timezone
    >>> from hookproof.compat.standardwebhooks import Webhook
    >>> webhook = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    >>> now = datetime.now(tz=timezone.utc)
    >>> headers = {
    ...     "webhook-id": "msg_1",
    ...     "webhook-timestamp": str(int(now.timestamp())),
    ...     "webhook-signature": webhook.sign("msg_1", now, '{"a": 1}'),
    ... }
    >>> webhook.verify('{"a": 1}', headers)
    {'a': 1}
    """

    _provider = "standard-webhooks"

    def verify(self, data: Union[bytes, str], headers: Mapping[str, str], *, json_parse: bool = True) -> Any:
        """Returns the parsed body, or None when `json_parse` is False.

        Raises `WebhookVerificationError`, and `ValueError` for an authentic body that is no JSON.
        """
        self._checked(data, headers)
        return parsed(data) if json_parse else None
