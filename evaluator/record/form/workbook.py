"""The workbook in which a round is filled in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from evaluator.loading.round.tables import ABOUT, LISTS
from evaluator.loading.tables.sheets import Sheet, letters
from evaluator.model.study import Study
from evaluator.record.form.columns import Column, Table, tables
from evaluator.record.form.lists import LEVELS, OTHER_TABLES, levels, lists
from evaluator.report.formatting.palette import PAPER
from evaluator.report.xlsx.cells import NAVY, WASH, Book, write

_LAST_ROW = 1_048_575
_MOST = 5_000
"""Ids of a table that are offered in the cells of others."""
_FORMATS = {"text": "@", "date": "yyyy-mm-dd", "money": "#,##0"}
_WIDTHS = {"text": 22, "number": 14, "money": 16, "share": 12, "date": 13, "flag": 13}
_FIGURES = ("number", "money", "share", "date")
_FREE = 48
_FREE_TEXTS = ("title", "name", "rationale", "description", "fact", "asked", "reason")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FLAGS = ("yes", "no")
_RULES = (
    "Each sheet is a table of the round: heads in the first row, a row below for each entry.",
    "Columns with dark heads have to be there; the others may be empty. A head's note says more.",
    "The order of rows and columns is free. Names of sheets and heads stay as they are.",
    "Cells with a list offer what the study knows: packages, criteria, levels, countries, tools.",
    "Missing is an empty cell, or 'n/a: why' in a column of facts. Neither is 0.",
    "Write values, no formulas; hide and merge nothing. Dates are days; shares run from 0 to 1.",
    f"This sheet and '{LISTS}' are not read.",
)


def form(study: Study, filled: Mapping[str, Sheet]) -> bytes:
    """Return a workbook in which the round of a study is filled in, as bytes of an XLSX file.

    A sheet for each table of a round, its heads with a note each, cells with the lists that the
    study gives: its scales, countries, tools, criteria, and ids of packages. Nothing is locked
    and no cell holds a formula. filled: rows that stand in it already, by table. The same study
    gives the same bytes.
    """
    title = study.scenario.title[:255]
    made = dt.datetime.combine(study.as_of, dt.time(), dt.UTC)
    book = Book("&R&P / &N", {"title": title, "created": made})
    every = tables(study)
    _write_about(book, f"{title}: the round to fill in", every)
    rated, others = levels(study), lists(study)
    sources = _sources(rated, others)
    for name, table in every.items():
        _write_table(book, name, table, filled.get(name), sources)
    _write_lists(book, {**rated, **others})
    return book.close()


def _write_about(book: Book, title: str, every: Mapping[str, Table]) -> None:
    sheet = book.sheet(ABOUT)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 96)
    write(sheet, 0, 0, title, book.format(bold=True, font_color=NAVY, font_size=14))
    for row, rule in enumerate(_RULES, 2):
        write(sheet, row, 0, rule, book.format())
    top = len(_RULES) + 3
    for column, head in enumerate(("sheet", "what it holds")):
        write(sheet, top, column, head, _head(book, True))
    for row, (name, table) in enumerate(every.items(), top + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", book.format(font_color=NAVY), name)
        write(sheet, row, 1, table.about, book.format(text_wrap=True))
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 0)


def _sources(
    rated: Mapping[str, Sequence[str]], others: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Return by the name of a list where its words stand; a row is named as 2."""
    found = {
        table: f"OFFSET({table}!$A$2,0,0,MAX(1,COUNTA({table}!$A$2:$A${_MOST + 1})),1)"
        for table in OTHER_TABLES
    }
    for index, (name, words) in enumerate(others.items(), len(rated)):
        column = letters(index)
        found[name] = f"{LISTS}!${column}$2:${column}${len(words) + 1}"
    if rated:
        longest, last = max(map(len, rated.values())), letters(len(rated) - 1)
        place = f"MATCH($B2,{LISTS}!$A$1:${last}$1,0)-1"
        height = f"COUNTA(OFFSET({LISTS}!$A$2,0,{place},{longest},1))"
        found[LEVELS] = f"OFFSET({LISTS}!$A$2,0,{place},{height},1)"
    return found


def _write_table(
    book: Book, name: str, table: Table, filled: Sheet | None, sources: Mapping[str, str]
) -> None:
    sheet = book.sheet(name)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_comments_author("evaluator")
    for index, (head, how) in enumerate(table.columns.items()):
        shown = book.format(**_look(how))
        width = max(_FREE if head in _FREE_TEXTS else _WIDTHS[how.type], len(head) + 3)
        sheet.set_column(index, index, width, shown)
        write(sheet, 0, index, head, _head(book, how.needed, right=how.type in _FIGURES))
        sheet.write_comment(0, index, how.note, {"x_scale": 2, "y_scale": 0.8})
        _offer(sheet, index, how, sources)
        if filled is not None and head in filled.header:
            place = filled.header.index(head)
            for row, (_, texts) in enumerate(filled.rows, 1):
                _write_cell(sheet, row, index, texts[place].strip(), how, shown)


def _head(book: Book, needed: bool, *, right: bool = False) -> object:
    dark = {"bg_color": NAVY, "font_color": PAPER}
    light = {"bg_color": WASH, "font_color": NAVY, "bottom": 1, "bottom_color": NAVY}
    side = {"align": "right" if right else "left", "indent": 1}
    return book.format(bold=True, **side, **(dark if needed else light))


def _look(how: Column) -> dict[str, object]:
    shown = _FORMATS.get(how.type)
    side: dict[str, object] = {"align": "right" if how.type in _FIGURES else "left", "indent": 1}
    return side if shown is None else {"num_format": shown, **side}


def _offer(sheet: Any, index: int, how: Column, sources: Mapping[str, str]) -> None:
    """Let the cells of a column be chosen from a list, where there is one."""
    source: object = None
    if how.named is not None:
        source = f"={sources[how.named]}" if how.named in sources else None
    elif how.one_of is not None or how.type == "flag":
        source = list(how.one_of or _FLAGS)
    if source is None:
        return
    told = {
        "error_title": "Not in the list",
        "error_message": "Choose one of the list; the note at the head says what it is.",
        "error_type": "warning" if how.open else "stop",
    }
    sheet.data_validation(
        1, index, _LAST_ROW, index, {"validate": "list", "source": source, **told}
    )


def _write_cell(sheet: Any, row: int, column: int, text: str, how: Column, shown: Any) -> None:
    """Write what a table states, numbers and days as such."""
    if how.type == "date" and _DAY.fullmatch(text):
        day = dt.datetime.fromisoformat(text)
        sheet.write_datetime(row, column, day, shown)
    elif how.type in _FIGURES and _NUMBER.fullmatch(text):
        sheet.write_number(row, column, float(text), shown)
    elif text:
        write(sheet, row, column, text, shown)


def _write_lists(book: Book, every: Mapping[str, Sequence[str]]) -> None:
    sheet = book.sheet(LISTS)
    sheet.freeze_panes(1, 0)
    for index, (name, words) in enumerate(every.items()):
        sheet.set_column(
            index, index, max(map(len, (name, *words))) + 3, book.format(num_format="@")
        )
        write(sheet, 0, index, name, _head(book, False))
        for row, word in enumerate(words, 1):
            write(sheet, row, index, word, book.format(num_format="@"))
