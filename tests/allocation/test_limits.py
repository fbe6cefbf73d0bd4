"""Every form of a limit, each in a case where it alone binds; the arithmetic in comments."""

from __future__ import annotations

import datetime as dt

import pytest

from evaluator.allocation.explain.findings import (
    GainsMoreElsewhere,
    HeldBackForGoals,
    InFull,
    LimitBinds,
    LimitHoldsAtZero,
)
from evaluator.allocation.model.findings import (
    ConditionUnknown,
    HeldAtZero,
    LimitIgnored,
    NotInForce,
    OutsideItsDays,
    Overrun,
    Stated,
)
from evaluator.model.financing import Trigger
from evaluator.report.formatting.names import study_names
from evaluator.results.findings import Findings
from tests.allocation.small import (
    M,
    ask,
    given,
    limit,
    package,
    parameter,
    reason,
    row_of,
    run,
    study,
    tool,
)

LOAN = tool("loan", 1_000 * M)
GRANT = tool("grant", 1_000 * M, 1.0)


def test_an_envelope_goes_to_the_best_points_a_dollar() -> None:
    # coverage: A 90 / 60m = 1.5 a million, B 80 / 100m = 0.8. A in full, B the other 40m.
    a, b = package("A", ask("bank.loan", 60 * M)), package("B", ask("bank.loan", 100 * M))
    found = run(study([a, b], [tool("loan", 100 * M)]), A=90, B=80)
    assert given(found) == {"A loan": 60, "B loan": 40}
    assert found.objective == pytest.approx(90 + 80 * 0.4)
    envelope = row_of(found, "loan.envelope")
    assert envelope["binding"]
    assert envelope["shadow_price"] == pytest.approx(0.8 / M)
    assert (envelope["price_low"], envelope["price_high"]) == (60 * M, 160 * M)
    assert reason(found, "A", "loan") == (InFull(),)
    assert reason(found, "B", "loan") == (GainsMoreElsewhere("bank.loan.envelope", ""),)


def test_dollars_as_objective_favour_the_higher_score() -> None:
    # dollars: A 70 a million, B 80 a million: B first, whatever it asks
    a, b = package("A", ask("bank.loan", 60 * M)), package("B", ask("bank.loan", 100 * M))
    found = run(study([a, b], [tool("loan", 110 * M)], objective="amount"), A=70, B=80)
    assert given(found) == {"A loan": 10, "B loan": 100}
    assert found.objective == pytest.approx(70 * 10 + 80 * 100, rel=1e-9)


def test_limits_and_envelopes_stand_in_the_order_of_their_ids() -> None:
    case = study([package("A", ask("bank.loan", M))], [tool("loan", M)], [limit("all", at_most=M)])
    assert run(case, A=50).limits["limit"].tolist() == ["bank.all", "bank.loan.envelope"]


def test_tool_weights_change_what_a_dollar_counts() -> None:
    # grants count four times: asks weigh 40 + 4 x 10 = 80, so a grant dollar brings 4 / 80
    case = study(
        [package("A", ask("bank.loan", 40 * M), ask("bank.grant", 10 * M))],
        [LOAN, GRANT],
        [limit("all", at_most=10 * M)],
        tool_weights={"bank.grant": 4},
    )
    found = run(case, A=80)
    assert given(found) == {"A grant": 10}
    assert found.objective == pytest.approx(80 * 40 / 80)


def test_a_parameter_bounds_with_existing_exposure() -> None:
    # 500 cap, 420 outstanding: 80 are left
    case = study(
        [package("A", ask("bank.loan", 100 * M))],
        [LOAN],
        [limit("exposure", at_most="bank.cap", plus="bank.used")],
        [parameter("cap", 500 * M), parameter("used", 420 * M)],
    )
    found = run(case, A=50)
    assert given(found) == {"A loan": 80}
    row = row_of(found, "exposure")
    assert (row["bound"], row["used"], row["slack"]) == (500 * M, 500 * M, 0)
    assert (row["price_low"], row["price_high"]) == (420 * M, 520 * M)


def test_exposure_over_the_bound_leaves_nothing_but_is_not_infeasible() -> None:
    case = study(
        [package("A", ask("bank.loan", 100 * M))],
        [LOAN],
        [limit("exposure", at_most="bank.cap", plus="bank.used")],
        [parameter("cap", 500 * M), parameter("used", 520 * M)],
    )
    found = run(case, A=50)
    assert given(found) == {}
    assert row_of(found, "exposure")["note"] == (Overrun("bank.exposure"),)


def test_a_share_of_an_attribute_bounds_each_package() -> None:
    # 25 % of 200 = 50 and of 400 = 100
    case = study(
        [
            package("A", ask("bank.loan", 80 * M), facts={"cost_usd": 200 * M}),
            package("B", ask("bank.loan", 80 * M), facts={"cost_usd": 400 * M}),
        ],
        [LOAN],
        [limit("cost", per="package", at_most={"share": 0.25, "of": "cost_usd"})],
    )
    found = run(case, A=50, B=50)
    assert given(found) == {"A loan": 50, "B loan": 80}
    assert reason(found, "A", "loan") == (LimitBinds("bank.cost", "A", own=True),)
    assert study_names(case).bound("bank.cost") == "25 % of Capital cost"


def test_a_missing_attribute_holds_at_nothing_and_says_which() -> None:
    case = study(
        [package("A", ask("bank.loan", 80 * M), facts={"cost_usd": None})],
        [LOAN],
        [limit("cost", per="package", at_most={"share": 0.25, "of": "cost_usd"})],
    )
    found = run(case, A=50)
    assert given(found) == {}
    lacking = Stated("cost_usd", "A", None, "empty cell")
    assert reason(found, "A", "loan") == (LimitHoldsAtZero("bank.cost", "A", lacking),)
    assert HeldAtZero("bank.cost", lacking) in found.notes


def test_a_share_of_a_sum_moves_with_the_sum() -> None:
    # grant <= 0.2 (loan + grant + 10): loan 60 in full; 0.8 grant <= 14, grant = 17.5
    of = {"tools": ("bank.*",), "plus": 10 * M}
    case = study(
        [package("A", ask("bank.loan", 60 * M), ask("bank.grant", 40 * M))],
        [LOAN, GRANT],
        [limit("part", "bank.grant", at_most={"share": 0.2, "of": of})],
    )
    found = run(case, A=50)
    assert found.amounts.loc["A"].to_dict() == {"bank.loan": 60 * M, "bank.grant": 17_500_000}
    row = row_of(found, "part")
    assert (row["used"], row["bound"]) == (17_500_000, 17_500_000)


def test_a_share_of_a_sum_by_a_text_column() -> None:
    # energy <= half of energy and water: of 100 A gets as much as B asks for
    case = study(
        [
            package("A", ask("bank.loan", 80 * M), facts={"sector": "energy"}),
            package("B", ask("bank.loan", 30 * M), facts={"sector": "water"}),
        ],
        [tool("loan", 100 * M)],
        [limit("half", per="sector", at_most={"share": 0.5, "of": {"tools": ("bank.*",)}})],
    )
    found = run(case, A=90, B=10)
    assert given(found) == {"A loan": 30, "B loan": 30}
    assert row_of(found, "half", "energy")["bound"] == 30 * M


def test_a_share_of_what_packages_of_a_text_column_state() -> None:
    # both of energy state 100: half of it bounds the two together; water states 40
    energy, water = ({"sector": s, "cost_usd": c * M} for s, c in (("energy", 100), ("water", 40)))
    case = study(
        [
            package(name, ask("bank.loan", 40 * M), facts=facts)
            for name, facts in (("A", energy), ("B", energy), ("C", water))
        ],
        [LOAN],
        [limit("half", per="sector", at_most={"share": 0.5, "of": "cost_usd"})],
    )
    found = run(case, A=80, B=60, C=40)
    assert given(found) == {"A loan": 40, "B loan": 10, "C loan": 20}


def test_shares_of_two_sums_are_of_two_sums() -> None:
    # each package gets half of the loans, and half of the grants, at most: 40 of 80; 4 of 8
    halves = [
        limit(name, tool, per="package", at_most={"share": 0.5, "of": {"tools": (tool,)}})
        for name, tool in (("a", "bank.loan"), ("b", "bank.grant"))
    ]
    case = study(
        [
            package("A", ask("bank.loan", 60 * M), ask("bank.grant", 10 * M)),
            package("B", ask("bank.loan", 60 * M), ask("bank.grant", 4 * M)),
        ],
        [tool("loan", 80 * M), GRANT],
        halves,
    )
    found = run(case, A=90, B=60)
    assert given(found) == {"A loan": 40, "A grant": 4, "B loan": 40, "B grant": 4}


def test_the_least_of_several_bounds() -> None:
    # A: min(0.5 x 100, 90) = 50; B: min(0.5 x 400, 90) = 90
    bound = {"min": ({"share": "content_share", "of": "cost_usd"}, 90 * M)}
    case = study(
        [
            package(
                "A", ask("bank.loan", 95 * M), facts={"cost_usd": 100 * M, "content_share": 0.5}
            ),
            package(
                "B", ask("bank.loan", 95 * M), facts={"cost_usd": 400 * M, "content_share": 0.5}
            ),
        ],
        [LOAN],
        [limit("content", per="package", at_most=bound)],
    )
    found = run(case, A=50, B=50)
    assert given(found) == {"A loan": 50, "B loan": 90}
    assert len(found.limits[found.limits["limit"] == "bank.content"]) == 2


def test_the_least_of_a_constant_and_a_share_of_a_sum() -> None:
    # grant <= min(15, 0.5 loan): loan 20 -> 10; the table shows the tighter bound
    bound = {"min": (15 * M, {"share": 0.5, "of": {"tools": ("bank.loan",)}})}
    case = study(
        [package("A", ask("bank.loan", 20 * M), ask("bank.grant", 40 * M))],
        [LOAN, GRANT],
        [limit("pair", "bank.grant", at_most=bound)],
    )
    found = run(case, A=50)
    assert given(found) == {"A loan": 20, "A grant": 10}
    assert row_of(found, "pair")["bound"] == 10 * M


def test_entities_are_counted_through_members_and_parents() -> None:
    # group X = X and its subsidiary Y. A: all X. B: 40 % Y, 60 % Z.
    # 1.0 a + 0.4 b <= 70, points a dollar alike (coverage 60/60, 100/100): by use of X,
    # b brings 1 / 0.4, a brings 1 / 1: b = 100 in full (40 of X), a = 30
    case = study(
        [
            package("A", ask("bank.loan", 60 * M), members={"X": 1.0}),
            package("B", ask("bank.loan", 100 * M), members={"Z": 0.6, "Y": 0.4}),
        ],
        [LOAN],
        [limit("entity", per="entity", at_most=70 * M)],
        entities={"X": None, "Y": "X", "Z": None},
    )
    found = run(case, A=60, B=100)
    assert given(found) == {"A loan": 30, "B loan": 100}
    assert row_of(found, "entity", "X")["used"] == 70 * M
    assert row_of(found, "entity", "Z")["used"] == 60 * M


def test_a_package_without_members_is_its_own_entity() -> None:
    case = study(
        [package("A", ask("bank.loan", 60 * M)), package("B", ask("bank.loan", 60 * M))],
        [LOAN],
        [limit("entity", per="entity", at_most=40 * M)],
    )
    assert given(run(case, A=60, B=60)) == {"A loan": 40, "B loan": 40}


def test_anchors_are_counted_by_their_parent_and_members_are_not() -> None:
    # A and B are led by one group: 50 in all, best points a dollar first; C only has Y as member
    case = study(
        [
            package("A", ask("bank.loan", 40 * M), members={"X": 0.5, "Z": 0.5}),
            package("B", ask("bank.loan", 40 * M), members={"Y": 1.0}),
            package("C", ask("bank.loan", 40 * M), members={"Z": 0.1, "Y": 0.9}),
        ],
        [LOAN],
        [limit("anchor", per="anchor", at_most=50 * M)],
        entities={"X": None, "Y": "X", "Z": None},
    )
    assert given(run(case, A=80, B=60, C=10)) == {"A loan": 40, "B loan": 10, "C loan": 40}


@pytest.mark.parametrize(
    ("per", "groups", "expected"),
    [
        # 0.5 of A in AAA, all of B in AAA: 0.5 a + b <= 60; a brings 1 / 0.5: a = 80, b = 20
        ("country", {"AAA": 60, "BBB": 40}, {"A loan": 80, "B loan": 20}),
        # East = AAA and BBB: a + b <= 60, points alike (80/80, 40/40 x 0.5): A first
        ("bloc", {"East": 60}, {"A loan": 60}),
    ],
)
def test_countries_and_blocs_by_shares_of_targets(
    per: str, groups: dict[str, int], expected: dict[str, int]
) -> None:
    case = study(
        [
            package("A", ask("bank.loan", 80 * M), hosts={"AAA": 0.5, "BBB": 0.5}),
            package("B", ask("bank.loan", 40 * M), hosts={"AAA": 1.0}),
        ],
        [LOAN],
        [limit("place", per=per, at_most=60 * M)],
    )
    found = run(case, A=80, B=20)
    assert given(found) == expected
    for group, used in groups.items():
        assert row_of(found, "place", group)["used"] == used * M


def test_a_text_column_groups_and_the_unknown_are_one_group() -> None:
    facts = [{"sector": "energy"}, {"sector": "energy"}, {"sector": None}, {"sector": None}]
    case = study(
        [package(n, ask("bank.loan", 40 * M), facts=f) for n, f in zip("ABCD", facts, strict=True)],
        [LOAN],
        [limit("sector", per="sector", at_most=50 * M)],
    )
    found = run(case, A=80, B=60, C=40, D=20)
    assert given(found) == {"A loan": 40, "B loan": 10, "C loan": 40, "D loan": 10}
    assert row_of(found, "sector", "(unknown)")["used"] == 50 * M


def test_subsidy_is_measured_by_rates_and_negative_ones_pay_for_nothing() -> None:
    # grade 1 earns 2 %, grade 3 costs 10 %, an unknown grade the most, 20 %.
    # budget 9: B 60 x 0.1 = 6, then C 3 / 0.2 = 15; A is free and adds nothing to the budget
    rates = {"1": -0.02, "3": 0.1, "5": 0.2}
    case = study(
        [
            package("A", ask("bank.loan", 60 * M), facts={"grade": 1}),
            package("B", ask("bank.loan", 60 * M), facts={"grade": 3.0}),
            package("C", ask("bank.loan", 60 * M), facts={"grade": None}),
        ],
        [tool("loan", 1_000 * M, rates)],
        [limit("budget", measure="subsidy", at_most=9 * M)],
    )
    found = run(case, A=50, B=50, C=50)
    assert given(found) == {"A loan": 60, "B loan": 60, "C loan": 15}
    assert row_of(found, "budget")["used"] == 9 * M
    assert found.subsidy_usd == 9 * M


@pytest.mark.parametrize(("weight", "loan"), [(0.4, 50), (None, 20)])
def test_weights_multiply_amounts_and_the_unknown_count_in_full(
    weight: float | None, loan: int
) -> None:
    case = study(
        [package("A", ask("bank.loan", 90 * M), facts={"small_share": weight})],
        [LOAN],
        [limit("weighed", weigh_by="small_share", at_most=20 * M)],
    )
    assert given(run(case, A=50)) == {"A loan": loan}


@pytest.mark.parametrize(
    ("first", "last", "loan", "note"),
    [
        # the study's day is 2026-07-01
        (None, dt.date(2026, 7, 1), 20, ()),
        (None, dt.date(2026, 6, 30), 60, (OutsideItsDays("bank.dated", "", "2026-06-30"),)),
        (dt.date(2026, 7, 1), None, 20, ()),
        (dt.date(2026, 7, 2), None, 60, (OutsideItsDays("bank.dated", "2026-07-02", ""),)),
    ],
)
def test_a_limit_holds_from_its_first_to_its_last_day(
    first: dt.date | None, last: dt.date | None, loan: int, note: tuple[OutsideItsDays, ...]
) -> None:
    days = {"from": first, "until": last}
    case = study(
        [package("A", ask("bank.loan", 60 * M))],
        [LOAN],
        [limit("dated", at_most=20 * M, **days)],
    )
    assert case.as_of == dt.date(2026, 7, 1)
    found = run(case, A=50)
    assert given(found) == {"A loan": loan}
    assert tuple(n for n in found.notes if isinstance(n, OutsideItsDays)) == note


@pytest.mark.parametrize(
    ("rate", "expected", "note"),
    [
        (0.03, {}, ()),
        (0.01, {"A loan": 60}, (NotInForce("bank.freeze", "bank.defaults", 0.01, 0.02),)),
        (
            None,
            {"A loan": 60},
            (ConditionUnknown("bank.freeze", Stated("bank.defaults", missing="not found")),),
        ),
    ],
)
def test_a_limit_in_force_only_past_a_threshold(
    rate: float | None, expected: dict[str, int], note: Findings
) -> None:
    trigger = Trigger(parameter="bank.defaults", at_least=0.02)
    case = study(
        [package("A", ask("bank.loan", 60 * M))],
        [LOAN],
        [limit("freeze", at_most="bank.used", plus="bank.used", when=trigger)],
        [parameter("used", 30 * M), parameter("defaults", rate, "share")],
    )
    found = run(case, A=50)
    assert given(found) == expected
    assert row_of(found, "freeze")["note"] == note


def test_hosts_match_by_the_share_of_targets() -> None:
    # A is 40 % in a high-income host: 0.4 a <= 0.4 x 25 % of 200, the ratio of the law: a = 50.
    # against a fixed amount, 0.4 a <= 10, a = 25
    hosts, facts = {"AAA": 0.6, "BBB": 0.4}, {"cost_usd": 200 * M}
    a = package("A", ask("bank.loan", 90 * M), hosts=hosts, facts=facts)
    rich = {"host.class": "high"}
    ratio = limit("rich", per="package", packages=rich, at_most={"share": 0.25, "of": "cost_usd"})
    found = run(study([a], [LOAN], [ratio]), A=50)
    assert given(found) == {"A loan": 50}
    assert row_of(found, "rich", "A")["used"] == 20 * M
    fixed = limit("rich", per="package", packages=rich, at_most=10 * M)
    assert given(run(study([a], [LOAN], [fixed]), A=50)) == {"A loan": 25}


def test_an_unknown_fact_does_not_escape_an_upper_limit() -> None:
    # DDD's class is not known: under the limit. CCC is low: not under it.
    case = study(
        [
            package("A", ask("bank.loan", 50 * M), hosts={"DDD": 1.0}),
            package("B", ask("bank.loan", 50 * M), hosts={"CCC": 1.0}),
            package("C", ask("bank.loan", 50 * M)),
        ],
        [LOAN],
        [limit("rich", packages={"host.class": "high"}, at_most=30 * M)],
    )
    assert given(run(case, A=60, B=50, C=40)) == {"A loan": 30, "B loan": 50}


def test_an_unknown_fact_does_not_help_a_lower_limit() -> None:
    # only B is known to be green: of 30 for green ones it must get all, though A scores higher
    case = study(
        [
            package("A", ask("bank.loan", 50 * M), facts={"green": None}),
            package("B", ask("bank.loan", 50 * M), facts={"green": 1}),
        ],
        [tool("loan", 50 * M)],
        [limit("green", packages={"green": True}, at_least=30 * M)],
    )
    found = run(case, A=90, B=10)
    assert given(found) == {"A loan": 20, "B loan": 30}
    # a dollar more for green moves a dollar from A to B: 10/50 - 90/50 = -1.6 a million
    assert row_of(found, "green")["shadow_price"] == pytest.approx(-1.6 / M)


def test_a_lower_limit_on_a_share_of_a_sum() -> None:
    # b >= 0.4 (a + b), a + b <= 50: b = 20
    case = study(
        [
            package("A", ask("bank.loan", 50 * M), facts={"sector": "health"}),
            package("B", ask("bank.loan", 50 * M), facts={"sector": "energy"}),
        ],
        [tool("loan", 50 * M)],
        [
            limit(
                "mix",
                packages={"sector": "energy"},
                at_least={"share": 0.4, "of": {"tools": ("bank.loan",)}},
            )
        ],
    )
    assert given(run(case, A=90, B=10)) == {"A loan": 30, "B loan": 20}


@pytest.mark.parametrize(
    ("cost", "expected", "missed"),
    [
        # B for A costs (90 - 10) / 50 = 1.6 points a million: a goal at 2 is met, at 1 is missed
        (2.0, {"A loan": 20, "B loan": 30}, 0),
        (1.0, {"A loan": 50}, 30 * M),
    ],
)
def test_a_goal_is_missed_where_that_costs_less(
    cost: float, expected: dict[str, int], missed: int
) -> None:
    goal = limit(
        "green", kind="goal", packages={"green": True}, at_least=30 * M, cost_per_million=cost
    )
    case = study(
        [
            package("A", ask("bank.loan", 50 * M)),
            package("B", ask("bank.loan", 50 * M), facts={"green": 1}),
        ],
        [tool("loan", 50 * M)],
        [goal],
    )
    found = run(case, A=90, B=10)
    assert given(found) == expected
    assert row_of(found, "green")["missed"] == missed
    gained = 90 * expected["A loan"] / 50 + 10 * expected.get("B loan", 0) / 50
    assert found.objective == pytest.approx(gained - cost * missed / M)


def test_an_upper_goal_holds_back_what_gains_less_than_it_costs() -> None:
    goal = limit("cap", kind="goal", at_most=30 * M, cost_per_million=1.5)
    case = study([package("A", ask("bank.loan", 50 * M))], [LOAN], [goal])
    found = run(case, A=50)  # 1 point a million gained, 1.5 lost
    assert given(found) == {"A loan": 30}
    assert reason(found, "A", "loan") == (HeldBackForGoals((("bank.cap", ""),)),)
    assert given(run(case, A=90)) == {"A loan": 50}  # 1.8 gained


@pytest.mark.parametrize("pattern", ["bank.loan.envelope", "kind:law"])
def test_an_ignored_limit_is_left_out_but_listed(pattern: str) -> None:
    case = study([package("A", ask("bank.loan", 90 * M))], [tool("loan", 50 * M)], ignore=[pattern])
    found = run(case, A=50)
    assert given(found) == {"A loan": 90}
    row = row_of(found, "loan.envelope")
    assert (row["bound"], row["used"], row["binding"]) == (50 * M, 90 * M, False)
    signed = ("For this case.", "analyst", "2026-07-01")
    assert row["note"] == (LimitIgnored(row.name[0], *signed),)


def test_goals_can_be_ignored_all_at_once() -> None:
    goal = limit("cap", kind="goal", at_most=30 * M, cost_per_million=1.5)
    case = study([package("A", ask("bank.loan", 50 * M))], [LOAN], [goal], ignore=["kind:goal"])
    assert given(run(case, A=50)) == {"A loan": 50}
