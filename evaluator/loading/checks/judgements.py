"""Whether what was judged is on the scales of its criteria, and by whom it may be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from evaluator.errors import Problem, Vocabulary
from evaluator.loading.checks.naming import unknown
from evaluator.loading.round.packages import Rows
from evaluator.loading.tables.cells import number
from evaluator.model.criterion import Criterion, Numbers, Scale, owner
from evaluator.model.package import NOT_APPLICABLE
from evaluator.model.study import Study
from evaluator.sanitize import shortened
from evaluator.scoring.aggregation import is_plain_sum
from evaluator.scoring.values import evaluate
from evaluator.scoring.weights import weighed_criteria


def on_scale(criterion: Criterion, scale: Scale, where: str) -> Iterator[Problem]:
    """Check that a criterion values the labels of its scale, or its numbers."""
    labels, given = [level.id for level in scale.levels], criterion.value.levels
    if scale.numbers is not None:
        if given is not None:
            ends = f"{scale.numbers.from_:g} to {scale.numbers.to:g}"
            fact = f"levels are given; the scale {scale.id} has numbers from {ends}."
            yield Problem(where, fact, _NUMERIC.format(scale.numbers))
        elif evaluate(criterion.value, [scale.numbers.from_, scale.numbers.to]).clamped.any():
            ends = f"{scale.numbers.from_:g} to {scale.numbers.to:g}"
            fact = f"the value function ends within the scale {scale.id}, {ends}."
            yield Problem(where, fact, _FLAT.format(scale.numbers))
    elif given is None:
        fact = f"the scale {scale.id} has the labels {', '.join(labels)}, and none has a value."
        yield Problem(where, fact, "Give levels: each label one value.")
    elif sorted(labels) != sorted(given):
        fact = f"levels are {', '.join(given)}; the scale has {', '.join(labels)}."
        yield Problem(where, fact, "Give each label of the scale one value.")
    else:
        yield from _in_order(labels, given, where)


_FLAT = "Let it reach from {0.from_:g} to {0.to:g}; a piecewise one may be flat at its ends."
_NUMERIC = "Write linear: {{worst: {0.from_:g}, best: {0.to:g}}}."


def _in_order(labels: Sequence[str], values: Mapping[str, float], where: str) -> Iterator[Problem]:
    """Check that no label of a scale, whose best is its first, is worth more than one before it."""
    for better, worse in pairwise(labels):
        if values[worse] > values[better]:
            fact = f"'{worse}' is worth {values[worse]:g} and '{better}' {values[better]:g}, but "
            fact += "the scale has its best label first."
            yield Problem(where, fact, "Mend the values, or the order of the scale.")


def in_ratings(study: Study, rows: Rows) -> Iterator[Problem]:
    """Check measures and ratings against the criteria and their scales, and who rates."""
    yield from _evaluators(study, rows)
    kinds = {name: criterion.kind for name, criterion in study.criteria.items()}
    criteria = Vocabulary(sorted(kinds))
    labels = {name: _labels(criterion, study) for name, criterion in study.criteria.items()}
    for table, kind in (("measures", "measure"), ("ratings", "rating")):
        for row in rows[table]:
            criterion = row["criterion"]
            yield from unknown(criterion, criteria, "the criterion", row.where)
            if kinds.get(criterion, kind) != kind:
                fact = f"{criterion} is a {kinds[criterion]}, not a {kind}."
                yield Problem(row.where, fact, f"Move the row to {kinds[criterion]}s.")
            elif table == "measures" and criterion in kinds and study.criteria[criterion].attribute:
                column = study.criteria[criterion].attribute
                fact = f"{criterion} is read from packages, column {column}."
                yield Problem(row.where, fact, "Remove the row.")
            elif table == "ratings" and criterion in kinds:
                scale = study.scale_by_id.get(str(study.criteria[criterion].scale))
                numbers = scale.numbers if scale else None
                yield from _rating(row, labels[criterion] if numbers is None else numbers)


def _labels(criterion: Criterion, study: Study) -> Vocabulary:
    """Return the words of a criterion's ratings."""
    levels = next((s.levels for s in study.scales if s.id == criterion.scale), ())
    # A label that the scale lacks, yet the criterion values, is told there.
    return Vocabulary(sorted({*(level.id for level in levels), *(criterion.value.levels or {})}))


def _rating(row: Any, labels: Vocabulary | Numbers) -> Iterator[Problem]:
    rating = row["rating"]
    if row["recused"] and rating is not None:
        yield Problem(row.where, "a recused evaluator has rated.", "Empty the rating.")
    if rating == NOT_APPLICABLE:
        return
    if isinstance(labels, Numbers):
        if rating is not None:
            yield from _off_scale(rating, labels, row.where)
    elif rating is not None and len(labels):
        yield from unknown(rating, labels, "the rating", row.where)


def _off_scale(rating: str, scale: Numbers, where: str) -> Iterator[Problem]:
    """Yield why a rating is no number of a scale."""
    try:
        given = number(rating)
    except ValueError:
        fact = f"the rating '{shortened(rating)}' is not a number."
        yield Problem(where, fact, f"Write one from {scale.from_:g} to {scale.to:g}.")
        return
    if scale.has(given):
        return
    fact = (
        f"the rating {given:.10g} is not on the scale from {scale.from_:g} to {scale.to:g} in "
        f"steps of {scale.step:g}."
    )
    near = sorted(sorted(scale.numbers, key=lambda one: abs(one - given))[:2])
    beyond = not scale.from_ <= given <= scale.to
    told = near[:1] if given < scale.from_ else near[1:] if beyond else near
    yield Problem(where, fact, f"Write {' or '.join(f'{one:.10g}' for one in told)}.")


def over_totals(study: Study) -> Iterator[Problem]:
    """Yield why evaluators have no totals that a scenario could rank by."""
    if study.scenario.panel_rule.over != "totals":
        return
    where = f"{study.source_file or 'the scenario'}, panel"
    if not is_plain_sum(study.scenario.method):
        fact = f"totals are weighted sums, and the method is {study.scenario.method.name}."
        yield Problem(where, fact, "Rank by weighted_sum without normalization, or over criteria.")
    for agency in study.agencies:
        others = [n for n in weighed_criteria(agency, study) if owner(n) != agency.agency]
        if others:
            fact = f"{agency.agency} weighs {', '.join(sorted(others))}, which others rate."
            yield Problem(where, fact, "Let each agency weigh its own criteria alone.")


def _evaluators(study: Study, rows: Rows) -> Iterator[Problem]:
    """Check who rates against the table of evaluators, where there is one, and their agencies."""
    agencies = sorted(a.agency for a in study.agencies)
    for row in rows["evaluators"]:
        if row["agency"] is not None:
            yield from unknown(row["agency"], agencies, "the agency", row.where)
    known = Vocabulary(sorted(row["id"] for row in rows["evaluators"]))
    for row in rows["ratings"] if len(known) else ():
        yield from unknown(row["evaluator"], known, "the evaluator", row.where)
