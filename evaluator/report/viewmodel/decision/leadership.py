"""What leaders ask of a decision that its lines do not say, in short, for all media."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.questions.funding.tables import NEXT_AMOUNTS
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.records import Record, records
from evaluator.report.viewmodel.money.limits import LimitLine, limit_lines
from evaluator.results.evaluation import Evaluation


@dataclass(frozen=True)
class MoreMoney:
    """What more of the tool or budget buys of which a further amount gains most."""

    line: LimitLine | None
    """The limit with the highest price, of the whole program; None where none has one."""
    solved: Record | None
    """The row of `next_amounts` that gains most; None but in a full run."""
    name: str
    """What is raised in that row."""


def more_money(evaluation: Evaluation) -> MoreMoney:
    """Return where more gains most: by prices, and in a full run as solved again."""
    every = {} if evaluation.extended is None else evaluation.extended.tables
    rows = records(every[NEXT_AMOUNTS.name].table) if NEXT_AMOUNTS.name in every else []
    gains = [row for row in rows if row["gained"]]
    solved = max(gains, key=lambda row: row["gained"], default=None)
    priced = [line for line in limit_lines(evaluation) if not line.group and line.price]
    names = names_of(evaluation)
    return MoreMoney(
        max(priced, key=lambda line: line.price or 0.0, default=None),
        solved,
        names.bounded(solved["subject"]) if solved else "",
    )
