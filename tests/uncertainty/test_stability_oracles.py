"""Exact intervals against exact fractions and a fine grid on random studies, and symmetry."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.decision.designation import DesignationRule
from evaluator.uncertainty.stability import (
    Change,
    Stability,
    Standing,
    in_proportion,
    stability,
)

F = Fraction

# --- against exact fractions ------------------------------------------------------------------


class Exact:
    """A study in exact fractions, evaluated naively; every break is enumerated."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.n, self.m, self.k = 5, int(rng.integers(2, 5)), int(rng.integers(1, 4))
        step = int(rng.choice([5, 25]))
        self.values = (rng.integers(0, 100 // step + 1, (self.n, self.m)) * step).tolist()
        self.weights = [self.shares(rng, self.m) for _ in range(self.k)]
        self.influence = self.shares(rng, self.k)
        self.min_overall = int(rng.choice([0, 40, 50]))
        self.min_agency = rng.choice([0, 25, 40], self.k).tolist()
        self.places = [None, 1, 2, 3][int(rng.integers(4))]
        self.eligible = (rng.random(self.n) < 0.85).tolist()
        self.included = (rng.random(self.n) < 0.15).tolist()
        self.top = int(rng.integers(1, 4))

    @staticmethod
    def shares(rng, size):
        parts = rng.integers(0, 5, size)
        parts[rng.integers(size)] += 1
        return [F(int(part), int(parts.sum())) for part in parts]

    def floats(self):
        rule = DesignationRule(
            min_overall=self.min_overall,
            min_agency=np.array(self.min_agency, dtype=float),
            max_packages=self.places,
            eligible=np.array(self.eligible),
            included=np.array(self.included),
        )
        return (
            np.array(self.values, dtype=float),
            np.array([[float(w) for w in row] for row in self.weights]),
            np.array([float(g) for g in self.influence]),
            rule,
        )

    @staticmethod
    def move(shares, index, t):
        others = [s for i, s in enumerate(shares) if i != index]
        rest = sum(others)
        if rest == 0:
            return [t if i == index else (1 - t) / len(others) for i in range(len(shares))]
        return [t if i == index else s * (1 - t) / rest for i, s in enumerate(shares)]

    def scores(self, row: Stability, t):
        weights, influence, effective = self.weights, self.influence, None
        if row.kind == "influence":
            influence = self.move(influence, row.agency, t)
        elif row.kind == "weight":
            weights = [
                self.move(w, row.criterion, t) if a == row.agency else w
                for a, w in enumerate(weights)
            ]
        else:
            now = [
                sum(g * w[c] for g, w in zip(influence, weights, strict=True))
                for c in range(self.m)
            ]
            effective = self.move(now, row.criterion, t)
        agencies = [
            [sum(w * v for w, v in zip(shares, package, strict=True)) for package in self.values]
            for shares in weights
        ]
        if effective is None:
            overall = [
                sum(g * s[p] for g, s in zip(influence, agencies, strict=True))
                for p in range(self.n)
            ]
        else:
            overall = [sum(w * v for w, v in zip(effective, p, strict=True)) for p in self.values]
        return overall, agencies

    def designated(self, overall, agencies):
        competing = [
            p
            for p in range(self.n)
            if self.eligible[p]
            and not self.included[p]
            and overall[p] >= self.min_overall
            and all(s[p] >= f for s, f in zip(agencies, self.min_agency, strict=True))
        ]
        taken = []
        held = sum(self.included)
        places = None if self.places is None else max(0, self.places - held)
        for score in sorted({overall[p] for p in competing}, reverse=True):
            tied = [p for p in competing if overall[p] == score]
            if places is not None and len(taken) + len(tied) > places:
                break
            taken += tied
        return tuple(int(p in taken or self.included[p]) for p in range(self.n))

    def ranks(self, overall, top):
        rank = [1 + sum(other > own for other in overall) for own in overall]
        return tuple(r if r <= top else 0 for r in rank)

    def states(self, row, t):
        overall, agencies = self.scores(row, t)
        return {
            "leader": self.ranks(overall, 1),
            "order": self.ranks(overall, self.top),
            "designated": self.designated(overall, agencies),
        }

    def breaks(self, row):
        (s0, a0), (s1, a1) = self.scores(row, F(0)), self.scores(row, F(1))
        pairs = [(s0[p] - s0[q], s1[p] - s1[q]) for p in range(self.n) for q in range(p)]
        pairs += [(s0[p] - self.min_overall, s1[p] - self.min_overall) for p in range(self.n)]
        for floor, start, end in zip(self.min_agency, a0, a1, strict=True):
            pairs += [(start[p] - floor, end[p] - floor) for p in range(self.n)]
        at = {x / (x - y) for x, y in pairs if x != y}
        return sorted(t for t in at if 0 <= t <= 1)

    def walk(self, row, present, sign):
        """Per matter: (end, closed, state beyond or None), going outward from today."""
        bound = F(1) if sign > 0 else F(0)
        edges = [t for t in self.breaks(row) if (t - present) * sign > 0]
        edges = sorted({*edges, bound} - {present}, reverse=sign < 0)
        points = [present]
        for edge in edges:
            points += [(points[-1] + edge) / 2, edge]
        told = [self.states(row, t) for t in points]
        found = {}
        for matter, today in told[0].items():
            seen = [state[matter] for state in told]
            first = next((i for i, state in enumerate(seen) if state != today), None)
            if first is None:
                found[matter] = (bound, True, None)
                continue
            closed = first % 2 == 1  # odd: between two breaks; even: at a break
            beyond = seen[first] if closed or first + 1 == len(seen) else seen[first + 1]
            end = points[first - 1] if closed else points[first]
            found[matter] = (end, closed, seen[first] if beyond == today else beyond)
        return found


def changes(today, beyond):
    pairs = list(enumerate(zip(today, beyond, strict=True)))
    return (
        tuple(p for p, (a, b) in pairs if b and not a),
        tuple(p for p, (a, b) in pairs if a and not b),
        tuple(p for p, (a, b) in pairs if a and b and a != b),
    )


def assert_equal_to_exact(study: Exact, row: Stability, today_share: Fraction) -> int:
    today = study.states(row, today_share)
    below, above = (study.walk(row, today_share, sign) for sign in (-1, 1))
    open_or_floor = 0
    for matter in ("leader", "order", "designated"):
        standing: Standing = getattr(row, matter)
        for at, closed, change, (end, is_closed, beyond) in (
            (standing.lower, standing.lower_closed, standing.below, below[matter]),
            (standing.upper, standing.upper_closed, standing.above, above[matter]),
        ):
            assert at == pytest.approx(float(end), abs=1e-11), (matter, row)
            assert closed == is_closed, (matter, row)
            told = (change.entering, change.leaving, change.reordered)
            if beyond is None:
                assert change == Change("none")
            else:
                assert told == changes(today[matter], beyond), (matter, row)
                assert change.cause in ("order", "floor")
                open_or_floor += 1
    return open_or_floor


@pytest.mark.slow
def test_intervals_equal_exact_fractions_on_120_studies():
    rng = np.random.default_rng(20260401)
    ended = 0
    for _ in range(120):
        study = Exact(rng)
        values, weights, influence, rule = study.floats()
        own = np.ones(weights.shape, dtype=bool)
        rows = stability(values, weights, influence, rule=rule, top=study.top, own=own)
        assert len(rows) == study.k + study.k * study.m + study.m
        for pick in rng.choice(len(rows), 4, replace=False):
            row = rows[pick]
            if row.kind == "influence":
                present = study.influence[row.agency]
            elif row.kind == "weight":
                present = study.weights[row.agency][row.criterion]
            else:
                present = sum(
                    g * w[row.criterion]
                    for g, w in zip(study.influence, study.weights, strict=True)
                )
            if row.leader.below.cause == "fixed":
                assert row.kind == "influence"
                assert study.k == 1
                continue
            ended += assert_equal_to_exact(study, row, present)
    assert ended > 1000  # most ends are changes, not the bounds of 0..1


# --- against a fine grid ----------------------------------------------------------------------

STEPS = 1000


def random_study(rng: np.random.Generator):
    n, m, k = int(rng.integers(3, 9)), int(rng.integers(2, 6)), int(rng.integers(2, 4))
    values = rng.uniform(0, 100, (n, m))
    weights, influence = rng.dirichlet(np.ones(m), k), rng.dirichlet(np.ones(k))
    rule = DesignationRule(
        min_overall=float(rng.uniform(30, 50)),
        min_agency=rng.uniform(0, 40, k),
        max_packages=[None, 1, 2, 3][int(rng.integers(4))],
    )
    return values, weights, influence, rule


def states_on(shares, row: Stability, values, weights, influence, rule, top):
    """Each matter at each share, by reweighting and counting: no lines, no sorting."""
    overall, agencies = [], []
    for t in shares:
        w, g = weights.copy(), influence
        if row.kind == "influence":
            g = in_proportion(influence, row.agency, t)
        elif row.kind == "weight":
            w[row.agency] = in_proportion(weights[row.agency], row.criterion, t)
        agencies.append(values @ w.T)
        effective = g @ w
        if row.kind == "effective weight":
            effective = in_proportion(effective, row.criterion, t)
        overall.append(values @ effective)
    s, a = np.array(overall), np.array(agencies)
    gap = s[:, None, :] - s[:, :, None]  # (shares, p, q): how far q is ahead of p
    rank = 1 + (gap > 1e-9).sum(axis=2)
    competing = (s >= rule.min_overall - 1e-9) & (a >= rule.min_agency - 1e-9).all(axis=2)
    as_good = ((gap >= -1e-9) & competing[:, None, :]).sum(axis=2)
    places = s.shape[1] if rule.max_packages is None else rule.max_packages
    return {
        "leader": (rank == 1).astype(int),
        "order": np.where(rank <= top, rank, 0),
        "designated": (competing & (as_good <= places)).astype(int),
    }


@pytest.mark.slow
def test_intervals_equal_a_fine_grid_on_200_studies():
    rng = np.random.default_rng(7)
    grid = np.linspace(0, 1, STEPS + 1)
    seen = narrower = 0
    for _ in range(200):
        values, weights, influence, rule = random_study(rng)
        rows = stability(values, weights, influence, rule=rule, top=3)
        row = rows[int(rng.integers(len(rows)))]
        study = (row, values, weights, influence, rule, 3)
        today = states_on([row.present], *study)
        on_grid = states_on(grid, *study)
        for matter in ("leader", "order", "designated"):
            standing: Standing = getattr(row, matter)
            same = (on_grid[matter] == today[matter][0]).all(axis=1)
            inside = (grid > standing.lower) & (grid < standing.upper)
            assert same[inside].all()
            after = np.flatnonzero(~same & (grid > row.present))
            before = np.flatnonzero(~same & (grid < row.present))
            upper = grid[after[0]] if after.size else 1.0
            lower = grid[before[-1]] if before.size else 0.0
            for end, on, change in (
                (standing.lower, lower, standing.below),
                (standing.upper, upper, standing.above),
            ):
                seen += 1
                if change.cause == "none":
                    assert end == on
                    continue
                # The state does differ just beyond, even where the grid steps over the spell.
                side = 1 if end >= row.present else -1
                beyond = min(max(end + side * 1e-7, 0.0), 1.0)
                outside = states_on([end, beyond], *study)[matter]
                assert (outside != today[matter][0]).any()
                narrower += abs(end - on) > 1 / STEPS
    assert seen == 1200
    assert narrower <= 12  # spells narrower than a grid step: rare, and shown above to be real


# --- symmetry ---------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_relabelling_packages_agencies_and_criteria_relabels_the_result(seed):
    rng = np.random.default_rng(seed)
    values, weights, influence, rule = random_study(rng)
    p, c, a = (rng.permutation(size) for size in (*values.shape, influence.size))
    turned_rule = DesignationRule(rule.min_overall, rule.min_agency[a], rule.max_packages)
    plain = stability(values, weights, influence, rule=rule)
    turned = stability(values[np.ix_(p, c)], weights[np.ix_(a, c)], influence[a], rule=turned_rule)
    for row in turned:
        agency = None if row.agency is None else int(a[row.agency])
        criterion = None if row.criterion is None else int(c[row.criterion])
        same = (row.kind, agency, criterion)
        twin = next(r for r in plain if (r.kind, r.agency, r.criterion) == same)
        for matter in ("leader", "order", "designated"):
            mine, its = getattr(row, matter), getattr(twin, matter)
            assert (mine.lower, mine.upper) == pytest.approx((its.lower, its.upper), abs=1e-10)
            assert (mine.lower_closed, mine.upper_closed) == (its.lower_closed, its.upper_closed)
            for here, there in ((mine.below, its.below), (mine.above, its.above)):
                assert here.cause == there.cause
                assert {int(p[i]) for i in here.entering} == set(there.entering)
                assert {int(p[i]) for i in here.leaving} == set(there.leaving)
