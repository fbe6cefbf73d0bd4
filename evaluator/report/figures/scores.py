"""Figures of scores: what each agency contributes, and how far the agencies are apart."""

from __future__ import annotations

from matplotlib.patches import Patch

from evaluator.model.results import Evaluation
from evaluator.report.figures.drawing import (
    FILLS,
    MUTED,
    Drawn,
    Look,
    boxes,
    legend,
    rows,
    style,
    ticks,
    write,
)
from evaluator.report.figures.standing import label_rows, ranked, rows_of, spoken, told
from evaluator.report.words.tables import contributions, short_names

_INSIDE: Look = {"ha": "center", "color": "white", "fontsize": 7.5}
_OUTSIDE: Look = {"fontsize": 7.5, "color": MUTED}
_ROOM = 3.5
"""Points of score: a narrower part has no room for its number."""


def contribution_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw the overall score of each ranked package, stacked by agency."""
    packages = ranked(evaluation)
    if not packages:
        return None
    shown = rows_of(evaluation, packages)
    parts = contributions(evaluation).loc[[row.package for row in shown]]
    names = short_names(evaluation)
    places = range(len(shown))
    with style():
        figure, axes = rows(len(shown), f"{_rule(evaluation)} {told(shown, len(packages))}")
        ends = parts.cumsum(axis=1)
        for number, agency in enumerate(names):
            widths, upto = parts[agency].tolist(), ends[agency].tolist()
            starts = [end - width for end, width in zip(upto, widths, strict=True)]
            fill = FILLS[number % len(FILLS)]
            boxes(axes, places, starts, upto, facecolor=fill, edgecolor="white", linewidth=0.8)
            for place, (start, width) in enumerate(zip(starts, widths, strict=True)):
                if width >= _ROOM:
                    write(axes, start + width / 2, place, f"{width:.1f}", **_INSIDE)
        totals = ends.iloc[:, -1].tolist()
        for place, total in enumerate(totals):
            write(axes, total + 0.8, place, f"{total:.1f}", fontsize=8.5, weight="bold")
        label_rows(axes, shown)
        axes.set_xlim(0, 100)
        axes.set_xlabel("Overall score: points of each agency, influence x agency score")
        patches = [Patch(facecolor=FILLS[i % len(FILLS)]) for i in range(len(names))]
        legend(axes, patches, list(names.values()))
    alt = (
        f"Stacked bars of {len(shown)} ranked packages, best first; each bar is the overall score, "
        f"its parts are what {', '.join(names.values())} contribute. "
        f"{shown[0].name} leads with {totals[0]:.1f} points. {spoken(shown)}"
    )
    return Drawn("contributions", alt, figure)


def _rule(evaluation: Evaluation) -> str:
    method = evaluation.study.scenario.method.name
    if method == "weighted_sum":
        return "Ranked by the weighted sum."
    return f"Ranked by {method.replace('_', ' ')}; the bars are the weighted sum."


def disagreement_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw the range of the agencies' scores of each ranked package, the overall score within."""
    packages, names = ranked(evaluation), short_names(evaluation)
    if not packages or len(names) < 2:
        return None
    shown = rows_of(evaluation, packages)
    table = evaluation.ranking.loc[[row.package for row in shown]]
    scores = table[list(names)]
    low, high = scores.min(axis=1).tolist(), scores.max(axis=1).tolist()
    overall = table["overall"].tolist()
    places = range(len(shown))
    note = (
        "Each bar runs from the lowest to the highest agency score, named at its ends; the tick is "
        f"the overall score, the dots the other agencies. {told(shown, len(packages))}"
    )
    with style():
        figure, axes = rows(len(shown), note, head=0.15)
        boxes(axes, places, low, high, 0.3, facecolor="#9bb8d5", edgecolor=FILLS[0], linewidth=0.8)
        for agency in names:
            axes.plot(scores[agency].tolist(), places, "o", markersize=4, color=FILLS[0])
        ticks(axes, overall, places)
        ends = zip(scores.idxmin(axis=1), scores.idxmax(axis=1), strict=True)
        for place, (first, last) in enumerate(ends):
            write(
                axes,
                low[place] - 1,
                place,
                f"{names[str(first)]} {low[place]:.0f}",
                ha="right",
                **_OUTSIDE,
            )
            write(axes, high[place] + 1, place, f"{high[place]:.0f} {names[str(last)]}", **_OUTSIDE)
        label_rows(axes, shown)
        axes.set_xlim(-12, 112)
        axes.set_xticks([0, 20, 40, 60, 80, 100])
        axes.set_xlabel("Score, 0 to 100")
    spread = (scores.max(axis=1) - scores.min(axis=1)).sort_values(ascending=False)
    called = {row.package: row.name for row in shown}
    widest = "; ".join(f"{called[str(p)]}, {s:.0f} points" for p, s in spread.head(3).items())
    alt = (
        f"Ranges of the scores of {len(names)} agencies for {len(shown)} ranked packages, best "
        f"first. Furthest apart: {widest}. {spoken(shown)}"
    )
    return Drawn("disagreement", alt, figure)
