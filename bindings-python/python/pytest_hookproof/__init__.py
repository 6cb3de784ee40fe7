"""The pytest plugin of hookproof: fixtures around `hookproof.testing`.

It is a package of its own, for pytest loads it in every run where hookproof is installed: whoever asks for
none of the fixtures does not pay for an import of hookproof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hookproof.testing import FrozenClock, IssuerKeys, SignedRequest


@pytest.fixture(scope="session")
def hookproof_keys() -> IssuerKeys:
    """Keys of an issuer that exists in this run only, for providers with bearer tokens."""
    from hookproof.testing import generate_keys

    return generate_keys()


@pytest.fixture
def hookproof_clock() -> Iterator[FrozenClock]:
    """The clock of all verifiers, standing still at the present until the test moves it."""
    from hookproof.testing import freeze_clock

    with freeze_clock() as clock:
        yield clock


@pytest.fixture
def hookproof_request(request: pytest.FixtureRequest) -> Callable[..., SignedRequest]:
    """Makes signed requests as `hookproof.testing.signed_request` does.

    Where an issuer signs the provider's tokens and no `secret` is given, `hookproof_keys` sign them.
    """
    from hookproof import Provider
    from hookproof.testing import signed_request

    def make(provider: str | Provider, **options: Any) -> SignedRequest:
        made = provider if isinstance(provider, Provider) else Provider.named(provider)
        if options.get("secret") is None and _has_issuer(made):
            keys: IssuerKeys = request.getfixturevalue("hookproof_keys")
            options = {**keys.signer, **options}
        return signed_request(made, **options)

    return make


def _has_issuer(provider: Any) -> bool:
    bearer = provider.to_dict()["scheme"].get("bearer", {})
    return any(name.startswith("RS") for name in bearer.get("algorithms", ()))
