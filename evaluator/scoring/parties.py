"""Who takes part in a package, and who of them is of a flagged country, by whatever chain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from evaluator.model.base import Known, Missing
from evaluator.model.ownership import fraction
from evaluator.model.package import Package
from evaluator.model.requirement import Holding, MemberCheck, Party
from evaluator.model.study import Study
from evaluator.results.findings import Finding, Findings
from evaluator.scoring.findings import (
    CountryBars,
    CountryFactMissing,
    HeadquartersMissing,
    MembersCleared,
    NobodyNamed,
    NoMember,
    OwnedFromBarred,
    OwnersNotKnown,
)

Outcome = Literal["passed", "failed", "unknown"]
Verdict = tuple[Outcome, Findings]


def parties(package: Package, among: Iterable[Party]) -> dict[Party, tuple[str, ...]]:
    """Return the entities of each kind of party, in the order of their ids."""
    return {
        kind: tuple(m.entity for m in package.members)
        if kind == "members"
        else tuple(r.entity for r in package.roles if r.role == kind)
        for kind in among
    }


def judged(study: Study, package: Package, check: MemberCheck) -> Verdict:
    """Decide whether any party is barred; what is not known of one leaves it open."""
    named = parties(package, check.among)
    nobody = tuple(kind for kind, entities in named.items() if not entities)
    doubts: list[Finding] = [NoMember()] if "members" in nobody else []
    unnamed = tuple(kind for kind in nobody if kind != "members")
    doubts += [NobodyNamed(unnamed)] if unnamed else []
    entities = dict.fromkeys(one for found in named.values() for one in found)
    for party in entities:
        for entity in study.control.chain(party) if check.control else (party,):
            found = _headquarters(study, entity, party, check)
            if isinstance(found, CountryBars):
                return "failed", (found,)
            doubts += [found] if found else []
    if check.owned_below is not None:
        bound = check.owned_below
        held = study.held_from(check.headquarters_not, government=check.government, full_from=bound)
        for party in entities:
            least, most = held[party]
            if least >= fraction(bound):
                return "failed", (OwnedFromBarred(party, float(least), bound),)
            if most >= fraction(bound):
                doubts.append(OwnersNotKnown(party, float(least), float(most), bound))
    if doubts:
        return "unknown", tuple(doubts)
    return "passed", (MembersCleared(len(entities), check.among),)


def greatest_holding(study: Study, package: Package, holding: Holding) -> Known | Missing:
    """Return the greatest part of a party that owners of flagged countries hold."""
    named = parties(package, holding.among)
    if not all(named.values()):
        kinds = ", ".join(kind for kind, entities in named.items() if not entities)
        return Missing(reason=f"nobody is named: {kinds}")
    found = study.held_from(
        holding.headquarters, government=holding.government, full_from=holding.in_full_from
    )
    entities = [one for every in named.values() for one in every]
    least = max(found[one].least for one in entities)
    open_ = [one for one in entities if found[one].most > least]
    if open_:
        return Missing(reason=f"not all owners are known: {', '.join(dict.fromkeys(open_))}")
    return Known(value=float(least), unit="share")


def _headquarters(study: Study, entity: str, party: str, check: MemberCheck) -> Finding | None:
    """Return what bars an entity, or leaves it open; None where it is cleared."""
    known = study.entity_by_id[entity]
    if check.government and not known.government:
        return None
    home = known.headquarters
    if isinstance(home, Missing):
        return HeadquartersMissing(entity, party, home.reason)
    country = study.country_by_id[str(home.value)]
    doubt: Finding | None = None
    for column, barred in check.headquarters_not.items():
        datum = country.attributes.get(column)
        if not isinstance(datum, Known):
            doubt = CountryFactMissing(entity, party, country.id, column)
        elif datum.value == barred:
            return CountryBars(entity, party, country.id, column, datum.value)
    return doubt
