"""The tables of what is no single verification: scale, receivers under load, size and start."""

from typing import Any

from table import LANGUAGES, markdown, size

Json = Any

_GROWN = {"scale-secrets": "secrets", "scale-signatures": "signatures in one header", "scale-bytes": "body"}


def of_growth(rows: list[Json]) -> str:
    lines = []
    for row in rows:
        if row.get("row") in _GROWN:
            (first, least), *_, (last, most) = sorted(row["ns"].items(), key=lambda found: int(found[0]))
            what = _GROWN[row["row"]]
            if what == "body":
                first, last = size(int(first)), size(int(last))
            found = [f"{first} to {last}", f"{least:,.0f} to {most:,.0f}", f"{row['ns_for_one_more']:,.0f}"]
            one_is = row["one_is"].removeprefix("an ").removeprefix("a ")
            lines.append([LANGUAGES[row["language"]], what, *found, one_is, f"{row['r_squared']:.4f}"])
    return markdown(("language", "what grows", "from, to", "ns", "ns for one more", "one is", "R²"), lines)


# Steps of a profile that belong together.
PARTS = {
    "the hash": ("hash",),
    "reading the body": ("body",),
    "the rest of the core": ("headers", "signature", "event"),
    "crossing, objects, memory": (
        *("binding", "JavaScript", "interpreter"),
        *("copies and memory", "other"),
    ),
}


def parts_of(profile: Json) -> dict[str, float]:
    return {part: sum(profile["steps"].get(step, 0) for step in steps) for part, steps in PARTS.items()}


def of_profile(rows: list[Json]) -> str:
    """Writes how many nanoseconds of a verification each step takes."""
    found = [row for row in rows if row.get("row") == "profile"]
    steps = list(dict.fromkeys(step for row in found for step in row["steps"]))
    steps = [step for step in steps if step != "other"] + ["other"]
    lines = [
        [
            *(LANGUAGES[row["language"]], f"`{row['work']}`", size(row["bytes"]), f"{row['ns']:,.0f}"),
            *(f"{row['steps'][step]:,.0f}" if step in row["steps"] else "" for step in steps),
        ]
        for row in found
    ]
    return markdown(("language", "row", "bytes", "all, ns", *steps), lines) if found else ""


def of_threads(rows: list[Json]) -> str:
    lines = []
    for row in rows:
        if row.get("row") == "scale-threads":
            each, left = row["per_second_and_thread"], row["of_one_thread"]
            if not isinstance(each, dict):
                each, left = {"hookproof": each}, {"hookproof": left}
            language, threads = LANGUAGES[row["language"]], str(row["threads"])
            lines += [
                [
                    *(language, row["work"], size(row["bytes"]), threads, name),
                    *(f"{each[name]:,.0f}", f"{left[name]:.0%}"),
                ]
                for name in each
            ]
    heads = ("language", "work", "bytes", "threads", "with", "a second and thread", "of one thread alone")
    return markdown(heads, lines)


def of_verifiers(rows: list[Json]) -> str:
    lines = [
        [
            *(LANGUAGES[row["language"]], row["provider"], f"{row['verifiers']:,}"),
            *(f"{row['bytes_each']:,}", f"{row['ns_each'] / 1000:.2f}"),
        ]
        for row in rows
        if row.get("row") == "scale-verifiers"
    ]
    return markdown(("language", "provider", "verifiers", "bytes each", "µs to build one"), lines)


def of_load(rows: list[Json]) -> str:
    parts = []
    for framework in ("express", "django"):
        same = [row for row in rows if row.get("row") == f"load-{framework}"]
        lines = [
            [
                *(size(row["bytes"]), name, f"{row['requests_per_second'][name]:,.0f}"),
                f"{row['requests_per_second'][name] / row['requests_per_second']['none']:.2f}",
                *(f"{row[key][name]:.2f}" for key in ("p50_ms", "p99_ms")),
                f"{row['cpu_us'][name]:,.0f}",
            ]
            for row in same
            for name in row["requests_per_second"]
        ]
        if lines:
            heads = ("body", "with", "requests/s", "of `none`", "p50 ms", "p99 ms", "processor µs a request")
            parts.append(f"**{framework.title()}**\n\n{markdown(heads, lines)}")
    return "\n\n".join(parts)


def of_size(rows: list[Json]) -> str:
    parts = []
    for language, title in LANGUAGES.items():
        sizes, starts = (
            next((row for row in rows if row["language"] == language and row.get("row") == name), None)
            for name in ("size", "start")
        )
        if sizes is None or starts is None:
            continue
        lines = [
            [
                name,
                *(_megabytes(sizes[key].get(name)) for key in ("packed_bytes", "installed_bytes")),
                _megabytes(sizes["binary_bytes"].get(name)),
                str(sizes["packages"].get(name, "")),
                *(f"{starts[key][name]:.1f}" for key in ("ms", "cpu_ms")),
            ]
            for name in starts["ms"]
        ]
        heads = ("package", "packed MB", "installed MB", "machine code MB", "packages", "start ms")
        parts.append(f"**{title}**\n\n{markdown((*heads, 'processor ms'), lines)}")
    return "\n\n".join(parts)


def of_versions(rows: list[Json]) -> str:
    """Every version that ran, once for each language."""
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["language"], {}).update(row.get("versions", {}))
    lines = [
        [LANGUAGES[language], ", ".join(f"{name} {version}" for name, version in found[language].items())]
        for language in LANGUAGES
        if found.get(language)
    ]
    return markdown(("language", "versions that ran"), lines)


def _megabytes(count: int | None) -> str:
    return "" if count is None else f"{count / 1e6:.2f}"
