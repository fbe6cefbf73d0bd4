"""What all figures share: how they look, how they are kept, and the parts they are made of."""

from __future__ import annotations

import io
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter
from matplotlib.transforms import ScaledTranslation, Transform, blended_transform_factory

from evaluator.report.figures.labels import Lettering
from evaluator.report.figures.lettering import broken
from evaluator.report.formatting.fonts import fonts_for
from evaluator.report.formatting.numbers import general
from evaluator.report.formatting.palette import GRID, INK, MUTED
from evaluator.report.formatting.words import Words
from evaluator.sanitize import seen

Look = Mapping[str, Any]
"""How a part is drawn, in Matplotlib's words."""
HATCHED: Look = {"facecolor": "white", "hatch": "////"}
_OWN = "DejaVu Sans"
"""The font that comes with Matplotlib."""
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "evaluator",
    "font.family": "sans-serif",
    "font.sans-serif": [_OWN, "Verdana"],
    "font.size": 9.0,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": GRID,
    "axes.labelcolor": INK,
    "xtick.color": MUTED,
    "ytick.color": INK,
}
_DOTS_PER_INCH = 150
_WIDTH, _ROW, _LINE = 9.2, 0.28, 0.165
"""Inches: of the whole, of a row, of a line of the note."""
SMALL, LABEL = 7.8, 8.0
"""Points of the smallest letters and of labels: 6.5 and more where an upright page has them."""
ROWS = 36
"""Rows that one page holds; a table beside the figure has them all."""
LEFT, _RIGHT, _HEAD, FOOT, EDGE = 3.5, 0.16, 0.4, 0.62, 0.1
"""Inches: for labels, beside the axis, for the legend, for the axis, and free at the edge."""
_GAP = 0.12
"""Inches between a label and what stands to the right of it."""
_TALL = 0.72
"""Height over width from which a figure needs an upright page."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """One figure and what it says in words; a notebook shows it."""

    name: str
    alt: str
    """The text alternative."""
    figure: Figure

    @property
    def tall(self) -> bool:
        """Whether its letters stay readable on paper only on an upright page."""
        width, height = self.figure.get_size_inches()
        return bool(height > _TALL * width)

    @cached_property
    def svg(self) -> bytes:
        """The figure as SVG, its text alternative within; the same bytes for the same numbers."""
        about = {"Date": None, "Creator": None, "Title": self.alt}
        return self._saved(format="svg", metadata=about)

    @cached_property
    def png(self) -> bytes:
        """The figure as PNG, 150 dots an inch."""
        about = {"Software": None, "Description": self.alt}
        return self._saved(format="png", dpi=_DOTS_PER_INCH, metadata=about)

    def _saved(self, **how: Any) -> bytes:
        data = io.BytesIO()
        log = logging.getLogger("matplotlib.font_manager")
        before = log.level
        texts = [t for one in self.figure.artists if isinstance(one, Lettering) for t in one.texts]
        families = fonts_for(texts).families
        for one in self.figure.findobj() if families else ():
            if isinstance(one, Lettering):
                one.set_family([_OWN, *families, "sans-serif"])
            elif isinstance(one, Text):
                one.set_fontfamily([_OWN, *families, "sans-serif"])
        with style(), warnings.catch_warnings():
            # What no font of the system has either: SVG leaves it to the reader's fonts.
            warnings.filterwarnings("ignore", message="Glyph")
            log.setLevel(logging.ERROR)  # that a font has no bold letters
            try:
                self.figure.savefig(data, **how)
            finally:
                log.setLevel(before)
        return data.getvalue()

    def _repr_svg_(self) -> str:
        return self.svg.decode()

    def _repr_png_(self) -> bytes:
        return self.png


@contextmanager
def style() -> Iterator[None]:
    """Draw in the report's own style, whatever a notebook has set."""
    with mpl.rc_context(_STYLE):
        yield


def rows(
    count: int,
    note: str,
    words: Words,
    *,
    left: float = LEFT,
    right: float = _RIGHT,
    head: float = _HEAD,
    foot: float = FOOT,
) -> tuple[Figure, Axes]:
    """Return a figure of so many rows, the first on top, with a note at its foot.

    The study's stamp and marking end the note.

    left, right, head, foot: inches beside, above and below the axes.
    """
    tall = _ROW * max(count, 2)
    figure, axes = panel(tall, note, words, left=left, right=right, head=head, foot=foot)
    axes.set_ylim(count - 0.4, -0.6)
    axes.set_yticks([])  # Labels are texts: a tick costs five times as much.
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=GRID, linewidth=0.6)
    return figure, axes


def panel(
    tall: float,
    note: str,
    words: Words,
    *,
    left: float,
    right: float = _RIGHT,
    head: float = _HEAD,
    foot: float = FOOT,
) -> tuple[Figure, Axes]:
    """Return a figure whose axes are so many inches tall, with a note at its foot.

    words: of the study, whose stamp and marking end the note."""
    standing = " ".join(f"{one.rstrip('.')}." for one in (words.stamp, words.marking) if one)
    lines = broken(f"{plain(note).rstrip()} {plain(standing)}", _WIDTH - 2 * EDGE, SMALL)
    foot += _LINE * len(lines)
    height = head + foot + tall
    figure = Figure(figsize=(_WIDTH, height))
    # Fixed margins: to measure every text costs more than to draw it.
    across = 1 - (left + right) / _WIDTH
    axes = figure.add_axes((left / _WIDTH, foot / height, across, tall / height))
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    figure.add_artist(Lettering())
    write(
        axes, EDGE, 0.07, "\n".join(lines), within=figure.dpi_scale_trans, va="bottom",
        fontsize=SMALL, color=MUTED, linespacing=1.25,
    )  # fmt: skip
    return figure, axes


def boxes(
    axes: Axes,
    places: Sequence[float],
    starts: Sequence[float],
    ends: Sequence[float],
    thick: float = 0.74,
    **look: Any,
) -> PathPatch:
    """Add a box a row from start to end, all in one path: far cheaper than as many bars."""
    middle, start, end = (np.asarray(a, dtype=np.float64) for a in (places, starts, ends))
    low, high = middle - thick / 2, middle + thick / 2
    x = np.column_stack([start, end, end, start, start])
    y = np.column_stack([low, low, high, high, low])
    codes = np.tile([Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY], len(middle))
    path = Path(np.column_stack([x.ravel(), y.ravel()]), codes)
    patch = PathPatch(path, **look)
    axes.add_artist(patch)  # `add_patch` looks for the extent of each side as of a curve
    axes.update_datalim(path.vertices)
    return patch


def ticks(axes: Axes, at: Sequence[float], places: Sequence[int]) -> None:
    """Mark one place in each row with an upright stroke."""
    axes.plot(at, places, "|", markersize=12, markeredgewidth=2.2, color=INK)


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    within: Transform | None = None,
    linespacing: float = 1.2,
    **look: Any,
) -> None:
    """Write a text beside a mark. Texts of the figure, not of the axes: nothing is clipped."""
    where = axes.transData if within is None else within
    (words,) = (artist for artist in axes.figure.artists if isinstance(artist, Lettering))
    words.add(x, y, where, plain(text), {"va": "center", **look}, linespacing)


def beside(axes: Axes) -> Transform:
    """Return places by inches from the left edge and by row."""
    return blended_transform_factory(axes.figure.dpi_scale_trans, axes.transData)


def label(axes: Axes, labels: Sequence[str], room: float = LEFT - EDGE - _GAP) -> None:
    """Write the labels of the rows at the left edge, in so many inches."""
    for place, text in enumerate(labels):
        label_row(axes, place, text, room)


def label_row(axes: Axes, place: int, text: str, room: float, *, bold: bool = False) -> None:
    """Write the label of a row at the left edge: a long one in two lines, what is longer is cut."""
    told = "\n".join(broken(plain(text), room, LABEL, bold=bold, most=2))
    weight = "bold" if bold else "normal"
    write(
        axes, EDGE, place, told, within=beside(axes), fontsize=LABEL, linespacing=1.0,
        weight=weight,
    )  # fmt: skip


def name_columns(axes: Axes, heads: Sequence[str]) -> None:
    """Write the names of the columns 0, 1, ... below the axes: cheaper than as many ticks."""
    axes.set_xticks([])
    axes.xaxis.labelpad = 14.0
    below = axes.get_xaxis_transform() + ScaledTranslation(0, -0.05, axes.figure.dpi_scale_trans)
    for column, head in enumerate(heads):
        look: Look = {"ha": "center", "va": "top", "fontsize": SMALL, "color": MUTED}
        write(axes, column, 0.0, head, within=below, **look)


def legend(axes: Axes, handles: Sequence[Any], names: Sequence[str]) -> None:
    """Write a legend above the axes, in one line where it fits."""
    axes.legend(
        handles, names, loc="lower left", bbox_to_anchor=(0, 1), ncols=min(6, len(names)),
        frameon=False, borderaxespad=0.3, handlelength=1.2,
    )  # fmt: skip


def plain_numbers() -> FuncFormatter:
    """Return what writes the numbers of an axis in full."""
    return FuncFormatter(lambda number, _: general(number, 6))


def only(drawn: int, of: int, which: str) -> str:
    """Return the note that not all rows are drawn, or nothing.

    >>> only(60, 1000, "best"), only(5, 5, "best")
    (' The 60 best of 1,000 are drawn.', '')
    """
    return f" The {drawn} {which} of {of:,} are drawn." if drawn < of else ""


def plain(text: str) -> str:
    """Return a text without what XML cannot carry."""
    return seen(text, between="\n")


def listed(names: Sequence[str]) -> str:
    """Return names as a list in a sentence; `none` where there is none."""
    return "; ".join(names) or "none"
