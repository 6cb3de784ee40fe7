"""The guide to testing: its files are written out and run by pytest, as a user's are."""

import importlib
import re

import pytest
from vectors import ROOT

import hookproof.testing

pytest_plugins = ["pytester"]

TEXT = (ROOT / "docs" / "testing-python.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python\n# (\S+)\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL))
SETTINGS = """
import django
from django.conf import settings

settings.configure(ALLOWED_HOSTS=["testserver"], SECRET_KEY="only for tests", USE_TZ=True)
django.setup()
"""


def test_every_file_of_the_guide_passes(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(SETTINGS)
    for name, text in FILES.items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    result = pytester.runpytest_subprocess("-W", "error")
    tests = sum(len(re.findall(r"^ *def test_", text, flags=re.MULTILINE)) for text in FILES.values())
    result.assert_outcomes(passed=tests)


def test_every_block_is_a_file() -> None:
    assert len(FILES) == TEXT.count("```python") >= 6


def test_the_guide_names_everything_that_the_kit_offers() -> None:
    hidden = {"FrozenClock", "IssuerKeys", "SignedRequest"}
    offered = set(hookproof.testing.__all__) - hidden
    fixtures = {
        name for name in vars(importlib.import_module("pytest_hookproof")) if name.startswith("hookproof_")
    }
    assert {name for name in offered | fixtures if f"`{name}" not in TEXT} == set()
    variants = {
        name for name in vars(hookproof.testing.SignedRequest) if name.startswith(("for_", "st", "ta"))
    }
    assert {name for name in variants if f"{name}(" not in TEXT} == set()
