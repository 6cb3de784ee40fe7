"""Signs, verifies, parses, deduplicates and schedules retries for webhooks of any provider.

>>> from hookproof import Signer, Verifier
>>> body = b'{"id": "5f7b", "event": "payment.success", "payload": {}}'
>>> headers = Signer("fourvenues", secret="s3cr3t").sign(body).headers  # in real life: the request's headers
>>> event = Verifier("fourvenues", secret="s3cr3t").verify(body, headers)
>>> event.type, event.id
('payment.success', '5f7b')

The fixtures in `pytest_hookproof` make pytest want to rewrite this package too, and warn where it was
imported before: PYTEST_DONT_REWRITE.
"""

from hookproof._errors import (
    AddressRefusedError,
    ConfigurationError,
    HookproofError,
    KeysUnavailableError,
    PayloadError,
    VerificationError,
)
from hookproof._native import VERSION, Event, Handshake, Proof, Provider, Reply, Signed, Signer
from hookproof.verifier import Verifier

# Not from `typing`, whose import takes longer than that of all the rest.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from hookproof._request import RequestHead
    from hookproof.address_policy import AddressPolicy
    from hookproof.delivery import Delivery
    from hookproof.receiver import Receiver
    from hookproof.retry import Decision, RetryPolicy
    from hookproof.store import AsyncStore, Claim, MemoryStore, SqliteStore, Store

__version__ = VERSION

__all__ = [
    "AddressPolicy",
    "AddressRefusedError",
    "AsyncStore",
    "Claim",
    "ConfigurationError",
    "Decision",
    "Delivery",
    "Event",
    "Handshake",
    "HookproofError",
    "KeysUnavailableError",
    "MemoryStore",
    "PayloadError",
    "Proof",
    "Provider",
    "Receiver",
    "Reply",
    "RequestHead",
    "RetryPolicy",
    "Signed",
    "Signer",
    "SqliteStore",
    "Store",
    "VerificationError",
    "Verifier",
    "__version__",
]

# Where the names are that not every program uses. They are imported at their first use: a function that is
# started for one request, or a command, would wait for modules of the standard library that it does not need.
_LATER = {
    "AddressPolicy": "address_policy",
    "AsyncStore": "store",
    "Claim": "store",
    "Decision": "retry",
    "Delivery": "delivery",
    "MemoryStore": "store",
    "Receiver": "receiver",
    "RequestHead": "_request",
    "RetryPolicy": "retry",
    "SqliteStore": "store",
    "Store": "store",
}

if not TYPE_CHECKING:

    def __getattr__(name):
        from importlib import import_module  # noqa: PLC0415, at the first use like what it imports

        if name in _LATER:
            found = getattr(import_module(f"hookproof.{_LATER[name]}"), name)
            # This function is asked only once for each name.
            globals()[name] = found
            return found
        if name in _LATER.values():
            return import_module(f"hookproof.{name}")
        message = f"module 'hookproof' has no attribute '{name}'"
        raise AttributeError(message, name=name)

    def __dir__():
        return sorted({*globals(), *_LATER, *_LATER.values()})
