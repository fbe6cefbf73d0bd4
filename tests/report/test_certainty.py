"""Acceptability, stability and agreement on the page."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from evaluator.report import render
from evaluator.report.formatting.numbers import share
from evaluator.report.viewmodel.packages.certainty import (
    distributions,
    heat,
    improvement,
    stability,
    stability_heads,
)
from evaluator.results.evaluation import Evaluation, Uncertainty
from evaluator.uncertainty.ranks import rank_table
from evaluator.uncertainty.stability.findings import ChangesThere
from tests.report.markup import Markup


def sure(evaluation: Evaluation) -> Uncertainty:
    assert evaluation.uncertainty is not None
    return evaluation.uncertainty


def markup(evaluation: Evaluation) -> Markup:
    return Markup(render(evaluation).files["report.html"].decode())


@pytest.fixture(scope="module")
def whole(baseline: Evaluation) -> Markup:
    return markup(baseline)


def test_heat_is_the_acceptability(baseline: Evaluation, whole: Markup) -> None:
    rows = whole.tables["heat"].texts()[1:]
    table = sure(baseline).rank_acceptability
    shares = {(p, rank): part for p, rank, _, part in table.itertuples(index=False)}
    packages, titles = sure(baseline).packages.index, baseline.ranking["title"]
    assert [row[0] for row in rows] == [f"{package} {titles[package]}" for package in packages]
    for row, package in zip(rows, packages, strict=True):
        for rank, text in enumerate(row[1:], 1):
            part = shares.get((package, rank), 0)
            if part >= 0.01:
                assert text == f"{100 * part:.0f}"
            else:
                assert text == ("<1" if part else "")


def test_shade_grows_with_the_share_and_one_is_darkest(hand: Evaluation) -> None:
    shares = rank_table(["P1", "P2"], np.array([[0.0, 0.3, 0.7], [1.0, 0.0, 0.0]]))
    shown = heat(hand, replace(sure(hand), rank_acceptability=shares))
    # Eight shades: 0.3 is in the third eighth, 0.7 in the sixth.
    assert [cell for _, _, cells in shown.rows for cell in cells] == [
        *(("", 0), ("30", 3), ("70", 6)),
        *(("100", 8), ("", 0), ("", 0)),
    ]


def test_many_ranks_stand_in_bands(hand: Evaluation) -> None:
    # 101 ranks in at most 24 columns: bands of 5, the last of 1; the shares of a row still sum.
    shares = rank_table(["P1", "P2"], np.full((2, 101), 0.01))
    shown = heat(hand, replace(sure(hand), rank_acceptability=shares))
    assert shown.heads[:2] == ("1–5", "6–10")
    assert shown.heads[-1] == "101"
    assert len(shown.heads) == 21
    assert sum(int(text) for text, _ in shown.rows[0][2]) == 101
    # 401 are told in 134 bands of 3: the page's are of 6 of them, and none is cut in two
    shares = rank_table(["P1", "P2"], np.full((2, 401), 1 / 401))
    shown = heat(hand, replace(sure(hand), rank_acceptability=shares))
    assert (shown.heads[0], shown.heads[-1], len(shown.heads)) == ("1–18", "397–401", 23)
    assert {text for text, _ in shown.rows[0][2][:-1]} == {"4"}


def test_tiers_and_intervals_stand_in_the_ranked_table(baseline: Evaluation, whole: Markup) -> None:
    heads, *found = whole.tables["ranked"].texts()
    rows = {row[1].split()[0]: dict(zip(heads, row, strict=True)) for row in found}
    for package, want in sure(baseline).packages.iterrows():
        row = rows[str(package)]
        ends = dict.fromkeys((f"{want['rank_low']:.0f}", f"{want['rank_high']:.0f}"))
        assert row["Rank in 90 % of draws"] == "–".join(ends)
        by_draws = want["tier"] in ("clear", "contested", "out")
        told = f" {share(want['designated_share'])}" if by_draws else ""
        assert row["Tier"] == f"{want['tier']}{told}"
    # SP26-32 has a requirement that is not known: no draw brings it in.
    assert rows["SP26-32"]["Tier"] == "unsettled"


def test_all_and_none_of_the_draws_are_said_only_of_all_and_none(hand: Evaluation) -> None:
    told = {"designated_share": [0.9996, 0.0004, 1.0], "designated_error": [0.004, 0.004, 0.0]}
    table = sure(hand).packages.assign(**told)
    found = markup(replace(hand, uncertainty=replace(sure(hand), packages=table)))
    told = {row[0].split()[0]: row[2] for row in found.tables["sure"].texts()[1:]}
    assert list(told.values()) == [">99 %", "<1 %", "100 %"]
    text = found.text.replace("\N{NO-BREAK SPACE}", " ")
    for one, error in zip(told.values(), ("0.4", "0.4", "0.0"), strict=True):
        assert f"In {one} of the {sure(hand).draws:,} draws it is priority" in text
        assert f"standard error {error} points" in text


def test_distributions_and_rules_are_stated(baseline: Evaluation, whole: Markup) -> None:
    text = whole.text.replace("\N{NO-BREAK SPACE}", " ")
    for _, how in distributions(baseline):
        assert how in text
    assert "drawn around those stated" in whole.text
    assert "2^-" not in whole.text
    assert "not a probability of success" in whole.text


def test_every_interval_of_stability_is_there(baseline: Evaluation, whole: Markup) -> None:
    table = sure(baseline).stability
    rows = [row for row in whole.tables["stable"].texts()[1:] if len(row) > 1]
    assert len(rows) == len(table)
    for row, (_, want) in zip(rows, table.iterrows(), strict=True):
        assert row[1] == share(want["present"], 1)
        ends = f"{share(want['designated_low'], 1)} to {share(want['designated_high'], 1)}"
        assert row[-1].startswith(ends)
    # Commerce's influence: above its interval, SP26-25 comes in and SP26-17 goes out.
    assert table["designated_above"].iloc[0] == (ChangesThere(("SP26-25",), ("SP26-17",), ()),)
    assert "above: in Canal Logistics and Customs Assistants; out Accra and Tema" in rows[0][-1]
    assert not re.search(r"SP26-\d", " ".join(" ".join(row) for row in rows))
    first = stability(baseline, sure(baseline))[0]
    assert (first[0], first[1][0].name) == ("influence", "Commerce")
    assert list(stability_heads(baseline, sure(baseline)).values()) == [
        "Leader stays",
        "Order of the top 10 stays",
        "Priority packages stay",
    ]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"outcome": "ineligible"}, "what keeps it out is not a score"),
        ({"outcome": "impossible"}, "Not even full values"),
        ({"outcome": "possible", "criterion": "", "points_in_all": 12.34}, "at least 12.4 points"),
        # by another method what several need together is not known; what is shown suffices
        (
            {"outcome": "possible", "criterion": "", "points_in_all": None},
            "No single criterion brings it in; several together would",
        ),
        ({"outcome": "unknown"}, "was not sought"),
        (
            {
                "outcome": "possible",
                "criterion": "energy.power",
                "value": 50.0,
                "needed": 80.0,
                "points_in_all": 30.0,
            },
            "Power available, from 50.0 to 80.0.",
        ),
        (
            {
                "outcome": "possible",
                "criterion": "energy.power",
                "value": 50.0,
                "needed": 80.0,
                "points_in_all": 20.0,
            },
            "or by at least 20.0 points of value over several criteria together.",
        ),
    ],
)
def test_what_it_would_take(hand: Evaluation, row: dict[str, object], told: str) -> None:
    assert told in improvement(hand, row)


def test_who_objects(baseline: Evaluation, whole: Markup) -> None:
    agreed = baseline.agreement
    assert agreed is not None
    rows = {row[1].split()[0]: row for row in whole.tables["accord"].texts()[1:]}
    for package, want in agreed.packages.iterrows():
        row = rows[str(package)]
        assert row[2:4] == [str(want["borda"]), str(want["copeland"])]
        objecting = list(want["below_floor"])
        assert row[6].lower() == (", ".join(objecting) or "–")
    assert len(whole.tables["pairs"].rows) - 1 == len(agreed.pairs)


def test_what_was_not_computed_is_not_on_the_page(hand: Evaluation) -> None:
    bare = markup(replace(hand, uncertainty=None, agreement=None))
    assert not {"heat", "sure", "stable", "accord", "pairs"} & set(bare.tables)
    assert "draws" not in bare.text
    assert len(bare.tables["side-by-side"].rows[0]) == 2 + 2
