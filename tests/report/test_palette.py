"""Colours can be told apart and read, on light ground and on dark, by whatever eyes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from urllib.parse import unquote

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks import page as benchmark
from evaluator import evaluate
from evaluator.report import render
from evaluator.report.figures import every_figure
from evaluator.report.formatting.palette import DARK, FADES, FILLS, INK, PAPER, WHITE_FROM, upon
from evaluator.report.html.embedding import embedded
from evaluator.results.evaluation import Evaluation
from tests.conftest import ROOT

Array = NDArray[np.float64]

# Machado, Oliveira and Fernandes, A Physiologically-based Model for Simulation of Color Vision
# Deficiency, IEEE TVCG 15 (2009) 1291-1298: severity 1.0, of linear RGB.
EYES = {
    "usual": np.eye(3),
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
    "grey": [[0.2126, 0.7152, 0.0722]] * 3,
}
AGENCIES = 5
# CIELAB distance: about 2.3 is just noticeable (Mahy, Van Eycken, Oosterlinck 1994).
APART, APART_IN_GREY, ANY = 20.0, 7.0, 10.0
GROUNDS = {"light": FILLS, "dark": tuple(DARK[fill] for fill in FILLS)}


def linear(colour: str) -> Array:
    """Return linear RGB of a colour of sRGB (IEC 61966-2-1)."""
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(rgb: Array) -> Array:
    """Return CIELAB (1976) under D65."""
    to_xyz = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    x, y, z = (np.array(to_xyz) @ rgb) / [0.95047, 1.0, 1.08883]
    f, g, h = (t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116 for t in (x, y, z))
    return np.array([116 * g - 16, 500 * (f - g), 200 * (g - h)])


def nearest(fills: Sequence[str], eyes: str) -> float:
    seen = [lab(np.clip(np.array(EYES[eyes]) @ linear(fill), 0, 1)) for fill in fills]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))


def contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2.2."""
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) + 0.05 for c in (one, other))
    return high / low


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("eyes", EYES)
def test_five_agencies_are_told_apart(ground: str, eyes: str) -> None:
    wanted = APART_IN_GREY if eyes == "grey" else APART
    assert nearest(GROUNDS[ground][:AGENCIES], eyes) >= wanted
    if eyes != "grey":
        assert nearest(GROUNDS[ground], eyes) >= ANY


def test_the_simulation_takes_from_eyes_what_they_lack() -> None:
    """Oracle: red and green of one lightness are far apart, but not for deutan eyes."""
    red, green = "#a50000", "#4a6b00"
    assert nearest((red, green), "usual") > 60
    assert nearest((red, green), "deutan") < nearest((red, green), "tritan") / 2


def test_numbers_can_be_read_upon_every_fill_on_either_ground() -> None:
    for fill in FILLS:
        for over, under in ((upon(fill), fill), (DARK[upon(fill)], DARK[fill])):
            assert contrast(over, under) >= 4.5, (over, under)
        assert contrast(fill, PAPER) >= 3
        assert contrast(DARK[fill], DARK[PAPER]) >= 3
    for place, shade in enumerate(FADES, start=1):
        over = PAPER if place >= WHITE_FROM else INK
        assert contrast(over, shade) >= 4.5
        assert contrast(DARK[over], DARK[shade]) >= 4.5


@pytest.mark.parametrize("shades", [FADES, [DARK[fade] for fade in FADES][::-1]])
def test_a_scale_is_told_by_its_lightness_alone(shades: Sequence[str]) -> None:
    lights = [float(lab(linear(shade))[0]) for shade in shades]
    assert lights == sorted(lights, reverse=True)


def colours(svg: str) -> Iterator[str]:
    yield from re.findall(r"#[0-9a-f]{6}\b", svg)


def test_every_colour_of_a_figure_has_its_dark_one(full: Evaluation) -> None:
    for drawn in every_figure(full)[0]:
        page = unquote(embedded(drawn.svg).partition(",")[2])
        light, _, dark = page.partition("@media(prefers-color-scheme:dark)")
        styles = dark.partition("</style>")[0]
        assert set(colours(drawn.svg.decode())) <= set(DARK), drawn.name
        assert set(colours(styles)) == {DARK[one] for one in colours(light)}, drawn.name
        assert "style=" not in page
        shown = re.findall(r"<text[^>]*>([^<]*)", drawn.svg.decode())
        found = re.findall(r"<text[^>]*>([^<]*)", page)
        assert [" ".join(t.split()) for t in found] == [" ".join(t.split()) for t in shown]


def test_no_colour_stands_beside_the_palette() -> None:
    """Pages, figures, documents and workbooks name the colours of the palette."""
    room = ROOT / "evaluator" / "report"
    paths = [one for end in ("py", "css", "js", "j2", "typ") for one in room.rglob(f"*.{end}")]
    found = {
        (path.name, colour)
        for path in paths
        if path.name != "palette.py"
        for colour in re.findall(r"#[0-9a-fA-F]{6}\b", path.read_text(encoding="utf-8"))
    }
    assert len(paths) > 100
    assert found == set()


def test_beyond_eight_a_colour_is_told_by_a_thinner_part() -> None:
    """In the bars of the ranking and in their legend: of twelve no two look alike."""
    study = benchmark.many()
    html = render(evaluate(study.model_copy(update={"packages": study.packages[:4]})))
    text = html.files["report.html"].decode()
    looks = re.findall(r'height="(\d+)" class="(c\d)"/></svg>Agency \d+ ', text)
    assert len(looks) == len(set(looks)) == benchmark.AGENCIES
