"""Which workers there are: two processes of each language, every one with a store on the same Redis."""

import sys
from pathlib import Path

from services import RedisServer

from soak.workers import Worker

PROGRAMS = Path(__file__).resolve().parent / "programs"
# Longer than any handler that works, and short enough to see the leases of the killed end within the run.
LEASE_SECONDS = 8


def fleet(redis: RedisServer, secret: str, folder: Path, rust: Path | None) -> list[Worker]:
    """Returns the workers, not started yet; those in Rust where there is a program for them."""
    environment = {"SOAK_REDIS": redis.url, "SOAK_SECRET": secret, "SOAK_LEASE_SECONDS": str(LEASE_SECONDS)}
    python = [sys.executable]
    express = ["node", str(PROGRAMS / "express_worker.mjs")]
    commands = {
        "django": ("python", [*python, str(PROGRAMS / "django_worker.py")]),
        "fastapi": ("python", [*python, str(PROGRAMS / "fastapi_worker.py")]),
        "express-node-redis": ("node", [*express, "node-redis"]),
        "express-ioredis": ("node", [*express, "ioredis"]),
    }
    if rust is not None:
        commands |= {f"axum-{number}": ("rust", [str(rust)]) for number in (1, 2)}
    return [
        Worker(name, language, command, environment, folder) for name, (language, command) in commands.items()
    ]


def victims(workers: list[Worker]) -> list[str]:
    """Returns who is killed: one worker of each language."""
    first_of = {worker.language: worker.name for worker in reversed(workers)}
    return sorted(first_of.values())
