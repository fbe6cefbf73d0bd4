"""The brief: a tagged PDF of two to four pages that says what the evaluation says."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from evaluator import Override, evaluate, load_study
from evaluator.allocation.model.findings import LimitRule, MustRule
from evaluator.allocation.verify.findings import LimitBroken, MustUnmet
from evaluator.errors import UsageError
from evaluator.model.package import Package
from evaluator.model.study import Study
from evaluator.report import render
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.numbers import share
from evaluator.report.formatting.phrases import sentence
from evaluator.report.messages.allocation import conflict_in_words
from evaluator.report.pdf.brief import brief
from evaluator.report.pdf.content import content
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.results.evaluation import Conflict, Evaluation
from tests.conftest import BASELINE, program
from tests.programme import DISCLAIMER, STAMP, WORDS
from tests.studies import study

HOSTILE = {
    "P1": '#panic("x") *bold* _i_ $x^2$',
    "P2": '=HYPERLINK("x") <label> @ref \\ // no',
    "P3": "<script>alert(1)</script>",
}
FOREIGN = "Жук ع 中文 😀 \x07\x1b end"


def changed(before: Study, **fields: object) -> Study:
    """Return a study made anew: a copy would keep what the old one has cached."""
    return Study(**{name: getattr(before, name) for name in Study.model_fields} | fields)


def retitled(before: Study, titles: dict[str, str]) -> Study:
    packages = tuple(p.model_copy(update={"title": titles[p.id]}) for p in before.packages)
    return changed(before, packages=packages)


def text_of(data: bytes) -> str:
    found = subprocess.run(
        [program("pdftotext"), "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    return found.stdout.decode()


def words(text: str) -> str:
    return " ".join(text.split())


def in_reading_order(data: bytes) -> str:
    """Return the words of the page as they stand in the file, cell by cell."""
    found = subprocess.run(
        [program("pdftotext"), "-raw", "-", "-"], input=data, capture_output=True, check=True
    )
    return words(found.stdout.decode())


def pages(data: bytes) -> int:
    (count,) = re.findall(rb"<xmpTPg:NPages>(\d+)<", data)
    return int(count)


@pytest.fixture(scope="module")
def data(baseline: Evaluation) -> bytes:
    return brief(baseline)


@pytest.fixture(scope="module")
def text(data: bytes) -> str:
    return text_of(data)


def test_two_to_four_pages(data: bytes, hand: Evaluation) -> None:
    assert 2 <= pages(data) <= 4
    assert 2 <= pages(brief(hand)) <= 4


def test_tagged_with_title_and_language(data: bytes) -> None:
    assert b"<pdfuaid:part>1<" in data
    assert b"/MarkInfo<</Marked true" in data
    assert b"/StructTreeRoot" in data
    assert b"/Lang(en-US)" in data
    assert b"/DisplayDocTitle true" in data
    assert b"Spring round of 2026, reference case</rdf:li>" in data


def test_tables_are_tables_with_heads() -> None:
    """The tags of the tree are compressed; Poppler prints them."""
    found = subprocess.run(
        [program("pdfinfo"), "-struct", "-"],
        input=brief(evaluate(load_study(BASELINE, [Override("uncertainty.draws", "0", "fast")]))),
        capture_output=True,
        check=True,
    ).stdout.decode()
    # the lines are no table; picture, tools, packages, open, out, limits, sources, the change are
    assert found.count("Table (block)") == 8
    assert found.count("THead") == 8
    assert "/Scope /Column" in found
    assert re.search(r"^  H1 ", found, re.MULTILINE)


def test_the_stamp_on_every_page(text: str) -> None:
    every = text.rstrip("\f").split("\f")
    assert len(every) >= 2
    assert [page.count(STAMP) - page.count(DISCLAIMER) for page in every] == [1] * len(every)
    assert DISCLAIMER in text


def test_the_decision_is_the_reports(baseline: Evaluation, data: bytes) -> None:
    found = in_reading_order(data)
    for line in decision(baseline):
        assert f"{line.head} {line.figure} {words(sentence(line.short))}" in found


def test_every_priority_package_with_its_numbers(baseline: Evaluation, text: str) -> None:
    chosen = baseline.ranking[baseline.ranking["designated"]]
    drawn = baseline.uncertainty
    assert drawn is not None
    for package, row in chosen.iterrows():
        sure = drawn.packages.loc[package]
        pattern = (
            rf"^ *{row['rank']} +.*{row['overall']:.1f} .*{row['spread']:.1f} +"
            rf"{sure['tier'].capitalize()} {share(sure['designated_share'])} +"
            rf"{sure['rank_low']}–{sure['rank_high']}$"
        )
        assert re.search(pattern, text, re.MULTILINE), pattern
        assert str(package) in text


def test_amounts_by_tool_and_their_total(baseline: Evaluation, text: str) -> None:
    amounts = baseline.allocation.amounts
    for tool, found in baseline.study.tools.items():
        total = int(amounts[tool].sum())
        used = 100 * total / found.envelope.amount
        served = int((amounts[tool] > 0).sum())
        given = WORDS.money.unit([1e6]).amount(total)
        pattern = rf"{re.escape(found.label)}.* {given} .*{used:.1f} % +{served}$"
        assert re.search(pattern, text, re.MULTILINE), pattern
    assert re.search(
        rf"All tools.* {WORDS.money.unit([1e6]).amount(amounts.to_numpy().sum())} ", text
    )


def test_limits_that_bind_with_price_and_range(baseline: Evaluation, text: str) -> None:
    limits = baseline.allocation.limits
    whole = limits[limits["binding"] & (limits["group"] == "") & (limits["shadow_price"] != 0)]
    assert len(whole) >= 3
    for row in whole.itertuples():
        low = (
            "no lower end"
            if pd.isna(row.price_low)
            else WORDS.money.unit([1e6]).amount(row.price_low)
        )
        price = f"{1e6 * row.shadow_price:.4f}".replace("-", "−")
        pattern = rf"{price} +{low} to "
        assert re.search(pattern, text), pattern


def test_what_is_contested_and_why(baseline: Evaluation) -> None:
    drawn = baseline.uncertainty
    assert drawn is not None
    contested = set(drawn.packages.index[drawn.packages["tier"] == "contested"])
    rows = content(baseline)["open"]["rows"]
    # of SP26-30 and -32 a requirement is not known; a red flag is not open
    assert {row["package"] for row in rows} == contested | {"SP26-30", "SP26-32"}
    why = {row["package"]: row["why"] for row in rows}
    assert why["SP26-29"].startswith("Under the floor of Energy (25.7, under 30). Energy alone")
    assert why["SP26-32"].startswith("A requirement is unknown")


def test_who_failed_which_requirement(baseline: Evaluation, data: bytes) -> None:
    of_packages = baseline.gates[baseline.gates["tools"].str.len() == 0]
    failed = of_packages[of_packages["outcome"] == "failed"]
    rows = {row["package"]: row for row in content(baseline)["out"]["rows"]}
    found = in_reading_order(data)
    assert set(rows) == set(failed["package"])
    for package, label in zip(failed["package"], failed["label"], strict=True):
        assert label in rows[package]["why"]
        assert f"{rows[package]['title']} {package} {rows[package]['why'][:40]}" in found


def test_of_many_left_out_the_first_are_told(baseline: Evaluation) -> None:
    before = content(baseline)["out"]
    gates = baseline.gates
    gates = gates.assign(
        outcome=gates["outcome"].where(gates["label"] != gates["label"][0], "failed")
    )
    ranking = baseline.ranking.assign(outcome="failed", designated=False, contested=False)
    every = content(replace(baseline, gates=gates, ranking=ranking))["out"]
    assert (len(before["rows"]), before["more"]) == (5, 0)
    assert (len(every["rows"]), every["more"]) == (6, len(ranking) - 6)


def test_what_rests_on_weak_numbers_adds_up(baseline: Evaluation) -> None:
    rows = content(baseline)["rests"]["rows"]
    for name in ("illustrative", "unverified"):
        assert sum(row[name] for row in rows) == baseline.provenance.confidence[name]
    missing = (baseline.performances["state"] == "missing").sum()
    told = content(baseline)["rests"]["missing"]
    assert told.startswith(f"{missing} performances are missing; they score 0")
    assert sum(map(int, re.findall(r"\((\d+)\)", told))) == missing


def test_the_same_evaluation_gives_the_same_bytes(baseline: Evaluation, data: bytes) -> None:
    assert brief(baseline) == data
    assert b"2026-07-15T00:00:00" in data


def test_hostile_texts_are_literal(hand: Evaluation) -> None:
    found = in_reading_order(brief(evaluate(retitled(hand.study, HOSTILE))))
    for title in HOSTILE.values():
        assert title in found


def test_any_character_has_a_glyph(hand: Evaluation) -> None:
    """PDF/UA forbids a character without a glyph: the compiler would refuse the file."""
    titles = dict.fromkeys(HOSTILE, FOREIGN)
    found = in_reading_order(brief(evaluate(retitled(hand.study, titles))))
    for word in ("Жук", "中文", "😀", "end"):
        assert word in found


@pytest.mark.parametrize("title", ["word " * 2000, "x" * 10_000])
def test_long_texts_are_cut_and_stay_on_the_page(hand: Evaluation, title: str) -> None:
    scenario = hand.study.scenario.model_copy(update={"title": title})
    long = retitled(changed(hand.study, scenario=scenario), dict.fromkeys(HOSTILE, title))
    data = brief(evaluate(long))
    assert 2 <= pages(data) <= 4
    assert "…" in text_of(data)


WORD = re.compile(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<')


def overprinted(data: bytes) -> list[tuple[str, str]]:
    """Return pairs of words that lie upon each other."""
    sheets = subprocess.run(
        [program("pdftotext"), "-bbox", "-", "-"], input=data, capture_output=True, check=True
    )
    found = []
    for sheet in sheets.stdout.decode().split("<page ")[1:]:
        words_ = [(*map(float, m.groups()[:4]), m[5]) for m in WORD.finditer(sheet)]
        for place, (left, high, right, low, word) in enumerate(words_):
            for left_, high_, right_, low_, other in words_[place + 1 :]:
                across = min(right, right_) - max(left, left_)
                down = min(low, low_) - max(high, high_)
                if across > 1 and down > 0.5 * min(low - high, low_ - high_):
                    found.append((word, other))
    return found


def test_one_long_word_keeps_to_its_column(baseline: Evaluation) -> None:
    titles = {
        package.id: "W" * 200 if place % 2 else "电力中文" * 30
        for place, package in enumerate(baseline.study.packages)
    }
    long = retitled(baseline.study, titles)
    ranking = baseline.ranking.assign(title=[titles[str(p)] for p in baseline.ranking.index])
    data = brief(replace(baseline, study=long, ranking=ranking))
    assert 2 <= pages(data) <= 4
    assert overprinted(data) == []


@pytest.mark.slow
def test_a_crowded_study_stays_within_four_pages() -> None:
    """Nothing known of weights, long titles, no cut: many contested, many limits."""
    overrides = [
        Override("designation.max_packages", "36", "Every package that meets the floors."),
        Override("uncertainty.weights", "uniform", "Nothing is known of the weights."),
        Override("uncertainty.influence", "uniform", "Nothing is known of the influence."),
        Override("uncertainty.draws", "300", "Quick."),
    ]
    before = load_study(BASELINE, overrides)
    title = "A long title of the kind that a consortium of many members finds fitting"
    crowded = retitled(before, {p.id: title for p in before.packages})
    assert 2 <= pages(brief(evaluate(crowded))) <= 4


def test_changes_old_and_new() -> None:
    overrides = [
        Override("designation.max_packages", "10", "A shorter list."),
        Override("uncertainty.draws", "0", "Quick."),
    ]
    found = text_of(brief(evaluate(load_study(BASELINE, overrides))))
    assert re.search(r"Most priority packages +20 +10 +A shorter list\.", found)


def test_without_draws_no_tier_is_told() -> None:
    quick = [Override("uncertainty.draws", "0", "Quick.")]
    found = text_of(brief(evaluate(load_study(BASELINE, quick))))
    assert "Tier" not in found
    assert "81.7" in found


def test_an_infeasible_program_names_what_cannot_hold(hand: Evaluation) -> None:
    members = (LimitRule("bank.loan.envelope", "", "at_most", 1e8), MustRule("P1", "", 0))
    conflict = Conflict(members)
    told = conflict_in_words(conflict, names_of(hand))
    empty = replace(
        hand.allocation,
        amounts=hand.allocation.amounts * 0,
        supported=(),
        status="infeasible",
        conflicts=(conflict,),
        certificate=(MustUnmet("P1", 0, 1),),
    )
    found = in_reading_order(brief(replace(hand, allocation=empty)))
    assert told in found
    assert "Infeasible: no allocation keeps every limit and override." in found
    assert "do not use these amounts" not in found


def test_broken_limits_are_cried_out(hand: Evaluation) -> None:
    broken = replace(
        hand.allocation,
        certificate=(LimitBroken("bank.loan.envelope", "", "at_most", 101, 100, 1),),
    )
    found = in_reading_order(brief(replace(hand, allocation=broken)))
    envelope = names_of(hand).limit("bank.loan.envelope")
    assert f"do not use these amounts: {envelope}: $101 of at most $100" in found


def test_a_bare_study_has_a_brief() -> None:
    """One package of which nothing is known, no tool, no limit, no requirement."""
    found = evaluate(study(packages=(Package(id="P", title="Bare", attributes={}),)))
    text = in_reading_order(brief(found))
    assert "What leads 0.0 Bare leads, first in 100 % of the draws." in text
    # One package has one rank in all draws, and where there are no tools none goes without.
    assert "1–1" not in text
    assert "no support" not in text


def test_without_typst_the_extra_is_named(
    hand: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(UsageError, match="evaluator docs install"):
        brief(hand)
    report = render(hand)
    assert "brief.pdf" not in report.files
    told = "the brief could not be set: brief.pdf is set by Typst, which is not installed. Install"
    assert f"Not in this run: {told}" in report.files["report.html"].decode()
