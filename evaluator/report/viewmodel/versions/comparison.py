"""A comparison as sentences and rows: who moves, what amounts, and what each changed key does."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from evaluator.questions.versions.comparison import Attribution, Comparison
from evaluator.questions.versions.outcome import Outcome
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import names_of, study_names
from evaluator.report.formatting.numbers import (
    counted,
    points,
    signed,
)
from evaluator.report.formatting.phrases import STATUS, sentence, supposed
from evaluator.report.formatting.records import records
from evaluator.report.formatting.words import Words, words_of
from evaluator.report.messages.allocation import conflict_in_words
from evaluator.report.viewmodel.versions.changes import ChangedKey, changed_in_words
from evaluator.report.viewmodel.versions.slopes import (
    Amounts,
    Slopes,
    package_amounts,
    slopes,
    tool_amounts,
    two_versions,
)


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
class KeyRow(ChangedKey):
    """A changed key and what the change does."""

    in_order: str
    alone: str


@dataclass(frozen=True)
class StatedChange(ChangedKey):
    """A change that one of those compared states and the other does not."""

    called: str
    """Who states it."""


@dataclass(frozen=True)
class Beside:
    """All that are compared, side by side."""

    names: tuple[str, ...]
    slopes: Slopes
    packages: Amounts | None
    """None where none of them has an allocation."""
    tools: Amounts | None


def titles(comparison: Comparison) -> dict[str, str]:
    """Return the titles of the packages of either side."""
    both = (comparison.first, comparison.other)
    return {package.id: package.title for one in both for package in one.study.packages}


def sentences(comparison: Comparison) -> list[str]:
    """Return what each side sets, who enters and leaves, and how much money moves."""
    return [*_stated(comparison), *outcomes(comparison)]


def outcomes(comparison: Comparison) -> list[str]:
    """Return who enters and leaves, and how much money moves, or which has no allocation."""
    w = words_of(comparison.first.study.scenario)
    outcome, named = comparison.outcome, titles(comparison)
    parts = comparison.first.study.parts | comparison.other.study.parts
    said = []
    if "designation" in parts:
        inside, outside = outcome.designated_in, outcome.designated_out
        said.append(entering(f"{w.head.priority} {w.packages}", inside, outside, named, w))
    for one, called in zip((comparison.first, comparison.other), comparison.called, strict=True):
        bills = supposed(bill.bill for bill in one.study.scenario.if_enacted)
        if bills:
            said.insert(0, f"{called}: {bills}.")
    if comparison.first.study.fingerprint == comparison.other.study.fingerprint:
        said.insert(0, "Both are the same study.")
    if "allocation" not in parts:
        return said
    if all(outcome.allocated):
        said.append(entering("Funded", outcome.funded_in, outcome.funded_out, named, w))
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


def change_rows(comparisons: Sequence[Comparison]) -> list[StatedChange]:
    """Return what one side sets and the other does not, each once."""
    rows = [
        StatedChange(
            change.set,
            *changed_in_words(names_of(one), change.set, change.old, change.new),
            because=change.because,
            by=change.by_whom,
            called=called,
        )
        for comparison in comparisons
        for one, called, changes in zip(
            (comparison.first, comparison.other),
            comparison.called,
            comparison.stated,
            strict=True,
        )
        for change in changes
    ]
    return list(dict.fromkeys(rows))


def _stated(comparison: Comparison) -> Iterator[str]:
    """Yield what each side sets that the other does not: old -> new, why and by whom."""
    words = words_of(comparison.first.study.scenario)
    for row in change_rows([comparison]):
        place = words.key(row.key) if row.what else ""
        key = f"{row.what} ({place})" if place else row.what or row.key
        by = f" ({row.by})" if row.by else ""
        yield f"{row.called} sets {key}: {row.old} -> {row.new}. {sentence(row.because)}{by}"


def side_by_side(comparisons: Sequence[Comparison]) -> Beside:
    """Return ranks and amounts of the first and all others: a column each."""
    named = {p: title for one in comparisons for p, title in titles(one).items()}
    pairs = [two_versions(one.outcome.packages, one.called) for one in comparisons]
    versions = (pairs[0][0], *(other for _, other in pairs))
    money = words_of(comparisons[0].first.study.scenario).money
    tools: dict[str, tuple[str, list[int | None]]] = {}
    for place, one in enumerate(comparisons):
        before, after = one.outcome.allocated
        for tool, row in one.outcome.tools.to_dict("index").items():
            blank: list[int | None] = [0 if x.usd else None for x in versions]
            _, given = tools.setdefault(str(tool), (_tool(one, str(tool)), blank))
            given[0] = int(row["before"]) if before else None
            given[place + 1] = int(row["after"]) if after else None
    names = {tool: name for tool, (name, _) in tools.items()}
    amounts = {tool: given for tool, (_, given) in tools.items()}
    paid = any(one.usd for one in versions)
    return Beside(
        tuple(one.name for one in versions),
        slopes(versions, named),
        package_amounts(versions, named, money),
        tool_amounts(names, amounts, money) if paid else None,
    )


def entering(
    what: str, inside: Iterable[str], outside: Iterable[str], named: Mapping[str, str], w: Words
) -> str:
    """Return who enters a set of packages, and who leaves it, by title and id."""
    moves = (("enter", sorted(inside)), ("leave", sorted(outside)))
    said = [
        f"{verb}{'s' if len(packages) == 1 else ''} {_listed(packages, named)}"
        for verb, packages in moves
        if packages
    ]
    return f"{what}: {'; '.join(said) or f'the same {w.packages}'}."


def _listed(packages: Sequence[str], named: Mapping[str, str]) -> str:
    return ", ".join(f"{named[package]} ({package})" for package in packages)


def rank_rows(comparison: Comparison) -> list[RankRow]:
    """Return the packages whose rank changes, those first that have one on one side alone."""
    every = records(comparison.outcome.reranked.reset_index())
    order = sorted(every, key=lambda row: -_places(row["rank_before"], row["rank_after"]))
    return [
        RankRow(
            row["package"],
            row["title"],
            _rank(row["rank_before"]),
            _rank(row["rank_after"]),
            _risen(row["rank_before"], row["rank_after"]),
            _score(row["overall_before"]),
            _score(row["overall_after"]),
        )
        for row in order
    ]


def _places(before: int | None, after: int | None) -> float:
    """Return by how many places a rank moves; without end where one is not there."""
    return math.inf if before is None or after is None else abs(before - after)


def _rank(rank: int | None) -> str:
    return "-" if rank is None else str(rank)


def _risen(before: int | None, after: int | None) -> str:
    return "" if before is None or after is None else signed(before - after, 0)


def _score(score: float | None) -> str:
    return "-" if score is None else points(score)


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
    names, key = names_of(first), difference.name
    what, old, new = changed_in_words(names, key, difference.old, difference.new)
    in_order, alone = effect(one.in_order, named, w), effect(one.alone, named, w)
    return KeyRow(
        key=key,
        what=what,
        old=old,
        new=new,
        in_order=in_order,
        alone="the same" if alone == in_order != "nothing" else alone,
        because=difference.because,
        by=difference.by,
    )


def effect(outcome: Outcome, named: Mapping[str, str], w: Words) -> str:
    """Return what a change does; packages by title and id."""
    said = []
    ranks = len(outcome.reranked)
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
