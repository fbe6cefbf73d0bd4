"""A PostgreSQL of one's own, for as long as a test takes: Debian's programs, a free port."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

_HOME = Path("/usr/lib/postgresql")
_NUMBERS = count(1)
PATIENCE = 60.0
"""Seconds in which a server has to start: after a kill its first attempts fail."""


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL that is installed."""
    found = [path.parent for path in _HOME.glob("*/bin/initdb")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@dataclass
class Server:
    """A server that runs, or may be started again."""

    home: Path
    folder: Path
    port: int
    log: list[str] = field(default_factory=list)

    def url(self, database: str = "postgres") -> str:
        """Return the URL of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def database(self) -> str:
        """Make a database that is empty; return its URL."""
        name = f"record_{os.getpid()}_{next(_NUMBERS)}"
        self._call(["createdb", "-h", "127.0.0.1", "-p", str(self.port), "-U", "postgres", name])
        return self.url(name)

    def start(self) -> None:
        """Start it, again and again until it answers."""
        end = time.monotonic() + PATIENCE
        told = f"-p {self.port} -h 127.0.0.1 -k {self.folder} -c fsync=on"
        command = ["pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w"]
        while True:
            try:
                self._call([*command, "-o", told, "start"])
            except subprocess.CalledProcessError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)
            else:
                return

    def stop(self) -> None:
        """Stop it at once."""
        self._call(["pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop"])

    def kill(self) -> None:
        """End it as a power cut would."""
        number = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(number, signal.SIGKILL)

    def _call(self, command: Sequence[str]) -> None:
        program = str(self.home / command[0])
        subprocess.run(
            [*_as_postgres(), program, *command[1:]],
            check=True, cwd="/", stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE,
        )  # fmt: skip


def _as_postgres() -> list[str]:
    """Return what lets root run a program that refuses root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


@contextmanager
def running(home: Path) -> Iterator[Server]:
    """Run a server that nobody else knows."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    server = Server(home, folder, _free_port())
    try:
        server._call(
            ["initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        )
        server.start()
        yield server
    finally:
        with suppress(subprocess.CalledProcessError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])
