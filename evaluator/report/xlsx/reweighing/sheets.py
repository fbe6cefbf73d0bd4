"""The sheet of inputs: points in cells to change, and beside them the list that follows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.palette import LIGHT, PAPER
from evaluator.report.xlsx.cells import NAVY, Book, write
from evaluator.report.xlsx.reweighing.plan import (
    FIRST,
    IN_RUN,
    INPUTS,
    POINTS,
    SHARE,
    VALUES,
    WHAT,
    WHOSE,
    WRONG,
    Group,
    Plan,
    plan_of,
)
from evaluator.report.xlsx.reweighing.values import Told, write_values
from evaluator.results.evaluation import Evaluation

_ADVICE = "Change the points in the yellow cells; those of a group are shares of their sum. "
_FOLLOWS = {True: "Scores, ranks and designation follow", False: "Scores and ranks follow"}
_AMOUNTS = " Amounts do not: they have to be solved again by a run."
_MEND = "Points are numbers of 0 or more, one of a group above 0"
_INPUT, _RED = LIGHT["entry"], LIGHT["bad"]
_HEADS = ("Whose", "What", "Points", "Share", "In the run", "To mend")
_WIDTHS = {WHOSE: 16, WHAT: 46, POINTS: 10, SHARE: 9, IN_RUN: 12, WRONG: 14, WRONG + 1: 2}
_LIST = WRONG + 2
_COLUMNS = {
    "Place": 7,
    "Rank": 7,
    "In the run": 10,
    "Moved": 10,
    "{Package}": 14,
    "Title": 42,
    "Score": 10,
    "Score in the run": 11,
    "{Priority}": 16,
    "{Priority} in the run": 16,
}
"""Heads of the list, with words of the study in braces, and characters."""
_HEAD = 32.0
"""Points: two lines."""
_STANDING = ("{Priority}", "{Priority} in the run")
"""Where a rule of designation parts the packages."""
_TEXTS = ("{Package}", "Title", "{Priority}", "{Priority} in the run")


def write_reweighing(book: Book, evaluation: Evaluation, stamp: str) -> None:
    """Write the sheet of inputs and the sheet of values, where there is no hindrance."""
    plan = plan_of(evaluation)
    inputs, values = book.sheet(INPUTS), book.sheet(VALUES)
    for sheet in (inputs, values):
        write(sheet, 0, 0, stamp, book.format(bold=True, font_color=NAVY))

    def head(right: bool) -> Any:
        look = {"bold": True, "bg_color": NAVY, "font_color": PAPER, "text_wrap": True}
        return book.format(**look, align="right" if right else "left", indent=1)

    parts = evaluation.study.parts
    parted = "designation" in parts
    advice = f"{_ADVICE}{_FOLLOWS[parted]} by formulas."
    advice += _AMOUNTS if "allocation" in parts else ""
    write(inputs, 2, 0, advice, book.format(italic=True))
    for column, text in enumerate(_HEADS):
        write(inputs, FIRST - 1, column, text, head(POINTS <= column <= IN_RUN))
    for group in plan.groups:
        _write_group(book, inputs, group)
    if "agencies" not in parts:
        inputs.set_row(FIRST, None, None, {"hidden": True})  # one has all the influence
    columns = {name: width for name, width in _COLUMNS.items() if parted or name not in _STANDING}
    _write_list(book, inputs, evaluation, plan, head, columns)
    widths = {**_WIDTHS, **{_LIST + i: width for i, width in enumerate(columns.values())}}
    for column, width in widths.items():
        inputs.set_column(column, column, width)
    inputs.set_row(FIRST - 1, _HEAD)
    inputs.freeze_panes(FIRST, 0)
    inputs.repeat_rows(FIRST - 1)
    for sheet in (inputs, values):
        sheet.fit_to_pages(1, 0)
    write_values(book, values, evaluation, plan, head)


def _write_group(book: Book, sheet: Any, group: Group) -> None:
    percent = book.format(num_format="0.0%", align="right", indent=1)
    number = book.format(num_format="0.0##", bg_color=_INPUT, border=1)
    n, points = len(group.names), group.points
    sound = f"AND(COUNT({points})={n},MIN({points})>=0,SUM({points})>0)"
    for row, (name, share) in enumerate(zip(group.names, group.shares, strict=True), group.row):
        line = {"top": 1} if row == group.row else {}
        write(sheet, row, WHOSE, group.whose, book.format(bold=row == group.row, **line))
        write(sheet, row, WHAT, name, book.format(align="left", **line))
        write(sheet, row, POINTS, 100 * share, number)
        own = f"${chr(65 + POINTS)}${row + 1}"
        sheet.write_formula(row, SHARE, f"=IF({sound},{own}/SUM({points}),0)", percent, share)
        write(sheet, row, IN_RUN, share, percent)
    red = book.format(font_color=_RED, bold=True)
    sheet.write_formula(group.row, WRONG, f'=IF({sound},"","{_MEND}")', red, "")
    rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_message": _MEND}
    sheet.data_validation(group.row, POINTS, group.row + n - 1, POINTS, rule)


def _write_list(
    book: Book,
    sheet: Any,
    evaluation: Evaluation,
    plan: Plan,
    head: Any,
    columns: Collection[str],
) -> None:
    """Write the packages by their place, the best first, as the formulas have them now.

    They stand in the order of the run, in which the best come first and those of one rank by id;
    so is the list's, until a point is changed.
    """
    names = names_of(evaluation)
    for column, title in enumerate(columns, start=_LIST):
        write(sheet, FIRST - 1, column, names.words.fill(title), head(title not in _TEXTS))
    wrong = f"$F${FIRST + 1}:$F${plan.groups[-1].row + len(plan.groups[-1].names)}"
    told = Told.of(evaluation, plan)
    number, score = (
        book.format(align="right"),
        book.format(num_format="0.0", align="right", indent=1),
    )
    text = book.format(align="left", indent=1)
    signed = book.format(num_format='"▲ "0;"▼ "0;"="', align="right", indent=1)
    for row, package in enumerate(plan.packages):
        at, rank = FIRST + row, int(told.ranks[row])
        overall, standing = float(told.overall[row]), told.standing[row]
        stated = {
            "Rank": ("Rank", rank, number),
            "In the run": ("Rank in the run", rank, number),
            "{Package}": ("{Package}", package, text),
            "Title": ("Title", names.package(package), text),
            "Score": ("Overall score", overall, score),
            "Score in the run": ("Score in the run", overall, score),
            "{Priority}": ("{Priority}", standing, text),
            "{Priority} in the run": ("In the run", standing, text),
        }
        place = f"${chr(65 + _LIST)}{at + 1}"
        match = f"MATCH({place},{plan.range('Place', VALUES)},0)"
        write(sheet, at, _LIST, row + 1, number)
        for column, head_of in enumerate(columns, start=_LIST):
            if head_of in stated:
                source, value, shown = stated[head_of]
                cells = plan.range(source, VALUES)
                into = f'=IF(COUNTIF({wrong},"?*")=0,INDEX({cells},{match}),"")'
                sheet.write_formula(at, column, into, shown, value)
        was, now = f"{chr(65 + _LIST + 2)}{at + 1}", f"{chr(65 + _LIST + 1)}{at + 1}"
        sheet.write_formula(at, _LIST + 3, f'=IF({now}="","",{was}-{now})', signed, 0)
