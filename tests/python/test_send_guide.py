"""The guide to sending: its examples in Python run. Those in Rust run as doctests."""

import re

from vectors import ROOT

GUIDE = ROOT / "docs" / "send.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_every_example_runs() -> None:
    assert BLOCKS
    for block in BLOCKS:
        exec(compile(block, str(GUIDE), "exec", dont_inherit=True), {"__name__": "guide"})
