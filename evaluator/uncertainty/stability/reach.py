"""The smallest change of shares that brings one package first, or into the designated set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy

from evaluator.decision.designation import DesignationRule, decide
from evaluator.decision.ordering import WEIGHTED_SUM, Ordering
from evaluator.decision.ties import Bools, Floats, levelled, meets
from evaluator.uncertainty.stability.moves import check_study, in_proportion, may_weigh

Goal = Literal["first", "priority", "level"]
Lever = Literal["influence", "weights", "any weights"]
Outcome = Literal["already", "possible", "impossible", "ineligible", "unknown"]

MARGIN = 1e-6
"""Of the method's span, by which a rival has to be beaten and a floor to be met."""
STEPS, WITHIN = 50, 1e-4
"""Where a method is not linear in the weights: steps of one share over 0 to 1, and the share
within which the nearest is found."""
_SECONDS = 10.0
"""Of one program: the last guard, of large studies with many rivals and floors."""


@dataclass(frozen=True)
class Reach:
    """The nearest shares under which a package meets a goal, by one lever alone."""

    lever: Lever
    agency: int | None
    """Row of the agency whose weights move; None for influence, or for all weights."""
    outcome: Outcome
    """impossible: no such shares do. ineligible: no share helps, as it may not compete. unknown:
    not found in time; or no single share does, and several together were not looked at."""
    shares: Floats | None
    """Influence (k,), or weights (m,) of the agency; None where there are none."""
    moved: float | None
    """Share that changes hands: half the sum of absolute differences."""
    sought: bool = False
    """Whether it was found by trying one share after another, in steps, and not by a program."""


@dataclass(frozen=True)
class _Affine:
    """What shares x (d,) make of n packages: `at + by @ x`."""

    at: Floats
    by: Floats
    """(n, d)."""

    def of(self, package: int) -> tuple[float, Floats]:
        return float(self.at[package]), self.by[package]


@dataclass(frozen=True)
class _Program:
    """A lever of a study as linear maps of its shares."""

    present: Floats
    """(d,)."""
    order: _Affine
    overall: _Affine
    agencies: tuple[_Affine, ...]


def smallest_reach(
    values: Floats,
    weights: Floats,
    influence: Floats,
    package: int,
    goal: Goal,
    *,
    ordering: Ordering = WEIGHTED_SUM,
    rule: DesignationRule | None = None,
    own: Bools | None = None,
    rival: int | None = None,
) -> tuple[Reach, ...]:
    """For one package: the least influence that has to change hands, and the least weight of each
    agency.

    values (n, m) in points, ranked packages only; weights (k, m) and influence (k,) sum to 1; own
    (k, m): which criteria an agency may weigh. first: ahead of every other by the ordering.
    priority: in the designated set by the rule, floors included. level: not behind the rival. Where
    the method is linear in the weights it is a program: least sum of absolute differences subject
    to beating the rivals, with a binary for each rival that may stay ahead, or fall under a floor
    (after Rios Insua & French, European Journal of Operational Research 54 (1991), who ask it of
    the first place alone). What is found is scored and designated again, and told only if the goal
    is met. Elsewhere one share after another is moved, the others in proportion. For `first`, a
    further entry asks whether any weights of the criteria at all would do.

    Raises ValueError where shapes or sums do not fit.
    """
    check_study(values, weights, influence, partly=ordering.separate)
    applied = DesignationRule() if rule is None else rule
    may = may_weigh(weights, own)
    case = _Case(values, weights, influence, package, goal, ordering, applied, rival)
    if case.met(influence[None], weights)[0]:
        return (Reach("influence", None, "already", influence, 0.0),)
    if goal == "priority" and not applied.able(len(values))[package]:
        return (Reach("influence", None, "ineligible", None, None),)
    look = case.solved if ordering.linear else case.sought
    found = [look("influence", None, np.ones(influence.size, dtype=np.bool_))]
    for agency in np.flatnonzero(influence > 0).tolist():
        if may[agency].sum() > 1:
            found.append(look("weights", agency, may[agency]))
    if goal == "first" and ordering.linear:
        found.append(case.solved("any weights", None, np.ones(values.shape[1], dtype=np.bool_)))
    return tuple(found)


@dataclass(frozen=True)
class _Case:
    values: Floats
    weights: Floats
    influence: Floats
    package: int
    goal: Goal
    ordering: Ordering
    rule: DesignationRule
    rival: int | None

    def met(self, influence: Floats, weights: Floats) -> Bools:
        """Whether the goal is met by influence (d, k) and weights (k, m) or (d, k, m): (d,)."""
        partly = self.ordering.separate
        agencies = self.ordering.scores(self.values, weights) if partly else weights @ self.values.T
        each = influence[:, None, :]
        overall = (each @ agencies)[:, 0]
        effective = (each @ weights)[:, 0]
        order = self.ordering.scores(self.values, effective)
        overall = order if partly else overall
        if self.goal == "first":
            levels = levelled(order, self.ordering.span)
            ahead = (levels >= levels[:, self.package, None]).sum(axis=1) == 1
            return np.asarray(ahead)
        if self.goal == "level":
            return meets(order[:, self.package], order[:, self.rival], self.ordering.span)
        found = decide(self.rule, overall, agencies, order, self.ordering.span)
        members: Bools = found.members[:, self.package]
        return members

    def shares_met(self, lever: Lever, agency: int | None, shares: Floats) -> Bools:
        """Whether the goal is met by the shares (d, ...) of one lever."""
        if lever == "influence":
            return self.met(shares, self.weights)
        every = np.repeat(self.weights[None], len(shares), axis=0)
        if agency is None:
            every[:] = shares[:, None, :]
        else:
            every[:, agency] = shares
        return self.met(np.repeat(self.influence[None], len(shares), axis=0), every)

    def sought(self, lever: Lever, agency: int | None, may: Bools) -> Reach:
        """Move one share after another to the nearest value that meets the goal."""
        present = self.influence if agency is None else self.weights[agency]
        best: Floats | None = None
        least = np.inf
        for index in np.flatnonzero(may).tolist():
            others = may.copy()
            others[index] = False
            if not others.any():
                continue

            def at(share: float, index: int = index, others: Bools = others) -> Floats:
                return in_proportion(present, index, share, own=others)

            for bound in (0.0, 1.0):
                share = self._nearest(lever, agency, at, float(present[index]), bound)
                if share is not None and abs(share - present[index]) < least:
                    least, best = abs(share - float(present[index])), at(share)
        outcome: Outcome = "unknown" if best is None else "possible"
        moved = None if best is None else float(np.abs(best - present).sum() / 2)
        return Reach(lever, agency, outcome, best, moved, sought=True)

    def _nearest(
        self,
        lever: Lever,
        agency: int | None,
        at: Callable[[float], Floats],
        present: float,
        bound: float,
    ) -> float | None:
        count = max(1, round(abs(bound - present) * STEPS))
        shares = np.linspace(present, bound, count + 1)[1:]
        met = self.shares_met(lever, agency, np.stack([at(float(s)) for s in shares]))
        if not met.any():
            return None
        first = int(met.argmax())
        inside, outside = float(shares[first]), float(shares[first - 1]) if first else present
        while abs(inside - outside) > WITHIN:
            middle = (inside + outside) / 2
            if self.shares_met(lever, agency, at(middle)[None])[0]:
                inside = middle
            else:
                outside = middle
        return inside

    def solved(self, lever: Lever, agency: int | None, may: Bools) -> Reach:
        """Solve for the nearest shares; what is found is told only if it meets the goal."""
        program = self._program(lever, agency, may)
        try:
            found = _nearest(program, self)
        except TimeoutError:
            return Reach(lever, agency, "unknown", None, None)
        if found is None:
            return Reach(lever, agency, "impossible", None, None)
        shares = np.zeros(may.size)
        shares[may] = np.maximum(found, 0.0) / np.maximum(found, 0.0).sum()
        if not self.shares_met(lever, agency, shares[None])[0]:
            return Reach(lever, agency, "unknown", None, None)
        if lever == "any weights":
            return Reach(lever, None, "possible", shares, None)
        moved = float(np.abs(shares[may] - program.present).sum() / 2)
        return Reach(lever, agency, "possible", shares, moved)

    def _program(self, lever: Lever, agency: int | None, may: Bools) -> _Program:
        values, weights, influence = self.values, self.weights, self.influence
        effects = self.ordering.contributions(values)
        n = len(values)
        fixed = tuple(_Affine(values @ one, np.zeros((n, int(may.sum())))) for one in weights)
        if lever == "any weights":
            every = _Affine(np.zeros(n), effects)
            return _Program(influence @ weights, every, every, ())
        if agency is None:
            order, overall = (_Affine(np.zeros(n), each @ weights.T) for each in (effects, values))
            return _Program(influence, order, overall, fixed)
        share = influence[agency]
        rest = influence @ weights - share * weights[agency]
        order, overall = (_Affine(each @ rest, share * each[:, may]) for each in (effects, values))
        own = _Affine(np.zeros(n), values[:, may])
        agencies = (*fixed[:agency], own, *fixed[agency + 1 :])
        return _Program(weights[agency, may], order, overall, agencies)


def _nearest(program: _Program, case: _Case) -> Floats | None:
    """Solve for the shares nearest to today's that meet the goal; None where there are none."""
    d, n = program.present.size, len(case.values)
    rivals = [one for one in range(n) if one != case.package]
    rows = _Rows(d)
    margin = MARGIN * case.ordering.span
    at, by = program.order.of(case.package)
    if case.goal == "first":
        for one in rivals:
            rows.at_least(by - program.order.by[one], program.order.at[one] - at + margin, {})
        return rows.solve(program.present)
    if case.goal == "level":
        at_rival, by_rival = program.order.of(int(case.rival or 0))
        rows.at_least(by - by_rival, at_rival - at, {})
        return rows.solve(program.present)
    floors = [(program.overall, case.rule.min_overall)]
    if case.rule.min_agency is not None:
        floors += list(zip(program.agencies, case.rule.min_agency.tolist(), strict=True))
    for each, floor in floors:
        here, slope = each.of(case.package)
        if not (meets(here, floor) and not slope.any()):
            rows.at_least(slope, floor - here, {})
    places = case.rule.places
    if places is not None:
        able = case.rule.able(n)
        competing = (one for one in rivals if able[one])
        ahead = [
            b for one in competing if (b := _rival(rows, program, case, one, floors)) is not None
        ]
        rows.at_most_of(ahead, places - 1)
    return rows.solve(program.present)


def _rival(
    rows: _Rows, program: _Program, case: _Case, rival: int, floors: list[tuple[_Affine, float]]
) -> int | None:
    """Add that a rival is beaten, falls under a floor, or takes a place: the binary of the last.

    None where it does not compete, whatever the shares.
    """
    span = case.ordering.span
    stays, under = rows.binary(), []
    for each, floor in floors:
        at, slope = each.of(rival)
        if not slope.any():
            if not meets(at, floor):
                return None
        elif floor > 0:
            under.append(rows.binary())
            rows.at_least(-slope, at - floor + MARGIN * 100, {under[-1]: -200.0}, 200.0)
    at, by = program.order.of(case.package)
    at_rival, by_rival = program.order.of(rival)
    choice = dict.fromkeys([stays, *under], 2 * span)
    rows.at_least(by - by_rival, at_rival - at + MARGIN * span, choice)
    return stays


class _Rows:
    """Rows of a program over shares x (d,) and binaries, put together one by one."""

    def __init__(self, d: int) -> None:
        self.d, self.binaries = d, 0
        self.rows: list[tuple[Floats, dict[int, float], float]] = []

    def binary(self) -> int:
        """Return the place of one more binary."""
        self.binaries += 1
        return self.binaries - 1

    def at_least(
        self, by: Floats, least: float, choice: dict[int, float], less: float = 0.0
    ) -> None:
        """Add by @ x + choice @ z >= least - less."""
        self.rows.append((by, choice, least - less))

    def at_most_of(self, binaries: list[int], most: int) -> None:
        """Add that no more than so many of some binaries are 1."""
        self.rows.append((np.zeros(self.d), dict.fromkeys(binaries, -1.0), -float(most)))

    def solve(self, present: Floats) -> Floats | None:
        """Return x (d,) nearest to the present shares; None where no x meets the rows.

        Binaries are then fixed and the shares solved for once more, so that no tolerance of a
        whole number moves them. Raises TimeoutError where the time is over.
        """
        chosen = self._solved(present, None)
        if chosen is None or not self.binaries:
            return None if chosen is None else chosen[: self.d]
        fixed = np.round(chosen[2 * self.d :])
        settled = self._solved(present, fixed)
        return None if settled is None else settled[: self.d]

    def _solved(self, present: Floats, fixed: Floats | None) -> Floats | None:
        d, size = self.d, 2 * self.d + self.binaries
        matrix = np.zeros((len(self.rows) + 2 * d + 1, size))
        least = np.zeros(len(matrix))
        most = np.full(len(matrix), np.inf)
        for place, (by, choice, bound) in enumerate(self.rows):
            matrix[place, :d] = by
            for binary, weight in choice.items():
                matrix[place, 2 * d + binary] = weight
            least[place] = bound
        for index, sign in ((i, s) for i in range(d) for s in (1.0, -1.0)):
            row = len(self.rows) + 2 * index + (sign < 0)
            matrix[row, index], matrix[row, d + index] = sign, 1.0
            least[row] = sign * present[index]
        matrix[-1, :d] = least[-1] = most[-1] = 1.0
        lower, upper = np.zeros(size), np.ones(size)
        if fixed is not None:
            lower[2 * d :] = upper[2 * d :] = fixed
        whole = np.zeros(size)
        whole[2 * d :] = 0.0 if fixed is not None else 1.0
        milp: Any = scipy.optimize.milp
        found = milp(
            np.concatenate([np.zeros(d), np.ones(d), np.zeros(self.binaries)]),
            integrality=whole,
            bounds=scipy.optimize.Bounds(lower, upper),
            constraints=scipy.optimize.LinearConstraint(
                scipy.sparse.csr_array(matrix), least, most
            ),
            options={"time_limit": _SECONDS, "mip_rel_gap": 0.0},
        )
        if found.status == 2:
            return None
        if found.x is None or found.status != 0:
            raise TimeoutError
        x: Floats = found.x
        return x
