"""Designation, stability, improvements and decisive agencies under every method, by brute force.

The reference scores with the method anew, and designates by a rule written out in loops.
"""

from __future__ import annotations

import numpy as np
import pytest

from evaluator.agreement import decisive_agencies
from evaluator.decision.designation import DesignationRule, decide
from evaluator.decision.ordering import Ordering, ordering_of
from evaluator.decision.ties import Bools, Floats
from evaluator.model.method import Method
from evaluator.uncertainty.inputs import members_of
from evaluator.uncertainty.stability import (
    Stability,
    in_proportion,
    smallest_improvements,
    smallest_swap,
    stability,
)

METHODS = {
    "weighted_sum": Method(),
    "weighted_sum, minmax": Method(normalization="minmax"),
    "weighted_product": Method(name="weighted_product"),
    "waspas": Method(name="waspas"),
    "topsis": Method(name="topsis"),
    "vikor": Method(name="vikor"),
    "promethee": Method(name="promethee", preference="linear", q=5.0, p=25.0),
    "electre_tri": Method(name="electre_tri", profiles=(25, 50, 75), q=5.0, p=10.0, cut=0.6),
}
every_method = pytest.mark.parametrize("name", METHODS)
Study = tuple[Floats, Floats, Floats, DesignationRule]


def random_study(rng: np.random.Generator) -> Study:
    n, m, k = int(rng.integers(4, 8)), int(rng.integers(2, 5)), int(rng.integers(2, 4))
    rule = DesignationRule(
        min_overall=float(rng.uniform(20, 45)),
        min_agency=rng.uniform(0, 40, k),
        max_packages=int(rng.integers(1, 4)),
        eligible=rng.random(n) < 0.9,
        included=rng.random(n) < 0.1,
    )
    values = rng.uniform(5, 95, (n, m))
    return values, rng.dirichlet(np.ones(m), k), rng.dirichlet(np.ones(k)), rule


def by_hand(
    rule: DesignationRule, overall: Floats, agencies: Floats, order: Floats, span: float
) -> list[bool]:
    """The rule in words, one package at a time."""
    n, tie = len(order), 1e-10 * span
    included = [bool(rule.included is not None and rule.included[p]) for p in range(n)]
    competing = [
        p
        for p in range(n)
        if not included[p]
        and (rule.eligible is None or rule.eligible[p])
        and overall[p] >= rule.min_overall - 1e-8
        and all(agencies[a, p] >= floor - 1e-8 for a, floor in enumerate(rule.min_agency))
    ]
    places = max(0, (n if rule.max_packages is None else rule.max_packages) - sum(included))
    return [
        included[p]
        or (p in competing and sum(order[q] >= order[p] - tie for q in competing) <= places)
        for p in range(n)
    ]


def members(study: Study, ordering: Ordering, effective: Floats | None = None) -> list[bool]:
    values, weights, influence, rule = study
    agencies = weights @ values.T
    at = influence @ weights if effective is None else effective
    overall = values @ at
    return by_hand(rule, overall, agencies, ordering.scores(values, at), ordering.span)


@every_method
def test_the_kernel_is_the_rule_in_words(name: str) -> None:
    rng, ordering = np.random.default_rng(1), ordering_of(METHODS[name])
    sizes = set()
    for _ in range(60):
        values, weights, influence, rule = random_study(rng)
        agencies = weights @ values.T
        order = ordering.scores(values, influence @ weights)
        found = decide(rule, influence @ agencies, agencies, order, ordering.span)
        assert found.members.tolist() == members((values, weights, influence, rule), ordering)
        sizes.add(int(found.members.sum()))
    assert len(sizes) > 2


@every_method
def test_a_batch_of_draws_is_each_of_them(name: str) -> None:
    rng, ordering = np.random.default_rng(2), ordering_of(METHODS[name])
    values, weights, _, rule = random_study(rng)
    drawn = rng.dirichlet(np.ones(len(weights)), 50)
    agencies = weights @ values.T
    order = ordering.scores(values, drawn @ weights)
    found = decide(rule, drawn @ agencies, np.stack([agencies] * 50), order, ordering.span)
    for row, influence in zip(found.members.tolist(), drawn, strict=True):
        assert row == members((values, weights, influence, rule), ordering)


def moved(study: Study, row: Stability, share: float, own: Bools) -> tuple[Study, Floats | None]:
    """The study at another share of what moves; effective weights where they move alone."""
    values, weights, influence, rule = study
    if row.kind == "influence":
        assert row.agency is not None
        return (values, weights, in_proportion(influence, row.agency, share), rule), None
    assert row.criterion is not None
    if row.kind == "weight":
        assert row.agency is not None
        turned = weights.copy()
        turned[row.agency] = in_proportion(
            weights[row.agency], row.criterion, share, own=own[row.agency]
        )
        return (values, turned, influence, rule), None
    return study, in_proportion(influence @ weights, row.criterion, share)


@every_method
def test_inside_an_interval_the_set_stands_and_just_outside_it_does_not(name: str) -> None:
    rng, ordering = np.random.default_rng(3), ordering_of(METHODS[name])
    ends = inner = 0
    for _ in range(6):
        study = random_study(rng)
        own = np.ones_like(study[1], dtype=np.bool_)
        today = members(study, ordering)

        def at_share(study: Study, row: Stability, share: float, own: Bools = own) -> list[bool]:
            turned, effective = moved(study, row, share, own)
            return members(turned, ordering, effective)

        rows = stability(*study[:3], ordering=ordering, rule=study[3], top=3, own=own)
        for row in rows:
            low, high = row.designated.lower, row.designated.upper
            assert low <= row.present <= high
            for share in low + (high - low) * rng.uniform(0.001, 0.999, 6):
                inner += 1
                assert at_share(study, row, float(share)) == today, row
            for end, change, side in (
                (low, row.designated.below, -1),
                (high, row.designated.above, 1),
            ):
                if change.cause == "none":
                    assert end in (0.0, 1.0)
                    continue
                ends += 1
                beyond = min(max(end + side * 3e-6, 0.0), 1.0)
                at = [at_share(study, row, s) for s in (end, beyond)]
                assert any(one != today for one in at), row
    assert ends > 20
    assert inner > 200


@every_method
def test_the_improvement_brings_it_in_and_a_little_less_does_not(name: str) -> None:
    rng, ordering = np.random.default_rng(4), ordering_of(METHODS[name])
    outcomes = {"possible": 0, "impossible": 0, "ineligible": 0, "unknown": 0}
    for _ in range(25):
        study = random_study(rng)
        values, weights, influence, rule = study
        inside = members(study, ordering)
        found = smallest_improvements(values, weights, influence, ordering=ordering, rule=rule)
        assert [f.package for f in found] == [p for p, is_in in enumerate(inside) if not is_in]
        for one in found:
            outcomes[one.outcome] += 1
            if one.outcome == "impossible":
                full = values.copy()
                full[one.package] = 100
                assert not members((full, weights, influence, rule), ordering)[one.package]
            if one.criterion is None:
                continue
            for short, expected in ((0.0, True), (2e-3, False)):
                tried = values.copy()
                tried[one.package, one.criterion] = one.needed[one.criterion] - short
                got = members((tried, weights, influence, rule), ordering)[one.package]
                assert got == expected, one
    assert outcomes["possible"] > 30
    assert outcomes["unknown"] == 0


@every_method
def test_the_decisive_agency_is_the_one_without_which_it_is_otherwise(name: str) -> None:
    rng, ordering = np.random.default_rng(5), ordering_of(METHODS[name])
    flips = 0
    for _ in range(30):
        values, weights, influence, rule = study = random_study(rng)
        told = decisive_agencies(
            weights @ values.T, influence, members_of(rule, ordering, values, weights)
        )
        assert told.baseline.tolist() == members(study, ordering)
        for a in range(len(influence)):
            kept = np.delete(np.arange(len(influence)), a)
            floors = DesignationRule(
                rule.min_overall,
                rule.min_agency[kept],  # type: ignore[index]
                rule.max_packages,
                rule.eligible,
                rule.included,
            )
            rest = influence[kept] / influence[kept].sum()
            without = members((values, weights[kept], rest, floors), ordering)
            assert told.flips[a].tolist() == [
                x != y for x, y in zip(told.baseline.tolist(), without, strict=True)
            ]
            flips += int(told.flips[a].sum())
    assert flips > 10


@every_method
def test_the_smallest_swap_is_of_the_method_or_not_known(name: str) -> None:
    rng, ordering = np.random.default_rng(6), ordering_of(METHODS[name])
    seen = set()
    for _ in range(20):
        values, weights, influence, _ = random_study(rng)
        effective = influence @ weights
        found = smallest_swap(values, effective, 0, 1, ordering=ordering)
        seen.add(found.outcome)
        if not ordering.linear:
            assert found.outcome == "unknown"
            assert found.weights is found.distance is None
        elif found.outcome == "swapped":
            assert found.weights is not None
            scores = ordering.scores(values, found.weights)
            assert scores[1] == pytest.approx(scores[0], abs=1e-9 * ordering.span)
    assert ("swapped" in seen) == ordering.linear


@pytest.mark.parametrize("name", ["weighted_sum, minmax", "promethee", "weighted_sum"])
def test_a_linear_method_is_its_contributions_times_the_weights(name: str) -> None:
    rng, ordering = np.random.default_rng(7), ordering_of(METHODS[name])
    values, weights, influence, _ = random_study(rng)
    effective = influence @ weights
    assert ordering.contributions(values) @ effective == pytest.approx(
        ordering.scores(values, effective), abs=1e-12
    )


def test_a_method_that_is_not_linear_has_no_contributions() -> None:
    with pytest.raises(ValueError, match="not linear"):
        ordering_of(METHODS["topsis"]).contributions(np.eye(3))
