"""The page's script decides as the kernel: cases that the kernel writes, run in a browser."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from evaluator.decision.designation import DesignationRule, decide
from evaluator.decision.ties import POINTS, TIE, competition_ranks
from evaluator.report.html.page import asset

STEP = TIE * POINTS
Case = dict[str, Any]


def golden(count: int = 2400, seed: int = 11) -> list[Case]:
    """Scores, floors, named includes and places, with the ranks and the set that the kernel finds.

    Scores lie on a grid of a few points, moved by parts of the tolerance: many are tied, by chains
    too, and many stand at a floor or at the cut.
    """
    rng = np.random.default_rng(seed)
    return [_case(rng) for _ in range(count)]


def _case(rng: np.random.Generator) -> Case:
    n, k = int(rng.integers(1, 9)), int(rng.integers(1, 4))

    def near(*shape: int) -> np.ndarray:
        moved = rng.choice([0.0, 0.4, 0.9, 1.1, 2.5], shape) * STEP
        return np.asarray(10.0 * rng.integers(3, 8, shape) - moved)

    overall, agencies = near(n), near(k, n)
    included, barred = rng.random(n) < 0.15, rng.random(n) < 0.15
    places = None if rng.random() < 0.2 else int(rng.integers(0, n + 2))
    floors = [None if rng.random() < 0.5 else 40.0 for _ in range(k)]
    rule = DesignationRule(
        min_overall=float(rng.choice([0.0, 40.0, 50.0])),
        min_agency=np.array([0.0 if floor is None else floor for floor in floors]),
        max_packages=places,
        eligible=~barred,
        included=included,
        tie_values=rng.choice([np.nan, 0.0, 40.0, 40.0 + 0.9 * STEP, 70.0], n)
        if rng.random() < 0.5
        else None,
    )
    found = decide(rule, overall, agencies, overall)
    ranks = competition_ranks(overall)
    return {
        "rule": {
            "overall": rule.min_overall,
            "agencies": floors,
            "places": places,
            "tie": STEP,
            "parts": rule.tie_values is not None,
        },
        "rows": [
            {
                "now": float(overall[p]),
                "scores": agencies[:, p].tolist(),
                "included": bool(included[p]),
                "barred": bool(barred[p] and not included[p]),
                "part": None
                if rule.tie_values is None or np.isnan(rule.tie_values[p])
                else float(rule.tie_values[p]),
            }
            for p in range(n)
        ],
        "expected": [
            {
                "rank": int(ranks[p]),
                "designated": bool(found.members[p]),
                "contested": bool(found.contested[p]),
            }
            for p in range(n)
        ],
    }


def test_the_cases_hold_what_matters() -> None:
    cases = json.loads(json.dumps(golden()))
    answers = [one for case in cases for one in case["expected"]]
    assert sum(one["contested"] for one in answers) > 50
    assert sum(one["designated"] for one in answers) > 200
    assert sum(case["rule"]["parts"] for case in cases) > 500
    tied = [c for c in cases if len({one["rank"] for one in c["expected"]}) < len(c["expected"])]
    assert len(tied) > 200
    # ties at 1e-8 that equality alone would part
    parted = [c for c in tied if len({r["now"] for r in c["rows"]}) == len(c["rows"])]
    assert parted


@pytest.mark.slow
@pytest.mark.browser
def test_the_script_decides_as_the_kernel(page: Page) -> None:
    cases = golden()
    found = page.evaluate(
        f"([cases]) => {{ {asset('decide.js')}; "
        "return cases.map((c) => Decision.decide(c.rule, c.rows)); }",
        [cases],
    )
    assert found == [case["expected"] for case in cases]
