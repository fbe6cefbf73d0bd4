"""Shadow prices: signs for every solver, ranges, finite differences."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest

from evaluator.allocation import allocate
from evaluator.allocation.explain.prices import prices
from evaluator.allocation.model.build import compile_study
from evaluator.allocation.model.columns import Column
from evaluator.allocation.model.exact.rows import Row
from evaluator.allocation.model.program import Program, assemble, with_integers_fixed
from evaluator.allocation.solve import highs
from evaluator.allocation.solve.point import Settings
from evaluator.allocation.solve.rounding import complete
from evaluator.allocation.solve.solve import Path, solver_for
from evaluator.model.financing import ShareOf, SumOf
from evaluator.model.study import Study
from tests.allocation.small import (
    M,
    ask,
    changed,
    given,
    limit,
    package,
    random_study,
    row_of,
    run,
    scores_of,
    study,
    tool,
)

PATHS: tuple[Path, ...] = ("highs", "pulp+cbc")


def linear(costs: list[float], rows: list[tuple[str, dict[int, int], int]]) -> Program:
    columns = [Column("amount", f"P{n}", "t") for n in range(len(costs))]
    exact = [
        Row(
            f"row{n}",
            "",
            "law",
            "at_most" if sense == "<=" else "at_least",
            {column: Fraction(value) for column, value in terms.items()},
            Fraction(bound),
            "count",
        )
        for n, (sense, terms, bound) in enumerate(rows)
    ]
    return assemble(columns, exact, cost=dict(enumerate(costs)), subsidy={}, upper={}, unit=1)


@pytest.mark.parametrize("path", PATHS)
def test_wyndor_glass(path: Path) -> None:
    # Hillier & Lieberman: max 3x + 5y; x <= 4; 2y <= 12; 3x + 2y <= 18. x = 2, y = 6, 36.
    # shadow prices 0, 1.5, 1; as cost by a unit of bound: minus that
    program = linear([-3, -5], [("<=", {0: 1}, 4), ("<=", {1: 2}, 12), ("<=", {0: 3, 1: 2}, 18)])
    point = solver_for(path)(program, Settings())
    assert point.values == pytest.approx([2, 6])
    assert point.duals == pytest.approx([0, -1.5, -1])
    assert point.bound == pytest.approx(-36)
    if path != "pulp+cbc":
        priced = highs.pricing(program)(program.row_lower, program.row_upper)
        assert priced is not None
        assert priced.ranges is not None
        # the second bound: 6 .. 18; the third: 12 .. 24 (Hillier & Lieberman, ch. 6 or 7)
        assert [side[1:].tolist() for side in priced.ranges] == [[6, 12], [18, 24]]


@pytest.mark.parametrize("path", PATHS)
def test_one_variable_calibrates_the_sign(path: Path) -> None:
    upper = solver_for(path)(linear([-2], [("<=", {0: 1}, 5)]), Settings())
    lower = solver_for(path)(linear([2], [(">=", {0: 1}, 5)]), Settings())
    assert upper.duals == pytest.approx([-2])  # a unit more of bound costs 2 less
    assert lower.duals == pytest.approx([2])  # a unit more of bound costs 2 more


def test_the_price_is_of_the_chosen_packages() -> None:
    # A is all or nothing and does not fit beside B: more money buys B, 40 / 80 a million,
    # until B is full
    case = study(
        [
            package("A", ask("bank.loan", 90 * M, all_or_nothing=True)),
            package("B", ask("bank.loan", 80 * M)),
        ],
        [tool("loan", 60 * M)],
    )
    found = run(case, A=90, B=40)
    envelope = row_of(found, "loan.envelope")
    assert given(found) == {"B loan": 60}
    assert envelope["shadow_price"] == pytest.approx(0.5 / M)
    assert (envelope["price_low"], envelope["price_high"]) == (0, 80 * M)


def test_slack_limits_have_no_price() -> None:
    found = run(study([package("A", ask("bank.loan", 10 * M))], [tool("loan", 60 * M)]), A=50)
    row = row_of(found, "loan.envelope")
    assert (row["shadow_price"], row["binding"], row["slack"]) == (0, False, 50 * M)


def test_ranges_of_a_share_of_a_sum_are_bounds_of_the_limit() -> None:
    # grant <= 0.2 (loan + grant + 10), loan 60: grant 17.5. One more dollar of bound is 1 / 0.8
    # dollars of grants, of 50 / 100 points a million; from 0 to 40 of grants, bound 0.2 x 70 - 14
    # = 0 to 0.2 x 110 + 10
    of = {"tools": ("bank.*",), "plus": 10 * M}
    case = study(
        [package("A", ask("bank.loan", 60 * M), ask("bank.grant", 40 * M))],
        [tool("loan", 90 * M), tool("grant", 90 * M)],
        [limit("part", "bank.grant", at_most={"share": 0.2, "of": of})],
    )
    row = row_of(run(case, A=50), "part")
    assert row["shadow_price"] == pytest.approx(0.5 / 0.8 / M)
    assert row["bound"] == 17_500_000
    assert row["price_low"] == pytest.approx(17_500_000 - 14 * M)
    assert row["price_high"] == pytest.approx(17_500_000 + 0.8 * (40 - 17.5) * M)


def test_of_twins_neither_gains_alone() -> None:
    """Two appropriations of 25 over a grant of 40, asked by one package of 60 points.

    A million of both is 60 / 40 points; of one alone nothing; of one less, what both have.
    """
    case = study(
        [package("A", ask("bank.grant", 40 * M))],
        [tool("grant", 90 * M, 1.0)],
        [limit(name, measure="subsidy", at_most=25 * M) for name in ("first", "again")],
    )
    found = run(case, A=60)
    for name, other in (("first", "again"), ("again", "first")):
        row = row_of(found, name)
        assert (row["shadow_price"], row["price_low"]) == (0, 25 * M)
        assert pd.isna(row["price_high"])  # of one alone nothing is gained, however much
        assert row["cut_price"] == pytest.approx(1.5 / M)
        (together,) = row["together"]
        assert together.limits == ((f"bank.{other}", ""),)
        assert together.gain == pytest.approx(1.5 / M)
    raised = [limit(name, measure="subsidy", at_most=26 * M) for name in ("first", "again")]
    bank = case.institutions[0].model_copy(update={"limits": tuple(raised)})
    both = run(changed(case, institutions=(bank,)), A=60)
    assert both.objective - found.objective == pytest.approx(1.5)


def test_three_that_must_rise_together_and_one_that_need_not() -> None:
    # the envelope, the budget and the country's bound all stand at 30; the other's at 50 has room
    case = study(
        [package("A", ask("bank.grant", 40 * M), hosts={"AAA": 1.0})],
        [tool("grant", 30 * M, 1.0)],
        [
            limit("budget", measure="subsidy", at_most=30 * M),
            limit("country", per="country", at_most=30 * M),
            limit("roomy", at_most=50 * M),
        ],
    )
    found = run(case, A=60)
    (together,) = row_of(found, "budget")["together"]
    assert sorted(together.limits) == [("bank.country", "AAA"), ("bank.grant.envelope", "")]
    assert row_of(found, "roomy")["together"] == ()


def test_a_request_met_to_the_dollar_needs_no_more() -> None:
    # the envelope is what A asks: a dollar more gains nothing, one less costs 50 / 60 of a point
    found = run(study([package("A", ask("bank.loan", 60 * M))], [tool("loan", 60 * M)]), A=50)
    row = row_of(found, "loan.envelope")
    assert (row["shadow_price"], row["together"]) == (0, ())
    assert row["cut_price"] == pytest.approx(50 / 60 / M)


def test_a_corner_has_the_price_of_what_comes_next() -> None:
    # 60 points in full at 60 million; the next million goes to B, 30 / 50 a million, until 110
    case = study(
        [package("A", ask("bank.loan", 60 * M)), package("B", ask("bank.loan", 50 * M))],
        [tool("loan", 60 * M)],
    )
    row = row_of(run(case, A=60, B=30), "loan.envelope")
    assert row["shadow_price"] == pytest.approx(0.6 / M)
    assert row["cut_price"] == pytest.approx(1 / M)
    assert (row["price_low"], row["price_high"]) == pytest.approx((60 * M, 110 * M))


@pytest.mark.parametrize("seed", range(40))
def test_both_sides_of_every_price_are_finite_differences_at_the_chosen_packages(seed: int) -> None:
    case = random_study(seed, size=5)
    scores = scores_of(case, seed)
    found = allocate(case, scores, list(scores))
    if found.status != "optimal":
        return
    compiled = compile_study(case, scores, list(scores))
    amounts = [int(found.amounts.loc[p.package, p.tool]) for p in compiled.layout.pairs]
    whole = np.array([float(v) for v in complete(compiled.program, compiled.layout, amounts)])
    fixed = with_integers_fixed(compiled.program, whole)
    best = highs.solve(fixed, Settings()).bound
    step = 1e-4  # units: 100 USD, so that no corner is passed; costs are known to 1e-12
    for place, price in prices(compiled, amounts).items():
        for told, by in ((price.more, step), (price.less, -step)):
            low, high = fixed.row_lower.copy(), fixed.row_upper.copy()
            low[compiled.row_of[place]] += by
            high[compiled.row_of[place]] += by
            there = highs.solve(replace(fixed, row_lower=low, row_upper=high), Settings())
            if not there.found:
                assert told is None or compiled.limits[place].sense == "at_least"
                continue
            quotient = (best - there.bound) / by / compiled.program.unit
            assert told is not None
            assert told == pytest.approx(quotient, rel=5e-5, abs=1e-12), (seed, place)


def with_envelope(case: Study, kind: str, amount: int) -> Study:
    bank = case.institutions[0]
    tools = tuple(
        t.model_copy(update={"envelope": t.envelope.model_copy(update={"amount": amount})})
        if t.id == kind
        else t
        for t in bank.tools
    )
    return changed(case, institutions=(bank.model_copy(update={"tools": tools}),))


def without_binaries(seed: int) -> Study:
    """Return a random study of which the program is linear."""
    case = random_study(seed, plain=True, minimum_support=0, objective="amount")
    packages = [
        p.model_copy(
            update={
                "exclusive_group": None,
                "requires": (),
                "requests": tuple(ask(r.tool, r.amount_usd) for r in p.requests),
            }
        )
        for p in case.packages
    ]
    bank = case.institutions[0]
    tools = tuple(t.model_copy(update={"minimum_ticket": 0}) for t in bank.tools)
    bank = bank.model_copy(update={"tools": tools})
    return changed(case, packages=tuple(packages), institutions=(bank,))


def with_bound(case: Study, name: str, step: int) -> tuple[Study, float] | None:
    """Return a study with a bound that is larger, and by how much for each group; None if fixed.

    A share of a sum is of a sum with `step` more of existing exposure in it.
    """
    bank = case.institutions[0]
    (one,) = (item for item in bank.limits if item.id == name)
    bound, share = one.at_most, 1.0
    if isinstance(bound, str):
        bound = int(case.parameter(bound).value or 0)
    if isinstance(bound, int):
        more: Any = bound + step
    elif isinstance(bound, ShareOf) and isinstance(bound.of, SumOf):
        share = float(
            case.parameter(bound.share).value or 0 if isinstance(bound.share, str) else bound.share
        )
        plus = bound.of.plus
        known = int(case.parameter(plus).value or 0) if isinstance(plus, str) else plus
        of = bound.of.model_copy(update={"plus": known + step})
        more = bound.model_copy(update={"of": of})
    else:
        return None
    changes = {"at_most": more}
    limits = tuple(
        item.model_copy(update=changes) if item.id == name else item for item in bank.limits
    )
    return changed(case, institutions=(bank.model_copy(update={"limits": limits}),)), share


@pytest.mark.slow
def test_prices_of_every_form_with_a_bound_of_its_own_are_finite_differences() -> None:
    # as for envelopes; of a limit by groups only one may have a price, since all bounds move
    shown: set[str] = set()
    for seed in range(60):
        case = without_binaries(seed)
        scores = scores_of(case, seed)
        found = run(case, **scores)
        for name in [item.id for item in case.institutions[0].limits if item.kind == "law"]:
            rows = found.limits[found.limits["limit"] == f"bank.{name}"]
            priced = rows[rows["shadow_price"].fillna(0) != 0]
            moved = with_bound(case, name, M)
            if len(priced) != 1 or moved is None:
                continue
            row = priced.iloc[0]
            end = np.inf if pd.isna(row["price_high"]) else row["price_high"]
            if row["bound"] + moved[1] * M > end - 1:
                continue  # the basis does not hold so far
            more = run(moved[0], **scores)
            assert more.objective - found.objective == pytest.approx(
                row["shadow_price"] * moved[1] * M, abs=5e-3
            ), (seed, name)
            shown.add(name)
    flat = {"subsidy", "exposure", "anchor", "bloc", "sector", "brown"}
    assert shown >= flat | {"country", "grant_share", "rich_all"}


@pytest.mark.parametrize("seed", range(30))
def test_prices_are_finite_differences_where_the_range_holds(seed: int) -> None:
    # without binaries the optimum is piecewise linear in a bound: inside the range the
    # difference quotient is the price itself
    case = without_binaries(seed)
    scores = scores_of(case, seed)
    found = run(case, **scores)
    for kind in ("loan", "grant", "cover"):
        row = row_of(found, f"{kind}.envelope")
        high = row["price_high"] if row["price_high"] is not None else np.inf
        step = int(min(M, (high - row["bound"]) / 2)) if row["shadow_price"] else M
        if row["shadow_price"] and step < 1_000:
            continue  # at a corner: no room on that side
        more = run(with_envelope(case, kind, int(row["bound"]) + step), **scores)
        # whole dollars: an amount may move by a few dollars, each worth under 250 / M points
        assert more.objective - found.objective == pytest.approx(
            row["shadow_price"] * step, abs=5e-3
        )
