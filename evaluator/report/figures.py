"""Figures, one function each: SVG with the same bytes for the same evaluation."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evaluator.model.results import Evaluation
from evaluator.report.limits import LimitLine, limit_lines
from evaluator.report.tables import contributions, short_names

INK, MUTED, RULE = "#1c2430", "#55606e", "#c9d0d9"
# The hues of Okabe and Ito, darkened: each has 4.5:1 against white, so that white numbers can be
# read on them, and neighbours differ in lightness as well.
FILLS = ("#0b5a8f", "#a84300", "#00694d", "#8a3f6d", "#4a5666", "#7a5c00", "#2f2f7a", "#6b2b2b")
SHOWN = 60
"""Bars that stay readable in one figure; the table beside it has them all."""
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "evaluator",
    "font.family": "sans-serif",
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "xtick.color": MUTED,
    "ytick.color": INK,
}
_LABEL_LENGTH = 46
_ROOM = 3.5
"""Points of score: a narrower part has no room for its number."""
_WIDTH, _LEFT, _HEAD, _FOOT = 10.5, 3.6, 0.4, 0.55
"""Inches: of the whole, for labels, for the legend, for the axis."""


@dataclass(frozen=True)
class Drawn:
    """One figure and what it says in words."""

    name: str
    svg: bytes
    alt: str


def figures(evaluation: Evaluation) -> tuple[Drawn, ...]:
    """Return the figures of a report that have something to show."""
    found = (contribution_figure(evaluation), limit_figure(evaluation))
    return tuple(figure for figure in found if figure is not None)


def contribution_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw the overall score of each ranked package, stacked by agency."""
    ranked = evaluation.ranking[evaluation.ranking["rank"].notna()]
    if ranked.empty:
        return None
    parts = contributions(evaluation).loc[ranked.index[:SHOWN]]
    names = short_names(evaluation)
    labels = [
        f"{row['rank']}  {package}  {row['title']}"
        for package, row in ranked.iloc[:SHOWN].iterrows()
    ]
    with mpl.rc_context(_STYLE):
        figure, axes = _bars(len(parts))
        left = [0.0] * len(parts)
        for number, (agency, name) in enumerate(names.items()):
            widths = [float(w) for w in parts[agency]]
            fill = FILLS[number % len(FILLS)]
            axes.barh(
                range(len(parts)), widths, left=left, height=0.74, color=fill, label=name,
                edgecolor="white", linewidth=0.8,
            )  # fmt: skip
            for place, (start, width) in enumerate(zip(left, widths, strict=True)):
                if width >= _ROOM:
                    axes.text(
                        start + width / 2, place, f"{width:.1f}", ha="center", va="center",
                        color="white", fontsize=7.5,
                    )  # fmt: skip
            left = [a + w for a, w in zip(left, widths, strict=True)]
        for place, total in enumerate(left):
            axes.text(total + 0.8, place, f"{total:.1f}", va="center", fontsize=8.5, weight="bold")
        _label(axes, labels)
        axes.set_xlim(0, 100)
        axes.set_xlabel("Overall score: points of each agency, influence x agency score")
        axes.legend(
            loc="lower left", bbox_to_anchor=(0, 1), ncols=min(6, len(names)), frameon=False,
            borderaxespad=0.3, handlelength=1.2,
        )  # fmt: skip
        svg = _svg(figure)
    first = ranked.iloc[0]
    alt = (
        f"Stacked bars of {len(parts)} ranked packages, best first; each bar is the overall score, "
        f"its parts are what {', '.join(names.values())} contribute. "
        f"{ranked.index[0]} leads with {first['overall']:.1f} points."
    )
    return Drawn("contributions", svg, alt)


def limit_figure(evaluation: Evaluation) -> Drawn | None:
    """Draw how much of each limit is used: of limits with groups, the tightest group."""
    lines = _tightest(limit_lines(evaluation))[:SHOWN]
    if not lines:
        return None
    with mpl.rc_context(_STYLE):
        figure, axes = _bars(len(lines))
        shares = [100 * (line.used_share or 0.0) for line in lines]
        for kind, fill, hatch in (("law", FILLS[0], None), ("goal", "white", "////")):
            places = [place for place, line in enumerate(lines) if line.kind == kind]
            axes.barh(
                places, [min(shares[place], 100.0) for place in places], height=0.62, color=fill,
                edgecolor=FILLS[0], linewidth=1.0, hatch=hatch,
            )  # fmt: skip
        for place, (line, share) in enumerate(zip(lines, shares, strict=True)):
            told = f"{share:,.0f} % {_verdict(line)}".strip()
            weight = "bold" if line.binding else "normal"
            axes.text(
                min(share, 100.0) + 1.2, place, told, va="center", fontsize=8.5, weight=weight
            )
        axes.axvline(100, color=INK, linewidth=1.0)
        _label(axes, [line.name for line in lines])
        axes.set_xlim(0, 118)
        axes.set_xticks([0, 25, 50, 75, 100])
        axes.set_xlabel("Used, % of the bound (solid: law or budget; hatched: goal)")
        svg = _svg(figure)
    binding = [line.name for line in lines if line.binding]
    alt = (
        f"Bars of {len(lines)} limits, the most used first; of limits on single packages, "
        f"entities, countries or blocs only the tightest is drawn. "
        f"{len(binding)} bind: {', '.join(binding) or 'none'}."
    )
    return Drawn("limits", svg, alt)


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


def _bars(count: int) -> tuple[Figure, Axes]:
    height = _HEAD + _FOOT + 0.27 * max(count, 2)
    figure = Figure(figsize=(_WIDTH, height))
    # Fixed margins: to measure every text costs more than to draw it.
    bottom, top = _FOOT / height, _HEAD / height
    axes = figure.add_axes((_LEFT / _WIDTH, bottom, 0.985 - _LEFT / _WIDTH, 1 - bottom - top))
    axes.set_ylim(count - 0.4, -0.6)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    return figure, axes


def _label(axes: Axes, labels: Sequence[str]) -> None:
    # Texts, not tick labels: a tick costs five times as much.
    axes.set_yticks([])
    beside = axes.get_yaxis_transform()
    for place, label in enumerate(labels):
        axes.text(-0.008, place, _short(label), transform=beside, ha="right", va="center")


def _short(text: str) -> str:
    """Return a label that fits, without what XML cannot carry."""
    text = "".join(c for c in text if c.isprintable())
    return text if len(text) <= _LABEL_LENGTH else f"{text[: _LABEL_LENGTH - 1].rstrip()}…"


def _svg(figure: Figure) -> bytes:
    data = io.BytesIO()
    metadata: Mapping[str, None] = {"Date": None, "Creator": None}
    figure.savefig(data, format="svg", metadata=metadata)
    return data.getvalue()
