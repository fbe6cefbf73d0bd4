"""The colours of pages and figures, each as it is on light and on dark ground."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]
"""On light ground, on dark ground."""

_FILLS: tuple[Pair, ...] = (
    ("#2656b5", "#8192f9"),
    ("#aa8f37", "#dbac45"),
    ("#254611", "#6be5b3"),
    ("#c6486f", "#d85492"),
    ("#360048", "#f0f1ff"),
    ("#766732", "#eae483"),
    ("#5e012b", "#f68684"),
    ("#095268", "#249cab"),
)
"""Chosen by search, so that the first five are as far apart as can be for eyes without red, green
or blue cones, and in grey; see the test for how far."""
_FADES: tuple[Pair, ...] = (
    ("#e8eef5", "#1d2733"),
    ("#d3dfec", "#24344a"),
    ("#b9cde1", "#2c4463"),
    ("#9bb8d5", "#35557c"),
    ("#3f6fa5", "#6f9fd0"),
    ("#2c5a8f", "#8bb4de"),
    ("#1f4a7b", "#a8c8ea"),
    ("#173a5e", "#c6dcf4"),
)
WHITE_FROM = 5
"""From this fade on, counted from 1, text stands in the colour of the ground."""
_NAMED: Mapping[str, Pair] = {
    "ink": ("#1c2430", "#e6eaf0"),
    "muted": ("#55606e", "#a6b1be"),
    "edge": ("#6b7683", "#8b97a5"),
    "grid": ("#c9d0d9", "#404a57"),
    "rule": ("#d9dee5", "#363f4b"),
    "wash": ("#f5f7f9", "#1c222b"),
    "paper": ("#ffffff", "#14181f"),
    "navy": ("#173a5e", "#b3cdea"),
    "band": ("#173a5e", "#20405f"),
    "link": ("#0b4f8a", "#8ec1f0"),
    "good": ("#14603c", "#74d19f"),
    "warn": ("#8a4b00", "#f0ad62"),
    "bad": ("#96191d", "#f59a98"),
    "alarm": ("#96191d", "#96191d"),
    "pale": ("#e3e8ee", "#2a323d"),
    "entry": ("#fff4c2", "#4a4013"),
}
"""band, alarm: grounds on which white text stands; entry: of a cell to write in."""
_ON_FILL: Pair = ("#0e131a", "#0e131a")

FILLS, FADES = (tuple(light for light, _ in pairs) for pairs in (_FILLS, _FADES))
"""Of categories, and of a scale from little to much."""
LIGHT: Mapping[str, str] = {name: light for name, (light, _) in _NAMED.items()}
"""By name, what stands on light ground: paper, documents, workbooks."""
INK, MUTED, GRID, PAPER = (LIGHT[name] for name in ("ink", "muted", "grid", "paper"))
DARK: Mapping[str, str] = dict(
    (*_FILLS, *_FADES, *(_NAMED[name] for name in ("ink", "muted", "grid", "paper")), _ON_FILL)
)
"""What each colour of a figure is on dark ground."""


def upon(fill: str) -> str:
    """Return the colour of a number that stands upon a fill of light ground."""
    return _ON_FILL[0] if fill == FILLS[1] else PAPER


def tokens() -> str:
    """Return the colours as properties of a style sheet; paper and print are light."""
    every = dict(_NAMED)
    every |= {f"c{place}": pair for place, pair in enumerate(_FILLS)}
    every |= {f"h{place}": pair for place, pair in enumerate(_FADES, start=1)}
    light, dark = (
        "".join(f"--{name}:{pair[side]};" for name, pair in every.items()) for side in (0, 1)
    )
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    )
