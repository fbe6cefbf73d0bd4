"""The whole calculation on one screen: `evaluate(study)`."""

from __future__ import annotations

from typing import Literal, overload

import pandas as pd

from evaluator.agreement.consensus import agreement
from evaluator.allocation import allocate
from evaluator.decision.designation import designate, ranked_packages, rule_of
from evaluator.decision.ordering import ordering_in
from evaluator.decision.ranking import (
    agency_scores,
    judged,
    method_scores,
    overall_scores,
    ranking,
    with_red_flags,
)
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.results.evaluation import Allocated, Evaluation, Scored
from evaluator.results.findings import Findings
from evaluator.results.provenance import notes, provenance
from evaluator.scoring.gates import gates, outcomes
from evaluator.scoring.performances import performances, values
from evaluator.scoring.weights import elicitation_table, influence, weight_matrix
from evaluator.uncertainty import analyse
from evaluator.uncertainty.inputs import members_of


@overload
def evaluate(study: Study, progress: Progress = ..., *, only: Literal["scores"]) -> Scored: ...


@overload
def evaluate(
    study: Study, progress: Progress = ..., *, only: Literal["allocation"]
) -> Allocated: ...


@overload
def evaluate(study: Study, progress: Progress = ..., *, only: None = None) -> Evaluation: ...


def evaluate(
    study: Study,
    progress: Progress = lambda step: None,
    *,
    only: Literal["scores", "allocation"] | None = None,
) -> Scored:
    """Gate, score, rank, designate and allocate one study; what more is asked is in `questions`.

    progress: told the name of each step as it begins. only: for whoever evaluates many studies;
    "scores" ends with the designation (`Scored`), "allocation" with the allocation (`Allocated`),
    and what comes after is not computed.
    """
    scored = _scored(study, progress)
    if only == "scores":
        return scored

    progress("allocation")
    spread = allocated(scored)
    if only == "allocation":
        return spread

    performance, elicited, ranked = scored.performances, scored.elicitation, scored.ranking
    value, weight, share = scored.values, scored.weights, scored.influence
    progress("uncertainty")
    sure = analyse(study, ranked, performance, value, weight, share, progress)

    progress("agreement")
    floors = study.scenario.designation.min_agency
    ordering = ordering_in(study, ranked_packages(ranked), value)
    members = members_of(
        rule_of(study, ranked, value),
        ordering,
        value.loc[ranked_packages(ranked)].to_numpy(),
        weight.to_numpy(),
    )
    return Evaluation(
        **vars(spread),
        provenance=provenance(study, performance, elicited),
        agreement=agreement(
            floors, ranked, value, weight, share, members, summed=not ordering.separate
        ),
        uncertainty=sure,
    )


def study_notes(study: Study) -> Findings:
    """Return what to beware of in a study, as a run of it would say, without one."""
    return notes(study, performances(study), elicitation_table(study))


def _scored(study: Study, progress: Progress) -> Scored:
    progress("gates")
    gate_table = gates(study)

    progress("scores")
    return _ranked(
        study, gate_table, performances(study), weight_matrix(study), elicitation_table(study),
        progress,
    )  # fmt: skip


def supposing(
    scored: Scored,
    *,
    performances: pd.DataFrame | None = None,
    weights: pd.DataFrame | None = None,
) -> Scored:
    """Return a scored study with other performances or weights, ranked and designated again.

    performances, weights: in place of its own, with the same columns.
    """
    return _ranked(
        scored.study,
        scored.gates,
        (scored.performances if performances is None else performances).drop(columns="red_flag"),
        scored.weights if weights is None else weights,
        scored.elicitation,
        lambda step: None,
    )


def allocated(scored: Scored) -> Allocated:
    """Return a scored study with its tools spread over what it designates. Raises SolverError."""
    found = allocate(scored.study, scored.scores, scored.designated)
    return Allocated(**vars(scored), allocation=found)


def _ranked(
    study: Study,
    gate_table: pd.DataFrame,
    performance: pd.DataFrame,
    weight: pd.DataFrame,
    elicited: pd.DataFrame,
    progress: Progress,
) -> Scored:
    outcome = outcomes(study, gate_table)
    performance = with_red_flags(performance)
    value = values(study, performance)
    share = influence(study)
    by = ordering_in(study, value.index, value)
    scores = agency_scores(value, weight, by)
    overall = overall_scores(scores, share, value, weight, by)
    order = method_scores(study, value, weight, share, outcome)
    flagged = performance[performance["red_flag"]]
    ranked = ranking(study, scores, overall, order, outcome, flagged, judged(value, weight))

    progress("designation")
    ranked = ranked.join(designate(study, ranked, value))

    return Scored(
        study=study,
        gates=gate_table,
        values=value,
        performances=performance,
        weights=weight,
        influence=share,
        ranking=ranked,
        elicitation=elicited,
    )
