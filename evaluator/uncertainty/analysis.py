"""Study and scores -> how sure the ranking is."""

from __future__ import annotations

import os

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.decision.cut import about_cut
from evaluator.decision.designation import DesignationRule, decide, ranked_packages, rule_of
from evaluator.decision.ordering import Ordering, ordering_in
from evaluator.decision.ties import TIE
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.results.evaluation import Uncertainty
from evaluator.results.findings import Findings
from evaluator.uncertainty.evaluators import Evaluators, evaluators_of
from evaluator.uncertainty.findings import RankAcceptability, TiesShared
from evaluator.uncertainty.inputs import (
    own_criteria,
    performances_of,
    weighting_of,
)
from evaluator.uncertainty.panels import panel_findings
from evaluator.uncertainty.ranks import pair_table, rank_table
from evaluator.uncertainty.robustness import (
    TORNADOES,
    method_table,
    reversal_table,
    tornado_table,
)
from evaluator.uncertainty.sample import Blocks, blocks_of, draw_sample
from evaluator.uncertainty.sampling import (
    BLOCK,
    Performances,
    Weighting,
    distribution,
    values_drawn,
)
from evaluator.uncertainty.smaa import Acceptability, Draws, Method, simulate, weighted_sum
from evaluator.uncertainty.tables import improvement_table, sought, stability_table, variance_table
from evaluator.uncertainty.tiers import CLEAR, OUT, NoCut, TierRule, cuts, tiers

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
THREADS = "EVALUATOR_THREADS"
"""The variable that says how many threads draw."""
_MOST_THREADS = 8
"""Each holds a block of draws: with many packages, 100 MB."""


def analyse(
    study: Study,
    ranking: pd.DataFrame,
    performances: pd.DataFrame,
    values: pd.DataFrame,
    weights: pd.DataFrame,
    influence: pd.Series,
    progress: Progress = lambda step: None,
) -> Uncertainty | None:
    """Return the uncertainty analysis of a study's ranking, None where no draws are asked for.

    Raises InvalidStudyError where what is said to be known of weights cannot hold.
    """
    settings = study.scenario.uncertainty
    packages = ranked_packages(ranking)
    if not settings.draws or not packages:
        return None
    try:
        weighting = weighting_of(study, influence)
    except ValueError as error:
        raise InvalidStudyError([Problem("uncertainty", str(error), "Mend it.")]) from None
    known = performances_of(study, performances, packages)
    rule = rule_of(study, ranking, values)
    blocks = blocks_of(weighting, known, settings.seed)
    matrix = values.loc[packages].to_numpy()
    ordering = ordering_in(study, packages, matrix)
    found, drawn = _drawn(study, ordering, performances, known, blocks, weighting, rule, progress)
    stated = (matrix, weights.to_numpy(), influence.to_numpy())
    own = own_criteria(study)
    sample = draw_sample(blocks, known, settings.draws)
    cut, about = cuts(rule, len(packages)), about_cut(ranking, packages, TORNADOES)
    assert found.pairwise_winning is not None  # noqa: S101  simulate counts them
    pairs, left = pair_table(packages, found.pairwise_winning)
    return Uncertainty(
        draws=settings.draws,
        seed=settings.seed,
        distributions=_distributions(weighting, drawn),
        rules=(
            RankAcceptability(),
            TiesShared(TIE),
            *_tier_rule(study, cut=cut),
            *left,
            *sought(ordering),
        ),
        clear=CLEAR if cut else None,
        notes=panel_findings(study, performances),
        packages=_packages(study, ranking, packages, found),
        rank_acceptability=rank_table(packages, found.rank_acceptability),
        pairwise_winning=pairs,
        central_weights=_central(packages, found, list(study.criteria)),
        stability=stability_table(study, packages, stated, rule, own),
        improvements=improvement_table(study, packages, stated, rule),
        variance=variance_table(packages, sample, ordering),
        tornado=tornado_table(study, packages, about, stated, own, sample),
        methods=method_table(study, packages, stated),
        reversals=reversal_table(study, packages, stated, full=study.scenario.extent == "full"),
    )


def _tier_rule(study: Study, *, cut: bool) -> Findings:
    """Return how tiers are formed, or that a designation keeps nobody out; nothing without one."""
    if cut:
        return (TierRule(CLEAR, OUT),)
    return (NoCut(),) if "designation" in study.parts else ()


def _drawn(
    study: Study,
    ordering: Ordering,
    table: pd.DataFrame,
    known: Performances,
    blocks: Blocks,
    weighting: Weighting,
    rule: DesignationRule,
    progress: Progress,
) -> tuple[Acceptability, Findings]:
    """Return what the draws tell, and what was drawn of values, or of evaluators."""
    if ordering.totals is None:
        return _simulate(study, ordering, blocks, rule, progress), (values_drawn(known),)
    packages = list(ordering.totals.packages)
    held = performances_of(study, table, packages, held=True)
    judged = evaluators_of(study, table, ordering.totals)
    by_judge = blocks_of(weighting, held, study.scenario.uncertainty.seed)
    found = _simulate(study, ordering, by_judge, rule, progress, judged)
    return found, (values_drawn(held), judged.finding)


def _simulate(
    study: Study,
    ordering: Ordering,
    blocks: Blocks,
    rule: DesignationRule,
    progress: Progress,
    judged: Evaluators | None = None,
) -> Acceptability:
    """Score, rank and designate in each draw; judged: the evaluators, where totals are drawn."""

    def draws_of(block: int) -> Draws:
        drawn, values = blocks(block)
        if judged is None:
            return Draws(values, drawn.effective, drawn.agencies, ordering.separate)
        of_block = judged.drawn(study.scenario.uncertainty.seed, block)
        if of_block.drawn and values.ndim == 2:
            values = np.broadcast_to(values, (BLOCK, *values.shape))
        return Draws(values, drawn.effective, drawn.agencies, partly=True, method=of_block.scores)

    def designation(scores: Floats, drawn: Draws) -> tuple[Bools, Bools]:
        agencies = np.empty((len(scores), len(drawn.agencies), scores.shape[1]))
        for number, one in enumerate(drawn.agencies):
            agencies[:, number] = (
                one.scores(drawn.values)
                if drawn.method is None
                else drawn.method(drawn.values, one.among(drawn.weights.shape[1]))
            )
        overall = scores if ordering.overall else weighted_sum(drawn.values, drawn.weights)
        by = rule.valued(drawn.values)
        found = decide(by, overall, agencies, scores, ordering.span)
        return found.members, found.contested

    told = [0]

    def tell(done: int, total: int) -> None:
        share = 10 * done // total
        if total >= 100 and share > told[0]:
            told[0] = share
            progress(f"draws {10 * share} %")

    return simulate(
        draws_of,
        study.scenario.uncertainty.draws,
        method=_method(ordering),
        scale=ordering.span,
        designation=designation,
        workers=threads(),
        progress=tell,
    )


def threads() -> int:
    """Return how many threads draw: one a core, or as `EVALUATOR_THREADS` says; no draw moves."""
    stated = os.environ.get(THREADS, "")
    cores = len(os.sched_getaffinity(0))
    return int(stated) if stated.isdecimal() and int(stated) else min(cores, _MOST_THREADS)


def _method(ordering: Ordering) -> Method:
    return weighted_sum if ordering.additive else ordering.scores


def _distributions(weighting: Weighting, drawn: Findings) -> Findings:
    if len(weighting.agencies) == 1:
        (alone,) = weighting.agencies
        return distribution(alone.information, "weights"), *drawn
    return (
        distribution(weighting.influence, "influence"),
        *(distribution(one.information, "weights", one.agency) for one in weighting.agencies),
        *drawn,
    )


def _packages(
    study: Study, ranking: pd.DataFrame, packages: list[str], found: Acceptability
) -> pd.DataFrame:
    assert found.confidence is not None  # noqa: S101  simulate computes them
    assert found.designated_share is not None  # noqa: S101  a rule was given
    assert found.tied_share is not None  # noqa: S101  as well
    shares = pd.Series(found.designated_share, index=packages)
    tied = pd.Series(found.tied_share, index=packages)
    table = pd.DataFrame(
        {
            "tier": tiers(study, ranking, shares, tied),
            "designated_share": found.designated_share,
            "designated_error": found.designated_share_error,
            "tied_share": found.tied_share,
            "first_share": found.rank_acceptability[:, 0],
            "first_error": found.rank_acceptability_error[:, 0],
            "expected_rank": found.expected_rank,
            "expected_rank_error": found.expected_rank_error,
            "rank_low": found.rank_interval[:, 0],
            "rank_high": found.rank_interval[:, 1],
            "confidence": pd.array(found.confidence.filled(-1.0), dtype="Float64"),
        },
        index=pd.Index(packages, name="package"),
    )
    table.loc[~found.ever_first, "confidence"] = pd.NA
    return table


def _central(packages: list[str], found: Acceptability, criteria: list[str]) -> pd.DataFrame:
    assert found.central_weights is not None  # noqa: S101  blocks carry weights
    first = found.ever_first
    index = pd.Index([p for p, ever in zip(packages, first, strict=True) if ever], name="package")
    return pd.DataFrame(found.central_weights.data[first], index=index, columns=criteria)
