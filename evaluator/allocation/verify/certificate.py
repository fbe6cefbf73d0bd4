"""The certificate: every rule and limit worked out again from the study and the amounts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, Protocol

import pandas as pd

from evaluator.allocation.verify.eligible import Eligible, eligible_dollars
from evaluator.allocation.verify.filters import Exact, fraction
from evaluator.allocation.verify.findings import (
    AlternativesTogether,
    AmountBelowZero,
    ExclusiveTogether,
    GivenUnasked,
    GivenUndesignated,
    MustNotBroken,
    MustUnmet,
    NoWholeDollars,
    OtherTable,
    OverEligible,
    UnderMinimum,
    UnderMinimumSupport,
    WithoutRequired,
)
from evaluator.allocation.verify.recount import Flow, Recount, recount
from evaluator.model.package import Package
from evaluator.model.study import Study
from evaluator.results.findings import Finding, Findings

NO_OTHERS: Mapping[str, int] = MappingProxyType({})


class Certifier(Protocol):
    """Says what of a study's rules and limits of law amounts break."""

    def __call__(self, amounts: pd.DataFrame, envelopes: Mapping[str, int] = ...) -> Findings:
        """Return the findings; empty when everything holds."""


def certify(study: Study, amounts: pd.DataFrame, designated: Collection[str]) -> Findings:
    """Return every rule and limit of law that whole-dollar amounts break, and by how much.

    amounts: packages x tools, all of the study. Empty when everything holds. Goals may be missed,
    and limits that the scenario ignores are left out. The code that builds the program has no
    part in it.
    """
    return certifier(study, designated)(amounts)


def certifier(study: Study, designated: Collection[str]) -> Certifier:
    """Return `certify` for many tables of amounts of one study: it is read once, when first asked.

    Envelopes other than the study's may be given with the amounts, in whole USD by tool.
    """

    @cache
    def read() -> tuple[Eligible, Recount]:
        return _eligible(study, chosen), recount(study)

    chosen = frozenset(designated)

    def certified(amounts: pd.DataFrame, envelopes: Mapping[str, int] = NO_OTHERS) -> Findings:
        shape = tuple(_table(study, amounts))
        if shape:
            return shape
        eligible, broken_limits = read()
        given = amounts.to_dict("index")
        flows = [
            Flow(package, tool, int(given[package.id][tool]))
            for package in study.packages
            for tool in study.tools
            if eligible.get((package.id, tool)) or given[package.id][tool]
        ]
        return (
            *_requests(study, flows, eligible, chosen),
            *_packages(study, flows, eligible),
            *_overrides(study, flows),
            *broken_limits(flows, envelopes),
        )

    return certified


def _eligible(study: Study, designated: frozenset[str]) -> Eligible:
    eligible = eligible_dollars(study)
    return {
        (package.id, request.tool): eligible(package, request)
        for package in study.packages
        if package.id in designated
        for request in package.requests
    }


def _table(study: Study, amounts: pd.DataFrame) -> Iterator[Finding]:
    axes: tuple[tuple[Literal["packages", "tools"], list[Any], list[str]], ...] = (
        ("packages", list(amounts.index), sorted(study.package_by_id)),
        ("tools", list(amounts.columns), sorted(study.tools)),
    )
    for name, found, wanted in axes:
        if sorted(found) != wanted:
            odd = sorted(set(found) ^ set(wanted)) or found
            yield OtherTable(name, tuple(map(str, odd[:5])))
    for column in amounts.columns:
        if not pd.api.types.is_integer_dtype(amounts[column]):
            yield NoWholeDollars(str(column))
        elif (amounts[column] < 0).any():
            yield AmountBelowZero(str(column))


def _requests(
    study: Study, flows: Iterable[Flow], eligible: Eligible, designated: frozenset[str]
) -> Iterator[Finding]:
    for flow in flows:
        if not flow.amount:
            continue
        package, tool = flow.package.id, flow.tool
        most = eligible.get((package, tool))
        if package not in designated:
            yield GivenUndesignated(package, tool, flow.amount)
            continue
        if most is None:
            yield GivenUnasked(package, tool, flow.amount)
            continue
        if flow.amount > most:
            yield OverEligible(package, tool, flow.amount, most)
        request = next(r for r in flow.package.requests if r.tool == flow.tool)
        least = max(study.tools[flow.tool].minimum_ticket, request.minimum_usd)
        least = max(least, most) if request.all_or_nothing else least
        if flow.amount < least:
            yield UnderMinimum(package, tool, flow.amount, least)


def _packages(study: Study, flows: Iterable[Flow], eligible: Eligible) -> Iterator[Finding]:
    given: dict[str, dict[str, int]] = defaultdict(dict)
    for flow in flows:
        if flow.amount:
            given[flow.package.id][flow.tool] = flow.amount
    together: dict[str, list[str]] = defaultdict(list)
    for package in study.packages:
        if package.id in given:
            if package.exclusive_group is not None:
                together[package.exclusive_group].append(package.id)
            for other in package.requires:
                if other not in given:
                    yield WithoutRequired(package.id, other)
            yield from _within(study, package, given[package.id], eligible)
    for group, members in together.items():
        if len(members) > 1:
            yield ExclusiveTogether(group, tuple(members))


def _within(
    study: Study, package: Package, given: dict[str, int], eligible: Eligible
) -> Iterator[Finding]:
    asks: dict[str, int] = defaultdict(int)
    served: dict[str, list[str]] = defaultdict(list)
    for request in package.requests:
        key = request.alternative_group or f"alone {request.tool}"
        asks[key] = max(asks[key], eligible.get((package.id, request.tool), 0))
        if request.tool in given:
            served[key].append(request.tool)
    for group, tools in served.items():
        if len(tools) > 1:
            yield AlternativesTogether(package.id, group, tuple(tools))
    got = sum(given.values())
    least: Exact = fraction(study.scenario.allocation.minimum_support) * sum(asks.values())
    if got < least:
        yield UnderMinimumSupport(package.id, got, float(least))


def _overrides(study: Study, flows: list[Flow]) -> Iterator[Finding]:
    settings = study.scenario.allocation
    for package, must in settings.must.items():
        got = _given(flows, package, must.tool)
        least = max(1, must.at_least or 0)
        if got < least:
            yield MustUnmet(package, got, least)
    for package, ban in settings.must_not.items():
        got = _given(flows, package, ban.tool)
        if got:
            yield MustNotBroken(package, got)


def _given(flows: Iterable[Flow], package: str, tool: str | None) -> int:
    return sum(f.amount for f in flows if f.package.id == package and tool in (None, f.tool))
