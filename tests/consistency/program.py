"""The program of an allocation built a second time, for scipy's solver."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tests.consistency.financing import Line, Pair, exact
from tests.consistency.standing import competition

if TYPE_CHECKING:
    from tests.consistency.case import Case

_MILLION = 1e6
_MARGIN = 2e-6
"""Two dollars, in millions: more than what a solver's tolerance hides."""


def points(case: Case) -> dict[str, float]:
    """Return the points by which each designated package counts."""
    settings = case.study.scenario.get("allocation") or {}
    form = settings.get("scores", "as_is")
    chosen = {p: case.right.overall[p] for p in case.right.designated}
    if form == "ranks":
        n = len(chosen)
        of = competition(chosen, 100.0)
        # how many it is not behind, of n: tied packages all take the better place
        return {p: 100 * (n - place + 1) / n for p, place in of.items()}
    if form == "above_floor":
        floor = float((case.study.scenario.get("designation") or {}).get("min_overall", 0))
        return {p: max(0.0, score - floor) for p, score in chosen.items()}
    return chosen


def gains(case: Case) -> dict[Pair, float]:
    """Return what a dollar of each request that may be served adds to the objective."""
    settings = case.study.scenario.get("allocation") or {}
    weight = dict.fromkeys(case.study.tools, 1.0) | dict(settings.get("tool_weights") or {})
    worth = points(case)
    found = {}
    for one in case.served:
        if settings.get("objective", "coverage") == "amount":
            per = weight[one.tool] / _MILLION
        else:
            per = weight[one.tool] / _asked(case, one.package, weight)
        found[one.package, one.tool] = worth[one.package] * per
    return found


def _asked(case: Case, package: str, weight: Mapping[str, float]) -> float:
    """Return all that a package asks for, weighed; of alternatives the largest alone counts."""
    largest: dict[str, float] = defaultdict(float)
    total = 0.0
    for one in case.requests:
        if one.package != package:
            continue
        part = weight[one.tool] * one.asked
        if one.alternative:
            largest[one.alternative] = max(largest[one.alternative], part)
        else:
            total += part
    return total + math.fsum(largest.values())


def objective(case: Case, amounts: Mapping[Pair, int]) -> float:
    """Return what amounts are worth: points, less what missed goals cost."""
    gained = math.fsum(gain * amounts[pair] for pair, gain in gains(case).items())
    return gained - math.fsum(
        cost(line) * float(missed) for line in case.lines if (missed := miss(line, amounts)) > 0
    )


def cost(line: Line) -> float:
    """Return what a dollar, or a package, of a goal's miss costs."""
    if line.counts:
        return float(line.spec["cost_per_package"])
    return float(line.spec["cost_per_million"]) / _MILLION


def miss(line: Line, amounts: Mapping[Pair, int]) -> Any:
    """Return the dollars by which a goal is missed."""
    if line.spec["kind"] != "goal" or not line.active:
        return 0
    return max(0, -line.slack(amounts))


def room_taken(line: Line, pair: Pair) -> Fraction:
    """Return what a dollar of a request takes of the room of a limit."""
    net = line.use.get(pair, Fraction(0)) - line.base.get(pair, Fraction(0))
    return net if line.upper else -net


def shuts_out(case: Case, line: Line, package: str) -> bool:
    """Whether a limit leaves too little for the least that a package without support needs in all.

    Needed under the limit is that least, less what the package's other requests can take where
    there is room; of no use is more than it asks for under it.
    """
    mine = [one for one in case.served if one.package == package]
    if case.given[package] or not line.active or line.spec["kind"] != "law":
        return False
    need, asked, lightest = Program(case).least_support[package], 0, []
    for one in mine:
        pair = one.package, one.tool
        if (use := room_taken(line, pair)) > 0:
            asked += one.cap
            lightest.append(use)
        else:
            rooms = [
                int(x.slack(case.amounts) / room_taken(x, pair))
                for x in case.lines
                if x.active and x.spec["kind"] == "law" and room_taken(x, pair) > 0
            ]
            need -= max(0, min([one.cap, *rooms]))
    return bool(lightest) and 0 < need <= asked and need * min(lightest) > line.slack(case.amounts)


@dataclass
class Program:
    """Amounts, whether each is served, whether each package is supported, and goals missed."""

    case: Case

    @cached_property
    def settings(self) -> dict[str, Any]:
        found: dict[str, Any] = self.case.study.scenario.get("allocation") or {}
        return found

    @cached_property
    def packages(self) -> list[str]:
        return list(dict.fromkeys(one.package for one in self.case.served))

    @cached_property
    def least_support(self) -> dict[str, int]:
        share = exact(self.settings.get("minimum_support", 0))
        return {p: math.ceil(share * self._eligible(p)) for p in self.packages}

    def _eligible(self, package: str) -> int:
        """Return the eligible asks of a package, of alternatives the largest alone."""
        largest: dict[str, int] = defaultdict(int)
        total = 0
        for one in self.case.served:
            if one.package == package and one.alternative:
                largest[one.alternative] = max(largest[one.alternative], one.cap)
            elif one.package == package:
                total += one.cap
        return total + sum(largest.values())

    @cached_property
    def dollar_loss(self) -> float:
        """What rounding to whole dollars may cost: a few dollars of each request."""
        costs = [cost(x) for x in self.case.lines if x.spec["kind"] == "goal" and not x.counts]
        per = max(gains(self.case).values(), default=0.0) + sum(costs)
        return 10 * per * len(self.case.served)

    def rules_kept(self, amounts: Mapping[Pair, int]) -> Iterator[tuple[str, bool]]:
        """Yield each rule that is no limit, and whether amounts keep it."""
        given: dict[str, int] = defaultdict(int)
        for (package, _), amount in amounts.items():
            given[package] += amount
        rows = self.case.study.packages
        for package, least in self.least_support.items():
            yield f"minimum support {package}", given[package] == 0 or given[package] >= least
        exclusive: dict[str, list[str]] = defaultdict(list)
        for package, usd in given.items():
            if usd and rows[package]["exclusive_group"]:
                exclusive[rows[package]["exclusive_group"]].append(package)
            needs = [one for one in rows[package]["requires"].split("|") if one] if usd else []
            for other in needs:
                yield f"{package} requires {other}", given[other] > 0
        for group, members in exclusive.items():
            yield f"exclusive group {group}", len(members) <= 1
        served: dict[tuple[str, str], int] = defaultdict(int)
        for one in self.case.served:
            if one.alternative and amounts[one.package, one.tool]:
                served[one.package, one.alternative] += 1
        for key, count in served.items():
            yield f"alternatives {key}", count <= 1
        for package, must in (self.settings.get("must") or {}).items():
            mine = [
                a for (p, t), a in amounts.items() if p == package and must.get("tool") in (None, t)
            ]
            yield f"must {package}", sum(mine) >= max(1, must.get("at_least") or 0)
        for package, ban in (self.settings.get("must_not") or {}).items():
            mine = [
                a for (p, t), a in amounts.items() if p == package and ban.get("tool") in (None, t)
            ]
            yield f"must not {package}", sum(mine) == 0

    def between(
        self, more: Mapping[tuple[str, str], float] | None = None
    ) -> tuple[float | None, float | None]:
        """Return the best objective with every bound two dollars tighter, and as it is.

        A solver keeps a row to a dollar or so: what no allocation in whole dollars reaches may
        seem to be there. The best in whole dollars lies between the two.
        """
        return self.solve(more, margin=_MARGIN), self.solve(more)

    def solve(
        self,
        more: Mapping[tuple[str, str], float] | None = None,
        *,
        fixed: bool = False,
        margin: float = 0.0,
    ) -> float | None:
        """Return the best objective; None where nothing keeps all rules.

        more: dollars added to the bound of a limit, by limit and group. fixed: whether all that is
        yes or no stays as the run has it.
        """
        rows = _Rows(self, margin)
        musts = self.settings.get("must") or {}
        if any(not rows.chosen(p, m.get("tool")) for p, m in musts.items()):
            return None
        rows.rules()
        rows.limits(more or {})
        if fixed:
            rows.fix(self.case.amounts)
        if not rows.size:
            return 0.0 if all(a <= 0 <= b for _, a, b in rows.rows) else None
        found = milp(
            -rows.gain,
            constraints=rows.constraints(),
            integrality=rows.integral,
            bounds=Bounds(rows.lower, rows.upper),
            options={"mip_rel_gap": 1e-9, "time_limit": 20},
        )
        if found.status == 2:
            return None
        return None if found.x is None else -float(found.fun)


class _Rows:
    """Coefficients row by row; amounts in millions."""

    def __init__(self, program: Program, margin: float = 0.0):
        case = program.case
        self.margin = margin
        self.program, self.case = program, case
        self.pairs = [(one.package, one.tool) for one in case.served]
        self.goals = [x for x in case.lines if x.spec["kind"] == "goal" and x.active]
        count, packages = len(self.pairs), len(program.packages)
        counting = [x for x in case.lines if x.active and x.counts]
        keys = sorted({(p, *sorted(mine)) for x in counting for p, mine, _ in x.packages()})
        own = 2 * count + packages + len(self.goals)
        self.w = {frozenset(key[1:]): own + place for place, key in enumerate(keys)}
        self.size = own + len(keys)
        self.x = {pair: place for place, pair in enumerate(self.pairs)}
        self.z = {pair: count + place for place, pair in enumerate(self.pairs)}
        self.y = {p: 2 * count + place for place, p in enumerate(program.packages)}
        self.m = {id(x): 2 * count + packages + place for place, x in enumerate(self.goals)}
        self.gain, self.upper = np.zeros(self.size), np.full(self.size, np.inf)
        self.lower = np.zeros(self.size)
        self.integral = np.zeros(self.size)
        self.integral[count : 2 * count + packages] = 1
        self.upper[count : 2 * count + packages] = 1
        self.integral[own:], self.upper[own:] = 1, 1
        for pair, gain in gains(case).items():
            self.gain[self.x[pair]] = gain * _MILLION
        for line in self.goals:
            self.gain[self.m[id(line)]] = -cost(line) * (1 if line.counts else _MILLION)
        self.rows: list[tuple[dict[int, float], float, float]] = []

    def add(self, terms: dict[int, float], low: float = -math.inf, high: float = math.inf) -> None:
        self.rows.append((terms, low, high))

    def chosen(self, package: str, tool: str | None) -> list[int]:
        return [self.x[p, t] for p, t in self.pairs if p == package and tool in (None, t)]

    def rules(self) -> None:
        """Minimums, alternatives, groups, dependencies, musts and must-nots."""
        program = self.program
        alternatives: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
        for one in self.case.served:
            pair = one.package, one.tool
            cap = one.cap / _MILLION
            self.upper[self.x[pair]] = cap
            self.add({self.x[pair]: 1, self.z[pair]: -cap}, high=0)
            self.add({self.x[pair]: 1, self.z[pair]: -one.least / _MILLION}, low=0)
            self.add({self.z[pair]: 1, self.y[one.package]: -1}, high=0)
            if one.alternative:
                alternatives[one.package, one.alternative][self.z[pair]] = 1
        for terms in alternatives.values():
            self.add(terms, high=1)
        self._who_counts()
        exclusive: dict[str, dict[int, float]] = defaultdict(dict)
        for package in program.packages:
            row = self.case.study.packages[package]
            mine = dict.fromkeys(self.chosen(package, None), 1.0)
            # a supported package gets a thousand dollars at least, or all that it may get
            caps = [one.cap for one in self.case.served if one.package == package]
            token = max(1.0, min(100.0, max(caps)))
            least = max(program.least_support[package], token)
            self.add({**mine, self.y[package]: -least / _MILLION - self.margin}, low=0)
            if row["exclusive_group"]:
                exclusive[row["exclusive_group"]][self.y[package]] = 1
            for other in [one for one in row["requires"].split("|") if one]:
                self.add(
                    {self.y[package]: 1} | ({self.y[other]: -1} if other in self.y else {}), high=0
                )
        for terms in exclusive.values():
            self.add(terms, high=1)
        for package, must in (program.settings.get("must") or {}).items():
            least = max(1, must.get("at_least") or 0) / _MILLION
            self.add(dict.fromkeys(self.chosen(package, must.get("tool")), 1.0), low=least)
            if must.get("tool") is None:
                self.add({self.y[package]: 1}, low=1)
        for package, ban in (program.settings.get("must_not") or {}).items():
            self.add(dict.fromkeys(self.chosen(package, ban.get("tool")), 1.0), high=0)

    def limits(self, more: Mapping[tuple[str, str], float]) -> None:
        """All limits in force but notices."""
        for line in self.case.lines:
            if line.spec["kind"] == "notice" or not line.active:
                continue
            terms: dict[int, float] = defaultdict(float)
            if line.counts:
                self._counted(line)
                continue
            for pair, use in line.use.items():
                terms[self.x[pair]] += float(use)
            for pair, share in line.base.items():
                terms[self.x[pair]] -= float(share)
            room = 0.0 if line.held else float(line.floor) / _MILLION
            room += more.get((line.limit, line.group), 0.0) / _MILLION
            if id(line) in self.m:
                terms[self.m[id(line)]] = -1.0 if line.upper else 1.0
            tighter = min(self.margin, max(0.0, room))
            if line.upper:
                self.add(dict(terms), high=room - tighter)
            else:
                self.add(dict(terms), low=room + tighter)

    def _who_counts(self) -> None:
        """A package counts where one of its amounts does, and such an amount is something."""
        caps = {(one.package, one.tool): one.cap for one in self.case.served}
        for mine, place in self.w.items():
            for pair in mine:
                self.add({self.z[pair]: 1, place: -1}, high=0)
                token = max(1.0, min(100.0, caps[pair]))
                self.add({self.x[pair]: 1, self.z[pair]: -token / _MILLION}, low=0)
            self.add({place: 1} | {self.z[pair]: -1 for pair in mine}, high=0)

    def _counted(self, line: Line) -> None:
        """A limit that counts packages."""
        terms: dict[int, float] = defaultdict(float)
        for _, mine, share in line.packages():
            terms[self.w[mine]] += float(share)
        if id(line) in self.m:
            terms[self.m[id(line)]] = -1.0 if line.upper else 1.0
        room = 0.0 if line.held else float(line.floor)
        if line.upper:
            self.add(dict(terms), high=room)
        else:
            self.add(dict(terms), low=room)

    def fix(self, amounts: Mapping[Pair, int]) -> None:
        """Hold what a rule decides by yes or no at what some amounts have."""
        given: dict[str, int] = defaultdict(int)
        for (package, _), amount in amounts.items():
            given[package] += amount
        for one in self.case.served:
            pair = one.package, one.tool
            if one.least > 1 or one.alternative or any(pair in mine for mine in self.w):
                self.lower[self.z[pair]] = self.upper[self.z[pair]] = float(amounts[pair] > 0)
        for mine, place in self.w.items():
            self.lower[place] = self.upper[place] = float(any(amounts[pair] for pair in mine))
        for package in self._together():
            self.lower[self.y[package]] = self.upper[self.y[package]] = float(given[package] > 0)

    def _together(self) -> set[str]:
        """Return the packages of which a rule asks whether they are supported at all."""
        settings, rows = self.program.settings, self.case.study.packages
        if settings.get("minimum_support"):
            return set(self.y)
        needed = {p for p, m in (settings.get("must") or {}).items() if m.get("tool") is None}
        for package in self.y:
            group = rows[package]["exclusive_group"]
            others = [p for p in self.y if group and rows[p]["exclusive_group"] == group]
            needed |= set(others) if len(others) > 1 else set()
            needs = {one for one in rows[package]["requires"].split("|") if one}
            needed |= {package, *needs} if needs else set()
        return needed & set(self.y)

    def constraints(self) -> list[LinearConstraint]:
        rows = [(t, a, b) for t, a, b in self.rows if t or a > 0 or b < 0]
        if not rows:
            return []
        matrix = np.zeros((len(rows), self.size))
        for place, (terms, _, _) in enumerate(rows):
            for column, value in terms.items():
                matrix[place, column] = value
        return [LinearConstraint(matrix, [a for _, a, _ in rows], [b for _, _, b in rows])]
