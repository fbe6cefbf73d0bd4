"""What an import tells of a file, in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evaluator.importing.material import Note
from evaluator.sanitize import shortened

_MANY = 12
"""Names that are told one by one."""

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


def _number(count: int, noun: str) -> str:
    return f"1 {noun}" if count == 1 else f"{count:,} {noun}s"


def _names(names: Sequence[str]) -> str:
    """Return names, the first of many."""
    shown = ", ".join(f"'{shortened(name)}'" for name in names[:_MANY])
    return shown + (f" and {len(names) - _MANY:,} more" if len(names) > _MANY else "")


def _of(section: str) -> str:
    return f" of {section}" if section else ""


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
    "amounts_converted": lambda x: (
        f"{_cells(x['cells'])} in {x['base']} taken at {x['rate']:g} {x['quote']} of {x['date']}, "
        f"by {x['title']} ({x['confidence']})"
    ),
    "amounts_rounded": lambda x: (
        f"{_number(x['count'], 'amount')} not whole: costs were rounded up, the budget down"
    ),
    "ballots_name_twice": lambda x: (
        f"{_number(x['count'], 'ballot')} with a project named twice, which counts once"
    ),
    "day_supposed": lambda x: f"states no day of its own; the study is as of {x['day']}",
    "keys_left": lambda x: f"{x['section']}, left without a form: {', '.join(x['keys'])}",
    "rule_left": lambda x: (
        f"the rule '{shortened(x['rule'])}' is not carried: the program seeks the most support "
        "that the budget pays for"
    ),
    "columns_left": lambda x: (
        f"{_number(len(x['columns']), 'column')}{_of(x['section'])} left: {_names(x['columns'])}"
    ),
    "particulars_left": lambda x: (
        f"particulars of voters were left, and are not copied: {_names(x['columns'])}"
    ),
    "groups_many": lambda x: (
        f"voters are of {x['count']} districts, more than {x['most']}: they are one body"
    ),
    "threshold_is_requirement": lambda x: (
        f"projects with less support than {x['number']:g} fail the requirement enough_support"
    ),
    "files_left": lambda x: f"files that are not XMCDA were left: {', '.join(x['files'])}",
    "elements_left": lambda x: f"elements without a form in a study: {', '.join(x['elements'])}",
    "anchors_of_data": lambda x: (
        f"what counts 0 and 100 of {_names(x['criteria'])} is the least and the greatest "
        "performance, as no scale or value function is stated: state it in criteria/"
    ),
    "thresholds_left": lambda x: f"thresholds of {_names(x['criteria'])} were left",
    "inactive": lambda x: f"not active, and among the exclusions: {_names(x['names'])}",
    "ranges_supposed": lambda x: (
        f"heads do not state the range of points; it is taken as {_names(x['criteria'])}"
    ),
    "weights_by_range": lambda x: "criteria count as their ranges do, as a sum of points does",
    "panel_by_median": lambda x: (
        "has a column of medians: judges come to the median of "
        + (
            "their totals (panel, over: totals)"
            if x["over"] == "totals"
            else "what they give on each criterion, which is not always that of their totals; for "
            "that write panel: {rule: median, over: totals}"
        )
    ),
    "unscored_reweighted": lambda x: (
        f"{_number(x['count'], 'pair')} of project and criterion without any score: such a project "
        "is scored over the others (missing: reweight)"
    ),
    "scores_missing": lambda x: f"{x['count']:,} of {x['whole']:,} scores are missing",
    "respondents_with_gaps": lambda x: f"left out, with a pair open: {_names(x['names'])}",
    "elements_are_packages": lambda x: (
        f"each of the {x['count']} that are compared is a criterion, and a package that has it "
        "alone: its score is its weight"
    ),
    "respondents": lambda x: (
        f"{_number(x['count'], 'respondent')} counted, by the geometric means of judgements"
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
