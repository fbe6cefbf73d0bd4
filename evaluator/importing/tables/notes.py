"""What is told of a sheet of which a table was read: hidden and blank rows, what is around it."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evaluator.importing.material import Note
from evaluator.importing.tables.grids.grid import Grid
from evaluator.importing.tables.heads import Layout
from evaluator.loading.tables.sheets import letters


def around(
    grid: Grid, where: Layout, rows: Collection[int], columns: Collection[int]
) -> Iterator[Note]:
    """Yield the notes of a sheet. rows, columns: those of which cells were taken."""
    for code, told in (
        ("rows_hidden", sorted(grid.hidden_rows & set(rows))),
        ("rows_blank", [r for r in range(where.first, where.last + 1) if r not in grid.rows]),
        ("rows_above", [row for row in grid.rows if row < where.head[0]]),
        (
            "rows_between",
            [r for r in grid.rows if where.first <= r <= where.last and r not in rows],
        ),
        ("rows_below", [row for row in grid.rows if row > where.last]),
    ):
        if told:
            yield Note(code, grid.where, {"rows": tuple(told)})
    for column in sorted(grid.hidden_columns & set(columns)):
        named = {"column": letters(column), "head": where.heads.get(column, "")}
        yield Note("column_hidden", grid.where, named)
