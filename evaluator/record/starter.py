"""A small study to start from."""

from __future__ import annotations

import os
import shutil
from importlib.resources import as_file, files
from pathlib import Path

from evaluator.disk.scratch import scratch, sweep
from evaluator.disk.whole import move
from evaluator.errors import UsageError
from evaluator.signals import held


@held()
def write_starter(folder: Path) -> Path:
    """Copy the starter study into a new folder, whole or not at all; return its scenario.

    Raises UsageError where the folder exists and is not empty, or cannot be written.
    """
    try:
        there = os.path.exists(folder)  # noqa: PTH110  Path.exists raises for a name too long
        beside = folder if there else folder.parent
        if not there:
            beside.mkdir(parents=True, exist_ok=True)
        sweep(beside)
        if there and any(folder.iterdir()):
            raise UsageError(f"{folder} exists and is not empty. Choose another folder.")
        with scratch(beside) as temporary:
            copy = temporary / "study"
            with as_file(files("evaluator.record") / "starter_study") as source:
                shutil.copytree(source, copy)
            copy.chmod(0o755)
            if there:
                for part in copy.iterdir():
                    part.replace(folder / part.name)
            else:
                move(copy, folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.") from None
    return folder / "scenarios" / "baseline.yaml"
