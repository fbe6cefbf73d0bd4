"""A folder of files that is made whole or not at all, where there was none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evaluator.disk.scratch import scratch, sweep
from evaluator.disk.whole import move
from evaluator.errors import UsageError


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield where to make a folder; what is made there takes its place, if nothing is raised.

    A folder that is there and empty stays, and gets what was made. Callers hold signals back
    (`signals.held`). Raises UsageError where the folder is not empty, or cannot be written.
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
            made = temporary / "made"
            yield made
            if there:
                for part in made.iterdir():
                    part.replace(folder / part.name)
            else:
                move(made, folder)
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror}.") from None
