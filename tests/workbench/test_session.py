"""A session: what people do becomes entries, and the scenario follows from them alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from evaluator import evaluate, load_study
from evaluator.errors import InvalidStudyError, UsageError
from evaluator.loading.extension import stated_at
from evaluator.loading.variation import vary
from evaluator.record.ledger.redaction import redact
from evaluator.record.proof.verify import verify
from evaluator.workbench.session import Act, ConflictError, Session, Table, share, undoing
from evaluator.workbench.session.acts import choosing, chosen
from tests.workbench.conftest import ALIKE

Make = Callable[..., Act]
OF_A_BILL = {"title": "x", "bill": "S. 1", "confidence": "illustrative"}
TODAY = dt.date(2026, 7, 1)
POINTS = {
    "method": "points",
    "confidence": "illustrative",
    "judgements": {"content": 55.5, "delivery": 44.5},
}


def test_the_scenario_file_of_a_session_gives_its_study_and_its_numbers(
    table: Table, act: Make
) -> None:
    share(table, act({"influence.shares": ALIKE}))
    share(table, act({"agencies.trade.weights": POINTS, "designation.exclude.P1": {}}))
    session = table.session()
    loaded = table.load(session)
    file = table.path.with_name(f"{session.name}.yaml")
    file.write_bytes(session.scenario())
    assert load_study(file).fingerprint == loaded.fingerprint
    assert [one.set for one in loaded.applied] == [*session.values]
    quick, whole = (evaluate(one) for one in (vary(table.study, session.values), loaded))
    assert quick.ranking.equals(whole.ranking)
    assert quick.allocation.amounts.equals(whole.allocation.amounts)
    # 0.5 trade + 0.5 energy: trade 0.555 * 80 + 0.445 * 80, energy as computed by hand
    assert whole.ranking.loc["P2", "overall"] == pytest.approx((80 + 96.180339887498949) / 2)


def test_what_was_done_is_told_with_who_why_when_and_what_stood_there(
    table: Table, act: Make
) -> None:
    first = share(table, act({"influence.shares": ALIKE}, because="Alike."))
    mine = {"trade": 0.7, "energy": 0.3}
    share(table, act({"influence.shares": mine}, by="Bo", seen=first.version))
    told = table.session().steps
    assert [(step.by, step.because) for step in told] == [
        ("Ann Smith", "Alike."),
        ("Bo", "We said so."),
    ]
    stood = [step.entries[0].content["old"] for step in told]
    assert stood == [{"trade": 0.6, "energy": 0.4}, ALIKE]
    assert table.session().values == {"influence.shares": mine}
    assert table.session().at(first.version).values == {"influence.shares": ALIKE}
    assert verify(table.ledger).whole


def test_what_stands_at_a_key_is_what_a_file_tells_of_it(table: Table, act: Make) -> None:
    every = {"influence.shares": ALIKE, "agencies.trade.weights": POINTS, "allocation.must.P1": {}}
    session = table.session()
    loaded = table.load(session, session.with_act(act(every), TODAY))
    assert {one.set: one.old for one in loaded.applied} == {
        key: stated_at(table.study, key) for key in every
    }
    assert stated_at(table.study, "agencies.nobody.weights") is None


def test_the_same_act_again_changes_nothing(table: Table, act: Make) -> None:
    once = act({"influence.shares": ALIKE})
    assert share(table, once) == share(table, once)
    assert len(table.session().steps) == 1
    with pytest.raises(UsageError, match="stands for another"):
        share(table, act({"designation.include.P1": {}}, id=once.id))


def test_nobody_sets_over_what_they_have_not_seen(table: Table, act: Make) -> None:
    theirs = share(table, act({"influence.shares": ALIKE}))
    with pytest.raises(ConflictError) as told:
        share(table, act({"influence.shares": {"trade": 0.9, "energy": 0.1}}))
    assert told.value.entries == theirs.entries
    share(table, act({"agencies.trade.weights": POINTS}))  # another key: nothing to merge
    assert table.session().values == {"influence.shares": ALIKE, "agencies.trade.weights": POINTS}


def test_undone_is_as_before_and_stays_on_record(table: Table, act: Make) -> None:
    first = share(table, act({"influence.shares": ALIKE, "designation.exclude.P1": {}}))
    second = share(
        table, act({"influence.shares": {"trade": 1.0, "energy": 0.0}}, seen=first.version)
    )
    for step, left in ((second, [ALIKE]), (first, [])):
        session = table.session()
        back = {one.set: one.to for one in undoing(session, step.id)}
        share(table, act(back, seen=session.version))
        now = table.session().values
        assert [now[key] for key in now if key == "influence.shares"] == left
    assert table.session().values == {}
    assert len(table.session().steps) == 4
    assert table.load(table.session()).fingerprint != table.study.fingerprint  # its own name


def test_one_choice_a_package() -> None:
    session_sets = {"designation.include.P1": {}}
    settings = {one.set: one.to for one in choosing("P1", "must_not", session_sets)}
    assert settings == {"designation.include.P1": None, "allocation.must_not.P1": {}}
    assert chosen("P1", session_sets) == "include"
    assert choosing("P1", "include", session_sets) == ()
    assert choosing("P.1", "must", {})[0].set == 'allocation.must."P.1"'


@pytest.mark.parametrize(
    ("settings", "fields", "told"),
    [
        ({"round": "elsewhere"}, {}, "not set at the table"),
        ({"institutions.bank.tools.loan.envelope": 1}, {}, "not set at the table"),
        ({"influence": {}}, {}, "not set at the table"),
        ({"designation.include.P1": 5}, {}, "states no more"),
        ({}, {}, "nothing is changed"),
        ({"influence.shares": ALIKE}, {"because": "  "}, "no reason"),
        ({"influence.shares": ALIKE}, {"because": "x" * 501}, "over 500"),
        ({"influence.shares": ALIKE}, {"id": "short"}, "8 to 64"),
    ],
)
def test_what_nobody_may_do_is_refused(
    table: Table, act: Make, settings: dict[str, object], fields: dict[str, str], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        share(table, act(settings, **fields))
    assert table.session().steps == ()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"influence.shares": {"trade": 0.5, "energy": 0.4}}, "sum to 0.9"),
        ({"influence.shares": {"trade": float("nan"), "energy": 1}}, "finite"),
        ({"designation.include.P9": {}}, "P9"),
        ({"designation.include.P1": {}, "designation.exclude.P1": {}}, "both included"),
        ({"agencies.trade.weights": {"method": "points"}}, "confidence"),
        ({"designation.include.P1": {"because": "no", "run": "!!python"}}, "run"),
    ],
)
def test_what_no_file_may_say_is_refused_with_its_faults(
    table: Table, act: Make, settings: dict[str, object], told: str
) -> None:
    with pytest.raises(InvalidStudyError, match=told):
        share(table, act(settings))
    assert table.session().steps == ()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"influence.shares": {"trade": 0.5, "energy": 0.4}}, "sum to 0.9"),
        ({"influence.shares": {"trade": float("nan"), "energy": 1}}, "finite"),
        ({"agencies.trade.weights": {"method": "points"}}, "confidence"),
        ({"agencies.trade.weights": {**POINTS, "by": "a\x00b"}}, "character"),
        ({"agencies.trade.weights": {**POINTS, "judgements": {"content": 100}}}, "delivery"),
        ({"agencies.trade.weights": {**POINTS, "citation": OF_A_BILL}}, "S. 1"),
    ],
)
def test_what_is_set_at_the_table_is_held_to_the_rules_of_a_file(
    table: Table, act: Make, settings: dict[str, object], told: str
) -> None:
    """Without reading files; both ways name the same faults."""
    first = share(table, act({"influence.shares": ALIKE, "agencies.trade.weights": POINTS}))
    again = act(settings, seen=first.version)
    with pytest.raises(InvalidStudyError, match=told) as quick:
        share(table, again)
    with pytest.raises(InvalidStudyError, match=told) as whole:
        table.load(first_seen := table.session(), first_seen.with_act(again, TODAY))
    facts = [{one.fact for one in error.value.problems} for error in (quick, whole)]
    assert facts[0] == facts[1]
    assert len(table.session().steps) == 1


def test_a_text_stays_a_text(table: Table, act: Make) -> None:
    because = "yes: [no] {a: *b} #c\n- 'd' \"e\" <script> 2026-01-01"
    share(table, act({"designation.exclude.P1": {}}, because=because, by="0x10"))
    loaded = table.load(table.session())
    assert [(one.because, one.by) for one in loaded.applied] == [(because, "0x10")]
    assert loaded.scenario.designation.exclude["P1"].because == because


def test_a_name_that_is_redacted_is_in_no_scenario(table: Table, act: Make) -> None:
    share(table, act({"designation.exclude.P1": {}}))
    redact(table.ledger, "Ann Smith", because="Asked for.", by="Bo")
    text = table.session().scenario()
    assert b"Ann" not in text
    assert table.load(table.session()).scenario.designation.exclude["P1"].by == "redacted"


@pytest.mark.parametrize("begun", [False, True])
def test_files_that_change_below_a_session_are_noticed(
    table: Table, act: Make, begun: bool
) -> None:
    seen = share(table, act({"influence.shares": ALIKE})).version if begun else 0
    file = table.path.parent / "financing" / "bank.yaml"
    file.write_text(f"{file.read_text()}# a remark\n")
    with pytest.raises(UsageError, match="has changed since"):
        share(table, act({"influence.shares": {"trade": 1.0, "energy": 0.0}}, seen=seen))


def test_a_version_that_never_was_is_none(table: Table) -> None:
    with pytest.raises(KeyError):
        table.session().at(1)
    with pytest.raises(KeyError):
        undoing(table.session(), "nothing")
    assert isinstance(table.session(), Session)
    assert Path(table.path).is_file()
