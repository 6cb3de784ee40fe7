"""Keys of an issuer that exists in a test only."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from hookproof import _native

if TYPE_CHECKING:
    from hookproof.types import JsonObject

# What a provider may require and no test cares about.
_CLAIMS = {"sub": "hookproof-test"}


class SigningOptions(TypedDict):
    """The options of `Signer` and `signed_request` with which tokens are signed."""

    secret: str
    issuer: str
    audience: str
    key_id: str
    claims: JsonObject


class VerifyingOptions(TypedDict):
    """The options of `Verifier` and `webhook` with which they are verified."""

    issuer: str
    audience: str
    jwks: JsonObject


@dataclass(frozen=True)
class IssuerKeys:
    """The keys of an issuer that exists in a test only; `generate_keys` makes them."""

    issuer: str
    audience: str
    key_id: str
    claims: JsonObject
    private_key: str = field(repr=False)
    """The RSA private key as PEM text."""
    jwks: JsonObject = field(repr=False)
    """The key set with its public half."""

    @property
    def signer(self) -> SigningOptions:
        """Options for `signed_request` and `Signer`."""
        return {
            "secret": self.private_key,
            "issuer": self.issuer,
            "audience": self.audience,
            "key_id": self.key_id,
            "claims": dict(self.claims),
        }

    @property
    def verifier(self) -> VerifyingOptions:
        """Options for `Verifier` and `webhook`: no key is fetched."""
        return {"issuer": self.issuer, "audience": self.audience, "jwks": self.jwks}


def generate_keys(
    *,
    issuer: str = "https://issuer.test",
    audience: str = "hookproof-test",
    key_id: str = "test",
    claims: dict[str, Any] | None = None,
) -> IssuerKeys:
    """Makes new keys for a provider whose requests carry a token that an issuer signs, such as Pitchpoint.

    No issuer has to be asked. It takes some tenths of a second: make them once for a module of tests.
    `claims` are those of the tokens, default: `sub` is `hookproof-test`.

    Raises `ConfigurationError`: `invalid_option`.

    >>> from hookproof import Verifier
    >>> from hookproof.testing import generate_keys, signed_request
    >>> keys = generate_keys()
    >>> request = signed_request("pitchpoint", event="orders/placed", **keys.signer)
    >>> Verifier("pitchpoint", **keys.verifier).verify(request.body, request.headers).type
    'orders/placed'
    """
    private_key, jwks = _native.generate_keys(key_id)
    return IssuerKeys(issuer, audience, key_id, {**_CLAIMS, **(claims or {})}, private_key, json.loads(jwks))
