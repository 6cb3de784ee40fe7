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
from hookproof._request import RequestHead
from hookproof.address_policy import AddressPolicy
from hookproof.delivery import Delivery
from hookproof.receiver import Receiver
from hookproof.retry import Decision, RetryPolicy
from hookproof.store import AsyncStore, Claim, MemoryStore, SqliteStore, Store
from hookproof.verifier import Verifier

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
