"""The uncertainty analysis of a whole study."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from evaluator import InvalidStudyError, Override, evaluate, load_study
from evaluator.decision.cut import about_cut, next_in
from evaluator.decision.designation import ranked_packages
from evaluator.decision.findings import BelowCut
from evaluator.model.scenario import UncertaintySettings
from evaluator.results.evaluation import Evaluation, Uncertainty
from evaluator.uncertainty.findings import (
    Shares,
    UniformInOrder,
    UniformOnSimplex,
    UniformWithinBounds,
    ValuesDrawn,
)
from evaluator.uncertainty.inputs import (
    own_criteria,
    performances_of,
    weighting_of,
)
from evaluator.uncertainty.robustness import tornado_table
from evaluator.uncertainty.sample import blocks_of, draw_sample
from tests.conftest import BASELINE


def analysed(*changes: tuple[str, str]) -> Evaluation:
    overrides = [Override(key, to, "a trial") for key, to in changes]
    return evaluate(load_study(BASELINE, overrides))


def uncertainty(*changes: tuple[str, str]) -> Uncertainty:
    found = analysed(*changes).uncertainty
    assert found is not None
    return found


@pytest.fixture(scope="module")
def baseline() -> Evaluation:
    return analysed(("uncertainty.draws", "4000"))


def test_failed_packages_are_not_in_it(baseline: Evaluation) -> None:
    assert baseline.uncertainty is not None
    ranked = baseline.ranking.index[baseline.ranking["outcome"] != "failed"]
    assert list(baseline.uncertainty.packages.index) == list(ranked)


def test_shares_add_up(baseline: Evaluation) -> None:
    found = baseline.uncertainty
    assert found is not None
    ranks, order = found.rank_acceptability, list(found.packages.index)
    for key in ("package", "rank_from"):
        assert ranks.groupby(key)["share"].sum().tolist() == pytest.approx([1] * len(order))
    # half of a tie counts as ahead: the mean rank is one more than the mean number ahead
    pairs, ahead = found.pairwise_winning, dict.fromkeys(order, 0.0)
    told = {(p, o): share for p, o, share in pairs.itertuples(index=False)}
    for first, second in combinations(order, 2):
        share = told.get((first, second), 1.0)
        ahead[first] += 1 - share
        ahead[second] += share
    means = found.packages["expected_rank"].tolist()
    assert [1 + share for share in ahead.values()] == pytest.approx(means)
    # In no draw are more designated than there are places.
    assert found.packages["designated_share"].sum() <= 20 + 1e-9


def test_nothing_uncertain_gives_the_ranking_itself() -> None:
    found = analysed(
        ("uncertainty.weights", "stated"),
        ("uncertainty.influence", "stated"),
        ("uncertainty.ratings", "stated"),
        ("missing", "worst"),
        ("uncertainty.draws", "200"),
    )
    sure = found.uncertainty
    assert sure is not None
    table = found.ranking.loc[sure.packages.index]
    # Measures with a stated range still vary, and move neighbours past each other at most.
    assert (sure.packages["expected_rank"] - table["rank"].astype(float)).abs().max() < 1
    inside = table["designated"].astype(float)
    clear = sure.packages["tier"] != "contested"
    assert (sure.packages["designated_share"].round()[clear] == inside[clear]).all()


def test_the_seed_reproduces_and_more_draws_begin_alike() -> None:
    one = uncertainty(("uncertainty.draws", "1500"))
    again = uncertainty(("uncertainty.draws", "1500"))
    pd.testing.assert_frame_equal(one.packages, again.packages)
    other = uncertainty(("uncertainty.draws", "1500"), ("uncertainty.seed", "7"))
    assert not one.packages["designated_share"].equals(other.packages["designated_share"])


def test_no_draws_no_analysis() -> None:
    assert analysed(("uncertainty.draws", "0")).uncertainty is None


def test_the_distributions_are_stated() -> None:
    found = uncertainty(
        ("uncertainty.draws", "100"),
        ("uncertainty.influence", "uniform"),
        ("uncertainty.weights", "order"),
        ("uncertainty.weights_of", "{state: {intervals: {displacement: [0.1, 0.3]}}}"),
    )
    influence, *weights, values = found.distributions
    assert influence == UniformOnSimplex("influence", "")
    told = {one.agency: one for one in weights if isinstance(one, Shares)}
    assert len(told) == len(weights) == 5
    assert isinstance(told["commerce"], UniformInOrder)
    assert isinstance(told["state"], UniformWithinBounds)
    assert isinstance(values, ValuesDrawn)
    assert values.panels > 0


def test_intervals_that_cannot_hold_are_refused() -> None:
    for bounds, fact in (
        ("{intervals: {navy: [0, 1]}}", "the name .navy. is unknown"),
        # Commerce's stated influence is 0.36.
        (
            "{intervals: {commerce: [0.1, 0.3]}}",
            r"'commerce', 0\.1 to 0\.3, leaves out the share that is stated, 0\.36",
        ),
    ):
        with pytest.raises(InvalidStudyError, match=fact):
            analysed(("uncertainty.draws", "100"), ("uncertainty.influence", bounds))


@pytest.mark.slow
@pytest.mark.parametrize("method", ["topsis", "vikor", "weighted_product"])
def test_every_method_can_be_drawn(method: str) -> None:
    found = uncertainty(("uncertainty.draws", "60"), ("method", f"{{name: {method}}}"))
    assert found.rank_acceptability["share"].sum() == pytest.approx(len(found.packages))


def test_what_it_would_take_brings_the_package_in(baseline: Evaluation) -> None:
    found = baseline.uncertainty
    assert found is not None
    row = found.improvements.loc["SP26-25"]
    criterion, needed = str(row["criterion"]), float(row["needed"])
    effective = (baseline.influence.to_numpy() @ baseline.weights.to_numpy()).tolist()
    column = list(baseline.weights.columns).index(criterion)
    gain = effective[column] * (needed - float(row["value"]))
    overall = float(baseline.ranking.loc["SP26-25", "overall"])  # type: ignore[arg-type]
    inside = baseline.ranking[baseline.ranking["designated"]]
    assert overall + gain > inside["overall"].min()


def test_values_of_a_tornado_end_at_the_quantiles_of_their_own_draws() -> None:
    study = load_study(BASELINE, [Override("uncertainty.draws", "50", "a trial")])
    found = evaluate(study)
    assert found.uncertainty is not None
    packages, criteria = ranked_packages(found.ranking), list(study.criteria)
    known = performances_of(study, found.performances, packages)
    sample = draw_sample(blocks_of(weighting_of(study, found.influence), known, 0), known, 4_096)
    values = found.values.loc[packages].to_numpy()
    stated = (values, found.weights.to_numpy(), found.influence.to_numpy())
    about = about_cut(found.ranking, packages, 10)
    assert packages[about[5]] == next_in(found.ranking)
    table = tornado_table(study, packages, about, stated, own_criteria(study), sample)
    bars = table[table["kind"] == "value"]
    assert len(packages) > 2 * bars["package"].nunique() > 10
    drawn = sample.values(len(sample.drawn))
    for bar in bars.to_dict("records"):
        place = packages.index(bar["package"]), criteria.index(bar["criterion"])
        low, high = np.quantile(drawn[:, *place], (0.05, 0.95))
        assert bar["low"] == pytest.approx(min(low, values[place]), abs=1e-12)
        assert bar["high"] == pytest.approx(max(high, values[place]), abs=1e-12)


@pytest.mark.slow
def test_rank_reversal_is_tried_on_request() -> None:
    plain = uncertainty(("uncertainty.draws", "50"))
    assert plain.reversals.empty
    full = uncertainty(("uncertainty.draws", "50"), ("extent", "full")).reversals
    sums = full[full["method"] == "weighted_sum"]
    assert set(sums["test"]) == {"remove", "copy", "worse"}
    assert (sums["reversals"] == 0).all()


def test_settings_have_a_seed_and_draws_by_default() -> None:
    assert UncertaintySettings().draws == 10_000


def test_what_is_told_at_the_cut_is_of_the_method_that_ranks() -> None:
    # By TOPSIS SP26-14 has the eighth and last place; by the weighted sum it would be ninth.
    found = analysed(
        ("uncertainty.draws", "50"), ("method.name", "topsis"), ("designation.max_packages", "8")
    )
    assert found.ranking.loc["SP26-14", "rank"] == 8
    assert found.ranking.loc["SP26-14", "designated"]
    assert found.uncertainty is not None
    improvements = found.uncertainty.improvements
    assert "SP26-14" not in improvements.index
    assert set(improvements.index) == {
        str(p)
        for p in found.ranking.index[~found.ranking["designated"]]
        if found.ranking.loc[p, "outcome"] != "failed"
    }
    assert improvements["points_in_all"].isna().all()
    assert next(iter(found.uncertainty.methods)) == "topsis"
    by_method = found.ranking["method_score"].astype("float64")
    short = float(by_method["SP26-14"] - by_method["SP26-27"])
    assert found.ranking["reason"]["SP26-27"] == (BelowCut(short, "share", "SP26-14"),)
    told = {one.code for one in found.uncertainty.rules}
    assert {"intervals_sought", "improvements_sought"} <= told


def test_the_number_of_threads_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    study = load_study(BASELINE, [Override("uncertainty.draws", "3000", "a trial")])
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv("EVALUATOR_THREADS", threads)
        sure = evaluate(study).uncertainty
        assert sure is not None
        found.append((sure.packages.to_csv(), sure.central_weights.to_csv(), sure.tornado.to_csv()))
    assert found[0] == found[1]


def test_a_single_draw_is_enough_for_an_analysis() -> None:
    found = evaluate(load_study(BASELINE, [Override("uncertainty.draws", "1", "a trial")]))
    assert found.uncertainty is not None
    assert set(found.uncertainty.packages["designated_share"]) <= {0.0, 1.0}
    assert (found.uncertainty.variance["standard_deviation"] > 0).any()
    assert not found.uncertainty.tornado.empty
