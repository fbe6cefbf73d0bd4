"""Ranks, floors, the cut and who is designated, with ties shown as ties."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tests.consistency import totals
from tests.consistency.methods import aggregate, scale
from tests.consistency.scores import Performance, outcomes, performances, standing
from tests.consistency.study import Study
from tests.consistency.weights import weights

Floats = NDArray[np.float64]
_TIE = 1e-10
"""Of a method's scale: neighbours no further apart are tied, and so are theirs."""


def levels(scores: Mapping[str, float], span: float) -> dict[str, int]:
    """Return places that tied packages share, 0 the best."""
    order = sorted(scores, key=lambda one: (-scores[one], one))
    found, level = {}, 0
    for place, one in enumerate(order):
        if place and scores[order[place - 1]] - scores[one] > _TIE * span:
            level += 1
        found[one] = level
    return found


def competition(scores: Mapping[str, float], span: float) -> dict[str, int]:
    """Return ranks 1, 2, 2, 4."""
    of = levels(scores, span)
    return {one: 1 + sum(other < of[one] for other in of.values()) for one in of}


@dataclass
class Standing:
    """All that follows from a study before its money is spread."""

    study: Study
    performances: dict[tuple[str, str], Performance] = field(init=False)
    weights: dict[str, dict[str, float]] = field(init=False)
    gates: dict[str, dict[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.performances = performances(self.study)
        self.weights = weights(self.study)
        self.gates = outcomes(self.study)

    @cached_property
    def influence(self) -> dict[str, float]:
        shares = self.study.scenario["influence"]["shares"]
        return {agency: float(shares[agency]) for agency in self.study.agencies}

    @cached_property
    def outcome(self) -> dict[str, str]:
        return {package: standing(found) for package, found in self.gates.items()}

    @cached_property
    def effective(self) -> dict[str, float]:
        """Each criterion's weight in the overall score."""
        return {
            name: math.fsum(self.influence[a] * self.weights[a][name] for a in self.influence)
            for name in self.study.criteria
        }

    @cached_property
    def partly(self) -> bool:
        """Whether some performances do not count."""
        return not all(one.counts for one in self.performances.values())

    @cached_property
    def effective_of(self) -> dict[str, dict[str, float]]:
        """Each criterion's weight in the overall score of each package."""
        return {package: self._scaled(package, self.effective) for package in self.study.packages}

    def agency_share(self, package: str, agency: str) -> float:
        """How much an agency counts in the overall score of a package."""
        known = {
            a: math.fsum(
                self.influence[a] * share
                for name, share in self.weights[a].items()
                if self.performances[package, name].counts
            )
            for a in self.influence
        }
        total = math.fsum(known.values())
        if all(self.performances[package, n].counts for n in self.study.criteria) or not total:
            return self.influence[agency]
        return known[agency] / total

    def judges(self, package: str, agency: str) -> bool:
        """Whether anything that an agency weighs counts of a package."""
        weights = self.weights[agency].items()
        return any(w > 0 and self.performances[package, n].counts for n, w in weights)

    def _scaled(self, package: str, shares: dict[str, float]) -> dict[str, float]:
        kept = {n: s for n, s in shares.items() if self.performances[package, n].counts}
        if len(kept) == len(shares):
            return shares
        total = math.fsum(kept.values())
        return {n: kept[n] / total if n in kept and total else 0.0 for n in shares}

    @cached_property
    def over_totals(self) -> bool:
        """Whether evaluators' totals count, so that a score is no sum over criteria."""
        return totals.counted(self.study)

    @cached_property
    def of_totals(self) -> dict[str, dict[str, tuple[float, float]]]:
        """By package and agency: what its evaluators' totals come to, and what weight counts."""
        names = list(self.study.criteria)
        known = self.performances
        return {
            package: {
                agency: totals.of_agency(
                    self.study,
                    package,
                    agency,
                    {
                        n: known[package, n].value if known[package, n].counts else math.nan
                        for n in names
                    },
                    self.weights[agency],
                )
                for agency in self.influence
            }
            for package in self.study.packages
        }

    @cached_property
    def agency_scores(self) -> dict[str, dict[str, float]]:
        if self.over_totals:
            return {p: {a: s for a, (s, _) in row.items()} for p, row in self.of_totals.items()}
        return {
            package: {
                agency: math.fsum(
                    share * self.performances[package, name].value
                    for name, share in self._scaled(package, self.weights[agency]).items()
                )
                for agency in self.influence
            }
            for package in self.study.packages
        }

    @cached_property
    def overall(self) -> dict[str, float]:
        if self.over_totals:
            return {p: totals.overall(row, self.influence) for p, row in self.of_totals.items()}
        if self.partly:
            return {
                package: math.fsum(
                    w * self.performances[package, n].value
                    for n, w in self.effective_of[package].items()
                )
                for package in self.study.packages
            }
        return {
            package: math.fsum(self.influence[a] * score for a, score in scores.items())
            for package, scores in self.agency_scores.items()
        }

    @cached_property
    def span(self) -> float:
        return scale(self.study.scenario["method"])

    @cached_property
    def passable(self) -> list[str]:
        return [package for package in self.study.packages if self.outcome[package] != "failed"]

    @cached_property
    def matrix(self) -> Floats:
        names = list(self.study.criteria)
        known = self.performances
        rows = [
            [known[p, n].value if known[p, n].counts else math.nan for n in names]
            for p in self.passable
        ]
        return np.array(rows, dtype=float).reshape(len(rows), len(names))

    @cached_property
    def method_score(self) -> dict[str, float]:
        return self.ordered_by(self.study.scenario["method"])

    def ordered_by(self, method: dict[str, object]) -> dict[str, float]:
        """Return the scores of another method over the packages that no gate failed."""
        if not self.passable:
            return {}
        if self.partly or self.over_totals:
            return {package: self.overall[package] for package in self.passable}
        found = aggregate(method, self.matrix, np.array(list(self.effective.values())))
        return dict(zip(self.passable, found.tolist(), strict=True))

    @cached_property
    def rank(self) -> dict[str, int]:
        return competition(self.method_score, self.span)

    @cached_property
    def order(self) -> list[str]:
        """Return all packages, best first, those that failed last."""
        return sorted(
            self.study.packages,
            key=lambda p: (p not in self.rank, self.rank.get(p, -self.overall[p]), p),
        )

    @cached_property
    def rule(self) -> dict[str, object]:
        found: dict[str, object] = self.study.scenario.get("designation") or {}
        return found

    @cached_property
    def verdict(self) -> dict[str, str]:
        """Return by package a code of why it is in or out."""
        return verdicts(self, self.method_score, self.overall, self.agency_scores, self.tie_values)

    @cached_property
    def tie_values(self) -> dict[str, float] | None:
        """Values on the criterion that parts packages tied at the cut, where there is one."""
        by = self.rule.get("tie_break")
        if by is None:
            return None
        known = {p: self.performances[p, str(by)] for p in self.study.packages}
        return {p: one.value if one.counts else math.nan for p, one in known.items()}

    @cached_property
    def parted(self) -> set[str]:
        """Packages tied at the cut that are in or out by the tie-break."""
        if self.tie_values is None:
            return set()
        plain = verdicts(self, self.method_score, self.overall, self.agency_scores)
        return {p for p, why in plain.items() if why == "tied" and self.verdict[p] != "tied"}

    @cached_property
    def designated(self) -> list[str]:
        return [p for p in self.order if self.verdict[p] in ("in", "included")]

    @cached_property
    def contested(self) -> list[str]:
        return [p for p in self.order if self.verdict[p] == "tied"]

    @cached_property
    def red_flags(self) -> dict[str, list[str]]:
        return {
            package: [n for n in self.study.criteria if self.performances[package, n].flagged]
            for package in self.study.packages
        }

    def under(self, package: str, scores: Mapping[str, float] | None = None) -> list[str]:
        """Return the agencies whose floor of designation a package misses."""
        found = scores or self.agency_scores[package]
        floors = self.rule.get("min_agency") or {}
        return [a for a, floor in floors.items() if found[a] < floor - _TIE * 100]  # type: ignore[attr-defined]

    def lowest(self, package: str) -> tuple[set[str], float]:
        """Return the agencies that may be called the lowest, and their score."""
        scores = self._heard(package)
        least = min(scores.values())
        return {a for a, score in scores.items() if score - least <= 1e-9}, least

    def spread(self, package: str) -> float:
        scores = self._heard(package).values()
        return max(scores) - min(scores)

    def _heard(self, package: str) -> dict[str, float]:
        scores = self.agency_scores[package]
        return {a: s for a, s in scores.items() if self.judges(package, a)} or scores


def verdicts(
    found: Standing,
    order: Mapping[str, float],
    overall: Mapping[str, float],
    agencies: Mapping[str, Mapping[str, float]],
    values: Mapping[str, float] | None = None,
) -> dict[str, str]:
    """Return why each package is in or out by the rule, for one set of scores.

    values: on the criterion that parts those tied at the cut; NaN of whom none is known.
    """
    rule = found.rule
    barred = {p: _barred(found, p, overall[p], agencies[p]) for p in found.study.packages}
    include = rule.get("include") or {}
    included = [p for p in include if barred[p] != "failed"]  # type: ignore[attr-defined]
    free = [p for p, why in barred.items() if not why and p not in included]
    places = len(free)
    if rule.get("max_packages") is not None:
        places = max(0, int(str(rule["max_packages"])) - len(included))
    chosen, tied = _cut({p: order[p] for p in free}, places, found.span)
    if tied and values is not None:
        known = {p: -1.0 if math.isnan(values[p]) else values[p] for p in tied}
        more, tied = _cut(known, places - len(chosen), 100.0)
        chosen = [*chosen, *more]
    verdict = {p: why or "below" for p, why in barred.items()}
    verdict |= dict.fromkeys(chosen, "in") | dict.fromkeys(tied, "tied")
    return verdict | dict.fromkeys(included, "included")


def _barred(found: Standing, package: str, overall: float, scores: Mapping[str, float]) -> str:
    rule = found.rule
    if found.outcome[package] == "failed":
        return "failed"
    if package in (rule.get("exclude") or {}):  # type: ignore[operator]
        return "excluded"
    if found.outcome[package] == "unknown":
        return "unsettled"
    if overall < float(str(rule.get("min_overall", 0))) - _TIE * 100:
        return "under"
    return "under_agency" if found.under(package, scores) else ""


def _cut(
    scores: Mapping[str, float], places: int, span: float
) -> tuple[Sequence[str], Collection[str]]:
    if len(scores) <= places:
        return list(scores), []
    of = levels(scores, span)
    chosen: list[str] = []
    for level in sorted(set(of.values())):
        group = [p for p in scores if of[p] == level]
        if len(chosen) + len(group) > places:
            return chosen, group if len(chosen) < places else []
        chosen += group
    return chosen, []
