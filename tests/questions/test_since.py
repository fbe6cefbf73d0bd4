"""What changed since the last version: of the scenario extended, or of a run that is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator import Override, ask, evaluate, load_study, write_run
from evaluator.cli import main
from evaluator.model.study import Study
from evaluator.questions.versions.since import extended, own_changes
from evaluator.record import read_study
from evaluator.record.reproduce import kept_in, reproduce
from evaluator.record.runs.former import compared_with
from evaluator.report.viewmodel.versions.since import since
from evaluator.results.evaluation import Evaluation
from tests.conftest import BASELINE
from tests.report.markup import Markup

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"
QUIET = Override("uncertainty.draws", "0", "no draws are needed here")
OTHER_NAMES = {"applied", "sources", "source_file", "extends"}


def changed(*changes: tuple[str, str], path: Path = HAND) -> Study:
    return load_study(path, [QUIET, *(Override(key, to, "a trial") for key, to in changes)])


def told(study: Study) -> dict[str, object]:
    """Return all of a study but how it is called and came to be."""
    data = study.model_dump(mode="json", exclude=OTHER_NAMES)
    return {**data, "scenario": {**data["scenario"], "scenario": "", "title": "", "if_enacted": []}}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        *("apportioned", "commerce-led", "continuing-resolution", "equal-influence"),
        *("exim-lapsed", "full-weightings", "geometric", "if-enacted-exim", "no-appropriation"),
        *("only-state", "security-first", "tight-appropriations"),
    ],
)
def test_what_a_scenario_changes_is_taken_back(name: str) -> None:
    study = load_study(BASELINE.with_name(f"{name}.yaml"))
    base = load_study(BASELINE.with_name(f"{study.extends}.yaml"))
    assert told(extended(study)) == told(base) != told(study)


@pytest.mark.parametrize(
    ("key", "to"),
    [
        ("designation.min_overall", "60"),
        ("designation.max_packages", "2"),
        ("missing", "worst"),
        ("influence.shares", "{trade: 0.9, energy: 0.1}"),
        ("institutions.bank.tools.loan.envelope.amount", "50000000"),
        ("requests.P1.bank.loan", "30000000"),
        ("ratings.P1.trade.delivery.t-1.rating", "poor"),
    ],
)
def test_a_change_of_the_command_line_is_taken_back(key: str, to: str) -> None:
    study = changed((key, to))
    assert told(extended(study)) == told(changed()) != told(study)


def test_shares_follow_back_in_proportion() -> None:
    override = Override("influence.shares.trade", "0.9", "a trial", rebalance="proportional")
    study = load_study(HAND, [QUIET, override])
    assert extended(study).influence == pytest.approx({"trade": 0.6, "energy": 0.4}, abs=1e-15)


@pytest.fixture(scope="module")
def floor() -> Evaluation:
    """With a floor of 60, P1 (57.2) is out and its 40 million of loans go to P2."""
    study = changed(("designation.min_overall", "60"))
    return ask(evaluate(study), names=["since"])


def test_who_leaves_and_what_moves(floor: Evaluation) -> None:
    assert floor.extended is not None
    tables = {name: one.table for name, one in floor.extended.tables.items()}
    rows = tables["since"].set_index("package")
    assert rows["usd_before"].to_dict() == {"P1": 40e6, "P2": 20e6, "P3": 65e6}
    assert rows["usd_after"].to_dict() == {"P1": 0, "P2": 60e6, "P3": 65e6}
    assert rows["priority_after"].to_dict() == {"P1": False, "P2": True, "P3": True}
    loans = tables["since_tools"].set_index("tool").loc["bank.loan"]
    assert loans.to_dict() == {"before": 100e6, "after": 100e6, "net": 0, "moved": 40e6}
    found = since(floor)
    assert found is not None
    assert [(one.key, one.old, one.new) for one in found.changes] == [
        ("designation.min_overall", "50", "60")
    ]
    assert found.sentences[-1] == "Moved: $40.0 million; $125.0 million in all, as before."
    assert {line.package: line.kind for line in found.slopes.lines} == {
        "P1": "out",
        "P2": "both",
        "P3": "both",
    }
    assert found.packages is not None
    assert {row.id: row.change for row in found.packages.rows} == {"P1": "−40.0", "P2": "+40.0"}


def test_nothing_is_asked_of_a_scenario_that_changes_nothing() -> None:
    study = changed()
    assert own_changes(study) == ()
    found = ask(evaluate(study))
    assert found.extended is None or "since" not in found.extended.tables
    assert since(found) is None


def test_what_cannot_be_taken_back_fails_alone(tmp_path: Path) -> None:
    shutil.copytree(HAND.parents[1], tmp_path / "study")
    scenarios = tmp_path / "study" / "scenarios"
    shutil.copytree(scenarios / "round", scenarios / "autumn")
    (scenarios / "later.yaml").write_text(
        "scenario: later\ntitle: Later\nextends: baseline\n"
        "changes: [{set: round, to: autumn, because: The next round.}]\n"
    )
    found = ask(evaluate(changed(path=scenarios / "later.yaml")))
    assert found.extended is not None
    (failed,) = found.extended.failed
    assert failed.arguments["question"] == "since"
    assert "--since" in str(failed.arguments["reason"])
    assert found.allocation.exists


def test_a_run_is_compared_with_the_run_that_is_named(floor: Evaluation, tmp_path: Path) -> None:
    """The other way about: P1 comes in again. Told in every medium, and kept with the run."""
    old = write_run(floor, tmp_path, "floor")
    study = compared_with(changed(), old)
    assert study.fingerprint == changed().fingerprint
    new = write_run(ask(evaluate(study)), tmp_path, "new")
    assert read_study(new).since == study.since
    page = Markup((new / "report.html").read_text())
    rows = page.tables["since-packages"].texts()[1:]
    assert sorted(row[1:] for row in rows) == [["0", "40.0", "+40.0"], ["60.0", "20.0", "−40.0"]]
    assert reproduce(kept_in(new)).identical
    bare = write_run(ask(evaluate(changed())), tmp_path, "bare")
    for words in (["show", str(new)], ["show", str(bare), "--since", str(old)]):
        shown = CliRunner().invoke(main, words)
        assert shown.exit_code == 0, shown.output
        assert "Since floor: the run of Computed by hand, as of 2026-07-01." in shown.output
        assert "Funded: enters" in shown.output
        assert "Moved: $40.0 million" in shown.output


def test_the_first_screen_answers_what_changed(floor: Evaluation, tmp_path: Path) -> None:
    told = (write_run(floor, tmp_path) / "report.html").read_text()
    answer = told.partition("data-answer=l10")[2].partition("</div>")[0]
    title = floor.study.package_by_id["P1"].title
    assert f"out {title}" in answer
    assert "Moved: $40.0 million" in answer
    bare = (write_run(ask(evaluate(changed())), tmp_path) / "report.html").read_text()
    assert "--since OTHER</code>" in bare
