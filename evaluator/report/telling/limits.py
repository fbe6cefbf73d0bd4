"""Limits as lines to read: bound, used, slack, shadow price with the range over which it holds."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.model.results import Evaluation
from evaluator.report.words.names import group_names, speller
from evaluator.report.words.tables import institution_name, records

MILLION = 1e6


@dataclass(frozen=True)
class LimitLine:
    """One limit and group; amounts in USD, the price in points of objective a million dollars."""

    limit: str
    label: str
    group: str
    """What it is for, by name; empty for a limit on the whole program."""
    kind: str
    measure: str
    sense: str
    bound: float | None
    used: float
    slack: float | None
    used_share: float | None
    """Used over bound; None without a bound above 0 that is in force."""
    binding: bool
    price: float | None
    price_low: float | None
    price_high: float | None
    missed: float
    citation: str
    confidence: str
    note: str

    @property
    def idle(self) -> bool:
        """Whether there is a bound that is not in force; the note says why."""
        return self.bound is not None and self.slack is None

    @property
    def name(self) -> str:
        """Institution, label, and the group that the limit is for."""
        institution = institution_name(self.limit.split(".", 1)[0])
        return f"{institution}: {self.label}" + (f", {self.group}" if self.group else "")


def limit_lines(evaluation: Evaluation) -> tuple[LimitLine, ...]:
    """Return all limits in the order of the allocation's table."""
    named, spelt = group_names(evaluation.study), speller(evaluation)
    return tuple(
        LimitLine(
            **{name: row[name] for name in ("limit", "label", "kind", "measure", "sense")},
            group=named.get(row["group"], row["group"]),
            bound=row["bound"],
            used=row["used"],
            slack=row["slack"],
            used_share=row["used"] / row["bound"]
            if row["bound"] and row["slack"] is not None
            else None,
            binding=row["binding"],
            price=None if row["shadow_price"] is None else row["shadow_price"] * MILLION,
            price_low=row["price_low"],
            price_high=row["price_high"],
            missed=row["missed"],
            citation=row["citation"],
            confidence=row["confidence"],
            note=spelt(row["note"]),
        )
        for row in records(evaluation.allocation.limits)
    )
