"""What is said of a run and decided on it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evaluator import Override, evaluate, load_study, write_run
from evaluator.cli import main
from evaluator.errors import InvalidEntryError, UsageError
from evaluator.record.history.runs import history
from evaluator.record.ledger import Draft, Entry, Ledger, append, enter_run, open_ledger
from evaluator.record.ledger.redaction import redact, redact_words
from evaluator.record.proceedings import (
    comment,
    concur,
    de_designate,
    determine,
    freeze,
    proceedings,
    silent,
)
from evaluator.record.proof.checkpoints import checkpoint
from evaluator.record.proof.exporting import lines
from evaluator.record.proof.verify import verify
from evaluator.record.starter import write_starter


def said(id_: str, kind: str, run: str, content: dict[str, object], **personal: str) -> Draft:
    return Draft(id_, kind, content, run, personal)


def test_the_chain_is_read_as_proceedings(ledger: Ledger, runs: tuple[Path, Path]) -> None:
    (run,) = enter_run(ledger, runs[0], by="Ann")
    checkpoint(ledger, by="Ann")
    empty = proceedings(ledger, run)
    assert (empty.entry, empty.hash, empty.digest) == (1, run.hash, run.id)
    assert (empty.frozen, empty.concurrences, empty.designated) == (None, (), ())
    first = {"agency": "state", "position": "objects"}
    made = {"agency": "commerce", "act": "designates", "packages": ["P1", "P2"]}
    gone = {"agency": "commerce", "act": "de-designates", "packages": ["P1"]}
    append(
        ledger,
        [
            said("f", "freeze", run.id, {}, by="Ann", text=""),
            said("c1", "concurrence", run.id, first, by="Bo", text="Not yet."),
            said(
                "c2", "concurrence", run.id, {**first, "position": "concurs"}, by="Bo", text="Ok."
            ),
            said("d1", "determination", run.id, made, by="Cy", text="These two."),
            said("n", "comment", run.id, {"on": "P1"}, by="Di", text="Late."),
            said("d2", "determination", run.id, gone, by="Cy", text="", because="Withdrawn."),
            said("x", "comment", "another", {"on": ""}, by="Di", text="Elsewhere."),
        ],
    )
    assert proceedings(ledger, run).checkpoint is None  # the one there is was made before
    line = checkpoint(ledger, by="Ann").line
    checkpoint(ledger, by="Ann")
    redact(ledger, "Bo", because="Asked for.")
    found = proceedings(ledger, run)
    assert found.checkpoint == line
    assert found.frozen is not None
    assert (found.frozen.by, found.frozen.note) == ("Ann", "")
    assert [one.position for one in found.concurrences] == ["objects", "concurs"]
    assert {one.by for one in found.concurrences} == {None}
    assert found.positions["state"].text == "Ok."
    assert found.silent(["state", "defense"]) == ("defense",)
    assert found.determination is not None
    assert found.determination.packages == ("P1", "P2")
    assert found.determinations[1].because == "Withdrawn."
    assert found.designated == ("P2",)
    assert [(one.about, one.text) for one in found.comments] == [("P1", "Late.")]


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the starter study: `trade` decides, `security` is consulted; P1 to P3 are in."""
    folder = tmp_path_factory.mktemp("starter")
    few = Override("uncertainty.draws", "0", "a trial")
    study = load_study(write_starter(folder / "mine"), [few])
    return write_run(evaluate(study), folder)


@pytest.fixture
def run(ledger: Ledger, starter: Path) -> Entry:
    """That run on record."""
    return enter_run(ledger, starter, by="Ann")[0]


Act = Callable[[Ledger], Entry]


def faults(act: Act, ledger: Ledger) -> list[tuple[str, str]]:
    """Return what is wrong with an act, by place and fact, and see that nothing was entered."""
    before = len(list(lines(ledger)))
    with pytest.raises(InvalidEntryError) as caught:
        act(ledger)
    assert len(list(lines(ledger))) == before
    return [(one.where, one.fact) for one in caught.value.problems]


def test_a_run_is_frozen_spoken_on_and_determined(ledger: Ledger, run: Entry) -> None:
    assert freeze(ledger, "1", note="For Monday.", by="Ann").number == 2
    assert silent(ledger, run) == ("Security agency",)
    concur(ledger, "1", "security", "objects", "Not before the vote.", by="Bo")
    concur(ledger, "1", "security", "concerns", "Less so.", by="Bo")
    assert silent(ledger, run) == ()
    comment(ledger, "1", "The letter is missing.", on="P1", by="Di")
    made = determine(ledger, "1", "These.", by="Cy")
    de_designate(ledger, "1", ["P1", "P3"], "Withdrawn.", by="Cy")
    found = proceedings(ledger, run)
    assert [one.position for one in found.concurrences] == ["objects", "concerns"]
    assert found.positions["security"].text == "Less so."
    assert found.determination is not None
    assert (found.determination.agency, found.determination.number) == ("trade", made.number)
    assert found.determination.packages == ("P2", "P1", "P3")  # in the order of ranks
    assert found.designated == ("P2",)
    assert [one.kind for one in history(ledger, "P1").said] == [
        "comment", "determination", "determination"
    ]  # fmt: skip
    assert [one.number for one in history(ledger, "P2").said] == [made.number]
    assert verify(ledger, [checkpoint(ledger)], runs=False).faults == ()


def test_every_rule_that_an_act_breaks_is_told_at_once(ledger: Ledger, run: Entry) -> None:
    name = f"run {run.content['run']}"
    frozen, silent_ = (name, "is not frozen."), ("text", "says nothing.")
    assert faults(lambda to: determine(to, "1", " ", agency="security"), ledger) == [
        frozen, ("agency", "Security agency is consulted."), silent_
    ]  # fmt: skip
    assert faults(lambda to: concur(to, "1", "trade", "maybe", "\u200b"), ledger) == [  # type: ignore[arg-type]
        frozen,
        ("agency", "Trade agency decides."),
        ("position", "'maybe' is no position."),
        silent_,
    ]
    assert faults(lambda to: concur(to, "1", "navy", "concurs", "x\u202ey"), ledger)[1:] == [
        ("agency", "'navy' is no agency of this run."),
        ("text", "holds the mark of direction U+202E RIGHT-TO-LEFT OVERRIDE at letter 2."),
    ]
    assert faults(lambda to: comment(to, "1", "x" * 20_001, on="P9", by="y" * 201), ledger) == [
        ("on", "'P9' is no package, agency, criterion or tool of this run."),
        ("by", "has 201 letters."),
        ("text", "has 20,001 letters."),
    ]
    assert faults(lambda to: de_designate(to, "1", ["P1"], ""), ledger) == [
        (name, "has no determination."), ("because", "says nothing.")
    ]  # fmt: skip
    freeze(ledger, "1", by="Ann")
    assert faults(lambda to: freeze(to, "1", by="Bo"), ledger) == [
        (name, "is frozen already, by entry 2.")
    ]
    determine(ledger, "1", "These.", by="Cy")
    again = (name, "has its determination, entry 3.")
    assert faults(lambda to: determine(to, "1", "Others."), ledger) == [again]
    de_designate(ledger, "1", ["P1"], "Withdrawn.", by="Cy")
    assert faults(lambda to: de_designate(to, "1", ["P1", "P9", "P2"], "Again."), ledger) == [
        ("packages", "'P1' is de-designated already."),
        ("packages", "'P9' was not designated on this run."),
    ]
    with pytest.raises(UsageError, match="no run on record is called '7'"):
        freeze(ledger, "7")


def test_a_repeat_of_an_act_gets_the_first_answer(ledger: Ledger, run: Entry) -> None:
    freeze(ledger, "1", by="Ann")
    acts: list[Act] = [
        lambda to: freeze(to, "1", by="Ann"),
        lambda to: comment(to, "1", "Late.", by="Di"),
        lambda to: concur(to, "1", "security", "concurs", "Fine.", by="Bo"),
        lambda to: determine(to, "1", "These.", by="Cy"),
        lambda to: de_designate(to, "1", ["P1"], "Withdrawn.", by="Cy"),
        lambda to: comment(to, "1", "Late again.", by="Di", id_="mine"),
    ]
    first = [act(ledger) for act in acts]
    assert [act(ledger) for act in acts] == first
    with pytest.raises(UsageError, match="'mine' stands for another entry"):
        comment(ledger, "1", "Something else.", by="Di", id_="mine")
    # an agency that returns to what it said first says something new
    concur(ledger, "1", "security", "objects", "No longer.", by="Bo")
    back = concur(ledger, "1", "security", "concurs", "Fine.", by="Bo")
    assert back.number == first[-1].number + 2
    # words that were taken out are no longer known to be the same
    redact_words(ledger, back.number, because="Asked for.", by="Cy")
    assert concur(ledger, "1", "security", "concurs", "Fine.", by="Bo").number == back.number + 2


def test_words_are_taken_out_and_the_chain_holds(
    ledger: Ledger, run: Entry, tmp_path: Path
) -> None:
    freeze(ledger, "1", by="Ann")
    said = concur(ledger, "1", "security", "objects", "Bo Li thinks of zanzibar.", by="Bo Li")
    kept = checkpoint(ledger, by="Ann")
    assert redact(ledger, "Bo Li", because="Asked for.").words == (said.number,)
    with pytest.raises(UsageError, match="no entry says 'Bo Li thinks"):
        redact(ledger, "Bo Li thinks of zanzibar.", because="words are no name")
    done = redact_words(ledger, said.number, because="Asked for.", by="Cy")
    assert done.entry.content["fields"] == [[said.number, "text"]]
    (found,) = proceedings(ledger, run).concurrences
    assert (found.position, found.by, found.text) == ("objects", None, None)
    assert verify(ledger, [kept], runs=False).faults == ()
    assert not any("zanzibar" in line for line in lines(ledger))
    if ledger.file is not None:
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("record.db*"))
        assert b"zanzibar" not in stored
    for number in (run.number, said.number):
        with pytest.raises(UsageError, match="holds no words of a person"):
            redact_words(ledger, number, because="again")


def test_who_decides_is_read_from_the_study(ledger: Ledger, starter: Path, tmp_path: Path) -> None:
    enter_run(ledger, starter)
    roles = {"trade": "consulted"}, {"trade": "decides", "security": "decides"}
    for number, told in enumerate(roles, start=1):
        few = Override("uncertainty.draws", "0", "a trial")
        changes = [Override(f"agencies.{a}.role", role, "x") for a, role in told.items()]
        study = load_study(write_starter(tmp_path / f"s{number}"), [few, *changes])
        enter_run(ledger, write_run(evaluate(study), tmp_path, f"r{number}"))
        freeze(ledger, f"r{number}", by="Ann")
    assert faults(lambda to: determine(to, "r1", "These."), ledger) == [
        ("agency", "no agency of this run decides.")
    ]
    assert faults(lambda to: determine(to, "r2", "These."), ledger) == [
        ("agency", "2 agencies decide.")
    ]
    assert determine(ledger, "r2", "These.", agency="security").content["agency"] == "security"


@pytest.fixture
def on_record(starter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A record beside which one stands."""
    for name in ("EVALUATOR_RECORD", "EVALUATOR_BY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    ledger = open_ledger("record.db", make=True)
    enter_run(ledger, starter, by="Ann")
    ledger.close()
    return tmp_path / "record.db"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["record", *arguments], catch_exceptions=False)


def words(*arguments: str) -> str:
    done = call(*arguments)
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def test_acts_are_entered_and_told_by_commands(on_record: Path) -> None:
    assert "Silent Security agency" in words("freeze", "latest", "--by", "Ann")
    bo = ("--agency", "security", "--by", "Bo")
    words("concur", "1", "--position", "objects", "--text", "Not yet.", *bo)
    told = words("concur", "1", "--position", "concerns", "--text", "Less\nso.", *bo)
    assert "Security agency has concerns" in told
    assert "Silent" not in told
    words("comment", "1", "--on", "P1", "--text", "Late.", "--by", "Di")
    determined = words("determine", "1", "--text", "These.", "--by", "Cy", "--id", "d1")
    assert "Trade agency determines: 3 packages selected" in determined
    words("de-designate", "1", "P1", "P3", "--because", "Withdrawn.", "--by", "Cy")
    shown = words("show", "1")
    for told in (
        "Security agency objects (superseded by entry 4) Not yet.",
        "Trade agency determines: P1, P3 no longer selected Withdrawn.",
        "Now 1 package selected: P2",
    ):
        assert told in shown
    assert "Security agency has concerns: Less so. (Bo)" in words("list")
    assert "comment on P1 Late." in words("history", "P1")
    data: dict[str, Any] = json.loads(call("show", "1", "--json").stdout)
    assert (data["silent"], data["designated"]) == ([], ["P2"])
    assert [one["kind"] for one in data["entry"]["entries"]][-1] == "determination"
    again = json.loads(
        call("determine", "1", "--text", "These.", "--by", "Cy", "--id", "d1", "--json").stdout
    )
    assert again["entry"]["number"] == 6
    words("redact", "--entry", "3", "--because", "Asked for.")
    assert "words redacted" in words("show", "1")
    refused = call("concur", "1", "--agency", "trade", "--position", "concurs", "--text", " ")
    assert refused.exit_code == 4
    assert "2 faults" in refused.stderr
    for wrong in (("redact", "--because", "x"), ("redact", "Bo", "--entry", "3", "--because", "x")):
        assert call(*wrong).exit_code == 2


def test_lists_are_told_in_the_words_of_the_study(on_record: Path, runs: tuple[Path, Path]) -> None:
    assert "Selected" in words("list")
    assert "$" in words("history", "P1")
    ledger = open_ledger(on_record)
    enter_run(ledger, runs[0], by="Ann")  # of a study with other words
    ledger.close()
    assert "Selected" not in words("list")
    assert "$" not in words("history", "P1")
