"""The whole calculation on one screen: `evaluate(study)`."""

from __future__ import annotations

from evaluator.agreement.consensus import agreement
from evaluator.allocation import allocate
from evaluator.decision.designation import designate
from evaluator.decision.ordering import agency_scores, method_scores, overall_scores, ranking
from evaluator.model.study import Study
from evaluator.progress import Progress
from evaluator.results.evaluation import Evaluation, designated_of, scores_of
from evaluator.results.provenance import provenance
from evaluator.scoring.gates import gates, outcomes
from evaluator.scoring.performances import performances, values
from evaluator.scoring.weights import elicitation_table, influence, weight_matrix
from evaluator.uncertainty import analyse
from evaluator.uncertainty.inputs import members_of, rule_of


def evaluate(study: Study, progress: Progress = lambda step: None) -> Evaluation:
    """Gate, score, rank, designate and allocate one study; what more is asked is in `questions`.

    progress: told the name of each step as it begins.
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

    progress("uncertainty")
    sure = analyse(study, ranked, performance, value, weight, share, progress)

    progress("allocation")
    allocation = allocate(study, scores_of(ranked), designated_of(ranked))

    progress("agreement")
    floors = study.scenario.designation.min_agency
    members = members_of(rule_of(study, ranked))
    agreed = agreement(floors, ranked, value, weight, share, members)

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
        agreement=agreed,
        uncertainty=sure,
    )
