"""What one more secret, one more signature and one more KiB cost, and how straight the line is."""

import base64
import statistics
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from contest import Call, Json, Pace, calling, measure

import hookproof

sys.path.append(str(Path(__file__).parents[1]))

import deliveries

_BYTES = 1024
_SECRETS = (1, 2, 4, 8, 16)
# As many as are looked at in one header.
_SIGNATURES = (1, 2, 4, 8, 16, 32)
_SIZES = tuple(1024 << doublings for doublings in range(11))
_HEAD = {"type": "order.paid", "timestamp": "2026-09-21T12:53:20Z"}


def rows(pace: Pace) -> Iterator[Json]:
    secrets = {count: _verification(_BYTES, secrets=count) for count in _SECRETS}
    yield _grown("scale-secrets", _BYTES, secrets, pace)
    signatures = {count: _verification(_BYTES, signatures=count) for count in _SIGNATURES}
    yield _grown("scale-signatures", _BYTES, signatures, pace)
    sizes = {size: _verification(size) for size in _SIZES}
    yield _grown("scale-bytes", None, sizes, pace)


def _grown(row: str, size: int | None, calls: dict[int, Call], pace: Pace) -> Json:
    contenders = [calling(str(count), call) for count, call in calls.items()]
    measured = measure(row, size, contenders, pace)
    items = [count if size else count / 1024 for count in calls]
    return {
        **measured,
        "one_is": "an item" if size else "a KiB",
        **_line(items, list(measured["ns"].values())),
    }


def _line(items: Sequence[float], times: Sequence[float]) -> Json:
    slope, _ = statistics.linear_regression(items, times)
    return {
        "ns_for_one_more": round(slope, 1),
        "r_squared": round(statistics.correlation(items, times) ** 2, 5),
    }


def _verification(size: int, *, secrets: int = 1, signatures: int = 1) -> Call:
    """Makes a call that verifies with the last secret, by the last signature: those before are in vain."""
    body = deliveries.body(size, _HEAD, "data")
    known = [_secret(number) for number in range(secrets)]
    signed = hookproof.Signer("standard-webhooks", secret=known[-1]).sign(body, id=deliveries.ID)
    headers = {name.lower(): value for name, value in signed.headers.items()}
    in_vain = [f"v1,{base64.b64encode(bytes([number]) * 32).decode()}" for number in range(1, signatures)]
    headers["webhook-signature"] = " ".join([*in_vain, headers["webhook-signature"]])
    check = hookproof.Verifier("standard-webhooks", secret=known).verify
    assert check(body, headers).proof.key_index == secrets - 1
    return partial(_event, check, body, {**deliveries.OTHER_HEADERS, **headers})


def _event(check: Json, body: bytes, headers: dict[str, str]) -> object:
    event = check(body, headers)
    return event.id, event.type


def _secret(number: int) -> str:
    # One more, since a secret of zero bytes is refused.
    return "whsec_" + base64.b64encode((number + 1).to_bytes(32, "big")).decode()
