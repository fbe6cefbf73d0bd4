"""What the agencies have in common, and how it was measured."""

from __future__ import annotations

from evaluator.agreement import findings as kinds
from evaluator.report.formatting.names import Names
from evaluator.report.messages import message


@message(kinds.KemenyNotSought)
def _kemeny_not_sought(found: kinds.KemenyNotSought, names: Names) -> str:
    return (
        f"the Kemeny ranking is sought for up to {found.up_to:,} packages, and not for "
        f"{found.packages:,}"
    )


@message(kinds.WeightsProportional)
def _proportional(found: kinds.WeightsProportional, names: Names) -> str:
    return "all agencies' weights differ in magnitude only: every ranking is the same"


@message(kinds.CriteriaRankedAlike)
def _alike(found: kinds.CriteriaRankedAlike, names: Names) -> str:
    return "all agencies rank the criteria alike; their weights differ in magnitude only"


@message(kinds.SoleInfluence)
def _sole(found: kinds.SoleInfluence, names: Names) -> str:
    return f"{names.agency(found.agency)} holds all the influence: the overall ranking is its own"


@message(kinds.KendallsW)
def _w(found: kinds.KendallsW, names: Names) -> str:
    return "Kendall W, corrected for ties, ranks averaged"


@message(kinds.KemenyRanking)
def _kemeny(found: kinds.KemenyRanking, names: Names) -> str:
    return "Kemeny, strict order, ties count 1/2, agencies equal"


@message(kinds.LeftOut)
def _left_out(found: kinds.LeftOut, names: Names) -> str:
    return "who decides alone: an agency is left out, the others' influence scaled up to 1"
