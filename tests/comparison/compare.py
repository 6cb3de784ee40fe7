"""Puts the same hostile cases to the field's libraries; docs/comparison.md holds what they answered.

compare.py            runs everything, prints the tables, rewrites the page and results.json
compare.py --check    runs everything and fails where the page or results.json says something else
"""

import json
import platform
import sys
from itertools import chain
from typing import Any

from hostile import hex_schemes, standard, tokens
from key_server import key_server
from page import GENERATED, page_with, tables
from runners import HERE, LIBRARIES, ROOT, ask, install, versions

Json = Any

PAGE = ROOT / "docs" / "comparison.md"
RESULTS = HERE / "results.json"


def main() -> int:
    install()
    cases = list(chain(standard.cases(), hex_schemes.cases(), tokens.cases()))
    with key_server() as server:
        answers = {library.title: ask(library, cases, server) for library in LIBRARIES}
    described = [
        {
            "id": case.id,
            "family": case.family,
            "kind": case.kind,
            "expect": case.expect,
            "title": case.title,
            "why": case.why,
        }
        for case in cases
    ]
    results = {"versions": versions(), "cases": described, "answers": answers}
    written = json.dumps(results, indent=1, ensure_ascii=False) + "\n"
    page = page_with(PAGE.read_text(encoding="utf-8"), tables(results))
    if "--check" in sys.argv[1:]:
        return _check(page, written)
    print(page[page.index(GENERATED[0]) : page.index(GENERATED[1])])
    RESULTS.write_text(written, encoding="utf-8")
    PAGE.write_text(page, encoding="utf-8")
    print(
        f"{len(cases)} cases, {sum(map(len, answers.values()))} answers, Python {platform.python_version()}"
    )
    return 0


def _check(page: str, written: str) -> int:
    differing = [
        path.relative_to(ROOT).as_posix()
        for path, content in ((PAGE, page), (RESULTS, written))
        if not path.exists() or path.read_text(encoding="utf-8") != content
    ]
    for name in differing:
        print(f"{name} differs from what runs; `make comparison` rewrites it")
    if differing and RESULTS.exists():
        before, now = (
            json.loads(RESULTS.read_text(encoding="utf-8"))["answers"],
            json.loads(written)["answers"],
        )
        for library, answers in now.items():
            for case, found in answers.items():
                if before.get(library, {}).get(case) != found:
                    print(f"  {library}, {case}: was {before.get(library, {}).get(case)}, is {found}")
    print("1 passed, 0 failed" if not differing else "0 passed, 1 failed")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
