"""What evaluators' own totals come to, package by package, from the files of a study."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from tests.consistency.scores import NO, of_panel, of_rating
from tests.consistency.study import Study, flag, stated

Given = dict[str, dict[str, float]]
"""By evaluator and criterion: what a rating is worth."""


def counted(study: Study) -> bool:
    """Whether a scenario ranks by totals."""
    rule = study.scenario.get("panel", "mean")
    return isinstance(rule, dict) and rule.get("over") == "totals"


def given(study: Study, package: str, agency: str) -> Given:
    """Return what each evaluator of an agency gave a package."""
    found: Given = {}
    for row in study.of_package("ratings", package):
        name, rating = row["criterion"], row["rating"]
        if not name.startswith(f"{agency}.") or flag(row.get("recused")):
            continue
        if stated(rating) and rating != NO:
            worth = of_rating(study.criteria[name]["value"], rating)
            found.setdefault(row["evaluator"], {})[name] = worth
    return found


def of_agency(
    study: Study,
    package: str,
    agency: str,
    values: Mapping[str, float],
    weights: Mapping[str, float],
    chosen: Sequence[str] | None = None,
) -> tuple[float, float]:
    """Return what the totals of an agency's evaluators come to, and the weight that counts.

    values: of a package by criterion, NaN where one does not count; if one is not what its ratings
    come to, each of them moves by as much. chosen: the evaluators of a draw.
    """
    ratings = given(study, package, agency)
    own = [n for n in values if n.startswith(f"{agency}.") and not math.isnan(values[n])]
    panels = {n: [one[n] for one in ratings.values() if n in one] for n in own}
    totals = []
    for who in chosen or list(ratings) or [""]:
        parts = {}
        for name in own:
            if not panels[name]:
                parts[name] = values[name]
            elif name in ratings[who]:
                by = values[name] - of_panel(panels[name], study.scenario)
                parts[name] = ratings[who][name] + by
        whole = math.fsum(weights[n] for n in parts)
        if whole > 0:
            totals.append(math.fsum(weights[n] * v for n, v in parts.items()) / whole)
    weight = math.fsum(weights[n] for n in own)
    return (of_panel(totals, study.scenario) if totals else 0.0), weight


def overall(scores: Mapping[str, tuple[float, float]], influence: Mapping[str, float]) -> float:
    """Return the mean of agencies' scores by their influence times the weight that counts."""
    parts = {a: influence[a] * weight for a, (_, weight) in scores.items()}
    whole = math.fsum(parts.values())
    return math.fsum(parts[a] * s for a, (s, _) in scores.items()) / whole if whole else 0.0
