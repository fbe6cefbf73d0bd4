"""Sweeps on disk: the same table whoever works, taken up where they were left."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import pytest
from click.testing import CliRunner

import evaluator
from evaluator.cli import main
from evaluator.errors import UsageError
from evaluator.loading import load_study
from evaluator.model.study import Study
from evaluator.questions import sweep as asked
from evaluator.questions.sweep import engines
from evaluator.questions.sweep.engines import versions
from evaluator.record import sweeps
from evaluator.record.starter import write_starter

VARY = {"designation.max_packages": "1,2", "influence.shares.trade": "0.1:0.9:0.1"}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_starter(tmp_path_factory.mktemp("starter") / "mine")


@pytest.fixture(scope="module")
def study(scenario: Path) -> Study:
    return load_study(scenario)


def test_the_table_and_its_file(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "new" / "sweep.csv"
    table = evaluator.sweep(study, VARY, out=file)
    assert list(table.columns[:4]) == ["scenario", *VARY, "status"]
    assert table["scenario"].tolist() == list(range(1, 19))
    assert table["influence.shares.trade"].tolist() == [n / 10 for n in range(1, 10)] * 2
    read = pd.read_csv(file)
    assert read["amount_usd"].tolist() == table["amount_usd"].tolist()
    assert read["supported"].tolist() == ["; ".join(cell) for cell in table["supported"]]
    assert [*file.parent.iterdir()] == [file]  # what held the blocks is gone
    parquet = tmp_path / "sweep.parquet"
    evaluator.sweep(study, VARY, out=parquet)
    with parquet.open("rb") as opened:
        again = pytest.importorskip("fastparquet").ParquetFile(opened).to_pandas()
    assert again["objective"].tolist() == table["objective"].tolist()


@pytest.mark.parametrize("whole", [0, 1, 3])
def test_an_interrupted_sweep_goes_on_where_it_was(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: int
) -> None:
    monkeypatch.setattr(engines, "ALLOCATIONS", 1)  # a line of nine is cut then
    evaluator.sweep(study, VARY, out=tmp_path / "once.csv")
    begun: list[int] = []
    made = asked.made

    def ended(plan: Any, blocks: Any, workers: Any) -> Iterator[Any]:
        for number, block in enumerate(made(plan, blocks, workers)):
            if number == whole:
                raise KeyboardInterrupt
            begun.append(block[0])
            yield block

    file = tmp_path / "twice.csv"
    with monkeypatch.context() as patched:
        patched.setattr(sweeps, "made", ended)
        with pytest.raises(KeyboardInterrupt):
            evaluator.sweep(study, VARY, out=file)
    partial = tmp_path / "twice.csv.partial"
    with partial.open("ab") as torn:
        torn.write(b'[5, [{"scenario": 5')  # as a machine that fails leaves it
    left: list[int] = []

    def watched(plan: Any, blocks: Any, workers: Any) -> Iterator[Any]:
        left.extend(blocks)
        yield from made(plan, blocks, workers)

    told: list[str] = []
    with monkeypatch.context() as patched:
        patched.setattr(sweeps, "made", watched)
        evaluator.sweep(study, VARY, out=file, progress=told.append)
    assert set(left).isdisjoint(begun)
    assert len(begun) == whole
    assert ("were there" in told[0]) == bool(whole)
    assert file.read_bytes() == (tmp_path / "once.csv").read_bytes()
    assert not partial.exists()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda line: b"[0, []]",  # JSON of a block, but not what was written
        lambda line: b"null",
        lambda line: b"no JSON",
        lambda line: line.replace(b"optimal", b"refused"),
        lambda line: line[:-9],
    ],
)
def test_a_block_that_is_not_as_it_was_written_is_made_again(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes]
) -> None:
    kept, file = tmp_path / "sweep.csv.partial", tmp_path / "sweep.csv"
    with monkeypatch.context() as patched:
        patched.setattr(sweeps, "write_whole", lambda files: shutil.copy(kept, tmp_path / "kept"))
        evaluator.sweep(study, VARY, out=file)
    head, block, *rest = (tmp_path / "kept").read_bytes().split(b"\n")
    kept.write_bytes(b"\n".join([head, spoil(block), *rest]))
    evaluator.sweep(study, VARY, out=file)
    evaluator.sweep(study, VARY, out=tmp_path / "anew.csv")
    assert file.read_bytes() == (tmp_path / "anew.csv").read_bytes()


def test_blocks_of_another_sweep_are_refused(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "sweep.csv"
    for text in ('{"sweep": "of another"}\n', "no JSON\n", "[]\n"):
        (tmp_path / "sweep.csv.partial").write_text(text)
        with pytest.raises(UsageError, match="part of another sweep"):
            evaluator.sweep(study, VARY, out=file)
    assert not file.exists()


def test_places_that_hold_no_table_are_refused_before_anything_is_made(
    study: Study, tmp_path: Path
) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name, fact in (("sweep.txt", "ends in neither"), ("folder.csv", "cannot be written")):
        with pytest.raises(UsageError, match=fact):
            evaluator.sweep(study, VARY, out=tmp_path / name)
    for wrong in ({"jobs": 0}, {"scheduler": "tcp://127.0.0.1:1"}):
        with pytest.raises(UsageError):
            evaluator.sweep(study, VARY, **wrong)


def test_the_command_tells_who_is_funded_how_often(
    scenario: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["sweep", str(scenario), "--quiet"]
    for key, values in VARY.items():
        arguments += ["--vary", f"{key}={values}"]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    assert "18 scenarios of designation.max_packages, influence.shares.trade" in done.output
    assert "of the others in proportion" in done.output
    [file] = (tmp_path / "sweeps").iterdir()
    told = json.loads(CliRunner().invoke(main, [*arguments, "--json"]).output)
    assert told["file"] == str(file.relative_to(tmp_path))
    table = pd.read_csv(file)
    for package, share in told["supported"].items():
        held = table["supported"].fillna("").str.split("; ").map(lambda c, p=package: p in c)
        assert share == held.mean()
    wrong = CliRunner().invoke(main, ["sweep", str(scenario), "--vary", "designation.maximum=1"])
    assert wrong.exit_code == 4
    assert "--vary designation.maximum" in wrong.output
    assert "Traceback" not in wrong.output


@pytest.mark.slow
def test_every_kind_and_number_of_workers_makes_the_same_bytes(
    study: Study, tmp_path: Path
) -> None:
    found = []
    for number, workers in enumerate(
        ({"jobs": 1}, {"jobs": 2}, {"jobs": 3}, {"jobs": 2, "engine": "dask"})
    ):
        file = tmp_path / f"{number}.csv"
        evaluator.sweep(study, VARY, out=file, **workers)  # type: ignore[arg-type]
        found.append(file.read_bytes())
    assert len(set(found)) == 1


def _kill_a_worker() -> int:
    """Kill a process of a pool, not what watches it; a process may end while it is looked at."""
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            line = " ".join(one.cmdline())
            works = "popen_loky" in line or "spawn_main" in line
            if works and "tracker" not in line and not one.children():
                one.kill()
                return 1
    return 0


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["joblib", "dask"])
def test_a_worker_that_is_killed_changes_nothing(
    study: Study, monkeypatch: pytest.MonkeyPatch, engine: Any
) -> None:
    monkeypatch.setattr(engines, "ALLOCATIONS", 1)
    plan = asked.Plan(study, asked.Grid(asked.varied({"designation.min_overall": "1:40:1"})))
    blocks = range(len(asked.blocks_of(plan)))
    assert len(blocks) == 40
    expected = dict(asked.made(plan, blocks, asked.Workers()))
    found, killed = {}, 0
    for block, rows in asked.made(plan, blocks, asked.Workers(2, engine)):
        found[block] = rows
        if len(found) in (1, 9):
            killed += _kill_a_worker()
    assert found == expected
    assert killed


def test_versions_tell_the_code_apart() -> None:
    told = versions()
    assert {"engine", "numpy", "highspy", "scipy"} <= set(told)
    assert len(told["engine"]) == 12


@pytest.mark.slow
def test_a_cluster_of_other_versions_or_threads_is_refused(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed")
    plan = asked.Plan(study, asked.Grid(asked.varied(VARY)))
    about = {"n_workers": 1, "processes": False, "dashboard_address": "127.0.0.1:0"}
    with distributed.LocalCluster(threads_per_worker=2, **about) as cluster:
        workers = asked.Workers(1, "dask", cluster.scheduler_address)
        with pytest.raises(UsageError, match="has 2 threads: start it with --nthreads 1"):
            list(asked.made(plan, [0], workers))
    monkeypatch.setattr(engines, "_ANSWERS", 1)
    with pytest.raises(UsageError, match="no scheduler answers"):
        list(asked.made(plan, [0], asked.Workers(1, "dask", "tcp://127.0.0.1:9")))
