"""The endpoints that every adapter serves in the tests, and the senders that know their secrets."""

import base64
import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from authentic import SECRET, WHSEC
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hookproof import Event, HookproofError, RequestHead, Signer

ISSUER, AUDIENCE, KEY_ID = "https://securetoken.google.com/acme", "acme", "k1"
TENANTS = {"a": "secret of a", "b": ["old secret of b", "secret of b"]}

_key = generate_private_key(public_exponent=65537, key_size=2048)
_pem = _key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
_serial = itertools.count()


@dataclass
class Record:
    """What happened behind an adapter, and what its handlers are to do next."""

    handled: list[Event] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    repeated: list[Event] = field(default_factory=list)
    failed: list[BaseException] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    timings: list[float] = field(default_factory=list)
    heads: list[RequestHead] = field(default_factory=list)
    # An error to raise, or a status to answer with.
    plans: list[BaseException | int] = field(default_factory=list)

    def take(self, event: Event) -> int | None:
        """Handles an event: does what was planned."""
        self.handled.append(event)
        plan = self.plans.pop(0) if self.plans else None
        if isinstance(plan, BaseException):
            raise plan
        return plan

    def ended(self, count: int) -> list[str]:
        """Returns the outcomes, once there are as many; FastAPI ends a dependency after its response."""
        deadline = time.monotonic() + 10
        while len(self.outcomes) < count and time.monotonic() < deadline:
            time.sleep(0.001)
        return self.outcomes

    def clear(self) -> None:
        """Forgets everything."""
        for happened in vars(self).values():
            happened.clear()


record = Record()


def _rejected(error: HookproofError) -> None:
    record.rejected.append(error.code)


def _failed(error: BaseException, _event: Event | None) -> None:
    record.failed.append(error)


def _ended(outcome: str, _event: Event | None, seconds: float) -> None:
    record.outcomes.append(outcome)
    record.timings.append(seconds)


def _tenant(head: RequestHead) -> Any:
    record.heads.append(head)
    tenant = head.headers.get("X-Tenant", "")
    if tenant == "broken":
        message = "the table of tenants is down"
        raise ConnectionError(message)
    return TENANTS.get(tenant)


async def _awaited_tenant(head: RequestHead) -> Any:
    return _tenant(head)


def _number(value: int) -> str:
    encoded = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(encoded).decode("ascii").rstrip("=")


def _jwks() -> dict[str, Any]:
    numbers = _key.public_key().public_numbers()
    public = {"kty": "RSA", "kid": KEY_ID, "alg": "RS256", "use": "sig"}
    return {"keys": [{**public, "n": _number(numbers.n), "e": _number(numbers.e)}]}


HOOKS: dict[str, Any] = {
    "on_reject": _rejected,
    "on_duplicate": record.repeated.append,
    "on_error": _failed,
    "on_outcome": _ended,
}

# The provider and its options by the path; `consumed` stands behind what reads the body first.
ENDPOINTS: dict[str, tuple[str, dict[str, Any]]] = {
    "fourvenues": ("fourvenues", {"secret": SECRET}),
    "eventsair": ("eventsair", {"secret": WHSEC}),
    "fast-events": ("fast-events", {"secret": SECRET}),
    "pitchpoint": ("pitchpoint", {"issuer": ISSUER, "audience": AUDIENCE, "jwks": _jwks()}),
    "small": ("fast-events", {"secret": SECRET, "max_body": 100}),
    "tenants": ("fourvenues", {"secret": _tenant}),
    "awaited-tenants": ("fourvenues", {"secret": _awaited_tenant}),
    "meta": ("meta", {"secret": SECRET, "verify_token": "known"}),
    "consumed": ("fourvenues", {"secret": SECRET}),
}


def endpoints() -> dict[str, tuple[str, dict[str, Any]]]:
    """Returns the table, with the hooks that write the record."""
    return {path: (provider, {**options, **HOOKS}) for path, (provider, options) in ENDPOINTS.items()}


@dataclass(frozen=True)
class Message:
    """A signed request."""

    body: bytes
    headers: Mapping[str, str]


def _signer(system: str) -> Signer:
    if system == "pitchpoint":
        claims = {"sub": "robot"}
        return Signer(system, secret=_pem, issuer=ISSUER, audience=AUDIENCE, key_id=KEY_ID, claims=claims)
    return Signer(system, secret=WHSEC if system == "eventsair" else SECRET)


def message(system: str, *, age: float = 0, body: bytes | None = None, secret: str | None = None) -> Message:
    """Signs a delivery with an id of its own."""
    number = next(_serial)
    forms = {
        "fourvenues": f'{{"id":"d{number}","event":"payment.success","payload":{{}}}}'.encode(),
        "eventsair": b'{"type":"Event.Contact.Created","data":{"contactId":"c1"}}',
        "fast-events": f'{{"id":{number}}}'.encode(),
        "pitchpoint": b'{"order_id":"1"}',
    }
    signer = _signer(system) if secret is None else Signer(system, secret=secret)
    signed = signer.sign(
        forms[system] if body is None else body,
        id=f"d{number}",
        type="orders/placed" if system == "pitchpoint" else "order.created",
        now=time.time() - age,
        attributes={"tenant": "OU1", "sub_topic": "product:a"} if system == "pitchpoint" else None,
    )
    return Message(signed.body, signed.headers)
