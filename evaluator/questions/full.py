"""What a full run adds: what more money buys, what it would take, frontiers, robust sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from evaluator import questions
from evaluator.allocation import allocate
from evaluator.decision.designation import designate
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.results.evaluation import (
    Allocation,
    Evaluation,
    Extended,
    ExtendedTable,
    designated_of,
    scores_of,
)
from evaluator.results.schema import family
from evaluator.uncertainty.inputs import performances_of, ranked_packages, weighting_of
from evaluator.uncertainty.sample import blocks_of, draw_sample
from evaluator.uncertainty.stability import in_proportion, standing_by_solving

_DRAWS = 1_000
_LARGE = 500
"""Binaries above which fewer packages and fewer draws are looked at."""
_MOST = 3
"""Packages looked at in a large program: each takes dozens of solves."""
_FEW_DRAWS = 100
_TOLERANCE = 0.01
_SWEPT = (0.5, 0.75, 1.0, 1.25, 1.5)


def ask(evaluation: Evaluation, progress: Progress = lambda step: None) -> Evaluation:
    """Return the evaluation with what a full run adds; of a plain one, what its overrides cost.

    Nothing is added where nothing is allocated, or a plain run has no overrides.
    """
    return replace(evaluation, extended=_extended(evaluation, progress))


def _extended(evaluation: Evaluation, progress: Progress) -> Extended | None:
    study, ranking, allocation = evaluation.study, evaluation.ranking, evaluation.allocation
    performances, influence = evaluation.performances, evaluation.influence
    if allocation.status not in ("optimal", "feasible"):
        return None
    if study.scenario.extent != "full":
        return _overridden(study, ranking, allocation, progress)
    scores, designated = scores_of(ranking), designated_of(ranking)
    without = [p for p in designated if p not in allocation.supported]
    large = _large(allocation)
    progress("what more buys")
    buys = questions.marginal_value(study, scores, designated, allocation, progress=progress)
    progress("what it would take")
    asked = sorted(without[:_MOST] if large else without)
    reaches = questions.what_it_takes(
        study, scores, designated, allocation, asked, progress=progress
    )
    rule = reaches.rule + _left_out(len(asked), len(without))
    costs = _costs(study, ranking, allocation, progress)
    progress("frontiers")
    sweep = questions.budget_sweep(study, scores, designated, _SWEPT, progress=progress)
    subsidy = questions.subsidy_frontier(study, scores, designated, progress=progress)
    spread = questions.concentration_frontier(study, scores, designated, progress=progress)
    best = questions.best_portfolios(study, scores, designated, progress=progress)
    progress("robust sets")
    draws = _FEW_DRAWS if large else _DRAWS
    core, rules = _core(study, ranking, performances, influence, draws, progress)
    progress("stability of the funded set")
    funded = pd.DataFrame(list(_funded(study, ranking, influence, progress)))
    tables = {
        "next_dollars": ("What more of each tool buys", " ".join(buys.notes), buys.table),
        "what_it_takes": ("What it would take", rule, reaches.packages.reset_index()),
        "in_the_way": ("The limits in the way", rule, reaches.limits),
        "override_costs": costs,
        "budget_sweep": ("What other envelopes buy", " ".join(sweep.notes), sweep.points),
        "frontier_subsidy": ("Objective against subsidy cost", subsidy.rule, subsidy.points),
        "frontier_concentration": ("Objective against concentration", spread.rule, spread.points),
        "best_portfolios": ("The best different portfolios", best.rule, best.table.reset_index()),
        "core_index": ("How often each package is funded", rules, core),
        "funded_stability": ("Influence over which the funded set stands", _RULE, funded),
    }
    return Extended({name: ExtendedTable(*parts) for name, parts in tables.items()})


def _overridden(
    study: Study, ranking: pd.DataFrame, allocation: Allocation, progress: Progress
) -> Extended | None:
    given, designation = study.scenario.allocation, study.scenario.designation
    named = (given.must, given.must_not, given.ignore, designation.include, designation.exclude)
    if not any(named) or _large(allocation):
        return None
    costs = ExtendedTable(*_costs(study, ranking, allocation, progress))
    return Extended({"override_costs": costs})


def _costs(
    study: Study, ranking: pd.DataFrame, allocation: Allocation, progress: Progress
) -> tuple[str, str, pd.DataFrame]:
    found = questions.override_costs(study, ranking, allocation, progress=progress)
    return "What each override costs", found.rule, found.table


def _large(allocation: Allocation) -> bool:
    """Whether the program has so many binaries that each solve takes seconds."""
    return bool(allocation.solver["binaries"] > _LARGE)


def _left_out(looked: int, without: int) -> str:
    """Say how many packages were not looked at."""
    if looked == without:
        return ""
    return (
        f"; of {without} designated packages without support the {looked} that rank best are looked"
        f" at, since the program has more than {_LARGE} binaries (`what_it_takes` asks of others)"
    )


_RULE = (
    "Each agency's influence moves, the others in proportion, and everything is solved again: "
    f"outward in steps of 0.05, then halved to {_TOLERANCE}. A change within a step may go unseen."
)


def _core(
    study: Study,
    ranking: pd.DataFrame,
    performances: pd.DataFrame,
    influence: pd.Series,
    most: int,
    progress: Progress,
) -> tuple[pd.DataFrame, str]:
    """Return core indices over draws of the scores, the designated set held."""
    packages = ranked_packages(ranking)
    known = performances_of(study, performances, packages)
    blocks = blocks_of(weighting_of(study, influence), known, study.scenario.uncertainty.seed)
    sample = draw_sample(blocks, known)
    every = min(_DRAWS, len(sample.influence))
    draws = min(most, every)
    weights = np.einsum("da,dam->dm", sample.influence[:draws], sample.weights[:draws])
    scores = np.einsum("dm,dnm->dn", weights, sample.values(draws))
    inside = ranking.loc[packages, "designated"].to_numpy(dtype=np.bool_)
    found = questions.core_index(study, packages, scores, inside, progress=progress)
    fewer = f"{draws} draws, since the program has more than {_LARGE} binaries"
    rules = found.rules if draws == every else (*found.rules, fewer)
    return found.packages.reset_index(), "; ".join(rules)


def _funded(
    study: Study, ranking: pd.DataFrame, influence: pd.Series, progress: Progress
) -> Iterator[Mapping[str, object]]:
    """Yield, for each agency's influence, the interval over which the funded set stands."""
    agencies = [str(a) for a in influence.index]
    scores = family(ranking, "score")[agencies].to_numpy(dtype=np.float64)
    shares = influence.to_numpy(dtype=np.float64)

    def answer(position: int, share: float) -> tuple[str, ...]:
        overall = scores @ in_proportion(shares, position, share)
        moved = ranking.assign(overall=overall)
        failed = moved["outcome"] == "failed"
        moved["method_score"] = moved["overall"].astype("Float64").mask(failed)
        order = sorted(moved.index, key=lambda p: (failed[p], -moved.loc[p, "overall"], str(p)))
        rule = designate(
            study, moved.loc[order].drop(columns=["designated", "contested", "reason"])
        )
        return allocate(study, scores_of(moved), designated_of(rule)).supported

    for position, agency in enumerate(agencies):
        progress(f"funded set: {agency}, {position + 1} of {len(agencies)}")
        moved = partial(answer, position)
        found = standing_by_solving(moved, float(shares[position]), tolerance=_TOLERANCE)
        yield {
            "agency": agency,
            "present": float(shares[position]),
            "low": found.lower,
            "high": found.upper,
            "differs_below": found.lower_differs,
            "differs_above": found.upper_differs,
            "solves": found.solves,
        }
