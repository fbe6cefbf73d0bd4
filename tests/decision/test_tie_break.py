"""Packages tied at the cut that a criterion parts: in the kernel, in a study, and in its words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.decision.designation import DesignationRule, decide
from evaluator.decision.findings import PartedByTieBreak, TiedAtCut
from evaluator.model.base import Known
from evaluator.model.package import Package
from evaluator.model.scenario import Designation, UncertaintySettings
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.results.judgement import TiesParted
from tests.studies import agency, scenario, study

EIGHTY = np.array([90.0, 80.0, 80.0, 80.0, 70.0])


@pytest.mark.parametrize(
    ("places", "values", "members", "contested"),
    [
        # two places are left for three: the two best of them on the criterion
        (3, [0, 10, 30, 20, 99], [0, 2, 3], []),
        # one for three, and two are level on it: one place is left, for neither
        (2, [0, 30, 30, 20, 99], [0], [1, 2]),
        # two for three: the best enters, the other two are level
        (3, [0, 30, 20, 20, 99], [0, 1], [2, 3]),
        # who has no value is below who has 0
        (3, [0, np.nan, 0, 0, 99], [0, 2, 3], []),
        (2, [0, np.nan, np.nan, np.nan, 99], [0], [1, 2, 3]),
        # nothing is tied at the cut
        (4, [0, 10, 30, 20, 99], [0, 1, 2, 3], []),
        (1, [0, 10, 30, 20, 99], [0], []),
    ],
)
def test_by_hand(
    places: int, values: list[float], members: list[int], contested: list[int]
) -> None:
    rule = DesignationRule(max_packages=places, tie_column=0, tie_values=np.array(values))
    found = decide(rule, EIGHTY, EIGHTY[None], EIGHTY)
    assert np.flatnonzero(found.members).tolist() == members
    assert np.flatnonzero(found.contested).tolist() == contested


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([50.0, 60.0, 70.0]), min_size=1, max_size=8),
    st.integers(0, 9),
    st.integers(0, 99),
)
def test_it_only_parts_what_is_tied(overall: list[float], places: int, seed: int) -> None:
    scores = np.array(overall)
    values = np.random.default_rng(seed).choice([np.nan, 0.0, 50.0, 100.0], len(scores))
    plain = decide(DesignationRule(max_packages=places), scores, scores[None], scores)
    rule = DesignationRule(max_packages=places, tie_column=0, tie_values=values)
    parted = decide(rule, scores, scores[None], scores)
    assert (parted.members[plain.members]).all()
    assert (plain.contested[parted.contested | (parted.members & ~plain.members)]).all()
    assert parted.members.sum() <= places
    # a batch is as its draws one by one
    batch = np.stack([scores, scores[::-1]])
    both = decide(
        DesignationRule(
            max_packages=places, tie_column=0, tie_values=np.stack([values, values[::-1]])
        ),
        batch,
        batch[:, None],
        batch,
    )
    assert both.members[0].tolist() == parted.members.tolist()
    assert both.members[1].tolist() == parted.members[::-1].tolist()


def case(**designation: object) -> Study:
    def package(name: str, x: float, y: float) -> Package:
        measures = {"a.x": Known(value=x, unit="share"), "a.y": Known(value=y, unit="share")}
        return Package(id=name, title=name, attributes={}, measures=measures)

    return study(
        agencies=(agency("a", "x", "y"),),
        packages=(package("P", 0.9, 0.1), package("Q", 0.2, 0.8), package("R", 0.5, 0.4)),
        scenario=scenario(
            designation=Designation(max_packages=1, **designation),
            uncertainty=UncertaintySettings(draws=500),
        ),
    )


def test_a_study_tells_where_it_decides() -> None:
    # P and Q have 50 points each; Q has 80 on y, P 10
    found = evaluate(case(tie_break="a.y"))
    table = found.ranking
    assert table["rank"].to_dict() == {"P": 1, "Q": 1, "R": 3}
    assert table["designated"].to_dict() == {"P": False, "Q": True, "R": False}
    assert not table["contested"].any()
    told = table["reason"].to_dict()
    assert told["Q"] == (PartedByTieBreak("a.y", pytest.approx(80), True, ("P",)),)
    assert told["P"] == (PartedByTieBreak("a.y", pytest.approx(10), False, ("Q",)),)
    assert TiesParted("a.y") in found.provenance.notes
    # without it they are contested
    plain = evaluate(case())
    assert plain.ranking["contested"].to_dict() == {"P": True, "Q": True, "R": False}
    assert plain.ranking["reason"]["P"] == (TiedAtCut(("Q",)),)


def test_it_parts_in_draws_as_well() -> None:
    alike = case(tie_break="a.y")
    same = alike.package_by_id["P"].model_copy(update={"id": "Z", "title": "Z"})
    higher = same.model_copy(update={"id": "Y", "measures": same.measures})
    found = evaluate(alike.model_copy(update={"packages": (*alike.packages, higher, same)}))
    assert found.uncertainty is not None
    # P, Y and Z are the same in every draw, so that no tie-break parts them
    assert (found.uncertainty.packages.loc[["P", "Y", "Z"], "designated_share"] == 0).all()
    assert (found.uncertainty.packages.loc[["P", "Y", "Z"], "tied_share"] > 0.3).all()
