"""The longest repayment terms of tools, and what is wrong with a request's."""

from __future__ import annotations

import math

import numpy as np

from evaluator.allocation.model.exact.numbers import Floats, Places
from evaluator.allocation.model.findings import (
    LongestTermUnknown,
    Stated,
    TermMissing,
    TermTooLong,
    stated,
)
from evaluator.allocation.model.requests.facts import Datum, Facts
from evaluator.model.base import Missing
from evaluator.model.filters import label
from evaluator.model.financing import TermTable, Tool
from evaluator.model.package import Package, Request
from evaluator.model.study import Study
from evaluator.results.findings import Finding


def longest_terms(study: Study, tool: Tool, facts: Facts, packages: Places) -> Floats:
    """Return the longest terms for some packages, in years; less than any where unknown."""
    if not isinstance(tool.tenor_at_most, TermTable):
        return np.full(len(packages), _years(study, tool, Missing()))
    column = facts.of_package(tool.tenor_at_most.by)
    years = [_years(study, tool, datum) for datum in column.data]
    return np.array(years, dtype=np.float64)[column.code[packages]]


def too_long(study: Study, tool: Tool, package: Package, request: Request) -> Finding | None:
    """Return why the term of a request is not eligible; None where it is."""
    table = tool.tenor_at_most
    facts: tuple[Stated, ...] = ()
    datum: Datum = Missing()
    if isinstance(table, TermTable):
        datum = package.attribute(table.by)
        facts = (stated(table.by, package.id, datum),)
    for one in _terms(tool, datum):
        if isinstance(one, str) and study.parameter(one).value is None:
            missing = study.parameter(one).missing or ""
            return LongestTermUnknown(Stated(one, missing=missing))
    longest, years = _years(study, tool, datum), request.tenor_years
    if years is None and longest < math.inf:
        return TermMissing(longest)
    if years is not None and years > longest:
        return TermTooLong(years, longest, facts)
    return None


def _years(study: Study, tool: Tool, datum: Datum) -> float:
    known = (
        study.parameter(term).value if isinstance(term, str) else term
        for term in _terms(tool, datum)
    )
    return min((-math.inf if term is None else term for term in known), default=math.inf)


def _terms(tool: Tool, datum: Datum) -> tuple[str | float, ...]:
    """Return the terms of which the least counts; none where terms are not bounded."""
    table = tool.tenor_at_most
    if not isinstance(table, TermTable):
        return () if table is None else (table,)
    if not isinstance(datum, Missing):
        for value, term in table.years.items():
            if label(value) == label(datum.value):
                return (term,)
    return tuple(table.years.values())
