"""`results.xlsx`: the tables of a run, one sheet each, made to be filtered and read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd

from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.palette import PAPER
from evaluator.report.formatting.phrases import stamp
from evaluator.report.formatting.words import Words
from evaluator.report.viewmodel.money.envelope import matrix
from evaluator.report.xlsx.cells import NAVY, WASH, Book, missing, write
from evaluator.report.xlsx.columns import Shown, columns
from evaluator.report.xlsx.cover import write_cover
from evaluator.report.xlsx.index import Contents, write_index
from evaluator.report.xlsx.reweighing.plan import hindrance
from evaluator.report.xlsx.reweighing.sheets import write_reweighing
from evaluator.report.xlsx.sheets import FILED, OWN, sheet_name
from evaluator.report.xlsx.shown import shown as as_read
from evaluator.results.evaluation import Evaluation

ROW_LIMIT = 1_048_575
"""Rows below the head that a sheet of Excel holds."""
COLUMN_LIMIT = 250
"""Columns beyond which nobody reads a sheet, and it takes seconds to open."""
_TOTALS = 3
_EMPTY = "No rows: this run has nothing of this kind."
HEAD = 1
"""Row of the heads, from 0: the stamp is above, the values begin below."""
_MEANINGS = "columns"
_SAID = ("sheet", "head", "field", "unit", "meaning")
_WIDEST, _MEASURED = 60, 500
_ARROW = 4
"""Characters of a head that the filter's arrow covers."""
_LINE, _HIGHEST, _HEADS = 15.0, 12, 4
"""Points of a line; lines of a row, and of a head, at most."""
_PAGE, _TABLOID = 190, 3
"""Characters that a letter page holds legibly in a line; the number of a paper twice as large."""


def workbook(evaluation: Evaluation, tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return the tables of a run, by file stem, as one XLSX file.

    A cover says what was run, what was changed and how far it can be trusted, an index which sheets
    follow, with links; the amounts and the tables that people work with follow, a sheet each, that
    prints as wide as a page. Heads are words; the last sheet has the name of each column in the CSV
    files, its unit and its meaning. The index names the tables that are left to their files, and
    those too wide or too long for a sheet. Text is never a formula or a link. The same
    evaluation gives the same bytes. Stamp and marking are in the first row of each sheet, heads
    in the second.
    """
    study = evaluation.study
    words = names_of(evaluation).words
    head = " · ".join(filter(None, (stamp(study.scenario), words.marking)))
    properties = {
        "title": study.scenario.title[:255],
        "subject": head[:255],
        "comments": words.disclaimer,
        # Not the day of making: the same study gives the same bytes.
        "created": dt.datetime.combine(study.as_of, dt.time(), dt.UTC),
    }
    book = Book(f"&L{head.replace('&', '&&')}&C{study.run_name}&R&P / &N", properties)
    too_large = [stem for stem, table in tables.items() if not _fits(table)]
    filed = {*FILED, *too_large}
    shown = {stem: table for stem, table in tables.items() if stem not in filed}
    if "allocation" in study.parts:
        shown = {"envelope": _envelope(evaluation), **shown}
    read = {stem: as_read(evaluation, stem, table) for stem, table in shown.items()}
    told = {stem: _columns(evaluation, stem, shown[stem], read[stem]) for stem in shown}
    meanings = _meanings(told, words)
    hindered = hindrance(evaluation)
    rows = {stem: len(table) for stem, table in tables.items()}
    contents = Contents(
        shown={stem: rows.get(stem, len(table)) for stem, table in shown.items()}
        | {_MEANINGS: len(meanings)},
        filed={stem: count for stem, count in rows.items() if stem in filed},
        too_large=too_large,
        hindered=hindered,
    )
    write_cover(book, evaluation)
    write_index(book, head, words, contents, OWN)
    if not hindered:
        write_reweighing(book, evaluation, head)
    for stem, table in read.items():
        totals = _TOTALS if stem == "envelope" else 0
        _write_table(book, head, sheet_name(stem, words), table, told[stem], totals)
    called = sheet_name(_MEANINGS, words)
    _write_table(book, head, called, meanings, columns(evaluation, _MEANINGS, meanings))
    return book.close()


def _columns(
    evaluation: Evaluation, stem: str, table: pd.DataFrame, read: pd.DataFrame
) -> tuple[Shown, ...]:
    """Return the columns as the CSV has them, and those that are added for reading."""
    both = pd.concat([table, read.iloc[:, len(table.columns) :]], axis=1)
    return columns(evaluation, stem, both)


def _meanings(told: Mapping[str, Sequence[Shown]], words: Words) -> pd.DataFrame:
    """Return a row a column of each sheet: its head, its name in the CSV, unit and meaning."""
    first = str(HEAD + 2)
    rows = [
        (sheet_name(stem, words), column.head, column.field, column.unit, column.meaning, first)
        for stem, found in told.items()
        for column in found
    ]
    return pd.DataFrame(rows, columns=[*_SAID, "first_row"], dtype=str)


def _fits(table: pd.DataFrame) -> bool:
    return len(table) <= ROW_LIMIT and len(table.columns) <= COLUMN_LIMIT


def _envelope(evaluation: Evaluation) -> pd.DataFrame:
    """Return packages x tools with totals."""
    found, tools = matrix(evaluation), list(evaluation.study.tools)
    rows: list[tuple[object, ...]] = [
        (row.package, row.title, *row.amounts, row.total, row.asked) for row in found.rows
    ]
    rows += [
        ("Proposed", "", *found.totals, found.total, found.total_asked),
        ("Asked", "", *found.asked, found.total_asked, found.total_asked),
        (
            names_of(evaluation).words.head.envelope,
            "",
            *found.envelopes,
            found.total_envelope,
            None,
        ),
    ]
    amounts = [f"amount.{tool}" for tool in tools]
    table = pd.DataFrame(rows, columns=["package", "title", *amounts, "allocated", "asked"])
    return table.astype(dict.fromkeys(table.columns[2:], "Int64"))


def _write_table(
    book: Book, head: str, name: str, table: pd.DataFrame, told: Sequence[Shown], totals: int = 0
) -> None:
    """Write one table; its last rows, the totals, are set apart and not filtered."""
    sheet = book.sheet(name)
    filtered, lines, widths = len(table) - totals, 1, []
    heights: Counter[int] = Counter()
    write(sheet, 0, 0, head, book.format(bold=True, font_color=NAVY))
    for column, (one, (_, series)) in enumerate(zip(told, table.items(), strict=True)):
        values = series.tolist()
        widths.append(_width(one.head, values, one.pattern))
        shown = _shown(one.pattern, values)
        plain, strong = book.format(**shown), book.format(**shown, bold=True, bg_color=WASH)
        for row, value in enumerate(values):
            if row < filtered and missing(value):
                continue  # a cell that is not written is as empty
            write(sheet, HEAD + 1 + row, column, value, plain if row < filtered else strong)
            if isinstance(value, str) and len(value) > _WIDEST:
                heights[row] = max(heights[row], min(-(-len(value) // (_WIDEST - 4)), _HIGHEST))
        sheet.set_column(column, column, widths[-1])
        lines = max(lines, len(wrap(one.head, widths[-1] - _ARROW)))
        write(sheet, HEAD, column, one.head, _head(book, right=one.pattern is not None))
    if table.empty:
        write(sheet, HEAD + 1, 0, _EMPTY, book.format(italic=True, indent=1))
    sheet.set_row(HEAD, _LINE * lines)
    for row, high in heights.items():
        sheet.set_row(HEAD + 1 + row, _LINE * high)
    fixed = 2 if list(table.columns[:2]) == ["package", "title"] else 1
    sheet.freeze_panes(HEAD + 1, fixed)
    _print(sheet, widths)
    if len(table.columns):
        sheet.autofilter(HEAD, 0, HEAD + max(filtered, 1), len(table.columns) - 1)


def _shown(pattern: str | None, values: Sequence[object]) -> dict[str, object]:
    """Return how a column stands: numbers right and texts left, both clear of the edge."""
    if pattern is not None:
        return {"num_format": pattern, "align": "right", "indent": 1}
    longest = max((len(value) for value in values if isinstance(value, str)), default=0)
    wrapped = {"text_wrap": True} if longest > _WIDEST else {}
    # Said by name: with a place at the top, an indent alone is not kept.
    return {"align": "left", "indent": 1, **wrapped}


def _print(sheet: Any, widths: Sequence[int]) -> None:
    """Let a sheet print as wide as a page, with its heads on each; a wide one on tabloid."""
    sheet.repeat_rows(0, HEAD)
    sheet.fit_to_pages(1, 0)
    if sum(widths) > _PAGE:
        sheet.set_paper(_TABLOID)


def _head(book: Book, right: bool) -> object:
    side = {"align": "right" if right else "left"}
    look = {"bold": True, "bg_color": NAVY, "font_color": PAPER, "text_wrap": True}
    return book.format(**look, indent=1, **side)


def _width(label: str, values: Sequence[object], pattern: str | None) -> int:
    """Return characters: a head breaks at its blanks and leaves room for the filter's arrow."""
    words = max(map(len, label.split()), default=0) + _ARROW
    while len(wrap(label, words - _ARROW)) > _HEADS:
        words += 1
    longest = max((_length(value, pattern) for value in values[:_MEASURED]), default=0) + 2
    return min(max(words, longest, 8), _WIDEST)


def _length(value: object, pattern: str | None) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, int | float) and pattern is not None and pattern.startswith("#,##0"):
        return len(f"{value:,.0f}")
    return 6
