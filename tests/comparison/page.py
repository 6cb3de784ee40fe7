"""Turns answers into tables."""

from typing import Any

Json = Any

GENERATED = (
    "<!-- What follows is written by `make comparison`. -->",
    "<!-- What precedes is written by `make comparison`. -->",
)

FAMILIES = {
    "standard": "Standard Webhooks, Svix and Clerk",
    "stripe": "Stripe",
    "github": "GitHub",
    "token": "Bearer tokens",
    "keys": "Fetching keys",
}
UNDESIRED = {
    "control": "**{verdict}**",
    "forgery": "**accepts a forgery**",
    "altered": "**accepts, altered**",
    "lenient": "accepts",
    "robustness": "accepts",
}


def tables(results: Json) -> str:
    """Writes one table for each family, the reasons, and the sums."""
    return "\n\n".join(
        [_versions(results), _sums(results), *(_family(results, family) for family in FAMILIES)]
    )


def page_with(page: str, generated: str) -> str:
    """Replaces the generated part of the page."""
    before, _, rest = page.partition(GENERATED[0])
    _, _, after = rest.partition(GENERATED[1])
    return f"{before}{GENERATED[0]}\n\n{generated}\n\n{GENERATED[1]}{after}"


def _versions(results: Json) -> str:
    lines = [f"| {title} | {version} |" for title, version in results["versions"].items()]
    return "\n".join(["| library | version that ran |", "|---|---|", *lines])


def _sums(results: Json) -> str:
    columns = (
        "cases",
        "accepts a forgery",
        "accepts, altered",
        "accepts, lenient",
        "refuses an honest request",
        "untyped error",
        "slower than 500 ms",
    )
    lines = []
    for title, answers in results["answers"].items():
        asked = [(case, answers[case["id"]]) for case in results["cases"] if case["id"] in answers]

        def unexpected(kind: str, verdict: str, asked: list[Json] = asked) -> int:
            return sum(
                case["kind"] == kind and found["verdict"] == verdict != case["expect"]
                for case, found in asked
            )

        offered = sum(found["verdict"] != "not offered" for _, found in asked)
        accepted = [unexpected(kind, "accepted") for kind in ("forgery", "altered", "lenient")]
        untyped = sum(found["verdict"] == "untyped" for _, found in asked)
        slow = sum(bool(found.get("slow")) for _, found in asked)
        counted = [offered, *accepted, unexpected("control", "refused"), untyped, slow]
        lines.append(_row(title, *map(str, counted)))
    return "\n".join(
        ["### In numbers", "", _row("library", *columns), "|---|" + "---|" * len(columns), *lines]
    )


def _family(results: Json, family: str) -> str:
    cases = [case for case in results["cases"] if case["family"] == family]
    titles = [
        title for title, answers in results["answers"].items() if any(case["id"] in answers for case in cases)
    ]
    # `(Python)` and `(Node)` stand on a line of their own, so that the columns stay narrow.
    heads = [title.replace(" (", "<br>(") for title in titles]
    lines = [
        _row(
            case["title"],
            "number of fetches" if case["kind"] == "fetches" else case["kind"],
            *(_cell(case, results["answers"][title].get(case["id"])) for title in titles),
        )
        for case in cases
    ]
    reasons = [
        f"- *{case['title']}*: {case['why']}"
        for case in cases
        if case["kind"] != "control" and case["why"] != "As above."
    ]
    head = [f"### {FAMILIES[family]}", "", _row("case", "kind", *heads), "|---|---|" + "---|" * len(heads)]
    return "\n".join([*head, *lines, "", "Why these:", "", *reasons])


def _cell(case: Json, found: Json) -> str:
    if found is None or found["verdict"] == "not offered":
        return "not offered"
    if case["kind"] == "fetches":
        verdict = "accepts" if found["verdict"] == "accepted" else "refuses"
        shown = (
            verdict if found["verdict"] == case["expect"] or case["expect"] == "refused" else f"**{verdict}**"
        )
        return f"{found['fetches']}, {shown}"
    slow = ", slower than 500 ms" if found.get("slow") else ""
    if found["verdict"] == "untyped":
        return f"refuses: `{found['error']}`{slow}"
    if found["verdict"] == case["expect"]:
        at_start = " at the start" if found.get("when") == "construction" else ""
        return ("accepts" if found["verdict"] == "accepted" else "refuses") + at_start + slow
    verdict = "accepts" if found["verdict"] == "accepted" else "refuses"
    return UNDESIRED[case["kind"]].format(verdict=verdict) + slow


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
