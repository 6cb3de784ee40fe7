"""Real servers for the tests: each on a free port of the loopback, with a folder of its own, then gone."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

START_LIMIT = 30.0
# PostgreSQL refuses to run as root, and CI is root.
UNPRIVILEGED = ("postgres", "nobody")


class MissingServiceError(Exception):
    """The machine lacks a server; the message names it and the package that has it."""


class RedisServer:
    """A Redis that keeps what it is told on disk, and can be stopped and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self._program = _found("redis-server", package="redis-server")
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = {"port": self.port, "bind": "127.0.0.1", "dir": self._folder}
        options |= {"appendonly": "yes", "save": ""}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self._process = _started([self._program, *words], self._folder / "redis.log")
        _wait(lambda: self._ask(b"PING") == b"+PONG\r\n", self._process, self._folder / "redis.log")

    def stop(self, *, brutally: bool = False) -> None:
        """Ends the server; brutally, it gets no time to write anything."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGKILL if brutally else signal.SIGTERM)
            process.wait(START_LIMIT)

    def _ask(self, command: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(command + b"\r\n")
            return connection.recv(64)


class PostgresServer:
    """A PostgreSQL whose only user is `hookproof`, who needs no password."""

    def __init__(self, folder: Path) -> None:
        self._postgres = _found("postgres", "/usr/lib/postgresql/*/bin/postgres", package="postgresql")
        self._initdb = _found("initdb", "/usr/lib/postgresql/*/bin/initdb", package="postgresql")
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._user = _unprivileged()
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"postgresql://hookproof@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        data, log = self._folder / "data", self._folder / "postgres.log"
        if not data.exists():
            self._own()
            words = ["--username=hookproof", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
            self._run([self._initdb, *words, f"--pgdata={data}"])
        # Nothing here outlives the machine, so nothing is waited for on disk.
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "fsync": "off"}
        options |= {"unix_socket_directories": ""}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        self._process = _started([self._postgres, "-D", str(data), *words], log, self._user)
        _wait(self._answers, self._process, log)

    def stop(self, *, brutally: bool = False) -> None:
        """Ends the server without waiting for its clients; brutally, as in a crash."""
        process, self._process = self._process, None
        if process is not None:
            # SIGQUIT is its own word for a crash; after SIGKILL, its children would hold on to the port.
            process.send_signal(signal.SIGQUIT if brutally else signal.SIGINT)
            process.wait(START_LIMIT)

    def _answers(self) -> bool:
        # An SSL request: a server that takes connections says yes or no to it in one byte.
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(bytes.fromhex("0000000804d2162f"))
            return connection.recv(1) in (b"S", b"N")

    def _own(self) -> None:
        if self._user is not None:
            shutil.chown(self._folder, self._user)

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, user=self._user, cwd=self._folder
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def running_redis() -> Iterator[RedisServer]:
    """Runs a Redis for as long as the caller's block."""
    with _folder("redis") as folder:
        server = RedisServer(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop(brutally=True)


@contextmanager
def running_postgres() -> Iterator[PostgresServer]:
    """Runs a PostgreSQL for as long as the caller's block."""
    with _folder("postgres") as folder:
        server = PostgresServer(folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def free_port() -> int:
    """Returns a port of the loopback that nobody listens on."""
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return int(candidate.getsockname()[1])


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    # Not pytest's: below it, nobody but its owner may enter, and PostgreSQL runs as somebody else.
    with tempfile.TemporaryDirectory(prefix=f"hookproof-{name}-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _found(program: str, *patterns: str, package: str) -> str:
    """Finds a server's program on the PATH, or where its package puts it."""
    elsewhere = sorted(path for pattern in patterns for path in Path("/").glob(pattern.lstrip("/")))
    found = shutil.which(program) or (str(elsewhere[-1]) if elsewhere else None)
    if found is None:
        raise MissingServiceError(f"{program} is not installed (Debian's package: {package})")
    return found


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in UNPRIVILEGED:
        if name in known:
            return name
    raise MissingServiceError(
        f"PostgreSQL does not run as root, and there is none of the users {UNPRIVILEGED}"
    )


def _started(command: list[str], log: Path, user: str | None = None) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=log.parent, user=user
        )


def _wait(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Waits until a server answers, and fails with what it wrote when it ends or takes too long."""
    give_up = time.monotonic() + START_LIMIT
    while time.monotonic() < give_up and process.poll() is None:
        try:
            if answers():
                return
        except OSError:
            pass
        time.sleep(0.02)
    process.kill()
    raise RuntimeError(f"{process.args!r} did not start:\n{log.read_text(errors='replace')[-2000:]}")
