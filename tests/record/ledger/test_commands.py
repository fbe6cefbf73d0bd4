"""The record from the command line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evaluator.cli import main
from evaluator.record.ledger import open_ledger
from evaluator.record.proof.verify import verify
from evaluator.record.starter import write_starter

FEW = ("--draws", "0", "--quiet")


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A study of one's own, in which one stands."""
    for name in ("EVALUATOR_RECORD", "EVALUATOR_BY"):
        monkeypatch.delenv(name, raising=False)
    write_starter(tmp_path / "mine")
    monkeypatch.chdir(tmp_path / "mine")
    return tmp_path / "mine"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def told(*arguments: str) -> dict[str, Any]:
    done = call(*arguments, "--json")
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


def run(*more: str) -> dict[str, Any]:
    return told("run", "scenarios/baseline.yaml", *FEW, *more)


def test_runs_are_entered_and_told(study: Path) -> None:
    first = run("--record", "--note", "First.", "--entered-by", "Ann")
    assert first["record"]["place"] == "record.db"
    assert first["record"]["number"] == 1
    shorter = ("--set", "designation.max_packages=1", "--because", "A shorter list.")
    second = run(*shorter, "--by", "Bob", "--record")
    listed = told("record", "list")["runs"]
    assert [one["content"]["run"] for one in listed] == [
        Path(second["run"]).name, Path(first["run"]).name
    ]  # fmt: skip
    assert [entry["content"].get("text") for entry in listed[1]["entries"]] == ["First."]
    (change,) = listed[0]["entries"]
    assert (change["by"], change["content"]["because"]) == ("Bob", "A shorter list.")
    shown = call("record", "list").stdout
    for words in ("First. (Ann)", "designation.max_packages: 3 -> 1", "the first of its"):
        assert words in " ".join(shown.split())
    steps = told("record", "history", "P1")["steps"]
    assert [(step["priority"], step["changes"][0]["content"]["to"] if step["changes"] else None)
            for step in steps] == [("yes", None), ("no", 1)]  # fmt: skip
    parted = told("record", "diff", "1", "latest")
    assert [one["what"] for one in parted["changed"]] == ["designation.max_packages"]
    assert parted["inside"] == []
    assert {one["package"] for one in parted["moved"]} >= {"P1"}
    assert "What it did" in call("record", "diff", "1", "latest").stdout
    summary = call("show", "latest").stdout.partition("Digest")[0]
    assert call("record", "show", "latest").stdout.startswith(summary)


def test_a_rating_that_was_changed_is_found_within_the_study(study: Path) -> None:
    run("--record")
    (table,) = study.rglob("packages.csv")
    rows = table.read_text().splitlines()
    head = rows[0].split(",")
    cells = rows[1].split(",")
    place = head.index("title")
    cells[place] = "Another title"
    table.write_text("\n".join([rows[0], ",".join(cells), *rows[2:]]) + "\n")
    run("--record")
    parted = told("record", "diff", "1", "latest")
    assert [one["kind"] for one in parted["changed"]] == ["file"]
    (leaf,) = [one for one in parted["inside"] if one["path"].endswith("title")]
    assert leaf["new"] == "Another title"


def test_the_record_is_verified_and_proven(study: Path) -> None:
    run("--record")
    line = call("record", "checkpoint").stdout
    assert line.count("\n") == 1
    (study / "kept.txt").write_text(line)
    done = call("record", "verify", "--checkpoint", "kept.txt")
    assert done.exit_code == 0
    assert "Complete up to entry 2" in done.stdout
    assert told("record", "verify", "--checkpoint", line.strip())["proven"]["number"] == 2
    assert "No outside checkpoint was given" in call("record", "verify").stdout
    (folder,) = (study / "runs").iterdir()
    page = folder / "report.html"
    page.write_bytes(page.read_bytes() + b" ")
    done = call("record", "verify")
    assert done.exit_code == 1
    assert f"report.html of run {folder.name}, entry 1, was altered" in done.stdout
    assert call("record", "verify", "--no-runs").exit_code == 0
    assert call("record", "verify", "--key", "x").exit_code == 2


def test_it_is_read_from_elsewhere_and_by_a_setting(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVALUATOR_RECORD", str(study / "kept" / "all.db"))
    monkeypatch.setenv("EVALUATOR_BY", "Cy")
    run()
    assert told("record", "list")["runs"][0]["by"] == "Cy"
    monkeypatch.delenv("EVALUATOR_RECORD")
    monkeypatch.chdir(study.parent)
    assert told("record", "list", "--record", "mine/kept/all.db")["total"] == 1
    done = call("record", "list", "--record", "mine")
    assert done.exit_code == 4
    assert "there is no record" in done.stderr
    assert "Put --record behind it" in call("run", "--record", "mine/scenarios/x.yaml").stderr
    assert "no --record is given" in call("run", "x.yaml", "--note", "lost").stderr


def test_runs_lists_those_on_disk_and_those_on_record(study: Path) -> None:
    first = run("--record")
    run("--set", "designation.max_packages=1", "--because", "x")
    third = run("--set", "designation.max_packages=2", "--because", "x", "--record")
    shutil.rmtree(study / first["run"])
    listed = told("runs")["runs"]
    assert [(one["record"], one.get("alone", False)) for one in listed] == [
        (3, False), (None, False), (1, True)
    ]  # fmt: skip
    assert listed[0]["digest"] == third["digest"]
    assert "1, on record alone" in " ".join(call("runs").stdout.split())
    (study / "record.db").write_bytes(b"no record" * 100)
    done = call("runs")
    assert done.exit_code == 0
    assert "The record is not looked into" in done.stderr
    assert call("runs", "--record", "record.db").exit_code == 1


def test_what_is_not_on_record_is_told(study: Path) -> None:
    run("--record")
    for arguments, words in (
        (("record", "show", "9"), "no run on record is called '9'"),
        (("record", "diff", "1", "nothing"), "'evaluator record list' tells them"),
        (("record", "history", "p1"), "Did you mean 'P1'?"),
        (("record", "redact", "Nobody", "--because", "x"), "no entry says 'Nobody'"),
    ):
        done = call(*arguments)
        assert done.exit_code == 2
        assert words in done.stderr


def test_a_run_that_cannot_be_entered_is_there_and_told(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from evaluator.errors import RecordError

    def refuse(*_: object, **__: object) -> None:
        raise RecordError("record.db cannot be written: no room is left on the disk.")

    monkeypatch.setattr("evaluator.record.ledger.enter_run", refuse)
    done = call("run", "scenarios/baseline.yaml", *FEW, "--record")
    assert done.exit_code == 4
    assert "The run is written, and is not on record." in done.stderr
    assert "no room is left" in done.stderr
    assert len(list((study / "runs").iterdir())) == 1


def test_a_run_is_reproduced_from_its_folder_and_from_the_record_alone(study: Path) -> None:
    first = run("--record")
    assert told("reproduce", first["run"], "--quiet")["identical"]
    (study / "runs").rename(study / "gone")
    assert told("reproduce", "latest", "--record", "record.db", "--quiet")["identical"]
    assert told("reproduce", "1", "--quiet")["identical"]  # record.db stands here


def test_numbers_that_differ_are_told_by_how_much(study: Path) -> None:
    first = run("--record")
    folder = study / first["run"]
    manifest = json.loads((folder / "manifest.json").read_bytes())
    table = folder / "ranking.csv"
    rows = table.read_text().splitlines()
    place = rows[0].split(",").index("overall")
    cells = rows[1].split(",")
    cells[place] = repr(float(cells[place]) + 0.25)
    table.write_text("\n".join([rows[0], ",".join(cells), *rows[2:]]) + "\n")
    manifest["versions"]["numpy"] = "1.0"
    rewrite(folder, manifest)
    done = call("reproduce", str(folder), "--quiet", "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert found["other"] == ["ranking.csv"]
    (cell,) = found["cells"]
    assert (cell["column"], cell["count"]) == ("overall", 1)
    assert cell["difference"] == pytest.approx(0.25)
    assert [one["what"] for one in found["versions"]] == ["numpy"]
    text = call("reproduce", str(folder), "--quiet").stdout
    assert "by other versions, it may be: numpy 1.0 ->" in text


def rewrite(folder: Path, manifest: dict[str, Any]) -> None:
    """Make a run's manifest anew, as somebody could who alters a run on purpose."""
    import hashlib

    from evaluator.record.runs.manifest import _digest, as_json

    for name in manifest["files"]:
        manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    manifest["digest"] = _digest(manifest)
    (folder / "manifest.json").write_bytes(as_json(manifest))


def test_backup_restore_export_redact_upgrade(study: Path) -> None:
    run("--record", "--entered-by", "Ann Smith")
    assert told("record", "backup", "b/one.db")["file"] == "b/one.db"
    assert told("record", "restore", "b/one.db", "--record", "again.db")["entries"] == 1
    assert call("record", "restore", "b/one.db", "--record", "again.db").exit_code == 2
    assert told("record", "redact", "Ann Smith", "--because", "Asked for.")["fields"] == 1
    assert "name redacted" in " ".join(call("record", "list").stdout.split())
    call("record", "export", "--out", "all.jsonl")
    assert "Ann Smith" not in (study / "all.jsonl").read_text()
    assert len(call("record", "export", "--entries").stdout.splitlines()) == 2
    assert "Nothing to do" in call("record", "upgrade").stdout


def test_a_plain_run_loads_nothing_of_the_record(study: Path) -> None:
    script = (
        "import sys; from click.testing import CliRunner; from evaluator.cli import main; "
        "done = CliRunner().invoke(main, ['run', 'scenarios/baseline.yaml', '--draws', '0']); "
        "assert done.exit_code == 0, done.output; "
        "print([m for m in ('sqlalchemy', 'alembic', 'cryptography', 'psycopg', 'sqlite3') "
        "if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=study
    )
    assert done.stdout.strip() == "[]"


def test_without_its_extra_the_record_is_named_with_it(study: Path, tmp_path: Path) -> None:
    (tmp_path / "sqlalchemy.py").write_text("raise ImportError('not installed')\n")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "evaluator", "run", "scenarios/baseline.yaml", "--record"],
        capture_output=True, text=True, check=False, cwd=study,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 2
    assert "Install the engine with its extra 'record'" in done.stderr
    assert not (study / "runs").exists()


@pytest.mark.slow
def test_both_kinds_are_told_alike(place: str, runs: tuple[Path, Path], study: Path) -> None:
    shutil.copytree(runs[0].parent, study / "runs")
    ledger = open_ledger(place, make=True)
    ledger.close()
    run("--record", place)
    run("--record", place, "--set", "designation.max_packages=1", "--because", "x")
    assert told("record", "list", "--record", place)["total"] == 2
    assert len(told("record", "history", "P1", "--record", place)["steps"]) == 2
    assert len(told("record", "diff", "1", "latest", "--record", place)["changed"]) == 1
    ledger = open_ledger(place)
    assert verify(ledger).faults == ()
    ledger.close()
