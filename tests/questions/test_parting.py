"""Where two agencies part, and what is open in the ratings, held to the engine's own tables."""

from __future__ import annotations

import pytest

from evaluator import load_study
from evaluator.errors import UsageError
from evaluator.pipeline import allocated, evaluate, supposing
from evaluator.questions.weighing.open_ratings import open_ratings
from evaluator.questions.weighing.parting import met, parting
from evaluator.results.evaluation import Allocated
from tests.conftest import BASELINE


@pytest.fixture(scope="module")
def scored() -> Allocated:
    return evaluate(load_study(BASELINE), only="allocation")


def test_what_parts_two_sides_is_split_over_the_criteria(scored: Allocated) -> None:
    found = parting(scored, "commerce", "state")
    assert sum(one.share for one in found.drivers) == pytest.approx(1)
    assert list(found.drivers) == sorted(found.drivers, key=lambda one: -one.share)
    own = scored.agency_scores
    for one in found.packages:
        assert one.scores == pytest.approx(
            (own.at[one.package, "commerce"], own.at[one.package, "state"])
        )
    back = parting(scored, "state", "commerce")
    assert {(one.package, one.places) for one in back.packages} == {
        (one.package, -one.places) for one in found.packages
    }


def test_against_the_others_together_ranks_are_those_without_the_agency(scored: Allocated) -> None:
    shares = scored.influence.drop("defense")
    alone = scored.agency_scores.drop(columns="defense") @ (shares / shares.sum())
    ranked = scored.ranking.index[scored.ranking["rank"].notna()]
    expected = alone.loc[ranked].rank(ascending=False, method="min").astype(int).to_dict()
    found = parting(scored, "defense")
    assert {one.package: one.ranks[1] for one in found.packages} == expected


def test_who_has_met_on_a_criterion_does_not_part_on_it(scored: Allocated) -> None:
    criterion = parting(scored, "commerce", "state").drivers[0].criterion
    after = met(scored, "commerce", "state", criterion)
    assert after.weights.sum(axis=1).tolist() == pytest.approx([1.0] * len(after.weights))
    assert after.weights.at["commerce", criterion] == pytest.approx(
        after.weights.at["state", criterion]
    )
    assert criterion not in {one.criterion for one in parting(after, "commerce", "state").drivers}
    assert after.weights.drop(index=["commerce", "state"]).equals(
        scored.weights.drop(index=["commerce", "state"])
    )


@pytest.mark.parametrize(("one", "other"), [("commerce", "commerce"), ("nobody", ""), ("", "x")])
def test_two_agencies_have_to_be_two(scored: Allocated, one: str, other: str) -> None:
    with pytest.raises(UsageError):
        parting(scored, one, other)


def test_supposing_nothing_is_the_run(scored: Allocated) -> None:
    again = allocated(supposing(scored))
    assert again.ranking["rank"].equals(scored.ranking["rank"])
    assert again.allocation.amounts.equals(scored.allocation.amounts)


def test_each_end_of_an_open_value_is_what_the_run_would_be(scored: Allocated) -> None:
    found = open_ratings(scored, split=50, most=1)
    assert {one.kind for one in found} == {"missing", "split"}
    assert [one.solved for one in found].count(True) == 1
    labels = {
        (row["package"], row["criterion"]): label for label, row in scored.performances.iterrows()
    }
    then = set(scored.designated)
    for one in found[::6]:
        assert one.low <= one.value <= one.high
        for end in one.ends:
            table = scored.performances.copy()
            label = labels[one.package, one.criterion]
            table.loc[label, "value"] = end.value
            table.loc[label, "state"] = "known"
            run = supposing(scored, performances=table)
            assert end.rank == run.ranking.at[one.package, "rank"]
            now = set(run.designated)
            assert (set(end.entered), set(end.left)) == (now - then, then - now)
