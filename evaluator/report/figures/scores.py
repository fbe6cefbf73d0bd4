"""Figures of scores: what each agency contributes, and how far the agencies are apart."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from evaluator.report.figures.drawing import (
    SMALL,
    Drawn,
    Look,
    boxes,
    legend,
    rows,
    style,
    ticks,
    write,
)
from evaluator.report.figures.lettering import inches
from evaluator.report.figures.standing import label_rows, ranked, rows_of, spoken, told
from evaluator.report.formatting.names import agency_names, method_name, names_of
from evaluator.report.formatting.numbers import fixed, points
from evaluator.report.formatting.palette import FADES, FILLS, MUTED, upon
from evaluator.report.formatting.records import contributions
from evaluator.results.evaluation import Evaluation

_OUTSIDE: Look = {"fontsize": SMALL, "color": MUTED}
_ROOM = 4.5
"""Points of score: a narrower part has no room for its number."""
_MARKS = ("o", "s", "^", "D", "v", "P", "X", "p")
"""A shape for each agency: colours alone tell few readers apart."""
_THICK = 0.74
"""Of a row: what a part takes, and half of it where its colour stands for another already."""
_INCHES_A_POINT = 0.055
"""Of the axis of a score."""


def contribution_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw the overall score of each ranked package, stacked by agency."""
    w = names_of(evaluation).words
    packages = ranked(evaluation)
    if not packages:
        return None
    shown = rows_of(evaluation, packages)
    parts = contributions(evaluation).loc[[row.package for row in shown]]
    names = agency_names(evaluation)
    places = range(len(shown))
    note = (
        f"{_rule(evaluation)} The parts of each bar stand in the order named over the first. "
        f"{told(w, shown, len(packages))}"
    )
    with style():
        figure, axes = rows(len(shown), note, w, head=0.35)
        ends = parts.cumsum(axis=1)
        for number, agency in enumerate(names):
            widths, upto = parts[agency].tolist(), ends[agency].tolist()
            starts = [end - width for end, width in zip(upto, widths, strict=True)]
            fill = FILLS[number % len(FILLS)]
            inside: Look = {"ha": "center", "fontsize": SMALL, "color": upon(fill)}
            again = number // len(FILLS)
            thick = _THICK / 2**again
            boxes(
                axes, places, starts, upto, thick,
                facecolor=fill, edgecolor="white", linewidth=0.8,
            )  # fmt: skip
            for place, (start, width) in enumerate(zip(starts, widths, strict=True)):
                if width >= _ROOM and not again:
                    write(axes, start + width / 2, place, points(width), **inside)
        totals = ends.iloc[:, -1].tolist()
        for place, total in enumerate(totals):
            write(axes, total + 0.8, place, points(total), fontsize=8.5, weight="bold")
        label_rows(axes, shown)
        axes.set_xlim(0, 100)
        axes.set_xlabel(f"Overall score: points of each {w.agency}, influence x {w.agency} score")
        _name_parts(axes, list(names.values()), parts.iloc[0].tolist())
    alt = (
        f"Stacked bars of {len(shown)} ranked {w.packages}, best first; each bar is the "
        "overall score, "
        f"its parts are what {', '.join(names.values())} contribute. "
        f"{shown[0].name} leads with {points(totals[0])} points. {spoken(shown, w)}"
    )
    return Drawn("contributions", alt, figure)


def _name_parts(axes: Axes, names: Sequence[str], widths: Sequence[float]) -> None:
    """Write each agency's name over its part of the first bar, with a line down to it."""
    free, start = 0.0, 0.0
    for number, (name, width) in enumerate(zip(names, widths, strict=True)):
        wide = inches(name, SMALL, bold=True) / _INCHES_A_POINT
        middle = start + width / 2
        at = max(free, middle - wide / 2)
        colour = FILLS[number % len(FILLS)]
        write(axes, at, -1.0, name, fontsize=SMALL, weight="bold")
        foot = min(max(middle, at), at + wide)
        axes.plot([foot, middle], [-0.72, -0.4], color=colour, linewidth=1.2, clip_on=False)
        free, start = at + wide + 1.0, start + width


def _rule(evaluation: Evaluation) -> str:
    method = evaluation.study.scenario.method.name
    if method == "weighted_sum":
        return "Ranked by the weighted sum."
    return f"Ranked by {method_name(method)}; the bars are the weighted sum."


def disagreement_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw the range of the agencies' scores of each ranked package, the overall score within."""
    w = names_of(evaluation).words
    packages, names = ranked(evaluation), agency_names(evaluation)
    if not packages or len(names) < 2:
        return None
    shown = rows_of(evaluation, packages)
    scores = evaluation.agency_scores.loc[[row.package for row in shown]]
    low, high = scores.min(axis=1).tolist(), scores.max(axis=1).tolist()
    overall = evaluation.ranking["overall"][scores.index].tolist()
    places = range(len(shown))
    note = (
        f"Each bar runs from the lowest to the highest {w.agency} score, named at its ends; "
        "the tick is "
        f"the overall score, each shape {w.an_agency}. {told(w, shown, len(packages))}"
    )
    with style():
        figure, axes = rows(len(shown), note, w)
        boxes(axes, places, low, high, 0.3, facecolor=FADES[1], edgecolor=FADES[3], linewidth=0.8)
        for number, agency in enumerate(names):
            shape = _MARKS[(number + number // len(FILLS)) % len(_MARKS)]
            axes.plot(
                scores[agency].tolist(), places, shape, markersize=6,
                color=FILLS[number % len(FILLS)], markeredgecolor="white", markeredgewidth=0.5,
                label=names[agency],
            )  # fmt: skip
        ticks(axes, overall, places)
        handles, told_ = axes.get_legend_handles_labels()
        legend(axes, handles, told_)
        ends = zip(scores.idxmin(axis=1), scores.idxmax(axis=1), strict=True)
        for place, (first, last) in enumerate(ends):
            below, above = names[str(first)], names[str(last)]
            write(
                axes,
                low[place] - 1.6,
                place,
                f"{below} {fixed(low[place], 0)}",
                ha="right",
                **_OUTSIDE,
            )
            write(axes, high[place] + 1.6, place, f"{fixed(high[place], 0)} {above}", **_OUTSIDE)
        label_rows(axes, shown)
        axes.set_xlim(-16, 120)
        axes.set_xticks([0, 20, 40, 60, 80, 100])
        axes.set_xlabel("Score, 0 to 100")
    spread = (scores.max(axis=1) - scores.min(axis=1)).sort_values(ascending=False)
    called = {row.package: row.name for row in shown}
    widest = "; ".join(f"{called[str(p)]}, {fixed(s, 0)} points" for p, s in spread.head(3).items())
    alt = (
        f"Ranges of the scores of {len(names)} {w.agencies} for {len(shown)} ranked "
        f"{w.packages}, best "
        f"first. Furthest apart: {widest}. {spoken(shown, w)}"
    )
    return Drawn("disagreement", alt, figure)
