"""Turns rows into tables of Markdown, which are readable in a terminal too."""

from collections.abc import Iterable, Sequence
from typing import Any

from targets import FLOORS, Result

Json = Any

LANGUAGES = {"rust": "Rust", "python": "Python", "node": "Node"}
KINDS = {
    "standard-webhooks": "Standard Webhooks",
    "hex-hmac": "HMAC-SHA256 over the body, in hex (Fourvenues)",
    "signature-alone": "HMAC-SHA256 over the body, in hex; the body is not read",
    "stripe": "Stripe",
    "data": "The payload is read too",
    "reject": "A wrong signature is refused",
    "verify-async": "Off the event loop",
    "threads": "Two threads at once on one verifier, time for each call",
    "headers-dict": "Headers out of a dict",
    "headers-django": "Headers out of Django's mapping",
    "headers-environ": "Headers out of the environ of WSGI",
    "headers-object": "Headers as Express hands them over",
    "headers-fetch": "Headers of the Fetch standard",
    "body-string": "The body is a text, Standard Webhooks",
    "body-string-hex": "The body is a text, HMAC in hex",
    "rs256-first": "RS256 bearer token, never seen before",
    "rs256-repeated": "RS256 bearer token that comes again",
}


def of_targets(results: Iterable[Result]) -> str:
    heads = ("language", "work", "row, size", "against", "target", "reached", "floor", "met")
    return markdown(heads, [_of_result(result) for result in results])


def of_language(rows: list[Json], language: str) -> str:
    """Writes one table for each kind of row, in microseconds: sizes down, contenders across."""
    chosen = [row for row in rows if row["language"] == language and row.get("row") in KINDS]
    kinds = dict.fromkeys(row["row"] for row in chosen)
    parts = []
    for kind in sorted(kinds, key=list(KINDS).index):
        same = [row for row in chosen if row["row"] == kind]
        names = dict.fromkeys(name for row in same for name in row["ns"])
        # hookproof first, what nobody gets below last.
        names = dict.fromkeys(sorted(names, key=lambda name: (name != "hookproof", name in FLOORS)))
        lines = [
            [size(row["bytes"]), *(micros(row["ns"][name]) if name in row["ns"] else "" for name in names)]
            for row in same
        ]
        parts.append(f"**{KINDS[kind]}**\n\n{markdown(['bytes', *names], lines)}")
    return "\n\n".join(parts)


def size(count: int | None) -> str:
    if count is None:
        return ""
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if count >= unit and count % unit == 0:
            return f"{count // unit} {name}"
    return f"{count:,} B"


def micros(nanoseconds: float) -> str:
    """Three digits that say something."""
    value = nanoseconds / 1000
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def markdown(heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    rule = "|" + "---|" * len(heads)
    return "\n".join([_line(heads), rule, *map(_line, lines)])


def _of_result(result: Result) -> list[str]:
    target, pair = result.target, result.pair
    return [
        LANGUAGES[target.language],
        target.work,
        f"`{pair.row}`, {size(pair.size)}".removesuffix(", "),
        f"`{pair.against}`",
        f"{target.limit:.2f}",
        f"**{result.ratio:.2f}**",
        "" if result.floor is None else f"{result.floor:.2f}",
        "yes" if result.is_met else "**no**",
    ]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
