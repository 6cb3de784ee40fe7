"""What users can name is written down: a change of it is seen in a diff, and is taken on purpose.

`make api` writes the lists anew. A line that goes away or changes breaks somebody: that is a new major
version, or before 1.0 a new minor one, with a line in the CHANGELOG.
"""

import difflib
from collections.abc import Callable
from pathlib import Path

import node_surface
import pytest
import python_surface
import rust_surface

HERE = Path(__file__).parent


LISTS: dict[str, Callable[[], str]] = {
    "node.txt": node_surface.surface,
    "python.txt": python_surface.surface,
    "rust.txt": rust_surface.surface,
}


@pytest.mark.parametrize("name", LISTS)
def test_the_public_names_are_those_that_are_written_down(name: str) -> None:
    found = LISTS[name]()
    assert len(found.splitlines()) > 100
    written = (HERE / name).read_text(encoding="utf-8")
    difference = "\n".join(difflib.unified_diff(written.splitlines(), found.splitlines(), lineterm="", n=0))
    assert not difference, f"`make api` takes this over:\n{difference}"


if __name__ == "__main__":
    for name, surface in LISTS.items():
        (HERE / name).write_text(surface(), encoding="utf-8")
