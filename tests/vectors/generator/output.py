"""Lays the vectors out as text, and writes them or compares them with what is committed."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = Any

# What fits into this many characters stands on one line.
_ONE_LINE = 110


@dataclass(frozen=True)
class Document:
    """One file of vectors: where it stands, and what is in it."""

    path: str
    content: dict[str, Json]


def write_or_compare(root: Path, documents: list[Document], *, only_compare: bool) -> int:
    """Writes every document, or returns 1 when a committed file differs or does not belong."""
    expected = {document.path: layout(document.content) for document in documents}
    stale = [path for path, text in expected.items() if not _holds(root / path, text)]
    strangers = sorted({*_committed(root)} - {*expected})
    if only_compare:
        for path in stale:
            print(f"{path} differs from what the generator writes", file=sys.stderr)
        for path in strangers:
            print(f"{path} is written by no generator", file=sys.stderr)
        return 1 if stale or strangers else 0
    for path in stale:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(expected[path], encoding="utf-8", newline="\n")
    for path in strangers:
        (root / path).unlink()
    print(f"{len(documents)} files, {len(stale)} written, {len(strangers)} removed")
    return 0


def layout(content: dict[str, Json]) -> str:
    """Prints one member a line and one case a block, so that a changed case is a small difference."""
    members = []
    for name, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            blocks = ",\n".join(_block(item) for item in value)
            members.append(f" {json.dumps(name)}: [\n{blocks}\n ]")
        elif isinstance(value, dict):
            lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items())
            members.append(f" {json.dumps(name)}: {{\n{lines}\n }}")
        else:
            members.append(f" {json.dumps(name)}: {json.dumps(value)}")
    return "{\n" + ",\n".join(members) + "\n}\n"


def _block(case: dict[str, Json]) -> str:
    short = json.dumps(case)
    if len(short) <= _ONE_LINE:
        return f"  {short}"
    lines = []
    for key, value in case.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n".join(f"    {json.dumps(item)}" for item in value)
            lines.append(f"   {json.dumps(key)}: [\n{inner}\n   ]")
        else:
            lines.append(f"   {json.dumps(key)}: {json.dumps(value)}")
    return "  {\n" + ",\n".join(lines) + "\n  }"


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _committed(root: Path) -> list[str]:
    """Lists the files that only the generator may write, so that a renamed one does not stay behind."""
    folders = [root, root / "verify", root / "sign"]
    files = [path for folder in folders for path in folder.glob("*.json")]
    return [path.relative_to(root).as_posix() for path in files if path.name != "vectors.schema.json"]
