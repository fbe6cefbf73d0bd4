"""The program as a file: read back to the last bit, by readers that are not ours."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import highspy
import numpy as np
import pulp
import pytest
from scipy.sparse import csc_array, csr_array

from evaluator import linear
from evaluator.allocation import build_program, export_program
from evaluator.allocation.model.program import Program
from evaluator.allocation.solve.model_file import written_rows
from evaluator.allocation.solve.point import Settings
from evaluator.allocation.solve.solve import solver_for
from evaluator.allocation.solve.tighten import tightened
from evaluator.errors import UsageError
from tests.allocation.small import M, ask, limit, package, random_study, scores_of, study, tool

SUFFIXES = (".lp", ".mps")


def random_program(seed: int) -> Program:
    case = random_study(seed)
    scores = scores_of(case, seed)
    return build_program(case, scores, list(scores))


def read(path: Path) -> Any:
    """Return HiGHS with the file in it."""
    linear.silence_banner()
    reader = highspy.Highs()
    reader.setOptionValue("output_flag", False)
    reader.setOptionValue("threads", 1)  # as many as all of the process must have
    reader.setOptionValue("mip_rel_gap", 1e-9)
    assert reader.readModel(str(path)) == highspy.HighsStatus.kOk
    return reader


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("seed", range(10))
def test_the_file_is_what_a_solver_gets_to_the_last_bit(
    tmp_path: Path, seed: int, suffix: str
) -> None:
    program = random_program(seed)
    found = read(export_program(program, tmp_path / f"p{suffix}", ["a comment"])).getLp()
    solved = tightened(program)
    rows = written_rows(solved)
    assert np.array_equal(found.col_cost_, solved.cost)
    assert np.array_equal(found.col_lower_, solved.lower)
    assert np.array_equal(found.col_upper_, solved.upper)
    assert np.array_equal(found.row_lower_, solved.row_lower[rows])
    assert np.array_equal(found.row_upper_, solved.row_upper[rows])
    whole = [kind == highspy.HighsVarType.kInteger for kind in found.integrality_]
    assert np.array_equal(whole or np.zeros(len(solved.cost)), solved.integer)
    shape = (len(solved.row_lower), len(solved.cost))
    expected = csr_array((solved.value, solved.index, solved.starts), shape=shape)[rows]
    matrix = found.a_matrix_
    kind = csc_array if matrix.format_ == highspy.MatrixFormat.kColwise else csr_array
    read_back = kind((matrix.value_, matrix.index_, matrix.start_), shape=expected.shape)
    assert abs(read_back - expected).nnz == 0


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_its_optimum_is_the_program_s(tmp_path: Path, suffix: str) -> None:
    program = random_program(3)
    reader = read(export_program(program, tmp_path / f"p{suffix}"))
    reader.run()
    expected = solver_for("highs")(program, Settings(gap=1e-9))
    assert expected.status == "optimal"
    assert reader.getObjectiveValue() == pytest.approx(float(program.cost @ expected.values))


def test_another_reader_finds_the_same_optimum(tmp_path: Path) -> None:
    program = random_program(3)
    path = export_program(program, tmp_path / "p.mps")
    _, problem = pulp.LpProblem.fromMPS(str(path))
    bundled = getattr(pulp, "PULP_CBC_CMD", None)
    problem.solve(pulp.COIN_CMD(msg=False, path=getattr(bundled, "pulp_cbc_path", None)))
    expected = solver_for("highs")(program, Settings(gap=1e-9))
    value = float(program.cost @ expected.values)
    assert pulp.value(problem.objective) == pytest.approx(value, rel=1e-6)


def test_what_the_names_stand_for(tmp_path: Path) -> None:
    case = study(
        [package("A", ask("bank.loan", 60 * M, minimum_usd=5 * M), facts={"sector": "=1+1"})],
        [tool("loan", 50 * M)],
        [limit("sector", per="sector", at_most=40 * M)],
    )
    program = build_program(case, {"A": 50.0}, ["A"])
    export_program(program, tmp_path / "p.lp")
    with (tmp_path / "p.names.csv").open(newline="") as text:
        rows = list(csv.reader(text))
    assert rows[0] == ["name", "kind", "subject", "detail"]
    assert rows[1:3] == [["x0", "amount", "A", "bank.loan"], ["x1", "served", "A", "bank.loan"]]
    named = {tuple(row[1:]) for row in rows[3:]}
    # a group is text of the study: a spreadsheet must not take it for a formula
    assert {("law", "bank.loan.envelope", ""), ("law", "bank.sector", "'=1+1")} <= named
    assert len(rows) == 1 + len(program.columns) + len(written_rows(program))


def test_lines_are_short_and_comments_are_lines(tmp_path: Path) -> None:
    path = export_program(random_program(3), tmp_path / "p.lp", ["two\nlines"])
    lines = path.read_text().splitlines()
    assert lines[0] == "\\ two lines"
    assert max(len(line) for line in lines[3:]) <= 100


@pytest.mark.parametrize("name", ["p.txt", "p", "p.lp.gz"])
def test_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"ends in neither \.lp nor \.mps"):
        export_program(random_program(1), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_what_was_there_stays_where_one_of_the_files_cannot_be_written(tmp_path: Path) -> None:
    path = tmp_path / "p.lp"
    path.write_text("of before")
    (tmp_path / "p.names.csv").mkdir()
    with pytest.raises(OSError, match="directory"):
        export_program(random_program(1), path)
    assert path.read_text() == "of before"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["p.lp", "p.names.csv"]
