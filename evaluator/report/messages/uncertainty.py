"""How tiers are formed, and what was drawn for ratings that do not show how far they spread."""

from __future__ import annotations

from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import counted, points, share
from evaluator.report.messages import message
from evaluator.uncertainty.panels import BlankRatings, LoneRatings
from evaluator.uncertainty.tiers import NoCut, TierRule


@message(TierRule)
def _tiers(found: TierRule, names: Names) -> str:
    return (
        f"clear: priority in {share(found.clear)} or more of the draws; out: in {share(found.out)} "
        "or fewer; contested: in between, or tied at the cut; included and excluded by name, and "
        "unsettled for a requirement that is not known: not by the draws"
    )


@message(NoCut)
def _no_cut(found: NoCut, names: Names) -> str:
    return "no floor and no number of places keeps an eligible package out, whatever is drawn"


@message(LoneRatings)
def _lone(found: LoneRatings, names: Names) -> str:
    who = f"{names.criterion(found.criterion)}: {counted(found.packages, 'package')} with 1 rating"
    if not found.source:
        return f"{who}; how far ratings spread is not known, each level of the scale is drawn alike"
    where = "this criterion" if found.source == "criterion" else "other criteria on this scale"
    return (
        f"{who}, whose spread is that of {counted(found.panels, 'panel')} of several on {where} "
        f"(standard deviation of a rating {points(found.deviation)} points)"
    )


@message(BlankRatings)
def _blank(found: BlankRatings, names: Names) -> str:
    return (
        f"{names.criterion(found.criterion)}: {counted(found.blank, 'rating')} not given on "
        f"{counted(found.packages, 'package')}; each level of the scale is drawn alike"
    )
