"""Figures of the referral envelope: limits, tools and countries."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes

from evaluator.model.results import Evaluation
from evaluator.report.figures.drawing import (
    FADES,
    FILLS,
    HATCHED,
    INK,
    MUTED,
    WHITE,
    Drawn,
    boxes,
    label,
    listed,
    only,
    plain_numbers,
    rows,
    style,
    write,
)
from evaluator.report.telling.certainty import shade
from evaluator.report.telling.envelope import Matrix, countries, matrix
from evaluator.report.telling.limits import MILLION, LimitLine, limit_lines
from evaluator.report.words.tables import READABLE
from evaluator.report.words.wording import billions, millions

_BESIDE = 90.0


def limit_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw how much of each limit is used: of limits with groups, the tightest group."""
    found = _tightest(limit_lines(evaluation))
    lines = found[:READABLE]
    if not lines:
        return None
    note = (
        "Solid: law or budget; hatched: goal. Of limits on single packages, entities, countries or "
        f"blocs the tightest is drawn.{only(len(lines), len(found), 'most used')}"
    )
    shares = [100 * (line.used_share or 0.0) for line in lines]
    with style():
        figure, axes = rows(len(lines), note, head=0.15)
        for goal, look in ((False, {"facecolor": FILLS[0]}), (True, HATCHED)):
            places = [place for place, line in enumerate(lines) if (line.kind == "goal") == goal]
            ends = [min(shares[place], 100.0) for place in places]
            boxes(axes, places, [0.0] * len(places), ends, 0.62, edgecolor=FILLS[0], **look)
        for place, (line, share) in enumerate(zip(lines, shares, strict=True)):
            told = f"{share:,.0f} % {_verdict(line)}".strip()
            weight = "bold" if line.binding else "normal"
            # Clear of the line at 100 %.
            at = share if share < _BESIDE else 100.0
            write(axes, at + 1.2, place, told, fontsize=8.5, weight=weight)
        axes.axvline(100, color=INK, linewidth=1.0)
        label(axes, [line.name for line in lines])
        axes.set_xlim(0, 118)
        axes.set_xticks([0, 25, 50, 75, 100])
        axes.set_xlabel("Used, % of the bound")
    binding = [line.name for line in lines if line.binding]
    alt = (
        f"Bars of {len(lines)} limits, the most used first; of limits on single packages, "
        f"entities, countries or blocs only the tightest is drawn. "
        f"{len(binding)} bind: {listed(binding)}."
    )
    return Drawn("limits", alt, figure)


def _verdict(line: LimitLine) -> str:
    if line.missed > 0:
        return "missed"
    return "binds" if line.binding else ""


def _tightest(lines: Sequence[LimitLine]) -> list[LimitLine]:
    best: dict[str, LimitLine] = {}
    for line in lines:
        if line.used_share is None or line.note:
            continue
        known = best.get(line.limit)
        if known is None or _order(line) < _order(known):
            best[line.limit] = line
    return sorted(best.values(), key=lambda line: (_order(line), line.name))


def _order(line: LimitLine) -> tuple[bool, float]:
    return not line.binding, -(line.used_share or 0.0)


def tool_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw how much of which tool each package is proposed for, beside what it asks."""
    found = matrix(evaluation)
    shown = found.rows[:READABLE]
    if not shown:
        return None
    requests = evaluation.allocation.table.set_index(["package", "tool"])["requested"].to_dict()
    tools = list(evaluation.study.tools)
    note = (
        f"$ million proposed, darker where more of the ask is met; a framed 0 was asked for in "
        f"vain.{only(len(shown), len(found.rows), 'best')}"
    )
    with style():
        figure, axes = rows(len(shown) + 3, note, head=0.85)
        axes.grid(visible=False)
        for place, row in enumerate(shown):
            asked = [requests.get((row.package, tool), 0) for tool in tools]
            _amounts(axes, place, [*row.amounts, row.total], [*asked, row.asked])
        _totals(axes, found, len(shown))
        _heads(axes, [*found.tools, ("", "All tools")])
        totals = ["Proposed in all", "Asked by priority packages", "Envelope"]
        label(axes, [*(f"{row.package}  {row.title}" for row in shown), *totals])
        axes.set_xlim(-0.5, len(tools) + 0.5)
        axes.set_xticks([])
    alt = (
        f"Matrix of {len(shown)} packages and {len(tools)} tools: {billions(found.total)} proposed "
        f"of {billions(found.total_asked)} asked by priority packages. By tool: "
        + "; ".join(
            f"{institution} {name} {billions(total)}"
            for (institution, name), total in zip(found.tools, found.totals, strict=True)
            if total
        )
        + "."
    )
    return Drawn("tools", alt, figure)


def _amounts(axes: Axes, place: int, amounts: Sequence[int], asked: Sequence[int]) -> None:
    for column, (amount, ask) in enumerate(zip(amounts, asked, strict=True)):
        if not ask:
            continue
        dark = max(1, shade(min(amount / ask, 1.0))) if amount else 0
        face = FADES[dark - 1] if dark else "white"
        ends = ([column - 0.46], [column + 0.46])
        boxes(axes, [place], *ends, 0.84, facecolor=face, edgecolor=MUTED, linewidth=0.6)
        colour = "white" if dark >= WHITE else INK
        write(axes, column, place, millions(amount), ha="center", fontsize=7.5, color=colour)


def _totals(axes: Axes, found: Matrix, after: int) -> None:
    axes.axhline(after - 0.5, color=INK, linewidth=1.0)
    lines = (
        (*found.totals, found.total),
        (*found.asked, found.total_asked),
        (*found.envelopes, found.total_envelope),
    )
    for place, amounts in enumerate(lines, start=after):
        weight = "bold" if place == after else "normal"
        for column, amount in enumerate(amounts):
            write(axes, column, place, millions(amount), ha="center", fontsize=7.5, weight=weight)


def _heads(axes: Axes, names: Sequence[tuple[str, str]]) -> None:
    for column, (institution, name) in enumerate(names):
        told = [institution, *textwrap.wrap(name, 11, max_lines=3, placeholder="…")]
        text = "\n".join(line for line in told if line)
        write(axes, column, -0.7, text, ha="center", va="bottom", fontsize=7.5, color=MUTED)


def country_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw what is asked and proposed for each target country, by bloc."""
    found = countries(evaluation)
    shown = found[:READABLE]
    if not shown:
        return None
    note = (
        "Solid: proposed; outline: asked by priority packages, $ million. A package's amounts are "
        f"split by the shares of its target countries as it states them."
        f"{only(len(shown), len(found), 'first')}"
    )
    places, zero = range(len(shown)), [0.0] * len(shown)
    asked, given = [c.asked / MILLION for c in shown], [c.given / MILLION for c in shown]
    with style():
        figure, axes = rows(len(shown), note, left=2.6, right=1.3, head=0.15)
        look = {"edgecolor": FILLS[0], "linewidth": 0.9}
        boxes(axes, places, zero, asked, 0.66, facecolor="white", **look)
        boxes(axes, places, zero, given, 0.66, facecolor=FILLS[0], **look)
        for place, country in enumerate(shown):
            told = f"{millions(country.given)} of {millions(country.asked)}"
            write(axes, asked[place] + 0.008 * max(asked), place, told, fontsize=8)
        label(axes, [f"{country.bloc}: {country.name}" for country in shown])
        axes.set_xlim(0, max(asked))
        axes.xaxis.set_major_formatter(plain_numbers())
        axes.set_xlabel("$ million")
    most = sorted(shown, key=lambda country: -country.given)[:3]
    alt = (
        f"Bars of {len(shown)} target countries by bloc: proposed beside asked. Most for "
        + "; ".join(f"{country.name}, {billions(country.given)}" for country in most)
        + "."
    )
    return Drawn("countries", alt, figure)
