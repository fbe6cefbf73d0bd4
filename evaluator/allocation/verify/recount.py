"""The study read a second time, for the certificate: limits.

Nothing here is shared with the code that builds the program: what is got wrong in one place is
caught in the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, Literal

from evaluator.allocation.verify.eligible import state_of
from evaluator.allocation.verify.filters import (
    Exact,
    Match,
    fact_of,
    fraction,
    plain,
    times,
)
from evaluator.allocation.verify.findings import LimitBroken
from evaluator.allocation.verify.holders import Tops, groups_of_entities
from evaluator.model.financing import (
    GROUPS,
    Bound,
    LeastOf,
    Limit,
    RateTable,
    ShareOf,
    SumOf,
    TotalOf,
)
from evaluator.model.package import Package
from evaluator.model.study import Study, names

Room = tuple[Exact, Exact, int]
"""Of a bound: what is fixed, what share it is of a sum of amounts, and which sum that is."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Dollars of one tool to one package; 0 where a request that could be served was not."""

    package: Package
    tool: str
    amount: int


Recount = Callable[[list[Flow], Mapping[str, int]], Iterator[LimitBroken]]
"""Yields the limits of law that flows break, under some envelopes that are not the study's."""


def recount(study: Study) -> Recount:
    """Return a function of flows that yields every limit of law that they break, and by how much.

    What no amount moves is worked out once. Envelopes other than the study's may be given with the
    flows, in whole USD by tool.
    """
    tops = groups_of_entities(study.entities)
    limits = [
        _limit(study, name, limit, tops)
        for name, limit in study.limits.items()
        if limit.kind == "law" and not _ignored(study, name) and _in_force(study, limit)
    ]

    def broken(flows: list[Flow], envelopes: Mapping[str, int]) -> Iterator[LimitBroken]:
        sums = dict.fromkeys(study.tools, 0)
        for flow in flows:
            sums[flow.tool] += flow.amount
        for name, given in sums.items():
            most = envelopes.get(name, study.tools[name].envelope.amount)
            if given > most and not _ignored(study, f"{name}.envelope"):
                yield LimitBroken(f"{name}.envelope", "", "at_most", given, most, given - most)
            told = state_of(study, name) == "continuing"
            if told and not _ignored(study, f"{name}.appropriation"):
                yield from _continued(study, name, given)
        for limit in limits:
            yield from limit(flows)

    return broken


def _continued(study: Study, tool: str, given: int) -> Iterator[LimitBroken]:
    states = [x for x in study.institution_of[tool].appropriations if x.from_ <= study.as_of]
    year = _number(study, study.tools[tool].last_year or 0, None)
    most = fraction(states[-1].rate) * (year[0] if year else 0)
    if given > most:
        over = float(given - most)
        yield LimitBroken(f"{tool}.appropriation", "", "at_most", given, float(most), over)


def _ignored(study: Study, name: str) -> bool:
    patterns = study.scenario.allocation.ignore
    return name in patterns or "kind:law" in patterns


def _in_force(study: Study, limit: Limit) -> bool:
    day = study.as_of
    if (limit.from_ and day < limit.from_) or (limit.until and day > limit.until):
        return False
    if limit.when is None:
        return True
    value = study.parameter(limit.when.parameter).value
    threshold = _number(study, limit.when.at_least, None)
    return value is not None and threshold is not None and fraction(value) >= threshold[0]


def _limit(
    study: Study, name: str, limit: Limit, tops: Tops
) -> Callable[[list[Flow]], Iterator[LimitBroken]]:
    upper = limit.at_most is not None
    sense: Literal["at_most", "at_least"] = "at_most" if upper else "at_least"
    match = Match(study, limit.packages, benefit=upper)
    under, used = _under(study, limit, limit.tools), _used(study, limit, match, tops, upper=upper)
    bases = [
        (id(base), _under(study, limit, base.tools), _sum(study, base, upper=upper))
        for base in _bases(limit.bound)
    ]
    owed, subjects = _owed(study, limit, tops), _subjects(study, limit)

    @cache
    def rooms(group: str) -> Sequence[Room] | None:
        subject = subjects.get(group)
        return _rooms(study, limit, match, subject, owed.get(group, 0), upper=upper)

    def broken(flows: list[Flow]) -> Iterator[LimitBroken]:
        sums = {base: added(below(flows)) for base, below, added in bases}
        # no upper limit is broken by nothing
        taking = [flow for flow in under(flows) if flow.amount or not upper]
        for group, amount in used(taking).items():
            parts = rooms(group)
            if parts is None:
                if upper and amount:
                    yield LimitBroken(name, group, sense, float(amount), None, 0.0)
                continue
            room = min(
                fixed + share * sums.get(base, 0) if share else fixed
                for fixed, share, base in parts
            )
            if amount > room if upper else amount < room:
                by = abs(amount - room)
                yield LimitBroken(name, group, sense, float(amount), float(room), float(by))

    return broken


def _under(
    study: Study, limit: Limit, patterns: Iterable[str]
) -> Callable[[Iterable[Flow]], list[Flow]]:
    """Return what picks the flows of some tools; where packages count, 1 for each that gets any."""
    tools = {tool for tool in study.tools if any(names(one, tool) for one in patterns)}

    def under(flows: Iterable[Flow]) -> list[Flow]:
        kept = [flow for flow in flows if flow.tool in tools]
        if limit.measure != "packages":
            return kept
        found: dict[str, Flow] = {}
        for flow in kept:
            before = found.get(flow.package.id)
            any_ = bool(flow.amount or (before is not None and before.amount))
            found[flow.package.id] = Flow(flow.package, flow.tool, int(any_))
        return list(found.values())

    return under


def _used(
    study: Study, limit: Limit, match: Match, tops: Tops, *, upper: bool
) -> Callable[[Iterable[Flow]], dict[str, Exact]]:
    """Return what adds up what is used of a limit by group, what got nothing among it."""
    by_tool = limit.measure == "subsidy"
    parts: dict[tuple[str, str], tuple[tuple[str, int, int], ...]] = {}
    same: dict[tuple[tuple[str, int, int], ...], tuple[tuple[str, int, int], ...]] = {}

    def part(flow: Flow) -> tuple[tuple[str, int, int], ...]:
        """Return what a dollar adds to each group that it counts in, as above and below."""
        dollar = _weight(study, limit, flow, upper=upper)
        shares = _shares(limit, match, flow.package, tops, upper=upper)
        every = [(group, times(dollar, share)) for group, share in shares if dollar]
        found = tuple((group, one.numerator, one.denominator) for group, one in every)
        return same.setdefault(found, found)

    def used(flows: Iterable[Flow]) -> dict[str, Exact]:
        dollars: dict[tuple[str, int, int], int] = defaultdict(int)
        for flow in flows:
            key = flow.package.id, flow.tool if by_tool else ""
            if key not in parts:
                parts[key] = part(flow)
            for one in parts[key]:
                dollars[one] += flow.amount
        found: dict[str, Exact] = {"": 0} if limit.per == "program" else {}
        for (group, above, below), amount in dollars.items():
            dollar = above * amount if below == 1 else Fraction(above * amount, below)
            found[group] = found.get(group, 0) + dollar
        return found

    return used


def _weight(study: Study, limit: Limit, flow: Flow, *, upper: bool) -> Exact:
    weight: Exact = 1
    if limit.weigh_by is not None:
        stated = fact_of(flow.package, limit.weigh_by)
        weight = fraction(stated) if stated is not None else int(upper)
    if limit.measure == "subsidy":
        weight *= max(0, _rate(study, flow))
    return weight


def _rate(study: Study, flow: Flow) -> Exact:
    table = study.tools[flow.tool].subsidy.rate
    if not isinstance(table, RateTable):
        return fraction(table)
    value = fact_of(flow.package, table.by)
    listed = [r for k, r in table.rates.items() if value is not None and plain(k) == plain(value)]
    return fraction(listed[0]) if listed else max(map(fraction, table.rates.values()))


def _shares(
    limit: Limit, match: Match, package: Package, tops: Tops, *, upper: bool
) -> list[tuple[str, Exact]]:
    """Return the groups that a package's support counts in, each with its share."""
    part = match.share(package)
    if not part:
        return []
    if limit.per in ("program", "package"):
        return [("" if limit.per == "program" else package.id, part)]
    if limit.per in ("country", "bloc"):
        found = match.targets(package)
        named = [(c if limit.per == "country" else b, share) for c, b, share in found]
        return [(group, share) for group, share in named if upper or group != "(unknown)"]
    if limit.per == "entity" and package.members:
        shares = [(m.entity, fraction(m.exposure_share)) for m in package.members]
        return [(tops[entity], times(part, share)) for entity, share in shares]
    if limit.per in ("entity", "anchor"):
        anchors = [m.entity for m in package.members if m.role == "anchor"]
        return [(tops[anchors[0]] if anchors else package.id, part)]
    value = fact_of(package, limit.per)
    if value is None:
        return [("(unknown)", part)] if upper else []
    return [(str(value), part)]


def _bases(bound: Bound) -> list[SumOf]:
    if isinstance(bound, LeastOf):
        return [base for one in bound.min for base in _bases(one)]
    return [bound.of] if isinstance(bound, ShareOf) and isinstance(bound.of, SumOf) else []


def _sum(study: Study, base: SumOf, *, upper: bool) -> Callable[[list[Flow]], Exact]:
    """Return what adds up the sum that a share is of; the doubt goes against what it allows."""
    match = Match(study, base.packages, benefit=not upper)
    parts: dict[str, Exact] = {}

    def added(flows: list[Flow]) -> Exact:
        dollars: dict[Exact, int] = defaultdict(int)
        for flow in flows:
            if flow.amount:
                name = flow.package.id
                if name not in parts:
                    parts[name] = match.share(flow.package)
                dollars[parts[name]] += flow.amount
        return sum(part * amount for part, amount in dollars.items())

    return added


def _subjects(study: Study, limit: Limit) -> Mapping[str, Package]:
    """Return whose facts bound a group: the package, or the first that states the group."""
    if limit.per == "package":
        return study.package_by_id
    if limit.per in GROUPS:
        return {}
    last_first = sorted(study.packages, key=lambda package: package.id, reverse=True)
    return {str(fact_of(package, limit.per)): package for package in last_first}


def _rooms(
    study: Study, limit: Limit, match: Match, package: Package | None, owed: int, *, upper: bool
) -> Sequence[Room] | None:
    """Return the bounds less existing exposure; None if a fact that one needs is unknown.

    An upper limit that existing exposure overruns leaves nothing, and asks for nothing back.
    """
    part: Exact = 1
    if package is not None and limit.per == "package":
        part = match.share(package)
    plus = _number(study, limit.plus, package)
    if plus is None:
        return None
    rooms: list[Room] = []
    used = plus[0] + owed
    for one in _flat(limit.bound):
        found = _fixed(study, one, package, part)
        if found is None:
            return None
        fixed, share = found
        room = fixed - used if used else fixed
        base = id(getattr(one, "of", None))
        rooms.append((max(room, 0) if upper else room, share, base))
    return rooms


def _owed(study: Study, limit: Limit, tops: Tops) -> dict[str, int]:
    """Return what is outstanding to groups of entities already, if the limit counts it."""
    found: dict[str, int] = defaultdict(int)
    if not limit.outstanding:
        return found
    lenders = {
        i.institution
        for name, i in study.institution_of.items()
        if any(names(pattern, name) for pattern in limit.tools)
    }
    for entity in study.entities:
        for exposure in entity.exposures:
            if exposure.institution in lenders:
                found[tops[entity.id]] += exposure.amount_usd
    return found


def _flat(bound: Bound) -> list[Bound]:
    if isinstance(bound, LeastOf):
        return [part for one in bound.min for part in _flat(one)]
    return [bound]


def _fixed(
    study: Study, bound: Bound, package: Package | None, part: Exact
) -> tuple[Exact, Exact] | None:
    """Return the constant of a bound, and the share that it is of a sum of amounts."""
    if isinstance(bound, TotalOf):
        terms = [[_fixed(study, x, package, part) for x in _flat(one)] for one in bound.sum]
        known = [[x[0] for x in term if x is not None] for term in terms]
        if any(len(term) < len(every) for term, every in zip(known, terms, strict=True)):
            return None
        return sum(map(min, known)), 0
    if not isinstance(bound, ShareOf):
        number = _number(study, bound, package)
        return None if number is None else (times(part, number[0]) if number[1] else number[0], 0)
    share = _number(study, bound.share, package)
    of = bound.of.plus if isinstance(bound.of, SumOf) else bound.of
    base = _number(study, of, package)
    if share is None or base is None:
        return None
    scale = part if base[1] and not isinstance(bound.of, SumOf) else 1
    return times(scale, times(share[0], base[0])), share[0]


def _number(study: Study, number: Any, package: Package | None) -> tuple[Exact, bool] | None:
    """Return a number, and whether it is the package's own; None if it is unknown."""
    if not isinstance(number, str):
        return fraction(number), False
    if number in study.parameters:
        value = study.parameter(number).value
        return None if value is None else (fraction(value), False)
    stated = None if package is None else fact_of(package, number)
    return None if stated is None else (fraction(stated), True)
