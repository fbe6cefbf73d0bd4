"""Every column of every table of a run, against values worked out by hand.

The study is `tests/cases/columns`; each value below is found from its files, not from the engine.
A column of the registry without a value here fails.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from math import sqrt

import pandas as pd
import pytest

from evaluator import ask, evaluate, load_study, read_run, write_run
from evaluator.loading import Override
from evaluator.questions.dated.law import law
from evaluator.questions.weighing.deciding_criteria import deciding_criteria
from evaluator.record import Run, csv_files
from evaluator.record.runs.tables import read_csv
from evaluator.results.schema import TABLES, Table
from tests.conftest import ROOT

STUDY = ROOT / "tests" / "cases" / "columns" / "scenarios" / "baseline.yaml"
M = 1_000_000
Key = str | int | tuple[str, ...]
"""What tells a row apart, in the order of the table's keys, or its place."""
Told = Mapping[Key, object] | list[object]
"""Values by row, or the whole column."""


def near(value: float, within: float = 1e-9) -> object:
    return pytest.approx(value, abs=within)


def drawn(share: float) -> object:
    """A share of 10 000 draws: the greatest standard error is 0.005."""
    return near(share, 0.02)


def has(*parts: str) -> Callable[[object], bool]:
    """What a sentence tells; its words are nobody's concern here."""
    return lambda text: all(part in str(text) for part in parts)


# Scores of roads and works: P1 80, 60  P2 60, 80  P3 50, 50  P5 40, 70  P6 30, 30.
# Overall at an influence t of roads: P1 60 + 20 t   P2 80 - 20 t   P5 70 - 30 t   P3 50   P6 30.
# Stated t = 0.6: 72, 68, 52, 50, 30. Neighbours cross at
#   P1, P2: 60 + 20 t = 80 - 20 t, t = 1/2;   P1, P5: t = 1/5;   P5, P3: t = 2/3.
# Each sum of four of works' weights: geometric means of the rows of its judgements, scaled.
_ROWS = (2.0 ** (1 / 3), 1.0, 0.5 ** (1 / 3))
PLAN, CARE, SKILL = (row / sum(_ROWS) for row in _ROWS)
_S = 4.0 ** (1 / 3)
RATIO = (1 + _S + 1 / _S - 3) / 2 / 0.58
"""Consistency index over Saaty's random index of three."""
# Allocation, in $ million and points. Asked: P1 72 loan; P2 40 loan and 12 grant, of which one
# package may have 10; P5 64 loan or nothing; P6 10 loan, but of P2 and P6 one alone.
# A million is worth 72 / 72 = 1 to P1, 68 / 52 = 1.3077 to P2. P2 takes 40 and 10, P1 the 60 left;
# P5 would bring 52 and cost more. Grants reach 10 of 15: 5 missed at 0.01.
P2_EACH = 68 / 52
OBJECTIVE = 60 + 50 * P2_EACH - 5 * 0.01
GRANT_EACH = P2_EACH + 0.01
"""A million of grants: its points and the goal."""
SUBSIDY = 0.1 * 100 + 10
# P5 in: 64 of loans, all 60 of P1 and 4 of P2.
WITH_P5 = 52 + 46 * P2_EACH - 0.05
NEEDED = 60 + 4 * P2_EACH
"""Score of P5 that outweighs what it takes."""
# Over t: P5 is funded where 70 - 30 t > 60 (60 + 20 t) / 72 + 4 (80 - 20 t) / 52.
FUNDED = (70 - 50 - 320 / 52) / (30 + 1200 / 72 - 80 / 52)
# Without the include P3 is designated: 20 of loans bring 50 * 20 / 21 and cost P1 20.
WITHOUT = OBJECTIVE + 50 * 20 / 21 - 20
# Of a cap c on the share of Africa, P1's: x / (50 + x) = c.
CAP = 0.541322
X = 50 * CAP / (1 - CAP)
ROADS, WORKS = ("influence", "roads", ""), ("influence", "works", "")
P1_ROADS = ("P1", "influence", "roads", "")
RATING = ("P1", "works.plan")
SCORES: Mapping[str, Told] = {
    "score.roads": {"P1": near(80), "P4": near(100)},
    "score.works": {"P1": near(60), "P4": near(60 * PLAN + 90 * SKILL)},
}
ANSWER: Mapping[str, Told] = {"status": {0: "optimal"}, "gap": {0: near(0, 1e-6)}}
LOAN = "bank.loan.envelope"
MORE = "institutions.bank.tools.loan.envelope.amount"
GOAL = ("limit", "bank.grants_in_all", "")
TURN = ("2027-01-01", "limit", "bank.grants_in_all")
LAPSE = ("2026-07-18", "authority", "bank")
ENVELOPE = ("envelope", "bank.loan", "limit", LOAN)
GRANTS = ("subsidy rate", "bank.grant", "tool", "bank.grant")
# without the goal a million of grants still brings P2_EACH: nothing moves
ENDS: Mapping[str, Told] = {
    "day": {TURN: "2027-01-01"},
    "days": {TURN: 184},
    "kind": {TURN: "limit"},
    "id": {TURN: "bank.grants_in_all"},
    "label": {TURN: "Grants should reach 15 million"},
    "old": {TURN: "in force"},
    "new": {TURN: "not in force"},
    "status_old": {TURN: "optimal"},
    "status_new": {TURN: "optimal"},
    "old_usd": {TURN: 110 * M},
    "new_usd": {TURN: 110 * M, LAPSE: 0},
    "moved_usd": {TURN: 0, LAPSE: 110 * M},
    "entered": {TURN: ()},
    "left": {TURN: (), LAPSE: ("P1", "P2")},
    "gained": {TURN: ()},
    "lost": {TURN: ()},
    "net.bank.loan": {TURN: 0, LAPSE: -100 * M},
    "note": {TURN: ""},
}

EXPECTED: Mapping[str, Mapping[str, Told]] = {
    "ranking": {
        "package": ["P1", "P2", "P5", "P3", "P6", "P4"],
        "title": {"P1": "First"},
        "rank": {"P1": 1, "P2": 2, "P5": 3, "P3": 4, "P6": 5, "P4": None},
        "method_score": {"P1": near(72), "P4": None},
        "overall": {"P1": near(72), "P4": near(60 + 0.4 * (60 * PLAN + 90 * SKILL))},
        **SCORES,
        "lowest_agency": {"P1": "works", "P2": "roads"},
        "spread": {"P1": near(20), "P5": near(30)},
        "outcome": {"P1": "passed", "P4": "failed", "P6": "unknown"},
        "red_flags": {"P5": has("roads.reach"), "P1": lambda flags: not flags},
        "designated": {"P1": True, "P6": True, "P3": False, "P4": False},
        "contested": {"P3": False},
        "reason": {"P3": has("below"), "P6": has("the minister", "promised last year")},
    },
    "agency_scores": {"package": ["P1", "P2", "P5", "P3", "P6", "P4"], **SCORES},
    "values": {
        "package": {0: "P1", 23: "P6"},
        "criterion": {0: "roads.reach", 1: "works.plan"},
        "agency": {RATING: "works"},
        "kind": {RATING: "rating", ("P1", "works.care"): "measure"},
        "raw": {("P4", "roads.reach"): "120", RATING: has("good", "poor")},
        "unit": {("P1", "roads.reach"): "thousands"},
        "state": {RATING: "known", ("P4", "works.care"): "missing"},
        "origin": {RATING: "panel", ("P4", "roads.reach"): has("applicant", "letter")},
        "value": {RATING: near((100 + 20) / 2), ("P4", "works.care"): 0.0},
        "value_low": {RATING: near(20), ("P4", "roads.reach"): near(90)},
        "value_high": {RATING: near(100), ("P4", "works.care"): near(100)},
        "panel": {RATING: (100.0, 20.0), ("P1", "works.care"): ()},
        "rated": {("P2", "works.plan"): 2, ("P3", "works.plan"): 4},
        "recused": {("P2", "works.plan"): 1, ("P3", "works.plan"): 0},
        "blank": {("P4", "works.plan"): 1, ("P2", "works.plan"): 0},
        "clamped": {("P4", "roads.reach"): True, RATING: False},
        "floor": {("P1", "roads.reach"): 45.0, RATING: None},
        "red_flag": {("P5", "roads.reach"): True, ("P3", "roads.reach"): False},
        "note": {("P4", "works.care"): has("not visited")},
        "effective_weight": {("P1", "roads.reach"): near(0.6), RATING: near(0.4 * PLAN)},
        "contribution": {("P1", "roads.reach"): near(48), RATING: near(0.4 * PLAN * 60)},
    },
    "gates": {
        "package": ["P1", "P2", "P3", "P4", "P5", "P6"],
        "requirement": {0: "on_time"},
        "label": {0: "Submitted before the call closed"},
        "outcome": {("P4", "on_time"): "failed", ("P6", "on_time"): "unknown", 0: "passed"},
        "tools": [()] * 6,
        "reason": {("P4", "on_time"): has("2026-07-01", "2026-06-30")},
        "citation": {0: "Rule of the call"},
        "confidence": {0: "illustrative"},
    },
    "weights": {
        "agency": ["roads", "works"],
        "influence": {"roads": 0.6, "works": 0.4},
        "weight.works.plan": {"works": near(PLAN), "roads": 0.0},
        "weight.works.care": {"works": near(CARE)},
        "weight.works.skill": {"works": near(SKILL)},
        "weight.roads.reach": {"roads": 1.0},
    },
    "allocation": {
        "package": ["P1", "P2", "P2", "P3", "P3", "P5", "P6"],
        "tool": {0: "bank.loan", 2: "bank.grant"},
        "requested": {0: 72 * M, 2: 12 * M},
        "eligible": {0: 72 * M, ("P3", "bank.loan"): 0},
        "allocated": {0: 60 * M, 1: 40 * M, 2: 10 * M, ("P5", "bank.loan"): 0},
        "reason": {
            0: has("Envelope"),
            1: has("full"),
            2: has("Grants to one package"),
            ("P3", "bank.loan"): has("not designated"),
            ("P6", "bank.loan"): has("Second", "in its place"),
        },
    },
    "limits": {
        "limit": {("bank.grant_each", "P2"): "bank.grant_each"},
        "label": {("bank.grant_each", "P2"): "Grants to one package"},
        "kind": {("bank.grants_in_all", ""): "goal", (LOAN, ""): "envelope"},
        "measure": {(LOAN, ""): "face"},
        "sense": {("bank.grants_in_all", ""): "at_least", (LOAN, ""): "at_most"},
        "group": {("bank.grant_each", "P2"): "P2"},
        "bound": {(LOAN, ""): 100 * M, ("bank.grants_in_all", ""): 15 * M},
        "used": {(LOAN, ""): 100 * M, ("bank.grant_each", "P2"): 10 * M},
        "slack": {(LOAN, ""): 0, ("bank.grant.envelope", ""): 10 * M},
        "binding": {(LOAN, ""): True, ("bank.grant.envelope", ""): False},
        "shadow_price": {
            (LOAN, ""): near(1 / M, 1e-12),
            ("bank.grant_each", "P2"): near(GRANT_EACH / M, 1e-12),
        },
        # P1 takes what is more than the 40 of P2, and 72 at most
        "price_low": {(LOAN, ""): near(40 * M, 1)},
        "price_high": {(LOAN, ""): near(112 * M, 1), ("bank.grant_each", "P2"): near(12 * M, 1)},
        "cut_price": {(LOAN, ""): near(1 / M, 1e-12), ("bank.grant.envelope", ""): 0},
        "together": {(LOAN, ""): ""},
        "missed": {("bank.grants_in_all", ""): 5 * M, (LOAN, ""): 0},
        "citation": {(LOAN, ""): "Made for this case"},
        "confidence": {(LOAN, ""): "illustrative"},
        "note": {(LOAN, ""): ""},
    },
    "elicitation": {
        "agency": ["roads", "roads", "works"],
        "group": ["", "use", ""],
        "method": {("works", ""): "ahp", ("roads", "use"): "points"},
        "variant": {
            ("works", ""): has("principal eigenvector", "Saaty"),
            ("roads", ""): has("points out of 100"),
        },
        "inconsistency": {("works", ""): near(RATIO), ("roads", ""): None},
        "warnings": {("works", ""): has("0.187"), ("roads", ""): lambda text: not text},
    },
    "sources": {
        "kind": {("criterion", "roads.reach"): "criterion"},
        "id": {("criterion", "roads.reach"): "roads.reach"},
        "label": {("criterion", "roads.reach"): "People reached"},
        "value": {("influence", "influence"): has("0.6", "0.4")},
        "citation": {("criterion", "roads.reach"): "Plan of the ministry"},
        "confidence": {("criterion", "roads.reach"): "seen"},
        "bill": {0: ""},
        "checked_on": {("criterion", "roads.reach"): "2026-06-15", ("call", "call"): ""},
        "note": {("criterion", "roads.reach"): "second edition"},
    },
    # Ranks by roads P1 P2 P3 P5 P6, by works P2 P5 P1 P3 P6: opposed are P1-P2, P1-P5, P3-P5.
    "agreement": {
        "package": ["P1", "P2", "P5", "P3", "P6"],
        "rank.roads": {"P1": 1, "P2": 2, "P3": 3, "P5": 4, "P6": 5},
        "rank.works": {"P2": 1, "P5": 2, "P1": 3, "P3": 4, "P6": 5},
        # points for places, 4 to 0: P1 4 + 2, P2 3 + 4, P3 2 + 1, P5 1 + 3, P6 0
        "borda": {"P2": 1, "P1": 2, "P5": 3, "P3": 4, "P6": 5},
        # pairs won less lost: P1 2, P2 3, P3 -1, P5 0, P6 -4
        "copeland": {"P2": 1, "P1": 2, "P5": 3, "P3": 4, "P6": 5},
        "kemeny": {"P6": 5},
        "lowest": {"P1": near(60), "P5": near(40)},
        "highest": {"P1": near(80), "P5": near(70)},
        "spread": {"P1": near(20), "P5": near(30)},
        "rank_spread": {"P1": 2, "P2": 1, "P6": 0},
        "below_floor": {"P6": ("works",), "P1": ()},
        "below_median": {"P6": ("roads", "works"), "P1": ()},
        # of roads alone P3 is third and P5 fourth
        "decisive": {"P5": "works", "P3": "works", "P1": ""},
        "dominated_by": {"P5": ("P2",), "P3": ("P1", "P2"), "P1": ()},
    },
    "agreement_pairs": {
        "agency": ["roads"],
        "other": ["works"],
        "tau_b": {0: near((7 - 3) / 10)},
        "spearman": {0: near(1 - 6 * (4 + 1 + 1 + 4 + 0) / (5 * 24))},
        "opposed_pairs": {0: 3},
        "proportional_weights": {0: False},
        "drivers": {0: ("roads.reach", "works.plan", "works.care")},
        # ranks 1 2 4 3 5 and 3 1 2 4 5, of P1 P2 P5 P3 P6
        "apart_on": {0: ("P1", "P5", "P2")},
    },
    # Roads alone has P3 in the place of P5; works alone the second of the best portfolios.
    "own_way": {
        "agency": ["roads", "works"],
        "entered": {"roads": ("P3",), "works": ()},
        "left": {"roads": ("P5",), "works": ()},
        "funded_in": {"works": ("P5",)},
        "funded_out": {"works": ("P1",)},
        "moved_usd": {"works": 64 * M},
        "status": {"roads": "optimal", "works": "optimal"},
    },
    # Each is the others of the other one. Reach: 80 60 40 50 30, mean 52; works: 60 80 70 50 30,
    # mean 58, of which its plan is a part.
    "agency_views": {
        "agency": {0: "roads", 5: "works"},
        "package": {0: "P1", 9: "P6"},
        "rank": {("roads", "P1"): 1, ("roads", "P5"): 4, ("works", "P5"): 2},
        "others": {("roads", "P1"): 3, ("roads", "P5"): 2, ("works", "P5"): 4},
        # of roads alone P3 is third and P5 fourth; P6 is included
        "alone": {("roads", "P3"): True, ("roads", "P5"): False, ("works", "P3"): False},
        "criterion": {
            ("roads", "P1"): "roads.reach",
            ("roads", "P2"): "works.plan",
            ("roads", "P6"): "",
        },
        "points": {
            ("roads", "P1"): near(80 - 52),
            ("roads", "P2"): near(-PLAN * (80 - 58)),
            ("works", "P5"): near(-(40 - 52)),
            ("roads", "P6"): None,
        },
        "weight_others": {("roads", "P1"): near(0), ("roads", "P2"): near(PLAN)},
        "mean": {("roads", "P1"): near(52), ("roads", "P2"): near(58)},
    },
    # Mean absolute deviation of reach, 80 60 50 40 30, from 52 is 72 / 5; that of works,
    # 60 80 50 70 30, from 58 is 72 / 5 as well, its criteria by their weights.
    "agreement_drivers": {
        "agency": {0: "roads"},
        "other": {0: "works"},
        "criterion": {0: "roads.reach"},
        "share": {("roads", "works", "roads.reach"): near(0.5), 1: near(0.5 * PLAN)},
        "points": {("roads", "works", "roads.reach"): near(14.4), 1: near(14.4 * PLAN)},
    },
    # t is uniform on 0..1. P1 is first above 1/2, third below 1/5; P5 second below 1/5, fourth
    # above 2/3; P2 first or second; P3 third above 2/3.
    "acceptability": {
        "package": ["P1", "P2", "P5", "P3", "P6"],
        "tier": {"P1": "clear", "P5": "contested", "P3": "contested"},
        "designated_share": {"P1": 1.0, "P5": drawn(2 / 3), "P3": drawn(1 / 3)},
        "designated_error": {"P1": 0.0, "P5": near(sqrt(2 / 9 / 10_000), 2e-4)},
        "tied_share": {"P1": 0.0, "P5": 0.0},  # no two are tied but where lines cross
        "first_share": {"P1": drawn(0.5), "P2": drawn(0.5), "P5": 0.0},
        "first_error": {"P1": near(sqrt(0.25 / 10_000), 1e-5)},
        "expected_rank": {"P1": drawn(0.5 + 2 * 0.3 + 3 * 0.2), "P6": 5.0},
        "expected_rank_error": {
            "P1": near(sqrt((0.5 + 4 * 0.3 + 9 * 0.2 - 1.7**2) / 10_000), 2e-4)
        },
        "rank_low": {"P1": 1, "P5": 2, "P3": 3, "P6": 5},
        "rank_high": {"P1": 3, "P5": 4, "P2": 2, "P6": 5},
        "confidence": {"P1": 1.0, "P5": None},
    },
    # nobody stands in a row whom no draw puts there
    "rank_acceptability": {
        "package": ["P1", "P1", "P1", "P2", "P2", "P5", "P5", "P5", "P3", "P3", "P6"],
        "rank_from": {0: 1, 3: 1, 5: 2, 10: 5},
        "rank_to": {0: 1, 10: 5},
        "share": {
            **{("P1", 1): drawn(0.5), ("P1", 2): drawn(0.3), ("P1", 3): drawn(0.2)},
            **{("P5", 2): drawn(0.2), ("P5", 3): drawn(2 / 3 - 0.2), ("P3", 3): drawn(1 / 3)},
            ("P6", 5): 1.0,
        },
    },
    # P2 is ahead of all but P1 in every draw, and all are ahead of P6
    "pairwise_winning": {
        "package": ["P1", "P1", "P5"],
        "other": ["P2", "P5", "P3"],
        "ahead": [drawn(0.5), drawn(0.8), drawn(2 / 3)],
    },
    # where P1 is first t is 3/4 on average, where P2 is, 1/4
    "central_weights": {
        "package": ["P1", "P2"],
        "weight.roads.reach": {"P1": drawn(0.75), "P2": drawn(0.25)},
        "weight.works.plan": {"P1": drawn(0.25 * PLAN), "P2": drawn(0.75 * PLAN)},
    },
    "stability": {
        "kind": {0: "influence", 2: "weight"},
        "agency": {0: "roads", 1: "works"},
        "criterion": {0: "", 3: "works.plan"},
        "present": {ROADS: 0.6, ("weight", "works", "works.plan"): near(PLAN)},
        "leader_low": {ROADS: near(0.5), WORKS: 0.0},
        "leader_high": {ROADS: 1.0, WORKS: near(0.5)},
        "leader_below": {ROADS: has("First", "Second"), WORKS: lambda change: not change},
        "leader_above": {ROADS: lambda change: not change, WORKS: has("First", "Second")},
        "order_low": {ROADS: near(0.5), WORKS: near(1 / 3)},
        "order_high": {ROADS: near(2 / 3), WORKS: near(0.5)},
        "order_below": {ROADS: has("First", "Second"), WORKS: has("Third", "Fifth")},
        "order_above": {ROADS: has("Third", "Fifth"), WORKS: has("First", "Second")},
        "designated_low": {ROADS: 0.0, WORKS: near(1 / 3)},
        "designated_high": {ROADS: near(2 / 3), WORKS: 1.0},
        "designated_below": {ROADS: lambda change: not change, WORKS: has("Third", "Fifth")},
        "designated_above": {ROADS: has("Third", "Fifth"), WORKS: lambda change: not change},
    },
    # P3 needs the 52 of P5: 2 points more, of a criterion that counts 0.6
    "improvements": {
        "package": ["P3"],
        "outcome": {"P3": "possible"},
        "target": {"P3": near(52, 0.02)},
        "criterion": {"P3": "roads.reach"},
        "value": {"P3": near(50)},
        "needed": {"P3": near(50 + 2 / 0.6, 0.02)},
        "points_in_all": {"P3": near(2 / 0.6, 0.02)},
    },
    "variance": {
        "package": ["P1", "P2", "P5", "P3", "P6"],
        "standard_deviation": {"P1": near(20 / sqrt(12), 0.1), "P5": near(30 / sqrt(12), 0.15)},
        "influence_first": {"P1": near(1)},
        "influence_total": {"P1": near(1)},
        "weights_first": {"P1": near(0)},
        "weights_total": {"P1": near(0)},
        "values_first": {"P1": near(0)},
        "values_total": {"P1": near(0)},
        "interaction": {"P1": near(0)},
    },
    "tornado": {
        "package": {0: "P1"},
        "kind": {P1_ROADS: "influence"},
        "agency": {P1_ROADS: "roads"},
        "criterion": {P1_ROADS: ""},
        "low": {P1_ROADS: near(0.05, 0.01)},
        "high": {P1_ROADS: near(0.95, 0.01)},
        "score_at_low": {P1_ROADS: near(60 + 20 * 0.05, 0.2)},
        "score_at_high": {P1_ROADS: near(60 + 20 * 0.95, 0.2)},
        "swing": {P1_ROADS: near(20 * 0.9, 0.4)},
    },
    # products: 80^0.6 60^0.4 = 71.3, 60^0.6 80^0.4 = 67.3, 40^0.6 70^0.4 = 50.03, 50, 30
    "methods": {
        "package": ["P1", "P2", "P5", "P3", "P6"],
        "rank.weighted_sum": {"P1": 1, "P2": 2, "P5": 3, "P3": 4, "P6": 5},
        "rank.weighted_product": {"P1": 1, "P2": 2, "P5": 3, "P3": 4, "P6": 5},
    },
    "reversals": {
        "method": {("weighted_sum", "remove"): "weighted_sum"},
        "test": {0: "remove", 1: "copy", 2: "worse"},
        "variant": {0: has("no normalization")},
        "checks": {("weighted_sum", "remove"): 5, ("weighted_sum", "copy"): 5},
        "reversals": {("weighted_sum", "remove"): 0},
        "leader_changes": {("weighted_sum", "remove"): 0},
        "refusals": {("weighted_sum", "remove"): 0},
    },
    # 100 more: P1's last 12, and P5
    "next_amounts": {
        "subject": ["bank.loan", "bank.grant"],
        "label": ["Loan", "Grant"],
        "amount_usd": {0: 100 * M},
        "gained": {0: near(12 + 52), 1: near(0)},
        "shadow_price": {0: near(1 / M, 1e-12), 1: 0.0},
        "together": {0: "", 1: ""},
        "price_holds_usd": {0: near(12 * M, 1)},
        "foretold": {0: near(100), 1: 0.0},
        "used_usd": {0: 76 * M, 1: 0},
        "total_usd": {0: 76 * M},
        "subsidy_more_usd": {0: 7_600_000},
        "capped_by": {1: has("Grants to one package")},
        "sentence": {0: has("64")},
        "subsidy_usd": {0: 27_600_000},
        "supported": {0: 3, 1: 2},
        "entered": {0: ("P5",), 1: ()},
        "left": {0: ()},
        **ANSWER,
    },
    # P6 in the place of P2 needs 52 + 26 + s - 0.15 above the objective.
    # P5 in part: 52 above 64 r, r < 0.8125. With e more of loans: e - 4 + 52 above 60 + 12.
    "what_it_takes": {
        "package": ["P5", "P6"],
        "score": {"P5": near(52), "P6": near(30)},
        "score_needed": {"P5": near(NEEDED, 0.1), "P6": near(OBJECTIVE + 0.15 - 78, 0.1)},
        "requested_usd": {"P5": 64 * M},
        "request_share": {"P5": near(0.8125, 0.01), "P6": None},
        "request_usd": {"P5": near(52 * M, 0.64 * M), "P6": None},
        "limit": {"P5": LOAN, "P6": ""},
        "more_usd": {"P5": near(24 * M, 0.11 * M), "P6": None},
        "reason": {"P6": has("Second", "in its place")},
        "sentence": {"P5": has("Fifth", "65.3"), "P6": has("Sixth")},
    },
    "in_the_way": {
        "package": {0: "P5"},
        "limit": {0: LOAN},
        "bound_usd": {0: 100 * M},
        "more_usd": {0: near(24 * M, 0.11 * M)},
        "gained": {0: near(24 - 4 + 52 - 60, 0.11)},
        "entered": {0: ("P5",)},
        "left": {0: ()},
        "note": {("P6", LOAN): has("no amount")},
    },
    "override_costs": {
        "kind": {("include", "P6"): "include", ("must_not", "P3"): "must_not"},
        "subject": {("include", "P6"): "P6"},
        "tool": {("must_not", "P3"): "bank.grant", ("include", "P6"): ""},
        "because": {("include", "P6"): "promised last year"},
        "by": {("include", "P6"): "the minister"},
        "date": {("include", "P6"): "2026-06-20"},
        "objective_without": {
            ("include", "P6"): near(WITHOUT),
            ("must_not", "P3"): near(OBJECTIVE),
        },
        "lost": {("include", "P6"): near(WITHOUT - OBJECTIVE), ("must_not", "P3"): near(0)},
        "moved_usd": {("include", "P6"): 20 * M, ("must_not", "P3"): 0},
        "given_more_usd": {("include", "P6"): 0},
        "subsidy_more_usd": {("include", "P6"): 0},
        "subsidy_usd": {("include", "P6"): 20 * M},
        "supported": {("include", "P6"): 3},
        "entered": {("include", "P6"): ("P3",)},
        "left": {("include", "P6"): ()},
        "sentence": {("include", "P6"): has("Sixth", "the minister", "promised last year")},
        **ANSWER,
    },
    # P1 has 60 of loans, above 50; the 40 of P2 are not. Of ten days from 1 July every_day ends on
    # the 11th; planned counts 2 to 5 and 13 to 18 July, a day after the authority ends. For an act
    # by the 17th: 17 - 10 = 7; planned none, since 2 to 5 and 13 to 17 July are nine; twelve days
    # from 6 July end on the 17th, and the assembly is then out for six days more.
    "notices": {
        "limit": ["bank.large_loans"],
        "label": ["Loans that the assembly is told of"],
        "group": ["P1"],
        "packages": [("P1",)],
        "amount_usd": [60 * M],
        "threshold_usd": [50 * M],
        "citation": ["Made for this case"],
        "confidence": ["illustrative"],
        "note": [""],
    },
    "clocks": {
        "package": ["P1"] * 4,
        "institution": ["bank"] * 4,
        "limit": ["bank.large_loans"] * 4,
        "reading": ["every_day", "ended", "planned", "adjourned"],
        "start": ["2026-07-01"] * 4,
        "earliest": ["2026-07-11", "2026-07-11", "2026-07-18", ""],
        "state": ["known", "known", "known", "not_open"],
        "not_before": ["2026-07-11", "2026-07-11", "2026-07-18", "2026-07-12"],
        "lapses_on": ["2026-07-17"] * 4,
        "last_start": ["2026-07-07", "2026-07-07", "", "2026-07-06"],
        "due_by": [""] * 4,
        "citation": ["Made for this case"] * 4,
    },
    "acts": {
        "package": ["P1"] * 4 + ["P2"],
        "institution": ["bank"] * 5,
        "amount_usd": [60 * M] * 4 + [50 * M],
        "limits": [("bank.large_loans",)] * 4 + [()],
        "reading": ["every_day", "ended", "planned", "adjourned", "calendar"],
        "earliest": ["2026-07-11", "2026-07-11", "2026-07-18", "", "2026-07-01"],
        "state": ["known", "known", "known", "not_open", "known"],
        "not_before": {2: "2026-07-18", 3: "2026-07-12", 4: "2026-07-01"},
        "lapses_on": ["2026-07-17"] * 5,
        "late": {0: False, 2: True, 3: None, 4: False},
        "last_start": ["2026-07-07", "2026-07-07", "", "2026-07-06", ""],
    },
    "notice_contents": {
        "limit": ["bank.large_loans"] * 3,
        "package": ["P1"] * 3,
        "content": ["Amount", "Submitted", "Recipient"],
        "of": ["amounts", "submitted_on", "recipient"],
        "missing": [False, False, True],
        "told": {0: has("Loan", "60"), 1: has("2026-06-01"), 2: has("missing")},
    },
    "assistance": {
        "package": ["P1", "P3"],
        "kind": ["licence priority", "advocacy"],
        "addressee": ["Licensing office", "Ministry"],
        "asked": ["An answer in 30 days", "A visit to the port"],
        "source": ["page 2", "page 3"],
    },
    # to Kenya go P1, who gets 60, P6, P3 and P4; to Poland P2, who gets 50, and P5
    "coverage": {
        "target": ["KEN", "POL"],
        "label": ["Kenya", "Poland"],
        "state": ["funded", "funded"],
        "packages": [("P1", "P6"), ("P2", "P5")],
        "others": [("P3", "P4"), ()],
        "proposed_usd": [60 * M, 50 * M],
        "note": ["First of all", ""],
        "citation": ["Made for this case"] * 2,
        "confidence": ["illustrative"] * 2,
    },
    "country_facts": {
        "country": ["KEN"],
        "criterion": ["works.plan"],
        "kind": ["barrier"],
        "fact": ["A toll on each truck"],
        "date": ["2026-05-04"],
        "packages": [("P1", "P3", "P4", "P6")],
        "citation": ["Made for this case"],
        "confidence": ["illustrative"],
    },
    # rows 0 to 4 are loans: 50, 75, 100, 125, 150
    "budget_sweep": {
        "tool": {0: "bank.loan", 5: "bank.grant"},
        "factor": {0: 0.5, 4: 1.5},
        "envelope_usd": {0: 50 * M, 5: 10 * M},
        "given_usd": {0: 50 * M, 3: 125 * M, 5: 10 * M},
        "total_usd": {0: 60 * M, 3: 135 * M},
        "objective": {0: near(OBJECTIVE - 50), 2: near(OBJECTIVE)},
        "change": {0: near(-50), 3: near(125 - 104 - 60 + 52)},
        "per_million": {0: None, 1: near(1), 3: near((125 - 104 - 60 + 52) / 25)},
        "subsidy_usd": {0: 15 * M, 2: 20 * M},
        "supported": {0: 2, 3: 3},
        "entered": {3: ("P5",), 0: ()},
        "left": {0: ()},
        **ANSWER,
    },
    # a dollar of grants costs one of subsidy, of loans a tenth: grants go first
    "frontier_subsidy": {
        "cap": {0: None, 1: near(SUBSIDY * 10 / 11 * M, 2)},
        "objective": {0: near(OBJECTIVE), 1: near(OBJECTIVE - SUBSIDY / 11 * GRANT_EACH, 1e-5)},
        "share": {0: 1.0, 1: near(1 - SUBSIDY / 11 * GRANT_EACH / OBJECTIVE, 1e-6)},
        "given_usd": {0: 110 * M, 1: near((100 + 10 - SUBSIDY / 11) * M, 2)},
        "subsidy_usd": {0: 20 * M, -1: 0},
        "supported": {0: 2, -1: 0},
        "entered": {0: (), 7: ("P6",)},
        "left": {7: ("P2",)},
        **ANSWER,
    },
    "frontier_concentration": {
        "cap": {0: None, 1: near(CAP)},
        "objective": {0: near(OBJECTIVE), 1: near(OBJECTIVE - 60 + X, 1e-3)},
        "share": {0: 1.0, 1: near(1 - (60 - X) / OBJECTIVE, 1e-5)},
        "largest_share": {0: near(60 / 110), 1: near(CAP, 1e-5)},
        "largest_group": {0: "Africa"},
        "given_usd": {0: 110 * M, 1: near((50 + X) * M, 500)},
        "subsidy_usd": {0: 20 * M, 1: near((14 + X / 10) * M, 500)},
        "supported": {0: 2},
        "entered": {0: ()},
        "left": {0: ()},
        **ANSWER,
    },
    "best_portfolios": {
        "rank": [1, 2, 3, 4, 5],
        "objective": {0: near(OBJECTIVE), 1: near(WITH_P5)},
        "lost": {0: 0.0, 1: near(OBJECTIVE - WITH_P5)},
        "lost_share": {1: near(1 - WITH_P5 / OBJECTIVE)},
        "moved_usd": {0: 0, 1: 64 * M},
        "given_usd": {0: 110 * M, 1: 110 * M},
        "subsidy_usd": {0: 20 * M, 1: 20 * M},
        "supported": {0: 2, 1: 2},
        "entered": {1: ("P5",)},
        "left": {1: ("P1",)},
        **ANSWER,
    },
    # of 1 000 draws: the standard error is 0.0146
    "core_index": {
        "package": {0: "P2"},
        "tier": {"P2": "core", "P5": "borderline", "P3": "out"},
        "core_index": {"P2": 1.0, "P5": near(FUNDED, 0.06), "P1": near(1 - FUNDED, 0.06)},
        "error": {"P5": near(sqrt(FUNDED * (1 - FUNDED) / 1000), 1e-3), "P2": 0.0},
        "designated_share": {"P5": 1.0, "P3": 0.0},
    },
    # From 0.6 in steps of 0.05: six to 0.3, where P5 is funded, two to 0.7, where P3 is; each end
    # halved three times to 0.01, and the stated point: 6 + 2 + 3 + 3 + 1.
    "funded_stability": {
        "agency": ["roads", "works"],
        "present": [0.6, 0.4],
        "low": {"roads": near(FUNDED, 0.01), "works": near(1 / 3, 0.01)},
        "high": {"roads": near(2 / 3, 0.01), "works": near(1 - FUNDED, 0.01)},
        "differs_below": {"roads": near(FUNDED, 0.01)},
        "differs_above": {"roads": near(2 / 3, 0.01)},
        "solves": {"roads": 15},
    },
    # Without reach the roads fall away and works alone counts: P2 80, P5 70, P1 60, P3 50, P6 30.
    # The loan of P5 is worth 70, and of P2 36 are left: 140.8 against the 126.9 of P2 whole and 60
    # of P1. Given 36 + 10 and 64 for 40 + 10 and 60: 64 move. The criteria of works are alike.
    "deciding_criteria": {
        "criterion": {0: "roads.reach"},
        "label": {"roads.reach": "People reached"},
        "agencies": {"roads.reach": ("roads",), "works.plan": ("works",)},
        "weight": {"roads.reach": 0.6, "works.plan": near(0.4 * PLAN)},
        "decides": {"roads.reach": "money", "works.skill": "nothing"},
        "ranks": {"roads.reach": 3, "works.care": 0},
        "furthest": {"roads.reach": 2, "works.care": 0},
        "entered": {"roads.reach": ()},
        "left": {"roads.reach": ()},
        "funded_in": {"roads.reach": ("P5",)},
        "funded_out": {"roads.reach": ("P1",)},
        "moved_usd": {"roads.reach": 64 * M, "works.plan": 0},
        "status": {"roads.reach": "optimal"},
    },
    # The goal ends with the year; from 1 July that is 30 + 31 + 30 + 31 + 30 + 31 days.
    "law": {
        "kind": {GOAL: "limit", 0: "requirement"},
        "id": {GOAL: "bank.grants_in_all"},
        "label": {GOAL: "Grants should reach 15 million"},
        "where": {GOAL: "institutions.bank.limits.grants_in_all"},
        "value": {("envelope", "bank.loan", ""): has("100,000,000")},
        "from": {GOAL: ""},
        "until": {GOAL: "2026-12-31", 0: ""},
        "standing": {GOAL: "in force"},
        "days_left": {GOAL: 183, 0: None},
        "next_day": {GOAL: "2027-01-01", 0: ""},
        "next": {GOAL: has("not in force")},
        "citation": {GOAL: "Made for this case"},
        "confidence": {GOAL: "illustrative"},
        "bill": {GOAL: ""},
        "checked_on": {GOAL: ""},
    },
    "law_changes": ENDS,
    "law_difference": ENDS,
    # ten million more of loans go to P1, which asks for 72 and had 60
    "since": {
        "package": ["P1", "P2", "P5", "P3", "P6", "P4"],
        "title": {"P1": "First"},
        "rank_before": {"P1": 1, "P4": None},
        "rank_after": {"P2": 2, "P4": None},
        "overall_before": {"P1": near(72)},
        "overall_after": {"P2": near(68)},
        "priority_before": {"P1": True, "P3": False},
        "priority_after": {"P6": True, "P4": False},
        "usd_before": {"P1": 60 * M, "P2": 50 * M, "P3": 0},
        "usd_after": {"P1": 70 * M, "P2": 50 * M, "P3": 0},
    },
    "since_tools": {
        "tool": {"bank.loan": "bank.loan", "bank.grant": "bank.grant"},
        "before": {"bank.loan": 100 * M, "bank.grant": 10 * M},
        "after": {"bank.loan": 110 * M, "bank.grant": 10 * M},
        "net": {"bank.loan": 10 * M, "bank.grant": 0},
        "moved": {"bank.loan": 10 * M, "bank.grant": 0},
    },
    "since_changes": {
        "key": [MORE],
        "old": {MORE: "100000000"},
        "new": {MORE: "110000000"},
        "because": {MORE: "More loans."},
        "by": {MORE: "Ann, 2026-06-01"},
    },
    "law_confidence": {
        "confidence": {ENVELOPE: "illustrative"},
        "bill": {ENVELOPE: ""},
        "kind": {ENVELOPE: "envelope"},
        "id": {ENVELOPE: "bank.loan"},
        "label": {ENVELOPE: has("Bank: Loan")},
        "citation": {ENVELOPE: "Made for this case"},
        "rests": {ENVELOPE: "limit"},
        "subject": {ENVELOPE: LOAN},
        "binds": {ENVELOPE: True, GRANTS: None},
        "groups": {ENVELOPE: 1, GRANTS: 1},
        "usd": {ENVELOPE: 100 * M, GRANTS: 10 * M},
    },
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A full run of the study, read back from its files."""
    study = load_study(STUDY, [Override("extent", "full", "Every table.")])
    return read_run(write_run(ask(evaluate(study)), tmp_path_factory.mktemp("columns")))


@pytest.fixture(scope="module")
def tables(run: Run) -> Mapping[str, pd.DataFrame]:
    """The tables of the run, of its law by date and of its criteria, read back from files."""
    by_date = csv_files(law(run.study, dt.date(2027, 1, 1)).tables, run.study)
    deciding = deciding_criteria(evaluate(run.study, only="allocation"))
    files = {**by_date, **csv_files({"deciding_criteria": deciding}, run.study)}
    more = Override(MORE, "110000000", "More loans.", by="Ann", date="2026-06-01")
    since = ask(evaluate(load_study(STUDY, [more])), names=["since"]).extended
    assert since is not None
    changed = {name: one.table for name, one in since.tables.items()}
    files |= csv_files(changed, run.study)
    asked = ("law_changes", "law_difference", "deciding_criteria", *changed)
    return {**run.tables, **{n: read_csv(TABLES[n], files[f"{n}.csv"]) for n in asked}}


def test_every_table_and_column_has_a_value() -> None:
    assert set(EXPECTED) == set(TABLES)
    for name, table in TABLES.items():
        covered = {table.column(column).name for column in EXPECTED[name]}
        assert covered == {column.name for column in table.columns}, name


COLUMNS = [(table, column) for table, columns in EXPECTED.items() for column in columns]


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[f"{t}-{c}" for t, c in COLUMNS])
def test_a_column_holds_what_was_found_by_hand(
    table: str, column: str, tables: Mapping[str, pd.DataFrame]
) -> None:
    frame, told = tables[table], EXPECTED[table][column]
    if isinstance(told, list):
        assert frame[column].tolist() == told
        return
    for key, expected in told.items():
        cell = frame[column].iloc[place(TABLES[table], frame, key)]
        if expected is None:
            assert pd.isna(cell), (key, cell)
        elif callable(expected):
            assert expected(cell), (key, cell)
        else:
            assert cell == expected, (key, cell)


def place(table: Table, frame: pd.DataFrame, key: Key) -> int:
    if isinstance(key, int):
        return key
    parts = key if isinstance(key, tuple) else (key,)
    names = list(zip(*(frame[name] for name in table.keys), strict=True))
    assert names.count(parts) == 1, (table.name, key)
    return names.index(parts)
