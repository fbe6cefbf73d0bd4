"""The second sheet of a workbook: which sheets there are, and which tables stand in files alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from evaluator.report.formatting.palette import PAPER
from evaluator.report.formatting.words import Words
from evaluator.report.xlsx.cells import LINK, NAVY, Book, write
from evaluator.report.xlsx.reweighing.plan import INPUTS, VALUES
from evaluator.report.xlsx.sheets import described, sheet_name

INDEX = "Index"
_HEADS = ("Sheet", "What is in it", "Rows", "File of the run")
_WIDTHS = (28, 92, 10, 28)
_LINE = 15.0
"""Points of a line of a row."""
_CALCULATING = {
    INPUTS: "Points to change, and the ranking that follows by formulas",
    VALUES: "What the formulas of the sheet What if rest on",
}


@dataclass(frozen=True)
class Contents:
    """What a workbook holds, and what it does not; tables by file stem, with their rows."""

    shown: Mapping[str, int]
    filed: Mapping[str, int]
    """Tables that are left to their files."""
    too_large: Sequence[str]
    """Of those, what no sheet could hold."""
    hindered: str
    """Why no sheet calculates; empty where two do."""


def write_index(book: Book, head: str, words: Words, found: Contents, own: Sequence[str]) -> None:
    """Write a line a sheet with a link to it; own: tables that are no file of the run."""
    sheet = book.sheet(INDEX)
    sheet.repeat_rows(0, 1)
    sheet.fit_to_pages(1, 0)
    sheet.freeze_panes(2, 1)
    write(sheet, 0, 0, head, book.format(bold=True, font_color=NAVY))
    for column, (name, width) in enumerate(zip(_HEADS, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        look = {"bold": True, "bg_color": NAVY, "font_color": PAPER}
        write(sheet, 1, column, name, book.format(**look, align="left", indent=int(column > 1)))
    calculating = {} if found.hindered else _CALCULATING
    rows: list[tuple[str, str, int | None, str]] = [
        (name, meaning, None, "") for name, meaning in calculating.items()
    ]
    rows += [
        (
            sheet_name(stem, words),
            _meaning(stem, words),
            count,
            "" if stem in own else f"{stem}.csv",
        )
        for stem, count in found.shown.items()
    ]
    plain, wrapped = book.format(align="left", indent=1), book.format(text_wrap=True)

    def told(row: int, text: str) -> None:
        write(sheet, row, 1, text, wrapped)
        sheet.set_row(row, _LINE * len(wrap(text, _WIDTHS[1] + 8) or [""]))

    for row, (name, meaning, count, file) in enumerate(rows, start=2):
        linked = book.format(font_color=LINK, underline=1)
        sheet.write_url(row, 0, f"internal:'{name}'!A1", linked, name)
        told(row, meaning)
        write(sheet, row, 2, count, plain)
        write(sheet, row, 3, file, plain)
    row = 2 + len(rows)
    if found.hindered:
        write(sheet, row, 0, INPUTS, book.format())
        told(row, found.hindered)
        row += 1
    if found.filed:
        write(sheet, row + 1, 0, "In files of the run alone", book.format(bold=True))
    for place, (stem, count) in enumerate(found.filed.items(), start=row + 2):
        large = "; too large for a sheet" if stem in found.too_large else ""
        write(sheet, place, 0, sheet_name(stem, words), book.format())
        told(place, _meaning(stem, words) + large)
        write(sheet, place, 2, count, plain)
        write(sheet, place, 3, f"{stem}.csv", plain)


def _meaning(stem: str, words: Words) -> str:
    return words.fill(described(stem).meaning)
