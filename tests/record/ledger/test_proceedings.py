"""What is said of a run and decided on it."""

from __future__ import annotations

from pathlib import Path

from evaluator.record.ledger import Draft, Ledger, append, enter_run
from evaluator.record.ledger.redaction import redact
from evaluator.record.proceedings import proceedings
from evaluator.record.proof.checkpoints import checkpoint


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
