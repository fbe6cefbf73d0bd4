"""Which reader takes a foreign file: the first that recognises it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.material import Reader, Source
from evaluator.loading.bounds import Bounds
from evaluator.loading.text_files import read_bytes


READERS: tuple[Reader, ...] = ()
"""In the order in which they are asked; each stands in a file of its own."""


def source(path: Path, bounds: Bounds | None = None) -> Source:
    """Read a foreign file. Raises InvalidStudyError where it is absent or beyond a bound."""
    bounds = bounds or Bounds()
    return Source(path, str(path), read_bytes(path, str(path), bounds), bounds)


def reader_of(file: Source, readers: Sequence[Reader]) -> Reader:
    """Return the reader of a file. Raises InvalidStudyError where none recognises it."""
    for one in readers:
        if one.recognises(file):
            return one
    known = "; ".join(f"{one.name} ({one.about})" for one in readers)
    fact = "is none of the kinds of file that are imported."
    raise InvalidStudyError([Problem(file.name, fact, f"Those are: {known}.")])
