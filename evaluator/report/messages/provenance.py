"""What to beware of in a study."""

from __future__ import annotations

from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import general
from evaluator.report.messages import message
from evaluator.results import provenance as kinds


def not_rated(blank: int, evaluators: int) -> str:
    """Return how many of the evaluators are yet to rate.

    >>> not_rated(1, 2)
    '1 of 2 evaluators has not rated'
    """
    return f"{blank} of {evaluators} evaluators {'has' if blank == 1 else 'have'} not rated"


@message(kinds.MissingPerformance)
def _missing(found: kinds.MissingPerformance, names: Names) -> str:
    what = f"{names.package(found.package)}, {names.criterion(found.criterion)}"
    return f"{what}: missing ({found.because}), scored 0"


@message(kinds.PartlyRated)
def _partly(found: kinds.PartlyRated, names: Names) -> str:
    what = f"{names.package(found.package)}, {names.criterion(found.criterion)}"
    return f"{what}: {not_rated(found.blank, found.rated + found.blank)}"


@message(kinds.OutsideAnchors)
def _outside(found: kinds.OutsideAnchors, names: Names) -> str:
    what = f"{names.package(found.package)}, {names.criterion(found.criterion)}"
    raw = f"{general(found.measured, 10)} {found.unit}".strip()
    return f"{what}: {raw} is outside the anchors of the value function"


@message(kinds.LapsedAuthority)
def _lapsed(found: kinds.LapsedAuthority, names: Names) -> str:
    tool, owner = names.tool(found.tool), names.owner(found.tool)
    return f"{tool}: switched off, the authority of {owner} lapsed on {found.on}"


@message(kinds.LimitWithoutCondition)
def _without_condition(found: kinds.LimitWithoutCondition, names: Names) -> str:
    return (
        f"{names.limit(found.limit)}: not applied, {names.parameter(found.parameter)} is not known"
    )
