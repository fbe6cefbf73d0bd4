"""The ranked portfolio: who stands where, what each agency says, what is designated and why."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.model.results import Evaluation
from evaluator.report.tables import asked, contributions, given, records, short_names


@dataclass(frozen=True)
class Ranked:
    """One package as it stands in the ranking."""

    package: str
    title: str
    rank: int | None
    overall: float
    scores: dict[str, float]
    """By agency."""
    contributions: dict[str, float]
    """Influence x score, by agency."""
    lowest: str
    lowest_score: float
    spread: float
    outcome: str
    designated: bool
    contested: bool
    red_flags: tuple[str, ...]
    """Labels of the criteria under their floors."""
    reason: str
    asked: int
    given: int

    @property
    def state(self) -> str:
        """One of priority, contested, failed, unknown, other."""
        if self.designated:
            return "priority"
        if self.contested:
            return "contested"
        return {"failed": "failed", "unknown": "unknown"}.get(self.outcome, "other")


def ranked(evaluation: Evaluation) -> tuple[Ranked, ...]:
    """Return all packages, best first, those that failed a requirement last."""
    agencies = list(short_names(evaluation))
    parts = contributions(evaluation).to_dict("index")
    ask, got = asked(evaluation), given(evaluation)
    return tuple(
        Ranked(
            package=row["package"],
            title=row["title"],
            rank=None if row["rank"] is None else int(row["rank"]),
            overall=row["overall"],
            scores={agency: row[agency] for agency in agencies},
            contributions={agency: parts[row["package"]][agency] for agency in agencies},
            lowest=row["lowest_agency"],
            lowest_score=row[row["lowest_agency"]],
            spread=row["spread"],
            outcome=row["outcome"],
            designated=row["designated"],
            contested=row["contested"],
            red_flags=tuple(
                evaluation.study.criteria[flag].label
                for flag in row["red_flags"].split("; ")
                if flag
            ),
            reason=row["reason"],
            asked=ask[row["package"]],
            given=got[row["package"]],
        )
        for row in records(evaluation.ranking.reset_index())
    )
