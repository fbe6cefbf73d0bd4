"""Tables as plain text."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

import pandas as pd

from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.words import Words
from evaluator.results.schema import MONEY, TABLES

Columns = Sequence[tuple[str, str]]
"""Heads and sides, `left` or `right`."""
_WORD = re.compile(r"\s*\S+\s*")
_UNBROKEN = 32
"""Letters: a shorter word, such as the id of a limit, stands on one line."""


def heads(table: str, words: Words, *names: str, unit: str = "") -> Columns:
    """Return the heads of columns of a run's table; unit: of its sums of money."""
    return [
        (
            f"{words.fill(column.head)} {unit}".rstrip()
            if column.unit == MONEY
            else words.fill(column.head),
            "right" if column.numeric else "left",
        )
        for column in map(TABLES[table].column, names)
    ]


def amounts_rows(
    amounts: pd.DataFrame, words: Words
) -> tuple[Unit, Columns, list[Sequence[Any]], Sequence[Any]]:
    """Return the unit, columns, rows and last row of sums of amounts, packages x tools."""
    unit = words.money.unit(amounts.to_numpy().ravel().tolist())

    def cell(amount: float) -> str:
        return unit.amount(amount) if amount else ""

    tools = [str(tool).replace(".", "\n").replace("_", "\n") for tool in amounts.columns]
    columns = [(words.head.package, "left"), *((head, "right") for head in tools), ("Sum", "right")]
    rows: list[Sequence[Any]] = [
        (package, *map(cell, given), cell(given.sum())) for package, given in amounts.iterrows()
    ]
    total = ("Sum", *map(cell, amounts.sum()), cell(amounts.to_numpy().sum()))
    return unit, columns, rows, total


def _least(cells: Sequence[str], head: str, side: str) -> int:
    """Return the least width of a column: no number is broken over lines, no id, no word of a head.

    Words longer than an id usually is are broken, rather than cut.
    """
    from rich.cells import cell_len

    if side == "right":
        return max(map(cell_len, [*head.split(), *cells]))
    words = (word for cell in cells for word in cell.split() if cell_len(word) <= _UNBROKEN)
    return max(map(cell_len, [*head.split(), *words]), default=0)


def _whole(cells: Sequence[str], head: str, side: str) -> int:
    """Return the width of a column in which nothing is broken."""
    from rich.cells import cell_len

    lines = (line for text in (head, *cells) for line in text.split("\n"))
    return max(map(cell_len, lines))


def _widths(least: Sequence[int], whole: Sequence[int], room: int) -> list[int]:
    """Return widths that fill the room at most: from the least on all grow alike until whole.

    >>> _widths([3, 5, 2], [3, 30, 9], 22)
    [3, 10, 9]
    """
    level = 0
    found = list(least)
    while sum(found) < sum(whole):
        level += 1
        wider = [max(a, min(b, level)) for a, b in zip(least, whole, strict=True)]
        if sum(wider) > room:
            break
        found = wider
    return found


def text_table(title: str, columns: Columns, rows: Iterable[Sequence[Any]]) -> str:
    """Return a table as lines of text without markup or colour, as wide as the terminal.

    Where that is too narrow for the columns, a row is what stands in it, each by its head.
    """
    names, sides = [head for head, _ in columns], [side for _, side in columns]
    cells = [[str(cell) for cell in row] for row in rows]
    below = [[row[place] for row in cells] for place in range(len(columns))]
    least = [_least(column, *head) for column, head in zip(below, columns, strict=True)]
    whole = [_whole(column, *head) for column, head in zip(below, columns, strict=True)]
    # two letters lie between two columns
    room = shutil.get_terminal_size((140, 40)).columns - 2 * len(columns)
    if sum(least) > room:
        return _stacked(title, names, cells)
    widths = _widths(least, whole, room)
    heads, *body = (list(map(_broken, row, widths)) for row in (names, *cells))
    high = max(map(len, heads))  # what is broken ends on one line
    raised = [[""] * (high - len(lines)) + lines for lines in heads]
    lines = [
        *_row(raised, sides, widths),
        "─" * (sum(widths) + 2 * (len(widths) - 1)),
        *(line for row in body for line in _row(row, sides, widths)),
    ]
    return "\n".join([title, "", *(f" {line}".rstrip() for line in lines), ""])


def _broken(cell: str, width: int) -> list[str]:
    """Return a cell in lines of so many letters: broken at blanks, a longer word where it must be.

    >>> _broken("a long tongue-twister", 8)
    ['a long', 'tongue-t', 'wister']
    """
    from rich.cells import cell_len, chop_cells

    found = []
    for text in cell.split("\n"):
        line = ""
        for word in _WORD.findall(text):
            if cell_len(line + word.rstrip()) <= width:
                line += word
                continue
            found += [line] if line else []
            *whole, line = [word] if cell_len(word.rstrip()) <= width else chop_cells(word, width)
            found += whole
        found.append(line)
    return [line.rstrip() for line in found]


def _row(cells: Sequence[list[str]], sides: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """Yield the lines of a row, each cell in lines at its side of a column."""
    from rich.cells import cell_len

    for parts in zip_longest(*cells, fillvalue=""):
        yield "  ".join(
            f"{' ' * (width - cell_len(part))}{part}"
            if side == "right"
            else f"{part}{' ' * (width - cell_len(part))}"
            for part, side, width in zip(parts, sides, widths, strict=True)
        )


def _stacked(title: str, heads: Sequence[str], cells: Iterable[Sequence[str]]) -> str:
    """Return a table row after row, each cell with its head, empty ones left out."""
    names = [" ".join(head.split()) for head in heads]
    lines = [
        " · ".join(
            f"{name}: {' '.join(cell.split())}"
            for name, cell in zip(names, row, strict=True)
            if cell
        )
        for row in cells
    ]
    return "\n".join([title, "", *(f"- {line}" for line in lines), ""])
