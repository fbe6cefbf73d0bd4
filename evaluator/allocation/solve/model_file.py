"""The program as a file that other solvers read: LP or MPS, every number in full."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluator.allocation.model.program import Program
from evaluator.allocation.solve.tighten import tightened
from evaluator.disk.whole import write_whole
from evaluator.errors import UsageError
from evaluator.sanitize import inert

_WIDTH = 100
"""Of a line: LP readers may refuse long ones."""


def column_names(program: Program) -> list[str]:
    """Return generated names of columns; padded, so that their alphabet is their order."""
    width = _digits(program)
    return [f"x{number:0{width}d}" for number in range(len(program.cost))]


def row_names(program: Program) -> list[str]:
    """Return generated names of rows; padded, so that their alphabet is their order."""
    width = _digits(program)
    return [f"c{number:0{width}d}" for number in range(len(program.row_lower))]


def written_rows(program: Program) -> NDArray[np.intp]:
    """Return the rows that a model or a file holds: those with terms and a bound."""
    free = np.isneginf(program.row_lower) & np.isposinf(program.row_upper)
    return np.flatnonzero((np.diff(program.starts) > 0) & ~free)


def export_program(program: Program, path: str | Path, about: Sequence[str] = ()) -> Path:
    """Write what solvers get of a program as `.lp` or `.mps`, and return the path.

    That is the program tightened, with generated names; a `.names.csv` beside it says what each
    stands for. Numbers are written so that they are read back to the last bit. about: lines of
    comment. Each of the two files is there whole, or as it was before.

    Raises UsageError for another suffix, OSError where a file cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in _FORMS:
        raise UsageError(f"'{path.name}' ends in neither .lp nor .mps.")
    sign, written = _FORMS[path.suffix.lower()]
    solved = tightened(program)
    names = path.with_suffix(".names.csv")
    comments = [
        *about,
        f"Amounts are in units of {program.unit:,}; {names.name} says what each name means.",
        "Least cost is sought: minus the objective of the allocation.",
    ]
    lines = [*(f"{sign} {' '.join(line.split())}" for line in comments), *written(solved)]
    text = "\n".join([*lines, ""])
    write_whole({names: _meanings(program).encode(), path: text.encode()})
    return path


def _digits(program: Program) -> int:
    return len(str(max(len(program.cost), len(program.row_lower))))


def _lp(program: Program) -> Iterator[str]:
    columns, rows = column_names(program), row_names(program)
    yield "Minimize"
    # columns of no cost as well: their order is that of their first mention
    yield from _sum("obj", list(zip(program.cost.tolist(), columns, strict=True)))
    yield "Subject To"
    starts, index, value = program.starts.tolist(), program.index.tolist(), program.value.tolist()
    low, high = program.row_lower.tolist(), program.row_upper.tolist()
    for row in written_rows(program).tolist():
        places = range(starts[row], starts[row + 1])
        yield from _sum(rows[row], [(value[k], columns[index[k]]) for k in places])
        sense, bound = _bound(low[row], high[row])
        yield f"  {_LP_SENSE[sense]} {bound!r}"
    yield "Bounds"
    for name, least, most in zip(
        columns, program.lower.tolist(), program.upper.tolist(), strict=True
    ):
        yield f" {least!r} <= {name}" + (f" <= {most!r}" if np.isfinite(most) else "")
    if np.any(program.integer):
        yield "General"
        yield from (f" {columns[column]}" for column in np.flatnonzero(program.integer))
    yield "End"


def _sum(name: str, terms: Sequence[tuple[float, str]]) -> Iterator[str]:
    line = f" {name}:"
    for factor, column in terms:
        term = f" {'-' if factor < 0 else '+'} {abs(factor)!r} {column}"
        if len(line) + len(term) > _WIDTH:
            yield line
            line = " "
        line += term
    yield line


def _mps(program: Program) -> Iterator[str]:
    columns, rows = column_names(program), row_names(program)
    kept = written_rows(program)
    sides = zip(program.row_lower[kept].tolist(), program.row_upper[kept].tolist(), strict=True)
    bounds = {row: _bound(*both) for row, both in zip(kept.tolist(), sides, strict=True)}
    yield from ("NAME allocation FREE", "ROWS", " N obj")
    yield from (f" {sense} {rows[row]}" for row, (sense, _) in bounds.items())
    yield "COLUMNS"
    owner, value = program.owner.tolist(), program.value.tolist()
    order = np.argsort(program.index, kind="stable").tolist()
    ends = np.cumsum(np.bincount(program.index, minlength=len(columns))).tolist()
    whole, cost = program.integer.tolist(), program.cost.tolist()
    for column, name in enumerate(columns):
        if whole[column] != (column > 0 and whole[column - 1]):
            yield _marker(begins=whole[column])
        yield f" {name} obj {cost[column]!r}"
        for place in order[ends[column - 1] if column else 0 : ends[column]]:
            if owner[place] in bounds:
                yield f" {name} {rows[owner[place]]} {value[place]!r}"
    if whole[-1:] == [True]:
        yield _marker(begins=False)
    yield "RHS"
    yield from (f" RHS {rows[row]} {bound!r}" for row, (_, bound) in bounds.items())
    yield "BOUNDS"
    for name, least, most in zip(
        columns, program.lower.tolist(), program.upper.tolist(), strict=True
    ):
        yield f" LO BOUND {name} {least!r}" if np.isfinite(least) else f" MI BOUND {name}"
        yield f" UP BOUND {name} {most!r}" if np.isfinite(most) else f" PL BOUND {name}"
    yield "ENDATA"


def _marker(*, begins: bool) -> str:
    """Return the line between which columns are whole."""
    return f" MARKER 'MARKER' '{'INTORG' if begins else 'INTEND'}'"


_LP_SENSE = {"L": "<=", "G": ">=", "E": "="}
_FORMS: Mapping[str, tuple[str, Callable[[Program], Iterator[str]]]] = {
    ".lp": ("\\", _lp),
    ".mps": ("*", _mps),
}


def _bound(low: float, high: float) -> tuple[str, float]:
    """Return a row's sense, as MPS calls it, and its finite side."""
    if low == high:
        return "E", high
    return ("L", high) if np.isfinite(high) else ("G", low)


def _meanings(program: Program) -> str:
    """Return as CSV what each name of the file stands for."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["name", "kind", "subject", "detail"])
    columns = zip(column_names(program), program.columns, strict=True)
    table.writerows((name, c.kind, c.subject, inert(c.detail)) for name, c in columns)
    names = row_names(program)
    for number in written_rows(program).tolist():
        row = program.rows[number]
        table.writerow([names[number], row.kind, row.name, inert(row.group)])
    return text.getvalue()
