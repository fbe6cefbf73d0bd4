"""Heads of columns that name pairs, and the answers below them.

Answers are on Saaty's scale: how many times the first of a pair is as important as the second,
9 to 1/9 (Saaty 1977, A scaling method for priorities in hierarchical structures, J. Math. Psych.).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluator.errors import InvalidStudyError, Problem
from evaluator.importing.material import Left, Note, Place, Source, Taken
from evaluator.importing.tables.grids.files import read_cells
from evaluator.importing.tables.grids.grid import Cell, Grid
from evaluator.importing.tables.heads import Layout, layout
from evaluator.importing.tables.notes import around
from evaluator.importing.tables.parsing.words import is_missing
from evaluator.letters import folded
from evaluator.sanitize import shortened

_SIGNS = (
    r"\s+(?:vs?\.?|versus|over|against|compared (?:to|with)|or|and)\s+",
    r"\s*[:|/>]\s*",
    r"_(?:vs|versus|over)_",
    r"\s+[-\u2013\u2014]\s+",
    r"_",
    r"-",
)
"""What stands between the two of a pair."""
_WHO = frozenset(
    ("respondent", "participant", "name", "expert", "person", "user", "id", "no", "nr")
)
_RATIO = re.compile(r"(\d+(?:[.,]\d+)?)\s*[/:]\s*(\d+(?:[.,]\d+)?)")
_NUMBER = re.compile(r"[-\u2212]?\d+(?:[.,]\d+)?")
_MOST = Fraction(9)
_LEAST = Fraction(11, 100)
"""1/9 as it is written with two decimals."""
LEFT_SIDE, RIGHT_SIDE = "first", "second"


@dataclass(frozen=True)
class Pairs:
    """A sheet of answers: its pairs by column, and who answers."""

    grid: Grid
    layout: Layout
    elements: tuple[str, ...]
    columns: Mapping[int, tuple[str, str]]
    who: int | None


@dataclass(frozen=True)
class Respondent:
    """The answers of one respondent, one for each pair."""

    name: str
    ratios: Mapping[tuple[str, str], Fraction]
    places: Mapping[tuple[str, str], Place]


def pairs_of(grid: Grid) -> Pairs | None:
    """Return the pairs of a sheet, None where its heads do not name each pair of some elements."""
    where = layout(grid, lambda head: any(re.search(sign, head) for sign in _SIGNS))
    if where is None or where.first > where.last:
        return None
    for sign in _SIGNS:
        split = {
            column: tuple(part.strip() for part in parts)
            for column, head in where.heads.items()
            if len(parts := re.split(sign, head, flags=re.IGNORECASE)) == 2 and all(parts)
        }
        found = _complete(split)
        if found is not None:
            elements, columns = found
            others = [c for c in where.heads if c not in columns]
            who = next((c for c in others if _WHO & set(folded(where.heads[c]).split())), None)
            return Pairs(grid, where, elements, columns, who)
    return None


def _complete(
    split: Mapping[int, tuple[str, ...]],
) -> tuple[tuple[str, ...], dict[int, tuple[str, str]]] | None:
    """Return elements and pairs where the heads name each pair of at least three elements once."""
    named: dict[str, str] = {}
    for column in sorted(split):
        for name in split[column]:
            named.setdefault(folded(name), name)
    pairs = {c: (named[folded(one)], named[folded(two)]) for c, (one, two) in split.items()}
    distinct = {frozenset(pair) for pair in pairs.values()}
    count = len(named)
    if count < 3 or len(distinct) != len(pairs) or any(len(pair) < 2 for pair in distinct):
        return None
    if len(pairs) != count * (count - 1) // 2:
        return None
    return tuple(named.values()), dict(sorted(pairs.items()))


def is_questionnaire(source: Source) -> bool:
    """Return whether a file holds a sheet of pairwise answers."""
    if source.parts or not source.data.strip():
        return False
    try:
        return any(pairs_of(grid) for grid in read_cells(source).grids if not grid.hidden)
    except InvalidStudyError:
        return False


def read_answers(
    source: Source, record: list[Taken | Left], notes: list[Note]
) -> tuple[tuple[str, ...], list[Respondent]]:
    """Return the elements and who answered, those with gaps left out and told.

    Raises InvalidStudyError with all faults, each at its cell; one of them is that a negative
    number is not understood, as what its side means is nowhere stated.
    """
    read = read_cells(source)
    problems = [Problem(one.where, one.fact, "Save it otherwise.") for one in read.questions]
    shown = (pairs_of(grid) for grid in read.grids if not grid.hidden)
    pairs = next(one for one in shown if one is not None)
    for grid in read.grids:
        if grid is not pairs.grid and grid.cells:
            record += [Left(cell.place, cell.found, "sheet") for cell in grid.cells.values()]
            notes.append(Note("sheet_left", grid.where, {"cells": len(grid.cells)}))
    negative = source.answers.get("negative")
    found: list[Respondent] = []
    gaps: list[str] = []
    odd: list[Place] = []
    names: set[str] = set()
    rows = [row for row in pairs.grid.rows if pairs.layout.first <= row <= pairs.layout.last]
    rows = [row for row in rows if row not in (*pairs.layout.totals, *pairs.layout.thin)]
    for number, row in enumerate(rows, 1):
        cells = pairs.grid.rows[row]
        who = cells.get(pairs.who) if pairs.who is not None else None
        name = " ".join(who.found.split()) if who is not None else f"r{number}"
        if folded(name) in names:
            where = str(pairs.grid.place(row, pairs.who or 0))
            fact = f"the respondent '{shortened(name)}' answers twice."
            problems.append(Problem(where, fact, "Keep one row, or name them apart."))
        names.add(folded(name))
        answers = _answers(pairs, row, cells, negative, odd, problems, record)
        if answers is None:
            gaps.append(name)
        else:
            found.append(Respondent(name, *answers))
    if odd:
        fact = (
            f"is negative, as are {len(odd) - 1:,} more: which of the two is then more important?"
        )
        remedy = "Say --answer negative=first or negative=second."
        problems.append(Problem(str(odd[0]), fact, remedy))
    if not found and not problems:
        problems.append(Problem(pairs.grid.where, "nobody answers each pair.", "Fill the gaps."))
    if problems:
        raise InvalidStudyError(problems)
    if gaps:
        notes.append(Note("respondents_with_gaps", pairs.grid.where, {"names": tuple(gaps)}))
    taken = {*pairs.columns, *(() if pairs.who is None else (pairs.who,))}
    notes += around(pairs.grid, pairs.layout, rows, taken)
    others = tuple(
        head for c, head in pairs.layout.heads.items() if c not in (*pairs.columns, pairs.who)
    )
    if others:
        named = {"section": pairs.grid.name, "columns": others}
        notes.append(Note("columns_left", pairs.grid.where, named))
    _leave(pairs, rows, record)
    return pairs.elements, found


def _answers(
    pairs: Pairs,
    row: int,
    cells: Mapping[int, Cell],
    negative: str | None,
    odd: list[Place],
    problems: list[Problem],
    record: list[Taken | Left],
) -> tuple[dict[tuple[str, str], Fraction], dict[tuple[str, str], Place]] | None:
    """Return the ratios of a row and where they stand; None where one is missing."""
    ratios: dict[tuple[str, str], Fraction] = {}
    places: dict[tuple[str, str], Place] = {}
    for column, pair in pairs.columns.items():
        cell = cells.get(column)
        if cell is None or is_missing(cell.found.strip()):
            if cell is not None:
                record.append(Taken(cell.place, cell.found, "", "pairwise", "", "missing"))
            continue
        ratio = _ratio(cell)
        where = str(cell.place)
        if cell.fault is not None:
            problems.append(Problem(where, *cell.fault))
        elif ratio is None:
            fact = f"'{shortened(cell.found)}' is no answer on the scale from 1/9 to 9."
            problems.append(Problem(where, fact, "Write 1 to 9, or 1/2 to 1/9 as text."))
        elif ratio < 0 and negative is None:
            odd.append(cell.place)
        else:
            turned = _turned(ratio, negative)
            if not _LEAST <= turned <= _MOST:
                fact = f"{shortened(cell.found)} is beyond the scale from 1/9 to 9."
                problems.append(Problem(where, fact, "Mend it, or empty it."))
                continue
            how = "" if turned == ratio else _how(ratio, negative)
            taken = f"{pair[0]} : {pair[1]} = {turned}"
            record.append(Taken(cell.place, cell.found, taken, "pairwise", "", how))
            ratios[pair], places[pair] = turned, cell.place
    return (ratios, places) if len(ratios) == len(pairs.columns) else None


def _turned(ratio: Fraction, negative: str | None) -> Fraction:
    """Return how many times the first is as important as the second.

    negative: the side that a number below 0 says is more important; the other side is then that of
    numbers above 0, which are ratios as they stand where nothing is negative.
    """
    if negative is None:
        return ratio
    first = (ratio < 0) == (negative == LEFT_SIDE)
    return abs(ratio) if first else 1 / abs(ratio)


def _how(ratio: Fraction, negative: str | None) -> str:
    side = LEFT_SIDE if (ratio < 0) == (negative == LEFT_SIDE) else RIGHT_SIDE
    return f"the {side} is more important"


def _ratio(cell: Cell) -> Fraction | None:
    """Return the number of an answer, None for what is none, or 0."""
    text = cell.found.strip()
    if cell.kind not in ("number", "text"):
        return None
    if found := _RATIO.fullmatch(text):
        over, under = (Fraction(part.replace(",", ".")) for part in found.groups())
        return over / under if over and under else None
    if not _NUMBER.fullmatch(text):
        return None
    return Fraction(text.replace(",", ".").replace("\u2212", "-")) or None


def _leave(pairs: Pairs, rows: Sequence[int], record: list[Taken | Left]) -> None:
    """Put the other cells of the sheet on record as left."""
    taken = {one.place for one in record}
    for (row, column), cell in pairs.grid.cells.items():
        if cell.place in taken:
            continue
        if row in pairs.layout.head:
            record.append(Left(cell.place, cell.found, "head"))
        elif row not in rows:
            record.append(Left(cell.place, cell.found, "note"))
        elif column == pairs.who:
            record.append(Taken(cell.place, cell.found, cell.found, "weights.respondents", ""))
        else:
            record.append(Left(cell.place, cell.found, "column"))
