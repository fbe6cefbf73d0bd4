"""Panels over totals: each judge's own total first, then one number of the judges."""

from __future__ import annotations

import statistics
from itertools import product
from typing import Any

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.loading.checks.judgements import over_totals
from evaluator.model.criterion import Anchors, Criterion, Numbers, Scale, ValueFunction
from evaluator.model.method import Method
from evaluator.model.package import Package, Rating
from evaluator.model.scenario import Influence, PanelRule, UncertaintySettings
from evaluator.model.study import Study
from evaluator.pipeline import evaluate, supposing
from evaluator.questions.weighing.open_ratings import open_ratings
from evaluator.questions.weighing.what_wins import what_swaps
from evaluator.results.judgement import TotalsCombined
from evaluator.scoring.panels import of_totals
from evaluator.uncertainty.findings import TotalsDrawn
from evaluator.uncertainty.stability.findings import VarianceNotKnown
from tests.studies import CITED, agency, scenario, study

Points = dict[str, dict[str, int | None]]
"""By judge and criterion: 0 to 10; None where nothing is given."""


def criterion(name: str) -> Criterion:
    return Criterion(
        id=name,
        label=name,
        kind="rating",
        scale="points",
        value=ValueFunction(linear=Anchors(worst=0, best=10)),
        citation=CITED,
    )


def case(
    teams: dict[str, Points],
    over: str = "totals",
    rule: str = "median",
    owners: dict[str, tuple[str, ...]] | None = None,
    draws: int = 0,
    **fields: Any,
) -> Study:
    owned = owners or {"a": ("x", "y")}
    shares = {name: 1 / len(owned) for name in owned}
    packages = tuple(
        Package(
            id=team,
            title=team,
            attributes={},
            ratings=tuple(
                Rating(
                    criterion=next(f"{o}.{c}" for o, own in owned.items() if c in own),
                    evaluator=judge,
                    rating=None if points is None else str(points),
                )
                for judge, given in judges.items()
                for c, points in given.items()
            ),
        )
        for team, judges in teams.items()
    )
    return study(
        scenario=scenario(
            influence=Influence(shares=shares, citation=CITED),
            panel=PanelRule(rule=rule, over=over, share=0.25 if rule == "trimmed" else None),
            uncertainty=UncertaintySettings(draws=draws),
            **fields,
        ),
        agencies=tuple(
            agency(name, *own).model_copy(update={"criteria": tuple(map(criterion, own))})
            for name, own in owned.items()
        ),
        scales=(
            Scale(
                id="points",
                label="P",
                numbers=Numbers.model_validate({"from": 0, "to": 10, "step": 1}),
                citation=CITED,
            ),
        ),
        packages=packages,
    )


TEAMS = {
    # per criterion the median of A is 9 and 9; no judge gives it more than 10 of 20 in all but one
    "A": {"j": {"x": 9, "y": 1}, "k": {"x": 1, "y": 9}, "l": {"x": 9, "y": 9}},
    "B": {"j": {"x": 6, "y": 6}, "k": {"x": 6, "y": 6}, "l": {"x": 6, "y": 6}},
}


def test_the_order_of_the_totals_is_not_that_of_the_criteria() -> None:
    each, whole = (
        evaluate(case(TEAMS, over=over), only="scores").ranking for over in ("criteria", "totals")
    )
    assert list(each.index) == ["A", "B"]
    assert list(whole.index) == ["B", "A"]
    # totals of A are 50, 50 and 90
    assert whole["overall"].to_dict() == pytest.approx({"A": 50, "B": 60})
    assert whole["score.a"].to_dict() == pytest.approx({"A": 50, "B": 60})


RULES = {
    "mean": statistics.fmean,
    "median": statistics.median,
    "trimmed": lambda given: float(scipy.stats.trim_mean(given, 0.25)),
}
POINT = st.integers(0, 10)
SHEET = st.lists(st.tuples(POINT, POINT, POINT, st.booleans()), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(st.lists(SHEET, min_size=2, max_size=4), st.sampled_from(sorted(RULES)))
def test_totals_are_those_of_a_spreadsheet(sheets: list[Any], rule: str) -> None:
    """Two agencies; a judge may have left the second of the first one's criteria out."""
    teams: dict[str, Points] = {
        f"T{n}": {
            f"j{i}": {"x": x, "y": None if gap else y, "z": z}
            for i, (x, y, z, gap) in enumerate(sheet)
        }
        for n, sheet in enumerate(sheets)
    }
    built = case(teams, rule=rule, owners={"a": ("x", "y"), "b": ("z",)})
    found = evaluate(built, only="scores").ranking
    for n, sheet in enumerate(sheets):
        rated = any(not gap for *_, gap in sheet)  # y that nobody rated is missing, and 0
        totals = [
            10 * x if gap and rated else 5 * (x + (0 if gap else y)) for x, y, _, gap in sheet
        ]
        a, b = RULES[rule](totals), RULES[rule]([10 * z for *_, z, _ in sheet])
        row = found.loc[f"T{n}"]
        assert (row["score.a"], row["score.b"]) == pytest.approx((a, b))
        assert row["overall"] == row["method_score"] == pytest.approx((a + b) / 2)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(POINT, POINT), min_size=1, max_size=6))
def test_a_mean_is_the_same_either_way_where_all_have_rated(sheet: list[Any]) -> None:
    teams: dict[str, Points] = {"T": {f"j{i}": {"x": x, "y": y} for i, (x, y) in enumerate(sheet)}}
    each, whole = (
        evaluate(case(teams, over, "mean"), only="scores").ranking
        for over in ("criteria", "totals")
    )
    assert each["overall"]["T"] == pytest.approx(whole["overall"]["T"])


def test_what_nobody_gives_is_left_out_of_a_panel() -> None:
    table = np.array([[3.0, np.nan, 1.0], [np.nan] * 3])
    assert of_totals(table, PanelRule())[0] == 2
    assert np.isnan(of_totals(table, PanelRule())[1])


def test_draws_are_of_whole_judges() -> None:
    """x and y of A are opposed: drawn rating by rating its total would pass 60 now and then."""
    teams: dict[str, Points] = {
        "A": {f"j{i}": {"x": x, "y": 10 - x} for i, x in enumerate((0, 2, 5, 8, 10))},
        "B": {"j": {"x": 6, "y": 4}, "k": {"x": 5, "y": 6}, "l": {"x": 6, "y": 6}},
    }
    found = evaluate(case(teams, draws=4_000)).uncertainty
    assert found is not None
    # B is as good as A or better in all; of equal weights level only where 50 is B's median
    totals = [50.0, 55.0, 60.0]
    level = np.mean([statistics.median(each) == 50 for each in product(totals, repeat=3)])
    assert found.packages.loc["B", "first_share"] > 1 - level - 0.15
    assert TotalsDrawn(2, 0, 0) in found.distributions
    assert VarianceNotKnown(totals=True) in found.rules
    assert found.variance.empty


@pytest.mark.parametrize("rule", sorted(RULES))
def test_the_share_of_draws_is_that_of_a_simulation_by_hand(rule: str) -> None:
    rng = np.random.default_rng(3)
    teams: dict[str, Points] = {
        team: {
            f"j{i}": dict(zip("xy", map(int, rng.integers(0, 11, 2)), strict=True))
            for i in range(5)
        }
        for team in "ABC"
    }
    drawn = evaluate(case(teams, rule=rule, draws=6_000)).uncertainty
    assert drawn is not None
    points = np.array([[[g["x"], g["y"]] for g in one.values()] for one in teams.values()])
    own = 2_000
    # two equal weights of a relative deviation of 0.3: variance w (1 - w) / (c + 1)
    x = rng.beta(*[((1 / 0.3**2) - 1) / 2] * 2, own)
    first = np.zeros(3)
    for share in x:
        again = [
            RULES[rule]([float(p @ (share, 1 - share)) for p in team[rng.integers(0, 5, 5)]])
            for team in points
        ]
        first += np.isclose(again, max(again), atol=1e-12)
    mine = first / own
    told = drawn.packages.loc[list("ABC"), "first_share"].to_numpy()
    assert np.abs(mine - told).max() < 5 * np.sqrt(0.25 * 2 / own)


def test_one_judge_alone_is_drawn_as_others_spread() -> None:
    teams = {**TEAMS, "C": {"j": {"x": 7, "y": 7}}, "D": {"j": {"x": 9}, "k": {"y": None, "x": 9}}}
    found = evaluate(case(teams, draws=1_000)).uncertainty
    assert found is not None
    assert TotalsDrawn(3, 1, 0) in found.distributions
    low, high = found.packages.loc["C", ["rank_low", "rank_high"]]
    assert low < high


def test_what_is_no_sum_is_sought_or_not_known() -> None:
    teams = {**TEAMS, "C": {"j": {"x": 3, "y": 7}, "k": {"x": 4, "y": 4}, "l": {"x": 5, "y": 4}}}
    built = case(teams, draws=100)
    found = evaluate(built)
    assert found.contributions.isna().to_numpy().all()
    assert TotalsCombined("median", 0.0) in found.provenance.notes
    assert found.uncertainty is not None
    table = found.uncertainty.stability
    (row,) = table[(table["kind"] == "weight") & (table["criterion"] == "a.x")].to_dict("records")

    def leader(share: float) -> str:
        whole = {
            team: statistics.median(share * g["x"] + (1 - share) * g["y"] for g in judges.values())
            for team, judges in teams.items()
        }
        return max(whole, key=lambda team: whole[team])

    low, high = row["leader_low"], row["leader_high"]
    assert all(leader(t) == "B" for t in np.linspace(low + 1e-4, high - 1e-4, 40))
    assert 0 < low < 0.5 < high < 1
    assert leader(low - 1e-4) == leader(high + 1e-4) == "A"


def test_totals_need_a_plain_sum_and_criteria_of_ones_own() -> None:
    built = case(TEAMS, owners={"a": ("x",), "b": ("y",)})
    topsis = built.scenario.model_copy(update={"method": Method(name="topsis")})
    (problem,) = over_totals(built.model_copy(update={"scenario": topsis}))
    assert "totals are weighted sums" in problem.fact
    first, second = built.agencies
    both = second.weights.model_copy(update={"judgements": {"y": 50, "a.x": 50}})
    foreign = (first, second.model_copy(update={"weights": both}))
    (problem,) = over_totals(built.model_copy(update={"agencies": foreign}))
    assert problem.fact == "b weighs a.x, which others rate."


@pytest.mark.parametrize("over", ["criteria", "totals"])
def test_one_number_of_one_judge_swaps_two(over: str) -> None:
    """Each that is told does, and the number next to it on the way does not."""
    teams: dict[str, Points] = {
        "A": {"j": {"x": 7, "y": 5}, "k": {"x": 6, "y": 6}, "l": {"x": 9, "y": 2}},
        "B": {"j": {"x": 6, "y": 6}, "k": {"x": 5, "y": 5}, "l": {"x": 6, "y": 4}},
    }

    def gap(changed: dict[str, Points]) -> float:
        scores = evaluate(case(changed, over), only="scores").ranking["overall"]
        return float(scores["A"] - scores["B"])

    swap = what_swaps(evaluate(case(teams, over), only="scores"), "B", "A")
    assert swap.behind == "B"
    assert swap.gap == pytest.approx(gap(teams))
    assert swap.facts
    for fact in swap.facts:
        name = fact.criterion.removeprefix("a.")
        old, new = int(str(fact.old)), int(str(fact.new))
        assert fact.steps == abs(new - old) > 0
        for points, enough in ((new, True), (new - (1 if new > old else -1), False)):
            judges = teams[fact.package]
            given = {**judges[str(fact.evaluator)], name: points}
            changed = {**teams, fact.package: {**judges, str(fact.evaluator): given}}
            assert (gap(changed) <= 1e-9) is enough


def test_the_ends_of_a_split_rating_are_scored_by_totals() -> None:
    """Each judge of a value moves with it; x of A from 90 to 10 leaves totals of 10, 10 and 50."""
    found = evaluate(case(TEAMS), only="allocation")
    (one, *_) = [x for x in open_ratings(found, 50, 0) if (x.package, x.criterion) == ("A", "a.x")]
    assert (one.low, one.value, one.high) == (10, 90, 90)
    for end in one.ends:
        table = found.performances.copy()
        at = (table["package"] == "A") & (table["criterion"] == "a.x")
        table.loc[at, "value"] = end.value
        after = supposing(found, performances=table).ranking
        assert after.at["A", "rank"] == end.rank
        assert after.at["A", "overall"] == pytest.approx(50 if end.value == 90 else 10)
