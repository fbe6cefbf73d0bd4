"""Which requests can be served, up to what amount, and why the others cannot."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from evaluator.allocation.model.exact.numbers import Dollars, Exact, Flags, Places, always, joined
from evaluator.allocation.model.exact.rows import ONE, ZERO, Rational, exact
from evaluator.allocation.model.findings import (
    AuthorityLapsed,
    Ineligible,
    MinimumAboveEligible,
    NoAppropriation,
    NotDesignated,
    NotPassed,
    NotShown,
    PartEligible,
)
from evaluator.allocation.model.requests.facts import Facts, facts_of
from evaluator.allocation.model.requests.matching import greatest, matches, mismatch
from evaluator.allocation.model.requests.requests import Requests, read_requests
from evaluator.allocation.model.requests.terms import longest_terms, too_long
from evaluator.model.base import Known, Missing
from evaluator.model.filters import label
from evaluator.model.financing import RateTable, Tool
from evaluator.model.package import Request
from evaluator.model.study import Study
from evaluator.results.findings import Findings
from evaluator.scoring.gates import decide


class Pair(NamedTuple):
    """A request that can be served."""

    package: str
    tool: str
    requested: int
    cap: int
    """The request, cut to the share of its hosts that are eligible."""
    least: int
    """Nothing, or at least this much."""
    rate: Rational
    """Subsidy cost of a dollar; a negative rate counts as 0."""
    alternative: str | None
    part: PartEligible | None = None
    """Why the cap is below the request, where it is."""


@dataclass(frozen=True, eq=False)
class Offers:
    """How much of each of k requests can be served, and at what cost."""

    share: Exact
    """Of the request that is eligible."""
    cap: Dollars
    """The request, cut to that share."""
    least: Dollars
    """Nothing, or at least this much."""
    rate: Exact
    """Subsidy cost of a dollar; a negative rate counts as 0."""

    def take(self, chosen: Flags) -> Offers:
        """Return what holds for some of the requests."""
        share, rate = self.share.take(chosen), self.rate.take(chosen)
        return Offers(share, self.cap[chosen], self.least[chosen], rate)


@dataclass(frozen=True, eq=False)
class Eligibility:
    """All requests of a study, by package and tool in the order of their ids."""

    every: Requests
    """All."""
    asked: Requests
    """Those of designated packages."""
    judged: Offers
    able: Flags
    """Which of those asked can be served."""

    @cached_property
    def requests(self) -> Requests:
        """Those that can be served."""
        return self.asked.take(self.able)

    @cached_property
    def offers(self) -> Offers:
        """How much of those, and at what cost."""
        return self.judged.take(self.able)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """Those that can be served, one by one."""
        facts, offers = self.requests.facts, self.offers
        terms = zip(
            *(offers.share.numbers, offers.cap.tolist(), offers.least.tolist()),
            offers.rate.numbers,
            strict=True,
        )
        return tuple(
            Pair(
                *(facts.names[package], request.tool, request.amount_usd, cap, least, rate),
                request.alternative_group,
                _part(facts, package, request.tool, share),
            )
            for (package, request), (share, cap, least, rate) in zip(
                self.requests, terms, strict=True
            )
        )

    @cached_property
    def refused(self) -> Mapping[tuple[str, str], Findings]:
        """Why the others cannot, by package and tool."""
        facts, asked, judged = self.asked.facts, self.asked, self.judged
        names, designated = facts.names, asked.packages().tolist()
        parted = "designation" in facts.study.parts
        out = NotDesignated() if parted else NotPassed()
        found: dict[tuple[str, str], Findings] = {
            (names[package], request.tool): (out,)
            for package, request in self.every
            if not designated[package]
        }
        terms = zip(judged.share.numbers, judged.cap.tolist(), judged.least.tolist(), strict=True)
        for able, (package, request), of in zip(self.able.tolist(), asked, terms, strict=True):
            if not able:
                found[names[package], request.tool] = _refusal(facts, package, request, *of)
        return found


def sort_requests(
    study: Study, designated: Collection[str], facts: Facts | None = None
) -> Eligibility:
    """Return the requests that can be served, and the reasons why the others cannot.

    facts: of the study, as far as they have been read.

    Raises InvalidStudyError if a package asks twice for one tool.
    """
    facts = facts or facts_of(study)
    chosen = frozenset(designated)
    every = read_requests(facts)
    wanted = np.array([name in chosen for name in facts.names], dtype=np.bool_)
    asked = every.take(wanted[every.package])
    tools = [study.tools[name] for name in asked.tools]

    def eligible(number: int, packages: Places) -> Exact:
        if study.lapsed(asked.tools[number]) or study.unfunded(asked.tools[number]):
            return always(0, len(packages))
        among = np.zeros(len(facts.names), dtype=np.bool_)
        among[packages] = True
        for requirement in study.bound(asked.tools[number]):
            among[packages] &= [facts.passed(requirement, place) for place in packages.tolist()]
        return matches(tools[number].eligible, facts, among, unknown=False).share.take(packages)

    share = _by_tool(asked, eligible)
    cap = _cut(asked.amount, share)
    ticket = np.array([tool.minimum_ticket for tool in tools], dtype=np.int64)
    least = np.maximum(ticket[asked.tool], np.maximum(asked.minimum, cap * asked.whole))
    rate = _by_tool(asked, lambda number, packages: _rates(tools[number], facts, packages))
    longest = np.full(len(asked.tool), math.inf)
    for number, tool in enumerate(tools):
        if tool.tenor_at_most is not None:
            mine = np.flatnonzero(asked.tool == number)
            longest[mine] = longest_terms(study, tool, facts, asked.package[mine])
    able = (cap > 0) & (least <= cap) & (asked.tenor <= longest)
    return Eligibility(every, asked, Offers(share, cap, least, rate), able)


def _by_tool(asked: Requests, column: Callable[[int, Places], Exact]) -> Exact:
    """Return a column over all requests of what is worked out tool by tool."""
    of_tool = [np.flatnonzero(asked.tool == number) for number in range(len(asked.tools))]
    found = [column(n, asked.package[mine]) for n, mine in enumerate(of_tool) if len(mine)]
    order = np.argsort(np.concatenate([np.empty(0, dtype=np.intp), *of_tool]))
    return joined(found).take(order)


def _cut(amount: Dollars, share: Exact) -> Dollars:
    """Return whole dollars of a share of each amount, rounded down."""
    cap = np.where(share.nonzero, amount, 0)
    uneven = np.array([number not in (0, 1) for number in share.table], dtype=np.bool_)
    part = np.flatnonzero(uneven[share.code])
    shares = zip(amount[part].tolist(), share.take(part).numbers, strict=True)
    cap[part] = [math.floor(asked * number) for asked, number in shares]
    return cap


def _rates(tool: Tool, facts: Facts, packages: Places) -> Exact:
    """Return the credit-reform cost of a dollar to some packages."""
    table = tool.subsidy.rate
    if not isinstance(table, RateTable):
        return always(max(ZERO, exact(table)), len(packages))
    column = facts.of_package(table.by)
    rates = [max(ZERO, _listed(table, datum)) for datum in column.data]
    return Exact(rates, column.code[packages])


def _listed(table: RateTable, datum: Known | Missing) -> Rational:
    """Return the rate of a value; one that is unknown or not listed takes the most."""
    if not isinstance(datum, Missing):
        for key, rate in table.rates.items():
            if label(key) == label(datum.value):
                return exact(rate)
    return greatest(table.rates.values())


def _part(facts: Facts, package: int, tool: str, share: Rational) -> PartEligible | None:
    if share == ONE:
        return None
    why = mismatch(facts.study.tools[tool].eligible, facts.packages[package], facts.study)
    return PartEligible(float(share), why)


def _refusal(
    facts: Facts, package: int, request: Request, share: Rational, cap: int, least: int
) -> Findings:
    """Return the first reason why a request of a designated package cannot be served."""
    study, name = facts.study, request.tool
    institution, tool = study.institution_of[name], study.tools[name]
    if study.lapsed(name) and institution.authority is not None:
        lapsed_on = institution.authority.lapses_on.isoformat()
        return (AuthorityLapsed(institution.institution, lapsed_on),)
    state = institution.appropriation(study.as_of)
    if study.unfunded(name) and state is not None:
        return (NoAppropriation(institution.institution, state.from_.isoformat()),)
    for requirement in study.bound(name):
        outcome, why = decide(study, facts.packages[package], requirement)
        if outcome != "passed":
            return (NotShown(requirement.id, outcome), *why)
    if cap == 0:
        return (Ineligible(mismatch(tool.eligible, facts.packages[package], study)),)
    late = too_long(study, tool, facts.packages[package], request)
    if late is not None:
        return (late,)
    part = _part(facts, package, name, share)
    above = MinimumAboveEligible(least, cap)
    return (above,) if part is None else (above, part)
