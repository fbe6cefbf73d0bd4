"""What may be served of each request, read a second time, for the certificate.

What a requirement decides is given to both, as scores and designation are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from evaluator.allocation.verify.filters import Match, fact_of, fraction, plain
from evaluator.model.financing import TermTable
from evaluator.model.package import Package, Request
from evaluator.model.study import Study, names
from evaluator.scoring.gates import decide

Eligible = Mapping[tuple[str, str], int]
"""Whole dollars that may be served, by package and tool."""


def eligible_dollars(study: Study) -> Callable[[Package, Request], int]:
    """Return what tells the whole dollars of a request that may be served.

    That is 0 where its minimum is above. What a requirement decides of a package is asked once.
    """
    binding = {
        tool: [
            place
            for place, one in enumerate(study.requirements)
            if any(names(pattern, tool) for pattern in one.binds) and one.holds_on(study.as_of)
        ]
        for tool in study.tools
    }
    match = {name: Match(study, tool.eligible, benefit=False) for name, tool in study.tools.items()}

    @cache
    def passed(package: str, requirement: int) -> bool:
        wanted = study.requirements[requirement]
        return decide(study, study.package_by_id[package], wanted)[0] == "passed"

    def eligible(package: Package, request: Request) -> int:
        tool, authority = study.tools[request.tool], study.institution_of[request.tool].authority
        if authority is not None and study.as_of > authority.lapses_on:
            return 0
        if state_of(study, request.tool) == "none":
            return 0
        if not all(passed(package.id, one) for one in binding[request.tool]):
            return 0
        for term in _terms(package, tool.tenor_at_most):
            longest = study.parameter(term).value if isinstance(term, str) else term
            asked = request.tenor_years
            if longest is None or asked is None or fraction(asked) > fraction(longest):
                return 0
        part = match[request.tool].share(package)
        most = (request.amount_usd * part.numerator) // part.denominator
        return most if most >= max(tool.minimum_ticket, request.minimum_usd) else 0

    return eligible


def state_of(study: Study, tool: str) -> str:
    """Return the latest state of appropriation that has begun; empty before any has."""
    begun = [one for one in study.institution_of[tool].appropriations if one.from_ <= study.as_of]
    return begun[-1].state if begun else ""


def _terms(package: Package, longest: Any) -> list[Any]:
    """Return the terms that a request must not exceed: all of a table that does not list it."""
    if not isinstance(longest, TermTable):
        return [] if longest is None else [longest]
    every, value = list(longest.years.values()), fact_of(package, longest.by)
    if value is None:
        return every
    return [y for k, y in longest.years.items() if plain(k) == plain(value)][:1] or every
