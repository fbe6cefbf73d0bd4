"""What reaches the terminal: no more than it can show, and nothing that drives it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from evaluator.cli import main
from evaluator.record import Run, read_run
from evaluator.report.terminal.explanation import explanation
from evaluator.report.terminal.summary import summary
from tests.conftest import BASELINE
from tests.loading.breaking import BANK, BASE, ROUND, copy, edit
from tests.programme import WORDS

HAND = Path(__file__).parent.parent / "cases" / "hand"


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def run(root: Path, *arguments: str) -> Path:
    """Run a study without draws; return the run's folder."""
    out = root.parent / "runs"
    result = call("run", root / BASE, "--out", out, "--draws", "0", "--json", *arguments)
    assert result.exit_code == 0, result.output
    return Path(json.loads(result.stdout)["run"])


def test_a_run_prints_what_show_prints(tmp_path: Path) -> None:
    root = copy(tmp_path)
    made = call("run", root / BASE, "--out", tmp_path / "runs", "--draws", "200", "--quiet")
    (folder,) = (tmp_path / "runs").iterdir()
    assert (
        made.stdout
        == f"{call('show', folder).stdout}Run     {folder}\nReport  {folder}/report.html\n"
    )


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(copy(tmp_path_factory.mktemp("terminal")))


def test_arguments_cannot_drive_the_terminal(done: Path) -> None:
    for arguments in (("explain", done, "\x1b[31mP1"), ("validate", "a\u202eb\x9b.yaml")):
        result = call(*arguments)
        assert result.exit_code in (2, 4)
        assert not {"\x1b", "\u202e", "\x9b"} & set(result.output)
    assert "\\u001b[31mP1" in call("explain", done, "\x1b[31mP1").stderr


def test_a_title_from_right_to_left_is_shown_as_it_stands(tmp_path: Path) -> None:
    root = copy(tmp_path)
    title = "\u05e9\u05dc\u05d5\u05dd \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    edit(root, f"{ROUND}/packages.csv", "Clinic imaging service", title)
    folder = run(root)
    assert set(title.split()) <= set(call("show", folder).stdout.split())
    titles = {row["title"] for row in json.loads(call("show", folder, "--json").stdout)["ranking"]}
    assert title in titles


def test_a_title_of_several_lines_stays_in_its_row(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/packages.csv", "Clinic imaging service", '"Clinic\n   99   P9   Fake"')
    folder = run(root)
    (line,) = [line for line in call("show", folder).stdout.splitlines() if "Fake" in line]
    assert "P1" in line
    assert call("explain", folder, "P1").stdout.splitlines()[0] == "P1  Clinic 99 P9 Fake"


def test_a_long_title_is_cut(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/packages.csv", "Clinic imaging service", "\u00d8" * 15_000)
    told = call("show", run(root)).stdout
    assert 0 < told.count("\u00d8") <= 57  # a narrow terminal shows less


def test_an_unknown_bound_is_told(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/packages.csv", "90000000", "")
    assert "not known" in call("show", run(root)).stdout


def test_a_study_without_requirements_shows_no_empty_table(tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / "criteria" / "requirements.yaml").unlink()
    told = call("explain", run(root), "P1").stdout
    assert "Requirements" not in told
    assert "Requests" in told


def many(done: Run, count: int) -> Run:
    """Return a run whose first package and its amount stand there so many times."""
    tables = dict(done.tables)
    names = [f"X{number:03}" for number in range(count)]
    for table in ("ranking", "allocation"):
        first = tables[table].iloc[[0]]
        tables[table] = pd.concat([first.assign(package=name) for name in names])
    return replace(done, tables=tables)


def test_long_tables_are_cut_and_the_sum_is_of_all(done: Path) -> None:
    whole = many(read_run(done), 75)
    lines = summary(whole.manifest, whole.tables, WORDS).splitlines()
    # the ranking, the scores by agency, the amounts
    assert lines.count("and 15 more rows in the files of the run") == 3
    assert sum("X059" in line for line in lines) == 3
    assert not [line for line in lines if "X060" in line]
    amount = float(whole.tables["allocation"]["allocated"].sum()) / 1e6
    (total,) = [line for line in lines if line.strip().startswith("Sum")]
    assert total.split()[-1].replace(",", "") == f"{amount:.1f}"


def test_a_table_of_sixty_rows_is_whole(done: Path) -> None:
    whole = many(read_run(done), 60)
    text = summary(whole.manifest, whole.tables, WORDS)
    assert "X059" in text
    assert "more rows" not in text


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of the baseline with a few draws."""
    out = tmp_path_factory.mktemp("drawn")
    result = call("run", BASELINE, "--out", out, "--draws", "50", "--json")
    assert result.exit_code == 0, result.output
    return read_run(Path(json.loads(result.stdout)["run"]))


@pytest.mark.slow
def test_show_fits_120_columns_with_tier_and_ranks(
    drawn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    text = summary(drawn.manifest, drawn.tables, WORDS)
    table = text.partition("Ranked portfolio")[2].partition("Scores by agency")[0]
    assert max(map(len, table.splitlines())) <= 120
    words = set(table.split())
    for title in drawn.tables["ranking"]["title"][:30]:
        assert set(title.split()) <= words, "a word is broken"
    first = drawn.tables["acceptability"].iloc[0]
    (line,) = [line for line in table.splitlines() if first["package"] in line]
    assert f"{first['tier']}  " in line
    assert f"{first['rank_low']}–{first['rank_high']}" in line
    assert "OSTP" in text
    assert "Ostp" not in text


def test_what_failed_and_what_binds_goes_by_name(drawn: Run) -> None:
    words = " ".join(summary(drawn.manifest, drawn.tables, WORDS).split())
    gates = drawn.tables["gates"]
    failed = gates[gates["outcome"] == "failed"]
    for label, requirement in zip(failed["label"], failed["requirement"], strict=True):
        assert label.split()[0] in words
        assert requirement not in words
    limits = drawn.tables["limits"].query("binding")
    assert all(label.split()[0] in words for label in limits["label"])


def test_the_method_goes_by_its_name(drawn: Run) -> None:
    manifest = {**drawn.manifest, "method": {"name": "topsis"}}
    assert "Ranked by TOPSIS." in summary(manifest, drawn.tables, WORDS)


def test_where_there_are_no_tools_nothing_is_proposed(tmp_path: Path) -> None:
    root = copy(tmp_path)
    bank = (root / BANK).read_text()
    edit(root, BANK, "*", f"{bank[: bank.index('tools:')]}tools: []\n")
    asks = (root / ROUND / "requests.csv").read_text().splitlines()
    edit(root, f"{ROUND}/requests.csv", "*", f"{asks[0]}\n")
    folder = run(root)
    assert "Proposed" not in call("show", folder).stdout
    page = (folder / "report.html").read_text()
    assert "Proposed $0" not in page
    assert "Why it gets nothing" not in page
    assert "What it would take is told" not in page


def test_tools_stand_in_the_order_of_the_study(drawn: Run) -> None:
    sources = drawn.tables["sources"]
    text = summary(drawn.manifest, drawn.tables, WORDS).partition("Proposed, $ million")[2]
    head = next(line for line in text.splitlines() if "Package" in line)
    served = set(drawn.tables["allocation"].query("allocated > 0")["tool"])
    order = [tool for tool in sources["id"][sources["kind"] == "tool"] if tool in served]
    # Heads stand over lines, a word each: the last of `dfc.direct_loan` is `loan`.
    assert head.split()[1:-1] == [re.split(r"[._]", tool)[-1] for tool in order]


def test_explain_says_priority_names_and_whole_numbers(drawn: Run) -> None:
    text = explanation(drawn.manifest, drawn.tables, drawn.study, "SP26-05")
    assert "rank 4, overall 76.7, priority\n" in text
    assert "designated" not in text
    assert "OSTP 94.2" in text
    assert "Lowest: Energy" in text
    assert "4,800 job-years" in text
    assert "Tier: clear, priority in 100 % of 50 draws (standard error 0.0 points); rank " in text


LABEL = "Risk of diversion or misuse by the end user"


def test_explain_names_red_flags(drawn: Run) -> None:
    ranking = drawn.tables["ranking"].set_index("package")
    assert ranking.loc["SP26-08", "red_flags"] == ("defense.diversion_risk",)
    told = explanation(drawn.manifest, drawn.tables, drawn.study, "SP26-08").splitlines()
    (line,) = [line for line in told if line.startswith("Red flags: ")]
    assert line == f"Red flags: {LABEL}"
    assert "Red flags: " not in explanation(drawn.manifest, drawn.tables, drawn.study, "SP26-05")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
def test_a_terminal_that_cannot_show_everything(encoding: str, done: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "evaluator", "show", str(done)],
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": encoding, "PATH": ""},
    )
    assert result.returncode == 0, result.stderr
    assert "Ranked portfolio" in result.stdout.decode(encoding)


def test_a_path_that_is_no_text(tmp_path: Path) -> None:
    command = [sys.executable.encode(), b"-m", b"evaluator", b"validate", b"\xff.yaml"]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert result.returncode == 4
    assert "\\udcff.yaml: there is no such file." in result.stderr


def test_a_reason_without_a_change(tmp_path: Path) -> None:
    result = call("run", copy(tmp_path) / BASE, "--because", "a trial", "--draws", "0")
    assert result.exit_code == 2
    assert "no --set says what is changed" in result.stderr


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ("title=&a [*a, *a]", "anchors and aliases"),
        ("title=\x1b[31m", "control character U+001B"),
        ("agencies.trade.agency=other", "the id of agency 'trade' cannot be changed"),
        ("agencies=1", "no agency is there"),
        ("agencies.navy=1", "this must be a mapping of keys, not 1"),
        ("institutions.bank.tools=[]", "'bank.loan' is unknown"),
        ("title.x=1", "there is no 'x' below a single value"),
        ("title=", "is not KEY=VALUE"),
        ("a..b=1", "is not a path of keys"),
        ("round=/etc", "leaves the study's folder"),
    ],
)
def test_changes_that_cannot_be(change: str, fact: str, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    result = call("run", copy(tmp_path) / BASE, "--set", change, "--because", "x", "--out", out)
    assert result.exit_code in (2, 4)
    assert fact in result.stderr
    assert not out.exists()


def test_a_reason_is_checked_as_well(tmp_path: Path) -> None:
    scenario = copy(tmp_path) / BASE
    for reason, fact in (("\x1b[31m", "U+001B"), ("x" * 30_000, "'because' is too long")):
        result = call("run", scenario, "--set", "title=x", "--because", reason)
        assert result.exit_code == 4
        assert fact in result.stderr


def test_new_says_how_to_go_on_where_a_path_has_spaces(tmp_path: Path) -> None:
    told = map(str.strip, call("new", tmp_path / "my study").stdout.splitlines())
    assert f"evaluator run '{tmp_path}/my study/scenarios/baseline.yaml'" in told


@pytest.mark.slow
def test_explain_tells_what_it_would_take_or_how_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 4 million of loans are under the ticket of 5, and P1 asks for nothing else
    root = Path(shutil.copytree(HAND, tmp_path / "study"))
    poor = (
        *("--set", "institutions.bank.tools.loan.envelope.amount=4000000"),
        *("--set", "allocation.minimum_support=0", "--because", "a trial"),
    )
    plain, full = run(root, *poor), run(root, *poor, "--full")
    table = read_run(full).tables["what_it_takes"].set_index("package")["sentence"]
    assert table.index.to_list() == ["P1"]
    told = call("explain", full, "P1").stdout
    assert f"What it would take: {table['P1']}" in told
    assert "--full" not in told
    assert "What it would take: run the scenario with --full" in call("explain", plain, "P1").stdout
    for folder in (plain, full):
        assert "What it would take" not in call("explain", folder, "P2").stdout
    data = json.loads(call("explain", full, "P1", "--json").stdout)
    assert [row["sentence"] for row in data["what_it_takes"]] == [table["P1"]]
    monkeypatch.setattr(import_module("evaluator.questions.question"), "LARGE", 0)
    monkeypatch.setattr(import_module("evaluator.questions.funding.what_it_takes"), "_MOST", 0)
    large = run(root, *poor, "--full", "--seed", "2")
    assert "What it would take: not looked at" in call("explain", large, "P1").stdout


@pytest.mark.slow
@pytest.mark.parametrize("width", [40, 64, 80, 99, 120])
def test_a_narrow_terminal_breaks_lines_between_words_and_shows_all(
    width: int, done: Path, drawn: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, package in ((done, "P1"), (drawn.folder, "SP26-08")):
        for arguments in (("show", folder), ("explain", folder, package)):
            monkeypatch.delenv("COLUMNS", raising=False)
            wide = set(re.findall(r"\w+", call(*arguments).stdout))
            monkeypatch.setenv("COLUMNS", str(width))
            lines = call(*arguments).stdout.splitlines()
            wider = [line for line in lines if len(line) > width]
            assert [line for line in wider if len(line.split()) > 1] == []  # a digest is one word
            without_a_cell = {"For", "Note"}
            assert wide - without_a_cell <= set(re.findall(r"\w+", " ".join(lines)))


def test_a_narrow_terminal_breaks_no_json_and_no_path(
    done: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = call("show", done, "--json").stdout
    told = call("explain", done, "P9").stderr
    monkeypatch.setenv("COLUMNS", "20")
    assert call("show", done, "--json").stdout == wide
    assert call("explain", done, "P9").stderr.split() == told.split()
