"""The runs of a folder: listed, named by `latest` or a beginning, removed where newer stand."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from evaluator.cli import main
from evaluator.cli.examples import EXAMPLES
from evaluator.errors import UsageError
from evaluator.record.runs.listing import Difference, differences, find_run, runs_in
from tests.loading.breaking import BASE, copy


def manifest(**fields: Any) -> dict[str, Any]:
    """Return what two runs are told apart by."""
    told = {
        "changes": [],
        "as_of": "2026-07-15",
        "seed": 1,
        "sources": {"a.csv": "1", "b.csv": "2"},
        "versions": {"evaluator": "0.1"},
    }
    return {**told, **fields}


def change(key: str, old: object, new: object) -> dict[str, object]:
    return {"set": key, "old": old, "new": new}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({}, {}, []),
        ({}, {"changes": [change("k", 1, 2)]}, [Difference("key", "k", 1, 2)]),
        # a change that is no longer made: back to what stands in the file
        ({"changes": [change("k", 1, 2)]}, {}, [Difference("key", "k", 2, 1)]),
        ({"changes": [change("k", 1, 2)]}, {"changes": [change("k", 1, 3)]},
         [Difference("key", "k", 2, 3)]),
        # a day that a change sets is told once; one that the file sets, as a key too
        ({}, {"as_of": "2026-08-01"}, [Difference("key", "as_of", "2026-07-15", "2026-08-01")]),
        ({}, {"as_of": "2026-08-01", "changes": [change("as_of", "2026-07-15", "2026-08-01")]},
         [Difference("key", "as_of", "2026-07-15", "2026-08-01")]),
        ({}, {"seed": 2}, [Difference("key", "uncertainty.seed", 1, 2)]),
        ({}, {"sources": {"b.csv": "3", "c.csv": "4"}},
         [Difference("file", "a.csv", "1", None), Difference("file", "b.csv", "2", "3"),
          Difference("file", "c.csv", None, "4")]),
        ({}, {"versions": {"evaluator": "0.2"}},
         [Difference("version", "evaluator", "0.1", "0.2")]),
    ],
)  # fmt: skip
def test_what_one_run_has_otherwise(
    old: dict[str, Any], new: dict[str, Any], found: list[Difference]
) -> None:
    assert list(differences(manifest(**old), manifest(**new))) == found


def folders(at: Path, *names: str) -> None:
    for name in names:
        (at / name).mkdir(parents=True)
        (at / name / "manifest.json").write_text("{}")


def test_a_run_by_its_beginning(tmp_path: Path) -> None:
    folders(tmp_path, "base-1a", "base-2b", "other-3c", ".writing-x")
    (tmp_path / "notes").mkdir()  # no run
    assert find_run(Path("other"), tmp_path) == tmp_path / "other-3c"
    assert find_run(tmp_path / "base-2") == tmp_path / "base-2b"
    with pytest.raises(UsageError, match=r"2 runs: base-1a, base-2b"):
        find_run(Path("base"), tmp_path)
    for name in ("notes", "no", ".w", "base-3"):  # as it is named: whoever reads it says why not
        assert find_run(Path(name), tmp_path) == Path(name)
    assert find_run(tmp_path / "notes", tmp_path) == tmp_path / "notes"  # what is there is meant


@pytest.mark.slow
def test_the_runs_of_a_folder(tmp_path: Path) -> None:
    study = copy(tmp_path) / BASE

    def call(*arguments: str) -> Any:
        told = subprocess.run(
            [sys.executable, "-m", "evaluator", *arguments, "--json"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
        )
        assert told.returncode == 0, told.stderr
        return json.loads(told.stdout)

    first = call("run", str(study), "--draws", "0")["run"]
    cut = ("--set", "designation.max_packages=1", "--because", "a trial")
    second = call("run", str(study), "--draws", "0", *cut)["run"]
    named = call("run", str(study), "--draws", "0", "--name", "kept", "--title", "A: #1")["run"]
    assert named == "runs/kept"

    listed = call("runs")["runs"]
    assert [one["run"] for one in listed] == [named, second, first]
    assert listed[0]["title"] == "A: #1"
    assert [one["before"] for one in listed] == [second, first, None]
    (key,) = listed[1]["changed"]
    assert (key["what"], key["new"]) == ("designation.max_packages", 1)
    assert call("show", "latest")["manifest"]["title"] == "A: #1"

    # P1 by a word of its title, with each rating as it stands in the file
    told = call("explain", Path(second).name[:-3], "clinic")
    assert told["package"] == "P1"
    assert {rated["evaluator"] for rated in told["ratings"]} >= {"t-1", "t-2"}

    mine = tmp_path / first / "notes" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    kept = {"named": [named], "shared": [first], "altered": []}
    told = call("runs", "--clean", "--yes")
    assert {key: told[key] for key in ("removed", *kept)} == {"removed": [], **kept}
    mine.unlink()
    mine.parent.rmdir()
    table = tmp_path / first / "ranking.csv"
    whole = table.read_bytes()
    table.write_bytes(whole + b"\n")
    told = call("runs", "--clean", "--yes")
    assert (told["removed"], told["altered"]) == ([], [first])
    table.write_bytes(whole)
    assert call("runs", "--clean", "--keep", "2")["may_go"] == []
    assert call("runs", "--clean")["may_go"] == [first]
    assert table.exists()  # listed, not removed
    assert call("runs", "--clean", "--yes")["removed"] == [first]
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == sorted(
        [Path(second).name, "kept"]
    )


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "a\x1b[2J", "x" * 101, "latest"])
def test_no_name_leaves_the_folder(name: str, tmp_path: Path) -> None:
    study = copy(tmp_path) / BASE
    told = CliRunner().invoke(main, ["run", str(study), "--name", name, "--out", str(tmp_path)])
    assert told.exit_code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["study"]


def test_a_damaged_run_is_not_listed_and_told(tmp_path: Path) -> None:
    folders(tmp_path, "a-1")
    listing = runs_in(tmp_path)
    assert listing.runs == ()
    assert "is not a run" in listing.unreadable[tmp_path / "a-1"]
    told = CliRunner().invoke(main, ["runs", str(tmp_path)])
    assert told.exit_code == 0
    assert "Not listed" in told.stderr


def every(group: click.Group = main, before: str = "") -> list[str]:
    """Return all commands, those within others by both names."""
    inner = [(n, c) for n, c in group.commands.items() if isinstance(c, click.Group)]
    own = [f"{before}{name}" for name in group.commands]
    return sorted(own + [one for name, part in inner for one in every(part, f"{before}{name} ")])


@pytest.mark.parametrize("command", every())
def test_the_examples_of_the_help_can_be_given(command: str) -> None:
    shown = CliRunner().invoke(main, [*command.split(), "--help"]).output
    assert EXAMPLES[command]
    for line in EXAMPLES[command]:
        assert f"evaluator {line}" in shown
        asked: click.Command = main
        arguments = shlex.split(line)
        while isinstance(asked, click.Group):
            asked = asked.commands[arguments.pop(0)]
        asked.make_context(line, arguments)


@pytest.mark.parametrize(
    ("shell", "place"),
    [
        ("bash", ".local/share/bash-completion/completions/evaluator"),
        ("fish", ".config/fish/completions/evaluator.fish"),
        ("zsh", ".local/share/zsh/site-functions/_evaluator"),
    ],
)
def test_completion_is_installed_where_the_shell_looks(
    shell: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    printed = CliRunner().invoke(main, ["completion", shell]).stdout
    assert CliRunner().invoke(main, ["completion", shell, "--install"]).exit_code == 0
    assert (tmp_path / place).read_text().strip() == printed.strip()
    assert "_EVALUATOR_COMPLETE" in printed


def test_the_shell_completes_runs(tmp_path: Path) -> None:
    folders(tmp_path / "runs", "base-1a")
    script = (
        "complete() { COMP_WORDS='evaluator show ba' COMP_CWORD=2 "
        f"_EVALUATOR_COMPLETE=bash_complete {sys.executable} -c "
        "'from evaluator.cli import main; main(prog_name=\"evaluator\")'; }; complete"
    )
    told = subprocess.run(
        ["bash", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert re.match(r"plain,base-1a\n", told.stdout)
