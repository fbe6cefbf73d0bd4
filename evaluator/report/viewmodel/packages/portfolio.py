"""The ranked portfolio: who stands where, what each agency says, what is designated and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.decision.findings import UnderAgencyFloors, UnderOverallFloor
from evaluator.decision.ties import meets
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.formatting.numbers import apart, counted, points
from evaluator.report.formatting.once import once
from evaluator.report.formatting.records import (
    asked,
    by_package,
    contributions,
    given,
    records,
)
from evaluator.report.messages import say_all
from evaluator.results.evaluation import Evaluation
from evaluator.results.findings import Findings

BY_DRAWS = ("clear", "contested", "out")
TIERS = (*BY_DRAWS, "included", "excluded", "unsettled")


@dataclass(frozen=True)
class Ranked:
    """One package as it stands in the ranking."""

    package: str
    title: str
    rank: int | None
    method_score: float | None
    """What ranks it; None for a package that failed a requirement."""
    overall: float
    scores: dict[str, float]
    """By agency."""
    contributions: dict[str, float]
    """Influence x score, by agency."""
    lowest: str
    spread: float
    outcome: str
    designated: bool
    contested: bool
    red_flags: tuple[str, ...]
    """Labels of the criteria under their floors."""
    panels: str
    """In words, criteria with one rating, and ratings not given."""
    reason: Findings
    why: str
    """The reason in words."""
    under: Mapping[str, float]
    """Floors that are not met, by agency, whether or not they keep it out."""
    asked: int
    given: int | None
    """None where there is no allocation."""
    parted: bool = True
    """Whether a rule of designation parts the packages."""
    tier: str = ""
    """clear, contested or out by the draws; included, excluded or unsettled whatever is drawn;
    empty without draws, and where nothing is cut."""
    in_share: float | None = None
    """Share of the draws in which it is designated; of tiers by the draws alone."""
    in_error: float | None = None
    """Standard error of that share."""
    tied_share: float = 0.0
    """Share of the draws in which it is tied for fewer places than the tied ones are."""
    rank_low: int | None = None
    rank_high: int | None = None
    """Between these ranks in 90 % of the draws."""

    @property
    def overall_shown(self) -> str:
        """The overall score, with the decimals that part it from a floor that it is under."""
        return overall_shown(self.overall, self.reason)

    @property
    def scores_shown(self) -> dict[str, str]:
        """The agencies' scores, each with the decimals that part it from a floor it is under."""
        return _apart(self.scores, self.under)

    @property
    def open(self) -> bool:
        """Whether it is tied at the cut, in or out by the draws, or a requirement not settled."""
        return self.contested or self.tier == "contested" or self.outcome == "unknown"

    @property
    def state(self) -> str:
        """One of priority, contested, failed, unknown, other; without designation, ranked."""
        if not self.parted and self.outcome == "passed":
            return "ranked"
        if self.designated:
            return "priority"
        if self.contested:
            return "contested"
        return {"failed": "failed", "unknown": "unknown"}.get(self.outcome, "other")


def overall_shown(overall: float, reason: Findings) -> str:
    """Return an overall score, with the decimals that part it from a floor that it is under."""
    under = (one for one in reason if isinstance(one, UnderOverallFloor))
    return next((apart(one.score, one.floor) for one in under), points(overall))


def scores_shown(scores: Mapping[str, float], reason: Findings) -> dict[str, str]:
    """Return agencies' scores, with the decimals that part them from floors that keep it out."""
    found = (one for one in reason if isinstance(one, UnderAgencyFloors))
    under = {a: floor for one in found for a, floor in zip(one.agencies, one.floors, strict=True)}
    return _apart(scores, under)


def _apart(scores: Mapping[str, float], under: Mapping[str, float]) -> dict[str, str]:
    return {a: apart(s, under[a]) if a in under else points(s) for a, s in scores.items()}


@once
def ranked(evaluation: Evaluation) -> tuple[Ranked, ...]:
    """Return all packages, best first, those that failed a requirement last."""
    names, named = agency_names(evaluation), names_of(evaluation)
    parts = contributions(evaluation).to_dict("index")
    floors = evaluation.study.scenario.designation.min_agency
    ask, got, drawn = asked(evaluation), given(evaluation), _drawn(evaluation)
    panels, parted = _panels(evaluation), "designation" in evaluation.study.parts
    return tuple(
        Ranked(
            package=row["package"],
            title=row["title"],
            rank=None if row["rank"] is None else int(row["rank"]),
            method_score=row["method_score"],
            overall=row["overall"],
            scores={agency: row[f"score.{agency}"] for agency in names},
            contributions={agency: parts[row["package"]][agency] for agency in names},
            lowest=row["lowest_agency"],
            spread=row["spread"],
            outcome=row["outcome"],
            designated=row["designated"],
            contested=row["contested"],
            red_flags=tuple(map(named.criterion, row["red_flags"])),
            reason=row["reason"],
            why=say_all(row["reason"], named),
            under={a: floor for a, floor in floors.items() if not meets(row[f"score.{a}"], floor)},
            panels=panels[row["package"]],
            parted=parted,
            asked=ask[row["package"]],
            given=got[row["package"]],
            **drawn.get(row["package"], {}),
        )
        for row in records(evaluation.ranking.reset_index())
    )


def _panels(evaluation: Evaluation) -> dict[str, str]:
    """Return by package what its panels lack."""
    table = evaluation.performances
    lone = (table["rated"] == 1).groupby(table["package"]).sum().to_dict()
    blank = table["blank"].groupby(table["package"]).sum().to_dict()
    return {str(package): panels_in_words(lone[package], blank[package]) for package in lone}


def panels_in_words(lone: int, blank: int) -> str:
    """Return how many values rest on one rating, and how many ratings were not given.

    >>> panels_in_words(2, 1)
    '1 rating on 2 criteria; 1 rating not given'
    """
    told = (
        f"1 rating on {lone:,} {'criterion' if lone == 1 else 'criteria'}" if lone else "",
        f"{counted(blank, 'rating')} not given" if blank else "",
    )
    return "; ".join(filter(None, told))


def states_of(evaluation: Evaluation) -> tuple[str, ...]:
    """Return the states in which packages of a study can be."""
    if "designation" in evaluation.study.parts:
        return ("priority", "contested", "unknown", "other", "failed")
    return ("ranked", "unknown", "failed")


def tiers_of(rows: Iterable[Ranked]) -> tuple[str, ...]:
    """Return the tiers that some package is in; none without draws, and where nothing is cut."""
    found = {row.tier for row in rows}
    return tuple(tier for tier in TIERS if tier in found)


def _drawn(evaluation: Evaluation) -> dict[str, dict[str, Any]]:
    """Return what the draws say of each package, by id."""
    if evaluation.uncertainty is None:
        return {}
    return {
        package: {
            "tier": row["tier"],
            **(
                {
                    "in_share": row["designated_share"],
                    "in_error": row["designated_error"],
                    "tied_share": row["tied_share"],
                }
                if row["tier"] in BY_DRAWS
                else {}
            ),
            "rank_low": int(row["rank_low"]),
            "rank_high": int(row["rank_high"]),
        }
        for package, row in by_package(evaluation.uncertainty.packages).items()
    }
