"""Measures hookproof beside what a user would pick instead, in three languages: `make bench`.

bench.py [--quick] [--rounds N] [--only rust,python,node,scale,size,load,profile]
                   installs, measures, prints the tables, writes results.json, the picture and the page
bench.py --page    writes picture and page from results.json

What `--only` leaves out stays in results.json as it was. Nothing else should run on the machine meanwhile.
"""

import argparse
import datetime
import json
import subprocess
from typing import Any

import install
import machine
from page import page_with, sections
from parts import PARTS, measured

Json = Any

RESULTS = install.HERE / "results.json"
PAGE = install.ROOT / "docs" / "benchmarks.md"
PICTURE = install.ROOT / "docs" / "benchmarks.svg"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="too short for figures, enough to see it run")
    parser.add_argument(
        "--rounds", type=int, help="how many turns each contender has, where that is not the default"
    )
    parser.add_argument("--only", default=",".join(PARTS), help="which parts, with commas between them")
    parser.add_argument("--page", action="store_true", help="measures nothing")
    options = parser.parse_args()
    wanted = options.only.split(",")
    if unknown := set(wanted) - set(PARTS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")

    if not options.page:
        told = ["--quick"] if options.quick else []
        told += ["--rounds", str(options.rounds)] if options.rounds else []
        _measure(wanted, told, is_quick=options.quick)
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    install.picture()
    drawing = install.HERE / "picture.py"
    subprocess.run([install.PICTURE, drawing, RESULTS, PICTURE], check=True)
    PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8"), results), encoding="utf-8")
    for title, text in sections(results).items():
        print(f"\n{title}\n\n{text}")


def _measure(wanted: list[str], told: list[str], *, is_quick: bool) -> None:
    """Measures part by part, and writes down each when it is done."""
    for part in wanted:
        for program in PARTS[part]:
            program.install()
    for part in wanted:
        before = json.loads(RESULTS.read_text(encoding="utf-8"))["parts"] if RESULTS.exists() else {}
        today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
        before[part] = {"measured": today, "quick": is_quick, "lines": measured(part, told)}
        parts = {name: before[name] for name in PARTS if name in before}
        RESULTS.write_text(_written({"machine": machine.described(), "parts": parts}), encoding="utf-8")


def _written(results: Json) -> str:
    """Writes one row on one line, so that a difference shows the rows that differ."""
    parts = []
    for name, part in results["parts"].items():
        head = json.dumps({key: value for key, value in part.items() if key != "lines"})
        lines = ",\n".join(f"    {json.dumps(line, ensure_ascii=False)}" for line in part["lines"])
        parts.append(f'  {json.dumps(name)}: {head[:-1]}, "lines": [\n{lines}\n  ]}}')
    described = json.dumps(results["machine"], ensure_ascii=False)
    return (
        f'{{\n "machine": {described},\n "parts": {{\n{",".join(part + chr(10) for part in parts)} }}\n}}\n'
    )


if __name__ == "__main__":
    main()
