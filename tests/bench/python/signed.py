"""The rows of signed requests: each scheme at each size, its payload read, and its refusal."""

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Any

import baseline
import ours
import peers
from contest import Call, Contender, Json, Pace, calling, measure
from delivery import Delivery, Headers, Make, Verify
from ours import Builds

# Their requests bring a time, and are good for five minutes.
_TIMED = ("standard-webhooks", "stripe")
_SIMPLE = {"hex-hmac": "x-webhook-signature", "signature-alone": "x-signature"}


def rows(deliveries: list[Delivery], pace: Pace, builds: Builds) -> Iterator[Json]:
    for delivery in sorted(deliveries, key=lambda delivery: delivery.row not in _TIMED):
        yield measure(delivery.row, delivery.size, _accepting(delivery, _makers(delivery.row, builds)), pace)
        if delivery.row == "hex-hmac":
            yield measure("data", delivery.size, _accepting(delivery, _readers(delivery.row, builds)), pace)
        if delivery.row == "standard-webhooks":
            yield measure("reject", delivery.size, list(_rejecting(delivery, builds)), pace)


def proven(make: Make, delivery: Delivery) -> Verify:
    """Makes a contender, and lets none compete that takes what is wrong or refuses what is right."""
    verify = make(delivery)
    verify(delivery.headers)
    _refused(verify, delivery.rejected)()
    return verify


def _makers(row: str, builds: Builds) -> dict[str, Make]:
    others: dict[str, Make]
    by_hand: Make
    if row == "standard-webhooks":
        by_hand = baseline.standard_webhooks
        others = {"standardwebhooks": peers.with_standardwebhooks, "svix": peers.with_svix}
    elif row == "stripe":
        by_hand = baseline.stripe
        others = {"stripe": peers.with_stripe, "stripe, signature alone": peers.with_stripe_signature}
    else:
        by_hand = baseline.hexadecimal(_SIMPLE[row])
        others = {"hmac.digest": baseline.one_shot(_SIMPLE[row])}
    # The body of a signature alone is no JSON.
    parsing = {} if row == "signature-alone" else {"hmac + json.loads": baseline.and_parse(by_hand)}
    return {
        **{name: ours.reads_event(build) for name, build in builds.items()},
        "hmac": by_hand,
        **parsing,
        **others,
    }


def _readers(row: str, builds: Builds) -> dict[str, Make]:
    by_hand = baseline.and_parse(baseline.hexadecimal(_SIMPLE[row]))
    return {
        **{name: ours.reads_data(build) for name, build in builds.items()},
        "hmac + json.loads": by_hand,
    }


def _accepting(delivery: Delivery, makers: dict[str, Make]) -> list[Contender]:
    return [
        *(calling(name, partial(proven(make, delivery), delivery.headers)) for name, make in makers.items()),
        calling("sha256", partial(_hash, delivery.body)),
    ]


def _rejecting(delivery: Delivery, builds: Builds) -> Iterator[Contender]:
    makers = _makers(delivery.row, builds)
    del makers["hmac + json.loads"]
    makers |= {name: ours.verifies(build) for name, build in builds.items()}
    for name, make in makers.items():
        verify = proven(make, delivery)
        yield calling(name, _refused(verify, delivery.rejected))
        accepts = "accept" if name == "hookproof" else f"{name} accept"
        accept = _read if name in builds else partial
        yield calling(accepts, accept(verify, delivery.headers))


def _read(verify: Verify, headers: Headers) -> Call:
    """Makes a call that reads what every handler reads of an event."""

    def read() -> None:
        event: Any = verify(headers)
        event.id, event.type  # noqa: B018

    return read


def _refused(verify: Verify, headers: Headers) -> Call:
    """Makes a call that catches the refusal, as the view of a server does."""

    def refuse() -> None:
        try:
            verify(headers)
        except Exception:  # noqa: BLE001
            return
        raise AssertionError("a wrong signature was accepted")

    return refuse


def _hash(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()
