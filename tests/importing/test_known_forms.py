"""Files of a known form through the command: the study, its record, what is asked and refused."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evaluator import load_study
from evaluator.cli import main
from tests.importing.test_spoiled_files import WHOLE

NAMES = {"pabulib": "town.pb", "xmcda": "p.xml", "scores": "jury.csv", "pairwise": "answers.csv"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["import", *map(str, arguments)])


@pytest.fixture(params=WHOLE)
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Return a file of each form."""
    path = tmp_path / NAMES[request.param]
    path.write_text(WHOLE[request.param])
    return path


def asked(file: Path, into: Path) -> tuple[object, ...]:
    answer = ("--answer", "negative=first") if file.name == NAMES["pairwise"] else ()
    return (file, "--into", into, "--as-of", "2026-07-01", *answer)


def shown(page: str) -> str:
    """Return what a page shows: no tag, style or script."""
    bare = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", "", page)
    return re.sub(r"<[^>]+>", " ", bare)


def test_it_becomes_a_study_with_its_record(file: Path, tmp_path: Path) -> None:
    done = run(*asked(file, tmp_path / "study"), "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    study = load_study(told["scenario"])
    assert len(study.packages) == told["rows"]["packages"]
    record = (tmp_path / "study/import.csv").read_text()
    rows = list(csv.DictReader(io.StringIO(record)))
    assert {row["file"] for row in rows} == {file.name}
    assert told["left"] == sum(row["how"].startswith("left") for row in rows)
    assert all(note["words"] for note in told["notes"])


def test_the_same_file_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    trees = []
    for name in ("one", "two"):
        assert run(*asked(file, tmp_path / name)).exit_code == 0
        inside = sorted((tmp_path / name).rglob("*"))
        trees.append(
            {p.relative_to(tmp_path / name): p.read_bytes() for p in inside if p.is_file()}
        )
    assert trees[0] == trees[1]
    assert len(trees[0]) > 3


def test_what_is_open_is_asked_and_answered(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text(WHOLE["pairwise"])
    first = run(path, "--into", tmp_path / "study")
    assert first.exit_code == 4
    assert "cell D3: is negative" in first.stderr
    assert not (tmp_path / "study").exists()
    odd = run(path, "--into", tmp_path / "study", "--answer", "negative=left")
    assert odd.exit_code == 2
    assert "Known: negative=first|second." in odd.stderr


def test_a_study_that_is_there_is_not_filled_from_one_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "town.pb"
    path.write_text(WHOLE["pabulib"])
    assert run(path, "--into", tmp_path / "study").exit_code == 0
    again = run(path, "--into", tmp_path / "study")
    assert again.exit_code == 2
    assert "it makes a study. Name a new folder." in again.stderr


def test_nothing_is_asked_of_other_files(tmp_path: Path) -> None:
    path = tmp_path / "town.pb"
    path.write_text(WHOLE["pabulib"])
    told = run(path, "--into", tmp_path / "study", "--answer", "budget=2000")
    assert told.exit_code == 2
    assert "Nothing is asked of such a file." in told.stderr


def test_a_folder_of_other_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.csv").write_text("a,b\n1,2\n")
    told = run(tmp_path / "in", "--into", tmp_path / "study")
    assert told.exit_code == 4
    assert "is a folder of files that are not imported together." in told.stderr


@pytest.mark.slow
@pytest.mark.parametrize("form", WHOLE)
def test_a_run_of_it_speaks_its_words(form: str, tmp_path: Path) -> None:
    """No agency, package or dollar is on the terminal or the page of what has none."""
    file = tmp_path / NAMES[form]
    file.write_text(WHOLE[form].replace("budget;1000", "budget;1000\ncurrency;PLN"))
    assert run(*asked(file, tmp_path / "study")).exit_code == 0
    scenario = tmp_path / "study/scenarios/imported.yaml"
    out = ("--out", str(tmp_path / "runs"), "--name", "first", "--quiet")
    done = CliRunner().invoke(main, ["run", str(scenario), *out])
    assert done.exit_code == 0, done.output
    page = shown((tmp_path / "runs/first/report.html").read_text())
    for text in (done.stdout, page):
        assert re.findall(r"(?i)\bagenc\w+|\bpackages?\b|\$|\bdollars?\b", text) == []
