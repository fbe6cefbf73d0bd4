"""Whether tools and limits name what exists, and can be met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from evaluator.errors import Problem
from evaluator.loading.checks.naming import unknown
from evaluator.loading.checks.references import of_tools
from evaluator.loading.documents.located import Node
from evaluator.loading.tables.cells import MOST_MONEY, number
from evaluator.loading.tables.columns import NUMBERS, filterable, misfits
from evaluator.model.base import MONEY, Missing
from evaluator.model.country import Attribute
from evaluator.model.financing import (
    GROUPS,
    TOLD,
    Bound,
    Filter,
    Institution,
    LeastOf,
    Limit,
    Parameter,
    RateTable,
    ShareOf,
    Span,
    SumOf,
    TermTable,
    Tool,
    TotalOf,
)
from evaluator.model.study import Study

_SHARES = ("share", "multiple")
"""Units of the parameters that may be a share of an amount."""
_FLAGS = ("yes", "no", "true", "false", "1", "0")


@dataclass(frozen=True)
class _Known:
    """What tools and limits may name."""

    study: Study
    filters: Mapping[str, Attribute]

    @property
    def money(self) -> tuple[str, ...]:
        """Units of the parameters that may be an amount."""
        currency = self.study.scenario.currency
        return (MONEY, *([currency.code] if currency else []))

    def of_unit(self, value: float | None, unit: str, where: str) -> Iterator[Problem]:
        """Yield why a number cannot be of a unit: shares run from 0 to 1, amounts are whole."""
        if value is None:
            return
        if unit == "share" and value > 1:
            yield Problem(where, f"the share {value:g} is above 1.", "Write 25 % as 0.25.")
        if unit in self.money and not value.is_integer():
            yield Problem(where, f"{value:,} is not a whole number.", "Round the amount.")
        if unit in self.money and value > MOST_MONEY:
            yield Problem(where, f"{value:g} is above 10^15.", "Check the number.")

    def columns(self, *types: str) -> list[str]:
        """Return the columns of packages that are of some types."""
        return [a.id for a in self.study.package_attributes if a.type in types]

    def named(
        self, name: str, units: Sequence[str], where: str, what: str = "the parameter", *own: str
    ) -> Iterator[Problem]:
        """Check that a parameter of one of some units is named, or one of the columns `own`."""
        parameter = self.study.parameters.get(name)
        if parameter is None:
            yield from unknown(name, [*self.study.parameters, *own], what, where)
        elif parameter.unit not in units:
            asked = " or ".join(f"'{unit}'" for unit in units)
            fact = f"the parameter '{name}' is in '{parameter.unit}'; {asked} is needed here."
            yield Problem(where, fact, "Name another parameter, or mend its unit.")


def in_financing(study: Study, nodes: Mapping[str, Node]) -> Iterator[Problem]:
    """Check parameters, columns and tools that tools and limits name.

    nodes: the institutions' documents.
    """
    filters = filterable(study.package_attributes, study.country_attributes, study.countries)
    known = _Known(study, filters)
    for institution in study.institutions:
        node = nodes[institution.institution]

        def at(part: str, index: int, name: str, node: Node = node) -> str:
            return f"{node.nearest((part, index)).where}, {name}"

        for i, parameter in enumerate(institution.parameters):
            yield from _dated(parameter, study, at("parameters", i, parameter.id))
            for j, dated in enumerate(parameter.values):
                place = node.nearest(("parameters", i, "values", j, "value")).where
                yield from known.of_unit(dated.value, parameter.unit, f"{place}, {parameter.id}")
        for i, tool in enumerate(institution.tools):
            of_tool = partial(_condition, node, ("tools", i), "eligible", tool.id)
            yield from misfits(tool.eligible, filters, of_tool)
            yield from _tool(tool, known, at("tools", i, tool.id))
        yield from _appropriated(institution, study, node)
        for i, limit in enumerate(institution.limits):
            of_limit = partial(_condition, node, ("limits", i), "packages", limit.id)
            yield from misfits(limit.packages, filters, of_limit)
            yield from _limit(limit, known, at("limits", i, limit.id))


def _condition(node: Node, entry: tuple[str, int], part: str, owner: str, name: str) -> str:
    """Return where a condition of a filter stands: a file's line, or the option that set it."""
    return f"{node.nearest((*entry, part, name)).where}, {owner}"


def _appropriated(institution: Institution, study: Study, node: Node) -> Iterator[Problem]:
    """Check that a continuing resolution finds what each tool had in the year before."""
    state = institution.appropriation(study.as_of)
    for i, tool in enumerate(institution.tools):
        if state is not None and state.state == "continuing" and tool.last_year is None:
            where = f"{node.nearest(('tools', i)).where}, {tool.id}"
            fact = f"a continuing resolution holds from {state.from_}, and last_year is not stated."
            yield Problem(where, fact, "State what the tool had in the year before.")


def _dated(parameter: Parameter, study: Study, where: str) -> Iterator[Problem]:
    if parameter.on(study.as_of) is None:
        first = parameter.values[0].from_
        fact = f"has no value on {study.as_of}; its first is of {first}."
        yield Problem(where, fact, "Choose a later as_of, or add the earlier value.")


def _tool(tool: Tool, known: _Known, where: str) -> Iterator[Problem]:
    rate = tool.subsidy.rate
    if isinstance(rate, RateTable):
        yield from _listed(rate.by, rate.rates, "rate", known, where)
        if not rate.rates:
            fact = "the table of subsidy rates is empty."
            yield Problem(where, fact, "State a rate for each value.")
    for cost in rate.rates.values() if isinstance(rate, RateTable) else (rate,):
        if not -1 <= cost <= 1:
            fact = f"the subsidy rate {cost:g} is the cost of a dollar, and beyond a dollar."
            yield Problem(where, fact, "Write 5 % as 0.05.")
    yield from _thresholds(tool.eligible, known, where)
    for name in (tool.envelope.beside, tool.last_year):
        if isinstance(name, str):
            yield from known.named(name, known.money, where)
    terms = tool.tenor_at_most
    if isinstance(terms, TermTable):
        yield from _listed(terms.by, terms.years, "term", known, where)
    for term in terms.years.values() if isinstance(terms, TermTable) else (terms,):
        if isinstance(term, str):
            yield from known.named(term, ("years",), where)
        elif term is not None and term <= 0:
            fact = f"tenor_at_most is {term:g} years: nothing could be served."
            yield Problem(where, fact, "Write a number above 0.")


def _listed(
    by: str, values: Iterable[str], what: str, known: _Known, where: str
) -> Iterator[Problem]:
    """Check the values of a column for each of which a table states something."""
    columns = {a.id: a for a in known.study.package_attributes}
    yield from unknown(by, columns, "the column", where)
    column = columns.get(by)
    if column is None:
        return
    for value in values:
        if column.one_of is not None:
            yield from unknown(value, column.one_of, "the value", where)
        elif column.type == "flag":
            yield from unknown(value, _FLAGS, "the value", where)
        elif column.type in NUMBERS and not _is_number(value):
            fact = f"there is a {what} for '{value}', but the column '{column.id}' holds numbers."
            yield Problem(where, fact, 'Write the number as text, such as "1".')


def _thresholds(conditions: Filter, known: _Known, where: str) -> Iterator[Problem]:
    """Check the parameters that stand for numbers in conditions: they must be known."""
    for condition in conditions.values():
        for name in condition.parameters.values() if isinstance(condition, Span) else ():
            yield from unknown(name, known.study.parameters, "the parameter", where)
            parameter = known.study.parameters.get(name)
            dated = parameter.on(known.study.as_of) if parameter else None
            if dated is not None and dated.value is None:
                fact = f"the parameter '{name}' is missing: what the condition asks is not known."
                yield Problem(where, fact, "State its value, or write a number.")


def _is_number(text: str) -> bool:
    try:
        number(text)
    except ValueError:
        return False
    return True


def _limit(limit: Limit, known: _Known, where: str) -> Iterator[Problem]:
    yield from unknown(limit.per, [*GROUPS, *known.columns("text")], "the group", where)
    yield from of_tools(limit.tools, known.study, where)
    yield from _thresholds(limit.packages, known, where)
    yield from _bound(limit.bound, limit, known, where)
    yield from _alike(limit, known.study, where)
    yield from _notice(limit, known, where)
    if limit.weigh_by is not None:
        yield from unknown(limit.weigh_by, known.columns("share"), "the share column", where)
    if isinstance(limit.plus, str):
        columns = known.columns("money") if _own(limit) else ()
        yield from known.named(limit.plus, known.money, where, "the parameter or amount", *columns)
    if limit.when is not None:
        parameters = known.study.parameters
        yield from unknown(limit.when.parameter, parameters, "the parameter", where)
        if limit.when.parameter in parameters:
            unit, threshold = parameters[limit.when.parameter].unit, limit.when.at_least
            if isinstance(threshold, str):
                yield from known.named(threshold, (unit,), where)
            else:
                yield from known.of_unit(threshold, unit, f"{where}, when")


def _notice(limit: Limit, known: _Known, where: str) -> Iterator[Problem]:
    """Check what a notice has to tell, and what its clock counts by."""
    columns = {a.id: a for a in known.study.package_attributes}
    for one in limit.contents:
        yield from unknown(one.of, [*TOLD, *columns], "the content", where)
        yield from misfits(one.packages, known.filters, where)
        yield from _thresholds(one.packages, known, where)
    clock = limit.clock
    if clock is None:
        return
    if clock.calendar is not None:
        yield from unknown(clock.calendar, known.study.calendar_by_id, "the calendar", where)
    if clock.started is not None:
        yield from unknown(clock.started, known.columns("date"), "the date column", where)


def _bound(bound: Bound, limit: Limit, known: _Known, where: str) -> Iterator[Problem]:
    if isinstance(bound, TotalOf):
        for part in bound.sum:
            yield from _bound(part, limit, known, where)
        if any(_sums(part) for part in bound.sum):
            fact = "a share of a sum of amounts stands in a sum of bounds."
            yield Problem(where, fact, "Write it as a limit of its own.")
    elif isinstance(bound, LeastOf):
        for part in bound.min:
            yield from _bound(part, limit, known, where)
        sums = [p for p in bound.min if isinstance(p, ShareOf) and isinstance(p.of, SumOf)]
        if sums and limit.at_least is not None and len(bound.min) > 1:
            fact = "at_least takes no least of several with a share of a sum: it is not linear."
            yield Problem(where, fact, "Write it as several limits.")
    elif isinstance(bound, ShareOf):
        yield from _share(bound, limit, known, where)
    elif isinstance(bound, str):
        columns = known.columns("money") if _own(limit) else ()
        yield from known.named(bound, known.money, where, "the parameter or amount", *columns)


def _own(limit: Limit) -> bool:
    """Return whether its groups are packages, or such as packages state themselves."""
    return limit.per == "package" or limit.per not in GROUPS


def _sums(bound: Bound) -> bool:
    """Return whether a bound has a share of a sum of amounts in it."""
    if isinstance(bound, LeastOf | TotalOf):
        return any(_sums(one) for one in (bound.min if isinstance(bound, LeastOf) else bound.sum))
    return isinstance(bound, ShareOf) and isinstance(bound.of, SumOf)


def _named(bound: Bound) -> set[str]:
    """Return the parameters and columns that a bound names."""
    if isinstance(bound, LeastOf | TotalOf):
        every = bound.min if isinstance(bound, LeastOf) else bound.sum
        return {name for one in every for name in _named(one)}
    parts = (bound.share, bound.of) if isinstance(bound, ShareOf) else (bound,)
    return {one for one in parts if isinstance(one, str)}


def _alike(limit: Limit, study: Study, where: str) -> Iterator[Problem]:
    """Check that packages of one group of a column state the same of what bounds it."""
    if limit.per in GROUPS:
        return
    used = _named(limit.bound) | _named(limit.plus)
    for name in sorted(used - study.parameters.keys()):
        first: dict[object, tuple[str, object]] = {}
        for package in study.packages:
            of, datum = package.attribute(limit.per), package.attribute(name)
            if isinstance(of, Missing):
                continue
            stated = None if isinstance(datum, Missing) else datum.value
            other, before = first.setdefault(of.value, (package.id, stated))
            if stated != before:
                fact = (
                    f"of {limit.per} '{of.value}', {other} and {package.id} state another {name}."
                )
                yield Problem(where, fact, "Mend one of the two in packages.")


def _share(bound: ShareOf, limit: Limit, known: _Known, where: str) -> Iterator[Problem]:
    if isinstance(bound.share, str):
        columns = known.columns("share") if _own(limit) else ()
        yield from known.named(bound.share, _SHARES, where, "the parameter or share", *columns)
    if isinstance(bound.of, SumOf):
        yield from of_tools(bound.of.tools, known.study, where)
        yield from misfits(bound.of.packages, known.filters, where)
        yield from _thresholds(bound.of.packages, known, where)
        if isinstance(bound.of.plus, str):
            yield from known.named(bound.of.plus, known.money, where)
    else:
        yield from _bound(bound.of, limit, known, where)
