"""What changed since the last version, of a run's tables: who, how much, and by which change."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from evaluator.model.study import Study
from evaluator.report.formatting.names import Names, study_names
from evaluator.report.formatting.once import once
from evaluator.report.formatting.records import records
from evaluator.report.formatting.words import Words
from evaluator.report.viewmodel.versions.changes import ChangedKey, changed_in_words
from evaluator.report.viewmodel.versions.comparison import entering
from evaluator.report.viewmodel.versions.slopes import (
    Amounts,
    Slopes,
    package_amounts,
    slopes,
    tool_amounts,
    two_versions,
)
from evaluator.results.evaluation import Evaluation

Moves = tuple[str, frozenset[str], frozenset[str]]
"""Of which set, who enters it, and who leaves it."""
_NAMED = 2
"""Packages that a short line names."""


@dataclass(frozen=True)
class Since:
    """This version against the last one."""

    name: str
    """What the last version is called."""
    what: str
    """What it is: a run, or the scenario that this one extends."""
    sentences: tuple[str, ...]
    """Who enters and leaves, and how much money moves."""
    short: tuple[str, ...]
    """The same for a first screen: of many that enter or leave, the first by title."""
    changes: tuple[ChangedKey, ...]
    slopes: Slopes
    packages: Amounts | None
    tools: Amounts | None


@once
def since(evaluation: Evaluation) -> Since | None:
    """Return what changed; None where there is no version to compare with."""
    found = evaluation.extended
    if found is None or "since" not in found.tables:
        return None
    tables = {name: one.table for name, one in found.tables.items()}
    return since_in(tables, evaluation.study)


def since_section(evaluation: Evaluation) -> Mapping[str, Since] | None:
    """Return what a page has a section of its own for; None where there is nothing."""
    found = since(evaluation)
    return None if found is None else {"since": found}


def since_title(evaluation: Evaluation) -> str:
    """Return the title of that section."""
    return f"What changed since {last_version(evaluation.study)[0]}"


def since_in(tables: Mapping[str, pd.DataFrame], study: Study) -> Since:
    """Return what changed, of the tables of a run: `since`, `since_tools`, `since_changes`."""
    names = study_names(study)
    w, rows = names.words, records(tables["since"])
    titles = {row["package"]: row["title"] for row in rows}
    name, what = last_version(study)
    versions = two_versions(tables["since"], (name, "now"))
    sets: list[Moves] = []
    if "designation" in study.parts:
        then, now = (
            frozenset(row["package"] for row in rows if row[f"priority_{when}"])
            for when in ("before", "after")
        )
        sets.append((f"{w.head.priority} {w.packages}", now - then, then - now))
    tools = tables.get("since_tools")
    told: list[str] = []
    given: dict[str, tuple[int, int]] = {}
    if tools is not None and all(one.usd for one in versions):
        then, now = versions[0].inside, versions[1].inside
        sets.append(("Funded", now - then, then - now))
        told = [_moved(tools, names)]
        given = {row["tool"]: (row["before"], row["after"]) for row in records(tools)}
    elif "allocation" in study.parts:
        told = [f"Funded {w.packages} and {w.money.units} are not compared."]
    return Since(
        name,
        what,
        (*(entering(what, new, gone, titles, w) for what, new, gone in sets), *told),
        (*(_briefly(what, new, gone, titles, w) for what, new, gone in _merged(sets)), *told),
        tuple(_changed(names, row) for row in records(tables["since_changes"])),
        slopes(versions, titles),
        package_amounts(versions, titles, w.money) if given else None,
        tool_amounts({tool: names.tool(tool) for tool in given}, given, w.money),
    )


def last_version(study: Study) -> tuple[str, str]:
    """Return what the version that a study is compared with is called, and what it is."""
    if study.since is not None:
        return study.since.name, f"the run of {study.since.title}, as of {study.since.as_of}"
    if study.extends:
        return study.extends, "the scenario that this one extends"
    return f"{study.scenario.scenario}, as its files have it", "without what the run changes"


def _merged(sets: Sequence[Moves]) -> list[Moves]:
    """Return sets of packages that move alike as one."""
    found: dict[tuple[frozenset[str], frozenset[str]], str] = {}
    for what, inside, outside in sets:
        same = found.get((inside, outside))
        found[inside, outside] = what if same is None else f"{same}, {what.lower()}"
    return [(what, *moves) for moves, what in found.items()]


def _briefly(
    what: str,
    inside: frozenset[str],
    outside: frozenset[str],
    titles: Mapping[str, str],
    w: Words,
) -> str:
    """Return who enters and leaves, of each the first by title and how many more."""
    said = []
    for verb, packages in (("in", inside), ("out", outside)):
        named = sorted(titles[package] for package in packages)
        more = f" and {len(named) - _NAMED:,} more" if len(named) > _NAMED else ""
        said += [f"{verb} {', '.join(named[:_NAMED])}{more}"] if named else []
    return f"{what}: {'; '.join(said) or f'the same {w.packages}'}."


def _moved(tools: pd.DataFrame, names: Names) -> str:
    money = names.words.money
    before, after, moved = (int(tools[name].sum()) for name in ("before", "after", "moved"))
    total = f"{money.amount(after)} in all, as before"
    if before != after:
        total = " in all, before ".join(money.apart(after, before))
    return f"Moved: {money.amount(moved)}; {total}."


def _changed(names: Names, row: Mapping[str, str]) -> ChangedKey:
    old, new = (json.loads(row[side]) if row[side] else None for side in ("old", "new"))
    what, was, now = changed_in_words(names, row["key"], old, new)
    return ChangedKey(row["key"], what, was, now, row["because"], row["by"])
