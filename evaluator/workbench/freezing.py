"""A version of a session becomes a run: the one that its scenario file gives, on record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from evaluator.errors import UsageError
from evaluator.loading import load_study
from evaluator.pipeline import evaluate
from evaluator.questions import ask
from evaluator.record import place_run
from evaluator.record.ledger import Entry, enter_run
from evaluator.record.ledger.schema import ENTRIES
from evaluator.record.ledger.writing import read
from evaluator.record.proceedings import freeze as freeze_run
from evaluator.workbench.access import Who
from evaluator.workbench.desk import Desk
from evaluator.workbench.session import Session, Table
from evaluator.workbench.session.acts import REASON, hold_id
from evaluator.workbench.solving.keeping import Kept

_SECONDS = 600.0


@dataclass(frozen=True)
class RunOf:
    """Asks for a run of a scenario file that stands in memory."""

    path: Path
    text: bytes
    out: Path

    def answer(self, kept: Kept) -> Path:
        """Return its folder; the same that `evaluator run` makes of the file."""
        study = load_study(self.path, text=self.text)
        return place_run(ask(evaluate(study)), self.out).folder


@dataclass(frozen=True)
class Frozen:
    """A run of the session that was frozen."""

    version: int | None
    """Of the session; None where it was frozen elsewhere."""
    run: str
    """Name of the run."""
    folder: str
    """As the record has it."""
    digest: str
    entry: Entry
    """By which it is on record."""
    by: str
    at: str
    text: str


async def freeze(desk: Desk, who: Who, session: Session, id_: str, text: str) -> Frozen:
    """Make the run of a version, enter it, and enter that it is frozen.

    A version that is frozen stays as it is, and so does another that gives the same run: who asks
    again gets the first answer. Raises UsageError for an id that is none, or a reason that is too
    long; RecordError where nothing can be entered.
    """
    hold_id(id_)
    if len(text) > REASON:
        raise UsageError(f"a reason has {REASON} letters at most. Load the page again.")
    table = desk.table
    there = {one.version: one for one in await desk.apart(frozen_runs, table)}
    if session.version in there:
        return there[session.version]
    await desk.apart(table.load, session)  # its files are those that the session began with
    path = table.path.with_name(f"{session.name}.yaml")
    wish = RunOf(path, session.scenario(), desk.setting.out)
    folder = await desk.here.ask(_frozen_id(session), wish, _SECONDS)
    digest = await desk.apart(_enter, table, session, folder, who.name, text)
    found = {one.digest: one for one in await desk.apart(frozen_runs, table)}
    return found[digest]


def _enter(table: Table, session: Session, folder: Path, by: str, text: str) -> str:
    """Enter a run, and that it is frozen unless it is; return its digest."""
    entries = enter_run(table.ledger, folder, by=by)
    (run,) = (one for one in entries if one.kind == "run")
    if run.id not in {one.digest for one in frozen_runs(table)}:
        freeze_run(table.ledger, run.id, note=text, by=by, id_=_frozen_id(session))
    return run.id


def _frozen_id(session: Session) -> str:
    return f"{session.name}.{session.version}.freeze"


def frozen_runs(table: Table) -> tuple[Frozen, ...]:
    """Return the runs of a session that were frozen, in the order in which they were."""
    with table.ledger.reading() as connection:
        runs = {one.id: one for one in _runs(connection, table.name)}
        freezes = read(connection, ENTRIES.c.kind == "freeze", ENTRIES.c.about.in_(list(runs)))
    return tuple(_frozen(table, runs[one.about], one) for one in freezes)


def _runs(connection: Connection, scenario: str) -> list[Entry]:
    return read(connection, ENTRIES.c.kind == "run", ENTRIES.c.about == scenario)


def _frozen(table: Table, run: Entry, entry: Entry) -> Frozen:
    version = re.fullmatch(rf"{re.escape(table.name)}\.(\d+)\.freeze", entry.id)
    return Frozen(
        int(version[1]) if version else None,
        run.content["run"],
        run.content["folder"],
        run.id,
        run,
        entry.by,
        entry.at,
        entry.personal.get("text") or "",
    )
