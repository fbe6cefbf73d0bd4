"""What a proposer may be told of a requirement: the fact that decided it, or that is not stated.

What reviewers wrote, and why a table lacks a fact, is the agencies' own and is never told. A kind
of finding that is not named here is not told either: a new one has to be let through by name.
"""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.report.formatting.names import Names
from evaluator.report.messages import say
from evaluator.results.findings import Finding
from evaluator.scoring import findings as kinds

AS_THEY_ARE: frozenset[type[Finding]] = frozenset(
    {
        kinds.LayersAbsent,
        kinds.NoLayer,
        kinds.Count,
        kinds.NoCall,
        kinds.Dated,
        kinds.NoMember,
        kinds.CountryFactMissing,
        kinds.CountryBars,
        kinds.OwnedFromBarred,
        kinds.OwnersNotKnown,
        kinds.NobodyNamed,
        kinds.NoModel,
        kinds.ModelBars,
        kinds.AttributeHolds,
        kinds.AttributeNotAmong,
        kinds.AttributeBelow,
        kinds.AttributeAbove,
        kinds.ToBeShown,
    }
)
"""Facts of the proposal itself, of public tables, and of the requirement."""
_REVIEWED = {
    "failed": "a review found that it is not met",
    "unknown": "a review has left it open",
}


def to_proposer(findings: Iterable[Finding], names: Names) -> str:
    """Return what of findings on a requirement its proposer may be told; empty where nothing is."""
    return "; ".join(filter(None, (_told(one, names) for one in findings)))


def _told(found: Finding, names: Names) -> str:
    if type(found) in AS_THEY_ARE:
        return say(found, names)
    if isinstance(found, kinds.FactMissing):
        return f"{names.attribute(found.attribute)} is not stated"
    if isinstance(found, kinds.HeadquartersMissing):
        return f"{names.entity(found.entity)}: where it has its headquarters is not stated"
    if isinstance(found, kinds.ModelNotKnown):
        return f"layer {found.layer}: the origin of its model is not stated"
    if isinstance(found, kinds.NotReviewed):
        return f"to be shown: {found.evidence}"
    if isinstance(found, kinds.Reviewed):
        return _REVIEWED.get(found.status, "")
    return ""
