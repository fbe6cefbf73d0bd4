"""What runs there were, what became of a package over them, and what parts two of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from evaluator.errors import UsageError, did_you_mean
from evaluator.record.history.structure import Leaf, leaves
from evaluator.record.ledger.contents import load
from evaluator.record.ledger.database import Ledger
from evaluator.record.ledger.enter import manifest_of
from evaluator.record.ledger.entries import Entry
from evaluator.record.ledger.schema import ENTRIES, STANDINGS
from evaluator.record.ledger.writing import read
from evaluator.record.runs.listing import LATEST, Difference, differences
from evaluator.record.runs.verify import STUDY
from evaluator.sanitize import shortened

_NAMED = 8
_AT_A_TIME = 500


@dataclass(frozen=True)
class Standing:
    """What a run makes of a package."""

    rank: int | None
    priority: str
    """`yes`, `no` or `contested`."""
    tier: str
    """By the draws; empty where there were none."""
    amount_usd: int | None
    """None where there is no allocation."""


@dataclass(frozen=True)
class Step:
    """A run at which a package came to stand otherwise, and what changed before it."""

    run: Entry
    standing: Standing
    changes: tuple[Entry, ...]


@dataclass(frozen=True)
class Moved:
    """A package that two runs see otherwise; None where a run has it not."""

    package: str
    old: Standing | None
    new: Standing | None


@dataclass(frozen=True)
class Parted:
    """What parts two runs."""

    old: Entry
    new: Entry
    changed: tuple[Difference, ...]
    """Keys of the scenario, files and versions."""
    inside: tuple[Leaf, ...]
    """Values within the study that differ, whatever file they stand in; not those of its keys."""
    reasons: Mapping[str, tuple[str, str]]
    """Why a key was changed, and by whom, where that is on record."""
    moved: tuple[Moved, ...]


def listed(ledger: Ledger, limit: int | None) -> tuple[list[Entry], dict[str, list[Entry]], int]:
    """Return the last runs on record, the newest first, what is said of each, and how many are."""
    with ledger.reading() as connection:
        asked = select(func.count()).select_from(ENTRIES).where(ENTRIES.c.kind == "run")
        total = int(connection.execute(asked).scalar_one())
        runs = read(connection, ENTRIES.c.kind == "run", limit=limit)[::-1]
        return runs, about(connection, [run.id for run in runs]), total


def about(connection: Connection, ids: Sequence[str]) -> dict[str, list[Entry]]:
    """Return the entries about some runs, by the run's id."""
    found: dict[str, list[Entry]] = {}
    for at in range(0, len(ids), _AT_A_TIME):
        batch = ids[at : at + _AT_A_TIME]
        for entry in read(connection, ENTRIES.c.kind != "run", ENTRIES.c.about.in_(batch)):
            found.setdefault(entry.about, []).append(entry)
    return found


def find_run(connection: Connection, named: str) -> Entry:
    """Return the run on record that is named: by number, name, how its digest begins, or latest.

    Raises UsageError where there is none, or several are meant.
    """
    is_run = ENTRIES.c.kind == "run"
    if named == LATEST:
        found = read(connection, is_run, limit=1)
    elif named.isdecimal() and len(named) < 10:
        found = read(connection, is_run, ENTRIES.c.number == int(named))
    else:
        found = read(
            connection, is_run, ENTRIES.c.id.startswith(named, autoescape=True), limit=_NAMED
        )
        found = found or _by_name(connection, named)
    if len(found) == 1:
        return found[0]
    if not found:
        remedy = f"'evaluator record list' tells them; '{LATEST}' is the newest."
        raise UsageError(f"no run on record is called '{shortened(named)}'. {remedy}")
    several = ", ".join(f"{one.number} ({one.id[:12]})" for one in found)
    raise UsageError(f"'{shortened(named)}' begins several runs: {several}. Name one.")


def _by_name(connection: Connection, named: str) -> list[Entry]:
    """Return the newest run of a name, or of a name that begins so."""
    asked = select(ENTRIES.c.number, ENTRIES.c.content).where(ENTRIES.c.kind == "run")
    begun = None
    for number, content in connection.execute(asked.order_by(ENTRIES.c.number.desc())):
        name = json.loads(content)["run"]
        if name == named:
            return read(connection, ENTRIES.c.number == number)
        if begun is None and name.startswith(named):
            begun = number
    return read(connection, ENTRIES.c.number == begun) if begun is not None else []


@dataclass(frozen=True)
class History:
    """What became of a package."""

    steps: tuple[Step, ...]
    """The runs at which it came to stand otherwise than in the one before of the same scenario."""
    runs: int
    """In how many it stands."""
    said: tuple[Entry, ...]
    """What was decided of it, and comments on it."""


def history(ledger: Ledger, package: str, limit: int | None = None) -> History:
    """Return what became of a package over the runs on record, the newest last.

    limit: so many steps, and entries by which somebody speaks, the newest. Raises UsageError where
    no run has it.
    """
    with ledger.reading() as connection:
        columns = (STANDINGS.c.run, *(STANDINGS.c[name] for name in _COLUMNS), ENTRIES.c.about)
        asked = select(*columns).join(ENTRIES, ENTRIES.c.number == STANDINGS.c.run)
        rows = connection.execute(
            asked.where(STANDINGS.c.package == package).order_by(STANDINGS.c.run)
        ).all()
        if not rows:
            raise UsageError(_unknown(connection, package))
        last: dict[str, Standing] = {}
        moved: list[tuple[int, Standing]] = []
        for number, *cells, scenario in rows:
            standing = Standing(*cells)
            if last.get(scenario) != standing:
                moved.append((number, standing))
            last[scenario] = standing
        shown = moved if limit is None else moved[-limit:]
        runs: dict[int, Entry] = {}
        for at in range(0, len(shown), _AT_A_TIME):
            numbers = [number for number, _ in shown[at : at + _AT_A_TIME]]
            runs |= {run.number: run for run in read(connection, ENTRIES.c.number.in_(numbers))}
        said = about(connection, [run.id for run in runs.values()])
        spoken = [
            one
            for one in read(connection, ENTRIES.c.kind.in_(("comment", "determination")))
            if package in (one.content.get("on"), *one.content.get("packages", ()))
        ]
    steps = tuple(
        Step(
            runs[number],
            standing,
            tuple(one for one in said.get(runs[number].id, ()) if one.kind == "change"),
        )
        for number, standing in shown
    )
    return History(steps, len(rows), tuple(spoken if limit is None else spoken[-limit:]))


_COLUMNS = ("rank", "priority", "tier", "amount_usd")


def _unknown(connection: Connection, package: str) -> str:
    known = connection.execute(select(STANDINGS.c.package).distinct()).scalars().all()
    fact = f"no run on record has a package '{shortened(package)}'."
    return f"{fact} {did_you_mean(package, known)}".strip()


def diff(ledger: Ledger, old: str, new: str) -> Parted:
    """Return what was changed from one run on record to another, and what that did.

    Raises UsageError where one is not there, RecordError where what is kept was altered.
    """
    with ledger.reading() as connection:
        runs = [find_run(connection, named) for named in (old, new)]
        manifests = [manifest_of(connection, run) for run in runs]
        places = [manifest["files"][STUDY] for manifest in manifests]
        files = load(connection, places)
        studies = [json.loads(files[place])["study"] for place in places]
        standings = [standings_of(connection, run.number) for run in runs]
    packages = sorted(standings[0].keys() | standings[1].keys())
    pairs = ((one, standings[0].get(one), standings[1].get(one)) for one in packages)
    stated = {one["set"]: one for manifest in manifests for one in manifest["changes"]}
    changed = tuple(differences(manifests[0], manifests[1]))
    keys = {place for one in changed for place in (one.what, f"scenario.{one.what}")}
    return Parted(
        runs[0],
        runs[1],
        changed,
        tuple(one for one in leaves(studies[0], studies[1]) if one.path not in keys),
        {key: (one.get("because") or "", one.get("by") or "") for key, one in stated.items()},
        tuple(Moved(*pair) for pair in pairs if pair[1] != pair[2]),
    )


def standings_of(connection: Connection, run: int) -> dict[str, Standing]:
    """Return what a run, by the number of its entry, makes of each package."""
    columns = (STANDINGS.c.package, *(STANDINGS.c[name] for name in _COLUMNS))
    rows = connection.execute(select(*columns).where(STANDINGS.c.run == run)).all()
    return {package: Standing(*cells) for package, *cells in rows}
