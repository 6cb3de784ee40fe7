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
    found = {
        "The machine": f"{_machine(results)}\n\n{more_tables.of_versions(rows)}",
        "Targets": f"{_intro(compared)}\n\n{table.of_targets(compared)}\n\n{_explained(compared)}".rstrip(),
    }
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
