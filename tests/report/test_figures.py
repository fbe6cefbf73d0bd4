"""Figures: true, readable, and inert."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from evaluator.model.results import Evaluation
from evaluator.report.figures import FILLS, contribution_figure, figures, limit_figure

SVG = "{http://www.w3.org/2000/svg}"


def words(svg: bytes) -> list[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314  our own file
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("fill", FILLS)
def test_white_numbers_can_be_read_on_every_fill(fill: str) -> None:
    assert 1.05 / (luminance(fill) + 0.05) >= 4.5


def test_contributions_are_printed(hand: Evaluation) -> None:
    # Influence 0.6 trade, 0.4 energy. P2: 0.4 x 96.18 = 38.5, 0.6 x 80 = 48; in all 86.5.
    drawn = contribution_figure(hand)
    assert drawn is not None
    found = words(drawn.svg)
    assert {"38.5", "48.0", "86.5", "Energy", "Trade"} <= set(found)
    assert "P2 leads with 86.5 points" in drawn.alt


def test_use_of_limits_is_printed(hand: Evaluation) -> None:
    # Loans 100 of 100, equity of the group 25 of 25, equity 25 of 30 = 83 %.
    drawn = limit_figure(hand)
    assert drawn is not None
    found = words(drawn.svg)
    assert [w for w in found if "%" in w and w[0].isdigit()] == [
        "100 % binds",
        "100 % binds",
        "83 %",
    ]
    assert "2 bind" in drawn.alt


def test_same_bytes_and_no_date(hand: Evaluation) -> None:
    first, second = figures(hand), figures(hand)
    assert first == second
    for drawn in first:
        assert b"date" not in drawn.svg.lower()


def test_hostile_titles_are_drawn_as_they_stand(hand: Evaluation) -> None:
    titles = ["<script>alert(1)</script>", "$\\frac{1}{0}$ & co", "a\x00b\x1b" + "x" * 10_000]
    drawn = contribution_figure(replace(hand, ranking=hand.ranking.assign(title=titles)))
    assert drawn is not None
    found = words(drawn.svg)
    assert any("<script>alert(1)</script>" in word for word in found)
    assert any("$\\frac{1}{0}$ & co" in word for word in found)
    assert all(len(word) < 80 for word in found)
    assert b"<script" not in drawn.svg


def test_figures_ask_for_no_font_and_no_file(hand: Evaluation) -> None:
    for drawn in figures(hand):
        assert b"@font-face" not in drawn.svg
        links = re.findall(rb'(?:href|src|url)\s*[=(]\s*["\']?([^"\')\s]+)', drawn.svg)
        assert [link for link in links if not link.startswith(b"#")] == []


def test_nothing_to_draw(hand: Evaluation) -> None:
    nobody = hand.ranking.assign(rank=hand.ranking["rank"].mask(hand.ranking["rank"] > 0))
    assert contribution_figure(replace(hand, ranking=nobody)) is None
    without = replace(hand.allocation, limits=hand.allocation.limits.iloc[:0])
    assert limit_figure(replace(hand, allocation=without)) is None
