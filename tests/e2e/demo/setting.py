"""What the senders and their receivers have agreed on: secrets, keys and limits, made anew for each run."""

import base64
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

ISSUER = "https://securetoken.google.com/demo-tenant"
AUDIENCE = "demo-tenant"
KEY_ID = "demo-key"
SUBJECT = "pitchpoint-robot"
MAX_BODY = 64 * 1024

Json = Any


@dataclass(frozen=True)
class Setting:
    """The senders' half of the agreement. It goes to the sending program as JSON."""

    fourvenues_secret: str
    eventsair_secret: str
    fast_events_secret: str
    pitchpoint_key: str
    pitchpoint_other_key: str
    issuer: str = ISSUER
    audience: str = AUDIENCE
    key_id: str = KEY_ID
    subject: str = SUBJECT
    max_body: int = MAX_BODY

    def to_json(self) -> dict[str, Json]:
        return asdict(self)


def new_setting() -> tuple[Setting, dict[str, Json]]:
    """Makes keys, and returns what the senders know and the routes with what the receivers know."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    setting = Setting(
        fourvenues_secret=secrets.token_hex(16),
        eventsair_secret="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        fast_events_secret=secrets.token_hex(16),
        pitchpoint_key=_pem(key),
        pitchpoint_other_key=_pem(generate_private_key(public_exponent=65537, key_size=2048)),
    )
    token = {"issuer": ISSUER, "audience": AUDIENCE}
    return setting, {
        "fourvenues": _route("fourvenues", secret=setting.fourvenues_secret),
        "eventsair": _route("eventsair", secret=setting.eventsair_secret),
        "fast-events": _route("fast-events", secret=setting.fast_events_secret),
        "pitchpoint": _route("pitchpoint", **token, jwks=_jwks(key), claims={"sub": SUBJECT}),
        "pitchpoint-without-keys": _route("pitchpoint", **token, **_KEYS_OF_NOBODY),
    }


# A port on which nobody may listen: no key can be had there, and nothing leaves the machine.
_KEYS_OF_NOBODY: dict[str, Json] = {"jwks_uri": "http://127.0.0.1:1/keys", "allow_insecure_loopback": True}


def _route(provider: str, **options: Json) -> dict[str, Json]:
    return {"provider": provider, "options": options, "max_body": MAX_BODY}


def _pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def _jwks(key: RSAPrivateKey) -> Json:
    numbers = key.public_key().public_numbers()
    public = {"kty": "RSA", "kid": KEY_ID, "alg": "RS256", "use": "sig"}
    return {"keys": [{**public, "n": _number(numbers.n), "e": _number(numbers.e)}]}


def _number(value: int) -> str:
    encoded = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(encoded).decode("ascii").rstrip("=")
