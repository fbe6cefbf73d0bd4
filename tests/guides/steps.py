"""The steps of a guide: files to write, commands to type, lines that they print."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import GUIDES

_STEP = re.compile(r"(?:\*\*(?P<file>[^*\n]+)\*\*\n)?```(?P<kind>\w+)\n(?P<text>.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Step:
    """A block of a guide: `sh`, `text` (what the block before prints), `python`, or a file."""

    kind: str
    text: str
    file: str = ""


def steps(name: str) -> Iterator[Step]:
    """Yield what a guide tells its reader to do, in its order."""
    for block in _STEP.finditer((GUIDES / f"{name}.md").read_text()):
        yield Step(block["kind"], block["text"], block["file"] or "")


def follow(name: str, folder: Path, path: str) -> int:
    """Do all that a guide says in a folder, with its commands found on a path; count the commands.

    Raises AssertionError where a command fails, or does not print what the guide shows.
    """
    printed, commands, script = "", 0, ""
    for step in steps(name):
        if step.file:
            (folder / step.file).write_text(step.text)
        elif step.kind == "text" and printed:
            spaced = " ".join(printed.split())  # tables move with what stands in them
            missing = [x for x in step.text.splitlines() if " ".join(x.split()) not in spaced]
            assert not missing, f"{name}: not printed: {missing}\n{printed}"
        elif step.kind == "sh":
            printed, commands = _run(["bash", "-ec", step.text], folder, path), commands + 1
        elif step.kind == "python":
            script += step.text
    if script:
        printed, commands = _run(["python", "-c", script], folder, path), commands + 1
    return commands


def _run(command: list[str], folder: Path, path: str) -> str:
    clean = {k: v for k, v in os.environ.items() if k != "COLUMNS"}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**clean, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command[-1]}\n{done.stderr}"
    return done.stdout
