"""How much of a study is read at most. A study cannot raise it; who runs it can."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Self

from evaluator.errors import InvalidStudyError, Problem, UsageError, did_you_mean

_MOST = 10**15
_WORDS = {
    "bytes": ("is {} bytes", "Check that it is the right file"),
    "yaml_bytes": ("is {} bytes", "Check that it is the right file"),
    "unpacked_bytes": ("unpacks to {} bytes", "Remove what is not data"),
    "rows": ("has {} rows", "Check that it is the right table"),
    "columns": ("has {} columns", "Delete those that are not data"),
    "cells": ("has {} cells", "Delete empty rows and columns"),
    "files": ("holds {} files", "Check that it is the right folder"),
}
"""How what was found is told, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is read at most; more is refused before it is worked on."""

    bytes: int = 50_000_000
    """Of a CSV file, or of a workbook as it lies on disk."""
    yaml_bytes: int = 500_000
    """Of a YAML file, which is written by hand."""
    unpacked_bytes: int = 200_000_000
    """Of the parts of a workbook that are read."""
    rows: int = 200_000
    """Of a table, its header left out."""
    columns: int = 1_000
    """Of a table."""
    cells: int = 2_000_000
    """Of a table; in a workbook, blank ones that have a format among them."""
    files: int = 1_000
    """Of a folder."""

    def allowing(self, entries: Iterable[str]) -> Self:
        """Return these bounds with some of them set anew, from entries such as `rows=500000`.

        Raises UsageError for a name that is no bound, and for what is no whole number above 0.
        """
        names = [field.name for field in fields(self)]
        pairs = [entry.partition("=") for entry in entries]
        bounds = {name.strip(): value.strip() for name, _, value in pairs}
        for name, value in bounds.items():
            if name not in names:
                fact = f"--allow: there is no bound '{name}'."
                raise UsageError(f"{fact} {did_you_mean(name, names)}")
            plain = value.isascii() and value.isdigit() and len(value) < 16
            if not plain or not 0 < int(value) < _MOST:
                raise UsageError(
                    f"--allow {name}: '{value}' is no whole number above 0. Write it in digits, "
                    f"such as {name}={2 * getattr(self, name)}."
                )
        return replace(self, **{name: int(value) for name, value in bounds.items()})

    def check(self, name: str, found: int, where: str, *, counted: bool = True) -> None:
        """Raise InvalidStudyError where so many are more than a bound allows.

        counted: `found` is all that there is, not where counting stopped.
        """
        most: int = getattr(self, name)
        if found <= most:
            return
        words, remedy = _WORDS[name]
        told = f"{found:,}" if counted else f"over {most:,}"
        fact = f"{words.format(told)}; at most {most:,} are read."
        remedy += f", or allow more with --allow {name}={found if counted else 2 * most}."
        raise InvalidStudyError([Problem(where, fact, remedy)])
