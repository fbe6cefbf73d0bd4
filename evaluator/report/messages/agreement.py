"""What the agencies have in common, and how it was measured."""

from __future__ import annotations

from evaluator.agreement import findings as kinds
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import general
from evaluator.report.messages import message


@message(kinds.KemenyNotSought)
def _kemeny_not_sought(found: kinds.KemenyNotSought, names: Names) -> str:
    w = names.words
    return (
        f"the Kemeny ranking is sought for up to {found.up_to:,} {w.packages}, and not for "
        f"{found.packages:,}"
    )


@message(kinds.WeightsProportional)
def _proportional(found: kinds.WeightsProportional, names: Names) -> str:
    w = names.words
    return f"all {w.agencies}' weights differ in magnitude only: every ranking is the same"


@message(kinds.CriteriaRankedAlike)
def _alike(found: kinds.CriteriaRankedAlike, names: Names) -> str:
    w = names.words
    return f"all {w.agencies} rank the criteria alike; their weights differ in magnitude only"


@message(kinds.SoleInfluence)
def _sole(found: kinds.SoleInfluence, names: Names) -> str:
    return f"{names.agency(found.agency)} holds all the influence: the overall ranking is its own"


@message(kinds.KendallsW)
def _w(found: kinds.KendallsW, names: Names) -> str:
    return "Kendall W, corrected for ties, ranks averaged"


@message(kinds.KemenyRanking)
def _kemeny(found: kinds.KemenyRanking, names: Names) -> str:
    w = names.words
    agencies = "weighted" if found.weighted else "equal"
    return f"Kemeny, strict order, ties count 1/2, {w.agencies} {agencies}"


@message(kinds.LeftOut)
def _left_out(found: kinds.LeftOut, names: Names) -> str:
    w = names.words
    return f"who decides alone: {w.an_agency} is left out, the others' influence scaled up to 1"


@message(kinds.KendallTauB)
def _tau(found: kinds.KendallTauB, names: Names) -> str:
    return "Kendall tau-b"


@message(kinds.SpearmanRho)
def _rho(found: kinds.SpearmanRho, names: Names) -> str:
    return "Spearman rho of mean ranks, ties averaged"


@message(kinds.BordaCount)
def _borda(found: kinds.BordaCount, names: Names) -> str:
    return "Borda count, n - 1 to 0 points, ties averaged"


@message(kinds.CopelandCount)
def _copeland(found: kinds.CopelandCount, names: Names) -> str:
    return "Copeland, majority wins and 1/2 a tie"


@message(kinds.ObjectsBelow)
def _below(found: kinds.ObjectsBelow, names: Names) -> str:
    one = len(set(found.floors)) == 1
    return f"score below {general(found.floors[0], 10) if one else 'its own floor'}"


@message(kinds.ObjectsBelowMedian)
def _below_median(found: kinds.ObjectsBelowMedian, names: Names) -> str:
    w = names.words
    return f"score below the {w.agency}'s own median"


@message(kinds.ObjectsOutside)
def _beyond(found: kinds.ObjectsOutside, names: Names) -> str:
    return f"rank worse than {found.top}"


@message(kinds.DominatedBy)
def _dominated(found: kinds.DominatedBy, names: Names) -> str:
    w = names.words
    if found.weak:
        return f"lower score with no {w.agency}, higher with one at least (Pareto)"
    return f"higher score with every {w.agency}"


@message(kinds.DrivenApart)
def _apart(found: kinds.DrivenApart, names: Names) -> str:
    w = names.words
    return f"mean over {w.packages} of |(w_a - w_b) (v - mean v)|"


@message(kinds.ViewMoved)
def _moved(found: kinds.ViewMoved, names: Names) -> str:
    w = names.words
    return (
        f"who decides alone: {w.an_agency}'s score of that {w.package} goes to either end "
        "of the scale"
    )
