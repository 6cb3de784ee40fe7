"""Reads the vectors that all three languages share."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors"

Json = Any


def document(name: str) -> Json:
    """Returns one document."""
    return json.loads((VECTORS / name).read_text(encoding="utf-8"))


def names(folder: str) -> list[str]:
    """Lists the documents of a folder; one without any would let a test pass for nothing."""
    found = sorted(path.relative_to(VECTORS).as_posix() for path in (VECTORS / folder).glob("*.json"))
    if not found:
        message = f"no vectors in {folder}"
        raise LookupError(message)
    return found
