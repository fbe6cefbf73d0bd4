"""What does not count: missing facts that a scenario leaves out, and what is not applicable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.decision.designation import DesignationRule
from evaluator.decision.ordering import ordering_of
from evaluator.model.base import Known, Missing
from evaluator.model.country import Attribute
from evaluator.model.criterion import Criterion, Level, Scale, ValueFunction
from evaluator.model.method import Method
from evaluator.model.package import NOT_APPLICABLE, Package, Rating, Target
from evaluator.model.scenario import Influence, UncertaintySettings
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.results.judgement import LeftOutAsNotApplicable, NothingCounts, Reweighted
from evaluator.results.schema import TABLES
from evaluator.scoring.aggregation import weighted_mean
from evaluator.scoring.findings import NotAsked
from evaluator.scoring.performances import performances
from evaluator.uncertainty.sampling import performances as known
from evaluator.uncertainty.sampling import sample_values
from evaluator.uncertainty.stability import smallest_improvements, stability
from tests.studies import CITED, agency, country, scenario, study

NONE = Missing(applicable=False, reason=NOT_APPLICABLE)
BLANK = Missing()


def package(name: str, attributes: dict[str, Any] | None = None, **values: Any) -> Package:
    measures = {
        key.replace("_", "."): Known(value=one, unit="share") if isinstance(one, float) else one
        for key, one in values.items()
        if key.startswith(("a_", "b_"))
    }
    rest = {key: one for key, one in values.items() if not key.startswith(("a_", "b_"))}
    stated = {k: Known(value=v) for k, v in (attributes or {}).items()}
    return Package(id=name, title=name, attributes=stated, measures=measures, **rest)


def case(*packages: Package, missing: str = "reweight", draws: int = 0, **fields: Any) -> Study:
    shares = Influence(shares={"a": 0.6, "b": 0.4}, citation=CITED)
    fields.setdefault("agencies", (agency("a", "x", "y"), agency("b", "z")))
    return study(
        scenario=scenario(
            influence=shares, missing=missing, uncertainty=UncertaintySettings(draws=draws)
        ),
        packages=packages,
        **fields,
    )


FULL = package("P", a_x=1.0, a_y=0.2, b_z=0.5)


@pytest.mark.parametrize(("gap", "state"), [(BLANK, "missing"), (NONE, "not applicable")])
def test_the_weights_of_what_counts_are_scaled(gap: Missing, state: str) -> None:
    found = evaluate(case(package("Q", a_x=1.0, a_y=gap, b_z=0.5), FULL), only="scores")
    # x weighs 0.6 x 0.5 = 0.3 and z 0.4: (0.3 x 100 + 0.4 x 50) / 0.7
    row = found.ranking.loc["Q"]
    assert row["overall"] == pytest.approx(500 / 7)
    assert row["method_score"] == pytest.approx(500 / 7)
    assert (row["score.a"], row["score.b"]) == pytest.approx((100, 50))
    assert found.criterion_shares.loc["Q"].to_list() == pytest.approx([3 / 7, 0, 4 / 7])
    assert found.agency_shares.loc["Q"].to_list() == pytest.approx([3 / 7, 4 / 7])
    # nothing changes of whom all is known
    assert found.ranking.loc["P", "overall"] == pytest.approx(0.6 * 60 + 0.4 * 50)
    assert found.criterion_shares.loc["P"].to_list() == pytest.approx([0.3, 0.3, 0.4])
    told = found.performances.set_index(["package", "criterion"]).loc[("Q", "a.y")]
    assert told["state"] == state
    for name in ("value", "value_low", "value_high"):
        assert np.isnan(told[name])
        assert TABLES["values"].column(name).optional


def test_a_missing_fact_scores_nothing_where_the_scenario_does_not_leave_it_out() -> None:
    gaps = package("Q", a_x=1.0, a_y=BLANK, b_z=NONE)
    row = evaluate(case(gaps, FULL, missing="interval"), only="scores").ranking.loc["Q"]
    # y is 0 and counts, z does not apply: (0.3 x 100 + 0.3 x 0) / 0.6
    assert (row["overall"], row["score.b"]) == pytest.approx((50, 0))
    # b judges nothing of it, and so is not its lowest
    assert (row["lowest_agency"], row["spread"]) == ("a", 0)


def test_who_is_left_out_is_told_and_of_whom_nothing_counts_scores_nothing() -> None:
    empty = package("R", a_x=BLANK, a_y=BLANK, b_z=NONE)
    found = evaluate(case(package("Q", a_x=1.0, a_y=BLANK, b_z=0.5), empty))
    assert found.ranking.loc["R", "overall"] == 0
    told = {type(one): one for one in found.provenance.notes}
    assert told[Reweighted] == Reweighted(3, 2)
    assert told[LeftOutAsNotApplicable] == LeftOutAsNotApplicable(1, 1)
    assert told[NothingCounts] == NothingCounts(("R",))


VALUE = st.one_of(st.none(), st.floats(0, 100))


@settings(deadline=None)
@given(
    st.lists(st.lists(VALUE, min_size=4, max_size=4), min_size=1, max_size=5), st.integers(0, 99)
)
def test_the_weighted_mean_is_that_of_numpy(rows: list[list[float | None]], seed: int) -> None:
    values = np.array([[np.nan if v is None else v for v in row] for row in rows])
    weights = np.random.default_rng(seed).dirichlet(np.ones(4), size=3)
    found = weighted_mean(values, weights)
    for d, w in enumerate(weights):
        for n, row in enumerate(values):
            counts = ~np.isnan(row)
            by_numpy = np.average(row[counts], weights=w[counts]) if counts.any() else 0.0
            assert found[d, n] == pytest.approx(by_numpy)
    batch = np.broadcast_to(values, (3, *values.shape))
    assert weighted_mean(batch, weights) == pytest.approx(found)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(*[st.floats(0, 1)] * 3), min_size=2, max_size=4))
def test_it_is_the_plain_sum_where_nothing_is_missing(rows: list[tuple[float, ...]]) -> None:
    packages = [
        package(f"P{i}", a_x=float(x), a_y=float(y), b_z=float(z))
        for i, (x, y, z) in enumerate(rows)
    ]
    plain, anew = (
        evaluate(case(*packages, missing=how), only="scores") for how in ("interval", "reweight")
    )
    pd.testing.assert_frame_equal(plain.ranking, anew.ranking)
    pd.testing.assert_frame_equal(plain.performances, anew.performances)
    assert ordering_of(Method(), anew.values).additive


def rated(*given: str) -> Study:
    criterion = Criterion(
        id="x",
        label="x",
        kind="rating",
        scale="s",
        value=ValueFunction(levels={"good": 100.0, "poor": 0.0}),
        citation=CITED,
    )
    levels = tuple(Level(id=one, label=one, meaning=one) for one in ("good", "poor"))
    ratings = tuple(
        Rating(criterion="a.x", evaluator=f"e{i}", rating=one) for i, one in enumerate(given)
    )
    return study(
        agencies=(agency().model_copy(update={"criteria": (criterion,)}),),
        scales=(Scale(id="s", label="s", levels=levels, citation=CITED),),
        packages=(package("P", ratings=ratings),),
    )


def test_an_evaluator_may_find_a_criterion_not_applicable() -> None:
    (row,) = performances(rated("good", NOT_APPLICABLE, "poor")).to_dict("records")
    assert (row["value"], row["rated"], row["blank"]) == (50, 2, 0)
    (row,) = performances(rated(NOT_APPLICABLE, NOT_APPLICABLE)).to_dict("records")
    assert row["state"] == "not applicable"
    assert np.isnan(row["value"])


def filtered(**conditions: Any) -> dict[str, Any]:
    a = agency("a", "x", "y")
    only = a.criteria[1].model_copy(update={"applies_to": conditions})
    return {
        "agencies": (a.model_copy(update={"criteria": (a.criteria[0], only)}), agency("b", "z")),
        "package_attributes": (
            Attribute(id="kind", label="Kind", type="text"),
            Attribute(id="size", label="Size", type="number"),
        ),
        "countries": (country("AAA", barred=True), country("BBB", barred=False), country("CCC")),
    }


@pytest.mark.parametrize(
    ("conditions", "attributes", "hosts", "asked"),
    [
        ({"kind": "school"}, {"kind": "school"}, (), True),
        ({"kind": "school"}, {"kind": "bridge"}, (), False),
        ({"kind": ("school", "bridge")}, {"kind": "bridge"}, (), True),
        ({"kind": "school"}, {}, (), True),  # not known: it is asked
        ({"host.barred": True}, {}, ("AAA", "BBB"), True),
        ({"host.barred": True}, {}, ("BBB",), False),
        ({"host.barred": True}, {}, ("BBB", "CCC"), True),
        ({"kind": "school", "host.barred": True}, {"kind": "bridge"}, ("AAA",), False),
    ],
)
def test_a_criterion_is_asked_of_those_that_it_applies_to(
    conditions: dict[str, Any], attributes: dict[str, str], hosts: tuple[str, ...], asked: bool
) -> None:
    targets = tuple(Target(country=one, share=1 / len(hosts)) for one in hosts)
    one = package("P", attributes, targets=targets, a_x=1.0, a_y=0.2, b_z=0.5)
    table = performances(case(one, missing="interval", **filtered(**conditions)))
    row = table.set_index("criterion").loc["a.y"]
    assert (row["state"] == "known") is asked
    assert row["note"] == (() if asked else (NotAsked(stated=True),))


@pytest.mark.parametrize(
    ("measured", "rated", "stated"),
    [
        ((), (), False),
        (("a_y",), (), True),
        ((), ("a.y",), True),
        ((), ("b.z",), False),
        ((), ("b.z", "a.y"), True),
    ],
)
def test_what_is_stated_where_it_is_not_asked_is_told(
    measured: tuple[str, ...], rated: tuple[str, ...], stated: bool
) -> None:
    ratings = tuple(Rating(criterion=one, evaluator="e", rating=None) for one in rated)
    values = {"a_x": 1.0, "b_z": 0.5, **dict.fromkeys(measured, 0.2)}
    one = package("P", {"kind": "bridge"}, ratings=ratings, **values)
    table = performances(case(one, missing="interval", **filtered(kind="school")))
    assert table.set_index("criterion").loc["a.y", "note"] == (NotAsked(stated=stated),)


VALUES = np.array([[90.0, np.nan, 20.0], [60.0, 70.0, 40.0], [np.nan, 30.0, 80.0], [50, 50, 50]])
WEIGHTS, INFLUENCE = np.array([[0.5, 0.5, 0], [0, 0.2, 0.8]]), np.array([0.6, 0.4])


def test_intervals_are_sought_where_no_line_is_straight() -> None:
    ordering = ordering_of(Method(), VALUES)
    rule = DesignationRule(min_agency=np.array([55.0, 0.0]), max_packages=2)
    for found in stability(VALUES, WEIGHTS, INFLUENCE, ordering=ordering, rule=rule):
        if found.kind != "influence":
            continue

        def leader(share: float, row: int = found.agency or 0) -> int:
            influence = np.where(np.arange(2) == row, share, 1 - share)
            effective = influence @ WEIGHTS
            counts = ~np.isnan(VALUES)
            means = (np.nan_to_num(VALUES) @ effective) / (counts @ effective)
            return int(means.argmax())

        today = leader(found.present)
        low, high = found.leader.lower, found.leader.upper
        assert all(leader(t) == today for t in np.linspace(low + 1e-5, high - 1e-5, 50))
        for end, beyond in ((low, low - 2e-6), (high, high + 2e-6)):
            if 0 < end < 1:
                assert leader(beyond) != today


def test_improvements_are_sought_as_well() -> None:
    rule = DesignationRule(max_packages=1)
    ordering = ordering_of(Method(), VALUES)
    best = int(ordering.scores(VALUES, INFLUENCE @ WEIGHTS).argmax())
    for one in smallest_improvements(VALUES, WEIGHTS, INFLUENCE, ordering=ordering, rule=rule):
        assert one.criterion is None or not np.isnan(VALUES[one.package, one.criterion])
        if one.criterion is not None:
            raised = VALUES.copy()
            raised[one.package, one.criterion] = one.needed[one.criterion]
            scores = ordering.scores(raised, INFLUENCE @ WEIGHTS)
            assert scores.argmax() == one.package != best


def test_no_draw_counts_what_does_not() -> None:
    cells = [[None, 40.0], [10.0, 20.0]]
    assert np.isnan(sample_values(known(cells), 5, seed=1)[0, 0])
    gaps = package("Q", a_x=1.0, a_y=BLANK, b_z=0.5)
    found = evaluate(case(gaps, FULL, package("S", a_x=0.5, a_y=0.4, b_z=0.6), draws=400))
    sure = found.uncertainty
    assert sure is not None
    # Q is x and z alone: 100 and 50 at whatever weights, and the others at most 68 or so
    assert sure.packages.loc["Q", "first_share"] > 0.9
    assert sure.variance.empty
    assert list(sure.methods.columns) == ["weighted_sum"]
