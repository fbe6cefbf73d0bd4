"""The report as a file: what it says, that it is whole, and that nothing in it can act."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from evaluator import Override, ask, evaluate, load_study
from evaluator.allocation.explain.findings import NoAllocation
from evaluator.allocation.model.findings import LimitRule, MustRule
from evaluator.allocation.verify.findings import LimitBroken, MustUnmet
from evaluator.model.method import Method
from evaluator.model.package import Package, Rating
from evaluator.model.study import Study
from evaluator.report import render
from evaluator.report.figures import PLAIN
from evaluator.report.findings import BriefFailed, FigureFailed
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.numbers import share
from evaluator.report.messages import say, say_all
from evaluator.report.messages.allocation import conflict_in_words
from evaluator.report.viewmodel.decision.warnings import WEIGHTS, warnings
from evaluator.report.viewmodel.versions.changes import change_lines
from evaluator.results.evaluation import Conflict, Evaluation, ExtendedTable
from evaluator.results.schema import TABLES, Column, Table
from tests.conftest import BASELINE, ROOT
from tests.programme import DISCLAIMER, STAMP
from tests.report.markup import Markup
from tests.studies import study

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(2)">'
FORMULA = '=HYPERLINK("http://example.com","x")'
LONG = "</script><!--" + "long " * 1997 + "$\\frac{1}{0}$"


def changed(before: Study, **fields: object) -> Study:
    """Return a study made anew: a copy would keep what the old one has cached."""
    return Study(**{name: getattr(before, name) for name in Study.model_fields} | fields)


def text_of(evaluation: Evaluation) -> str:
    return render(evaluation).files["report.html"].decode()


@pytest.fixture(scope="module")
def markup(baseline_page: Path) -> Markup:
    return Markup(baseline_page.read_text())


@pytest.fixture(scope="module")
def hostile(hand: Evaluation) -> Evaluation:
    def poison(package_id: str) -> dict[str, object]:
        ratings = (
            Rating(criterion="trade.delivery", evaluator=HOSTILE, rating="good", rationale=LONG),
        )
        titles = {"P1": HOSTILE, "P2": FORMULA, "P3": "Costs $5$ & \"more\" 'now'"}
        return {"title": titles[package_id], "ratings": ratings}

    packages = tuple(p.model_copy(update=poison(p.id)) for p in hand.study.packages)
    scenario = hand.study.scenario.model_copy(update={"title": HOSTILE})
    return evaluate(changed(hand.study, packages=packages, scenario=scenario))


def test_the_files_of_a_report(baseline: Evaluation) -> None:
    assert sorted(render(baseline).files) == [
        "brief.pdf",
        "figures/limits.svg",
        "figures/rank_intervals.svg",
        "figures/stability.svg",
        "figures/tornado.svg",
        "report.html",
    ]


def test_a_run_of_full_extent_has_more_figures_and_each_as_png(hand: Evaluation) -> None:
    scenario = hand.study.scenario.model_copy(update={"extent": "full"})
    found = render(replace(hand, study=changed(hand.study, scenario=scenario))).files
    names = {name.removesuffix(".svg") for name in found if name.endswith(".svg")}
    assert names > {
        name.removesuffix(".svg") for name in render(hand).files if name.endswith(".svg")
    }
    assert {name.removesuffix(".png") for name in found if name.endswith(".png")} == names
    page = Markup(found["report.html"].decode())
    pictures = [a for tag, a in page.tags if tag == "img"]
    assert all(a["alt"] for a in pictures)
    # Each is beside a table with its numbers: three are tables or rows of the page itself.
    drawn = {"contributions", "rank_acceptability", "tools"}
    assert len(pictures) == len({Path(name).name for name in names} - drawn)


def test_the_same_evaluation_gives_the_same_bytes(hand: Evaluation) -> None:
    assert render(hand) == render(hand)


def test_no_day_of_making_in_the_page(hand: Evaluation) -> None:
    assert dt.datetime.now(dt.UTC).date().isoformat() not in text_of(hand)


def test_36_packages_stay_below_1200_kilobytes(baseline: Evaluation) -> None:
    """Of a whole run, with what is asked of it."""
    assert len(render(ask(baseline)).files["report.html"]) < 1_200_000


def test_ranked_table_is_the_ranking(baseline: Evaluation, markup: Markup) -> None:
    heads, *rows = markup.tables["ranked"].texts()
    status = heads.index("Status")
    assert [row[1].split()[0] for row in rows] == list(baseline.ranking.index)
    found = baseline.ranking.reset_index()
    for row, (_, want) in zip(rows, found.iterrows(), strict=True):
        assert row[0].split()[0] == ("–" if want["outcome"] == "failed" else str(want["rank"]))
        assert row[2] == f"{want['overall']:.1f}"
        assert [float(cell) for cell in row[3:8]] == [
            round(want[f"score.{agency}"], 1) for agency in baseline.influence.index
        ]
        assert row[status].startswith("Priority") == want["designated"]


def test_matrix_reconciles(baseline: Evaluation, markup: Markup) -> None:
    """The rows of the matrix, to the thousand, sum to its total and to the amounts."""
    rows = markup.tables["matrix"].texts()[1:]
    tools = len(baseline.study.tools)

    def usd(cell: str) -> float:
        return 0.0 if cell == "–" else float(cell.replace(",", "")) * 1e6

    body, (total, asked, envelope) = rows[:-3], rows[-3:]
    amounts = baseline.allocation.amounts
    assert [row[0].split()[0] for row in body] == [
        p for p in baseline.ranking.index if baseline.ranking["designated"][p]
    ]
    for row in body:
        want = amounts.loc[row[0].split()[0]]
        assert [usd(cell) for cell in row[1 : tools + 1]] == pytest.approx(list(want), abs=50_000)
    assert [usd(c) for c in total[1 : tools + 1]] == pytest.approx(list(amounts.sum()), abs=50_000)
    assert usd(total[tools + 1]) == pytest.approx(amounts.to_numpy().sum(), abs=50_000)
    assert usd(total[tools + 2]) == usd(asked[tools + 1])
    envelopes = [tool.envelope.amount for tool in baseline.study.tools.values()]
    assert [usd(cell) for cell in envelope[1 : tools + 1]] == pytest.approx(envelopes, abs=50_000)


def test_every_limit_source_gate_and_rating_is_there(baseline: Evaluation, markup: Markup) -> None:
    tables = markup.tables
    limits = baseline.allocation.limits
    single = limits[~limits["binding"] & (limits["group"] != "")]
    assert len(tables["limit-table"].rows) - 1 == len(limits) - len(single)
    tightest = {
        row[0].rpartition(" ")[2]: (int(row[2].split()[0]), row[4])
        for row in tables["limit-others"].texts()[1:]
    }
    for limit, alike in single.groupby("limit"):
        used = (alike["used"] / alike["bound"])[(alike["bound"] > 0) & alike["slack"].notna()]
        assert tightest.pop(str(limit)) == (len(alike), "–" if used.empty else share(used.max()))
    assert not tightest
    assert len(tables["source-table"].rows) - 1 == len(baseline.provenance.sources)
    of_tools = baseline.gates["tools"].str.len() > 0
    failed = baseline.gates[(baseline.gates["outcome"] == "failed") & ~of_tools]
    short = baseline.gates[(baseline.gates["outcome"] != "passed") & of_tools]
    names = names_of(baseline)
    told = [row[1:4] for row in tables["gates-tools"].texts()[1:]]
    assert told == [
        [gate.label, "; ".join(map(names.tool, gate.tools)), gate.outcome]
        for gate in short.itertuples()
    ]
    asked = baseline.gates["package"].value_counts()
    assert [row[2] for row in tables["gates-failed"].texts()[1:]] == [
        " ".join(say_all(reason, names).split()) for reason in failed["reason"]
    ]
    lists = re.findall(r'<dl class=terse id="g-([^"]+)">(.*?)</dl>', text_of(baseline), re.DOTALL)
    assert {package: told.count("<dd>") for package, told in lists} == asked.to_dict()
    for package in baseline.study.packages:
        rows = {row[-4]: row[-1] for row in tables[f"c-{package.id}"].texts()[1:-1]}
        for rating in package.ratings:
            given = "recused" if rating.recused else rating.rating or "empty"
            told = rows[baseline.study.criteria[rating.criterion].label]
            assert f"{given} {rating.evaluator}: {' '.join(rating.rationale.split())}" in told
        if package.requests:  # a standing one has none
            assert len(tables[f"a-{package.id}"].rows) - 1 == len(package.requests)


def test_amounts_by_country_sum_to_the_amounts(baseline: Evaluation, markup: Markup) -> None:
    rows = markup.tables["countries"].texts()[1:]
    given = sum(float(row[3].replace(",", "").replace("–", "0")) for row in rows)
    total = baseline.allocation.amounts.to_numpy().sum() / 1e6
    assert given == pytest.approx(total, abs=0.05 * len(rows))


def test_contributions_of_criteria_sum_to_the_overall_score(
    baseline: Evaluation, markup: Markup
) -> None:
    for package, row in baseline.ranking.iterrows():
        rows = markup.tables[f"c-{package}"].texts()[1:]
        parts = [float(cells[-2]) for cells in rows[:-1]]
        assert sum(parts) == pytest.approx(row["overall"], abs=0.005 * len(parts))
        assert rows[-1][1] == f"{row['overall']:.2f}"


@pytest.mark.slow
def test_a_full_run_shows_its_tables_and_frontiers(full: Evaluation) -> None:
    found = Markup(text_of(full))
    assert full.extended is not None
    for name, one in full.extended.tables.items():
        id_ = f"x-{name.replace('_', '-')}"
        if one.table.empty or name == "own_way":  # which the parts of the agencies show
            assert id_ not in found.tables
            continue
        assert len(found.tables[id_].rows) - 1 == len(one.table)
        assert f"columns are in {name}.csv of the run" in found.text
        assert ".csv" not in found.tables[id_].caption
    frontier = full.extended.tables["frontier_subsidy"].table
    rows = found.tables["x-frontier-subsidy"].texts()
    assert rows[0][:3] == ["Subsidy cost", "Objective points", "Of the best"]
    assert [row[1] for row in rows[1:]] == [f"{value:,.2f}" for value in frontier["objective"]]
    alts = [str(a["alt"]) for tag, a in found.tags if tag == "img"]
    for start in ("Frontier of", "Bars of 2 tools: what the objective loses"):
        assert [alt for alt in alts if alt.startswith(start)], start


@pytest.mark.slow
def test_changes_are_told_in_words(full: Evaluation) -> None:
    rows = Markup(text_of(full)).tables["changes-table"].texts()
    assert rows[1][:4] == [
        "How much the run computes extent",
        "the plain run (not stated)",
        "everything: the full run",
        "a trial",
    ]
    assert rows[2][:3] == ["Settings of the draws uncertainty.draws", "not stated", "200"]


@pytest.mark.parametrize(
    ("scenario", "what", "old", "new"),
    [
        ("commerce-led", "Influence of Commerce", "0.36", "0.6"),
        ("geometric", "Method of ranking", "weighted sum", "weighted product"),
        (
            "tight-appropriations",
            "Envelope of EXIM: Direct loan",
            "$6.50 billion",
            "$3.90 billion",
        ),
    ],
)
def test_a_changed_key_goes_by_name(
    baseline: Evaluation, scenario: str, what: str, old: str, new: str
) -> None:
    changed_ = replace(baseline, study=load_study(ROOT / "scenarios" / f"{scenario}.yaml"))
    line = change_lines(changed_)[0]
    assert (line.what, line.old, line.new) == (what, old, new)


def test_a_method_changed_by_its_own_key_goes_by_name() -> None:
    study = load_study(BASELINE, [Override("method.name", "topsis", "a trial")])
    line = change_lines(evaluate(study, only="scores"))[0]
    assert (line.what, line.old, line.new) == ("Method of ranking", "weighted sum", "TOPSIS")


def test_tables_that_the_page_does_not_know_are_shown_in_full(
    full: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = (
        Column("cost_usd", "integer", "Cost", "What it costs", "money"),
        Column("bank_name", "text", "Bank name", "Which bank"),
        Column("kept", "flag", "Kept", "Whether it is kept"),
        Column("gone", "number", "Gone", "What is gone", optional=True),
    )
    new = Table("new_one", "A new table", "What is new", ("bank_name",), columns)
    monkeypatch.setitem(TABLES, new.name, new)
    table = new.frame([{"cost_usd": 2_500_000, "bank_name": "<b>", "kept": True, "gone": None}])
    assert full.extended is not None
    tables = {"new_one": ExtendedTable((), table)}
    found = Markup(text_of(replace(full, extended=replace(full.extended, tables=tables))))
    assert found.tables["x-new-one"].texts() == [
        ["Cost", "Bank name", "Kept", "Gone"],
        ["2.5", "<b>", "yes", "–"],
    ]


def test_leadership_reads_names_not_ids(baseline: Evaluation, markup: Markup) -> None:
    reasons = " ".join(" ".join(row) for row in markup.tables["ranked"].texts())
    assert "under the floor of Energy" in reasons
    assert "under the floor of energy" not in reasons
    limits = [row[0] for row in markup.tables["limit-table"].texts()]
    assert any("Brindlemark Compute" in name for name in limits)
    drawn = " ".join(markup.text.split())
    assert "weights of Commerce, Defense, Energy, OSTP, State" in drawn
    assert "weights of ostp" not in drawn


def test_amounts_and_facts_are_said_as_people_say_them(
    baseline: Evaluation, markup: Markup
) -> None:
    """In reasons and notes; the sources keep each number as its file has it."""
    read = re.sub(r"\s+", " ", markup.text)
    for row in markup.tables["source-table"].texts():
        read = read.replace(row[2], "")
    assert re.findall(r"\d USD\b|\$\d[\d,]{9,}| = [01]\.0", read) == []
    title = names_of(baseline).package("SP26-08")
    assert f"above $20.0 million): {title} ($280.0 million)" in read
    assert re.search(r"headquarters in China, [^;]+: yes", read)


def test_stamp_on_the_page_and_on_each_package(baseline: Evaluation, markup: Markup) -> None:
    assert markup.text.count(STAMP) > len(baseline.study.packages)
    assert DISCLAIMER in markup.text


def test_tables_have_captions_and_heads_have_scopes(markup: Markup) -> None:
    assert all(table.caption.strip() for table in markup.tables.values())
    for table in markup.tables.values():
        scopes = [c.attributes.get("scope") for row in table.rows for c in row if c.tag == "th"]
        assert set(scopes) <= {"col", "row", "rowgroup"}, table.id
        assert "col" in scopes, table.id


def test_ids_are_unique_and_links_stay_inside(markup: Markup) -> None:
    ids = [i for _, a in markup.tags if (i := a.get("id"))]
    assert len(ids) == len(set(ids))
    for tag, attributes in markup.tags:
        if (href := attributes.get("href")) is not None:
            assert href.startswith("#"), tag
            assert href[1:] in ids, href
        for name in ("aria-labelledby", "for", "data-label"):
            if attributes.get(name):
                assert attributes[name] in ids, attributes
        if (src := attributes.get("src")) is not None:
            assert src.startswith("data:image/svg+xml,")


def test_policy_admits_this_style_and_this_script_alone(markup: Markup) -> None:
    (policy,) = [
        str(a["content"])
        for tag, a in markup.tags
        if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    ]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    for tag, attributes, text in markup.raw:
        if attributes.get("type") != "application/json":
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
    for tag, attributes in markup.tags:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag


def test_hostile_texts_stay_texts(hostile: Evaluation) -> None:
    found = Markup(text_of(hostile))
    assert [tag for tag, _, _ in found.raw] == ["style", "script", "script"]
    assert [a for tag, a in found.tags if tag == "img" and a.get("src") == "x"] == []
    ranked = found.tables["ranked"].texts()
    assert {row[1].split(" ", 1)[1] for row in ranked[1:]} == {
        HOSTILE,
        FORMULA,
        "Costs $5$ & \"more\" 'now'",
    }
    assert any(LONG in row[-1].text for row in found.tables["c-P1"].rows)
    data = next(text for _, a, text in found.raw if a.get("type") == "application/json")
    assert [p["id"] for p in json.loads(data)["packages"]] == list(hostile.ranking.index)
    told = [row[4] for row in found.tables["whatif-table"].texts()]
    assert {f"P1 {HOSTILE}", f"P2 {FORMULA}"} < set(told)


@pytest.mark.slow
def test_another_method_has_no_what_if(hand: Evaluation) -> None:
    scenario = hand.study.scenario.model_copy(update={"method": Method(name="topsis")})
    found = text_of(evaluate(changed(hand.study, scenario=scenario)))
    assert 'id="whatif-data"' not in found
    assert "ranks by TOPSIS" in found
    # Four decimals, the last of which may be 0.
    shares = [row[3] for row in Markup(found).tables["ranked"].texts()[1:]]
    assert all(re.fullmatch(r"[01]\.\d{4}", share) for share in shares), shares


def test_an_infeasible_program_names_what_cannot_hold(hand: Evaluation) -> None:
    members = (LimitRule("bank.loan.envelope", "", "at_most", 1e8), MustRule("P1", "", 0))
    conflict = Conflict(members)
    sentence = conflict_in_words(conflict, names_of(hand))
    assert sentence.startswith("These cannot hold together: ")
    empty = replace(
        hand.allocation,
        amounts=hand.allocation.amounts * 0,
        table=hand.allocation.table.assign(
            allocated=0, reason=[(NoAllocation(),)] * len(hand.allocation.table)
        ),
        supported=(),
        status="infeasible",
        conflicts=(conflict,),
    )
    empty = replace(empty, certificate=(MustUnmet("P1", 0, 1),))
    found = Markup(text_of(replace(hand, allocation=empty)))
    assert found.text.count(sentence) == 2
    # Nothing is given, so there is nothing for the check to hold against the limits.
    assert "independent check" not in found.text
    assert "gap 0" not in found.text
    assert "$0" not in found.text


def test_broken_limits_are_cried_out(hand: Evaluation) -> None:
    broken = replace(
        hand.allocation,
        certificate=(LimitBroken("bank.loan.envelope", "", "at_most", 101, 100, 1),),
    )
    text = Markup(text_of(replace(hand, allocation=broken))).text
    assert "do not use these amounts" in text
    envelope = names_of(hand).limit("bank.loan.envelope")
    assert f"{envelope}: $101 of at most $100, over by $1" in text


def test_a_figure_and_a_brief_that_fail_cost_themselves_alone(
    hand: Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: object) -> None:
        raise MemoryError("no room")

    fail.__name__ = "tornado_figure"
    whole = render(hand)
    assert whole.failed == ()
    monkeypatch.setattr("evaluator.report.figures.PLAIN", (*PLAIN[:-1], fail))
    monkeypatch.setattr("evaluator.report.pdf.brief.brief", fail)
    found = render(hand)
    assert set(whole.files) - set(found.files) == {"figures/tornado.svg", "brief.pdf"}
    failed = (
        FigureFailed("tornado", "MemoryError", "no room"),
        BriefFailed("MemoryError", "no room"),
    )
    assert found.failed == failed
    text = Markup(found.files["report.html"].decode()).text
    assert "the figure 'tornado' could not be drawn: MemoryError: no room." in text
    assert "the brief could not be set: MemoryError: no room." in text


def test_a_bare_study_has_a_page() -> None:
    """One package of which nothing is known, no tool, no limit, no requirement."""
    bare = study(packages=(Package(id="P", title="Bare", attributes={}),))
    found = render(evaluate(bare)).files
    text = Markup(found["report.html"].decode()).text
    assert "1 package is ranked." in text
    assert "Bare leads." in text
    assert "alloc" not in text
    assert "figures/limits.svg" not in found


def test_a_plain_run_says_where_the_other_figures_are(full: Evaluation, markup: Markup) -> None:
    told = "A plain run has 4 figures"
    assert told in markup.text
    assert told not in Markup(text_of(full)).text


def test_command_line_names_are_not_in_the_page(markup: Markup) -> None:
    """Nothing of the machine that made the page is in it."""
    assert re.search(r"/(home|root|tmp|Users)/", markup.text) is None


def test_law_is_said_of_no_limit_that_was_made_up_here(
    baseline: Evaluation, markup: Markup
) -> None:
    kinds = set()
    for name in ("limit-table", "limit-others"):
        for row in markup.tables[name].texts()[1:]:
            kind, source = row[1].partition(", of subsidy")[0], row[-1]
            kinds.add(kind)
            assert not (kind == "law" and source.endswith("illustrative")), row[0]
            assert not (kind == "rule of this study" and not source.endswith("illustrative"))
    assert kinds == {"law", "envelope", "rule of this study", "goal"}
    for row in markup.tables["source-table"].texts()[1:]:
        assert not (row[0] == "limit (law)" and row[4] == "illustrative")


def test_a_package_page_says_why_priority_gets_nothing(
    baseline: Evaluation, full: Evaluation, markup: Markup
) -> None:
    amounts = baseline.allocation.amounts.sum(axis=1)
    chosen = baseline.ranking.index[baseline.ranking["designated"]]
    without = [package for package in chosen if not amounts[package]]
    assert markup.text.count("Why it gets nothing:") == len(without) == 3
    assert markup.text.count("What it would take is told by a full run") == 3
    table = baseline.allocation.table.set_index(["package", "tool"])
    reason = say_all(table.loc[("SP26-31", "exim.direct_loan"), "reason"], names_of(baseline))
    assert reason.startswith("EXIM: ")
    assert f"EXIM: Direct loan. {reason}." in markup.text
    assert "told by a full run" not in Markup(text_of(full)).text


def test_notes_stand_once_and_what_was_not_applied_leads(baseline: Evaluation) -> None:
    told = warnings(baseline)
    freeze = names_of(baseline).limit("exim.freeze")
    assert told[0].startswith(f"{freeze}: not applied, for its condition is not known")
    assert sum(note.startswith(freeze) for note in told) == 1
    assert baseline.uncertainty is not None
    drawn = baseline.uncertainty.notes
    every = {*baseline.allocation.notes, *baseline.provenance.notes, *drawn}
    assert len(told) == len(every) - 1
    weights = [WEIGHTS[type(note)] for note in baseline.provenance.notes]
    said = [say(note, names_of(baseline)) for note in baseline.provenance.notes]
    assert [note for note in told if note in said] == [
        note for _, note in sorted(zip(weights, said, strict=True), key=lambda pair: pair[0])
    ][1:]


@pytest.mark.slow
def test_heads_say_what_packages_enter_against(full: Evaluation) -> None:
    tables = Markup(text_of(full)).tables
    for name, against in (
        ("next-amounts", "this run"),
        ("budget-sweep", "this run"),
        ("frontier-subsidy", "the row above"),
        ("frontier-concentration", "the row above"),
        ("best-portfolios", "the best"),
    ):
        heads = tables[f"x-{name}"].texts()[0] if f"x-{name}" in tables else []
        if heads:
            assert {f"Enter, against {against}", f"Leave, against {against}"} < set(heads), name


def test_what_a_reader_cannot_know_is_written_out(markup: Markup) -> None:
    text = " ".join(markup.text.split())
    for told in (
        "USTDA: U.S. Trade and Development Agency",
        "SBIC: small business investment company",
        "Eastern Europe",
        "weights by the principal eigenvector, random index Saaty's",
        "the rest from how these act together",
    ):
        assert told in text
    assert not re.search(r"2\^-|random_index|E Europe|\b0 to 0\b|\d%", text)
