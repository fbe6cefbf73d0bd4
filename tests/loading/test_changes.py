"""Scenarios as ordered changes: what is recorded, what is rebalanced, what is refused."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import pytest

import evaluator
from evaluator import InvalidStudyError, Override, load_study
from evaluator.loading.changes import parse_path
from evaluator.loading.round.tables import TABLES
from evaluator.record.runs.study_file import as_json
from tests.conftest import ROOT

STARTER = Path(evaluator.__file__).parent / "record" / "starter_study"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STARTER, tmp_path / "study"))


def extend(root: Path, name: str, base: str, changes: str) -> Path:
    path = root / "scenarios" / f"{name}.yaml"
    path.write_text(f"scenario: {name}\ntitle: {name}\nextends: {base}\nchanges:\n{changes}")
    return path


def test_a_change_is_recorded_old_to_new_with_its_reason(root: Path) -> None:
    study = load_study(root / "scenarios" / "security-first.yaml")
    (applied,) = study.applied
    assert (applied.scenario, applied.set) == ("security-first", "influence.shares.security")
    assert (applied.old, applied.new) == (0.4, 0.7)
    assert applied.because == "What if the security view prevailed?"
    assert study.scenario.scenario == "security-first"


def test_siblings_shrink_in_proportion(root: Path) -> None:
    # trade 0.6 is the only sibling: it takes what is left of 1.
    shares = load_study(root / "scenarios" / "security-first.yaml").scenario.influence.shares
    assert shares == pytest.approx({"trade": 0.3, "security": 0.7}, abs=1e-12)


def test_siblings_set_together_stand_and_the_others_share_what_is_left() -> None:
    # 0.5 and 0.3 stand; commerce 0.4, energy 0.14 and ostp 0.14 of 0.68 share 0.2.
    sets = [("influence.shares.defense", "0.5"), ("influence.shares.state", "0.3")]
    changes = [Override(k, to, "a trial", rebalance="proportional") for k, to in sets]
    path = ROOT / "scenarios" / "baseline.yaml"
    base = load_study(path).scenario.influence.shares
    found = load_study(path, changes).scenario.influence.shares
    rest = [name for name in base if name not in ("defense", "state")]
    left = sum(base[name] for name in rest)
    expected = {"defense": 0.5, "state": 0.3, **{n: base[n] * 0.2 / left for n in rest}}
    assert found == pytest.approx(expected, abs=1e-12)
    reverse = load_study(path, changes[::-1]).scenario.influence.shares
    assert reverse == pytest.approx(expected, abs=1e-12)
    more = Override("influence.shares.energy", "0.3", "a trial", rebalance="proportional")
    with pytest.raises(InvalidStudyError, match=r"1\.1 exceeds the sum 1"):
        load_study(path, [*changes, more])


def test_changes_of_a_chain_apply_from_the_base_up(root: Path) -> None:
    extend(root, "one", "baseline", "  - {set: designation.min_overall, to: 10, because: a}\n")
    path = extend(root, "two", "one", "  - {set: designation.min_overall, to: 20, because: b}\n")
    study = load_study(path)
    assert [(a.scenario, a.old, a.new) for a in study.applied] == [("one", 40, 10), ("two", 10, 20)]
    assert study.scenario.designation.min_overall == 20


def test_agencies_and_institutions_are_addressed_by_id(root: Path) -> None:
    changes = (
        "  - {set: institutions.bank.tools.loan.envelope.amount, to: 7, because: a}\n"
        "  - set: agencies.trade.weights.judgements\n"
        "    to: {domestic_content: 50, delivery: 50}\n"
        "    because: b\n"
    )
    study = load_study(extend(root, "three", "baseline", changes))
    assert study.tools["bank.loan"].envelope.amount == 7
    assert study.agencies[1].weights.judgements == {"domestic_content": 50, "delivery": 50}


def test_the_command_line_comes_last(root: Path) -> None:
    path = extend(
        root, "one", "baseline", "  - {set: designation.min_overall, to: 10, because: a}\n"
    )
    study = load_study(path, [Override("designation.min_overall", "30", "a trial")])
    assert study.scenario.designation.min_overall == 30
    assert study.applied[-1].scenario == "command line"
    assert (study.applied[-1].old, study.applied[-1].new) == (10, 30)


def test_a_fault_in_a_command_line_value_names_the_option(root: Path) -> None:
    override = Override("designation.min_overall", "much", "a trial")
    with pytest.raises(InvalidStudyError, match=r"--set designation\.min_overall"):
        load_study(root / "scenarios" / "baseline.yaml", [override])


def test_a_fault_in_a_condition_that_an_option_set_names_the_option(root: Path) -> None:
    named = "institutions.bank.tools.loan.eligible.capital_cost_usd"
    override = Override(named, "[much]", "a trial")
    with pytest.raises(InvalidStudyError, match=rf"--set {named}, loan: "):
        load_study(root / "scenarios" / "baseline.yaml", [override])


def test_packages_of_one_group_state_the_same_of_what_bounds_it(root: Path) -> None:
    (file,) = root.rglob("packages.csv")
    file.write_text(file.read_text().replace("150000000,low", "150000000,medium"))
    grouped = Override("institutions.bank.limits.share_of_cost.per", "risk_grade", "a trial")
    told = r"share_of_cost: of risk_grade 'medium', P1 and P2 state another capital_cost_usd"
    with pytest.raises(InvalidStudyError, match=told):
        load_study(root / "scenarios" / "baseline.yaml", [grouped])
    file.write_text(file.read_text().replace("150000000,medium", "90000000,medium"))
    assert load_study(root / "scenarios" / "baseline.yaml", [grouped])


def test_a_sum_of_bounds_takes_no_share_of_amounts(root: Path) -> None:
    of = "{sum: [5, {min: [5, {share: 0.5, of: {tools: [bank.*]}}]}]}"
    override = Override("institutions.bank.limits.share_of_cost.at_most", of, "a trial")
    with pytest.raises(InvalidStudyError, match="a share of a sum of amounts stands in a sum"):
        load_study(root / "scenarios" / "baseline.yaml", [override])


AGENCIES = ("commerce", "state", "defense", "energy", "ostp")


@pytest.mark.parametrize("keys", [41, 500, 5_000])
def test_a_path_without_end_is_refused(root: Path, keys: int) -> None:
    override = Override(".".join(["a"] * keys), "1", "a trial")
    with pytest.raises(InvalidStudyError, match=f"is a path of {keys:,} keys; 40 at most") as told:
        load_study(root / "scenarios" / "baseline.yaml", [override])
    assert len(str(told.value)) < 300
    with pytest.raises(InvalidStudyError, match="unknown key 'a'"):
        load_study(root / "scenarios" / "baseline.yaml", [Override("a" + ".a" * 39, "1", "x")])


def test_a_change_that_breaks_the_sum_is_refused(root: Path) -> None:
    path = extend(
        root, "one", "baseline", "  - {set: influence.shares.trade, to: 0.5, because: a}\n"
    )
    with pytest.raises(InvalidStudyError, match=r"sum to 0\.9"):
        load_study(path)


def test_two_scenarios_of_a_chain_may_change_one_key_but_one_scenario_may_not(root: Path) -> None:
    changes = (
        "  - {set: designation.min_overall, to: 10, because: a}\n"
        "  - {set: designation.min_overall, to: 20, because: b}\n"
    )
    with pytest.raises(InvalidStudyError, match=r"one\.yaml line 6: .*overlaps"):
        load_study(extend(root, "one", "baseline", changes))


@pytest.mark.parametrize(
    ("first", "second"), [("a.b", "a.b"), ("a", "a.b.c"), ("a.b.c", "a"), ('"a"', "a.b")]
)
def test_changes_that_overlap_are_told_whichever_is_first(
    root: Path, first: str, second: str
) -> None:
    between = "  - {set: a2.b, to: 1, because: x}\n"
    changes = (f"  - {{set: '{key}', to: 1, because: x}}\n" for key in (first, second))
    with pytest.raises(InvalidStudyError) as told:
        load_study(extend(root, "one", "baseline", between.join(changes)))
    fault = rf"one\.yaml line 7: '{second}' overlaps '{first}' of \S+one\.yaml line 5\."
    assert re.search(fault, str(told.value))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("a", ("a",)),
        ("a.b.c", ("a", "b", "c")),
        ('a."b.c".d', ("a", "b.c", "d")),
        ("", None),
        ("a..b", None),
        ("a.", None),
        ('a."b', None),
    ],
)
def test_paths(text: str, path: tuple[str, ...] | None) -> None:
    assert parse_path(text) == path


def test_the_order_of_rows_changes_no_byte_of_the_study(tmp_path: Path) -> None:
    for part in ("criteria", "scenarios"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("source"))
    gone = "row,reason\nQ9,withdrawn\nQ10,late\n"
    (tmp_path / "scenarios/rounds/spring-2026/exclusions.csv").write_text(gone)
    each = [f"{a}-{n},Reviewer {n},{a}" for a in AGENCIES for n in (1, 2, 3)]
    who = "\n".join(["id,name,agency", *each, ""])
    (tmp_path / "scenarios/rounds/spring-2026/evaluators.csv").write_text(who)
    before = load_study(tmp_path / "scenarios/baseline.yaml")
    tables = [*(tmp_path / "scenarios/rounds/spring-2026").glob("*.csv")]
    assert {table.stem for table in tables} == set(TABLES)
    for table in (*tables, tmp_path / "scenarios/countries.csv"):
        with table.open(newline="") as file:
            head, *rows = csv.reader(file)
        assert len(rows) > 1, table
        with table.open("w", newline="") as file:
            csv.writer(file).writerows([head, *reversed(rows)])
    after = load_study(tmp_path / "scenarios/baseline.yaml")
    assert after.fingerprint == before.fingerprint
    assert as_json(after) == as_json(before)
    assert after.sources != before.sources


def test_a_study_survives_its_json(root: Path) -> None:
    study = load_study(root / "scenarios" / "baseline.yaml")
    again = type(study).model_validate_json(study.model_dump_json(by_alias=True))
    assert again == study
    assert again.fingerprint == study.fingerprint
