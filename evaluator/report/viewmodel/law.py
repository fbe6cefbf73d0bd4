"""The law by date as sentences and rows: what lapses or begins, what changed, what rests on it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import pandas as pd

from evaluator.model.base import IF_ENACTED, Confidence
from evaluator.questions.dated.findings import Standing
from evaluator.questions.dated.law import Between, Law
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import Name, Names, names_of
from evaluator.report.formatting.numbers import counted, signed
from evaluator.report.formatting.phrases import KIND, sentence
from evaluator.report.formatting.records import Record, records
from evaluator.report.formatting.words import Words
from evaluator.report.messages import say_all
from evaluator.results.evaluation import Allocated
from evaluator.results.findings import Findings

LISTED = (IF_ENACTED, "unverified", "press", "seen-old")
"""What rests on these is listed; what is made up is counted."""
_NOTHING = "–"
_VERBS = (("enter", "entered"), ("leave", "left"), ("gain", "gained"), ("lose", "lost"))
_MOST = _VERBS[:2]
"""What a sentence tells; a table has all."""


@dataclass(frozen=True)
class ChangeRow:
    """A value that changes, and what moves with it."""

    day: str
    days: str
    when: str
    what: str
    id: str
    old: str
    new: str
    before: str
    after: str
    moved: str
    tools: str
    """By tool, what more or less of it is proposed."""
    packages: str
    """Who enters, leaves, gains and loses, by id; see `named`."""
    moving: tuple[tuple[str, tuple[str, ...]], ...]
    """The same as verbs and ids."""
    note: str


@dataclass(frozen=True)
class ValueRow:
    """A value of law or fact, and its days."""

    kind: str
    label: str
    where: str
    value: str
    since: str
    until: str
    standing: str
    left: str
    then: str
    citation: str
    confidence: str


@dataclass(frozen=True)
class WeakRow:
    """A value that was not read in its source, and one thing that rests on it."""

    confidence: str
    label: str
    id: str
    rests: str
    binds: str
    amount: str
    citation: str


def title(law: Law) -> str:
    """Return whose law it is, and as of when."""
    study = law.evaluation.study
    return f"{study.scenario.title} ({study.scenario.scenario}), as of {study.as_of}"


def counts(law: Law) -> list[tuple[str, int]]:
    """Return by confidence how many values are in force on the day."""
    standing = law.values[law.values["standing"] == "in force"]
    found = Counter(_counted(standing))
    order = (*get_args(Confidence), IF_ENACTED)
    return [(name, found[name]) for name in order if found[name]]


def _counted(table: pd.DataFrame) -> pd.Series:
    """Return what values count as: their confidence, and what a bill says as that alone."""
    return table["confidence"].where(table["bill"] == "", IF_ENACTED)


def sentences(law: Law) -> list[str]:
    """Return what is off on the day, and what lapses or begins within the horizon."""
    study, names = law.evaluation.study, names_of(law.evaluation)
    w = names.words
    single = [row for row in records(law.changes) if row["kind"] != "together"]
    told = []
    for one in study.institutions:
        if one.authority is None or study.as_of <= one.authority.lapses_on:
            continue
        text = (
            f"the authority of {one.name} lapsed on {one.authority.lapses_on}: its {w.tools} are "
        )
        gone = [row for row in single if row["kind"] == "authority" and row["days"] <= 0]
        moves = [_moves(row, names) for row in gone if row["id"] == one.institution]
        told.append(sentence("; ".join([f"{text}switched off", *moves])))
    ahead = [row for row in single if row["days"] > 0]
    turning = [row for row in ahead if isinstance(row["new"][0], Standing)]
    told += [sentence(_turns(row, names)) for row in turning]
    rest = len(ahead) - len(turning)
    if rest:
        told.append(f"{counted(rest, 'other value')} will change within {law.horizon:,} days.")
    if not ahead:
        told.append(f"Nothing is stated to change within {law.horizon:,} days.")
    return told


def _turns(row: Record, names: Names) -> str:
    """Return that something lapses or begins, when, and what money goes with it."""
    begins = row["new"][0].in_force
    days = int(row["days"]) - (0 if begins else 1)
    last = dt.date.fromisoformat(row["day"]) - dt.timedelta(days=0 if begins else 1)
    when = f"{last}, in {counted(days, 'day')}"
    what = "is in force from" if begins else "ends on"
    return f"{row['label']} {what} {when}; {_moves(row, names)}"


def _moves(row: Record, names: Names) -> str:
    """Return how much money moves with a value, and who enters and leaves."""
    if row["moved_usd"] is None:
        return say_all(row["note"], names)
    if not row["moved_usd"]:
        return f"no {names.words.money.units} move"
    old, new = names.amount(row["old_usd"]), names.amount(row["new_usd"])
    who = _who(row, names.package, _MOST)
    told = f"{names.amount(row['moved_usd'])} move, proposed in all {old} before and {new} after"
    return f"{told}; {who}" if who else told


def ahead(law: Law) -> tuple[Unit, list[ChangeRow]]:
    """Return the unit of amounts, and what changes after the day."""
    return _change_rows(law.evaluation, law.changes[law.changes["days"] > 0])


def behind(law: Law) -> tuple[Unit, list[ChangeRow]]:
    """Return the unit of amounts, and what changed up to the day, the latest first."""
    past = law.changes[law.changes["days"] <= 0]
    return _change_rows(law.evaluation, past.sort_values("day", ascending=False, kind="stable"))


def between_rows(between: Between) -> tuple[Unit, list[ChangeRow]]:
    """Return the unit of amounts, and what is not the same on two days."""
    unit, rows = _change_rows(between.first, between.table)
    days = between.table["days"]
    return unit, [
        replace(row, when=f"after {counted(int(after), 'day')}")
        for row, after in zip(rows, days, strict=True)
    ]


def between_sentence(between: Between) -> str:
    """Return what is proposed on the two days, and how much moves."""
    first, second = between.first, between.second
    names = names_of(first)
    days = f"From {first.study.as_of} to {second.study.as_of}"
    if between.table.empty:
        return f"{days} no value of law or fact changes."
    row = records(between.table)[-1]
    return sentence(f"{days}: {_moves(row, names)}")


def _change_rows(evaluation: Allocated, table: pd.DataFrame) -> tuple[Unit, list[ChangeRow]]:
    names = names_of(evaluation)
    rows = records(table)
    money = names.words.money
    unit = money.unit(v for row in rows for v in (row["old_usd"], row["new_usd"], row["moved_usd"]))
    return unit, [_change_row(row, unit, evaluation, names) for row in rows]


def _change_row(row: Record, unit: Unit, evaluation: Allocated, names: Names) -> ChangeRow:
    together = row["kind"] == "together"
    before, after, moved = (_amount(unit, row[f"{part}_usd"]) for part in ("old", "new", "moved"))
    return ChangeRow(
        day=row["day"],
        days=signed(row["days"], 0),
        when=_when(row["days"]),
        what=f"All {row['id']} together" if together else row["label"],
        id="" if together else f"{_kind(row['kind'], names)} {row['id']}",
        old=say_all(row["old"], names),
        new=say_all(row["new"], names),
        before=before,
        after=after,
        moved=moved,
        tools=_tools(row, unit, evaluation, names),
        packages=_who(row, str),
        moving=tuple((verb, row[column]) for verb, column in _VERBS if row[column]),
        note=say_all(row["note"], names),
    )


def _kind(kind: str, names: Names) -> str:
    return names.words.fill(KIND.get(kind, "")) or kind


def _when(days: int) -> str:
    """Return in how many days something is, or how long ago.

    >>> _when(1), _when(0), _when(-400)
    ('in 1 day', 'today', '400 days ago')
    """
    if days > 0:
        return f"in {counted(days, 'day')}"
    return f"{counted(-days, 'day')} ago" if days else "today"


def _amount(unit: Unit, usd: int | None) -> str:
    return _NOTHING if usd is None else unit.amount(usd)


def _tools(row: Record, unit: Unit, evaluation: Allocated, names: Names) -> str:
    told = (
        (tool, signed((row.get(f"net.{tool}") or 0) / unit.size, unit.decimals))
        for tool in evaluation.study.tools
    )
    nothing = signed(0, unit.decimals)
    return "; ".join(f"{names.tool(tool)} {net}" for tool, net in told if net != nothing)


def _who(row: Mapping[str, Any], name: Name, verbs: Sequence[tuple[str, str]] = _VERBS) -> str:
    def called(package: str) -> str:
        return package if name(package) == package else f"{name(package)} ({package})"

    return "; ".join(
        f"{verb}: {', '.join(map(called, row[column]))}" for verb, column in verbs if row[column]
    )


def value_rows(law: Law) -> list[ValueRow]:
    """Return all values."""
    names = names_of(law.evaluation)
    return [
        ValueRow(
            kind=_kind(row["kind"], names),
            label=row["label"],
            where=names.words.key(row["where"]),
            value=say_all(row["value"], names),
            since=row["from"],
            until=row["until"],
            standing=row["standing"],
            left="" if row["days_left"] is None else f"{row['days_left']:,}",
            then=_then(row["next_day"], row["next"], names),
            citation=row["citation"],
            confidence=f"{IF_ENACTED}: {row['bill']}" if row["bill"] else row["confidence"],
        )
        for row in records(law.values)
    ]


def _then(day: str, then: Findings, names: Names) -> str:
    return f"{day}: {say_all(then, names)}" if day else ""


def weak_rows(law: Law) -> tuple[Unit, list[WeakRow]]:
    """Return the unit of amounts, and what rests on each value that was not read in its source."""
    names = names_of(law.evaluation)
    every = records(law.weak.assign(confidence=_counted(law.weak)))
    rows = [r for r in every if r["confidence"] in LISTED and r["rests"]]
    rows.sort(key=lambda row: (LISTED.index(row["confidence"]), not row["binds"], not row["usd"]))
    unit = names.words.money.unit(row["usd"] for row in rows)
    return unit, [_weak_row(row, unit, names) for row in rows]


def _weak_row(row: Record, unit: Unit, names: Names) -> WeakRow:
    named: dict[str, Callable[[str], str]] = {
        "limit": names.limit,
        "tool": names.tool,
        "requirement": names.requirement,
    }
    rests = f"{_kind(row['rests'], names)}: {named[row['rests']](row['subject'])}"
    return WeakRow(
        confidence=row["confidence"],
        label=row["label"],
        id=f"{_kind(row['kind'], names)} {row['id']}",
        rests=rests,
        binds=_binds(row, names.words),
        amount=_amount(unit, row["usd"]),
        citation=row["citation"],
    )


def _binds(row: Record, w: Words) -> str:
    if row["rests"] == "tool":
        return w.packages_counted(row["groups"]) if row["groups"] is not None else ""
    if row["binds"] is None:
        return ""
    if row["rests"] == "requirement":
        return f"{w.packages_counted(row['groups'])} did not pass" if row["binds"] else "all pass"
    return f"binds in {counted(row['groups'], 'case')}" if row["binds"] else "does not bind"


def weak_sentences(law: Law) -> list[str]:
    """Return by confidence how many values, how many limits bind on them, and with what."""
    as_what, words = _counted(law.weak), names_of(law.evaluation).words
    return [
        sentence(_weak_sentence(name, law.weak[as_what == name], words))
        for name in (*LISTED, "illustrative")
        if (as_what == name).any()
    ]


def _weak_sentence(name: str, table: pd.DataFrame, w: Words) -> str:
    values = table.drop_duplicates(["kind", "id"])
    limits = table[(table["rests"] == "limit") & table["binds"].fillna(False)]
    binding = limits.drop_duplicates("subject")
    tools = table[table["rests"] == "tool"].drop_duplicates("subject")
    served = _sum(tools["usd"])
    idle = int((values["rests"] == "").sum())
    text = f"{counted(len(values), 'value')} {name}: "
    text += f"nothing that is allocated rests on {idle}; " if idle else ""
    text += f"{counted(len(binding), 'limit')} on them bind{'s' if len(binding) == 1 else ''}"
    text += f" ({w.money.amount(_sum(binding['usd']))} under them)" if len(binding) else ""
    if served:
        text += f"; {w.money.amount(served)} are proposed of {w.tools} that rest on them"
    return text


def _sum(amounts: Iterable[Any]) -> int:
    return int(sum(usd for usd in amounts if not pd.isna(usd)))


def named(law: Law) -> list[tuple[str, str]]:
    """Return ids and titles of the packages that move with some value."""
    tables = [law.changes, *([law.between.table] if law.between else [])]
    cells = (cell for t in tables for _, column in _VERBS for cell in t[column])
    moving = sorted({package for cell in cells for package in cell})
    name = names_of(law.evaluation).package
    return [(package, name(package)) for package in moving]
