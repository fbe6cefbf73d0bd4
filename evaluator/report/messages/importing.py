"""What an import tells of a file, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evaluator.importing.material import Note

Arguments = Mapping[str, Any]


def _rows(numbers: Sequence[int]) -> str:
    """Return rows, neighbours as a range.

    >>> _rows([3, 4, 5, 9]), _rows([7])
    ('rows 3 to 5, 9', 'row 7')
    """
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    told = [f"{p[0]} to {p[-1]}" if len(p) > 2 else ", ".join(map(str, p)) for p in parts]
    return f"{'row' if len(numbers) == 1 else 'rows'} {', '.join(told)}"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"


def _column(x: Arguments) -> str:
    return f"column {x['column']}" + (f" '{x['head']}'" if x["head"] else " without a head")


_WORDS: Mapping[str, Callable[[Arguments], str]] = {
    "encoding": lambda x: f"read as {x['encoding']}",
    "column_taken": lambda x: f"{_column(x)} went to {', '.join(x['to'])}",
    "column_left": lambda x: f"{_column(x)} was left ({_cells(x['cells'])})",
    "column_hidden": lambda x: f"{_column(x)} is hidden, and was taken",
    "sheet_left": lambda x: f"the sheet was left ({_cells(x['cells'])})",
    "sheet_hidden": lambda x: f"the sheet is hidden, and was left ({_cells(x['cells'])})",
    "rows_hidden": lambda x: f"{_rows(x['rows'])}: hidden, and taken",
    "rows_hidden_left": lambda x: f"{_rows(x['rows'])}: hidden, and left",
    "rows_blank": lambda x: f"{_rows(x['rows'])}: blank",
    "rows_skipped": lambda x: f"{_rows(x['rows'])}: skipped, as the map says",
    "rows_above": lambda x: f"{_rows(x['rows'])}: above the head, left",
    "rows_between": lambda x: f"{_rows(x['rows'])}: below the head, no data of the table",
    "rows_below": lambda x: f"{_rows(x['rows'])}: below the table, left",
    "ranges_of_table": lambda x: (
        f"what counts 0 and 100 of {', '.join(x['criteria'])} is the least and the most of the "
        "table, unless the map says otherwise: state it in criteria/"
    ),
}
"""By the code of a note."""


def note_in_words(note: Note) -> str:
    """Return what an import tells, with its place."""
    words = _WORDS.get(note.code)
    if words is not None:
        return f"{note.where}: {words(note.arguments)}"
    told = "; ".join(f"{name} {value}" for name, value in note.arguments.items())
    return f"{note.where}: {note.code.replace('_', ' ')}" + (f" ({told})" if told else "")
