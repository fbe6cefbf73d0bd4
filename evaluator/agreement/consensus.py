"""The agencies' scores of a study -> whose rankings agree, who objects, on what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator import agreement as kernels
from evaluator.agreement.findings import (
    CriteriaRankedAlike,
    KemenyNotSought,
    SoleInfluence,
    WeightsProportional,
)
from evaluator.agreement.views import Members, views
from evaluator.decision.ties import competition_ranks
from evaluator.results.evaluation import Agreement
from evaluator.results.findings import Finding
from evaluator.results.schema import family
from evaluator.results.schema.agreement import AGENCY_VIEWS, DRIVERS, PAIRS

Floats = NDArray[np.float64]
_TOP = 3
KEMENY_UP_TO = 40
"""Packages up to which a run seeks the Kemeny ranking: beyond, its proof may take too long."""


def agreement(
    floors: Mapping[str, float],
    ranking: pd.DataFrame,
    values: pd.DataFrame,
    weights: pd.DataFrame,
    influence: pd.Series,
    members: Members,
    *,
    summed: bool = True,
) -> Agreement | None:
    """Compare the agencies on the packages that no gate failed.

    summed: whether scores are sums over criteria, so that what each adds to one is known.

    floors: the scores that each agency demands, 0 where it is not named.
    members: the rule of designation, for the agency that alone decides.
    """
    packages = [str(p) for p in ranking.index if ranking.loc[p, "outcome"] != "failed"]
    agencies = [str(a) for a in weights.index]
    if len(packages) < 2 or len(agencies) < 2:
        return None
    scores = family(ranking, "score").loc[packages, agencies].to_numpy(dtype=np.float64).T
    kemeny = kernels.kemeny(scores) if len(packages) <= KEMENY_UP_TO else None
    alike = kernels.same_direction(weights.to_numpy())
    decisive = kernels.decisive_agencies(scores, influence.to_numpy(), members)
    concordance = kernels.kendall_w(scores)
    drivers = list(_drivers(values.loc[packages], weights)) if summed else []
    return Agreement(
        packages=_packages(floors, packages, agencies, scores, kemeny, decisive),
        pairs=_pairs(packages, agencies, scores, alike, drivers),
        drivers=DRIVERS.frame(drivers),
        views=AGENCY_VIEWS.frame(
            views(scores, influence.to_numpy(), values.loc[packages], weights, members, summed)
        ),
        facts={
            "kendall_w": concordance.w,
            **_kemeny_facts(kemeny),
            "of_pairs": len(agencies) * len(packages) * (len(packages) - 1) // 2,
        },
        notes=tuple(_notes(agencies, len(packages), alike, decisive)),
        rules=tuple(one.variant for one in (concordance, kemeny, decisive) if one is not None),
    )


def _kemeny_facts(kemeny: kernels.Kemeny | None) -> dict[str, object]:
    if kemeny is None:
        return {}
    return {
        "kemeny_disagreements": kemeny.disagreements,
        "kemeny_lower_bound": kemeny.lower_bound,
        "kemeny_proven": kemeny.proven,
        "kemeny_unique": kemeny.unique,
    }


def _packages(
    floors: Mapping[str, float],
    packages: list[str],
    agencies: list[str],
    scores: Floats,
    kemeny: kernels.Kemeny | None,
    decisive: kernels.Decisive,
) -> pd.DataFrame:
    ranks = competition_ranks(scores)
    spread = kernels.spread(scores)
    least = [floors.get(agency, 0.0) for agency in agencies]
    below = kernels.objections(scores, "below_floor", floor=least)
    median = kernels.objections(scores, "below_own_median")
    dominance = kernels.dominance(scores)
    n = range(len(packages))

    def named(who: tuple[int, ...], names: list[str]) -> tuple[str, ...]:
        return tuple(names[i] for i in who)

    table: dict[str, object] = {f"rank.{a}": ranks[i] for i, a in enumerate(agencies)}
    table |= {
        "borda": kernels.borda(scores).ranks,
        "copeland": kernels.copeland(scores).ranks,
        "kemeny": pd.array([None] * len(packages) if kemeny is None else kemeny.ranks, "Int64"),
        "lowest": spread.lowest,
        "highest": spread.highest,
        "spread": spread.spread,
        "rank_spread": spread.rank_spread,
        "below_floor": [named(below.agencies(p), agencies) for p in n],
        "below_median": [named(median.agencies(p), agencies) for p in n],
        "decisive": ["" if a is None else agencies[a] for a in decisive.decisive],
        "dominated_by": [named(who, packages) for who in dominance.beaten_by],
    }
    return pd.DataFrame(table, index=pd.Index(packages, name="package"))


def _drivers(values: pd.DataFrame, weights: pd.DataFrame) -> Iterator[dict[str, object]]:
    names, criteria = [str(a) for a in weights.index], [str(c) for c in weights.columns]
    for a, found in enumerate(kernels.drivers_apart(weights.to_numpy(), values.to_numpy())):
        for other, drivers in enumerate(found.drivers):
            for criterion in drivers:
                yield {
                    "agency": names[a],
                    "other": names[a + 1 + other],
                    "criterion": criteria[criterion],
                    "share": float(found.share[other, criterion]),
                    "points": float(found.mean_absolute[other, criterion]),
                }


def _pairs(
    packages: list[str],
    agencies: list[str],
    scores: Floats,
    alike: kernels.WeightDirections,
    drivers: list[dict[str, object]],
) -> pd.DataFrame:
    tau, rho = (
        found.matrix.filled(np.nan).tolist()
        for found in (kernels.kendall_tau_b(scores), kernels.spearman(scores))
    )
    opposed, ranks = kernels.opposed_pairs(scores), competition_ranks(scores)
    apart: defaultdict[tuple[object, object], list[object]] = defaultdict(list)
    for row in drivers:
        apart[row["agency"], row["other"]].append(row["criterion"])
    rows = [
        {
            "agency": agencies[a],
            "other": agencies[b],
            "tau_b": tau[a][b],
            "spearman": rho[a][b],
            "opposed_pairs": int(opposed[a, b]),
            "proportional_weights": bool(alike.proportional[a, b]),
            "drivers": tuple(apart[agencies[a], agencies[b]][:_TOP]),
            "apart_on": tuple(_furthest(packages, abs(ranks[a] - ranks[b]))),
        }
        for a, b in combinations(range(len(agencies)), 2)
    ]
    return PAIRS.frame(rows)


def _furthest(packages: list[str], apart: NDArray[np.intp]) -> Iterator[str]:
    """Yield the packages with the largest differences of ranks (n,), of equal ones the better."""
    for place in np.argsort(-apart, kind="stable")[:_TOP].tolist():
        if apart[place] > 0:
            yield packages[place]


def _notes(
    agencies: list[str],
    packages: int,
    alike: kernels.WeightDirections,
    decisive: kernels.Decisive,
) -> Iterator[Finding]:
    if packages > KEMENY_UP_TO:
        yield KemenyNotSought(packages, KEMENY_UP_TO)
    if alike.all_proportional:
        yield WeightsProportional()
    elif alike.all_same_ranking:
        yield CriteriaRankedAlike()
    if decisive.sole is not None:
        yield SoleInfluence(agencies[decisive.sole])
