"""Agreement of the agencies in a whole study."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest

from evaluator import Override, evaluate, load_study
from evaluator.agreement import kendall_tau_b
from evaluator.agreement.findings import SoleInfluence, WeightsProportional
from evaluator.decision.findings import UnderAgencyFloors
from evaluator.results.evaluation import Agreement, Evaluation
from evaluator.results.findings import Findings
from tests.conftest import BASELINE

QUIET = Override("uncertainty.draws", "0", "none is needed here")


def evaluated(*changes: tuple[str, str]) -> tuple[Evaluation, Agreement]:
    found = evaluate(
        load_study(BASELINE, [QUIET, *(Override(k, v, "a trial") for k, v in changes)])
    )
    assert found.agreement is not None
    return found, found.agreement


@pytest.fixture(scope="module")
def baseline() -> tuple[Evaluation, Agreement]:
    return evaluated()


def test_each_agency_s_ranks_are_those_of_its_scores(
    baseline: tuple[Evaluation, Agreement],
) -> None:
    found, agreed = baseline
    scores = found.agency_scores.loc[agreed.packages.index, "state"]
    best = agreed.packages["rank.state"].idxmin()
    assert best == scores.idxmax()
    assert (agreed.packages["spread"] - found.ranking["spread"].dropna()).abs().max() < 1e-8


def test_drivers_split_the_disagreement_wholly(baseline: tuple[Evaluation, Agreement]) -> None:
    _, agreed = baseline
    sums = agreed.drivers.groupby(["agency", "other"])["share"].sum()
    assert sums.to_numpy() == pytest.approx(1)
    assert len(sums) == len(agreed.pairs) == 10


def test_kemeny_is_proven_and_no_worse_than_any_agency_s_own_ranking(
    baseline: tuple[Evaluation, Agreement],
) -> None:
    found, agreed = baseline
    assert agreed.facts["kemeny_proven"]
    agencies = [a.agency for a in found.study.agencies]
    ranks = agreed.packages[[f"rank.{a}" for a in agencies]].to_numpy().T
    order = agreed.packages["kemeny"].to_numpy(dtype=float)

    def against(candidate: np.ndarray) -> float:
        one = np.sign(candidate[:, None] - candidate[None, :])
        each = np.sign(ranks[:, :, None] - ranks[:, None, :])
        return float(np.abs(one - each).sum()) / 4

    assert against(order) == pytest.approx(float(str(agreed.facts["kemeny_disagreements"])))
    assert all(against(order) <= against(row.astype(float)) + 1e-9 for row in ranks)


def test_one_agency_with_all_the_influence() -> None:
    shares = "{commerce: 0, state: 1, defense: 0, energy: 0, ostp: 0}"
    _, agreed = evaluated(("influence.shares", shares))
    assert SoleInfluence("state") in agreed.notes
    # The floors of the others still bar: where one of these does too, no agency alone decides.
    assert set(agreed.packages["decisive"]) == {"", "state"}
    assert agreed.packages.loc["SP26-29", "decisive"] == ""


def test_where_one_agency_alone_decides_it_is_named(baseline: tuple[Evaluation, Agreement]) -> None:
    found, agreed = baseline
    # SP26-29 scores 58.9, over every cut, and is out by the floor of Energy alone.
    (why,) = cast("Findings", found.ranking.loc["SP26-29", "reason"])
    assert isinstance(why, UnderAgencyFloors)
    assert why.agencies == ("energy",)
    assert agreed.packages.loc["SP26-29", "decisive"] == "energy"
    assert agreed.packages.loc["SP26-29", "below_floor"] == ("energy",)


def test_weights_in_proportion_are_said_to_be(baseline: tuple[Evaluation, Agreement]) -> None:
    study = baseline[0].study
    commerce = study.agencies[0].weights
    stated = {f"commerce.{name}": points for name, points in (commerce.judgements or {}).items()}
    weights = commerce.model_copy(update={"judgements": stated})
    agencies = tuple(a.model_copy(update={"weights": weights}) for a in study.agencies)
    found = evaluate(study.model_copy(update={"agencies": agencies})).agreement
    assert found is not None
    assert found.notes[0] == WeightsProportional()
    assert found.facts["kendall_w"] == pytest.approx(1)
    assert found.pairs["proportional_weights"].all()


def test_tau_b_of_the_pairs_is_the_kernel_s(baseline: tuple[Evaluation, Agreement]) -> None:
    found, agreed = baseline
    scores = (
        found.agency_scores.loc[agreed.packages.index, ["commerce", "defense"]].to_numpy(float).T
    )
    assert agreed.pairs.loc[0, "tau_b"] == pytest.approx(kendall_tau_b(scores).matrix[0, 1])
