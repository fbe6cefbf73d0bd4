"""A figure within a page: smaller than its file, and in the colours of the page's theme."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

from evaluator.report.formatting.palette import DARK

_ASIDE = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<title>.*?</title>|<metadata>.*?</metadata>", re.S)
_TAG = re.compile(r"<[^>]*>")
_LOOK = re.compile(r' style="([^"]*)"')
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_PLACE = re.compile(r"-?\d+\.\d{3,}")
"""To more than a hundredth of a point."""
_IDLE = re.compile(
    r' transform="rotate\(-?0 [^)]*\)"'
    r'| id="(?:figure|axes|patch|line2d|text|xtick|ytick|matplotlib|legend)[^"]*"'
)
"""Turns by nothing, and names of parts that nothing refers to."""
_BLANKS = re.compile(r"\s+")


def embedded(svg: bytes) -> str:
    """Return a figure of Matplotlib as the address of an image.

    Each look is written once, for light and for dark ground, of which a reader's browser takes
    one; the file beside the page is of light ground. The text alternative is the page's.
    """
    text = _ASIDE.sub("", svg.decode())
    looks = {look: f"a{place}" for place, look in enumerate(dict.fromkeys(_LOOK.findall(text)))}

    def tag(found: re.Match[str]) -> str:
        short = _LOOK.sub(lambda look: f' class="{looks[look[1]]}"', _IDLE.sub("", found[0]))
        return _PLACE.sub(lambda place: f"{float(place[0]):.2f}", short)

    text = _TAG.sub(tag, text).replace("</style>", f"{_style(looks)}</style>", 1)
    data = base64.b64encode(_BLANKS.sub(" ", text).strip().encode())
    return f"data:image/svg+xml;base64,{data.decode()}"


def _style(looks: Mapping[str, str]) -> str:
    light = "".join(f".{name}{{{look}}}" for look, name in looks.items())
    dark = "".join(
        f".{name}{{{_COLOUR.sub(lambda found: DARK[found[0]], look)}}}"
        for look, name in looks.items()
        if _COLOUR.search(look)
    )
    return f"{light}@media(prefers-color-scheme:dark){{{dark}}}"
