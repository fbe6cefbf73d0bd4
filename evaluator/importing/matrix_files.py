"""Decision matrices in files as people have them: text tables of any delimiter, ODS, Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import pandas as pd

from evaluator.errors import InvalidStudyError, Problem, UsageError, did_you_mean
from evaluator.importing.readers import source
from evaluator.importing.tables.grids.files import read_cells
from evaluator.importing.tables.grids.grid import Found, Grid
from evaluator.importing.tables.parsing.numbers import Figure, amount, conventions, figure, written
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.matrix import Matrix, is_head, matrix_of, read_matrix
from evaluator.loading.tables.sheets import Fault, Sheet
from evaluator.sanitize import shortened

_COMMA = "comma"
_PLAIN = ("utf-8", "utf-8-sig", "ascii")


def read_table(
    path: Path, sheet: str | None = None, delimiter: str | None = None, bounds: Bounds | None = None
) -> Matrix:
    """Read a decision matrix: CSV, TSV and the like, a workbook (XLSX, ODS), or Parquet.

    delimiter: comma, semicolon, tab or bar; as the steadiest width of rows shows it if not stated.
    A decimal comma is taken where a column can be read in no other way. Raises InvalidStudyError
    with all faults, what can be read in two ways among them, and UsageError where Parquet cannot
    be read here.
    """
    bounds, ending = bounds or Bounds(), path.suffix.lower()
    if ending == ".parquet":
        return matrix_of(_parquet(path, bounds))
    if ending == ".xlsx" and delimiter is None:
        return read_matrix(path, sheet, bounds)
    found = read_cells(source(path, bounds), delimiter=delimiter)
    if problems := [*_asked(found)]:
        raise InvalidStudyError(problems)
    plain = found.delimiter == _COMMA and found.encoding.lower().replace("_", "-") in _PLAIN
    if plain:
        return read_matrix(path, sheet, bounds)
    table = _sheet(_chosen(found.grids, sheet, str(path)), str(path))
    return matrix_of(_with_points(table) if found.delimiter else table)


def _asked(found: Found) -> Iterator[Problem]:
    """Yield what can be read in more than one way."""
    for question in found.questions:
        options = " or ".join(question.options)
        remedy = f"Say which: --delimiter {options}."
        if question.key != ("delimiter",):
            remedy = "Save it as UTF-8."
        yield Problem(question.where, question.fact, remedy)


def _chosen(grids: Sequence[Grid], sheet: str | None, where: str) -> Grid:
    full = {grid.name: grid for grid in grids if grid.cells and not grid.hidden}
    if sheet is None and len(full) == 1:
        return next(iter(full.values()))
    if sheet is not None and sheet in full:
        return full[sheet]
    if not full:
        raise InvalidStudyError([Problem(where, "holds no table.", "Fill it.")])
    if sheet is None:
        fact, remedy = "has several sheets.", f"Name one: {', '.join(full)}."
    else:
        fact = f"has no sheet '{shortened(sheet)}' with a table."
        remedy = did_you_mean(sheet, full)
    raise InvalidStudyError([Problem(where, fact, remedy)])


def _sheet(grid: Grid, where: str) -> Sheet:
    """Return a grid as a table: the first row that holds something is its head."""
    (top, head), *rows = grid.rows.items()
    width = 1 + max(max(cells) for cells in (head, *(cells for _, cells in rows)))
    faults: dict[tuple[int, int], Fault] = {
        at: cell.fault for at, cell in grid.cells.items() if cell.fault is not None
    }

    def texts(line: int) -> tuple[str, ...]:
        cells = grid.rows[line]
        return tuple(cells[i].found if i in cells else "" for i in range(width))

    place = f"{where} sheet {grid.name}" if grid.name else where
    below = tuple((line, texts(line)) for line, _ in rows)
    return Sheet(place, texts(top), below, top, lettered=bool(grid.name), faults=faults)


def _with_points(table: Sheet) -> Sheet:
    """Return a table with decimal points; what can be read in two ways is a fault of its cell."""
    texts = {line: list(cells) for line, cells in table.rows}
    faults = dict(table.faults)
    heads = [line for line in texts if is_head(texts[line][0])]
    body = [line for line in texts if line not in heads]
    groups = [[(line, i) for line in body] for i in range(1, len(table.header))]
    groups += [[(line, i) for i in range(1, len(table.header))] for line in heads]
    for cells in groups:
        there = [(at, texts[at[0]][at[1]]) for at in cells if at[1] < len(texts[at[0]])]
        for at, told in _converted(there):
            if isinstance(told, str):
                texts[at[0]][at[1]] = told
            else:
                faults[at] = told
    rows = tuple((line, tuple(cells)) for line, cells in texts.items())
    return replace(table, rows=rows, faults=faults)


def _converted(
    cells: Sequence[tuple[tuple[int, int], str]],
) -> Iterator[tuple[tuple[int, int], str | Fault]]:
    """Yield numbers with a point for those with a comma; nothing where some are no numbers."""
    if not any("," in text for _, text in cells):
        return
    figures = [(at, found) for at, text in cells if (found := figure(text)) is not None]
    if len(figures) < len(cells) or any(one.how for _, one in figures):
        return
    ways = conventions([one for _, one in figures], _any)
    for at, one in figures:
        read = [number for way in ways if (number := amount(one, *way)) is not None]
        if len({*read}) > 1:
            options = " or ".join(written(number) for number in read)
            fact = f"'{one.digits}' can be read in two ways: {options}."
            yield at, (fact, "Write it with a point for decimals, and without one for thousands.")
        elif read:
            yield at, written(read[0])


def _any(_: Figure, __: Decimal) -> bool:
    return True


def _parquet(path: Path, bounds: Bounds) -> Sheet:
    """Return a Parquet file as a table; its index, or else its first column, has the names."""
    name = str(path)
    data = source(path, bounds).data
    if find_spec("fastparquet") is None:
        raise UsageError(
            f"{name} is Parquet, which needs fastparquet. Install the same wheel again with its "
            "extra [parquet], or save the table as CSV."
        )
    import fastparquet

    try:
        frame = fastparquet.ParquetFile(io.BytesIO(data)).to_pandas()
    except Exception as error:
        fact = f"is no Parquet file that can be read ({type(error).__name__})."
        raise InvalidStudyError([Problem(name, fact, "Save it as CSV.")]) from None
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    bounds.check("rows", len(frame), name, counted=False)
    bounds.check("columns", frame.shape[1], name, counted=False)
    rows = tuple(
        (line, tuple("" if pd.isna(cell) else str(cell) for cell in cells))
        for line, cells in enumerate(frame.itertuples(index=False, name=None), 1)
    )
    return Sheet(name, tuple(map(str, frame.columns)), rows, top=0)
