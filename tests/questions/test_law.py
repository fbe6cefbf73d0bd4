"""The law by date: which values stand on which day, and the dollars that move when they change."""

from __future__ import annotations

import datetime as dt
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from evaluator import Override, evaluate, load_study
from evaluator.allocation.model.findings import HeldAtZero, Stated
from evaluator.cli import main
from evaluator.errors import UsageError
from evaluator.model.financing import Limit
from evaluator.model.requirement import Requirement
from evaluator.model.study import Study
from evaluator.questions.dated.findings import FactsDiffer, Standing, ToldOfLimit, ValueUntold
from evaluator.questions.dated.law import Law, law
from evaluator.questions.dated.values import as_on, differing, on_day
from evaluator.record.runs.tables import read_csv
from evaluator.results.schema import TABLES
from tests.conftest import BASELINE

HAND = Path(__file__).parents[1] / "cases" / "hand" / "scenarios" / "baseline.yaml"
MADE = "{title: Made for this case, confidence: illustrative}"
HEARD = "{title: Heard of, confidence: unverified}"
AUTHORITY = f"{{lapses_on: 2026-12-31, citation: {MADE}}}"
CAP = f"""
- id: cap
  label: Most equity of one group
  unit: USD
  values:
    - {{from: 2020-01-01, value: 25_000_000, citation: {HEARD}}}
    - {{from: 2026-10-01, value: 30_000_000, citation: {MADE}}}
"""
DATED = (
    ("institutions.bank.authority", AUTHORITY),
    ("institutions.bank.parameters", CAP),
    ("institutions.bank.limits.group_equity.at_most", "bank.cap"),
)
M = 1_000_000
DAY = dt.date(2026, 7, 1)
LAPSE = "institutions.exim.authority.lapses_on"


def study(path: Path, *changes: tuple[str, str]) -> Study:
    return load_study(path, [Override(key, to, "a trial") for key, to in changes])


def row(table: pd.DataFrame, kind: str, name: str, day: str = "") -> dict[str, Any]:
    found = table[(table["kind"] == kind) & (table["id"] == name)]
    found = found[found["day"] == day] if day else found
    (only,) = found.to_dict("records")
    return {str(key): value for key, value in only.items()}


@pytest.fixture(scope="module")
def hand() -> Law:
    return law(study(HAND, *DATED), dt.date(2027, 1, 1))


def test_the_days_of_a_value(hand: Law) -> None:
    values = hand.values[hand.values["id"] == "bank.cap"]
    assert values["from"].tolist() == ["2020-01-01", "2026-10-01"]
    assert values["until"].tolist() == ["2026-09-30", ""]
    assert values["standing"].tolist() == ["in force", "ahead"]
    # from 1 July: 30 days to the end of the month, 31 and 30 of August and September
    assert values["days_left"].tolist()[0] == 30 + 31 + 30
    assert values["next_day"].tolist() == ["2026-10-01", ""]
    told = row(hand.values, "authority", "bank")
    assert (told["days_left"], told["next"]) == (183, (Standing(False),))
    called = row(law(study(BASELINE), horizon=0, look_back=0).values, "call", "call")
    assert (called["from"], called["until"]) == ("2026-04-01", "2026-06-30")
    assert (called["standing"], called["next"]) == ("past", ())


def test_what_moves_with_a_value(hand: Law) -> None:
    # As the hand case has it loans are 100 and equity 25, of which P2 gets 10; with a cap of 30
    # the envelope of 30 binds, of which P3 has 15: P2 gets 15, 5 more, and asks 20.
    one = row(hand.changes, "parameter", "bank.cap")
    assert (one["day"], one["days"]) == ("2026-10-01", 92)
    assert [one[k] for k in ("old_usd", "new_usd", "moved_usd")] == [125 * M, 130 * M, 5 * M]
    assert (one["gained"], one["lost"], one["entered"], one["left"]) == (("P2",), (), (), ())
    assert (one["net.bank.equity"], one["net.bank.loan"]) == (5 * M, 0)


def test_what_goes_with_an_authority(hand: Law) -> None:
    one = row(hand.changes, "authority", "bank")
    assert (one["day"], one["days"]) == ("2027-01-01", 184)
    assert (one["old"], one["new"]) == ((Standing(True),), (Standing(False),))
    assert [one[k] for k in ("old_usd", "new_usd", "moved_usd")] == [125 * M, 0, 125 * M]
    assert one["left"] == ("P1", "P2", "P3")
    assert (one["net.bank.equity"], one["net.bank.loan"]) == (-25 * M, -100 * M)


def test_between_two_days(hand: Law) -> None:
    assert hand.between is not None
    table = hand.between.table
    assert table["kind"].tolist() == ["parameter", "authority", "together"]
    assert table["moved_usd"].tolist() == [5 * M, 125 * M, 125 * M]
    assert [one.study.as_of.isoformat() for one in (hand.between.first, hand.between.second)] == [
        "2026-07-01",
        "2027-01-01",
    ]


def test_what_rests_on_a_value_from_memory(hand: Law) -> None:
    weak = hand.weak[hand.weak["confidence"] == "unverified"].to_dict("records")
    # P2 and P3 have 10 and 15 of the group's 25
    (one,) = weak
    assert (one["id"], one["rests"], one["subject"]) == ("bank.cap", "limit", "bank.group_equity")
    assert (one["binds"], one["groups"], one["usd"]) == (True, 1, 25 * M)
    envelopes = hand.weak[hand.weak["kind"] == "envelope"].set_index("id")
    assert envelopes["binds"].to_dict() == {"bank.loan": True, "bank.equity": False}


@pytest.mark.parametrize(("horizon", "found"), [(91, 0), (92, 1), (183, 1), (184, 2)])
def test_the_horizon_is_within(horizon: int, found: int) -> None:
    assert len(law(study(HAND, *DATED), horizon=horizon).changes) == found


def test_how_far_back_is_looked() -> None:
    later = study(HAND, *DATED, ("as_of", "2026-10-02"))
    back = {days: law(later, horizon=0, look_back=days).changes for days in (0, 1)}
    assert [len(one) for one in back.values()] == [0, 1]
    # what changed is told from the old to the new as well
    one = row(back[1], "parameter", "bank.cap")
    assert (one["days"], one["old_usd"], one["new_usd"]) == (-1, 125 * M, 130 * M)


def test_one_that_cannot_be_solved_again_costs_itself_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(one: Study, **options: Any) -> Any:
        if one.institutions[0].authority and one.institutions[0].authority.lapses_on < DAY:
            raise ValueError("odd")
        return evaluate(one, **options)

    monkeypatch.setattr(import_module("evaluator.questions.dated.law"), "evaluate", failing)
    found = law(study(HAND, *DATED)).changes
    one = row(found, "authority", "bank")
    assert one["note"] == (ValueUntold("ValueError", "odd"),)
    assert pd.isna(one["moved_usd"])
    assert row(found, "parameter", "bank.cap")["moved_usd"] == 5 * M


def test_a_requirement_that_begins_lets_packages_go() -> None:
    asked = study(HAND, *DATED)
    check = {"attribute": {"id": "capital_cost_usd", "at_least": 10**15}}
    late = Requirement.model_validate_json(
        json.dumps(
            {"id": "late", "label": "Late", "check": check, "from": "2026-08-01"}
            | {"citation": {"title": "T", "confidence": "press"}}
        )
    )
    found = law(asked.model_copy(update={"requirements": (late,)}), horizon=31)
    one = row(found.changes, "requirement", "late")
    assert (one["days"], one["old"], one["new"]) == (31, (Standing(False),), (Standing(True),))
    assert (one["moved_usd"], one["left"]) == (125 * M, ("P1", "P2", "P3"))


def test_a_day_before_the_first_value_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no study as of 2019-12-31.*bank.cap from 2020-01-01"):
        law(study(HAND, *DATED), dt.date(2019, 12, 31))
    with pytest.raises(UsageError, match="40,000 days"):
        law(study(HAND, *DATED), horizon=40_000)


def test_the_command(tmp_path: Path) -> None:
    asked = [part for key, to in DATED for part in ("--set", f"{key}={to}")]
    page, tables = tmp_path / "law.html", tmp_path / "tables"
    asked += ["--because", "a trial", "--as-of", "2027-01-01", "--quiet"]
    asked += ["--html", str(page), "--tables", str(tables)]
    told = CliRunner().invoke(main, ["law", str(HAND), *asked])
    assert told.exit_code == 0, told.output
    text = " ".join(told.output.split())
    lapsed = "The authority of Bank lapsed on 2026-12-31: its tools are switched off"
    assert f"{lapsed}; $130.0 million move, proposed in all $130.0 million before and $0" in text
    assert "From 2026-07-01 to 2027-01-01: $125.0 million move" in text
    html = page.read_text()
    assert "Between 2026-07-01 and 2027-01-01" in html
    assert lapsed in html
    for name in ("law", "law_changes", "law_difference", "law_confidence"):
        assert not read_csv(TABLES[name], (tables / f"{name}.csv").read_bytes()).empty
    data = json.loads(CliRunner().invoke(main, ["law", str(HAND), *asked, "--json"]).stdout)
    assert data["between"] == ["2026-07-01", "2027-01-01"]
    assert data["law_difference"][-1]["moved_usd"] == 125 * M


@pytest.mark.parametrize("day", ["2027-02-30", "soon"])
def test_a_day_that_is_none(day: str) -> None:
    told = CliRunner().invoke(main, ["law", str(HAND), "--as-of", day])
    assert (told.exit_code, day in told.output) == (2, True)


def usd(one: Any, institution: str) -> int:
    amounts = one.allocation.amounts
    return int(amounts.filter(regex=rf"^{institution}\.").to_numpy().sum())


def nets(one: dict[str, Any], institution: str) -> int:
    return sum(int(v) for k, v in one.items() if k.startswith(f"net.{institution}."))


@pytest.mark.slow
def test_the_baseline_on_its_day() -> None:
    found = law(study(BASELINE), look_back=0)
    # 15 July to 31 December: 16 + 31 + 30 + 31 + 30 + 31 days
    assert row(found.values, "authority", "exim")["days_left"] == 169
    day = found.changes[found.changes["day"] == "2027-01-01"]
    assert list(zip(day["kind"], day["id"], strict=True)) == [
        ("authority", "exim"),
        ("parameter", "exim.content_threshold"),
        ("limit", "exim.transformational_goal"),
        ("together", "3"),
    ]
    lapse = row(found.changes, "authority", "exim")
    assert usd(found.evaluation, "exim") > 9_000 * M
    assert nets(lapse, "exim") == -usd(found.evaluation, "exim")
    # by fiscal year: of two thresholds and of what EXIM was apportioned, and two classes of DFC
    october = found.changes[found.changes["day"] == "2026-10-01"]
    assert set(october["id"]) == {
        *("dfc.graduation_threshold", "dfc.high_income_threshold", "exim.year_authority"),
        *("dfc_class", "dfc_wealthy", "5"),
    }
    (note,) = row(october, "column", "dfc_class")["note"]
    assert note == FactsDiffer("dfc_class", ("ARG", "ARM", "GAB", "PER", "TUR"))


@pytest.mark.slow
def test_the_baseline_two_weeks_before_an_authority_ends() -> None:
    found = law(study(BASELINE, ("as_of", "2026-12-15")), look_back=80)
    assert row(found.values, "authority", "exim")["days_left"] == 16
    # 1 October to 15 December: 30 + 30 + 15 days
    assert set(found.changes[found.changes["days"] < 0]["days"]) == {-75}
    # the statute states an exposure cap for fiscal years to 2027: without one nothing is given
    cap = row(found.changes, "parameter", "exim.exposure_cap")
    assert (cap["day"], cap["days"]) == ("2027-10-01", 290)
    assert nets(cap, "exim") == -usd(found.evaluation, "exim")
    (note,) = cap["note"]
    assert isinstance(note, ToldOfLimit)
    assert note.limit == "exim.exposure"
    assert isinstance(note.told, HeldAtZero)


@pytest.mark.slow
def test_the_baseline_once_an_authority_has_ended() -> None:
    day = dt.date(2026, 7, 15)
    found = law(study(BASELINE, ("as_of", "2027-01-02")), day, look_back=1, horizon=0)
    assert usd(found.evaluation, "exim") == 0
    assert found.between is not None
    both = row(found.between.table, "together", "8")
    assert nets(both, "exim") == -usd(found.between.first, "exim") < -9_000 * M
    assert both["new_usd"] == int(found.evaluation.allocation.amounts.to_numpy().sum())
    assert row(found.changes, "authority", "exim")["days"] == -1
    assert row(found.changes, "limit", "exim.transformational_goal")["new"] == (Standing(False),)
    goal = found.values[found.values["id"] == "exim.transformational_goal"]
    assert goal["standing"].tolist() == ["past"]


@pytest.mark.slow
@pytest.mark.parametrize("extended", [False, True])
def test_the_baseline_once_its_cap_is_not_stated(extended: bool) -> None:
    changes = [(LAPSE, "2036-12-31")] if extended else []
    found = law(study(BASELINE, ("as_of", "2027-10-02"), *changes), look_back=1, horizon=0)
    # with or without an authority: an unknown cap holds all that comes under it at 0
    assert usd(found.evaluation, "exim") == 0
    cap = row(found.changes, "parameter", "exim.exposure_cap")
    assert cap["days"] == -1
    assert (cap["moved_usd"] > 0) == extended
    (note,) = cap["note"]
    missing = "The statute states an amount for the fiscal years to 2027 only."
    told = HeldAtZero("exim.exposure", Stated("exim.exposure_cap", missing=missing))
    assert note == ToldOfLimit("exim.exposure", told)


@pytest.mark.slow
@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(st.dates(dt.date(2025, 1, 1), dt.date(2028, 12, 31)))
def test_any_day_of_four_years(day: dt.date) -> None:
    base = study(BASELINE)
    there = law(on_day(base, day), horizon=0, look_back=0).evaluation
    # the study in which each value is as on that day is the study as of that day
    swapped = evaluate(as_on(base, differing(base, base.as_of, day), day), only="allocation")
    pd.testing.assert_frame_equal(swapped.allocation.amounts, there.allocation.amounts)


def test_every_dated_thing_of_a_study_is_told() -> None:
    # whoever dates another part of a study adds it to `stated` and to this list
    from evaluator.model.base import Frozen, Lasting

    def kinds(one: type) -> set[type]:
        return {one}.union(*(kinds(below) for below in one.__subclasses__()))

    dated = {
        one.__name__ for one in kinds(Frozen) if {"from_", "lapses_on"} & one.model_fields.keys()
    }
    told = {"Appropriation", "Authority", "Calendar", "Dated", "DatedColumn", "Limit"}
    told |= {"Requirement"}
    # a part of a calendar; what some are; a scale that goes from a number to another
    assert dated - told == {"Adjournment", "Lasting", "Numbers"}
    assert issubclass(Limit, Lasting)
