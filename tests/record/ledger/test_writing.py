"""Entries: many writers, retries, what the database refuses."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from evaluator import Override, evaluate, load_study, write_run
from evaluator.errors import UsageError
from evaluator.record.ledger import Draft, Ledger, append, enter_run, open_ledger
from evaluator.record.ledger.contents import cut, load, packed
from evaluator.record.ledger.entries import canonical, commitment, digest
from evaluator.record.ledger.schema import ENTRIES, STANDINGS, START
from evaluator.record.ledger.writing import read
from tests.conftest import BASELINE

WRITER = """
import sys
from evaluator.record.ledger import Draft, append, open_ledger
ledger = open_ledger(sys.argv[1])
for number in range(int(sys.argv[3])):
    note = Draft(f"{sys.argv[2]}.{number}", "note", {"text": f"{number}"}, personal={"by": "Ann"})
    append(ledger, [note])
    print(number, flush=True)
"""


def note(id_: str, text: str = "a word", **personal: str) -> Draft:
    return Draft(id_, "note", {"text": text}, personal=personal)


def chained(ledger: Ledger) -> int:
    """Return how many entries there are, every one of them held to the one before."""
    with ledger.reading() as connection:
        rows = connection.execute(ENTRIES.select().order_by(ENTRIES.c.number)).mappings().all()
    previous = START
    for number, row in enumerate(rows, start=1):
        assert row["number"] == number
        assert row["previous"] == previous
        assert row["hash"] == digest(dict(row))
        previous = row["hash"]
    return len(rows)


@pytest.mark.slow
def test_ten_processes_write_twenty_entries_each(ledger: Ledger, place: str) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, place, f"w{one}", "20"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for one in range(10)
    ]
    told = [one.communicate(timeout=240) for one in writers]
    assert [one.returncode for one in writers] == [0] * 10, told
    assert chained(ledger) == 200
    with ledger.reading() as connection:
        ids = {entry.id for entry in read(connection)}
    assert ids == {f"w{one}.{number}" for one in range(10) for number in range(20)}


def test_an_entry_says_what_was_drafted(ledger: Ledger) -> None:
    (made,) = append(ledger, [note("n", "straight “quoted” ‮ text \n\0", by="Ann Ψ")])
    with ledger.reading() as connection:
        (found,) = read(connection)
        salt = connection.execute(text("SELECT salt FROM personal")).scalar_one()
    assert found == made
    assert (found.number, found.kind, found.by) == (1, "note", "Ann Ψ")
    assert found.content["text"] == "straight “quoted” ‮ text \n\0"
    assert found.content["personal"] == {"by": commitment(salt, "Ann Ψ")}
    assert "Ann" not in canonical(found.content)


def test_a_repeat_gets_the_first_answer(ledger: Ledger) -> None:
    (first,) = append(ledger, [note("n", by="Ann")])
    (again,) = append(ledger, [note("n", by="Ann")])
    assert again == first
    assert chained(ledger) == 1
    with pytest.raises(UsageError, match="stands for another entry, number 1"):
        append(ledger, [note("other"), note("n", "another word", by="Ann")])
    assert chained(ledger) == 1  # all or none


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (note("no id"), "is no id of an entry"),
        (Draft("n", "gossip", {}), "is no kind of entry"),
        (Draft("n", "note", {}), "a note states no text"),
        (Draft("n", "note", {"text": "x", "personal": {}}), "kept for commitments"),
        (Draft("n", "note", {"text": float("nan")}), "is no JSON"),
        (Draft("n", "note", {"text": "\ud800"}), "is no JSON"),
        (Draft("n", "note", {"text": "x"}, "a\0b"), "zero byte"),
        (note("n", By="Ann"), "is no personal field"),
    ],
)
def test_what_no_record_takes(ledger: Ledger, draft: Draft, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        append(ledger, [draft])
    assert chained(ledger) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET kind = 'run'",
        "DELETE FROM entries",
        "UPDATE entries SET number = 3 WHERE number = 2",
        "INSERT INTO entries SELECT 9, 'x', kind, at, about, content, previous, hash FROM entries "
        "WHERE number = 1",
        "UPDATE personal SET value = 'Bob'",
        "DELETE FROM personal",
        "UPDATE pieces SET data = data",
        "DELETE FROM contents",
        "UPDATE standings SET rank = 1",
    ],
)
def test_the_database_itself_refuses_changes(
    ledger: Ledger, statement: str, runs: tuple[Path, Path]
) -> None:
    enter_run(ledger, runs[0], by="Ann", note="one")
    with pytest.raises(DBAPIError), ledger.engine.begin() as connection:
        connection.execute(text(statement))
    assert chained(ledger) == 2


def test_a_run_is_entered_with_what_changed_since_the_one_before(
    ledger: Ledger, runs: tuple[Path, Path]
) -> None:
    first = enter_run(ledger, runs[0], by="Ann")
    second = enter_run(ledger, runs[1], by="Bob", note="stricter")
    assert [entry.kind for entry in first] == ["run"]
    assert [entry.kind for entry in second] == ["change", "run", "note"]
    change, run, said = second
    assert {key: change.content[key] for key in ("set", "old", "to", "because")} == {
        "set": "designation.min_overall", "old": 50, "to": 60, "because": "a stricter floor"
    }  # fmt: skip
    assert change.about == said.about == run.id
    assert run.content["before"] == first[-1].id
    assert enter_run(ledger, runs[1], by="Bob", note="stricter")[0].number == run.number
    assert chained(ledger) == 4
    manifest = json.loads((runs[1] / "manifest.json").read_bytes())
    with ledger.reading() as connection:
        kept = load(connection, [manifest["files"]["study.json"]])
        rows = connection.execute(
            STANDINGS.select().where(STANDINGS.c.run == run.number)
        ).mappings()
        found = {row["package"]: (row["rank"], row["priority"], row["amount_usd"]) for row in rows}
    assert list(kept.values()) == [(runs[1] / "study.json").read_bytes()]
    table = (runs[1] / "allocation.csv").read_text().splitlines()
    assert set(found) == {"P1", "P2", "P3"}
    assert sum(amount or 0 for _, _, amount in found.values()) == sum(
        int(float(line.split(",")[4])) for line in table[1:]
    )


@pytest.mark.slow
def test_a_second_run_of_a_round_costs_little_room(tmp_path: Path) -> None:
    few = Override("uncertainty.draws", "0", "a trial")
    higher = Override("designation.min_overall", "40", "a trial")
    ledger, rooms = open_ledger(tmp_path / "record.db", make=True), []
    for changes in ([few], [few, higher]):
        enter_run(ledger, write_run(evaluate(load_study(BASELINE, changes)), tmp_path / "runs"))
        with ledger.reading() as connection:
            asked = text("SELECT sum(length(data)) FROM pieces")
            rooms.append(int(connection.execute(asked).scalar_one()))
    ledger.close()
    assert rooms[1] < 1.3 * rooms[0]


def test_pieces_are_the_whole_and_stay_where_a_line_changes() -> None:
    dice = random.Random(1)
    lines = [f"line {dice.random()} of a file\n".encode() for _ in range(40_000)]
    data = b"".join(lines)
    assert b"".join(cut(data)) == data
    assert b"".join(cut(b"x" * 300_000)) == b"x" * 300_000
    assert list(cut(b"")) == []
    lines[20_000] = b"another line, longer than the one that stood here before\n"
    before, after = (set(packed(one).pieces) for one in (data, b"".join(lines)))
    assert len(before) > 5
    assert len(after - before) <= 2
