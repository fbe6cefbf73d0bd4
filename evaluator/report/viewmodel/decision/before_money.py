"""What ends or changes in the law before money is moved, for all media."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.questions.dated.values import countries_unlike, stated, turns, value_on
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.once import once
from evaluator.report.formatting.records import Record, grouped
from evaluator.report.messages import say
from evaluator.report.viewmodel.money.coordination import coordination
from evaluator.results.evaluation import Evaluation

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Actor:
    """An institution that is to give something."""

    institution: str
    name: str
    amount: str
    earliest: str
    """The first and the last of the days before which it may not act, by every count of days."""
    lapses_on: str
    """The last day of its authority; empty where no end is stated."""


@dataclass(frozen=True)
class Turn:
    """A value of law or fact that is another from a day on."""

    day: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class BeforeMoney:
    """Who may act when, what turns until then, and what may come too late."""

    actors: tuple[Actor, ...]
    turns: tuple[Turn, ...]
    late: tuple[str, ...]


@once
def before_money(evaluation: Evaluation) -> BeforeMoney | None:
    """Return it, up to the day after the last one on which an act may fall or an authority ends.

    None where nothing is given, or where notices were not asked for.
    """
    found = coordination(evaluation)
    if found is None or not found.institutions or evaluation.extended is None:
        return None
    acts = grouped(evaluation.extended.tables["acts"].table, "institution")
    days = {owner: sorted({row["not_before"] for row in rows}) for owner, rows in acts.items()}
    ends = [one.lapses_on for one in found.institutions if one.lapses_on]
    last = max((*ends, *(every[-1] for every in days.values())))
    money = names_of(evaluation).words.money
    actors = (
        Actor(
            one.institution,
            one.name,
            money.amount(one.total),
            _span(days[one.institution], acts[one.institution]),
            one.lapses_on,
        )
        for one in found.institutions
    )
    until = dt.date.fromisoformat(last) + _ONE_DAY
    return BeforeMoney(tuple(actors), tuple(_turns(evaluation, until)), found.late)


def _span(days: list[str], rows: list[Record]) -> str:
    told = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"{told} or later" if any(row["state"] == "not_known" for row in rows) else told


def _turns(evaluation: Evaluation, until: dt.date) -> Iterator[Turn]:
    study, names = evaluation.study, names_of(evaluation)
    labels = {one.key: one.label for one in stated(study)}
    for day, keys in turns(study).items():
        for kind, name in keys if study.as_of < day <= until else ():
            before = day - _ONE_DAY
            old, new = (say(value_on(study, (kind, name), one), names) for one in (before, day))
            if kind == "column":
                count = len(countries_unlike(study, name, before, day))
                old, new = "–", f"another for {count} {'country' if count == 1 else 'countries'}"
            yield Turn(day.isoformat(), labels[kind, name], old, new)
