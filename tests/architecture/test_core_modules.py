"""Inside the core, arrows go one way: from what decides, over schemes, to what knows no webhooks."""

import re
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from repository import core_sources

LAYERS = [
    {"axum", "tower"},
    {"receiver", "explain", "sample", "simulation", "test_keys"},
    {"verifier", "signer", "provider", "event", "handshake", "reply", "retry", "store", "fetch", "address"},
    {
        *("scheme", "token", "keys", "envelope", "template"),
        *("source", "tables", "view", "header_table", "request"),
    },
    {
        *("clock", "document", "encoding", "error", "ecmascript"),
        *("headers", "octets", "payload", "proof", "secret", "timestamp", "written"),
    },
]


def _arrows() -> dict[str, dict[str, str]]:
    """Returns, for each module at the top, the modules that it uses and a place where it does."""
    arrows: dict[str, dict[str, str]] = defaultdict(dict)
    for path, text in core_sources().items():
        module = path.parts[0].removesuffix(".rs")
        if module == "lib":
            continue
        arrows.setdefault(module, {})
        for used in _used(path, text) - {module}:
            arrows[module].setdefault(used, path.as_posix())
    return arrows


def _used(path: Path, text: str) -> set[str]:
    # `super` is the crate's root as well, where the file is a module at the top.
    at_the_top = len(path.parts) == 1 or path.parts[1:] == ("mod.rs",)
    root = r"\b(?:crate|super)::" if at_the_top else r"\bcrate::"
    alone = set(re.findall(root + r"([a-z]\w*)", text))
    grouped = [
        name
        for group in re.findall(root + r"\{([^;]*)\}", text)
        for name in re.findall(r"(?:^|,)\s*([a-z]\w*)", group)
    ]
    modules = {module.parts[0].removesuffix(".rs") for module in core_sources()}
    return (alone | set(grouped)) & modules


def test_no_module_uses_itself_over_others() -> None:
    try:
        TopologicalSorter({module: set(used) for module, used in _arrows().items()}).prepare()
    except CycleError as error:
        pytest.fail(" ← ".join(error.args[1]))


def test_every_module_has_its_layer() -> None:
    layered = [module for layer in LAYERS for module in layer]
    assert set(_arrows()) <= set(layered)
    assert len(layered) == len(set(layered))


def test_no_arrow_goes_up() -> None:
    height = {module: len(LAYERS) - number for number, layer in enumerate(LAYERS) for module in layer}
    upwards = [
        f"{module} uses {used} in {place}"
        for module, arrows in _arrows().items()
        for used, place in arrows.items()
        if height[used] > height[module]
    ]
    assert not upwards
