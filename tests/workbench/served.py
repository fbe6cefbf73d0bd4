"""A workbench in a process of its own, as one person begins it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT


@dataclass
class Served:
    """One that runs."""

    folder: Path
    process: subprocess.Popen[str]
    address: str
    """With the key that opens it."""

    @property
    def base(self) -> str:
        """Where its screens are."""
        return self.address.partition("/enter")[0]


def begin(folder: Path, scenario: str, *options: str) -> Served:
    """Serve a scenario from a folder, on a port that is free."""
    process = subprocess.Popen(
        [sys.executable, "-m", "evaluator", "serve", scenario, "--port", "0", *options],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = iter(process.stdout.readline, "")
    address = next(found[0] for line in lines if (found := re.search(r"http\S+", line)))
    return Served(folder, process, address)


def ended(served: Served, number: int) -> None:
    """Send its process a signal, and wait until it has ended."""
    os.kill(served.process.pid, number)
    served.process.wait(30)
    assert served.process.stdout is not None
    served.process.stdout.close()
