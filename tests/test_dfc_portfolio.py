"""The study on real data: its round is what the converter makes of the source, and it evaluates."""

import csv
import doctest
import importlib.util
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from types import ModuleType

import pytest

from evaluator import Override, evaluate, load_study
from evaluator.model.study import Study
from evaluator.results.evaluation import Evaluation
from tests.conftest import ROOT

STUDY = ROOT / "scenarios" / "dfc-portfolio"
TYPES = {
    "DI": "dfc.direct_loan",
    "TPL IG": "dfc.guaranty",
    "Equity": "dfc.equity",
    "TA": "dfc.technical_assistance",
}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def convert() -> ModuleType:
    spec = importlib.util.spec_from_file_location("convert", STUDY / "convert.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def source() -> list[dict[str, str]]:
    return read(STUDY / "source" / "dfc_active_projects_2025-08.csv")


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study(ROOT / "scenarios" / "dfc-portfolio.yaml")


@pytest.fixture(scope="module")
def evaluation(study: Study) -> Evaluation:
    return evaluate(study)


def test_the_committed_round_is_what_the_converter_makes(
    convert: ModuleType, tmp_path: Path
) -> None:
    convert.write(convert.build(), tmp_path)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in (STUDY / "round").iterdir()}
    assert doctest.testmod(convert).failed == 0
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []


def test_every_source_row_is_a_package_or_an_exclusion(
    source: list[dict[str, str]], study: Study
) -> None:
    lines = {int(p.attribute("source_line").value) for p in study.packages}
    reasons = dict(study.exclusions)
    listed = {int(row.split()[1].rstrip(":")) for row in reasons if row.startswith("line")}
    early = {
        number
        for number, row in enumerate(source, start=2)
        if row["Fiscal Year"] and float(row["Fiscal Year"]) < 2020
    }
    assert len(reasons) == len(listed) + 1
    assert f"{len(early)} rows of FY1961 to FY2019" in reasons
    parts = [lines, listed, early]
    assert sum(map(len, parts)) == len(set().union(*parts)) == len(source) == 1416
    since = [row for row in source if row["Fiscal Year"] and float(row["Fiscal Year"]) >= 2020]
    assert len(since) == 672
    assert len(lines) == 662


def test_a_repeated_project_number_gives_each_row_its_own_id(study: Study) -> None:
    numbers = Counter(package.id.rsplit("-", 1)[0] for package in study.packages)
    again = {number: count for number, count in numbers.items() if count > 1}
    # by hand from the source: eight numbers stand on two or three rows, eleven rows are redacted
    assert again.pop("Redacted") == 11
    assert sorted(again.values()) == [2, 2, 2, 2, 2, 3, 3, 3]
    assert "9000116056-3" in study.package_by_id


def test_tools_and_amounts_are_those_of_the_source(
    source: list[dict[str, str]], study: Study
) -> None:
    for package in study.packages:
        row = source[int(package.attribute("source_line").value) - 2]
        (request,) = package.requests
        stated = TYPES.get(row["Project Type"])
        assert request.tool == (stated or "dfc.insurance")
        assert stated or row["Department"] == "Insurance"
        assert abs(request.amount_usd - Decimal(row["Committed"])) <= Decimal("0.5")
        regional = row["Country"].endswith(" Regional") or row["Country"] in (
            "Worldwide",
            "Redacted",
        )
        assert len(package.targets) == (0 if regional else 1)


def test_the_numbers_of_the_financing_file_are_those_of_the_source(
    source: list[dict[str, str]], convert: ModuleType, study: Study
) -> None:
    sums: dict[str, int] = defaultdict(int)
    for package in study.packages:
        sums[package.requests[0].tool] += package.requests[0].amount_usd
    assert {tool: study.tools[tool].envelope.amount for tool in study.tools} == {
        tool: amount // 2 for tool, amount in sums.items()
    }
    every = sum(convert.whole_dollars(row["Committed"]) for row in source)
    elsewhere = study.parameter("dfc.exposure_elsewhere").value
    assert elsewhere == every - sum(sums.values())
    assert study.parameter("dfc.equity_elsewhere").value == 0
    assert convert.totals(convert.build())["dfc.exposure_elsewhere"] == elsewhere


def test_only_measures_and_what_is_not_known_is_missing(study: Study) -> None:
    assert {criterion.kind for criterion in study.criteria.values()} == {"measure"}
    assert not any(package.ratings for package in study.packages)
    missing = {
        (package.id, name)
        for package in study.packages
        for name, datum in package.measures.items()
        if datum.state == "missing"
    }
    for package in study.packages:
        assert package.measures.keys() == study.criteria.keys()
        several = not package.targets
        assert ((package.id, "prudence.country_share") in missing) == several
        assert ((package.id, "strategy.recency") in missing) is False
    # Ethiopia, the one country without an income group, beside the rows without one country
    hosts = {p.targets[0].country for p in study.packages if p.targets}
    unclassified = [
        c for c in hosts if study.country_by_id[c].attributes["income_group_fy2026"].value == "NC"
    ]
    assert unclassified == ["ETH"]


def test_shares_and_tickets_by_hand(study: Study) -> None:
    # BuyMed, Viet Nam: 17,911,031.72 + 88,885.69 + 44.61 = 17,999,962.02 USD in three rows
    measures = study.package_by_id["9000116056-3"].measures
    assert measures["prudence.ticket"].value == pytest.approx(17.999963, abs=1e-6)
    # Belize has one row, so nothing else stands in the country
    assert study.package_by_id["9000104526-1"].measures["prudence.country_share"].value == 0


def test_half_the_money_is_allocated_within_every_limit(evaluation: Evaluation) -> None:
    allocation = evaluation.allocation
    assert allocation.status == "optimal"
    assert allocation.certificate == ()
    asked = evaluation.study.package_by_id
    given = allocation.amounts.sum(axis=1)
    for package, amount in given.items():
        committed = asked[str(package)].requests[0].amount_usd
        assert amount == 0 or Fraction(int(amount)) >= Fraction(committed, 2)
        assert amount <= committed
    used = allocation.amounts.sum()
    for tool, spec in evaluation.study.tools.items():
        assert used[tool] <= spec.envelope.amount
    # every tool is asked for twice what it has, so next to nothing should be left over
    assert used.sum() >= sum(t.envelope.amount for t in evaluation.study.tools.values()) * 0.99


def test_no_swap_of_two_projects_would_be_better(evaluation: Evaluation) -> None:
    """Money of a project kept in full, moved to one of the same tool that lost all, gains no more
    than the gap that the solver left, or breaks the limit of a country or region."""
    allocation, scores = evaluation.allocation, evaluation.ranking["overall"]
    limits = allocation.limits
    slack = limits[limits["group"] != ""].set_index("group")["slack"]
    places = {
        p.id: [t.country for t in p.targets]
        + [getattr(p.attribute("region"), "value", "(unknown)")]
        for p in evaluation.study.packages
    }
    open_to = allocation.bound - allocation.objective + 1e-3
    swaps = 0
    for _, rows in allocation.table.groupby("tool"):
        lost = rows[rows["allocated"] == 0]
        full = rows[rows["allocated"] == rows["requested"]]
        for q, wanted in zip(lost["package"], lost["requested"], strict=True):
            for p, held in zip(full["package"], full["requested"], strict=True):
                moved = min(held, wanted)
                # the loser must reach half of its own, the giver keep half of its own or nothing
                fits = 2 * moved >= wanted and (moved == held or 2 * wanted <= held)
                if fits and all(slack[place] >= moved for place in places[q]):
                    swaps += 1
                    assert moved / 1e6 * (scores[q] - scores[p]) <= open_to, (p, q)
    assert swaps > 1000


def test_coverage_of_small_and_large_requests_together_trades_no_objective_for_subsidy() -> None:
    # Under coverage a dollar of the smallest request weighs a million times one of the largest:
    # a price that is small beside the greatest must not be taken for nothing.
    changes = [
        Override("allocation.objective", "coverage", "requests of 45 USD beside 500 million"),
        Override("uncertainty.draws", "0", "none is needed here"),
    ]
    found = evaluate(load_study(STUDY.with_suffix(".yaml"), changes)).allocation
    assert found.status == "optimal"
    assert found.gap < 1e-6
    assert found.certificate == ()
