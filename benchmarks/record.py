"""A record of 10,000 runs: how long list, history and diff take, and what entering a run costs.

Two runs of the spring round are entered as they are, at both ends; those between repeat them with
ids, changes and standings of their own. The record stands on SQLite, and on a PostgreSQL beside it
where Debian's programs are installed.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from evaluator import Override, evaluate, load_study, write_run
from evaluator.questions import ask
from evaluator.record.history.runs import diff, history, listed
from evaluator.record.ledger import Ledger, enter_run, open_ledger
from evaluator.record.ledger.entries import PERSONAL, Draft
from evaluator.record.ledger.schema import ENTRIES, STANDINGS
from evaluator.record.ledger.seals import AT_CLOSE, LARGEST, seal
from evaluator.record.ledger.standings import enter
from evaluator.record.ledger.writing import add, read
from tests.server import programs, running

SCENARIO = Path(__file__).parent.parent / "scenarios" / "baseline.yaml"
RUNS = 10_000
ROUNDS = 7
_AT_A_TIME = 500


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ran, runs = [], []
        study = load_study(SCENARIO)
        higher = Override("designation.min_overall", "40", "a trial")
        for each in (study, load_study(SCENARIO, [higher])):
            began = time.process_time()
            runs.append(write_run(ask(evaluate(each)), folder / "runs"))
            ran.append(time.process_time() - began)
        print(f"a run             {500 * sum(ran):8.0f} ms of processor time")
        package = study.packages[0].id
        measured("SQLite", folder / "record.db", runs, package, sum(ran))
        size = (folder / "record.db").stat().st_size
        print(f"its file          {size / 1e6:8.0f} MB")
        if (home := programs()) is not None:
            with running(home) as server:
                measured("PostgreSQL", server.database(), runs, package, sum(ran))


def measured(base: str, place: str | Path, runs: Sequence[Path], package: str, ran: float) -> None:
    """Make a record of so many runs, and print what it takes."""
    print(base)
    ledger = open_ledger(place, make=True)
    entered = []
    for run in runs:
        began = time.process_time()
        entries = enter_run(ledger, run, by="somebody")
        ledger.seal(AT_CLOSE)  # as where a command ends
        entered.append(time.process_time() - began)
    print(f"a run entered     {1000 * entered[-1]:8.0f} ms of processor time")
    print(f"of the run        {100 * sum(entered) / ran:8.1f} %")
    repeat(ledger, entries[-1].id, RUNS - 2)
    file = ledger.file
    if file is not None:
        took = seconds(lambda: seal(file, LARGEST))[1]
        print(f"its file sealed   {1000 * took:8.0f} ms of processor time, by a checkpoint alone")
    newest, _, total = listed(ledger, 1)
    print(f"runs on record    {total:8,}")
    last = str(newest[0].number)
    for told, call in (
        ("list", lambda: listed(ledger, 20)),
        ("history", lambda: history(ledger, package, 50)),
        ("diff", lambda: diff(ledger, "1", last)),
    ):
        wall, own = seconds(call)
        print(f"{told:18}{1000 * wall:8.0f} ms, {1000 * own:.0f} of them its own, of {ROUNDS}")
    ledger.close()


def seconds(call: Callable[[], object]) -> tuple[float, float]:
    """Return how long a call takes, and how much of it is processor time of this process."""
    took = []
    for _ in range(ROUNDS):
        began, own = time.perf_counter(), time.process_time()
        call()
        took.append((time.perf_counter() - began, time.process_time() - own))
    return median(wall for wall, _ in took), median(own for _, own in took)


def repeat(ledger: Ledger, id_: str, count: int) -> None:
    """Enter a run that is there again and again, each with a change and standings of its own."""
    dice = random.Random(14320)
    with ledger.reading() as connection:
        (run,) = read(connection, ENTRIES.c.id == id_)
        asked = STANDINGS.select().where(STANDINGS.c.run == run.number)
        rows = [dict(row) for row in connection.execute(asked).mappings()]
    content = {key: value for key, value in run.content.items() if key != PERSONAL}
    first = Draft("x", "run", content, run.about, {"by": "somebody"})
    change = {"kind": "key", "set": "designation.min_overall", "old": 40, "to": 41}
    for start in range(0, count, _AT_A_TIME):
        with ledger.writing() as connection:
            for number in range(start, min(start + _AT_A_TIME, count)):
                own = f"{number:064x}"
                named = {**content, "digest": own, "before": id_}
                add(connection, [Draft(f"{own}.change.0", "change", change, own, first.personal)])
                (made,) = add(connection, [replace(first, id=own, content=named)])
                ranks = dice.sample(range(1, len(rows) + 1), len(rows))
                pairs = zip(rows, ranks, strict=True)
                enter(
                    connection,
                    made.number,
                    [{**{k: v for k, v in row.items() if k != "run"}, "rank": rank}
                     for row, rank in pairs],
                )  # fmt: skip


if __name__ == "__main__":
    main()
