"""Names in place of ids, and nothing else of a text changed."""

from __future__ import annotations

from evaluator import Override, compare, evaluate, load_study
from evaluator.report.formatting.names import (
    names_of,
    study_names,
)
from evaluator.report.html.comparison import comparison_page
from evaluator.report.viewmodel.packages.certainty import distributions
from evaluator.results.evaluation import Evaluation
from tests.report.conftest import HAND
from tests.report.markup import Markup


def test_things_are_called_by_their_files(baseline: Evaluation) -> None:
    names = names_of(baseline)
    assert names is names_of(baseline)
    assert names.package("SP26-16") == "Volta Telecom Cloud"
    assert names.agency("ostp") == "OSTP"
    assert names.agency_in_full("ostp") == "Office of Science and Technology Policy"
    assert names.institution("exim") == "EXIM"
    assert names.tool("exim.direct_loan") == f"EXIM: {names.tool_alone('exim.direct_loan')}"
    # Two institutions have a tool of this label; their names stand beside it.
    assert names.tool_alone("dfc.feasibility_study") == "Feasibility study"
    assert names.limit("exim.subsidy_budget") == "EXIM: Credit subsidy for this round"
    assert names.limit("dfc.equity.envelope") == f"DFC: Envelope: {names.tool_alone('dfc.equity')}"
    assert names.criterion("ostp.people_served") == "People served in the third year"
    assert names.entity("brindlemark-compute") == "Brindlemark Compute Inc."
    assert names.country("POL") == "Poland"
    assert names.package("nowhere") == "nowhere"


def test_a_name_is_never_made_of_an_id(hand: Evaluation) -> None:
    study = hand.study
    unnamed = [a.model_copy(update={"name": "Office X", "short": None}) for a in study.agencies]
    names = study_names(study.model_copy(update={"agencies": tuple(unnamed)}))
    assert [names.agency(a.agency) for a in unnamed] == [f"Office X ({a.agency})" for a in unnamed]


def test_a_group_is_named_by_what_its_limit_counts(baseline: Evaluation) -> None:
    names, limits = names_of(baseline), baseline.study.limits
    by_kind = {limit.per: name for name, limit in limits.items()}
    assert names.group(by_kind["package"], "SP26-16") == "Volta Telecom Cloud"
    assert names.group(by_kind["bloc"], "Latin America") == "Latin America"
    # A bloc is no country, whatever it is called.
    assert names.group(by_kind["bloc"], "POL") == "POL"


def test_packages_of_one_title_have_their_ids(hand: Evaluation) -> None:
    first, *others = hand.study.packages
    twin = first.model_copy(update={"id": "twin"})
    named = study_names(hand.study.model_copy(update={"packages": (first, *others, twin)})).package
    assert named(first.id) == f"{first.title} ({first.id})"
    assert named("twin") == f"{first.title} (twin)"
    assert named(others[0].id) == others[0].title


def test_what_is_drawn_alike_stands_together(baseline: Evaluation) -> None:
    assert [what for what, _ in distributions(baseline)] == [
        "influence, weights of Commerce, Defense, Energy, OSTP, State",
        "values",
    ]


def test_a_comparison_names_packages_and_tools(hand: Evaluation) -> None:
    # All influence on trade, all its weight on content: P3 100, P2 80. In the run P2 leads.
    points = "{trade.content: 1, trade.delivery: 0}"
    weights = f"{{method: points, out_of: 1, confidence: illustrative, judgements: {points}}}"
    changes = [
        Override("influence.shares", "{trade: 1, energy: 0}", "a trial"),
        Override("agencies.trade.weights", weights, "a trial"),
    ]
    page = Markup(comparison_page(compare([hand, evaluate(load_study(HAND, changes))])).decode())
    moved, tools = page.tables["ranks-1"], page.tables["tools-1"]
    titles = hand.ranking["title"]
    rows = moved.texts()[1:]
    assert rows
    for row in rows:
        package = row[0].split()[0]
        assert row[0] == f"{package} {titles[package]}"
    want = [f"Bank: {tool.label}" for tool in hand.study.tools.values()]
    assert [row[0] for row in tools.texts()[1:]] == want
