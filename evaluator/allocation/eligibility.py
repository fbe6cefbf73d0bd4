"""Which requests can be served, up to what amount, and why the others cannot."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction

from evaluator.allocation.matching import greatest, label, match
from evaluator.allocation.rows import ONE, ZERO, exact
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.base import Missing
from evaluator.model.financing import RateTable, Tool
from evaluator.model.package import Package, Request
from evaluator.model.study import Study

NOT_DESIGNATED = "not designated"


@dataclass(frozen=True, slots=True)
class Pair:
    """A request that can be served."""

    package: str
    tool: str
    requested: int
    cap: int
    """The request, cut to the share of its hosts that are eligible."""
    least: int
    """Nothing, or at least this much."""
    rate: Fraction
    """Subsidy cost of a dollar; a negative rate counts as 0."""
    alternative: str | None
    note: str = ""
    """Why the cap is below the request."""


@dataclass(frozen=True)
class Eligibility:
    """All requests of a study, by package and tool in the order of their ids."""

    pairs: tuple[Pair, ...]
    refused: Mapping[tuple[str, str], str]
    """Reasons by package and tool."""


def dollars(amount: float | Fraction) -> str:
    """Write an amount of money.

    >>> dollars(12_500_000)
    '12,500,000 USD'
    """
    return f"{float(amount):,.2f}".removesuffix(".00") + " USD"


def percent(share: float | Fraction) -> str:
    """Write a share.

    >>> percent(0.125)
    '12.5 %'
    """
    return f"{float(share) * 100:.6g} %"


def sort_requests(study: Study, designated: Collection[str]) -> Eligibility:
    """Return the requests that can be served, and the reasons why the others cannot.

    Raises InvalidStudyError if a package asks twice for one tool.
    """
    chosen = frozenset(designated)
    pairs: list[Pair] = []
    refused: dict[tuple[str, str], str] = {}
    for package in sorted(study.packages, key=lambda p: p.id):
        tools = [request.tool for request in package.requests]
        if len(tools) != len(set(tools)):
            fact = "asks twice for one tool."
            raise InvalidStudyError([Problem(package.id, fact, "Add the requests up.")])
        for request in sorted(package.requests, key=lambda r: r.tool):
            found = _judge(study, package, request, designated=package.id in chosen)
            if isinstance(found, Pair):
                pairs.append(found)
            else:
                refused[package.id, request.tool] = found
    return Eligibility(tuple(pairs), refused)


def _judge(study: Study, package: Package, request: Request, *, designated: bool) -> Pair | str:
    if not designated:
        return NOT_DESIGNATED
    institution = study.institution_of[request.tool]
    if study.lapsed(request.tool) and institution.authority is not None:
        name = institution.institution.upper()
        return f"{name} authority lapsed on {institution.authority.lapses_on}"
    tool = study.tools[request.tool]
    matched = match(tool.eligible, package, study, unknown=False)
    cap = math.floor(request.amount_usd * matched.share)
    if cap == 0:
        return f"not eligible: {matched.because}"
    tenor = _tenor(study, tool, request)
    if tenor:
        return tenor
    least = max(tool.minimum_ticket, request.minimum_usd, cap if request.all_or_nothing else 0)
    note = ""
    if matched.share != ONE:
        note = f"{percent(matched.share)} of the request is eligible: {matched.because}"
    if least > cap:
        fact = f"the minimum of {dollars(least)} is more than"
        return f"not eligible: {fact} {dollars(cap)}" + (f" ({note})" if note else "")
    rate = max(ZERO, subsidy_rate(tool, package))
    alternative = request.alternative_group
    return Pair(package.id, request.tool, request.amount_usd, cap, least, rate, alternative, note)


def _tenor(study: Study, tool: Tool, request: Request) -> str:
    longest = tool.tenor_at_most
    if longest is None:
        return ""
    if isinstance(longest, str):
        dated = study.parameter(longest)
        if dated.value is None:
            return f"not eligible: {longest} is missing ({dated.missing})"
        longest = dated.value
    if request.tenor_years is None:
        return f"not eligible: the tenor is missing (at most {longest:g} years)"
    if exact(request.tenor_years) > exact(longest):
        return f"not eligible: {request.tenor_years:g} years, at most {longest:g}"
    return ""


def subsidy_rate(tool: Tool, package: Package) -> Fraction:
    """Return the credit-reform cost of a dollar; an unknown or unlisted value takes the most."""
    table = tool.subsidy.rate
    if not isinstance(table, RateTable):
        return exact(table)
    datum = package.attribute(table.by)
    if not isinstance(datum, Missing):
        for key, rate in table.rates.items():
            if label(key) == label(datum.value):
                return exact(rate)
    return greatest(table.rates.values())


def asks(pairs: Collection[tuple[Fraction, str | None]]) -> Fraction:
    """Return the sum of what is asked; of alternatives only the greatest counts."""
    alone = sum((amount for amount, group in pairs if group is None), ZERO)
    greatest_of: dict[str, Fraction] = defaultdict(lambda: ZERO)
    for amount, group in pairs:
        if group is not None:
            greatest_of[group] = max(greatest_of[group], amount)
    return alone + sum(greatest_of.values(), ZERO)
