"""What a study was read from is never written over."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from evaluator.errors import UsageError
from evaluator.model.study import Study


def spare_inputs(files: Iterable[Path], studies: Iterable[Study]) -> None:
    """Raise UsageError where a file that is to be written holds what a study was read from.

    Told by content, so that a link or another spelling of the path does not hide it.
    """
    read = {source.sha256 for study in studies for source in study.sources}
    for file in files:
        if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() in read:
            raise UsageError(f"{file} holds what the study was read from. Name another file.")
