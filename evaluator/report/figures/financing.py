"""Figures of the referral envelope: limits, tools and countries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from matplotlib.axes import Axes

from evaluator.report.figures.drawing import (
    HATCHED,
    LABEL,
    ROWS,
    SMALL,
    Drawn,
    Look,
    boxes,
    label,
    listed,
    only,
    plain,
    plain_numbers,
    rows,
    style,
    write,
)
from evaluator.report.figures.lettering import broken
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.numbers import share as percent
from evaluator.report.formatting.palette import FADES, FILLS, INK, MUTED, WHITE_FROM
from evaluator.report.formatting.words import Words
from evaluator.report.viewmodel.money.envelope import Matrix, countries, matrix
from evaluator.report.viewmodel.money.limits import LimitLine, limit_lines
from evaluator.results.evaluation import Evaluation

_BESIDE = 87.0
"""Percent from which what is used is printed clear of the line at 100 %."""
_BREAK = 94.0
"""Percent at which a bar that is too long is broken."""
_LIMIT_LABELS = 4.1
"""Inches for the labels of limits, which say what each is for."""
_TOOL_LABELS, _COLUMN, _HEAD_LINES = 2.9, 0.63, 8
"""Inches for labels and for a head where each tool has a column, and lines of a head."""


def limit_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw how much of each limit is used: of limits with groups, the tightest group."""
    w = names_of(evaluation).words
    lines_of_all = limit_lines(evaluation)
    found = _tightest(lines_of_all)
    lines = found[:ROWS]
    if not lines:
        return None
    alike = Counter(line.limit for line in lines_of_all if line.binding)
    note = (
        f"Limits that bind: {sum(alike.values())}. Solid: law, budget or rule; hatched: goal; "
        f"broken: more than 100 % is used, as printed. Of limits on single groups the tightest "
        "is drawn."
        f"{only(len(lines), len(found), 'tightest')}"
    )
    names = [_and_more(line, alike[line.limit] - 1) for line in lines]
    shares = [100 * (line.used_share or 0.0) for line in lines]
    with style():
        figure, axes = rows(len(lines), note, w, left=_LIMIT_LABELS, head=0.15)
        for goal, look in ((False, {"facecolor": FILLS[0]}), (True, HATCHED)):
            places = [place for place, line in enumerate(lines) if (line.kind == "goal") == goal]
            ends = [min(shares[place], 100.0) for place in places]
            boxes(axes, places, [0.0] * len(places), ends, 0.62, edgecolor=FILLS[0], **look)
        _breaks(axes, [place for place, share in enumerate(shares) if round(share) > 100])
        for place, (line, share) in enumerate(zip(lines, shares, strict=True)):
            weight = "bold" if line.binding else "normal"
            # Clear of the line at 100 %.
            at = share if share < _BESIDE else 100.0
            write(axes, at + 1.2, place, _verdict(line), fontsize=LABEL, weight=weight)
        axes.axvline(100, color=INK, linewidth=1.0)
        label(axes, names, _LIMIT_LABELS - 0.2)
        axes.set_xlim(0, 122)
        axes.set_xticks([0, 25, 50, 75, 100])
        axes.set_xlabel("Used, % of the bound")
    return Drawn("limits", _limits_told(lines, names, sum(alike.values()), w), figure)


def _limits_told(lines: Sequence[LimitLine], names: Sequence[str], bind: int, w: Words) -> str:
    """Return the text alternative: which limits bind, as the figure names them."""
    binding = [name for name, line in zip(names, lines, strict=True) if line.binding]
    barring = sum(_bars_everything(line) for line in lines)
    told = f"{bind} bind: {listed(binding)}." if bind else "None binds."
    return (
        f"Bars of {len(lines)} limits, those that bind first, then the most used; of limits on "
        f"single groups only the tightest is drawn. {told}"
        + (f" {barring} of these bar everything: their bound is 0." if barring else "")
    )


def _and_more(line: LimitLine, more: int) -> str:
    """Return the name of a limit, and how many more of its groups are bound."""
    return f"{line.name} and {more} more" if line.binding and more > 0 else line.name


def _breaks(axes: Axes, places: Sequence[int]) -> None:
    """Break the bars that are longer than is drawn by a white stroke between two dark ones."""
    for place in places:
        for shift, colour, width in ((0.0, "white", 4.0), (-0.7, INK, 1.0), (0.7, INK, 1.0)):
            across = [_BREAK - 0.8 + shift, _BREAK + 0.8 + shift]
            axes.plot(across, [place + 0.42, place - 0.42], color=colour, linewidth=width)


def _verdict(line: LimitLine) -> str:
    if _bars_everything(line):
        return "bars everything"
    told = percent(line.used_share or 0.0)
    if line.missed:
        return f"{told} missed"
    return f"{told} binds" if line.binding else told


def _bars_everything(line: LimitLine) -> bool:
    return line.binding and line.bound == 0 and line.sense == "at_most"


def _tightest(lines: Sequence[LimitLine]) -> list[LimitLine]:
    best: dict[str, LimitLine] = {}
    for line in lines:
        if (line.used_share is None and not _bars_everything(line)) or line.note:
            continue
        known = best.get(line.limit)
        if known is None or _order(line) < _order(known):
            best[line.limit] = line
    return sorted(best.values(), key=lambda line: (_order(line), line.name))


def _order(line: LimitLine) -> tuple[bool, float]:
    return not line.binding, -(line.used_share or 0.0)


def tool_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw how much of which tool each package is proposed for, beside what it asks.

    Nothing is drawn where there is no allocation.
    """
    w = names_of(evaluation).words
    found = matrix(evaluation)
    shown = found.rows[:ROWS]
    if not shown or found.total is None:
        return None
    tools = list(evaluation.study.tools)
    note = (
        f"{found.unit.head} proposed, darker where more of the ask is met; a framed 0 was "
        f"asked for in vain.{only(len(shown), len(found.rows), 'best')}"
    )
    heads = [_head(*name) for name in (*found.tools, ("", f"All {w.tools}"))]
    head = 0.15 + 0.125 * max(text.count("\n") + 1 for text in heads)
    with style():
        figure, axes = rows(len(shown) + 3, note, w, left=_TOOL_LABELS, head=head)
        axes.grid(visible=False)
        for place, row in enumerate(shown):
            amounts, shades = (*row.amounts, row.total), (*row.shades, row.shade)
            _amounts(axes, place, found.unit, amounts, shades)
        _totals(axes, found, len(shown))
        for column, text in enumerate(heads):
            look: Look = {"ha": "center", "va": "bottom", "fontsize": SMALL, "color": MUTED}
            write(axes, column, -0.7, text, linespacing=1.05, **look)
        totals = ["Proposed in all", f"Asked by {w.chosen}", f"{w.head.envelope}"]
        names = (f"{row.package}  {row.title}" for row in shown)
        label(axes, [*names, *totals], _TOOL_LABELS - 0.2)
        axes.set_xlim(-0.5, len(tools) + 0.5)
        axes.set_xticks([])
    alt = (
        f"Matrix of {len(shown)} {w.packages} and {len(tools)} {w.tools}: "
        f"{w.money.amount(found.total)} proposed "
        f"of {w.money.amount(found.total_asked)} asked by {w.chosen}. By {w.tool}: "
        + "; ".join(
            f"{institution} {name} {w.money.amount(total)}"
            for (institution, name), total in zip(found.tools, found.totals, strict=True)
            if total
        )
        + "."
    )
    return Drawn("tools", alt, figure)


def _amounts(
    axes: Axes,
    place: int,
    unit: Unit,
    amounts: Sequence[int | None],
    shades: Sequence[int | None],
) -> None:
    for column, (amount, dark) in enumerate(zip(amounts, shades, strict=True)):
        if dark is None:
            continue
        face = FADES[dark - 1] if dark else "white"
        ends = ([column - 0.46], [column + 0.46])
        boxes(axes, [place], *ends, 0.84, facecolor=face, edgecolor=MUTED, linewidth=0.6)
        colour = "white" if dark >= WHITE_FROM else INK
        write(axes, column, place, unit.amount(amount), ha="center", fontsize=SMALL, color=colour)


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
            text = found.unit.amount(amount)
            write(axes, column, place, text, ha="center", fontsize=SMALL, weight=weight)


def _head(institution: str, name: str) -> str:
    """Return the head of a column as narrow as its amounts, whole up to eight lines."""
    lines = broken(plain(name), _COLUMN, SMALL, most=_HEAD_LINES)
    return "\n".join([institution, *lines] if institution else lines)


def country_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw what is asked and proposed for each target country, by bloc.

    Nothing is drawn where there is no allocation.
    """
    w = names_of(evaluation).words
    found = countries(evaluation)
    shown = found[:ROWS]
    if not shown or not evaluation.allocation.exists:
        return None
    unit = w.money.unit(c.asked for c in shown)
    note = (
        f"Solid: proposed; outline: asked by {w.chosen}, {unit.head}. What "
        f"{w.a_package} gets "
        f"is split by the shares of its target countries as it states them."
        f"{only(len(shown), len(found), 'first')}"
    )
    places, zero = range(len(shown)), [0.0] * len(shown)
    asked = [c.asked / unit.size for c in shown]
    given = [(c.given or 0) / unit.size for c in shown]
    with style():
        figure, axes = rows(len(shown), note, w, left=2.6, right=1.3, head=0.15)
        look = {"edgecolor": FILLS[0], "linewidth": 0.9}
        boxes(axes, places, zero, asked, 0.66, facecolor="white", **look)
        boxes(axes, places, zero, given, 0.66, facecolor=FILLS[0], **look)
        for place, country in enumerate(shown):
            told = f"{unit.amount(country.given)} of {unit.amount(country.asked)}"
            write(axes, asked[place] + 0.008 * max(asked), place, told, fontsize=8)
        label(axes, [f"{country.bloc}: {country.name}" for country in shown], 2.6 - 0.2)
        axes.set_xlim(0, max(asked))
        axes.xaxis.set_major_formatter(plain_numbers())
        axes.set_xlabel(unit.head)
    most = sorted(shown, key=lambda country: -(country.given or 0))[:3]
    alt = (
        f"Bars of {len(shown)} target countries by bloc: proposed beside asked. Most for "
        + "; ".join(f"{country.name}, {w.money.amount(country.given or 0)}" for country in most)
        + "."
    )
    return Drawn("countries", alt, figure)
