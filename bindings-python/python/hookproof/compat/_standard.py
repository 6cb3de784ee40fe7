"""What the twins `standardwebhooks` and `svix` share: they differ in the headers that they read."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Union

from hookproof._errors import PayloadError, VerificationError
from hookproof._native import Signer
from hookproof.verifier import Verifier

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX = "whsec_"


class WebhookVerificationError(VerificationError):
    """The request is not authentic. `code` says why, as for every `hookproof.VerificationError`."""


class StandardWebhook:
    """Verifies and signs with one secret, for the provider that a subclass names."""

    _provider: str

    def __init__(self, whsecret: Union[str, bytes]) -> None:
        secret = _encoded(whsecret)
        self._verifier = Verifier(self._provider, secret=secret)
        self._signer = Signer("standard-webhooks", secret=secret)

    def _checked(self, data: Union[bytes, str], headers: Mapping[str, str]) -> None:
        try:
            self._verifier.verify(data, headers)
        except VerificationError as error:
            raised = WebhookVerificationError(str(error))
            raised.code = error.code
            raise raised from None
        except PayloadError:
            # Authentic, and only not in the form that the specification recommends: nobody has asked for it.
            return

    def sign(self, msg_id: str, timestamp: datetime, data: Union[str, bytes]) -> str:
        """Returns the value of the signature header; a timestamp without a zone is in UTC."""
        moment = timestamp if timestamp.tzinfo else timestamp.replace(tzinfo=timezone.utc)
        signed = self._signer.sign(data, id=msg_id, now=moment.timestamp())
        return signed.headers["Webhook-Signature"]


def parsed(data: Union[bytes, str]) -> Any:
    """Parses the body, as the libraries do that this stands for."""
    return json.loads(data)


def _encoded(secret: Union[str, bytes]) -> str:
    """Writes a secret in the provider's form; bytes are the key itself, and padding may be missing."""
    if isinstance(secret, bytes):
        return _PREFIX + base64.b64encode(secret).decode("ascii")
    text = secret.removeprefix(_PREFIX)
    return _PREFIX + text + "=" * (-len(text) % 4)
