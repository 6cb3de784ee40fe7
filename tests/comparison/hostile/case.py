"""What one case is, and the bytes that cases are made of."""

import base64
import hashlib
import hmac
import time
from dataclasses import dataclass
from typing import Any, Literal

Json = Any

# What it would mean if a library answered otherwise than expected.
#   control     an honest request, or a plainly forged one: shows that the library is called as it should be
#   forgery     somebody who does not know the secret chooses what is accepted
#   altered     an honest signature is accepted for other bytes than those that were signed
#   lenient     the owner of the secret signed it, but the form or time is one that the scheme does not have
#   robustness  refused by everybody: the question is whether by an error that the documentation names
#   fetches     how often an issuer's key server is asked; the answer is a number
Kind = Literal["control", "forgery", "altered", "lenient", "robustness", "fetches"]
Family = Literal["standard", "stripe", "github", "token", "keys"]

NOW = int(time.time())


@dataclass(frozen=True)
class Case:
    """One question, put to every library of a family."""

    id: str
    family: Family
    kind: Kind
    expect: Literal["accepted", "refused"]
    title: str
    why: str
    call: dict[str, Json]
    # Only then is the processor time looked at; everything else is quick.
    timed: bool = False


def mac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def body_of(content: bytes) -> dict[str, Json]:
    """A body as the drivers read it."""
    return {"body_base64": base64.b64encode(content).decode()}
