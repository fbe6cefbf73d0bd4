"""What must hold of a whole evaluation, whatever the study."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluator import evaluate, load_study, pipeline, write_run
from evaluator.model.base import Known
from evaluator.model.package import Package
from evaluator.model.scenario import UncertaintySettings
from evaluator.model.study import Study
from evaluator.record import read_run, read_study
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE
from tests.studies import agency, scenario, study

SCENARIOS = sorted(
    path
    for path in BASELINE.parent.glob("*.yaml")
    if path.read_text().lstrip("# ").find("scenario:") >= 0 and path.name != "countries.yaml"
)


@pytest.fixture(scope="module")
def baseline() -> Evaluation:
    return evaluate(load_study(BASELINE))


@pytest.mark.slow
@pytest.mark.parametrize("path", SCENARIOS, ids=[path.stem for path in SCENARIOS])
def test_every_scenario_evaluates_and_its_certificate_holds(path: Path) -> None:
    found = evaluate(load_study(path))
    assert found.allocation.status == "optimal"
    assert found.allocation.certificate == ()
    # where nothing is appropriated nothing is given, and nothing else ends with an empty hand
    nothing = {"no-appropriation"} & {path.stem}
    assert bool(found.allocation.supported) != bool(nothing)


def test_what_the_baseline_gives(baseline: Evaluation) -> None:
    table = baseline.ranking
    failed = table.index[table["outcome"] == "failed"]
    assert table.loc[failed, "rank"].isna().all()
    assert not table.loc[failed, "designated"].any()
    assert not table.loc[table["outcome"] == "unknown", "designated"].any()
    outside = table.index[~table["designated"]]
    assert (baseline.allocation.amounts.loc[outside] == 0).all().all()
    assert len(table) == len(baseline.study.packages) == 36


LATER = ("analyse", "agreement", "provenance")
"""Stages that come after the allocation."""


def test_whoever_loops_computes_no_more_than_is_read(
    baseline: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*given: object) -> None:
        raise AssertionError("a later stage was called")

    for stage in LATER:
        monkeypatch.setattr(pipeline, stage, never)
    allocated = evaluate(baseline.study, only="allocation")
    pd.testing.assert_frame_equal(allocated.ranking, baseline.ranking)
    pd.testing.assert_frame_equal(allocated.allocation.amounts, baseline.allocation.amounts)
    monkeypatch.setattr(pipeline, "allocate", never)
    scored = evaluate(baseline.study, only="scores")
    pd.testing.assert_frame_equal(scored.ranking, baseline.ranking)
    assert not hasattr(scored, "allocation")
    assert not hasattr(allocated, "uncertainty")


def shares(values: list[float]) -> Study:
    packages = tuple(
        Package(
            id=f"P{i}",
            title="T",
            attributes={},
            measures={"a.x": Known(value=x), "a.y": Known(value=y)},
        )
        for i, (x, y) in enumerate(zip(values, values[::-1], strict=True))
    )
    few = scenario(uncertainty=UncertaintySettings(draws=100))
    return study(scenario=few, agencies=(agency("a", "x", "y"),), packages=packages)


def plain(found: Evaluation) -> pd.DataFrame:
    return found.ranking[["rank", "overall", "designated"]].sort_index()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.integers(0, 20).map(lambda i: i / 20), min_size=2, max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_order_of_packages_changes_nothing(values: list[float], random: object) -> None:
    first = shares(values)
    packages = list(first.packages)
    random.shuffle(packages)  # type: ignore[attr-defined]
    second = first.model_copy(update={"packages": tuple(packages)})
    pd.testing.assert_frame_equal(plain(evaluate(first)), plain(evaluate(second)))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=6))
def test_adding_a_package_changes_no_other_package_s_score(values: list[float]) -> None:
    more = shares([*values, 0.5])
    fewer = more.model_copy(update={"packages": more.packages[:-1]})
    after, before = evaluate(more).ranking, evaluate(fewer).ranking
    columns = ["overall", "score.a"]
    pd.testing.assert_frame_equal(before[columns], after.loc[before.index, columns])


@pytest.mark.slow
def test_the_same_study_twice_gives_the_same_bytes(baseline: Evaluation, tmp_path: Path) -> None:
    one = write_run(baseline, tmp_path / "one")
    two = write_run(evaluate(load_study(BASELINE)), tmp_path / "two")
    assert one.name == two.name
    names = sorted(p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(two).as_posix() for p in two.rglob("*") if p.is_file())
    exempt = {"manifest.json", "solver.log"}  # time stamps, and times of the solver
    for name in set(names) - exempt:
        assert (one / name).read_bytes() == (two / name).read_bytes(), name
    manifests = [json.loads((run / "manifest.json").read_text()) for run in (one, two)]
    for manifest in manifests:
        del manifest["created_at"], manifest["digest"], manifest["files"]["solver.log"]
    assert manifests[0] == manifests[1]


@pytest.mark.slow
def test_a_run_can_be_evaluated_again_from_its_folder_alone(
    baseline: Evaluation, tmp_path: Path
) -> None:
    folder = write_run(baseline, tmp_path)
    again = evaluate(read_study(folder))
    pd.testing.assert_frame_equal(again.ranking, baseline.ranking)
    pd.testing.assert_frame_equal(again.allocation.amounts, baseline.allocation.amounts)


def test_tables_read_back_hold_what_was_written(baseline: Evaluation, tmp_path: Path) -> None:
    run = read_run(write_run(baseline, tmp_path))
    ranking = run.tables["ranking"].set_index("package")
    assert ranking["overall"].to_dict() == baseline.ranking["overall"].to_dict()
    assert pd.isna(ranking.loc["SP26-07", "rank"])
    total = run.tables["allocation"]["allocated"].sum()
    assert total == baseline.allocation.amounts.to_numpy().sum()


def test_contributions_sum_to_the_overall_score(baseline: Evaluation, tmp_path: Path) -> None:
    run = read_run(write_run(baseline, tmp_path))
    sums = run.tables["values"].groupby("package")["contribution"].sum()
    overall = baseline.ranking["overall"]
    assert sums[overall.index].to_numpy() == pytest.approx(overall.to_numpy(), abs=1e-9)
