"""The first sheet of a workbook: what was run, what was changed, how far it can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from evaluator.report.formatting.names import method_name, names_of
from evaluator.report.formatting.palette import PAPER
from evaluator.report.formatting.phrases import CONFIDENCE, STATUS, sentence, stamp
from evaluator.report.messages import say
from evaluator.report.viewmodel.decision.lines import decision, decision_title
from evaluator.report.viewmodel.decision.overrides import named_decisions
from evaluator.report.viewmodel.decision.warnings import warnings
from evaluator.report.viewmodel.packages.certainty import precision
from evaluator.report.xlsx.cells import NAVY, Book, write
from evaluator.results.evaluation import Evaluation

_WIDTHS = (24, 34, 26, 26, 60, 16, 12)
_LAST = len(_WIDTHS) - 1
_LINE = 130
"""Characters that fit beside a figure of the decision."""
_HEIGHT, _HIGHEST = 16.0, 400.0
"""Points: of a line, and of the highest row that Excel allows, nearly."""


def write_cover(book: Book, evaluation: Evaluation) -> None:
    """Write what was run and decided; the sheets stand in the index."""
    sheet = book.sheet("Run")
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 0)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
        write(sheet, 0, column, None, book.format(bg_color=NAVY))
    white = book.format(bold=True, bg_color=NAVY, font_color=PAPER)
    words = names_of(evaluation).words
    head = (stamp(evaluation.study.scenario), words.marking)
    write(sheet, 0, 0, " · ".join(filter(None, head)), white)
    _wide(book, sheet, 1, 0, words.disclaimer, italic=True)
    _wide(book, sheet, 3, 0, evaluation.study.scenario.title, bold=True, font_size=16)
    row = _facts(book, sheet, 4, evaluation)
    row = _decision(book, sheet, row, evaluation)
    row = _overrides(book, sheet, row, evaluation)
    row = _changes(book, sheet, row, evaluation)
    _trust(book, sheet, row, evaluation)


def _wide(book: Book, sheet: Any, row: int, column: int, text: str, **properties: object) -> None:
    """Write a text to the right edge; a merged cell does not find its height by itself."""
    shown = book.format(text_wrap=True, **properties)
    sheet.merge_range(row, column, row, _LAST, "", shown)
    write(sheet, row, column, text, shown)
    height = _HEIGHT * (1 + len(text) // _LINE) * (1.5 if "font_size" in properties else 1)
    sheet.set_row(row, min(height, _HIGHEST))


def _section(book: Book, sheet: Any, row: int, title: str, heads: Iterable[str] = ()) -> int:
    """Write a title, and heads of columns if there are any; return the row below."""
    write(sheet, row + 1, 0, title, book.format(bold=True, font_size=13, font_color=NAVY))
    row += 2
    for column, head in enumerate(heads):
        write(sheet, row, column, head, book.format(bold=True, bottom=1))
    return row + bool(tuple(heads))


def _rows(book: Book, sheet: Any, row: int, rows: Iterable[Sequence[object]]) -> int:
    for cells in rows:
        for column, cell in enumerate(cells):
            write(sheet, row, column, cell, book.format(align="left"))
        row += 1
    return row


def _facts(book: Book, sheet: Any, row: int, evaluation: Evaluation) -> int:
    study, allocation = evaluation.study, evaluation.allocation
    scenario, drawn = study.scenario, evaluation.uncertainty
    w, allocated = names_of(evaluation).words, "allocation" in study.parts
    money = f"money in whole {w.money.code or 'units'}; " if "requests" in study.parts else ""
    told = [
        (w.head.programme, scenario.programme or ""),
        ("Scenario", scenario.scenario),
        ("As of", study.as_of.isoformat()),
        ("Study (fingerprint)", study.fingerprint),
        ("Ranked by", method_name(scenario.method.name)),
        ("Draws", f"{precision(drawn)}; seed {drawn.seed}" if drawn else "none"),
        ("Allocation", w.fill(STATUS[allocation.status]) if allocated else ""),
        (
            "Subsidy cost",
            w.money.amount(allocation.subsidy_usd) if allocated and allocation.exists else "",
        ),
        ("Units", f"{money}scores 0 to 100; shares in %; empty: missing"),
    ]
    return _rows(book, sheet, row, [pair for pair in told if pair[1]])


def _decision(book: Book, sheet: Any, row: int, evaluation: Evaluation) -> int:
    row = _section(book, sheet, row, decision_title(evaluation))
    for line in decision(evaluation):
        write(sheet, row, 0, line.head, book.format(bold=True))
        write(sheet, row, 1, line.figure, book.format(bold=True, font_color=NAVY))
        _wide(book, sheet, row, 2, line.text)
        row += 1
    return row


def _overrides(book: Book, sheet: Any, row: int, evaluation: Evaluation) -> int:
    decided, names = named_decisions(evaluation), names_of(evaluation)
    if not decided:
        return row
    row = _section(book, sheet, row, "Named decisions that depart from the rule")
    for place, one in enumerate(decided, start=row):
        _wide(book, sheet, place, 0, sentence(say(one, names)))
    return row + len(decided)


def _changes(book: Book, sheet: Any, row: int, evaluation: Evaluation) -> int:
    applied = evaluation.study.applied
    if not applied:
        row = _section(book, sheet, row, "Changes")
        return _rows(book, sheet, row, [("None: this scenario changes nothing.",)])
    heads = ("Scenario", "Changed", "Old", "New", "Because", "By", "Date")
    row = _section(book, sheet, row, "Changes, in order", heads)
    for change in applied:
        day = change.date.isoformat() if change.date else ""
        told = (_plain(change.old), _plain(change.new), change.because, change.by or "", day)
        for column, cell in enumerate((change.scenario, change.set, *told)):
            write(sheet, row, column, cell, book.format(text_wrap=True, align="left"))
        row += 1
    return row


def _plain(value: object) -> object:
    """Return a value as a cell: numbers stay numbers, what is composed becomes text."""
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_plain(each)}" for key, each in value.items())
    return "" if value is None else str(value)


def _trust(book: Book, sheet: Any, row: int, evaluation: Evaluation) -> None:
    heads = ("Confidence", "Numbers and rules", "What it means")
    row = _section(book, sheet, row, "How far the numbers can be trusted", heads)
    counts = evaluation.provenance.confidence
    for name, count in counts.items():
        row = _rows(book, sheet, row, [(name, count, CONFIDENCE[name])])
    notes = warnings(evaluation)
    if notes:
        row = _section(book, sheet, row, "Beware")
        for place, note in enumerate(notes, start=row):
            _wide(book, sheet, place, 0, note)
