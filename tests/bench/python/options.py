"""What both programs are told, and how they answer."""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

from contest import Json, Pace


@dataclass(frozen=True)
class Options:
    """What is measured, and for how long."""

    deliveries: Path
    pace: Pace
    before: Path | None


def read(description: str | None) -> Options:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("deliveries", type=Path, help="the file that deliveries.py wrote")
    parser.add_argument("--rounds", type=int, help="how many turns each contender has; default 31, quick 7")
    parser.add_argument("--quick", action="store_true", help="shorter turns, fewer of them")
    parser.add_argument("--before", type=Path, metavar="FOLDER", help="where another build of hookproof is")
    told = parser.parse_args()
    rounds, turn_ns = (7, 1_000_000) if told.quick else (31, 4_000_000)
    return Options(told.deliveries, Pace(told.rounds or rounds, turn_ns), told.before)


def answer(line: Json) -> None:
    """Prints one line; nothing else is printed."""
    print(json.dumps({"language": "python", **line}), flush=True)
