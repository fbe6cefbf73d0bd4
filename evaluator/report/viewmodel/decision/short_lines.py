"""The lines of the decision on the first screen: what a reader has to know at once."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.allocation.explain.findings import NotInTime
from evaluator.report.formatting.money import Money
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.numbers import general
from evaluator.report.formatting.phrases import STATUS
from evaluator.report.viewmodel.money.envelope import Matrix
from evaluator.report.viewmodel.money.limits import LimitLine
from evaluator.report.viewmodel.packages.portfolio import Ranked
from evaluator.results.evaluation import Evaluation


def chosen(evaluation: Evaluation, inside: Sequence[Ranked]) -> str:
    """Return how many are sure and how many are not; where nothing is cut, who gets something."""
    w, sure = names_of(evaluation).words, evaluation.uncertainty
    if sure is None or sure.clear is None:
        funded = sum(bool(row.given) for row in inside)
        gets = "gets" if funded == 1 else "get"
        got = f", of which {funded:,} {gets} something" if inside and evaluation.study.tools else ""
        return f"{w.priority} {w.packages}{got}"
    if not inside:
        return f"{w.priority} {w.packages}"
    clear = sum(row.tier == "clear" for row in inside)
    named = sum(row.tier == "included" for row in inside)
    rest = len(inside) - clear - named
    told = [f"{clear:,} clear", *([f"{rest:,} contested"] if rest else [])]
    told += [f"{named:,} by name"] if named else []
    return f"{w.priority} {w.packages}: {', '.join(told)}"


def bought(evaluation: Evaluation, table: Matrix) -> str:
    """Return of how much that is asked, for how many, and how much of it may come too late."""
    w, money = names_of(evaluation).words, table.money
    served = sum(bool(row.total) for row in table.rows)
    told = [
        f"of {money.amount(table.total_asked)} asked, for {served:,} of {len(table.rows):,} "
        f"{w.packages}"
    ]
    late = sum(
        amount
        for note in evaluation.allocation.notes
        if isinstance(note, NotInTime)
        for _, amount in note.packages
    )
    if late:
        told.append(f"{money.amount(late)} of it may come too late")
    if evaluation.allocation.certificate:
        told.append("limits found broken: do not use these amounts")
    elif evaluation.allocation.status != "optimal":
        told.append(w.fill(STATUS[evaluation.allocation.status]))
    return "; ".join(told)


def dearest(line: LimitLine, money: Money) -> str:
    """Return where more gains most: of the whole program before a single group."""
    gained = general(line.price or 0.0, 3)
    return f"a further {money.million} gains most under {line.name}: {gained} points of objective"
