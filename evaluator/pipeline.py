"""The whole calculation on one screen: `evaluate(study)`."""

from __future__ import annotations

from functools import partial

from evaluator.allocation import allocate
from evaluator.allocation.designation import designate
from evaluator.extended import extend
from evaluator.model.results import Agreement, Allocation, Evaluation, designated_of, scores_of
from evaluator.model.study import Study
from evaluator.provenance import provenance
from evaluator.scoring.consensus import agreement
from evaluator.scoring.gates import gates, outcomes
from evaluator.scoring.performances import performances, values
from evaluator.scoring.ranking import agency_scores, method_scores, overall_scores, ranking
from evaluator.scoring.weights import elicitation_table, influence, weight_matrix
from evaluator.steps import Begin, Progress
from evaluator.uncertainty import analyse
from evaluator.uncertainty.inputs import members_of, rule_of


def evaluate(
    study: Study, progress: Progress = lambda step: None, begin: Begin = partial
) -> Evaluation:
    """Gate, score, rank, designate and allocate one study.

    progress: told the name of each step as it begins.
    begin: begins a call, in another process if it will; what it returns gives the answer.
    """
    progress("gates")
    gate_table = gates(study)
    outcome = outcomes(study, gate_table)

    progress("scores")
    performance = performances(study)
    value = values(study, performance)
    weight = weight_matrix(study)
    share = influence(study)
    elicited = elicitation_table(study)
    scores = agency_scores(value, weight)
    overall = overall_scores(scores, share)
    order = method_scores(study, value, weight, share, outcome)
    flagged = performance[performance["red_flag"]]
    ranked = ranking(study, scores, overall, order, outcome, flagged)

    progress("designation")
    ranked = ranked.join(designate(study, ranked))

    allocated = begin(allocate, study, scores_of(ranked), designated_of(ranked))

    floors = study.scenario.designation.min_agency
    members = members_of(rule_of(study, ranked))
    agreed = begin(agreement, floors, ranked, value, weight, share, members)

    progress("uncertainty")
    sure = analyse(study, ranked, performance, value, weight, share, progress)

    progress("allocation")
    allocation: Allocation = allocated()

    progress("agreement")
    concord: Agreement | None = agreed()

    return Evaluation(
        study=study,
        gates=gate_table,
        values=value,
        performances=performance,
        weights=weight,
        elicitation=elicited,
        influence=share,
        ranking=ranked,
        allocation=allocation,
        provenance=provenance(study, performance, elicited),
        agreement=concord,
        uncertainty=sure,
        extended=extend(study, ranked, performance, share, allocation, progress),
    )
