"""Where the table stands in a sheet: its head, its rows, and what is above, below and beside it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.tables.grids.grid import Cell, Grid
from evaluator.importing.tables.parsing.dates import day
from evaluator.importing.tables.parsing.numbers import figure
from evaluator.importing.tables.parsing.words import is_missing, key
from evaluator.letters import folded

_SEARCHED = 200
"""Rows that hold something, among which the head is looked for."""
_MERGED = 1_000_000
_TOTALS = frozenset(
    (
        *("total", "totals", "sum", "grand total", "subtotal", "average", "averages", "mean"),
        *("median", "count", "minimum", "maximum", "min", "max", "std", "standard deviation"),
    )
)
_TYPES = frozenset(
    (
        *("string", "str", "double", "float", "int", "integer", "number", "numeric", "text"),
        *("date", "datetime", "bool", "boolean", "decimal", "long", "char", "object", "float64"),
        *("int64", "ordinal", "nominal", "cat", "category", "varchar"),
    )
)
_UNIT = re.compile(r"[(\[].*[)\]]|%|[$€£¥]|[A-Z]{3}")
_WEIGHTS = frozenset(("weight", "weights", "weighting", "weightings", "weight%", "weights%"))
_DIRECTIONS = frozenset(
    ("direction", "directions", "goal", "goals", "objective", "objectives", "minmax", "maxmin")
)
"""What rows below the head are called that state weights and directions; compared by `key`."""
BETTER = {
    **dict.fromkeys(("higher", "max", "maximize", "maximise", "benefit", "up", "+", "1"), "higher"),
    **dict.fromkeys(("lower", "min", "minimize", "minimise", "cost", "down", "-1"), "lower"),
}
"""What says which numbers are better, folded."""


@dataclass(frozen=True)
class Layout:
    """Where the table of a sheet stands."""

    head: tuple[int, ...]
    """Its rows, the lowest last."""
    heads: Mapping[int, str]
    """What stands above each column; of several rows joined by ` / `."""
    first: int
    last: int
    """The first and the last row of the table."""
    types: tuple[int, ...] = ()
    """Rows below the head that name types or units."""
    weights: int | None = None
    directions: int | None = None
    """Rows below the head that state what a matrix needs."""
    totals: tuple[int, ...] = ()
    thin: tuple[int, ...] = ()
    """Rows within that hold one cell alone, as heads of groups do."""
    below: tuple[int, ...] = ()
    guessed_head: bool = False
    """Whether the upper row of heads may be a title: it is not merged."""


def layout(grid: Grid, known: Callable[[str], bool]) -> Layout | None:
    """Find the table of a sheet, None where it holds none.

    known: whether a text is what the head of a column may say.
    """
    filled = merged_texts(grid)
    rows = list(grid.rows)
    best: tuple[float, int] | None = None
    for index, row in enumerate(rows[:_SEARCHED]):
        texts = _texts(grid, filled, row)
        if not _may_be_head(texts):
            continue
        below = [len(grid.rows[r]) for r in rows[index + 1 : index + 40]]
        width = max(below, default=0)
        hits = sum(known(text) for text, _ in texts.values())
        fill = len(texts) / max(width, len(texts))
        if width < 2 or (fill < 0.6 and hits < 2):
            continue
        score = (hits + min(fill, 1.0) if hits > 1 else min(fill, 1.0)), -index
        if best is None or score[0] > best[0] + 0.25:
            best = score[0], row
    if best is None:
        return None
    return _below(grid, _head(grid, filled, best[1]), filled)


def merged_texts(grid: Grid) -> dict[tuple[int, int], Cell]:
    """Return the first cell of each merged range for all cells of it within the sheet's table."""
    columns = sorted({column for _, column in grid.cells})
    rows = list(grid.rows)
    found: dict[tuple[int, int], Cell] = {}
    count = 0
    for range_ in grid.merged:
        cell = grid.cells.get((range_.top, range_.left))
        if cell is None:
            continue
        inside = rows[bisect_left(rows, range_.top) : bisect_right(rows, range_.bottom)]
        across = columns[bisect_left(columns, range_.left) : bisect_right(columns, range_.right)]
        count += len(inside) * len(across)
        if count > _MERGED:
            fact = f"has over {_MERGED:,} cells in merged ranges."
            raise InvalidStudyError([Problem(grid.where, fact, "Split them.")])
        found |= dict.fromkeys(product(inside, across), cell)
    return found


def _texts(
    grid: Grid, filled: Mapping[tuple[int, int], Cell], row: int
) -> dict[int, tuple[str, Cell]]:
    """Return what a row says by column, merged ranges filled up."""
    cells = dict(grid.rows.get(row, {}))
    cells |= {column: cell for (at, column), cell in filled.items() if at == row}
    return {column: (" ".join(cell.found.split()), cell) for column, cell in sorted(cells.items())}


def _may_be_head(texts: Mapping[int, tuple[str, Cell]]) -> bool:
    """Return whether texts could name columns: several, no figures, hardly any twice."""
    words = [text for text, _ in texts.values()]
    if len(words) < 2 or len(set(words)) < max(2, 0.8 * len(words)):
        return False
    odd = sum(
        cell.fault is not None
        or (cell.kind != "text" and not _is_year(text))
        or (cell.kind == "text" and not _is_year(text) and is_value(text))
        for text, cell in texts.values()
    )
    return odd <= 0.1 * len(words)


def _is_year(text: str) -> bool:
    return text.isdigit() and 1900 <= int(text) <= 2100 and len(text) == 4


def is_value(text: str) -> bool:
    """Return whether a text is a number or a day, or says that something is missing."""
    return figure(text) is not None or day(text, "dmy") is not None or is_missing(text)


def _head(grid: Grid, filled: Mapping[tuple[int, int], Cell], lowest: int) -> Layout:
    """Return the head whose lowest row is known: rows of groups above it are of it."""
    rows = [lowest]
    names = {column: text for column, (text, _) in _texts(grid, filled, lowest).items()}
    guessed = False
    while (above := rows[0] - 1) in grid.rows:
        texts = _texts(grid, filled, above)
        merged = {
            m.left
            for m in grid.merged
            if m.top <= above <= m.bottom and m.right > m.left and (m.top, m.left) in grid.cells
        }
        spans = {m.right - m.left + 1 for m in grid.merged if m.top == above and m.left in merged}
        title = len(texts) <= 1 or (len(merged) == 1 and max(spans, default=0) >= len(names))
        if title or any(c.kind != "text" for _, c in texts.values()) or not set(texts) <= {*names}:
            break
        if not merged and not _groups(texts, names):
            break
        guessed = guessed or not merged
        spread = {column: text for column, (text, _) in texts.items()}
        if not merged:
            spread = _spread(spread, names)
        for column, text in spread.items():
            if text != names.get(column):
                names[column] = f"{text} / {names[column]}"
        rows.insert(0, above)
        if guessed:
            break
    return Layout(tuple(rows), names, lowest + 1, lowest, guessed_head=guessed)


def _groups(texts: Mapping[int, tuple[str, Cell]], names: Mapping[int, str]) -> bool:
    """Return whether a row above the head may name groups of columns though nothing is merged."""
    several = 1 < len(texts) < len(names)
    return several and max(len(text) for text, _ in texts.values()) <= 40


def _spread(texts: Mapping[int, str], names: Mapping[int, str]) -> dict[int, str]:
    """Return for each column the nearest text to its left."""
    found, last = {}, ""
    for column in sorted(names):
        last = texts.get(column, last)
        if last:
            found[column] = last
    return found


def _below(grid: Grid, head: Layout, filled: Mapping[tuple[int, int], Cell]) -> Layout:
    """Return the layout with the rows of the table."""
    rows = [row for row in grid.rows if row > head.head[-1]]
    types: list[int] = []
    stated: dict[str, int] = {}
    columns = set(head.heads)
    while rows:
        cells = {c: x for c, x in grid.rows[rows[0]].items() if c in columns}
        texts = [cell.found.strip() for cell in cells.values()]
        first = key(texts[0]) if texts else ""
        if first in _WEIGHTS and "weights" not in stated and all(map(figure, texts[1:])):
            stated["weights"] = rows.pop(0)
        elif (
            first in _DIRECTIONS
            and "directions" not in stated
            and all(folded(text) in BETTER for text in texts[1:])
        ):
            stated["directions"] = rows.pop(0)
        elif cells and _names_types(cells, rows, grid):
            types.append(rows.pop(0))
        else:
            break
    wide = len(columns) > 2
    counts = {row: len([c for c in grid.rows[row] if c in columns]) for row in rows}
    thin = [row for row in rows if wide and counts[row] <= 1]
    full = [row for row in rows if row not in thin]
    totals: list[int] = []
    while full and (folded(next(iter(grid.rows[full[-1]].values())).found.strip(" :")) in _TOTALS):
        totals.insert(0, full.pop())
    last = full[-1] if full else head.head[-1]
    return Layout(
        head.head,
        head.heads,
        full[0] if full else head.head[-1] + 1,
        last,
        tuple(types),
        stated.get("weights"),
        stated.get("directions"),
        tuple(totals),
        tuple(row for row in thin if row < last and full and row > full[0]),
        tuple(row for row in rows if row > last and row not in totals)
        + tuple(row for row in thin if full and row < full[0]),
        head.guessed_head,
    )


def _names_types(cells: Mapping[int, Cell], rows: list[int], grid: Grid) -> bool:
    """Return whether a row right below the head names types, or units in brackets."""
    texts = [cell.found.strip() for cell in cells.values()]
    if len(rows) < 2 or any(cell.kind != "text" for cell in cells.values()):
        return False
    if len(texts) > 1 and all(folded(text) in _TYPES for text in texts):
        return True
    numbers = sum(
        cell.kind == "number" or figure(cell.found) is not None
        for column, cell in grid.rows[rows[1]].items()
        if column in cells
    )
    return numbers > 0 and all(map(_UNIT.fullmatch, texts))
