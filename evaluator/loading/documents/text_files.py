"""Files of text: UTF-8, of so many bytes, without characters that none may hold."""

from __future__ import annotations

import os
from pathlib import Path

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.documents.characters import refuse_odd_characters


def decoded(data: bytes, name: str) -> str:
    """Return a file's text, UTF-8 without a byte order mark.

    Raises InvalidStudyError where it is empty, encoded otherwise, or holds what no text may hold.
    """
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _invalid(
            name, "begins with a byte order mark.", "Save it as UTF-8 without a byte order mark."
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _invalid(
            f"{name} line {line}", "is not UTF-8 text.", "Save the file as UTF-8."
        ) from None
    if not text.strip():
        raise _invalid(name, "the file is empty.", "Fill it, or take it out of the study.")
    refuse_odd_characters(text, name)
    return text


def read_bytes(path: Path, name: str, bounds: Bounds, bound: str = "bytes") -> bytes:
    """Return what a file holds.

    Raises InvalidStudyError where it is absent, unreadable, or larger than the bound of this name.
    """
    if not os.path.exists(path):  # noqa: PTH110  Path.exists raises for a name that is too long
        raise _invalid(name, "there is no such file.", "Check the path and its spelling.")
    if not os.path.isfile(path):  # noqa: PTH113  Path.is_file raises where it may not look
        raise _invalid(name, "is not a file.", "Check the path.")
    try:
        size = path.stat().st_size
        bounds.check(bound, size, name)
        with path.open("rb") as file:
            data = file.read(size + 1)  # as much memory is taken as is asked for
            if len(data) > size:  # a file may grow, or state no size
                data += file.read(getattr(bounds, bound) + 1)
    except OSError as error:
        raise _invalid(name, f"cannot be read: {error.strerror}.", "Check the path.") from None
    bounds.check(bound, len(data), name, counted=False)
    return data


def _invalid(where: str, fact: str, remedy: str) -> InvalidStudyError:
    return InvalidStudyError([Problem(where, fact, remedy)])
