"""Two terminals: one listens, the other one sends, for each of the four systems.

`python tests/e2e/install/terminals.py PROGRAM [ARGUMENT …]` prints what the documentation shows, as an
installed program says it now: `… terminals.py hookproof`, or `… node node_modules/.bin/hookproof`.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PORT = "8787"
SECRET = "WEBHOOK_SECRET"


@dataclass(frozen=True)
class System:
    """What both sides of a system are given, and what comes of the requests."""

    name: str
    # Beside the provider's name.
    sends: tuple[str, ...]
    listens: tuple[str, ...]
    secret: str
    # Of `SENT`, in its order: the exit status; and of each request, as a duplicate is one more.
    exits: tuple[int, ...]
    outcomes: tuple[tuple[str, int], ...]


# The second and the third are the first once more: changed after it was signed, and dated back.
SENT = (
    ("--id", "order-1"),
    ("--id", "order-1", "--tamper"),
    ("--id", "order-1", "--stale"),
    ("--id", "order-2", "--duplicate", "1"),
)

_ENV = ("--secret-env", SECRET)
_TOKEN = ("--issuer", "https://securetoken.google.com/acme", "--audience", "acme", "--claim", "sub=robot")
_KEY = ("--private-key", "keys/private.pem", "--key-id", "test")
_ACCEPTED, _DUPLICATE = ("accepted", 200), ("duplicate", 200)

SYSTEMS = (
    System(
        "fourvenues",
        _ENV,
        _ENV,
        "s3cr3t",
        (0, 1, 0, 0),
        # It signs no time: an old request is one that came before.
        (_ACCEPTED, ("not_authentic", 403), _DUPLICATE, _ACCEPTED, _DUPLICATE),
    ),
    System(
        "eventsair",
        _ENV,
        _ENV,
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        (0, 1, 1, 0),
        (_ACCEPTED, ("not_authentic", 401), ("stale", 401), _ACCEPTED, _DUPLICATE),
    ),
    System(
        "fast-events",
        _ENV,
        _ENV,
        "s3cr3t",
        # Its guide wants 200 for a forgery too, and it signs no time.
        (0, 0, 0, 0),
        (_ACCEPTED, ("not_authentic", 200), _DUPLICATE, _ACCEPTED, _DUPLICATE),
    ),
    System(
        "pitchpoint",
        (*_TOKEN, *_KEY),
        (*_TOKEN, "--jwks", "keys/jwks.json"),
        "",
        (0, 1, 1, 0),
        (_ACCEPTED, ("not_authentic", 403), ("stale", 403), _ACCEPTED, _DUPLICATE),
    ),
)


@dataclass(frozen=True)
class Session:
    """What stood in both terminals, and how each command ended."""

    listened: str
    sent: tuple[str, ...]
    exits: tuple[int, ...]

    def outcomes(self) -> tuple[tuple[str, int], ...]:
        lines = re.findall(r"^\d\d:\d\d:\d\d  [✓✗] (\w+)  .*  → (\d{3})$", self.listened, flags=re.MULTILINE)
        return tuple((outcome, int(status)) for outcome, status in lines)


def run(program: Sequence[str], system: System, folder: Path, environment: Mapping[str, str]) -> Session:
    """Listens and sends with an installed program, in a folder for its keys."""
    environment = {**environment, SECRET: system.secret}

    def command(*arguments: str) -> list[str]:
        return [*program, *arguments]

    if system.name == "pitchpoint":
        subprocess.run(
            command("keys", "keys"), cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL
        )
    listens = command("listen", "-p", system.name, *system.listens, "--port", "0")
    with subprocess.Popen(
        [*listens, "--count", str(len(system.outcomes))],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as listening:
        try:
            assert listening.stdout is not None
            first = listening.stdout.readline()
            url = first.split()[-1]
            done = [
                subprocess.run(
                    command("send", url, "-p", system.name, *system.sends, *more),
                    cwd=folder,
                    env=environment,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    encoding="utf-8",
                    check=False,
                )
                for more in SENT
            ]
            rest, _ = listening.communicate(timeout=60)
        finally:
            listening.kill()
    port = url.rstrip("/").rpartition(":")[2]
    sent = tuple(one.stdout.replace(f":{port}/", f":{PORT}/") for one in done)
    listened = (first + rest).replace(f":{port}/", f":{PORT}/")
    return Session(listened, sent, tuple(one.returncode for one in done))


def documented(system: System, session: Session) -> str:
    """Writes a session as the documentation shows it."""
    listen = " ".join(("hookproof listen -p", system.name, *system.listens))
    send = " ".join((f"hookproof send http://127.0.0.1:{PORT}/ -p", system.name, *system.sends))
    first, *others = (
        f"$ {send} {' '.join(more)}\n{said}" for more, said in zip(SENT, session.sent, strict=True)
    )
    # Of the others, what was answered, and what was said about them.
    short = [
        "\n".join(line for line in said.splitlines() if line.startswith(("$", "←", "note:")))
        for said in others
    ]
    return "\n".join(
        ["```", f"$ {listen}", session.listened.rstrip(), "```", "", "```", first.rstrip(), *short, "```"]
    )


def without_what_changes(text: str) -> str:
    """Replaces what is another one in each run: ids, moments, signatures and milliseconds."""
    for pattern, name in (
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "MOMENT"),
        (r"^\d\d:\d\d:\d\d  ", "TIME  "),
        (r"(?<=Signature: ).*", "SIGNATURE"),
        (r"(?<=Timestamp: )\d+", "SECONDS"),
        (r"(?<=Authorization: ).*", "TOKEN"),
        (r"\d+ ms", "N ms"),
        (r"\d+ s in the past", "N s in the past"),
        # A busy machine needs a second to send.
        (r"2 h 15 min( \d+ s)? behind", "2 h 15 min behind"),
        (r"since \d+", "since N"),
        (r"hookproof/[\d.]+", "hookproof/VERSION"),
        (r"\d{10}", "SECONDS"),
    ):
        text = re.sub(pattern, name, text, flags=re.MULTILINE)
    return text


def main() -> None:
    program = sys.argv[1:] or ["hookproof"]
    with tempfile.TemporaryDirectory(prefix="hookproof-terminals-") as folder:
        for system in SYSTEMS:
            print(documented(system, run(program, system, Path(folder), os.environ)), end="\n\n")


if __name__ == "__main__":
    main()
