"""Runs on disk: what is read back is what was written, and nothing is there by half."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

from evaluator import evaluate, load_study
from evaluator.cli import main
from evaluator.errors import RunError, UsageError
from evaluator.loading import Override
from evaluator.record import read_run, write_run
from evaluator.record.runs import folder as runs
from evaluator.record.runs.tables import as_csv, read_csv
from evaluator.record.starter import write_starter
from evaluator.results.evaluation import Evaluation
from evaluator.results.schema import Column, Table
from tests.loading.breaking import BASE, ROUND, copy, edit

NO_DRAWS = Override("uncertainty.draws", "0", "A trial.")


def evaluated(root: Path) -> Evaluation:
    """Evaluate a copy of the starter study without draws."""
    return evaluate(load_study(root / BASE, [NO_DRAWS]))


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    """Return the starter study, evaluated."""
    return evaluated(copy(tmp_path_factory.mktemp("disk")))


@pytest.mark.parametrize("ids", [("001", "02", "3"), ("1e3", "NA", "nan"), ("True", "None", "7.0")])
def test_ids_that_look_like_numbers_are_read_back(ids: tuple[str, ...], tmp_path: Path) -> None:
    root = copy(tmp_path)
    for table in ("packages", "targets", "requests", "measures", "ratings"):
        for old, new in zip(("P1", "P2", "P3"), ids, strict=True):
            edit(root, f"{ROUND}/{table}.csv", f"{old},", f"{new},")
    done = read_run(write_run(evaluated(root), tmp_path / "runs"))
    for table in ("ranking", "values", "gates", "allocation"):
        assert set(done.tables[table]["package"]) == set(ids)


TEXTS = ["=1+1", "+1", "-1", "@x", "'=1", "''=1", "'tis", "plain", "", "\t=1", "\uff1d1", "001"]


def test_text_like_a_formula_is_inert_on_disk_and_itself_when_read(tmp_path: Path) -> None:
    columns = (Column("text", "text", "", ""), Column("number", "integer", "", ""))
    schema = Table("trial", "", "", ("number",), columns)
    table = pd.DataFrame({"text": TEXTS, "number": range(len(TEXTS))})
    path = tmp_path / "table.csv"
    path.write_bytes(as_csv(schema, table, str))
    written = pd.read_csv(path, dtype=str, keep_default_na=False)["text"]
    assert not [text for text in written if text[:1] in set("=+-@\t\r\n\uff1d")]
    back = read_csv(schema, path.read_bytes())
    assert back["text"].tolist() == TEXTS
    assert back["number"].tolist() == list(range(len(TEXTS)))


@pytest.mark.parametrize("as_file", [True, False])
def test_what_is_no_run_is_left_alone(
    as_file: bool, evaluation: Evaluation, tmp_path: Path
) -> None:
    target = write_run(evaluation, tmp_path / "elsewhere")
    taken = tmp_path / "runs" / target.name
    if as_file:
        taken.parent.mkdir()
        taken.write_text("notes")
    else:
        taken.mkdir(parents=True)
        (taken / "notes.txt").write_text("notes")
    with pytest.raises(RunError, match="exists and is not a run"):
        write_run(evaluation, tmp_path / "runs")
    assert [path.name for path in taken.parent.iterdir()] == [taken.name]
    assert taken.is_file() == as_file


def test_a_run_that_is_replaced_while_it_is_read_is_read_again(
    evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_run(evaluation, tmp_path)
    held, found = runs.hold_files, []

    def meanwhile(path: Path, manifest: Mapping[str, Any]) -> None:
        found.append(manifest["digest"])
        if len(found) == 1:
            other = replace(evaluation.allocation, log=f"{evaluation.allocation.log}\nslower")
            write_run(replace(evaluation, allocation=other), tmp_path)
        held(path, manifest)

    monkeypatch.setattr(runs, "hold_files", meanwhile)
    assert read_run(folder).manifest["digest"] == found[1] != found[0]


@pytest.mark.slow
def test_eight_commands_make_the_same_run(tmp_path: Path) -> None:
    root = copy(tmp_path)
    command = [sys.executable, "-m", "evaluator", "run", str(root / BASE), "--draws", "0"]
    every = [
        subprocess.Popen(
            [*command, "--quiet", "--out", str(tmp_path / "runs")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    ended = [(*one.communicate(), one.returncode) for one in every]
    assert {code for _, _, code in ended} == {0}, ended
    (folder,) = (tmp_path / "runs").iterdir()
    assert read_run(folder).strangers == ()
    assert all(str(folder / "report.html") in out for out, _, _ in ended)


def test_a_starter_in_an_empty_folder(tmp_path: Path) -> None:
    assert load_study(write_starter(tmp_path)).scenario.scenario == "baseline"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    with pytest.raises(UsageError, match="is not empty"):
        write_starter(tmp_path)


def test_a_starter_with_an_impossible_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be written"):
        write_starter(tmp_path / ("x" * 5000))


def test_a_run_is_rendered_again_where_it_stands(evaluation: Evaluation, tmp_path: Path) -> None:
    folder = write_run(evaluation, tmp_path).rename(tmp_path / "kept")
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    for name in ("report.html", "results.xlsx", "ranking.csv"):
        (folder / name).unlink()
    assert CliRunner().invoke(main, ["report", str(folder)]).exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    after = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert after.keys() == before.keys()
    assert after["report.html"] == before["report.html"]
    assert after["ranking.csv"] == before["ranking.csv"]
