"""The certificate: every rule and limit worked out again from the study and the amounts alone.

Nothing here is shared with the code that builds the program. Filters, shares, bounds and groups
are read from the study a second time and in another way: as flows of dollars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Any

import pandas as pd

from evaluator.model.base import Known
from evaluator.model.financing import Bound, Filter, LeastOf, Limit, RateTable, ShareOf, Span, SumOf
from evaluator.model.package import Package, Request
from evaluator.model.study import Study


@dataclass(frozen=True)
class _Flow:
    """Dollars of one tool to one package; 0 where a request that could be served was not."""

    package: Package
    tool: str
    amount: int


def certify(study: Study, amounts: pd.DataFrame, designated: Collection[str]) -> tuple[str, ...]:
    """Return every rule and limit of law that whole-dollar amounts break, and by how much.

    amounts: packages x tools, all of the study. Empty when everything holds. Goals are not law
    and are not in it; limits that the scenario ignores are not either.
    """
    shape = list(_table(study, amounts))
    if shape:
        return tuple(shape)
    eligible = {
        (p.id, r.tool): _eligible(study, p, r)
        for p in study.packages
        for r in p.requests
        if p.id in designated
    }
    flows = [
        _Flow(package, tool, int(amounts.at[package.id, tool]))
        for package in study.packages
        for tool in study.tools
        if (package.id, tool) in eligible or amounts.at[package.id, tool]
    ]
    return (
        *_requests(study, flows, eligible, designated),
        *_packages(study, flows, eligible),
        *_overrides(study, flows),
        *_limits(study, flows, eligible),
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


def _fraction(number: Any) -> Fraction:
    return Fraction(str(number)) if isinstance(number, float) else Fraction(number)


def _usd(amount: Fraction | int) -> str:
    return f"{float(amount):,.2f}".removesuffix(".00") + " USD"


def _same(value: Any, wanted: Any) -> bool:
    """Flags are 1 or yes, 0 or no; numbers compare as numbers, the rest as text."""
    left, right = (_plain(one) for one in (value, wanted))
    return left == right


def _plain(value: Any) -> Fraction | str:
    text = str(value).strip()
    flags = {"yes": "1", "true": "1", "no": "0", "false": "0"}
    text = flags.get(text.lower(), text)
    try:
        return Fraction(text)
    except ValueError:
        return text


def _meets(condition: Any, value: Any) -> bool:
    if isinstance(condition, Span):
        number = _fraction(value)
        checks = {
            "at_least": lambda bound: number >= bound,
            "at_most": lambda bound: number <= bound,
            "above": lambda bound: number > bound,
            "below": lambda bound: number < bound,
        }
        stated = condition.model_dump(exclude_none=True)
        return all(checks[name](_fraction(bound)) for name, bound in stated.items())
    return any(
        _same(value, one) for one in (condition if isinstance(condition, tuple) else [condition])
    )


def _known(package: Package, name: str) -> Any:
    datum = package.attributes.get(name)
    return datum.value if isinstance(datum, Known) else None


def _countries(
    study: Study, package: Package, conditions: Filter, benefit: bool
) -> list[tuple[str, str, Fraction]]:
    """Return country, bloc and share of the targets that match; `benefit`: of the doubt."""
    own = [(n, c) for n, c in conditions.items() if not n.startswith("host.")]
    for name, condition in own:
        value = _known(package, name)
        if not (benefit if value is None else _meets(condition, value)):
            return []
    hosts = [(n[5:], c) for n, c in conditions.items() if n.startswith("host.")]
    if not package.targets:
        return [("(unknown)", "(unknown)", Fraction(1))] if benefit or not hosts else []
    found = []
    for target in package.targets:
        country = study.country_by_id[target.country]
        facts = {n: d.value for n, d in country.attributes.items() if isinstance(d, Known)}
        facts |= {"id": country.id, "bloc": country.bloc, "name": country.name}
        verdicts = [_meets(c, facts[n]) if n in facts else benefit for n, c in hosts]
        if all(verdicts):
            found.append((country.id, country.bloc, _fraction(target.share)))
    return found


def _part(study: Study, package: Package, conditions: Filter, benefit: bool) -> Fraction:
    """Return the share of a package that matches: all of it if all its targets do."""
    found = _countries(study, package, conditions, benefit)
    if len(found) >= max(1, len(package.targets)):
        return Fraction(1)
    return sum((share for _, _, share in found), Fraction(0))


def _eligible(study: Study, package: Package, request: Request) -> int:
    """Return the whole dollars of a request that may be served."""
    tool, authority = study.tools[request.tool], study.institution_of[request.tool].authority
    if authority is not None and study.as_of > authority.lapses_on:
        return 0
    longest: Any = tool.tenor_at_most
    if isinstance(longest, str):
        longest = study.parameter(longest).value
        if longest is None:
            return 0
    if longest is not None:
        asked = request.tenor_years
        if asked is None or _fraction(asked) > _fraction(longest):
            return 0
    part = _part(study, package, tool.eligible, benefit=False)
    return (request.amount_usd * part.numerator) // part.denominator


def _requests(
    study: Study,
    flows: Iterable[_Flow],
    eligible: dict[tuple[str, str], int],
    designated: Collection[str],
) -> Iterator[str]:
    for flow in flows:
        if not flow.amount:
            continue
        name, most = f"{flow.package.id} {flow.tool}", eligible.get((flow.package.id, flow.tool))
        if flow.package.id not in designated:
            yield f"{name}: {_usd(flow.amount)} to a package that is not designated"
            continue
        if most is None:
            yield f"{name}: {_usd(flow.amount)}, but nothing is asked"
            continue
        request = next(r for r in flow.package.requests if r.tool == flow.tool)
        if flow.amount > most:
            over = _usd(flow.amount - most)
            yield f"{name}: {_usd(flow.amount)} of {_usd(most)} eligible, over by {over}"
        least = max(study.tools[flow.tool].minimum_ticket, request.minimum_usd)
        least = max(least, most) if request.all_or_nothing else least
        if flow.amount < least:
            short = _usd(least - flow.amount)
            yield f"{name}: {_usd(flow.amount)} is below the minimum of {_usd(least)} by {short}"


def _packages(
    study: Study, flows: Iterable[_Flow], eligible: dict[tuple[str, str], int]
) -> Iterator[str]:
    totals: dict[str, int] = defaultdict(int)
    served: dict[str, set[str]] = defaultdict(set)
    for flow in flows:
        totals[flow.package.id] += flow.amount
        if flow.amount:
            served[flow.package.id].add(flow.tool)
    share = _fraction(study.scenario.allocation.minimum_support)
    groups: dict[str, list[str]] = defaultdict(list)
    for package in study.packages:
        if not totals[package.id]:
            continue
        groups[package.exclusive_group or f"alone {package.id}"].append(package.id)
        for other in package.requires:
            if other != package.id and not totals[other]:
                yield f"{package.id} requires {other}: {other} is not supported"
        open_asks: dict[str, int] = defaultdict(int)
        chosen: dict[str, list[str]] = defaultdict(list)
        for request in package.requests:
            key = request.alternative_group or f"alone {request.tool}"
            most = _servable(study, request, eligible[package.id, request.tool])
            open_asks[key] = max(open_asks[key], most)
            if request.tool in served[package.id]:
                chosen[key].append(request.tool)
        for group, tools in chosen.items():
            if len(tools) > 1:
                yield f"alternatives {group} ({package.id}): {' and '.join(tools)} are both served"
        least = share * sum(open_asks.values())
        if totals[package.id] < least:
            got, short = _usd(totals[package.id]), _usd(least - totals[package.id])
            yield f"minimum_support ({package.id}): {got} of {_usd(least)}, short by {short}"
    for group, members in groups.items():
        if len(members) > 1:
            yield f"exclusive group {group}: {' and '.join(members)} are both supported"


def _servable(study: Study, request: Request, most: int) -> int:
    """An ask whose minimum is above what is eligible cannot be served at all."""
    least = max(
        study.tools[request.tool].minimum_ticket,
        0 if request.all_or_nothing else request.minimum_usd,
    )
    return most if most >= least else 0


def _overrides(study: Study, flows: Iterable[_Flow]) -> Iterator[str]:
    settings = study.scenario.allocation
    for package, must in settings.must.items():
        got = sum(
            f.amount for f in flows if f.package.id == package and must.tool in (None, f.tool)
        )
        least = max(1, must.at_least or 0)
        if got < least:
            yield f"must {package}: {_usd(got)} of {_usd(least)}, short by {_usd(least - got)}"
    for package, ban in settings.must_not.items():
        got = sum(f.amount for f in flows if f.package.id == package and ban.tool in (None, f.tool))
        if got:
            yield f"must not {package}: {_usd(got)}"


def _limits(
    study: Study, flows: list[_Flow], eligible: dict[tuple[str, str], int]
) -> Iterator[str]:
    open_flows = [f for f in flows if f.amount or eligible.get((f.package.id, f.tool))]
    for name, tool in study.tools.items():
        given = sum(flow.amount for flow in open_flows if flow.tool == name)
        if given > tool.envelope.amount and not _ignored(study, f"{name}.envelope", "law"):
            over = _usd(given - tool.envelope.amount)
            most = _usd(tool.envelope.amount)
            yield f"{name}.envelope: {_usd(given)} of at most {most}, over by {over}"
    for name, limit in study.limits.items():
        if limit.kind == "law" and not _ignored(study, name, "law") and _in_force(study, limit):
            yield from _limit(study, name, limit, open_flows)


def _ignored(study: Study, name: str, kind: str) -> bool:
    patterns = study.scenario.allocation.ignore
    return any(p == f"kind:{kind}" or fnmatchcase(name, p) for p in patterns)


def _in_force(study: Study, limit: Limit) -> bool:
    if limit.when is None:
        return True
    value = study.parameter(limit.when.parameter).value
    return value is not None and _fraction(value) >= _fraction(limit.when.at_least)


def _limit(study: Study, name: str, limit: Limit, flows: list[_Flow]) -> Iterator[str]:
    upper = limit.at_most is not None
    used: dict[str, Fraction] = defaultdict(Fraction)
    if limit.per == "program":
        used[""] += 0
    for flow in flows:
        if not any(fnmatchcase(flow.tool, pattern) for pattern in limit.tools):
            continue
        dollar = _weight(study, limit, flow, upper)
        for group, share in _shares(study, limit, flow.package, upper):
            if dollar * share:
                used[group] += dollar * share * flow.amount
    for group, amount in used.items():
        subject = study.package_by_id[group] if limit.per == "package" else None
        room = _room(study, limit, subject, flows, upper)
        label = f"{name} ({group})" if group else name
        if room is None:
            if upper and amount:
                yield f"{label}: {_usd(amount)}, but its bound is unknown, so nothing may be given"
        elif upper and amount > room:
            yield f"{label}: {_usd(amount)} of at most {_usd(room)}, over by {_usd(amount - room)}"
        elif not upper and amount < room:
            short = _usd(room - amount)
            yield f"{label}: {_usd(amount)} of at least {_usd(room)}, short by {short}"


def _weight(study: Study, limit: Limit, flow: _Flow, upper: bool) -> Fraction:
    weight = Fraction(1)
    if limit.weigh_by is not None:
        stated = _known(flow.package, limit.weigh_by)
        weight = _fraction(stated) if stated is not None else Fraction(int(upper))
    if limit.measure == "subsidy":
        weight *= max(Fraction(0), _rate(study, flow))
    return weight


def _rate(study: Study, flow: _Flow) -> Fraction:
    table = study.tools[flow.tool].subsidy.rate
    if not isinstance(table, RateTable):
        return _fraction(table)
    value = _known(flow.package, table.by)
    listed = [r for key, r in table.rates.items() if value is not None and _same(key, value)]
    return _fraction(listed[0]) if listed else max(map(_fraction, table.rates.values()))


def _shares(
    study: Study, limit: Limit, package: Package, upper: bool
) -> list[tuple[str, Fraction]]:
    """Return the groups that a package's support counts in, each with its share."""
    part = _part(study, package, limit.packages, upper)
    if not part:
        return []
    if limit.per in ("country", "bloc"):
        found = _countries(study, package, limit.packages, upper)
        named = [(c if limit.per == "country" else b, share) for c, b, share in found]
        return [(n, share) for n, share in named if upper or n != "(unknown)"]
    if limit.per in ("entity", "anchor"):
        members = [m for m in package.members if limit.per == "entity" or m.role == "anchor"]
        if not members:
            return [(package.id, part)]
        return [
            (
                _top(study, m.entity),
                part * (_fraction(m.exposure_share) if limit.per == "entity" else 1),
            )
            for m in members[: None if limit.per == "entity" else 1]
        ]
    if limit.per in ("program", "package"):
        return [("" if limit.per == "program" else package.id, part)]
    value = _known(package, limit.per)
    if value is None:
        return [("(unknown)", part)] if upper else []
    return [(value if isinstance(value, str) else str(_plain(value)), part)]


def _top(study: Study, entity: str) -> str:
    chain = [entity]
    while (above := study.entity_by_id[chain[-1]].parent) is not None and above not in chain:
        chain.append(above)
    return chain[-1]


def _room(
    study: Study, limit: Limit, package: Package | None, flows: list[_Flow], upper: bool
) -> Fraction | None:
    """Return the bound less existing exposure; None if a fact that it needs is unknown."""
    part = Fraction(1) if package is None else _part(study, package, limit.packages, upper)
    plus = _value(study, limit.plus, package)
    bound = _bound(study, limit.bound, package, part, flows, upper)
    if plus is None or bound is None:
        return None if upper else -Fraction(1)
    fixed, moving = bound
    room = fixed - plus[0]
    # an upper limit that existing exposure overruns leaves nothing, and asks for nothing back
    return (max(room, Fraction(0)) if upper else room) + moving


def _value(study: Study, number: Any, package: Package | None) -> tuple[Fraction, bool] | None:
    """Return a number, and whether it is the package's own."""
    if not isinstance(number, str):
        return _fraction(number), False
    if number in study.parameters:
        value = study.parameter(number).value
        return None if value is None else (_fraction(value), False)
    stated = None if package is None else _known(package, number)
    return None if stated is None else (_fraction(stated), True)


def _bound(
    study: Study,
    bound: Bound,
    package: Package | None,
    part: Fraction,
    flows: list[_Flow],
    upper: bool,
) -> tuple[Fraction, Fraction] | None:
    """Return a bound's fixed part and the part that grows with the amounts given."""
    if isinstance(bound, LeastOf):
        found = [_bound(study, one, package, part, flows, upper) for one in bound.min]
        known = [one for one in found if one is not None]
        return min(known, key=sum) if len(known) == len(found) else None
    share = (
        _value(study, bound.share, package) if isinstance(bound, ShareOf) else (Fraction(1), False)
    )
    of: Any = bound.of if isinstance(bound, ShareOf) else bound
    plus = _value(study, of.plus if isinstance(of, SumOf) else of, package)
    if share is None or plus is None:
        return None
    if isinstance(of, SumOf):
        total = sum(
            (
                flow.amount * _part(study, flow.package, of.packages, not upper)
                for flow in flows
                if any(fnmatchcase(flow.tool, pattern) for pattern in of.tools)
            ),
            Fraction(0),
        )
        return share[0] * plus[0], share[0] * total
    return share[0] * plus[0] * (part if plus[1] else 1), Fraction(0)
