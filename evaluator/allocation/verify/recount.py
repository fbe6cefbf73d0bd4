"""The study read a second time, for the certificate: filters, eligible dollars, limits.

Nothing here is shared with the code that builds the program: what is got wrong in one place is
caught in the other. What a requirement decides is given to both, as scores and designation are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from evaluator.allocation.verify.findings import LimitBroken
from evaluator.allocation.verify.holders import Tops, groups_of_entities
from evaluator.model.base import Known
from evaluator.model.country import Country
from evaluator.model.financing import (
    Bound,
    Filter,
    LeastOf,
    Limit,
    RateTable,
    ShareOf,
    Span,
    SumOf,
    TermTable,
)
from evaluator.model.package import Package, Request
from evaluator.model.study import Study, names
from evaluator.scoring.gates import decide

Eligible = Mapping[tuple[str, str], int]
"""Whole dollars that may be served, by package and tool."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Dollars of one tool to one package; 0 where a request that could be served was not."""

    package: Package
    tool: str
    amount: int


@lru_cache(maxsize=65_536)
def fraction(number: Any) -> Fraction:
    """Return a number as the decimal it was written as."""
    return Fraction(str(number)) if isinstance(number, float) else Fraction(number)


def eligible_dollars(study: Study, package: Package, request: Request) -> int:
    """Return the whole dollars of a request that may be served; 0 where its minimum is above."""
    tool, authority = study.tools[request.tool], study.institution_of[request.tool].authority
    if authority is not None and study.as_of > authority.lapses_on:
        return 0
    if _state(study, request.tool) == "none":
        return 0
    for requirement in study.requirements:
        bound = any(names(pattern, request.tool) for pattern in requirement.binds)
        if (
            bound
            and requirement.holds_on(study.as_of)
            and decide(study, package, requirement)[0] != "passed"
        ):
            return 0
    for term in _terms(package, tool.tenor_at_most):
        longest = study.parameter(term).value if isinstance(term, str) else term
        asked = request.tenor_years
        if longest is None or asked is None or fraction(asked) > fraction(longest):
            return 0
    part = _part(study, package, tool.eligible, benefit=False)
    most = (request.amount_usd * part.numerator) // part.denominator
    return most if most >= max(tool.minimum_ticket, request.minimum_usd) else 0


def _state(study: Study, tool: str) -> str:
    """Return the latest state of appropriation that has begun; empty before any has."""
    begun = [one for one in study.institution_of[tool].appropriations if one.from_ <= study.as_of]
    return begun[-1].state if begun else ""


def _terms(package: Package, longest: Any) -> list[Any]:
    """Return the terms that a request must not exceed: all of a table that does not list it."""
    if not isinstance(longest, TermTable):
        return [] if longest is None else [longest]
    every, value = list(longest.years.values()), _stated(package, longest.by)
    if value is None:
        return every
    return [y for k, y in longest.years.items() if _plain(k) == _plain(value)][:1] or every


def broken_limits(study: Study, flows: list[Flow]) -> Iterator[LimitBroken]:
    """Yield every limit of law that amounts break, and by how much."""
    for name, tool in study.tools.items():
        given = sum(flow.amount for flow in flows if flow.tool == name)
        if given > tool.envelope.amount and not _ignored(study, f"{name}.envelope"):
            most = tool.envelope.amount
            yield LimitBroken(f"{name}.envelope", "", "at_most", given, most, given - most)
        if _state(study, name) == "continuing" and not _ignored(study, f"{name}.appropriation"):
            yield from _continued(study, name, given)
    tops = groups_of_entities(study.entities)
    for name, limit in study.limits.items():
        if limit.kind == "law" and not _ignored(study, name) and _in_force(study, limit):
            yield from _limit(study, name, limit, flows, tops)


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


@lru_cache(maxsize=65_536)
def _plain(value: Any) -> Fraction | str:
    """Flags are 1 or yes, 0 or no; numbers compare as numbers, the rest as text."""
    text = str(value).strip()
    text = {"yes": "1", "true": "1", "no": "0", "false": "0"}.get(text.lower(), text)
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text


def _meets(condition: Any, value: Any) -> bool:
    if isinstance(condition, Span):
        number = fraction(value)
        bounds = {name: fraction(bound) for name, bound in condition.numbers.items()}
        return (
            number >= bounds.get("at_least", number)
            and number <= bounds.get("at_most", number)
            and ("above" not in bounds or number > bounds["above"])
            and ("below" not in bounds or number < bounds["below"])
        )
    wanted = condition if isinstance(condition, tuple) else (condition,)
    return any(_plain(value) == _plain(one) for one in wanted)


def _stated(package: Package, name: str) -> Any:
    datum = package.attributes.get(name)
    return datum.value if isinstance(datum, Known) else None


def _countries(
    study: Study, package: Package, conditions: Filter, *, benefit: bool
) -> list[tuple[str, str, Fraction]]:
    """Return country, bloc and share of the targets that match; `benefit`: of the doubt."""
    for name, condition in conditions.items():
        value = _stated(package, name)
        if not name.startswith("host.") and not (
            benefit if value is None else _meets(condition, value)
        ):
            return []
    hosts = [(n[5:], c) for n, c in conditions.items() if n.startswith("host.")]
    if not package.targets:
        return [("(unknown)", "(unknown)", Fraction(1))] if benefit or not hosts else []
    found: list[tuple[str, str, Fraction]] = []
    for named in dict.fromkeys((target.bloc or target.country) for target in package.targets):
        mine = [one for one in package.targets if (one.bloc or one.country) == named]
        kept = [_kept(study, target.country, hosts, benefit=benefit) for target in mine]
        if any(kept) if benefit else all(kept):
            share = fraction(mine[0].share) / len(mine)
            found += [(t.country, study.country_by_id[t.country].bloc, share) for t in mine]
    return found


def _kept(study: Study, name: str, hosts: list[tuple[str, Any]], *, benefit: bool) -> bool:
    facts = ((_of_country(study.country_by_id[name], n), one) for n, one in hosts)
    return all(benefit if fact is None else _meets(one, fact) for fact, one in facts)


def _of_country(country: Country, name: str) -> Any:
    if name in ("id", "bloc", "name"):
        return getattr(country, name)
    datum = country.attributes.get(name)
    return datum.value if isinstance(datum, Known) else None


def _part(study: Study, package: Package, conditions: Filter, *, benefit: bool) -> Fraction:
    """Return the share of a package that matches: all of it if all its targets do."""
    if not conditions:
        return Fraction(1)
    found = _countries(study, package, conditions, benefit=benefit)
    if len(found) >= max(1, len(package.targets)):
        return Fraction(1)
    return sum((share for _, _, share in found), Fraction(0))


def _limit(
    study: Study, name: str, limit: Limit, flows: list[Flow], tops: Tops
) -> Iterator[LimitBroken]:
    upper = limit.at_most is not None
    tools = {tool for tool in study.tools if any(names(one, tool) for one in limit.tools)}
    under = [flow for flow in flows if flow.tool in tools]
    used = _used(study, limit, under, tops, upper=upper)
    sums = {id(base): _sum(study, base, flows, upper=upper) for base in _bases(limit.bound)}
    owed = _owed(study, limit, tops)
    for group, amount in used.items():
        if upper and not amount:
            continue  # no upper limit is broken by nothing
        subject = study.package_by_id[group] if limit.per == "package" else None
        room = _room(study, limit, subject, sums, owed.get(group, 0), upper=upper)
        sense: Literal["at_most", "at_least"] = "at_most" if upper else "at_least"
        by = Fraction(0) if room is None else amount - room if upper else room - amount
        if (room is None and upper and amount) or by > 0:
            bound = None if room is None else float(room)
            yield LimitBroken(name, group, sense, float(amount), bound, float(by))


def _used(
    study: Study, limit: Limit, flows: Iterable[Flow], tops: Tops, *, upper: bool
) -> dict[str, Fraction]:
    """Return what is used of a limit by group, those with a request that got nothing among them."""
    shares: dict[str, list[tuple[str, Fraction]]] = {}
    dollars: dict[tuple[str, int, int], int] = defaultdict(int)
    for flow in flows:
        dollar = _weight(study, limit, flow, upper=upper)
        if flow.package.id not in shares:
            found = _shares(study, limit, flow.package, tops, upper=upper)
            shares[flow.package.id] = found
        for group, share in shares[flow.package.id]:
            part = share if dollar == 1 else dollar * share
            dollars[group, part.numerator, part.denominator] += flow.amount
    used: dict[str, Fraction] = {"": Fraction(0)} if limit.per == "program" else {}
    for (group, above, below), amount in dollars.items():
        if above:
            used[group] = used.get(group, Fraction(0)) + Fraction(above * amount, below)
    return used


def _weight(study: Study, limit: Limit, flow: Flow, *, upper: bool) -> Fraction:
    weight = Fraction(1)
    if limit.weigh_by is not None:
        stated = _stated(flow.package, limit.weigh_by)
        weight = fraction(stated) if stated is not None else Fraction(int(upper))
    if limit.measure == "subsidy":
        weight *= max(Fraction(0), _rate(study, flow))
    return weight


def _rate(study: Study, flow: Flow) -> Fraction:
    table = study.tools[flow.tool].subsidy.rate
    if not isinstance(table, RateTable):
        return fraction(table)
    value = _stated(flow.package, table.by)
    listed = [r for k, r in table.rates.items() if value is not None and _plain(k) == _plain(value)]
    return fraction(listed[0]) if listed else max(map(fraction, table.rates.values()))


def _shares(
    study: Study, limit: Limit, package: Package, tops: Tops, *, upper: bool
) -> list[tuple[str, Fraction]]:
    """Return the groups that a package's support counts in, each with its share."""
    part = _part(study, package, limit.packages, benefit=upper)
    if not part:
        return []
    if limit.per in ("program", "package"):
        return [("" if limit.per == "program" else package.id, part)]
    if limit.per in ("country", "bloc"):
        found = _countries(study, package, limit.packages, benefit=upper)
        named = [(c if limit.per == "country" else b, share) for c, b, share in found]
        return [(group, share) for group, share in named if upper or group != "(unknown)"]
    if limit.per == "entity" and package.members:
        shares = [(m.entity, fraction(m.exposure_share)) for m in package.members]
        return [(tops[entity], part * share) for entity, share in shares]
    if limit.per in ("entity", "anchor"):
        anchors = [m.entity for m in package.members if m.role == "anchor"]
        return [(tops[anchors[0]] if anchors else package.id, part)]
    value = _stated(package, limit.per)
    if value is None:
        return [("(unknown)", part)] if upper else []
    return [(str(value), part)]


def _bases(bound: Bound) -> list[SumOf]:
    if isinstance(bound, LeastOf):
        return [base for one in bound.min for base in _bases(one)]
    return [bound.of] if isinstance(bound, ShareOf) and isinstance(bound.of, SumOf) else []


def _sum(study: Study, base: SumOf, flows: list[Flow], *, upper: bool) -> Fraction:
    """Return the sum that a share is of; the doubt goes against what the share allows."""
    tools = {tool for tool in study.tools if any(names(one, tool) for one in base.tools)}
    dollars: dict[Fraction, int] = defaultdict(int)
    for flow in flows:
        if flow.amount and flow.tool in tools:
            part = _part(study, flow.package, base.packages, benefit=not upper)
            dollars[part] += flow.amount
    return sum((part * amount for part, amount in dollars.items()), Fraction(0))


def _room(
    study: Study,
    limit: Limit,
    package: Package | None,
    sums: Mapping[int, Fraction],
    owed: int,
    *,
    upper: bool,
) -> Fraction | None:
    """Return the bound less existing exposure; None if a fact that it needs is unknown.

    An upper limit that existing exposure overruns leaves nothing, and asks for nothing back.
    """
    part = Fraction(1)
    if package is not None:
        part = _part(study, package, limit.packages, benefit=upper)
    plus = _number(study, limit.plus, package)
    if plus is None:
        return None
    rooms: list[Fraction] = []
    bound = limit.bound
    for one in _flat(bound):
        found = _fixed(study, one, package, part)
        if found is None:
            return None
        fixed, share = found
        moving = share * sums.get(id(getattr(one, "of", None)), Fraction(0))
        room = fixed - plus[0] - owed
        rooms.append((max(room, Fraction(0)) if upper else room) + moving)
    return min(rooms)


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
    study: Study, bound: Bound, package: Package | None, part: Fraction
) -> tuple[Fraction, Fraction] | None:
    """Return the constant of a bound, and the share that it is of a sum of amounts."""
    if not isinstance(bound, ShareOf):
        number = _number(study, bound, package)
        return None if number is None else (number[0] * (part if number[1] else 1), Fraction(0))
    share = _number(study, bound.share, package)
    of = bound.of.plus if isinstance(bound.of, SumOf) else bound.of
    base = _number(study, of, package)
    if share is None or base is None:
        return None
    scale = part if base[1] and not isinstance(bound.of, SumOf) else 1
    return share[0] * base[0] * scale, share[0]


def _number(study: Study, number: Any, package: Package | None) -> tuple[Fraction, bool] | None:
    """Return a number, and whether it is the package's own; None if it is unknown."""
    if not isinstance(number, str):
        return fraction(number), False
    if number in study.parameters:
        value = study.parameter(number).value
        return None if value is None else (fraction(value), False)
    stated = None if package is None else _stated(package, number)
    return None if stated is None else (fraction(stated), True)
