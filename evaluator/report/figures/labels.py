"""The texts of a figure: hundreds, of a few looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_rgba
from matplotlib.text import Text
from matplotlib.transforms import Bbox, IdentityTransform, Transform

from evaluator.report.figures.lettering import inches
from evaluator.report.formatting.direction import isolated

_ASCENT = 0.76
"""Ems of a line of DejaVu Sans above its base; the rest of the em is below."""
_ABOVE = {"top": 0.0, "center": 0.5, "bottom": 1.0}
"""The part of a text that stands above its place."""
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
"""The part of a line that stands to the left of its place."""


@dataclass(frozen=True)
class _Look:
    """One look, and the texts that have it: x, y, the system of these, and the text."""

    like: Text
    spacing: float
    placed: list[tuple[float, float, Transform, str]] = field(default_factory=list)


class Lettering(Artist):
    """Texts that are drawn as they are placed, without being measured.

    Matplotlib's own texts each measure themselves before they are drawn, which takes far longer.
    Here a line is one em high, so that the bases of a row's texts are level.
    """

    zorder = Text.zorder

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[tuple[tuple[str, object], ...], _Look] = {}

    def add(
        self,
        x: float,
        y: float,
        where: Transform,
        text: str,
        look: Mapping[str, Any],
        spacing: float,
    ) -> None:
        """Add a text at x and y in a system of places; lines are so many ems apart."""
        key = (("spacing", spacing), *sorted(look.items()))
        if key not in self._looks:
            like = Text(transform=IdentityTransform(), **look)
            self._looks[key] = _Look(like, spacing)
        self._looks[key].placed.append((x, y, where, text))

    @property
    def texts(self) -> list[str]:
        """Every text."""
        return [text for look in self._looks.values() for _, _, _, text in look.placed]

    def set_family(self, families: Sequence[str]) -> None:
        """Take the letters of these fonts, the first that has each."""
        for look in self._looks.values():
            look.like.set_fontfamily(list(families))

    def draw(self, renderer: RendererBase) -> None:
        """Draw every text."""
        for look in self._looks.values():
            _draw(renderer, look)

    def get_window_extent(self, renderer: RendererBase | None = None) -> Bbox:
        """Return the whole figure: texts stand within it."""
        figure = self.get_figure(root=True)
        return Bbox.null() if figure is None else figure.bbox.frozen()


def _draw(renderer: RendererBase, look: _Look) -> None:
    like, font = look.like, look.like.get_fontproperties()
    points, bold = font.get_size_in_points(), font.get_weight() == "bold"
    em = cast("float", renderer.points_to_pixels(points))
    above = _ABOVE[like.get_verticalalignment()]
    before = _BEFORE[like.get_horizontalalignment()]
    _, tall = renderer.get_canvas_width_height()
    graphics = renderer.new_gc()
    graphics.set_foreground(to_rgba(like.get_color()), isRGBA=True)
    for x, y, where, text in look.placed:
        lines = text.split("\n")
        at, middle = where.transform((x, y))
        height = em * (1 + look.spacing * (len(lines) - 1))
        base = middle + above * height - _ASCENT * em
        for line in lines:
            left = at - before * inches(line, points, bold=bold) * 72 * em / points
            # SVG is told the place itself and the side on which the line stands.
            like.set_position((at, base))
            down = tall - base if renderer.flipy() else base
            shown = isolated(line)
            renderer.draw_text(graphics, left, down, shown, font, 0.0, ismath=False, mtext=like)
            base -= look.spacing * em
    graphics.restore()
