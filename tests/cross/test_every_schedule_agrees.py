"""When a provider tries again: Rust, Python, Node and the command line agree to the microsecond."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from languages import NAMES, ROOT, Language

PROVIDERS = sorted(path.stem for path in (ROOT / "core" / "providers").glob("*.json"))
PLANNED = [
    name
    for name in PROVIDERS
    if "retry" in json.loads((ROOT / "core" / "providers" / f"{name}.json").read_text(encoding="utf-8"))
]
# The ends of what a number of JavaScript and what 64 bits hold, and what lies between.
SEEDS = [0, 1, 1_234_567, 2**53 - 1, 2**53, 2**53 + 1, 2**63, 2**64 - 1]
# Every one of these starts a process.
OF_THE_COMMAND_LINE = [0, 2**53 - 1, 2**64 - 1]
# Kinds of jitter that no provider may have, over a cap that they reach.
JITTERS: list[Any] = [
    "none",
    "full",
    "equal",
    "decorrelated",
    {"additive_seconds": 0.7},
    {"additive_percent": 33},
]


@pytest.fixture(scope="module")
def languages() -> Iterator[dict[str, Language]]:
    started = {name: Language(name) for name in NAMES}
    yield started
    for language in started.values():
        language.close()


def asked(languages: dict[str, Language], task: dict[str, Any]) -> list[int]:
    """Returns the delays in whole microseconds that all three languages give."""
    rust, python, node = (languages[name].ask(task) for name in NAMES)
    assert python == rust
    assert node == rust
    assert rust["alike"], "one delay of a schedule is the same as the delay alone"
    micros: list[int] = rust["delays_us"]
    return micros


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("provider", PLANNED)
def test_the_languages_and_the_command_line_agree(
    languages: dict[str, Language], provider: str, seed: int
) -> None:
    delays = asked(languages, {"schedule": {"provider": provider, "seed": str(seed)}})
    if seed in OF_THE_COMMAND_LINE:
        assert delays == of_the_command_line(provider, seed)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("jitter", JITTERS, ids=str)
def test_the_languages_agree_on_every_kind_of_jitter(
    languages: dict[str, Language], jitter: Any, seed: int
) -> None:
    plan = {
        "delays": {"exponential": {"first_seconds": 0.123457, "factor": 2.5, "retries": 12}},
        "jitter": jitter,
        "cap_seconds": 600,
        "success": ["2xx"],
        "retry_on": "any_failure",
    }
    delays = asked(languages, {"schedule": {"plan": plan, "seed": str(seed)}})
    assert len(delays) == 12
    assert max(delays) <= 600_000_000


def test_there_are_plans_to_compare() -> None:
    assert {"eventsair", "fast-events", "fourvenues", "pitchpoint", "standard-webhooks"} <= set(PLANNED)


def of_the_command_line(provider: str, seed: int) -> list[int]:
    program = str(Path(sys.executable).with_name("hookproof"))
    words = [program, "plan", provider, "--seed", str(seed), "--json"]
    lines = subprocess.run(words, stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines()
    # A number of JSON has more digits than a microsecond needs.
    return [round(json.loads(line)["delay_seconds"] * 1_000_000) for line in lines]
