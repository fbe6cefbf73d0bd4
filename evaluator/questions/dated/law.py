"""The law and the facts of a study by date: what lapses or begins, and which dollars go with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from evaluator.allocation.model.findings import (
    BoundUnknown,
    ConditionUnknown,
    HeldAtZero,
    NothingUnderIt,
)
from evaluator.allocation.variations import listed, moved, silent
from evaluator.errors import UsageError
from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.progress import Progress
from evaluator.questions.dated.findings import (
    FactsDiffer,
    NotRead,
    Standing,
    StandingOn,
    ToldOfLimit,
    ValueUntold,
)
from evaluator.questions.dated.tables import LAW, LAW_CHANGES, LAW_DIFFERENCE
from evaluator.questions.dated.values import (
    Key,
    Stated,
    as_on,
    countries_unlike,
    differing,
    on_day,
    stated,
    turns,
    unlike,
    value_on,
)
from evaluator.questions.dated.weak_sources import rests_on, weak_sources
from evaluator.questions.findings import NothingStands
from evaluator.questions.question import Question
from evaluator.results.evaluation import Allocated, Evaluation, ExtendedTable
from evaluator.results.findings import Finding, Findings, cause
from evaluator.results.provenance import UnknownValue
from evaluator.results.schema import Table, in_family

HORIZON = 400
"""Days ahead, and back, that are looked at."""
_FAR = 36_500
_ONE_DAY = dt.timedelta(days=1)
Solved = Callable[[Sequence[Key], dt.date], Allocated]
"""Returns the study solved with some values as on another day."""


@dataclass(frozen=True)
class Between:
    """A study on two days."""

    first: Allocated
    second: Allocated
    table: pd.DataFrame
    """As `law_difference`; empty where nothing differs."""


@dataclass(frozen=True)
class Law:
    """What a study states of law and fact, on its day and around it."""

    evaluation: Allocated
    horizon: int
    look_back: int
    values: pd.DataFrame
    """As `law`."""
    changes: pd.DataFrame
    """As `law_changes`: of the days from `look_back` before to `horizon` after the study's day."""
    weak: pd.DataFrame
    """As `law_confidence`."""
    between: Between | None
    """The difference to another day, where one was asked for."""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by the stems of their files."""
        found = {"law": self.values, "law_changes": self.changes, "law_confidence": self.weak}
        if self.between is not None:
            found["law_difference"] = self.between.table
        return found


def law(
    study: Study,
    against: dt.date | None = None,
    *,
    horizon: int = HORIZON,
    look_back: int = HORIZON,
    progress: Progress = silent,
) -> Law:
    """Return the dated values of a study, and what moves with each that changes.

    against: another day; what differs between it and the study's own day is told as well. horizon,
    look_back: days after and before the study's day whose changes are solved again, 0 to 36,500.
    Each re-solve may fail alone, and is told with its reason. Raises UsageError for days out of
    bounds, and for a day on which a parameter has no value yet.
    """
    for days in (horizon, look_back):
        if not 0 <= days <= _FAR:
            raise UsageError(f"{days:,} days are not looked at: 0 to {_FAR:,} are.")
    other = on_day(study, against) if against is not None else None
    progress(f"as of {study.as_of}")
    now = evaluate(study, only="allocation")
    return Law(
        now,
        horizon,
        look_back,
        _values(study),
        _changes(now, look_back, horizon, progress),
        weak_sources(now),
        None if other is None else _between(now, other, progress),
    )


def _values(study: Study) -> pd.DataFrame:
    rows = stated(study)
    by_key: dict[Key, list[Stated]] = {}
    for one in rows:
        by_key.setdefault(one.key, []).append(one)
    return LAW.frame(_value_row(study, one, by_key[one.key]) for one in rows)


def _value_row(study: Study, one: Stated, every: Sequence[Stated]) -> dict[str, object]:
    day, standing = study.as_of, one.standing(study.as_of)
    after = one.until + _ONE_DAY if one.until is not None and standing == "in force" else None
    then: Findings = ()
    if after is not None:
        follows = [other.value for other in every if other.from_ == after]
        then = follows[0] if follows else (Standing(False),)
    return {
        **{"kind": one.kind, "id": one.id, "label": one.label, "where": one.where},
        "value": one.value,
        "from": str(one.from_ or ""),
        "until": str(one.until or ""),
        "standing": standing,
        "days_left": (after - day).days - 1 if after else None,
        "next_day": str(after or ""),
        "next": then,
        **{"citation": one.citation.title, "confidence": one.citation.confidence},
        "bill": one.citation.bill or "",
        "checked_on": str(one.citation.checked_on or ""),
    }


def _solver(now: Allocated) -> Solved:
    """Return what solves a study anew; what is as it stands is not solved again."""
    study = now.study

    def solved(keys: Sequence[Key], day: dt.date) -> Allocated:
        others = [key for key in keys if unlike(study, key, study.as_of, day)]
        return evaluate(as_on(study, others, day), only="allocation") if others else now

    return solved


def _changes(now: Allocated, look_back: int, horizon: int, progress: Progress) -> pd.DataFrame:
    study, solved = now.study, _solver(now)
    rests = rests_on(study)
    rows: list[dict[str, object]] = []
    for day, keys in turns(study).items():
        if not -look_back <= (day - study.as_of).days <= horizon:
            continue
        before = day - _ONE_DAY
        for some in ((key,) for key in keys):
            progress(f"{day}: {' '.join(some[0])}")
            rows.append(_row(now, solved, rests, some, (before, day), day))
        if len(keys) > 1:
            progress(f"{day}: all together")
            rows.append(_row(now, solved, rests, keys, (before, day), day))
    return _framed(LAW_CHANGES, study, rows)


def _between(now: Allocated, other: Study, progress: Progress) -> Between:
    progress(f"as of {other.as_of}")
    there = evaluate(other, only="allocation")
    first, second = sorted((now, there), key=lambda one: one.study.as_of)
    study, days = first.study, (first.study.as_of, second.study.as_of)
    solved, rests = _solver(first), rests_on(study)
    last: dict[Key, dt.date] = {}
    for day, keys in turns(study).items():
        last |= dict.fromkeys(keys, day) if days[0] < day <= days[1] else {}
    keys = differing(study, *days)
    rows: list[dict[str, object]] = []
    for key in sorted(keys, key=lambda key: last.get(key, days[1])):
        progress(f"{days[0]} to {days[1]}: {' '.join(key)}")
        rows.append(_row(first, solved, rests, (key,), days, last.get(key, days[1])))
    if len(keys) > 1:
        rows.append(_row(first, solved, rests, keys, days, days[1]))
    return Between(first, second, _framed(LAW_DIFFERENCE, study, rows))


def _framed(schema: Table, study: Study, rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    if rows:
        return schema.frame(rows)
    empty = schema.frame(())
    nets = in_family("net", pd.DataFrame(columns=list(study.tools), dtype="Int64"))
    return schema.held(empty.join(nets))


def _row(
    now: Allocated,
    solved: Solved,
    rests: Mapping[Key, Sequence[Key]],
    keys: Sequence[Key],
    days: tuple[dt.date, dt.date],
    turn: dt.date,
) -> dict[str, object]:
    """Return what moves when some values turn from what they are on one day to another's."""
    study = now.study
    one = keys[0] if len(keys) == 1 else None
    told = {
        "day": str(turn),
        "days": (turn - study.as_of).days,
        "kind": one[0] if one else "together",
        "id": one[1] if one else str(len(keys)),
        "label": _label(study, one) if one else "",
        "old": (value_on(study, one, days[0]),) if one else (),
        "new": (value_on(study, one, days[1]),) if one else (),
    }
    try:
        old, new = (solved(keys, day) for day in days)
    except Exception as error:
        nothing = dict.fromkeys(("status_old", "status_new"), "")
        return {**told, **nothing, **_unknown(study), "note": (ValueUntold(*cause(error)),)}
    notes = tuple(_notes(study, one, days, new, rests)) if one else ()
    states = {"status_old": old.allocation.status, "status_new": new.allocation.status}
    fallen = [a.allocation.status for a in (old, new) if not a.allocation.exists]
    if fallen:
        return {**told, **states, **_unknown(study), "note": (NothingStands(fallen[0]), *notes)}
    return {**told, **states, **_moves(old, new), "note": notes}


def _label(study: Study, key: Key) -> str:
    return next(one.label for one in stated(study) if one.key == key)


def _unknown(study: Study) -> dict[str, object]:
    return {
        **dict.fromkeys(("old_usd", "new_usd", "moved_usd")),
        **dict.fromkeys(("entered", "left", "gained", "lost"), ()),
        **{f"net.{tool}": None for tool in study.tools},
    }


def _moves(old: Allocated, new: Allocated) -> dict[str, object]:
    before, after = old.allocation.amounts.align(new.allocation.amounts, fill_value=0)
    was, now = before.sum(axis=1), after.sum(axis=1)
    both = (was > 0) & (now > 0)
    return {
        "old_usd": int(was.sum()),
        "new_usd": int(now.sum()),
        "moved_usd": moved(before, after),
        "entered": listed(map(str, now[(was == 0) & (now > 0)].index)),
        "left": listed(map(str, was[(was > 0) & (now == 0)].index)),
        "gained": listed(map(str, now[both & (now > was)].index)),
        "lost": listed(map(str, now[both & (now < was)].index)),
        **{f"net.{tool}": int(after[tool].sum() - before[tool].sum()) for tool in new.study.tools},
    }


def _notes(
    study: Study,
    key: Key,
    days: tuple[dt.date, dt.date],
    new: Allocated,
    rests: Mapping[Key, Sequence[Key]],
) -> Iterator[Finding]:
    """Yield which countries' facts change, and what a limit does on a value that is not known."""
    if key[0] == "column":
        yield FactsDiffer(key[1], countries_unlike(study, key[1], *days))
    if not isinstance(value_on(study, key, days[1]), UnknownValue):
        return
    table = new.allocation.limits
    told = (HeldAtZero, BoundUnknown, ConditionUnknown, NothingUnderIt)
    for kind, limit in rests.get(key, ()):
        if kind == "limit":
            notes = table.loc[table["limit"] == limit, "note"]
            found = dict.fromkeys(n for cell in notes for n in cell if isinstance(n, told))
            yield from (ToldOfLimit(limit, note) for note in list(found)[:1])


def _answer(evaluation: Evaluation, progress: Progress) -> Mapping[str, ExtendedTable]:
    return {
        "law": ExtendedTable((StandingOn(str(evaluation.study.as_of)),), _values(evaluation.study)),
        "law_confidence": ExtendedTable((NotRead(),), weak_sources(evaluation)),
    }


QUESTION = Question("law", _answer)
