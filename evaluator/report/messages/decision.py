"""Why a package is designated, or why it is not."""

from __future__ import annotations

from evaluator.decision.findings import (
    BelowCut,
    ExcludedByName,
    FailedRequirement,
    IncludedByName,
    RequirementUnknown,
    TiedAtCut,
    UnderAgencyFloors,
    UnderOverallFloor,
)
from evaluator.decision.ordering import Unit
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import apart, counted, fixed, general
from evaluator.report.messages import message


@message(FailedRequirement)
def _failed(found: FailedRequirement, names: Names) -> str:
    further = ", which an include cannot override" if found.included else ""
    return f"failed a requirement{further}"


@message(RequirementUnknown)
def _unknown(found: RequirementUnknown, names: Names) -> str:
    return "a requirement is unknown: needs a named include"


@message(IncludedByName)
def _included(found: IncludedByName, names: Names) -> str:
    return f"included by {found.by} on {found.date}: {found.because}"


@message(ExcludedByName)
def _excluded(found: ExcludedByName, names: Names) -> str:
    return f"excluded by {found.by} on {found.date}: {found.because}"


@message(UnderOverallFloor)
def _under_overall(found: UnderOverallFloor, names: Names) -> str:
    return f"overall score {apart(found.score, found.floor)}, under {general(found.floor, 12)}"


@message(UnderAgencyFloors)
def _under_agencies(found: UnderAgencyFloors, names: Names) -> str:
    told = zip(found.agencies, found.scores, found.floors, strict=True)
    under = [f"{names.agency(a)} ({apart(s, f)}, under {general(f, 12)})" for a, s, f in told]
    return f"under the floor of {', '.join(under)}"


@message(BelowCut)
def _below(found: BelowCut, names: Names) -> str:
    return "below the cut"


def scored(score: float, unit: Unit) -> str:
    """Return a score of the method that ranks: points to one decimal, others to four.

    >>> scored(61.25, "points"), scored(0.61234, "share"), scored(2, "class")
    ('61.3', '0.6123', '2')
    """
    return fixed(score, {"points": 1, "class": 0}.get(unit, 4))


def shortfall(short: float, unit: Unit) -> str:
    """Return how far a score is behind another, in the unit of the method that ranks.

    >>> shortfall(4.06, "points"), shortfall(2e-5, "points"), shortfall(0.0123, "share")
    ('4.1 points', '0.00002 points', '0.0123 on a scale of 0 to 1')
    >>> shortfall(1, "class")
    '1 class'
    """
    if unit == "points":
        return f"{apart(short, 0)} points"
    return counted(round(short), unit) if unit == "class" else f"{general(short, 3)} {_SCALE[unit]}"


_SCALE = {"share": "on a scale of 0 to 1", "net flow": "of net flow"}


@message(TiedAtCut)
def _tied(found: TiedAtCut, names: Names) -> str:
    others = ", ".join(map(names.package, found.others))
    return f"tied at the cut with {others}: contested until a named include decides"
