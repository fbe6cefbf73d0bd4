"""Requests, limits and rules of a study, recounted from its files in exact rationals."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.consistency.parties import top
from tests.consistency.scores import of_tools
from tests.consistency.study import Row, Study, day, flag, stated

ONE, NONE = Fraction(1), Fraction(0)
Pair = tuple[str, str]
"""A package and a tool."""
UNKNOWN = "(unknown)"


def exact(number: Any) -> Fraction:
    """Return a number as the decimal it was written as."""
    return Fraction(str(number))


@dataclass(frozen=True)
class Request:
    """One ask of one package."""

    package: str
    tool: str
    asked: int
    cap: int
    """What of it may be served; 0 if nothing."""
    least: int
    rate: Fraction
    alternative: str
    share: Fraction = ONE
    """Of it that the tool is for."""
    refused: str = ""
    """A code of why nothing of it may be served."""


def fact(study: Study, row: Row, column: str) -> Any:
    """Return what a column states, in its type; None where it is not known."""
    cell = stated(row.get(column))
    kind = study.attributes[column]["type"] if column in study.attributes else "text"
    if cell is None:
        return None
    if kind == "flag":
        return flag(cell)
    return exact(cell) if kind in ("number", "money", "share") else cell


def _plain(value: Any) -> str:
    text = str(value).strip().lower()
    text = {"yes": "1", "true": "1", "no": "0", "false": "0"}.get(text, str(value).strip())
    try:
        return str(Fraction(text))
    except ValueError:
        return text


def _meets(study: Study, condition: Any, value: Any) -> bool:
    if isinstance(condition, Mapping):
        bounds = {name: _number(study, one, None) or NONE for name, one in condition.items()}
        number = exact(value)
        tests = {
            "at_least": lambda b: number >= b,
            "at_most": lambda b: number <= b,
            "above": lambda b: number > b,
            "below": lambda b: number < b,
        }
        return all(tests[name](bound) for name, bound in bounds.items())
    wanted = condition if isinstance(condition, list) else [condition]
    return _plain(value) in {_plain(one) for one in wanted}


def _kept(study: Study, country: Row, hosts: Mapping[str, Any], doubt: bool) -> bool:
    known = {**country, "id": country["iso3"]}
    return all(
        doubt if stated(known.get(n)) is None else _meets(study, c, known[n])
        for n, c in hosts.items()
    )


def matching(
    study: Study, row: Row, conditions: Mapping[str, Any], *, doubt: bool
) -> tuple[Fraction, list[tuple[str, str, Fraction]]]:
    """Return the share of a package that meets a filter, and which targets do.

    doubt: what a fact that is not known counts as.
    """
    targets = study.of_package("targets", row["id"])
    for name, condition in conditions.items():
        if not name.startswith("host."):
            value = fact(study, row, name)
            if not (doubt if value is None else _meets(study, condition, value)):
                return NONE, []
    hosts = {n[5:]: c for n, c in conditions.items() if n.startswith("host.")}
    met = []
    for named in dict.fromkeys(target["named"] for target in targets):
        mine = [target for target in targets if target["named"] == named]
        kept = [_kept(study, study.countries[one["country"]], hosts, doubt) for one in mine]
        if any(kept) if doubt else all(kept):
            parts = [(study.countries[one["country"]], exact(one["share"])) for one in mine]
            met += [(country["iso3"], country["bloc"], part) for country, part in parts]
    if not hosts:
        return ONE, met
    if len(met) == len(targets):
        return (ONE if targets or doubt else NONE), met
    return sum((share for _, _, share in met), NONE), met


def appropriation(study: Study, tool: str) -> dict[str, Any]:
    """Return the state of appropriation that holds; nothing before any does."""
    stated = study.institutions[tool.split(".")[0]].get("appropriations") or []
    begun = [one for one in stated if day(one["from"]) <= study.as_of]
    return max(begun, key=lambda one: day(one["from"])) if begun else {}


def lapsed(study: Study, tool: str) -> bool:
    authority = study.institutions[tool.split(".")[0]].get("authority")
    return authority is not None and study.as_of > day(authority["lapses_on"])


def rate(study: Study, row: Row, tool: str) -> Fraction:
    """Return the subsidy cost of a dollar; a negative rate pays for nothing else."""
    table = study.tools[tool]["subsidy"]["rate"]
    if isinstance(table, Mapping):
        value = fact(study, row, table["by"])
        listed = {_plain(k): exact(r) for k, r in table["rates"].items()}
        found = None if value is None else listed.get(_plain(value))
        return max(NONE, max(listed.values()) if found is None else found)
    return max(NONE, exact(table))


def _longest(study: Study, row: Row, tool: str) -> Fraction | None:
    table = study.tools[tool].get("tenor_at_most")
    if isinstance(table, Mapping):
        value = fact(study, row, table["by"])
        years = {_plain(k): exact(y) for k, y in table["years"].items()}
        found = None if value is None else years.get(_plain(value))
        return min(years.values()) if found is None else found
    return None if table is None else exact(table)


def requests(study: Study) -> list[Request]:
    """Return every request with what of it may be served if its package is designated."""
    found, bound = [], of_tools(study)
    for ask in study.tables.get("requests", []):
        row, tool = study.packages[ask["package"]], ask["tool"]
        amount = int(ask["amount_usd"])
        share = matching(study, row, study.tools[tool].get("eligible") or {}, doubt=False)[0]
        cap = math.floor(amount * share)
        least = max(study.tools[tool].get("minimum_ticket", 0), int(ask["minimum_usd"] or 0))
        if flag(ask.get("all_or_nothing")):
            least = max(least, cap)
        longest, tenor = _longest(study, row, tool), stated(ask.get("tenor_years"))
        found_of = [
            outcome
            for (package, _), (outcome, tools) in bound.items()
            if package == row["id"] and tool in tools
        ]
        reasons = {
            "authority_lapsed": lapsed(study, tool),
            "no_appropriation": appropriation(study, tool).get("state") == "none",
            "not_shown": set(found_of) - {"passed"} != set(),
            "ineligible": cap == 0,
            "term_missing": longest is not None and tenor is None,
            "term_too_long": longest is not None and tenor and exact(tenor) > longest,
            "minimum_above_eligible": least > cap,
        }
        refused = next((code for code, so in reasons.items() if so), "")
        cap = 0 if refused else cap
        group = ask.get("alternative_group") or ""
        of = rate(study, row, tool)
        found.append(Request(row["id"], tool, amount, cap, least, of, group, share, refused))
    return found


@dataclass(frozen=True)
class Line:
    """One limit for one group: what amounts use, what its bound is, and what is left."""

    limit: str
    group: str
    spec: Mapping[str, Any]
    use: Mapping[Pair, Fraction]
    """Of a dollar, by request."""
    already: Fraction
    constant: Fraction
    base: Mapping[Pair, Fraction]
    """What a dollar adds to the bound."""
    active: bool = True
    held: bool = False
    """A missing fact holds its amounts at 0."""

    @property
    def upper(self) -> bool:
        return "at_most" in self.spec

    @property
    def floor(self) -> Fraction:
        """The constant part of the room that is left for amounts; no less than nothing."""
        room = self.constant - self.already
        return max(room, NONE) if self.upper else room

    @property
    def counts(self) -> bool:
        """Whether packages count, and not dollars."""
        return self.spec.get("measure") == "packages"

    def _sum(self, terms: Mapping[Pair, Fraction], amounts: Mapping[Pair, int]) -> Fraction:
        if self.counts:
            got = {package: u for (package, t), u in terms.items() if amounts.get((package, t))}
            return sum(got.values(), NONE)
        return sum((u * amounts.get(p, 0) for p, u in terms.items()), NONE)

    def used(self, amounts: Mapping[Pair, int]) -> Fraction:
        return self.already + self._sum(self.use, amounts)

    def bound(self, amounts: Mapping[Pair, int]) -> Fraction:
        return self.constant + self._sum(self.base, amounts)

    def slack(self, amounts: Mapping[Pair, int]) -> Fraction:
        used = self._sum(self.use, amounts)
        room = self.floor + self._sum(self.base, amounts)
        return room - used if self.upper else used - room

    def packages(self) -> Iterator[tuple[str, frozenset[Pair], Fraction]]:
        """Yield who counts: package, its requests under the limit, by how much the room falls."""
        for terms, sign in ((self.use, 1), (self.base, -1)):
            for package in sorted({package for package, _ in terms}):
                mine = frozenset(pair for pair in terms if pair[0] == package)
                yield package, mine, sign * terms[min(mine)]


def _kept_back(study: Study, name: str, spec: dict[str, Any]) -> dict[str, Any]:
    """Return a limit less the reserve, if it is an envelope or a subsidy budget of the whole."""
    reserve = (study.scenario.get("allocation") or {}).get("reserve", 0)
    if not reserve:
        return spec
    if name.endswith(".envelope"):
        tool = name.removesuffix(".envelope")
        share = reserve.get(tool, 0) if isinstance(reserve, Mapping) else reserve
        return {**spec, "at_most": math.floor(spec["at_most"] * (1 - exact(share)))}
    wide = (spec["kind"], spec.get("measure"), spec.get("per", "program"))
    plain = isinstance(spec.get("at_most"), int | str)
    if isinstance(reserve, Mapping) or wide != ("law", "subsidy", "program") or not plain:
        return spec
    if isinstance(spec["at_most"], str):
        return {**spec, "at_most": {"share": float(1 - exact(reserve)), "of": spec["at_most"]}}
    return {**spec, "at_most": math.floor(spec["at_most"] * (1 - exact(reserve)))}


def all_limits(study: Study) -> dict[str, dict[str, Any]]:
    """Return every limit by its full id, envelopes among them, less the reserve."""
    found = {
        f"{tool}.envelope": {
            "kind": "law",
            "tools": [tool],
            "at_most": spec["envelope"]["amount"],
            "citation": spec["envelope"]["citation"],
            "label": f"Envelope: {spec['label']}",
        }
        for tool, spec in study.tools.items()
    }
    found |= {
        f"{tool}.appropriation": {
            "kind": "law",
            "tools": [tool],
            "at_most": math.floor(exact(state["rate"]) * spec["last_year"]),
            "citation": state["citation"],
            "label": f"Continuing resolution: {spec['label']}",
        }
        for tool, spec in study.tools.items()
        if (state := appropriation(study, tool)).get("state") == "continuing"
    }
    found |= study.limits
    return {name: _kept_back(study, name, spec) for name, spec in sorted(found.items())}


def in_force(study: Study, name: str, spec: Mapping[str, Any]) -> bool:
    """Whether a limit is neither ignored nor waits for a condition."""
    ignored = (study.scenario.get("allocation") or {}).get("ignore") or {}
    if name in ignored or f"kind:{spec['kind']}" in ignored:
        return False
    if not study.holds(spec):
        return False
    if "when" not in spec:
        return True
    value = study.parameter(spec["when"]["parameter"])
    threshold = _number(study, spec["when"]["at_least"], None)
    return value is not None and threshold is not None and exact(value) >= threshold


def _tools(study: Study, patterns: list[str]) -> set[str]:
    return {
        tool
        for tool in study.tools
        for pattern in patterns
        if pattern in ("*", tool) or (pattern.endswith(".*") and tool.startswith(pattern[:-1]))
    }


def _number(study: Study, number: Any, row: Row | None) -> Fraction | None:
    if not isinstance(number, str):
        return exact(number)
    if number in study.parameters:
        value = study.parameter(number)
        return None if value is None else exact(value)
    value = None if row is None else fact(study, row, number)
    return None if value is None else exact(value)


def _own(study: Study, bound: Any) -> bool:
    if isinstance(bound, Mapping) and "sum" in bound:
        return any(_own(study, part) for one in bound["sum"] for part in _flat(one))
    of = bound["of"] if isinstance(bound, Mapping) else bound
    return isinstance(of, str) and of not in study.parameters


def groups(study: Study, spec: Mapping[str, Any], row: Row) -> list[tuple[str, Fraction]]:
    """Return the groups in which a package counts under a limit, each with its share."""
    per, upper = spec.get("per", "program"), "at_most" in spec
    part, met = matching(study, row, spec.get("packages") or {}, doubt=upper)
    if not part:
        return []
    if per in ("program", "package"):
        return [("" if per == "program" else row["id"], part)]
    if per in ("country", "bloc"):
        found = [(iso if per == "country" else bloc, share) for iso, bloc, share in met]
        nowhere = not study.of_package("targets", row["id"])
        return [(UNKNOWN, part)] if nowhere and upper else found
    members = study.of_package("members", row["id"])
    if per == "entity" and members:
        return [(top(study, m["entity"]), part * exact(m["exposure_share"])) for m in members]
    if per in ("entity", "anchor"):
        anchor = [m["entity"] for m in members if m["role"] == "anchor"]
        return [(top(study, anchor[0]) if anchor else row["id"], part)]
    value = fact(study, row, per)
    if value is None:
        return [(UNKNOWN, part)] if upper else []
    return [(str(value), part)]


def _owed(study: Study, spec: Mapping[str, Any], group: str) -> int:
    if not spec.get("outstanding"):
        return 0
    lenders = {tool.split(".")[0] for tool in _tools(study, spec["tools"])}
    return sum(
        int(row["amount_usd"])
        for row in study.tables.get("exposures", [])
        if row["institution"] in lenders and top(study, row["entity"]) == group
    )


def _flat(bound: Any) -> Iterator[Any]:
    if isinstance(bound, Mapping) and "min" in bound:
        for one in bound["min"]:
            yield from _flat(one)
    else:
        yield bound


def lines(study: Study, served: list[Request]) -> list[Line]:
    """Return all limits by group over the requests that may be served; notices among them."""
    found = []
    for name, spec in all_limits(study).items():
        use = _uses(study, spec, served)
        if spec.get("per", "program") == "program":
            use.setdefault("", {})
        for group in sorted(use):
            found += _lines(study, name, spec, group, use[group], served)
    return found


def _uses(
    study: Study, spec: Mapping[str, Any], served: list[Request]
) -> dict[str, dict[Pair, Fraction]]:
    use: dict[str, dict[Pair, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    tools, upper = _tools(study, spec["tools"]), "at_most" in spec
    for one in served:
        if one.tool not in tools:
            continue
        row, dollar = study.packages[one.package], ONE
        if "weigh_by" in spec:
            value = fact(study, row, spec["weigh_by"])
            dollar = exact(int(upper)) if value is None else exact(value)
        if spec.get("measure") == "subsidy":
            dollar *= one.rate
        for group, share in groups(study, spec, row):
            if dollar * share:
                use[group][one.package, one.tool] += dollar * share
    return {group: dict(terms) for group, terms in use.items()}


def _lines(
    study: Study,
    name: str,
    spec: Mapping[str, Any],
    group: str,
    use: Mapping[Pair, Fraction],
    served: list[Request],
) -> list[Line]:
    upper, force = "at_most" in spec, in_force(study, name, spec)
    row = _whose(study, spec, group)
    plus = _number(study, spec.get("plus", 0), row)
    part = (
        ONE
        if spec.get("per") != "package" or row is None
        else matching(study, row, spec.get("packages") or {}, doubt=upper)[0]
    )
    found, lacking = [], plus is None
    for bound in _flat(spec["at_most"] if upper else spec["at_least"]):
        constant, base = _bound(study, spec, bound, row, served)
        if constant is None:
            lacking = True
            continue
        if _own(study, bound):
            constant *= part
        already = (plus or NONE) + _owed(study, spec, group)
        found.append(Line(name, group, spec, use, already, constant, base, active=force))
    if lacking:
        idle = Line(name, group, spec, use, NONE, NONE, {}, active=force and upper, held=upper)
        return [idle]
    return found


def _whose(study: Study, spec: Mapping[str, Any], group: str) -> Row | None:
    """Return the package whose facts bound a group: itself, or the first that states the group."""
    per = spec.get("per", "program")
    if per == "package":
        return study.packages[group]
    rows = (row for _, row in sorted(study.packages.items()) if stated(row.get(per)) == group)
    return next(rows, None) if per in study.attributes else None


def _bound(
    study: Study, spec: Mapping[str, Any], bound: Any, row: Row | None, served: list[Request]
) -> tuple[Fraction | None, dict[Pair, Fraction]]:
    if not isinstance(bound, Mapping):
        return _number(study, bound, row), {}
    if "sum" in bound:
        terms = [[_bound(study, spec, x, row, served)[0] for x in _flat(t)] for t in bound["sum"]]
        if any(x is None for term in terms for x in term):
            return None, {}
        return sum((min(x for x in term if x is not None) for term in terms), NONE), {}
    share = _number(study, bound["share"], row)
    of = bound["of"]
    if share is None:
        return None, {}
    if not isinstance(of, Mapping):
        whole = _number(study, of, row)
        return (None if whole is None else share * whole), {}
    plus = _number(study, of.get("plus", 0), row)
    tools, base = _tools(study, of["tools"]), {}
    for one in served:
        filters = of.get("packages") or {}
        doubt = "at_most" not in spec
        part = matching(study, study.packages[one.package], filters, doubt=doubt)[0]
        if one.tool in tools and part:
            base[one.package, one.tool] = share * part
    return (None if plus is None else share * plus), base
