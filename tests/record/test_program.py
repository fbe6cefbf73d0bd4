"""The program of a run, worked out again from its files."""

from __future__ import annotations

from pathlib import Path

import highspy
import numpy as np
import pytest

from evaluator import evaluate, linear, load_study, read_run, write_run
from evaluator.allocation import build_program
from evaluator.errors import UsageError
from evaluator.loading import Override
from evaluator.record.runs.program import export_run
from tests.conftest import BASELINE

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"


def run(scenario: Path, folder: Path, *changes: tuple[str, str]) -> Path:
    quiet = Override("uncertainty.draws", "0", "no draws are needed here")
    overrides = [quiet, *(Override(key, to, "a trial") for key, to in changes)]
    return write_run(evaluate(load_study(scenario, overrides)), folder)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".lp", ".mps"])
@pytest.mark.parametrize("scenario", [HAND, BASELINE], ids=["hand", "baseline"])
def test_its_least_cost_is_minus_the_objective_of_the_run(
    tmp_path: Path, scenario: Path, suffix: str
) -> None:
    folder = run(scenario, tmp_path / "runs")
    found = export_run(folder, tmp_path / f"program{suffix}")
    linear.silence_banner()
    reader = highspy.Highs()
    reader.setOptionValue("output_flag", False)
    reader.setOptionValue("threads", 1)  # as many as all of the process must have
    reader.setOptionValue("mip_rel_gap", 1e-7)
    reader.readModel(str(found.file))
    reader.run()
    told = read_run(folder).manifest["allocation"]
    # the gap of either solve, the tie tolerance, and a few dollars of rounding: 1e-6 each
    assert -reader.getObjectiveValue() == pytest.approx(told["objective"], rel=4e-6)
    assert (folder / "solver.log").stat().st_size > 0
    assert "HiGHS" in (folder / "solver.log").read_text()


@pytest.mark.slow
def test_scores_are_those_of_the_run_to_the_last_bit(tmp_path: Path) -> None:
    folder = run(BASELINE, tmp_path / "runs")
    evaluation = evaluate(load_study(BASELINE, [Override("uncertainty.draws", "0", "quick")]))
    expected = build_program(evaluation.study, evaluation.scores, evaluation.designated)
    found = export_run(folder, tmp_path / "p.mps").program
    assert np.array_equal(found.cost, expected.cost)
    assert np.array_equal(found.row_upper, expected.row_upper)


def test_a_reserve_is_not_in_the_program(tmp_path: Path) -> None:
    # loans of 100 million less 20 %
    folder = run(HAND, tmp_path / "runs", ("allocation.reserve", "0.2"))
    program = export_run(folder, tmp_path / "p.lp").program
    names = [row.name for row in program.rows]
    row = names.index("bank.loan.envelope")
    assert program.row_upper[row] * program.unit == pytest.approx(80_000_000)


def test_a_run_that_solved_nothing_has_no_program(tmp_path: Path) -> None:
    named = "because: a trial, by: a tester, date: 2026-07-01"
    must = f"{{P1: {{{named}, tool: bank.equity}}}}"  # P1 asks for no equity
    folder = run(HAND, tmp_path / "runs", ("allocation.must", must))
    with pytest.raises(UsageError, match=r"solved no program.*First must be supported"):
        export_run(folder, tmp_path / "p.lp")
    assert read_run(folder).manifest["allocation"]["termination"] == ""
    nobody = run(HAND, tmp_path / "runs", ("designation.min_overall", "99"))
    with pytest.raises(UsageError, match="No designated package has an eligible request"):
        export_run(nobody, tmp_path / "p.lp")
    assert [file.name for file in tmp_path.iterdir()] == ["runs"]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    folder = run(HAND, tmp_path / "runs")
    with pytest.raises(UsageError, match=r"p\.lp cannot be written: No such file or directory"):
        export_run(folder, tmp_path / "nowhere" / "p.lp")
    (tmp_path / "q.lp").mkdir()
    with pytest.raises(UsageError, match=r"q\.lp cannot be written: Is a directory"):
        export_run(folder, tmp_path / "q.lp")
