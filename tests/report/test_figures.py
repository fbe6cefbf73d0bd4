"""Figures: true, readable, and inert."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from evaluator.decision.findings import BelowCut
from evaluator.report.figures import (
    EXTENDED,
    FULL,
    Drawn,
    concentration_frontier_figure,
    contribution_figure,
    country_figure,
    disagreement_figure,
    every_figure,
    frontier_figure,
    limit_figure,
    rank_acceptability_figure,
    rank_interval_figure,
    stability_figure,
    subsidy_frontier_figure,
    sweep_figure,
    tool_figure,
    tornado_figure,
)
from evaluator.report.figures.drawing import LABEL, ROWS, SMALL
from evaluator.report.figures.lettering import broken, inches
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.numbers import share, signed
from evaluator.report.viewmodel.extended import how_found
from evaluator.report.viewmodel.money.limits import limit_lines
from evaluator.results.evaluation import Evaluation
from evaluator.uncertainty.ranks import rank_table
from tests.programme import STAMP, WORDS

BY_HAND = tuple(draw for draw in FULL if draw is not country_figure)
"""What the case computed by hand has: its packages name no countries."""
SVG = "{http://www.w3.org/2000/svg}"
Draw = Callable[[Evaluation], Drawn | None]


def words(svg: bytes) -> list[str]:
    root = ElementTree.fromstring(svg)  # noqa: S314  our own file
    return ["".join(text.itertext()).strip() for text in root.iter(f"{SVG}text")]


def said(drawn: Drawn | None) -> list[str]:
    assert drawn is not None
    return words(drawn.svg)


def note(drawn: Drawn | None) -> str:
    return " ".join(said(drawn))


@pytest.mark.slow
def test_the_stamp_is_on_every_figure(full: Evaluation) -> None:
    drawn = every_figure(full)[0]
    assert len(drawn) >= 10
    assert [one.name for one in drawn if note(one).count(f"{STAMP}.") != 1] == []


def test_contributions_are_printed(hand: Evaluation) -> None:
    # Influence 0.6 trade, 0.4 energy. P2: 0.4 x 96.18 = 38.5, 0.6 x 80 = 48; in all 86.5.
    drawn = contribution_figure(hand)
    assert drawn is not None
    assert {"38.5", "48.0", "86.5", "Energy", "Trade"} <= set(said(drawn))
    assert "Second leads with 86.5 points" in drawn.alt


def test_use_of_limits_is_printed(hand: Evaluation) -> None:
    # Loans 100 of 100, equity of the group 25 of 25, equity 25 of 30 = 83 %.
    drawn = limit_figure(hand)
    assert drawn is not None
    assert [w for w in said(drawn) if "%" in w and w[0].isdigit()] == [
        "100 % binds",
        "100 % binds",
        "83 %",
    ]
    assert "2 bind" in drawn.alt


def test_limits_of_nothing_are_drawn_and_all_that_bind_are_counted(baseline: Evaluation) -> None:
    """What bars everything has no share, and binds all the same: it keeps a package out."""
    binding = [line for line in limit_lines(baseline) if line.binding]
    barring = [line for line in binding if line.bound == 0]
    assert barring
    drawn = limit_figure(baseline)
    printed = said(drawn)
    assert drawn is not None
    assert printed.count("bars everything") == len({line.limit for line in barring})
    assert f" {len(binding)} bind: " in drawn.alt
    for line in barring:
        assert line.name in drawn.alt
    # Of two packages that meet the same limit the tightest is drawn, and the other counted.
    assert "DFC: Equity in one project, Volta Telecom Cloud and 1 more" in drawn.alt


def test_a_goal_that_is_more_than_met_is_broken_with_its_number(baseline: Evaluation) -> None:
    over = [line.used_share for line in limit_lines(baseline) if (line.used_share or 0) > 1.005]
    drawn = limit_figure(baseline)
    assert {f"{100 * share:.0f} %" for share in over if share} <= set(said(drawn))
    assert "broken: more than 100 %" in note(drawn)
    assert drawn is not None
    (axes,) = drawn.figure.axes
    assert sum(line.get_color() == "white" for line in axes.lines) == len(over)


def test_agencies_are_told_apart_without_colour(baseline: Evaluation) -> None:
    """By name over the first bar, and by a shape each."""
    names = {"Commerce", "Defense", "Energy", "OSTP", "State"}
    first, other = contribution_figure(baseline), disagreement_figure(baseline)
    assert first is not None
    assert other is not None
    texts = ElementTree.fromstring(first.svg).iter(f"{SVG}text")  # noqa: S314  our own file
    above = {str(t.text): float(t.attrib["x"]) for t in texts if t.text in names}
    assert set(above) == names
    assert [*above.values()] == sorted(above.values())
    (axes,) = other.figure.axes
    shapes = [line.get_marker() for line in axes.lines if line.get_label() in names]
    assert len(set(shapes)) == len(names)


def test_no_letter_is_too_small_for_paper(full: Evaluation) -> None:
    """A sheet of 8.5 by 11 inches has room for 7.8 by 9.6: there letters have 6.5 points."""
    for drawn in every_figure(full)[0]:
        width, height = drawn.figure.get_size_inches()
        found = re.findall(rb"font(?:-size)?: (?:\w+ )?([\d.]+)px", drawn.svg)
        sizes = [float(size) for size in found]
        assert min(sizes) * min(7.8 / width, 9.6 / height) >= 6.5, drawn.name
    assert min(SMALL, LABEL) == SMALL


def test_agencies_stand_at_the_ends_of_the_range(hand: Evaluation) -> None:
    # P2: trade 80, energy 96.18.
    assert {"Trade 80", "96 Energy"} <= set(said(disagreement_figure(hand)))


def test_shares_of_ranks_are_printed(baseline: Evaluation) -> None:
    assert baseline.uncertainty is not None
    found = said(rank_acceptability_figure(baseline))
    shares = baseline.uncertainty.rank_acceptability["share"]
    want = sorted(f"{100 * share:.0f}" for share in shares if share >= 0.095)
    heads = [str(rank) for rank in range(1, len(baseline.uncertainty.packages) + 1)]
    assert sorted([*want, *heads]) == sorted(word for word in found if word.isdigit())


@pytest.mark.parametrize("draw", [rank_acceptability_figure, rank_interval_figure, tornado_figure])
def test_the_distribution_is_stated(baseline: Evaluation, draw: Draw) -> None:
    assert baseline.uncertainty is not None
    told = note(draw(baseline))
    assert f"{baseline.uncertainty.draws:,} draws" in told
    assert "Dirichlet: shares that sum to 1, drawn around those stated" in told


@pytest.mark.parametrize(
    "draw",
    [contribution_figure, disagreement_figure, rank_acceptability_figure, rank_interval_figure],
)
def test_who_is_next_out_and_next_in(baseline: Evaluation, draw: Draw) -> None:
    inside = baseline.ranking.index[baseline.ranking["designated"]]
    told = baseline.ranking["reason"].map(lambda why: any(isinstance(f, BelowCut) for f in why))
    below = baseline.ranking.index[told]
    drawn = draw(baseline)
    assert drawn is not None
    assert {"next out", "next in"} <= set(said(drawn))
    titles = baseline.ranking["title"]
    assert f"{titles[inside[-1]]} is next out" in drawn.alt
    assert f"{titles[below[0]]} is next in" in drawn.alt
    assert not re.search(r"SP26-\d", drawn.alt)
    assert "Filled dot: priority" in note(drawn)


def test_intervals_of_stability_are_printed(baseline: Evaluation) -> None:
    assert baseline.uncertainty is not None
    table = baseline.uncertainty.stability
    influence = table[table["kind"] == "influence"].iloc[0]
    for stays in ("designated", "leader"):
        low, high = influence[f"{stays}_low"], influence[f"{stays}_high"]
        told = f"{share(low, 1)} to {share(high, 1)}"
        assert told in said(stability_figure(baseline, stays))
    with pytest.raises(ValueError, match="'top' is not watched; watched are leader, order"):
        stability_figure(baseline, "top")


def test_tornado_of_one_package(baseline: Evaluation) -> None:
    assert baseline.uncertainty is not None
    table = baseline.uncertainty.tornado
    package = list(dict.fromkeys(table["package"]))[2]
    bars = table[table["package"] == package]
    drawn = tornado_figure(baseline, package)
    assert drawn is not None
    moved = bars[bars["kind"] != "value"]
    want = {share(end, 1) for end in [*moved["low"], *moved["high"]]}
    assert want <= set(said(drawn))
    assert f"the widest moves it by {bars['swing'].iloc[0]:.1f} points" in drawn.alt.lower()
    with pytest.raises(ValueError, match="no tornado for 'nobody'"):
        tornado_figure(baseline, "nobody")


def test_the_tornado_is_of_those_at_the_cut(baseline: Evaluation) -> None:
    drawn = tornado_figure(baseline)
    inside = baseline.ranking.index[baseline.ranking["designated"]]
    told = baseline.ranking["reason"].map(lambda why: any(isinstance(f, BelowCut) for f in why))
    heads = [text for text in said(drawn) if text.endswith(("next out", "next in"))]
    assert [head.split()[0] for head in heads] == [inside[-1], baseline.ranking.index[told][0]]


def test_tools_reconcile(baseline: Evaluation) -> None:
    amounts = baseline.allocation.amounts
    found = said(tool_figure(baseline))
    for usd in [*amounts.sum(), amounts.to_numpy().sum()]:
        assert (f"{usd / 1e6:,.1f}" if usd else "0") in found


def test_countries_split_amounts_by_shares(baseline: Evaluation) -> None:
    """What each country is given and asks sums to what its packages are given and ask."""
    # "25.0 of 30.0": the amounts of a country in $ million.
    found = [
        re.fullmatch(r"([\d,.]+) of ([\d,.]+)", word) for word in said(country_figure(baseline))
    ]
    pairs = [tuple(float(part.replace(",", "")) for part in m.groups()) for m in found if m]
    given = baseline.allocation.amounts.to_numpy().sum() / 1e6
    assert sum(g for g, _ in pairs) == pytest.approx(given, abs=0.5 * len(pairs))
    assert all(g <= asked for g, asked in pairs)


def test_a_frontier_of_any_two_columns() -> None:
    points = pd.DataFrame(
        {"subsidy_usd": [3_000_000, 1_000_000], "objective": [9.5, 4.0], "supported": [3, 2]}
    )
    drawn = frontier_figure(points, rule="By a falling cap.", words=WORDS)
    assert drawn is not None
    assert {"9.5, 3 packages", "4, 2 packages", "Subsidy cost, $ million"} <= set(said(drawn))
    assert "By a falling cap." in note(drawn)
    assert "subsidy cost from 1 to 3 $ million, objective from 4 to 9.5" in drawn.alt
    other = frontier_figure(points, "objective", "supported", costs="Objective")
    assert other is not None
    assert "Objective" in said(other)
    with pytest.raises(ValueError, match="no column 'cost'; there are subsidy_usd, objective"):
        frontier_figure(points, "cost")
    assert frontier_figure(points.iloc[:0]) is None


def test_a_frontier_marks_what_has_no_cap() -> None:
    points = pd.DataFrame(
        {"largest_share": [0.25, 0.125], "objective": [9.0, 8.0], "cap": [None, 0.2]}
    )
    drawn = frontier_figure(points, "largest_share", costs="Share", name="other")
    assert drawn is not None
    assert drawn.name == "other"
    assert "Share, %" in said(drawn)
    assert "Diamond: without a cap." in note(drawn)
    assert "share from 12.5 to 25 %, objective from 8 to 9" in drawn.alt
    assert "Diamond" not in note(frontier_figure(points.drop(columns="cap"), "largest_share"))


@pytest.mark.parametrize(
    ("draw", "name"),
    [
        (subsidy_frontier_figure, "frontier_subsidy"),
        (concentration_frontier_figure, "frontier_concentration"),
    ],
)
def test_frontiers_of_a_full_run_are_its_tables(full: Evaluation, draw: Draw, name: str) -> None:
    assert full.extended is not None
    found, drawn = full.extended.tables[name], draw(full)
    assert drawn is not None
    assert drawn.name == name
    assert f"Frontier of {len(found.table)} allocations" in drawn.alt
    assert f"{found.table['objective'].max():,.6g}, 3 packages" in said(drawn)
    assert how_found(found.rules, names_of(full)) in note(drawn)


def test_other_envelopes_lose_and_gain_what_the_sweep_found(full: Evaluation) -> None:
    assert full.extended is not None
    table = full.extended.tables["budget_sweep"].table
    ends = table[table["factor"].isin([0.5, 1.5])]
    printed = said(sweep_figure(full))
    # With a true minus sign.
    assert {signed(change, 1) for change in ends["change"]} <= set(printed)
    assert "half the envelope" in printed
    short = replace(full.extended.tables["budget_sweep"], table=table[table["factor"] == 0.5])
    tables = {**full.extended.tables, "budget_sweep": short}
    assert sweep_figure(replace(full, extended=replace(full.extended, tables=tables))) is None


@pytest.mark.parametrize("draw", EXTENDED)
def test_a_plain_run_has_no_frontier(hand: Evaluation, draw: Draw) -> None:
    assert draw(hand) is None


def test_a_long_label_stands_in_two_lines(hand: Evaluation) -> None:
    title = "A package whose title is by far too long for a single line of a figure"
    words_ = said(contribution_figure(replace(hand, ranking=hand.ranking.assign(title=title))))
    assert " ".join(title.split()) in " ".join(" ".join(words_).split())


@pytest.mark.parametrize("title", ["W" * 200, "电" * 200, "wide WORDS " * 30, "W" * 40 + "-x" * 90])
def test_a_title_ends_where_the_bars_begin(title: str) -> None:
    lines = broken(title, 3.0, 8.0, most=2)
    assert len(lines) == 2
    assert max(inches(line, 8.0) for line in lines) <= 3.0
    assert lines[-1].endswith("…")
    assert broken("1  In one line", 3.0, 8.0) == ["1  In one line"]
    assert broken("1  In two lines, well", 0.7, 8.0) == ["1  In two", "lines, well"]


def test_a_head_of_a_tool_is_whole(baseline: Evaluation) -> None:
    heads = " ".join(" ".join(said(tool_figure(baseline))).split())
    assert "SBIC leverage for small businesses in the United States" in heads


@pytest.mark.slow
def test_same_bytes_and_no_date(hand: Evaluation) -> None:
    for first, second in zip(*(every_figure(hand)[0] for _ in range(2)), strict=True):
        assert first.svg == second.svg
        assert first.png == second.png
        assert b"date" not in first.svg.lower()


def test_a_notebook_shows_it(hand: Evaluation) -> None:
    drawn = contribution_figure(hand)
    assert drawn is not None
    assert drawn._repr_svg_().encode() == drawn.svg
    assert drawn._repr_png_().startswith(b"\x89PNG")


@pytest.mark.parametrize("draw", FULL)
def test_says_in_words_what_it_shows(baseline: Evaluation, draw: Draw) -> None:
    drawn = draw(baseline)
    assert drawn is not None
    title = ElementTree.fromstring(drawn.svg).find(f"{SVG}title")  # noqa: S314
    assert title is not None
    assert title.text == drawn.alt


@pytest.mark.parametrize("draw", BY_HAND)
def test_hostile_titles_are_drawn_as_they_stand(hand: Evaluation, draw: Draw) -> None:
    titles = ["<script>alert(1)</script>", "$\\frac{1}{0}$ & co", "a\x00b\x1b电" + "x" * 10_000]
    drawn = draw(replace(hand, ranking=hand.ranking.assign(title=titles)))
    assert drawn is not None
    found = words(drawn.svg)
    assert all(len(word) < 200 for word in found)
    assert b"<script" not in drawn.svg
    assert drawn.png
    if draw is contribution_figure:
        assert any("<script>alert(1)</script>" in word for word in found)
        assert any("$\\frac{1}{0}$ & co" in word for word in found)


def test_figures_ask_for_no_font_and_no_file(baseline: Evaluation) -> None:
    for draw in FULL:
        drawn = draw(baseline)
        assert drawn is not None
        assert b"@font-face" not in drawn.svg
        links = re.findall(rb'(?:href|src|url)\s*[=(]\s*["\']?([^"\')\s]+)', drawn.svg)
        assert [link for link in links if not link.startswith(b"#")] == []


def test_many_packages_stand_in_bands_and_the_best_are_drawn(hand: Evaluation) -> None:
    count = 150
    ids = [f"P{n:03}" for n in range(count)]
    ranking = pd.concat([hand.ranking.iloc[:1]] * count).set_axis(ids)
    ranking = ranking.assign(rank=range(1, count + 1))
    sure = hand.uncertainty
    assert sure is not None
    shares = rank_table(ids, np.full((count, count), 1 / count))
    packages = pd.concat([sure.packages.iloc[:1]] * count).set_axis(ids)
    many = replace(
        hand,
        ranking=ranking,
        uncertainty=replace(sure, rank_acceptability=shares, packages=packages),
    )
    drawn = rank_acceptability_figure(many)
    # 150 ranks in at most 24 bands: of 7, the last of 3.
    assert {"1–7", "148–150"} <= set(said(drawn))
    for draw in (rank_acceptability_figure, rank_interval_figure, contribution_figure):
        found = draw(many)
        assert f"The {ROWS} best of 150 are drawn." in note(found)
        assert sum("P0" in word for word in said(found)) == ROWS


def test_nothing_to_draw(hand: Evaluation) -> None:
    nobody = hand.ranking.assign(
        rank=hand.ranking["rank"].mask(hand.ranking["rank"] > 0), designated=False
    )
    bare = replace(
        hand,
        ranking=nobody,
        uncertainty=None,
        allocation=replace(
            hand.allocation,
            limits=hand.allocation.limits.iloc[:0],
            amounts=hand.allocation.amounts * 0,
        ),
    )
    assert [draw(bare) for draw in FULL] == [None] * len(FULL)
