"""`evaluator memo` and `evaluator letters`, from a run's folder and from a record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.cli import main
from evaluator.errors import RunError
from evaluator.record.reproduce import evaluated, kept_in
from evaluator.record.starter import write_starter
from tests.conftest import BASELINE
from tests.report.documents.texts import docx_lines, joined, pdf_text


def ran(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with one run, in its folder and on record."""
    folder = tmp_path_factory.mktemp("documents")
    scenario = write_starter(folder / "mine")
    ran(
        "run",
        str(scenario),
        "--out",
        str(folder / "runs"),
        "--name",
        "first",
        "--quiet",
        "--record",
    )
    return folder


@pytest.fixture
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(home)
    return home


def test_a_memo_of_a_folder_and_of_a_record(at_home: Path) -> None:
    told = ran("memo", "first", "--into", "a", "--quiet")
    assert told == "Memo    a/memo.pdf\nMemo    a/memo.docx\n"
    lines = docx_lines((at_home / "a" / "memo.docx").read_bytes())
    manifest = json.loads((at_home / "runs" / "first" / "manifest.json").read_text())
    assert manifest["digest"] in lines
    assert "On record" not in lines
    found = json.loads(ran("memo", "first", "--record", "mine", "--into", "b", "--quiet", "--json"))
    assert (found["files"], found["on_record"]) == (["b/memo.pdf", "b/memo.docx"], True)
    text = pdf_text((at_home / "b" / "memo.pdf").read_bytes())
    assert "On record entry 1, hash" in text
    assert "none after what stands here" in text


@pytest.mark.slow
def test_what_was_said_on_record_stands_in_the_memo(tmp_path: Path) -> None:
    """By the commands alone, from the run to the checkpoint that comes after the determination."""
    draws, place = ("--draws", "0", "--quiet"), str(tmp_path / "record.db")
    ran("run", str(BASELINE), "--out", str(tmp_path), "--name", "r", *draws, "--record", place)
    on, words = ("r", "--record", place), "We object to this: #panic(1) {{7*7}} A & B <w:p>"
    ran("record", "freeze", *on, "--by", "Ann Smith")
    ran("record", "concur", *on, "--agency", "defense", "--position", "objects", "--text", words)
    ran("record", "determine", *on, "--text", "Designated as put forward.", "--by", "Bo Lee")
    ran("record", "de-designate", *on[:1], "SP26-33", *on[1:], "--because", "Its anchor withdrew.")
    line = ran("record", "checkpoint", "--record", place).strip()
    ran("memo", *on, "--into", str(tmp_path), "--quiet")
    ran("letters", *on, "--into", str(tmp_path), "--quiet", "--format", "docx")
    lines = docx_lines((tmp_path / "memo.docx").read_bytes())
    assert {words, line, "Designated as put forward.", "Its anchor withdrew."} <= {*lines}
    assert "Visayas Geothermal Compute" in lines, "no longer priority, by its title"
    text = joined(pdf_text((tmp_path / "memo.pdf").read_bytes()))
    assert all(joined(said) in text for said in (words, line))
    letter = "\n".join(docx_lines((tmp_path / "letter-SP26-33.docx").read_bytes()))
    assert "Your proposal is no longer among the priority packages" in letter
    assert "withdrew" not in letter


def test_letters_of_one_format(at_home: Path) -> None:
    told = ran("letters", "first", "--into", "letters", "--format", "docx", "--quiet")
    assert told.startswith("Letters letters: ")
    names = sorted(path.name for path in (at_home / "letters").iterdir())
    assert names == ["letter-P1.docx", "letter-P2.docx", "letter-P3.docx"]


def test_what_cannot_be_written_is_told(at_home: Path) -> None:
    (at_home / "taken").write_text("")
    told = ran("memo", "first", "--into", "taken", "--quiet", code=2)
    assert "taken cannot be written" in told
    assert "no run on record" in ran("memo", "other", "--record", "mine", "--quiet", code=2)


def test_a_run_with_other_numbers_is_refused(home: Path) -> None:
    kept = kept_in(home / "runs" / "first")
    assert evaluated(kept).study == kept.study
    kept.manifest["files"]["ranking.csv"] = "0" * 64  # type: ignore[index]
    with pytest.raises(
        RunError, match=r"has other numbers in ranking\.csv\. 'evaluator reproduce'"
    ):
        evaluated(kept)
