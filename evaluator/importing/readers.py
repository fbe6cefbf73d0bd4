"""Which reader takes a foreign file: the first that recognises it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing import pabulib, xmcda
from evaluator.importing.material import Reader, Source
from evaluator.loading.bounds import Bounds
from evaluator.loading.text_files import read_bytes

READERS: tuple[Reader, ...] = (pabulib.READER, xmcda.READER)
"""In the order in which they are asked; each stands in a file of its own."""


def source(path: Path, bounds: Bounds | None = None) -> Source:
    """Read a foreign file, or each file of a folder, what is hidden left out.

    Raises InvalidStudyError where it is absent or beyond a bound.
    """
    bounds = bounds or Bounds()
    if not os.path.isdir(path):  # noqa: PTH112  Path.is_dir raises where it may not look
        return Source(path, str(path), read_bytes(path, str(path), bounds), bounds)
    try:
        inside = sorted(one for one in path.iterdir() if not one.name.startswith("."))
    except OSError as error:
        fact = f"cannot be read: {error.strerror}."
        raise InvalidStudyError([Problem(str(path), fact, "Check the path.")]) from None
    bounds.check("files", len(inside), str(path), counted=False)
    files = (one for one in inside if one.is_file())
    parts = tuple(Source(one, str(one), read_bytes(one, str(one), bounds), bounds) for one in files)
    return Source(path, str(path), b"", bounds, parts)


def reader_of(file: Source, readers: Sequence[Reader]) -> Reader:
    """Return the reader of a file. Raises InvalidStudyError where none recognises it."""
    for one in readers:
        if one.recognises(file):
            return one
    known = "; ".join(f"{one.name} ({one.about})" for one in readers)
    fact = "is none of the kinds of file that are imported."
    raise InvalidStudyError([Problem(file.name, fact, f"Those are: {known}.")])
