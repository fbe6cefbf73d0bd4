"""One random study after another: written, run, and held against a recomputation."""

from __future__ import annotations

import json
import random
import shutil
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.consistency.case import Case
from tests.consistency.checks import hold
from tests.consistency.commands import CommandLine, Said
from tests.consistency.ledger import Ledger
from tests.consistency.media import Run
from tests.consistency.random_study import write_study
from tests.consistency.study import Study, read_study

REFUSED, INFEASIBLE = 4, 3
_PARTS = 6
"""Agencies, allocation, countries, designation, financing, requests."""


def held(seeds: Iterable[int], jobs: int, keep: Path | None) -> list[Ledger]:
    """Make and hold the studies of some seeds, in their order."""
    every = list(seeds)
    parts = [every[number::jobs] for number in range(jobs)]
    if jobs == 1:
        found = [_several(parts[0], keep)]
    else:
        with ProcessPoolExecutor(jobs) as pool:
            found = list(pool.map(_several, parts, [keep] * jobs))
    by_seed = {ledger.study.split()[1]: ledger for ledgers in found for ledger in ledgers}
    return [by_seed[str(seed)] for seed in every]


def _several(seeds: list[int], keep: Path | None) -> list[Ledger]:
    found = []
    with CommandLine() as command, tempfile.TemporaryDirectory() as temporary:
        for seed in seeds:
            folder = (keep or Path(temporary)) / f"study-{seed}"
            shutil.rmtree(folder, ignore_errors=True)
            found.append(one(command, folder, seed))
            if keep is None:
                shutil.rmtree(folder)
    return found


def one(command: CommandLine, folder: Path, seed: int) -> Ledger:
    """Make one study, run it, and hold what is told of it."""
    ledger = Ledger(f"study {seed}")
    path = write_study(folder, seed)
    try:
        case = run_case(command, path, folder / "runs", seed, ledger)
        if case is not None:
            ledger.study += f" ({case.study.scenario['method']['name']})"
            hold(case, ledger)
    except Exception:
        told = traceback.format_exc(limit=-4)
        ledger.holds("the run can be read", "all", "check", False, told[-300:], "no error")
    return ledger


def run_case(command: CommandLine, path: Path, out: Path, seed: int, ledger: Ledger) -> Case | None:
    """Run a study by the command line; None where it is rightly refused."""
    study = read_study(path)
    said = {"run": command("run", path, "--out", out, "--quiet")}
    missing = _missing(study)
    refused = study.scenario.get("missing") == "refuse" and missing > 0
    code = said["run"].code
    if refused:
        ledger.same("refused", "exit code", "missing performances", code, REFUSED)
        count = sum(line.startswith("- ") for line in said["run"].err.splitlines())
        ledger.same("refused", "terminal", "faults", count, missing)
        ledger.same("refused", "folder", "runs", list(out.glob("*")) if out.exists() else [], [])
        return None
    folders = list(out.glob("*")) if out.exists() else []
    ledger.holds(
        "a run is written",
        "folder",
        "runs",
        len(folders) == 1,
        said["run"].err[-300:] or code,
        "one",
    )
    if len(folders) != 1:
        return None
    case = Case(study, Run(folders[0], said), path)
    if len(case.run.manifest["parts"]) < _PARTS:
        return None  # what it lacks has no statement; tests/report/test_parts.py holds the others
    status = case.run.manifest["allocation"]["status"]
    right = {"infeasible": INFEASIBLE, "no_solution": 1}.get(status, 0)
    ledger.same("exit code", "exit code", status, code, right)
    _further(command, case, seed)
    return case


def _missing(study: Study) -> int:
    from tests.consistency.scores import performances

    return sum(one.missing for one in performances(study).values())


def _further(command: CommandLine, case: Case, seed: int) -> None:
    """Ask the other commands of some runs."""
    rng, run = random.Random(seed), case.run
    packages = list(case.study.packages)
    chosen = {rng.choice(packages)}
    settings = case.study.scenario.get("allocation") or {}
    rule = case.study.scenario.get("designation") or {}
    for part in (
        settings.get("must"),
        settings.get("must_not"),
        rule.get("include"),
        rule.get("exclude"),
    ):
        chosen |= set(part or ())
    run.said["show"] = command("show", run.folder)
    for package in sorted(chosen):
        run.said[f"explain {package}"] = command("explain", run.folder, package)
    run.said["validate"] = command("validate", case.path)
    if seed % 3 == 0:
        run.said["show --json"] = command("show", run.folder, "--json")
    if seed % 3 == 1:
        run.said["law"] = command("law", case.path, "--quiet", "--json")
        run.said["criteria"] = command("criteria", run.folder, "--quiet", "--json")
    ranked = [package for package in case.right.order if package in case.right.rank]
    if seed % 3 == 2 and len(ranked) > 1:
        ahead, behind = sorted(rng.sample(ranked, 2), key=ranked.index)
        asked = ("explain", run.folder, behind, "--against", ahead, "--json")
        run.said[f"against {ahead}"] = command(*asked)
    if seed % 2 == 0:
        case.other = _second(command, case, rng)


def _second(command: CommandLine, case: Case, rng: random.Random) -> Case | None:
    """Run another version of a study, and set it against the first."""
    shares = case.study.scenario["influence"]["shares"]
    names = list(shares)
    turned = dict(zip(names, [shares[name] for name in (*names[1:], names[0])], strict=True))
    sets: list[dict[str, object]] = [
        {"set": "influence.shares", "to": turned},
        {"set": "designation.max_packages", "to": rng.randint(1, len(case.study.packages))},
    ]
    told = [part for one in sets for part in ("--set", f"{one['set']}={json.dumps(one['to'])}")]
    first, out = case.run.folder, case.run.folder.parent.parent / "other"
    shutil.rmtree(out, ignore_errors=True)
    why = ("--because", "To see.", "--since", first, "--quiet")
    said = command("run", case.path, *told, *why, "--out", out)
    folders = list(out.glob("*"))
    if len(folders) != 1:
        return None
    page = first.parent / "compared.html"
    run, compare = case.run, ("compare", first, folders[0], "--quiet")
    run.said["compare"] = command(*compare, "--html", page)
    run.said["compare --json"] = command(*compare, "--json")
    return Case(read_study(case.path, sets), Run(folders[0], {"run": said}), case.path)


def counts(ledgers: Iterable[Ledger]) -> Counter[str]:
    """Return the assertions by kind."""
    return sum((ledger.counts for ledger in ledgers), Counter())


__all__ = ["Said", "counts", "held", "one", "run_case"]
