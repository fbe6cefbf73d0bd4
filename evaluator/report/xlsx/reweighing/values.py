"""The sheet of values: scores as sums of products, ranks and designation by the one rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from evaluator.decision.designation import DesignationRule, decide, rule_of
from evaluator.decision.ties import POINTS, TIE, Floats, Ints, competition_ranks
from evaluator.report.formatting.names import names_of
from evaluator.report.xlsx.cells import Book, write
from evaluator.report.xlsx.reweighing.plan import CALCULATED, FIRST, Plan
from evaluator.results.evaluation import Evaluation
from evaluator.results.schema import family

_TOLD = "What the sheet before calculates with. Nothing here is to be changed by hand."
_WITHIN = repr(TIE * POINTS)
NO, YES, TIED, NAMED = "no", "yes", "tied at the cut", "yes, by name"
_UNPARTED = {"{Priority}": "Passed"}
"""Heads of a study in which nothing parts the packages that passed their requirements."""
_HEAD = 64.0
"""Points: four lines."""
_CUT_ROW, _CUT = 3, "$B$4"
_POINTS = ("Overall score", "Best first", "Score in the run")


def write_values(book: Book, sheet: Any, evaluation: Evaluation, plan: Plan, head: Any) -> None:
    """Write weights by agency and criterion, and below them the packages with their formulas."""
    names, parted = names_of(evaluation), "designation" in evaluation.study.parts
    write(sheet, 1, 0, _TOLD, book.format(italic=True))
    labels = [*map(names.criterion, plan.criteria), *plan.groups[0].names]
    for row, heads in (
        (FIRST - 1, ["Weights", "", *labels]),
        (plan.top - 1, ["{Package}", "Title", *labels, *CALCULATED]),
    ):
        for column, text in enumerate(heads):
            said = text if parted else _UNPARTED.get(text, text)
            own = text if text in labels else names.words.fill(said)
            write(sheet, row, column, own, head(column > 1))
        sheet.set_row(row, _HEAD)
    _write_shares(book, sheet, plan)
    score = book.format(num_format="0.000")
    values = evaluation.values.loc[list(plan.packages)].to_numpy(dtype=np.float64)
    told = Told.of(evaluation, plan)
    _write_cut(book, sheet, plan, told)
    for row, package in enumerate(plan.packages):
        at = plan.top + row
        write(sheet, at, 0, package, book.format())
        write(sheet, at, 1, names.package(package), book.format())
        for column, value in enumerate(values[row].tolist(), start=2):
            write(sheet, at, column, value, score)
        for agency in range(plan.agencies):
            into = f"=SUMPRODUCT({plan.weights(agency)},{plan.values(row)})"
            stated = float(told.scores[agency, row])
            sheet.write_formula(at, plan.scores + agency, into, score, stated)
        for name, into, stated in _formulas(plan, told, row):
            shown = score if name in _POINTS else book.format(align="right")
            if into:
                sheet.write_formula(at, plan.column(name), f"={into}", shown, stated)
            else:
                write(sheet, at, plan.column(name), stated, shown)
    sheet.freeze_panes(plan.top, 2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 40)
    sheet.set_column(2, plan.scores + plan.agencies + len(CALCULATED) - 1, 13)


def _write_shares(book: Book, sheet: Any, plan: Plan) -> None:
    """Write what each agency weighs, a row an agency, and its influence above its scores."""
    influence, *weighed = plan.groups
    percent = book.format(num_format="0.0%")
    for agency, group in enumerate(weighed):
        row = FIRST + agency
        write(sheet, row, 0, group.whose, book.format())
        for place, (criterion, share) in enumerate(zip(group.criteria, group.shares, strict=True)):
            sheet.write_formula(row, 2 + criterion, f"={group.share(place)}", percent, share)
        into = f"={influence.share(agency)}"
        sheet.write_formula(FIRST, plan.scores + agency, into, percent, influence.shares[agency])


@dataclass(frozen=True)
class Told:
    """What the run has, which an office suite shows until it calculates."""

    rule: DesignationRule
    scores: Floats
    """Agencies x packages."""
    overall: Floats
    ranks: Ints
    competing: list[bool]
    taken: list[bool]
    standing: list[str]

    @classmethod
    def of(cls, evaluation: Evaluation, plan: Plan) -> Told:
        """Return what the run has of the packages of a plan."""
        rule, ranking = rule_of(evaluation.study, evaluation.ranking), evaluation.ranking
        rows = ranking.loc[list(plan.packages)]
        agencies = list(evaluation.influence.index)
        scores = family(rows, "score")[agencies].to_numpy(dtype=np.float64).T
        overall = rows["overall"].to_numpy(dtype=np.float64)
        found = decide(rule, overall, scores, overall)
        standing = np.where(found.taken, YES, np.where(found.contested, TIED, NO))
        if rule.included is not None:
            standing = np.where(rule.included, NAMED, standing)
        return cls(
            rule,
            scores,
            overall,
            competition_ranks(overall),
            found.competing.tolist(),
            found.taken.tolist(),
            standing.tolist(),
        )


def _formulas(plan: Plan, told: Told, row: int) -> Iterator[tuple[str, str, Any]]:
    """Yield the columns of one package: name, formula (empty: a constant), what the run has."""
    best = np.argsort(-told.overall, kind="stable")[row]
    rank, place = int(told.ranks[row]), row + 1

    def cell(name: str, of: int = row) -> str:
        return plan.cell(of, name)

    into = f"SUMPRODUCT({plan.influence},{plan.agency_scores(row)})"
    yield "Overall score", into, float(told.overall[row])
    into = f"LARGE({plan.range('Overall score')},{place})"
    yield "Best first", into, float(told.overall[best])
    # Neighbours in the order are linked where they are within a tie of each other.
    linked = f"{cell('Best first', row - 1)}-{cell('Best first')}<={_WITHIN}" if row else "FALSE"
    above = cell("Rank of the best", row - 1) if row else "1"
    yield "Rank of the best", f"IF({linked},{above},{place})", int(told.ranks[best])
    match = f"MATCH({cell('Overall score')},{plan.range('Best first')},0)"
    yield "Rank", f"INDEX({plan.range('Rank of the best')},{match})", rank
    yield "May compete", "", bool(told.rule.able(len(told.overall))[row])
    meets = ",".join((cell("May compete"), *_floors(plan, told.rule, row)))
    yield "Competes", f"AND({meets})", told.competing[row]
    into = f'IF({cell("Competes")},{cell("Rank")},"")'
    yield "Competing rank", into, rank if told.competing[row] else ""
    yield "Enters", f"AND({cell('Competes')},{cell('Rank')}<{_CUT})", told.taken[row]
    named = told.standing[row] == NAMED
    yield "{Priority}", "" if named else _standing(plan, told.rule, row), told.standing[row]
    same = f"COUNTIF({_above(plan, row)},{cell('Rank')})" if row else "0"
    held = int((told.ranks[:row] == rank).sum())
    yield "Place", f"{cell('Rank')}+{same}", rank + held
    yield "Rank in the run", "", rank
    yield "Score in the run", "", float(told.overall[row])
    yield "In the run", "", told.standing[row]


def _floors(plan: Plan, rule: DesignationRule, row: int) -> Iterator[str]:
    """Yield what a package has to meet, up to the tolerance of a tie; scores are never below 0."""
    if rule.min_overall > 0:
        yield f"{plan.cell(row, 'Overall score')}>={rule.min_overall!r}-{_WITHIN}"
    for agency, floor in enumerate([] if rule.min_agency is None else rule.min_agency.tolist()):
        if floor > 0:
            yield f"{plan.agency_score(row, agency)}>={floor!r}-{_WITHIN}"


def _write_cut(book: Book, sheet: Any, plan: Plan, told: Told) -> None:
    """Write the rank of the best that is one place too far down, or one that nobody has."""
    ranks, places = plan.range("Competing rank"), _places(plan, told.rule)
    none = len(plan.packages) + 1
    competing = sorted(told.ranks[told.competing].tolist())
    stated = competing[places] if len(competing) > places else none
    write(sheet, _CUT_ROW, 0, "Ranks before this enter", book.format(bold=True))
    into = f"=IF(COUNT({ranks})>{places},SMALL({ranks},{places + 1}),{none})"
    sheet.write_formula(_CUT_ROW, 1, into, book.format(align="left"), stated)


def _places(plan: Plan, rule: DesignationRule) -> int:
    return len(plan.packages) if rule.places is None else rule.places


def _standing(plan: Plan, rule: DesignationRule, row: int) -> str:
    enters, at_cut = plan.cell(row, "Enters"), f"{plan.cell(row, 'Rank')}={_CUT}"
    free = f"COUNTIF({plan.range('Enters')},TRUE)<{_places(plan, rule)}"
    tied = f"AND({plan.cell(row, 'Competes')},{at_cut},{free})"
    return f'IF({enters},"{YES}",IF({tied},"{TIED}","{NO}"))'


def _above(plan: Plan, row: int) -> str:
    first, last = plan.cell(0, "Rank"), plan.cell(row - 1, "Rank")
    letters = first.rstrip("0123456789")
    return f"{letters}${plan.top + 1}:{last}"
