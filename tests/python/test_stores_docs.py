"""What is written about stores runs: the examples of the modules and of docs/stores.md."""

import doctest
import importlib
import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest
from service_fixtures import postgres_server, redis_server
from services import PostgresServer, RedisServer

import hookproof
from hookproof import _native

__all__ = ["postgres_server", "redis_server"]

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "stores.md"
TEXT = GUIDE.read_text(encoding="utf-8")
PACKAGE = Path(hookproof.__file__).parent
MODULES = [
    f"hookproof.{folder}.{path.stem}"
    for folder in ("stores", "django")
    for path in sorted((PACKAGE / folder).glob("*.py"))
    if path.stem != "__init__"
]


def _blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)


PYTHON_BLOCKS = _blocks("python")


@pytest.mark.parametrize("module", MODULES)
def test_examples_run(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module), raise_on_error=False).failed == 0


@pytest.mark.parametrize("block", PYTHON_BLOCKS, ids=range(1, len(PYTHON_BLOCKS) + 1))
def test_a_block_of_the_guide_runs(
    block: str,
    postgres_server: PostgresServer,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("DATABASE_URL", postgres_server.url)
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("STORE_FOLDER", str(tmp_path))
    names: dict[str, Any] = {"__name__": "guide"}
    exec(compile(block, str(GUIDE), "exec"), names)
    if "engine" in names:
        names["engine"].dispose()


def test_the_guide_has_blocks_for_every_client() -> None:
    imported = {name for block in PYTHON_BLOCKS for name in re.findall(r"hookproof\.stores\.\w+", block)}
    assert imported == {f"hookproof.stores.{name}" for name in ("postgres", "redis", "sqlalchemy")}
    assert any("SqliteStore(" in block for block in PYTHON_BLOCKS)


def test_the_guide_names_no_module_that_is_not_there() -> None:
    for name in re.findall(r"`(hookproof[.\w]*)`", TEXT):
        module, _, member = name.rpartition(".")
        assert importlib.util.find_spec(name) or hasattr(importlib.import_module(module), member), name


def test_the_guide_shows_the_table_that_is_made() -> None:
    _, schema = _native.sql_statements("postgresql", "format", "hookproof_deliveries")
    (shown,) = _blocks("sql")
    assert [line.strip() for line in shown.splitlines()] == [
        line.strip() for statement in schema for line in f"{statement};".splitlines()
    ]
