"""A shared workbench as people run it: a provider of its own, PostgreSQL, one process."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.conftest import ROOT, program
from tests.workbench.issuer import CLIENT, SECRET

SOURCE = Path(__file__).parent / "provider"
INSTALLED = ROOT / "build" / "provider"


def installed() -> Path:
    """Return the folder of the provider with what it needs, by its lock file, installed once."""
    INSTALLED.mkdir(parents=True, exist_ok=True)
    with (INSTALLED / "installing").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        for name in ("package.json", "package-lock.json", "provider.mjs"):
            shutil.copy(SOURCE / name, INSTALLED / name)
        stamp, done = sha256((SOURCE / "package-lock.json").read_bytes()), INSTALLED / "installed"
        if not done.is_file() or done.read_text() != stamp.hexdigest():
            command = [program("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            subprocess.run(command, cwd=INSTALLED, check=True, stdout=subprocess.DEVNULL)
            done.write_text(stamp.hexdigest())
    return INSTALLED


@contextmanager
def providing(back: str) -> Iterator[str]:
    """Run a provider; yield its address, which is another site than 127.0.0.1.

    back: the address to which it may send browsers.
    """
    home, port = installed(), free_port()
    process = subprocess.Popen(
        [program("node"), "provider.mjs", str(port), back],
        cwd=home, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        yield _told(process, r"ready (\S+)")
    finally:
        _ended(process)


@dataclass
class Shared:
    """One that runs."""

    folder: Path
    process: subprocess.Popen[str]
    address: str
    log: Path

    def logged(self) -> list[dict[str, Any]]:
        """Return the lines of its log."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


@contextmanager
def sharing(
    folder: Path, scenario: str, record: str, people: Mapping[str, Mapping[str, Any]]
) -> Iterator[Shared]:
    """Serve a scenario of a folder to people who sign in, from settings and roles in files."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    (folder / "secret").write_text(SECRET)
    (folder / "roles.yaml").write_text(json.dumps({"people": people}))
    with providing(f"{origin}/sign-in/return") as issuer, (folder / "log").open("w") as log:
        sign_in = {"issuer": issuer, "client": CLIENT, "secret": "secret"}
        told = {"address": origin, "roles": "roles.yaml", "sign_in": sign_in}
        (folder / "workbench.yaml").write_text(json.dumps(told))
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "evaluator", "serve", scenario, "--port", str(port)),
                *("--record", record, "--settings", "workbench.yaml"),
            ],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
        try:
            address = _told(process, r"(http\S+)/")
            yield Shared(folder, process, address, folder / "log")
        finally:
            _ended(process)


def sign_in(page: Page, address: str, name: str) -> None:
    """Sign in from the link that a stranger is shown."""
    page.goto(address)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Sign in").click()


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def _told(process: subprocess.Popen[str], pattern: str) -> str:
    """Return what a process says of its address."""
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    return next(found[1] for line in lines if (found := re.search(pattern, line)))


def _ended(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
    process.wait(30)
    if process.stdout is not None:
        process.stdout.close()
