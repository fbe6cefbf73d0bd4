"""A comparison as sentences and rows: who moves, what amounts, and what each changed key does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from evaluator.questions.comparison import Attribution, Comparison, Outcome
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import names_of, study_names
from evaluator.report.formatting.numbers import (
    counted,
    points,
    signed,
)
from evaluator.report.formatting.phrases import STATUS, sentence, supposed
from evaluator.report.formatting.words import Words, words_of
from evaluator.report.messages.allocation import conflict_in_words
from evaluator.report.viewmodel.changes import key_in_words, value_in_words
from evaluator.sanitize import shortened


@dataclass(frozen=True)
class RankRow:
    """A package whose rank is another; a dash where it has none."""

    package: str
    title: str
    before: str
    after: str
    risen: str
    overall_before: str
    overall_after: str


@dataclass(frozen=True)
class KeyRow:
    """A changed key, what stood there and stands there now, and what the change does."""

    key: str
    what: str
    """What the key stands for; empty where no words are known for it."""
    old: str
    new: str
    in_order: str
    alone: str
    because: str


def titles(comparison: Comparison) -> dict[str, str]:
    """Return the titles of the packages of either side."""
    both = (comparison.first, comparison.other)
    return {package.id: package.title for one in both for package in one.study.packages}


def sentences(comparison: Comparison) -> list[str]:
    """Return who enters and leaves, and how much money moves, or which has no allocation."""
    w = words_of(comparison.first.study.scenario)
    outcome, named = comparison.outcome, titles(comparison)
    parts = comparison.first.study.parts | comparison.other.study.parts
    said = []
    if "designation" in parts:
        inside, outside = outcome.designated_in, outcome.designated_out
        said.append(_entering(f"{w.head.priority} {w.packages}", inside, outside, named, w))
    for one, called in zip((comparison.first, comparison.other), comparison.called, strict=True):
        bills = supposed(bill.bill for bill in one.study.scenario.if_enacted)
        if bills:
            said.insert(0, f"{called}: {bills}.")
    said[:0] = _stated(comparison)
    if comparison.first.study.fingerprint == comparison.other.study.fingerprint:
        said.insert(0, "Both are the same study.")
    if "allocation" not in parts:
        return said
    if all(outcome.allocated):
        said.append(_entering("Funded", outcome.funded_in, outcome.funded_out, named, w))
        return [*said, f"Moved: {w.money.amount(outcome.moved_usd)}."]
    sides = zip(("first", "other"), (comparison.first, comparison.other), strict=True)
    for (side, one), called, allocated in zip(
        sides, comparison.called, outcome.allocated, strict=True
    ):
        if not allocated:
            names = study_names(one.study)
            told = " ".join(conflict_in_words(each, names) for each in one.allocation.conflicts)
            status = w.fill(STATUS[one.allocation.status])
            said.append(f"The {side}, {called}, has no allocation: {status}. {told}".rstrip())
    return [*said, f"Funded {w.packages} and {w.money.units} are not compared."]


def _stated(comparison: Comparison) -> Iterator[str]:
    """Yield what each side sets that the other does not: old -> new, why and by whom."""
    sides = ((comparison.first, comparison.other), comparison.called, comparison.stated)
    for one, called, changes in zip(*sides, strict=True):
        for change in changes:
            told = [
                shortened(value_in_words(one, change.set, value))
                for value in _unlike(change.old, change.new)
            ]
            what = key_in_words(one, change.set)
            key = f"{what} ({change.set})" if what else change.set
            by = f" ({change.by})" if change.by else ""
            yield f"{called} sets {key}: {' -> '.join(told)}. {sentence(change.because)}{by}"


def _entering(
    what: str,
    entering: Sequence[str],
    leaving: Sequence[str],
    named: Mapping[str, str],
    w: Words,
) -> str:
    moves = (("enter", entering), ("leave", leaving))
    said = [
        f"{verb}{'s' if len(packages) == 1 else ''} {_listed(packages, named)}"
        for verb, packages in moves
        if packages
    ]
    return f"{what}: {'; '.join(said) or f'the same {w.packages}'}."


def _listed(packages: Sequence[str], named: Mapping[str, str]) -> str:
    return ", ".join(f"{named[package]} ({package})" for package in packages)


def rank_rows(comparison: Comparison) -> list[RankRow]:
    """Return the packages whose rank changes, the largest moves first."""
    moved, named = _moved(comparison.outcome), titles(comparison)
    order = moved["change"].abs().fillna(1_000_000).sort_values(ascending=False, kind="stable")
    return [
        RankRow(
            str(package),
            named[str(package)],
            _rank(row["before"]),
            _rank(row["after"]),
            "" if pd.isna(row["change"]) else signed(int(row["change"]), 0),
            _score(row["overall_before"]),
            _score(row["overall_after"]),
        )
        for package, row in moved.loc[order.index].iterrows()
    ]


def _moved(outcome: Outcome) -> pd.DataFrame:
    table = outcome.ranks
    changed = table["before"].ne(table["after"]).fillna(True)
    return table[changed & (table["before"].notna() | table["after"].notna())]


def _rank(rank: Any) -> str:
    return "-" if pd.isna(rank) else str(int(rank))


def _score(score: Any) -> str:
    return "-" if pd.isna(score) else points(float(score))


def tool_rows(comparison: Comparison) -> tuple[Unit, list[tuple[str, str, str, str, str]]]:
    """Return the unit; tool, amount before, after, net and moved, a dash without an allocation."""
    outcome = comparison.outcome
    known = (*outcome.allocated, all(outcome.allocated), all(outcome.allocated))
    columns = dict(zip(("before", "after", "net", "moved"), known, strict=True))
    money = words_of(comparison.first.study.scenario).money
    unit = money.unit(outcome.tools.to_numpy().ravel().tolist())
    rows = []
    for tool, row in outcome.tools.iterrows():
        before, after, net, moved = (
            unit.amount(row[c]) if has else "-" for c, has in columns.items()
        )
        rows.append((_tool(comparison, str(tool)), before, after, net, moved))
    return unit, rows


def _tool(comparison: Comparison, tool: str) -> str:
    """Return the name of a tool of two studies, of which one may lack it."""
    first = comparison.first if tool in comparison.first.study.tools else comparison.other
    return names_of(first).tool(tool)


def key_rows(comparison: Comparison) -> list[KeyRow]:
    """Return what each changed key does, in the order in which they are applied."""
    return [_key_row(comparison, one, titles(comparison)) for one in comparison.attributions]


def _key_row(comparison: Comparison, one: Attribution, named: Mapping[str, str]) -> KeyRow:
    difference, first = one.difference, comparison.first
    w = words_of(first.study.scenario)
    old, new = (
        shortened(value_in_words(first, difference.name, value))
        for value in _unlike(difference.old, difference.new)
    )
    in_order, alone = effect(one.in_order, named, w), effect(one.alone, named, w)
    return KeyRow(
        key=difference.name,
        what=key_in_words(first, difference.name),
        old=old,
        new=new,
        in_order=in_order,
        alone="the same" if alone == in_order != "nothing" else alone,
        because=difference.because,
    )


def _unlike(old: Any, new: Any) -> tuple[Any, Any]:
    """Return two values without what they have alike.

    >>> _unlike({"a": 1, "b": {"c": 2, "d": 3}}, {"a": 1, "b": {"c": 4, "d": 3}})
    ({'b': {'c': 2}}, {'b': {'c': 4}})
    """
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return old, new
    keys = [key for key in dict.fromkeys([*old, *new]) if old.get(key) != new.get(key)]
    pairs = {key: _unlike(old.get(key), new.get(key)) for key in keys}
    return {k: one for k, (one, _) in pairs.items()}, {k: two for k, (_, two) in pairs.items()}


def effect(outcome: Outcome, named: Mapping[str, str], w: Words) -> str:
    """Return what a change does; packages by title and id."""
    said = []
    ranks = len(_moved(outcome))
    if ranks:
        said.append(counted(ranks, "rank"))
    changes = [(w.priority, outcome.designated_in, outcome.designated_out)]
    if all(outcome.allocated):
        changes.append(("funded", outcome.funded_in, outcome.funded_out))
    for what, entering, leaving in changes:
        if entering:
            said.append(f"now {what}: {_listed(entering, named)}")
        if leaving:
            said.append(f"no longer {what}: {_listed(leaving, named)}")
    if outcome.allocated == (True, False):
        said.append(f"no allocation: {outcome.status[1].replace('_', ' ')}")
    elif outcome.allocated == (False, True):
        said.append("an allocation exists")
    elif outcome.moved_usd:
        said.append(f"{w.money.amount(outcome.moved_usd)} moved")
    return "; ".join(said) or "nothing"
