"""A decision matrix in a file, with weights and directions in it or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from evaluator.errors import InvalidStudyError, Problem, did_you_mean
from evaluator.letters import folded
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.tables.cells import filled, label, number
from evaluator.loading.tables.delimited import read_csv
from evaluator.loading.tables.sheets import Sheet
from evaluator.loading.tables.workbooks import read_workbook
from evaluator.sanitize import shortened

_WEIGHTS = ("weight", "weights")
_DIRECTIONS = ("direction", "directions")


@dataclass(frozen=True)
class Matrix:
    """What a file says of alternatives by criteria."""

    frame: pd.DataFrame
    """Numbers, an alternative a row."""
    weights: dict[str, float] | None
    """By criterion; None where the file states none."""
    directions: dict[str, str] | None
    """As written, by criterion; None where the file states none."""


def read_matrix(path: str | Path, sheet: str | None = None, bounds: Bounds | None = None) -> Matrix:
    """Read a decision matrix from a CSV file or a workbook.

    Its first column names the alternatives, its head the criteria. A row named `weights` and one
    named `directions` may stand right below the head. sheet: of a workbook; its only one if not
    stated. Raises InvalidStudyError with all faults, each at its cell.
    """
    return matrix_of(_sheet(Path(path), sheet, bounds or Bounds()))


def is_head(text: str) -> bool:
    """Return whether the first cell of a row says that it states weights or directions."""
    return folded(text.strip()) in (*_WEIGHTS, *_DIRECTIONS)


def matrix_of(table: Sheet) -> Matrix:
    """Return the decision matrix of a table; see `read_matrix`."""
    problems: list[Problem] = [*table.flaws]
    criteria = _criteria(table, problems)
    weights: dict[str, Any] | None = None
    directions: dict[str, Any] | None = None
    names: dict[str, int] = {}
    rows: list[tuple[str, dict[str, Any]]] = []
    for line, texts in table.rows:
        if misfit := table.misfit(line, texts):
            problems.append(misfit)
            continue
        head = folded(texts[0].strip())
        if not rows and head in _WEIGHTS and weights is None:
            weights = _cells(table, line, texts, criteria, number, problems)
            continue
        if not rows and head in _DIRECTIONS and directions is None:
            directions = _cells(table, line, texts, criteria, label, problems)
            continue
        try:
            name = filled(texts[0])
        except ValueError as error:
            problems.append(_at(table, line, 0, error))
            continue
        if head in (*_WEIGHTS, *_DIRECTIONS):
            fact = f"'{shortened(name)}' stands among the alternatives, or there twice."
            remedy = "Move it right below the head, or give the alternative another name."
            problems.append(Problem(table.cell(line, 0), fact, remedy))
            continue
        if name in names:
            fact = f"'{shortened(name)}' stands in line {names[name]} already."
            problems.append(Problem(table.cell(line, 0), fact, "Give each a name of its own."))
        names.setdefault(name, line)
        rows.append((name, _cells(table, line, texts, criteria, number, problems)))
    if not rows and not problems:
        problems.append(Problem(table.where, "holds no alternative.", "Add a row."))
    if problems:
        raise InvalidStudyError(problems)
    frame = pd.DataFrame([cells for _, cells in rows], index=[name for name, _ in rows])
    return Matrix(frame[list(criteria)], weights, directions)


def _sheet(path: Path, sheet: str | None, bounds: Bounds) -> Sheet:
    if path.suffix.lower() != ".xlsx":
        if sheet is not None:
            fact = f"has no sheets, of which '{shortened(sheet)}' is asked for."
            raise InvalidStudyError([Problem(str(path), fact, "Leave the sheet out.")])
        return read_csv(path, str(path), bounds)
    book = read_workbook(path, str(path), bounds, hidden=False)
    full = {name: one for name, one in book.items() if one.header}
    if sheet is not None and sheet in full:
        return full[sheet]
    if sheet is None and len(full) == 1:
        return next(iter(full.values()))
    fact = f"has no sheet '{shortened(sheet)}' with a table." if sheet else "has several sheets."
    if not full:
        fact = "holds no table."
    remedy = did_you_mean(sheet or "", full) if sheet else f"Name one: {', '.join(full)}."
    raise InvalidStudyError([Problem(str(path), fact, remedy if full else "Fill a sheet.")])


def _criteria(table: Sheet, problems: list[Problem]) -> list[str]:
    """Return the names in the head, but the first."""
    found: list[str] = []
    for index, text in enumerate(table.header[1:], 1):
        where = table.cell(table.top, index)
        try:
            name = filled(text)
        except ValueError as error:
            problems.append(_at(table, table.top, index, error))
            continue
        if name in found:
            fact = f"the criterion '{shortened(name)}' stands there twice."
            problems.append(Problem(where, fact, "Give each a name of its own."))
        found.append(name)
    if not found and not problems:
        fact = "has a column of names and no criterion."
        problems.append(Problem(table.where, fact, "Add a column of numbers."))
    return found


def _cells(
    table: Sheet,
    line: int,
    texts: Sequence[str],
    criteria: Sequence[str],
    parse: Callable[[str], Any],
    problems: list[Problem],
) -> dict[str, Any]:
    """Return a row's cells by criterion; those that cannot be read are problems."""
    found = {}
    for index, name in enumerate(criteria, 1):
        if fault := table.faults.get((line, index)):
            problems.append(Problem(table.cell(line, index), *fault))
            continue
        try:
            found[name] = parse(texts[index])
        except ValueError as error:
            problems.append(_at(table, line, index, error))
    return found


def _at(table: Sheet, line: int, index: int, error: ValueError) -> Problem:
    fact, _, remedy = str(error).partition("\n")
    return Problem(table.cell(line, index), fact, remedy)
