"""Which reader takes a foreign file: the first that recognises it."""

from __future__ import annotations

import os
from pathlib import Path

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing import pabulib, panels, questionnaires, xmcda
from evaluator.importing.material import Reader, Source
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.text_files import read_bytes

READERS: tuple[Reader, ...] = (
    pabulib.READER,
    xmcda.READER,
    questionnaires.READER,
    panels.READER,
)
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


def reader_of(file: Source) -> Reader | None:
    """Return the reader of a file, None where it is one table or several, or not known.

    Raises InvalidStudyError for a folder that no reader recognises.
    """
    found = next((one for one in READERS if one.recognises(file)), None)
    if found is None and file.parts:
        fact = "is a folder of files that are not imported together."
        remedy = "Name one file; a folder may hold a decision problem in XMCDA."
        raise InvalidStudyError([Problem(file.name, fact, remedy)])
    return found
