"""The picture of the first screen: who gets how much of what, who gets nothing, who is just out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from evaluator.decision.findings import BelowCut
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.formatting.numbers import fixed, share
from evaluator.report.formatting.once import once
from evaluator.report.formatting.words import capital
from evaluator.report.messages.decision import behind
from evaluator.report.viewmodel.decision.contested import Contested, contested
from evaluator.report.viewmodel.money.envelope import matrix
from evaluator.report.viewmodel.money.unserved import held_back, unserved
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.results.evaluation import Evaluation

WIDTH = 1_000
"""Of the widest bar."""
_FIRST, _LAST = "\u2068", "\u2069"
"""Around a title in an attribute, where no `bdi` can stand."""
_ROWS, _BELOW = 30, 4
"""Bars that are seen at once; packages just out that are shown."""


@dataclass(frozen=True)
class Piece:
    """A part of a bar: of which tool or agency, from where, how wide, and how much it is."""

    of: int
    start: float
    width: float
    told: str


@dataclass(frozen=True)
class Bar:
    """One package: what it gets beside what it asks for, or what its score is made of."""

    package: str
    title: str
    rank: int | None
    pieces: tuple[Piece, ...]
    asked: float
    """How wide what it asks for is; 0 where nothing is asked."""
    figure: str
    marks: tuple[str, ...]
    """What a reader has to know of it: contested, by name, tied."""
    asks: str = ""
    """How much it asks for; empty where nothing is asked."""
    why: str = ""
    """What stands in its way, or in the way of all that it asks for."""
    decides: str = ""
    """Of one that is contested: in how many draws it is in, and what decides."""


@dataclass(frozen=True)
class Group:
    """Bars under one head."""

    head: str
    bars: tuple[Bar, ...]
    more: int = 0
    """How many further ones are not drawn."""
    without: bool = False
    """Whether they get nothing, each with what stands in its way."""


@dataclass(frozen=True)
class Glance:
    """The picture, with what its colours stand for."""

    caption: str
    legend: tuple[tuple[int, str], ...]
    """The place of a colour, and its name."""
    groups: tuple[Group, ...]
    unit: str
    """Of the figures beside the bars."""


@dataclass(frozen=True)
class Dot:
    """One package between what it asks for and its score, in shares of the picture."""

    package: str
    across: float
    up: float
    kind: str
    """funded, unfunded or outside."""
    told: str


@dataclass(frozen=True)
class Value:
    """Score against money asked: on the frontier nothing scores higher for less."""

    dots: tuple[Dot, ...]
    frontier: tuple[tuple[float, float], ...]
    least: str
    most: str
    low: str
    high: str


def value_for_money(evaluation: Evaluation) -> Value | None:
    """Return the picture of scores against amounts asked, on a scale of powers of ten.

    None where fewer than two packages ask for something.
    """
    rows = [row for row in ranked(evaluation) if row.rank is not None and row.asked > 0]
    if len(rows) < 2 or "allocation" not in evaluation.study.parts:
        return None
    money = names_of(evaluation).words.money
    logs, scores = [math.log10(row.asked) for row in rows], [row.overall for row in rows]
    left, right, low, high = min(logs), max(logs), min(scores), max(scores)

    def place(log: float, score: float) -> tuple[float, float]:
        return (log - left) / ((right - left) or 1.0), (score - low) / ((high - low) or 1.0)

    dots = tuple(
        Dot(
            row.package,
            *place(log, row.overall),
            "funded" if row.given else "unfunded" if row.designated else "outside",
            f"{_FIRST}{row.title}{_LAST}: {fixed(row.overall, 1)} points, "
            f"asks {money.amount(row.asked)}",
        )
        for row, log in zip(rows, logs, strict=True)
    )
    frontier: list[tuple[float, float]] = []
    for dot in sorted(dots, key=lambda dot: (dot.across, -dot.up)):
        if not frontier or dot.up > frontier[-1][1]:
            if frontier:
                frontier.append((dot.across, frontier[-1][1]))
            frontier.append((dot.across, dot.up))
    least, most = (money.amount(f(row.asked for row in rows)) for f in (min, max))
    return Value(dots, tuple(frontier), least, most, fixed(low, 0), fixed(high, 0))


@once
def glance(evaluation: Evaluation) -> Glance:
    """Return amounts by tool where something is allocated, else scores by agency."""
    placed = [row for row in ranked(evaluation) if row.rank is not None]
    if "allocation" in evaluation.study.parts and evaluation.allocation.exists:
        return _amounts(evaluation, placed)
    return _scores(evaluation, placed)


def _amounts(evaluation: Evaluation, placed: Sequence[Ranked]) -> Glance:
    table, names = matrix(evaluation), names_of(evaluation)
    w, unit = names.words, table.unit
    widest = max((max(row.asked, row.total or 0) for row in table.rows), default=0) or 1
    gets = {row.package: row for row in table.rows}
    held = {package: one.held for package, one in unserved(evaluation).items()}
    held |= held_back(evaluation)
    decides = _decides(evaluation)
    used = [i for i, total in enumerate(table.totals) if total]
    tools, owners = list(evaluation.study.tools), [owner for owner, _ in table.tools]
    colour = {owner: i for i, owner in enumerate(dict.fromkeys(owners))}

    def bar(row: Ranked) -> Bar:
        mine = gets.get(row.package)
        parts = [(i, mine.amounts[i] or 0) for i in used] if mine else []
        told = (
            (colour[owners[i]], amount, f"{names.tool(tools[i])} {w.money.amount(amount)}")
            for i, amount in parts
        )
        return Bar(
            row.package,
            row.title,
            row.rank,
            tuple(_pieces(told, widest)),
            WIDTH * row.asked / widest if mine else 0.0,
            unit.amount(row.given) if mine else "–",
            tuple(_marks(row, tied=bool(mine and mine.tied))),
            unit.amount(row.asked) if row.asked else "",
            held.get(row.package, _short_of(row)),
            decides.get(row.package, ""),
        )

    inside = [row for row in placed if row.package in gets]
    funded = [row for row in inside if row.given]
    nothing = [row for row in inside if not row.given]
    who = f"{w.priority} {w.packages}" if "designation" in evaluation.study.parts else w.packages
    groups = (
        _group(f"{capital(who)} with an amount", funded, bar, _ROWS),
        _group("With nothing", nothing, bar, _ROWS // 2, without=True),
        _group("Just out", list(_just_out(placed)), bar, _BELOW, without=True),
    )
    return Glance(
        f"Each gets, by {w.institution} and {w.tool}, of what it asks for (outline), {unit.head}",
        tuple((place, owner) for owner, place in colour.items() if len(colour) > 1),
        tuple(group for group in groups if group.bars),
        unit.head,
    )


def _decides(evaluation: Evaluation) -> dict[str, str]:
    """Return by package that is open in how many draws it is in, and what decides."""

    def told(one: Contested) -> Iterator[str]:
        if one.row.in_share is not None and one.row.tier == "contested":
            yield f"in by {share(one.row.in_share)} of draws"
        yield from filter(None, (one.tied, one.alone or one.moves_short))

    return {one.row.package: "; ".join(told(one)) for one in contested(evaluation)}


def _scores(evaluation: Evaluation, placed: Sequence[Ranked]) -> Glance:
    names, agencies = names_of(evaluation), agency_names(evaluation)
    w, alone, decides = names.words, len(agencies) == 1, _decides(evaluation)
    widest = max((row.overall for row in placed), default=0.0) or 1.0

    def bar(row: Ranked) -> Bar:
        parts = enumerate(row.contributions.items())
        told = ((i, part, f"{agencies[a]} {fixed(part, 1)}") for i, (a, part) in parts)
        pieces = tuple(_pieces(told, widest))
        marks = tuple(_marks(row, tied=False))
        figure = fixed(row.overall, 1)
        return Bar(
            row.package,
            row.title,
            row.rank,
            pieces,
            0.0,
            figure,
            marks,
            why=_short_of(row),
            decides=decides.get(row.package, ""),
        )

    cut = "designation" in evaluation.study.parts
    inside = [row for row in placed if row.designated]
    head = f"{w.head.priority} {w.packages}" if cut else f"{w.head.packages}, the best first"
    groups = (
        _group(head, inside if inside or cut else list(placed), bar, _ROWS),
        _group("Just out", list(_just_out(placed)) if cut else [], bar, _BELOW, without=True),
    )
    legend = () if alone else tuple(enumerate(agencies.values()))
    caption = "Overall score, in points" + ("" if alone else f", by what each {w.agency} adds")
    return Glance(caption, legend, tuple(group for group in groups if group.bars), "points")


def _pieces(parts: Iterable[tuple[int, float, str]], widest: float) -> Iterator[Piece]:
    start = 0.0
    for of, amount, told in parts:
        if amount > 0:
            width = WIDTH * amount / widest
            yield Piece(of, start, width, told)
            start += width


def _marks(row: Ranked, *, tied: bool) -> Iterator[str]:
    if row.contested:
        yield "tied at the cut"
    elif row.tier == "contested":
        yield "contested"
    if row.tier in ("included", "excluded"):
        yield f"{row.tier} by name"
    if row.red_flags:
        yield "red flag"
    if tied:
        yield "tied"


def _short_of(row: Ranked) -> str:
    for found in row.reason:
        if isinstance(found, BelowCut) and found.short is not None:
            return behind(found.short, found.unit)
    return "" if row.designated else row.why


def _just_out(placed: Sequence[Ranked]) -> Iterator[Ranked]:
    """Yield who is tied at the cut or below it, and who is out but in many draws."""
    for row in placed:
        below = any(isinstance(found, BelowCut) for found in row.reason)
        if not row.designated and (row.contested or below or row.tier == "contested"):
            yield row


def _group(
    head: str,
    rows: Sequence[Ranked],
    bar: Callable[[Ranked], Bar],
    most: int,
    *,
    without: bool = False,
) -> Group:
    return Group(head, tuple(map(bar, rows[:most])), max(0, len(rows) - most), without)
