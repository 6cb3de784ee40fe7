"""A file of SQLite in the place of a server: it is down while another process keeps it locked.

Run as a program, it is that process: it locks the file that it is given until its standard input ends. It
must be another one, because two copies of SQLite in one process do not see each other's locks.
"""

import sqlite3
import subprocess
import sys
from pathlib import Path


class SqliteFile:
    """The file of a store that all processes share."""

    def __init__(self, path: Path) -> None:
        self._holder: subprocess.Popen[str] | None = None
        self.url = str(path)

    def start(self) -> None:
        """Lets the file be written again."""
        holder, self._holder = self._holder, None
        if holder is not None:
            holder.communicate()

    def stop(self, *, brutally: bool = False) -> None:
        """Locks the file; there is no gentler way."""
        assert self._holder is None
        command = [sys.executable, __file__, self.url]
        self._holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._holder.stdout is not None
        assert self._holder.stdout.readline() == "held\n"


if __name__ == "__main__":
    connection = sqlite3.connect(sys.argv[1])
    connection.execute("BEGIN IMMEDIATE")
    print("held", flush=True)
    sys.stdin.read()
