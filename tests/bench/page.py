"""Writes the measured part of docs/benchmarks.md."""

from typing import Any

import more_tables
import table
from targets import Result, reached

Json = Any

GENERATED = (
    "<!-- What follows is written by `make bench`. -->",
    "<!-- What precedes is written by `make bench`. -->",
)


def rows_of(results: Json) -> list[Json]:
    return [row for part in results["parts"].values() for row in part["lines"]]


def sections(results: Json) -> dict[str, str]:
    """Returns what is measured, by its heading."""
    rows = rows_of(results)
    compared = reached(rows)
    targets = [_intro(compared), table.of_targets(compared), _explained(compared), _left(compared, rows)]
    found = {
        "The machine": f"{_machine(results)}\n\n{more_tables.of_versions(rows)}",
        "Targets": "\n\n".join(text for text in targets if text),
    }
    found["Where the time goes"] = more_tables.of_profile(rows)
    for language, title in table.LANGUAGES.items():
        found[f"{title}, µs a call"] = table.of_language(rows, language)
    found |= {
        "Growth": more_tables.of_growth(rows),
        "Threads": more_tables.of_threads(rows),
        "Many customers": more_tables.of_verifiers(rows),
        "Receivers under load": more_tables.of_load(rows),
        "Size and start": more_tables.of_size(rows),
    }
    return found


def page_with(page: str, results: Json) -> str:
    """Replaces the generated part of the page."""
    before, _, rest = page.partition(GENERATED[0])
    _, _, after = rest.partition(GENERATED[1])
    generated = "\n\n".join(f"## {title}\n\n{text}" for title, text in sections(results).items() if text)
    return f"{before}{GENERATED[0]}\n\n{generated}\n\n{GENERATED[1]}{after}"


def _machine(results: Json) -> str:
    machine = table.markdown(("machine", ""), [[*pair] for pair in results["machine"].items()])
    measured = [
        [name, part["measured"], "a quick run: no figures, only a sign that it runs" if part["quick"] else ""]
        for name, part in results["parts"].items()
    ]
    return f"{machine}\n\n{table.markdown(('part', 'measured on', ''), measured)}"


def _place(result: Result) -> str:
    return f"`{result.pair.row}`, {table.size(result.pair.size)}".removesuffix(", ")


def _intro(compared: list[Result]) -> str:
    met = sum(result.is_met for result in compared)
    return (
        f"{met} of {len(compared)} comparisons meet their target. *Reached* is hookproof's median divided by "
        "the other's; less is faster. *Floor* is the same for one bare SHA-256 of the body, or one bare RSA "
        "verification, by what the language brings."
    )


def _explained(compared: list[Result]) -> str:
    missed = dict.fromkeys(result.target for result in compared if not result.is_met)
    if not missed:
        return ""
    lines = []
    for target in missed:
        ratios = ", ".join(
            f"{result.ratio:.2f} of `{result.pair.against}` in {_place(result)}"
            for result in compared
            if result.target == target and not result.is_met
        )
        work = f"**{table.LANGUAGES[target.language]}, {target.work}**"
        why = target.why or "Not explained yet."
        lines.append(f"- {work}: at most {target.limit:.2f}, reached {ratios}. {why}")
    return "\n".join(["### Why not", "", *lines])


def _left(compared: list[Result], rows: list[Json]) -> str:
    """Sets beside each target that was missed what takes the time, as far as a profile tells."""
    profiles = {
        (row["language"], row["work"], row["bytes"]): row for row in rows if row.get("row") == "profile"
    }
    lines = []
    for result in compared:
        pair, language = result.pair, result.target.language
        profile = profiles.get((language, pair.row, pair.size))
        if result.is_met or profile is None:
            continue
        against = next(
            row["ns"][pair.against]
            for row in rows
            if (row["language"], row.get("row"), row.get("bytes")) == (language, pair.row, pair.size)
        )
        parts = more_tables.parts_of(profile)
        lines.append(
            [
                *(table.LANGUAGES[language], _place(result), f"`{pair.against}`"),
                *(
                    f"{ns:,.0f}"
                    for ns in (against, against * result.target.limit, profile["ns"], *parts.values())
                ),
            ]
        )
    if not lines:
        return ""
    heads = ("language", "row, size", "against", "it takes", "target", "hookproof", *more_tables.PARTS)
    return (
        f"What takes the time where a target is missed, in ns of a profile:\n\n{table.markdown(heads, lines)}"
    )
