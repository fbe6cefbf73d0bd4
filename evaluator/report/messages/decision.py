"""Why a package is designated, or why it is not."""

from __future__ import annotations

from evaluator.decision.findings import (
    BelowCut,
    ExcludedByName,
    FailedRequirement,
    IncludedByName,
    PartedByTieBreak,
    RequirementUnknown,
    StandingPackage,
    TiedAtCut,
    UnderAgencyFloors,
    UnderOverallFloor,
)
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import apart, fixed, general
from evaluator.report.messages import message
from evaluator.scoring.aggregation import Unit


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


@message(TiedAtCut)
def _tied(found: TiedAtCut, names: Names) -> str:
    others = ", ".join(map(names.package, found.others))
    return f"tied at the cut with {others}: contested until a named include decides"


@message(PartedByTieBreak)
def _parted(found: PartedByTieBreak, names: Names) -> str:
    others = ", ".join(map(names.package, found.others))
    value = "no value" if found.value is None else f"{general(found.value, 6)} points"
    way = "in" if found.entered else "out"
    by = f"{way} by the tie-break, {value} on {names.criterion(found.criterion)}"
    return f"tied at the cut with {others}: {by}"


@message(StandingPackage)
def _standing(found: StandingPackage, names: Names) -> str:
    w = names.words
    return (
        f"a standing {w.package} without a fixed deal: partners choose it, and it asks for no money"
    )


def scored(score: float, unit: Unit) -> str:
    """Return a score of the method that ranks: points to one decimal, others to four.

    >>> scored(61.25, "points"), scored(0.61234, "share"), scored(2, "class")
    ('61.3', '0.6123', '2')
    """
    return fixed(score, {"points": 1, "class": 0}.get(unit, 4))


def amount(gap: float, unit: Unit) -> str:
    """Return how far two scores are apart, in the unit of the method that ranks.

    >>> amount(4.06, "points"), amount(2e-5, "points"), amount(1, "class"), amount(2, "class")
    ('4.1 points', '0.00002 points', '1 class', '2 classes')
    >>> amount(0.0123, "share"), amount(0.25, "net flow")
    ('0.0123', '0.25 of net flow')
    """
    if unit == "points":
        return f"{apart(gap, 0)} points"
    if unit == "class":
        return "1 class" if gap == 1 else f"{fixed(gap, 0)} classes"
    return general(gap, 3) + (" of net flow" if unit == "net flow" else "")


def behind(short: float, unit: Unit) -> str:
    """Return that a score is short of another, in the unit of the method that ranks.

    >>> behind(4.06, "points"), behind(0.0123, "share")
    ('4.1 points short', '0.0123 short on a scale of 0 to 1')
    """
    return f"{amount(short, unit)} short{' on a scale of 0 to 1' if unit == 'share' else ''}"
