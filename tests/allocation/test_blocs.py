"""A bloc as a target: its members together meet what is asked of countries, or they do not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluator import load_study
from evaluator.model.package import Package, Target
from evaluator.report.viewmodel.dossier import host_countries
from tests.allocation.small import M, ask, given, limit, package, row_of, run, study, tool
from tests.conftest import BASELINE
from tests.loading.breaking import BASE, ROUND, bullets, copy, edit, refuse

LOW = {"host.class": "low"}
HIGH = {"host.class": "high"}


def aimed(
    blocs: Mapping[tuple[str, ...], float], hosts: Mapping[str, float] | None = None
) -> Package:
    """Return a package that asks for 100 m in blocs, each of these members, and in countries."""
    one = package("A", ask("bank.loan", 100 * M), hosts=hosts)
    found = [
        Target(country=c, share=share, bloc="-".join(members), members=len(members))
        for members, share in blocs.items()
        for c in members
    ]
    return one.model_copy(update={"targets": (*one.targets, *found)})


@pytest.mark.parametrize(
    ("blocs", "hosts", "eligible"),
    [
        ({("AAA", "CCC"): 1.0}, None, 100),
        ({("AAA", "BBB"): 1.0}, None, 0),
        ({("AAA", "DDD"): 1.0}, None, 0),  # what is not known of one never helps
        ({("AAA", "BBB"): 0.4}, {"CCC": 0.6}, 60),
        ({("AAA", "CCC"): 0.4, ("AAA", "BBB"): 0.6}, None, 40),
        ({("AAA", "BBB"): 0.4}, {"AAA": 0.6}, 60),  # a member beside its bloc
    ],
)
def test_a_bloc_is_eligible_if_all_its_members_are(
    blocs: Mapping[tuple[str, ...], float], hosts: Mapping[str, float] | None, eligible: int
) -> None:
    case = study([aimed(blocs, hosts)], [tool("loan", 500 * M, eligible=LOW)])
    assert given(run(case, A=60)) == ({"A loan": eligible} if eligible else {})


@pytest.mark.parametrize(
    ("blocs", "expected"),
    [
        ({("AAA", "CCC"): 1.0}, 100),
        ({("AAA", "BBB"): 1.0}, 30),  # one member is high: all of it counts
        ({("AAA", "DDD"): 1.0}, 30),  # one may be
        ({("AAA", "CCC"): 0.4, ("AAA", "BBB"): 0.6}, 50),  # 0.6 x 50 = 30
    ],
)
def test_a_bloc_counts_under_a_limit_if_one_of_its_members_does(
    blocs: Mapping[tuple[str, ...], float], expected: int
) -> None:
    one = limit("high", packages=HIGH, at_most=30 * M)
    found = run(study([aimed(blocs)], [tool("loan", 500 * M)], [one]), A=60)
    assert given(found) == {"A loan": expected}


def test_amounts_are_split_alike_over_the_members() -> None:
    """0.7 over three members and 0.3 for BBB itself: BBB has 0.7 / 3 + 0.3 = 1.6 / 3 of 100 m."""
    case = study(
        [aimed({("AAA", "BBB", "CCC"): 0.7}, {"BBB": 0.3})],
        [tool("loan", 500 * M)],
        [limit("country", per="country", at_most=90 * M)],
    )
    found = run(case, A=60)
    assert given(found) == {"A loan": 100}
    assert row_of(found, "country", "BBB")["used"] == pytest.approx(160 * M / 3)
    assert row_of(found, "country", "AAA")["used"] == pytest.approx(70 * M / 3)


def test_a_round_names_blocs_that_flags_of_countries_define(tmp_path: Path) -> None:
    root = copy(tmp_path)
    flag = "attributes:\n  - {id: pact, label: Pact, type: flag}\n"
    edit(root, "scenarios/countries.yaml", "attributes:\n", flag)
    table = (
        "iso3,name,bloc,income_group,pact\n"
        "KEN,Kenya,Africa,lower_middle,yes\n"
        "POL,Poland,Europe,high,no\n"
        "VNM,Vietnam,Asia,lower_middle,\n"
    )
    edit(root, "scenarios/countries.csv", "*", table)
    edit(root, f"{ROUND}/targets.csv", "P1,KEN,1", "P1,pact,1")
    (told,) = bullets(refuse(root))
    assert told.endswith(
        "targets.csv line 2: which countries are in the bloc 'pact' is not known of all. "
        "Fill the column pact of the country table."
    )
    edit(root, "scenarios/countries.csv", "Asia,lower_middle,", "Asia,lower_middle,yes")
    loaded = load_study(root / BASE)
    one = loaded.package_by_id["P1"]
    found = [(target.country, target.bloc, target.members) for target in one.targets]
    assert found == [("KEN", "pact", 2), ("VNM", "pact", 2)]
    assert host_countries(loaded, one) == "Pact 100 % (alike over Kenya, Vietnam)"
    edit(root, f"{ROUND}/targets.csv", "P1,pact,1", "P1,pakt,1")
    (told,) = bullets(refuse(root))
    assert "the country or bloc 'pakt' is unknown." in told


def test_the_planted_blocs_are_eligible_and_not() -> None:
    """USTDA serves less developed countries: both members of the corridor, one of the link."""
    spring = load_study(BASELINE)
    classes = {
        name: [spring.country_by_id[t.country].attributes["dfc_class"].value  # type: ignore[union-attr]
               for t in spring.package_by_id[name].targets]
        for name in ("SP26-20", "SP26-35")
    }  # fmt: skip
    assert classes == {
        "SP26-20": ["less_developed", "less_developed"],
        "SP26-35": ["less_developed", "high_income"],
    }
