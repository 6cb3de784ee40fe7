"""Figures, and what a process holds."""

import gc
import os
import sys
import threading
import time
from pathlib import Path

SHORT = bool(os.environ.get("SHORT"))
SEED = int(os.environ.get("SEED", "20261122"))
LINES: list[str] = []


def report(name: str, **figures: object) -> None:
    """Keeps a line for the end of the run."""
    LINES.append(
        f"robustness python {name}: " + " ".join(f"{what}={value}" for what, value in figures.items())
    )


def resident_kib() -> int:
    """Returns the memory of this process."""
    gc.collect()
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return 0
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024


def handles() -> dict[str, int]:
    """Counts what a process can run out of; 0 where the system does not tell."""
    folders = {"open_files": "/proc/self/fd", "threads": "/proc/self/task"}
    counted = {
        name: len(list(Path(folder).iterdir())) if sys.platform == "linux" else 0
        for name, folder in folders.items()
    }
    return {**counted, "python_threads": threading.active_count()}


def handles_settle_at(held: dict[str, int]) -> bool:
    """Waits until the process holds no more than before: a joined thread may still be on its way out."""
    ends = time.monotonic() + 10
    while handles() != held and time.monotonic() < ends:
        time.sleep(0.01)
    return handles() == held
