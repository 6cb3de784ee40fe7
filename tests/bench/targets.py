"""What is to be reached: ratios of medians that were measured in one process and in turns."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = Any

KIB = 1024
MIB = 1024 * KIB
SMALL = (200, KIB, 16 * KIB)
# What no library gets below: the same bytes hashed once, or one signature of RSA.
FLOORS = ("sha256", "RSA verification", "aws-lc-rs, signature alone")


@dataclass(frozen=True)
class Pair:
    """Two contenders of one measured row; a token has the size that it has."""

    row: str
    size: int | None
    against: str
    ours: str = "hookproof"


@dataclass(frozen=True)
class Target:
    """A ratio that is to be reached in every pair."""

    work: str
    language: str
    limit: float
    pairs: tuple[Pair, ...]
    # Why a pair that is above the limit cannot be below; the page shows it then.
    why: str = ""


@dataclass(frozen=True)
class Result:
    """What was reached."""

    target: Target
    pair: Pair
    ratio: float
    floor: float | None

    @property
    def is_met(self) -> bool:
        """Compares what is shown, so that no table says 0.60 and not met."""
        return round(self.ratio, 2) <= self.target.limit


def pairs(rows: tuple[str, ...], sizes: tuple[int, ...], *against: str) -> tuple[Pair, ...]:
    return tuple(Pair(row, size, name) for row in rows for name in against for size in sizes)


_BOTH = ("hex-hmac", "standard-webhooks")
_STANDARD = ("standard-webhooks",)
_HASH = (Pair("signature-alone", MIB, "sha256"),)
_REJECTING = pairs(("reject",), SMALL, "accept")

_CROSSING = (
    "What takes the time is below. The hash, and coming from the language into the core and back with an "
    "event, together take longer than the target, or leave less of it than reading the body takes."
)
_BARE = f"{_CROSSING} What it is compared with reads no body and makes no event."

TARGETS = (
    Target(
        "verify to an event, against `node:crypto` alone",
        "node",
        0.4,
        pairs(_BOTH, (200,), "node:crypto"),
        why=_BARE,
    ),
    Target(
        "verify to an event, against `node:crypto` alone",
        "node",
        0.6,
        pairs(_BOTH, (KIB,), "node:crypto"),
        why=_BARE,
    ),
    Target(
        "verify to an event, against `node:crypto` and `JSON.parse`",
        "node",
        0.2,
        pairs(_BOTH, (MIB,), "node:crypto + JSON.parse"),
    ),
    Target(
        "verify to an event, against the libraries of the scheme",
        "node",
        0.08,
        pairs(_STANDARD, SMALL, "standardwebhooks", "svix"),
        why=f"{_CROSSING} At 16 KiB that is the body: `svix` no longer parses it.",
    ),
    Target(
        "verify to an event, against `hmac` alone",
        "python",
        0.35,
        pairs(_BOTH, (200,), "hmac"),
        why=_BARE,
    ),
    Target(
        "verify to an event, against `hmac` and `json.loads`",
        "python",
        0.2,
        pairs(_BOTH, (KIB,), "hmac + json.loads"),
        why="What takes the time is below: what is missing is less than each of the parts.",
    ),
    Target(
        "verify to an event, against the libraries of the scheme",
        "python",
        0.1,
        pairs(_STANDARD, SMALL, "standardwebhooks", "svix"),
        why=f"{_CROSSING} At 16 KiB that is the body; `svix` no longer parses it, and is one HMAC.",
    ),
    Target(
        "verify to an event, against the crate of the scheme",
        "rust",
        0.25,
        pairs(_STANDARD, (200,), "standardwebhooks"),
        why="The crate reads no body and makes no event. The hash and reading the body, as long as in the "
        "profiles below, take most of the target; the rest looks at headers, id, timestamp and signature by "
        "rules that are data, and would have to shrink to a fifth.",
    ),
    Target(
        "a bearer token that was never seen before",
        "node",
        0.6,
        (Pair("rs256-first", None, "jsonwebtoken"),),
        why="The bare RSA verification with a parsed key, see the floor, takes more than the target alone: "
        "`jsonwebtoken` is given a `KeyObject`, so that it parses no key either, and most of its time is "
        "that of the same arithmetic. No verification of the signature fits below the target.",
    ),
    Target(
        "a bearer token that was never seen before",
        "python",
        0.3,
        (Pair("rs256-first", None, "PyJWT"),),
        why="The floor, one RSA verification by `cryptography`, takes as long as all of it.",
    ),
    Target(
        "a bearer token that comes again, against the cache of `fast-jwt`",
        "node",
        0.6,
        (Pair("rs256-repeated", None, "fast-jwt, cached"),),
    ),
    *(
        Target("verify the signature alone, against one SHA-256 of the body", language, 1.1, _HASH)
        for language in ("rust", "python", "node")
    ),
    *(
        Target(
            "refuse a wrong signature, against accepting a right one",
            language,
            limit,
            _REJECTING,
            why="Python makes, raises and catches an exception with a code and a sentence, and that takes "
            "longer than reading 200 bytes and making an event of them.",
        )
        for language, limit in (("rust", 1.0), ("python", 1.0), ("node", 3.0))
    ),
)


def reached(rows: list[Json]) -> list[Result]:
    """Compares every pair whose row was measured."""
    return [
        Result(target, pair, ns[pair.ours] / ns[pair.against], _floor(ns, pair))
        for target in TARGETS
        for pair in target.pairs
        for ns in _measured(rows, target.language, pair)
    ]


def _measured(rows: list[Json], language: str, pair: Pair) -> Iterator[dict[str, float]]:
    for row in rows:
        same = row.get("row") == pair.row and row["language"] == language
        if same and pair.size in (None, row["bytes"]):
            yield row["ns"]


def _floor(ns: dict[str, float], pair: Pair) -> float | None:
    # Whoever recognises a token verifies no signature.
    if pair.row == "rs256-repeated":
        return None
    return next((ns[name] / ns[pair.against] for name in FLOORS if name in ns and name != pair.against), None)
