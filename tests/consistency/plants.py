"""Contradictions planted in copies of runs, one told thing in one medium each; all must be found.

A plant edits a copy of a run's folder, or what a command printed. Of the brief it edits the text
that poppler reads in it, since the letters of a PDF are packed with its fonts.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from tests.consistency.case import Case
from tests.consistency.checks import hold
from tests.consistency.commands import CommandLine
from tests.consistency.ledger import Contradiction, Ledger
from tests.consistency.media import Run
from tests.consistency.planted import PLANTS, Plant
from tests.consistency.random_study import write_study
from tests.consistency.studies import run_case

_SEEDS = 60
"""Random studies among which each plant looks for one that has what it alters."""


def plants(seed: int, keep: Path | None) -> int:
    """Plant each contradiction in one run and say whether it is found; 1 if one is missed."""
    found = planted(seed, keep)
    width = max(len(plant.name) for plant in PLANTS)
    for plant in PLANTS:
        print(f"{plant.name:{width}}  {found.get(plant.name) or 'MISSED'}")
    missed = [plant.name for plant in PLANTS if not found.get(plant.name)]
    print(f"{len(PLANTS)} planted, {len(PLANTS) - len(missed)} found")
    return int(bool(missed))


def planted(seed: int, keep: Path | None = None) -> dict[str, str]:
    """Return by plant the contradiction that shows it; empty where none does."""
    left, found = list(PLANTS), dict[str, str]()
    with CommandLine() as command, tempfile.TemporaryDirectory() as temporary:
        for number in range(seed, seed + _SEEDS):
            if not left:
                break
            home = (keep or Path(temporary)) / f"plants-{number}"
            shutil.rmtree(home, ignore_errors=True)
            path = write_study(home, number)
            case = run_case(command, path, home / "runs", number, Ledger("plants"))
            if case is not None:
                left = _try(case, left, found, home)
    return found


def _try(case: Case, left: list[Plant], found: dict[str, str], home: Path) -> list[Plant]:
    """Return the plants that this run has nothing for."""
    before = set(_contradictions(case))
    still = []
    for plant in left:
        if any((one.kind, one.medium) == (plant.kind, plant.medium) for one in before):
            still.append(plant)
            continue
        altered = _copied(case, home / "copies" / plant.name.replace(" ", "-"))
        if not plant.alter(altered):
            still.append(plant)
            continue
        fresh = _read_again(altered)
        if "brief" in altered.run.__dict__:
            fresh.run.__dict__["brief"] = altered.run.brief
        new = [one for one in _contradictions(fresh) if one not in before]
        shown = next((o for o in new if o.kind == plant.kind and o.medium == plant.medium), None)
        found[plant.name] = str(shown) if shown else ""
    return still


def _copied(case: Case, home: Path) -> Case:
    """Return a case on a copy of its run, of the version set against it, and of their page."""
    shutil.copytree(case.run.folder, home / case.run.folder.name)
    page = case.run.folder.parent / "compared.html"
    if page.exists():
        shutil.copy(page, home)
    run = Run(home / case.run.folder.name, dict(case.run.said))
    other = None if case.other is None else _copied(case.other, home / "other")
    return Case(case.study, run, case.path, other)


def _read_again(case: Case) -> Case:
    """Return a case that has read nothing yet of what is on disk."""
    other = None if case.other is None else _read_again(case.other)
    return Case(case.study, Run(case.run.folder, case.run.said), case.path, other)


def _contradictions(case: Case) -> list[Contradiction]:
    ledger = Ledger("plant")
    hold(case, ledger)
    return ledger.found
