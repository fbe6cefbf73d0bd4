"""The certificate: every rule and limit worked out again from the study and the amounts alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction

import pandas as pd

from evaluator.allocation.verify.recount import (
    Eligible,
    Flow,
    broken_limits,
    eligible_dollars,
    fraction,
    usd,
)
from evaluator.model.package import Package
from evaluator.model.study import Study


def certify(study: Study, amounts: pd.DataFrame, designated: Collection[str]) -> tuple[str, ...]:
    """Return every rule and limit of law that whole-dollar amounts break, and by how much.

    amounts: packages x tools, all of the study. Empty when everything holds. Goals may be missed,
    and limits that the scenario ignores are left out. The code that builds the program has no
    part in it.
    """
    shape = tuple(_table(study, amounts))
    if shape:
        return shape
    eligible = {
        (p.id, r.tool): eligible_dollars(study, p, r)
        for p in study.packages
        for r in p.requests
        if p.id in designated
    }
    given = amounts.to_dict("index")
    flows = [
        Flow(package, tool, int(given[package.id][tool]))
        for package in study.packages
        for tool in study.tools
        if eligible.get((package.id, tool)) or given[package.id][tool]
    ]
    return (
        *_requests(study, flows, eligible, designated),
        *_packages(study, flows, eligible),
        *_overrides(study, flows),
        *broken_limits(study, flows),
    )


def _table(study: Study, amounts: pd.DataFrame) -> Iterator[str]:
    for name, found, wanted in (
        ("packages", list(amounts.index), sorted(study.package_by_id)),
        ("tools", list(amounts.columns), sorted(study.tools)),
    ):
        if sorted(found) != wanted:
            odd = sorted(set(found) ^ set(wanted)) or found
            yield f"the table's {name} are not those of the study: {', '.join(map(str, odd[:5]))}"
    for column in amounts.columns:
        if not pd.api.types.is_integer_dtype(amounts[column]):
            yield f"{column}: amounts are not whole dollars"
        elif (amounts[column] < 0).any():
            yield f"{column}: amounts below 0"


def _requests(
    study: Study, flows: Iterable[Flow], eligible: Eligible, designated: Collection[str]
) -> Iterator[str]:
    for flow in flows:
        if not flow.amount:
            continue
        name, most = f"{flow.package.id} {flow.tool}", eligible.get((flow.package.id, flow.tool))
        if flow.package.id not in designated:
            yield f"{name}: {usd(flow.amount)} to a package that is not designated"
            continue
        if most is None:
            yield f"{name}: {usd(flow.amount)}, but nothing is asked"
            continue
        if flow.amount > most:
            over = usd(flow.amount - most)
            yield f"{name}: {usd(flow.amount)} of {usd(most)} eligible, over by {over}"
        request = next(r for r in flow.package.requests if r.tool == flow.tool)
        least = max(study.tools[flow.tool].minimum_ticket, request.minimum_usd)
        least = max(least, most) if request.all_or_nothing else least
        if flow.amount < least:
            short = usd(least - flow.amount)
            yield f"{name}: {usd(flow.amount)} is below the minimum of {usd(least)} by {short}"


def _packages(study: Study, flows: Iterable[Flow], eligible: Eligible) -> Iterator[str]:
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
                    yield f"{package.id} requires {other}: {other} is not supported"
            yield from _within(study, package, given[package.id], eligible)
    for group, members in together.items():
        if len(members) > 1:
            yield f"exclusive group {group}: {' and '.join(members)} are both supported"


def _within(
    study: Study, package: Package, given: dict[str, int], eligible: Eligible
) -> Iterator[str]:
    asks: dict[str, int] = defaultdict(int)
    served: dict[str, list[str]] = defaultdict(list)
    for request in package.requests:
        key = request.alternative_group or f"alone {request.tool}"
        asks[key] = max(asks[key], eligible.get((package.id, request.tool), 0))
        if request.tool in given:
            served[key].append(request.tool)
    for group, tools in served.items():
        if len(tools) > 1:
            yield f"alternatives {group} ({package.id}): {' and '.join(tools)} are both served"
    got = sum(given.values())
    least: Fraction = fraction(study.scenario.allocation.minimum_support) * sum(asks.values())
    if got < least:
        short = usd(least - got)
        yield f"minimum_support ({package.id}): {usd(got)} of {usd(least)}, short by {short}"


def _overrides(study: Study, flows: list[Flow]) -> Iterator[str]:
    settings = study.scenario.allocation
    for package, must in settings.must.items():
        got = _given(flows, package, must.tool)
        least = max(1, must.at_least or 0)
        if got < least:
            yield f"must {package}: {usd(got)} of {usd(least)}, short by {usd(least - got)}"
    for package, ban in settings.must_not.items():
        got = _given(flows, package, ban.tool)
        if got:
            yield f"must not {package}: {usd(got)}"


def _given(flows: Iterable[Flow], package: str, tool: str | None) -> int:
    return sum(f.amount for f in flows if f.package.id == package and tool in (None, f.tool))
