"""A figure within a page: smaller than its file, and in the colours of the page's theme."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from markupsafe import Markup

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
_SAFE = " !'()*,-./:;=?@[]_`{|}~"
_BLANKS = re.compile(r"\s+")


def embedded(svg: bytes) -> Markup:
    """Return a figure of Matplotlib as the address of an image, to stand between double quotes.

    Each look is written once, for light and for dark ground, of which a reader's browser takes
    one; the file beside the page is of light ground. The text alternative is the page's.
    """
    text = _ASIDE.sub("", svg.decode())
    looks = {look: f"a{place}" for place, look in enumerate(dict.fromkeys(_LOOK.findall(text)))}

    def tag(found: re.Match[str]) -> str:
        short = _LOOK.sub(lambda look: f' class="{looks[look[1]]}"', _IDLE.sub("", found[0]))
        short = _PLACE.sub(lambda place: f"{float(place[0]):.2f}", short)
        return short if "'" in short else short.replace('"', "'")

    text = _TAG.sub(tag, text).replace("</style>", f"{_style(looks)}</style>", 1)
    # In signs that an address may hold; letters in Base64 would take a third more.
    address = quote(_BLANKS.sub(" ", text).strip(), safe=_SAFE)
    return Markup(f"data:image/svg+xml,{address}")  # noqa: S704  (no sign of markup is left)


def _style(looks: Mapping[str, str]) -> str:
    light = "".join(f".{name}{{{look}}}" for look, name in looks.items())
    dark = "".join(
        f".{name}{{{_COLOUR.sub(lambda found: DARK[found[0]], look)}}}"
        for look, name in looks.items()
        if _COLOUR.search(look)
    )
    return f"{light}@media(prefers-color-scheme:dark){{{dark}}}"
