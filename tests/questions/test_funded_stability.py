"""The funded set by influence against whole evaluations, one a share."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from evaluator.loading import load_study
from evaluator.pipeline import evaluate
from evaluator.questions.weighing.funded_stability import funded_stability
from evaluator.uncertainty.stability import in_proportion
from tests.conftest import BASELINE

module = import_module(funded_stability.__module__)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["weighted_sum", "topsis"])
def test_where_it_differs_whole_evaluations_differ(method: str) -> None:
    study = load_study(BASELINE)
    scenario = study.scenario
    way = scenario.method.model_copy(update={"name": method})
    study = study.model_copy(update={"scenario": scenario.model_copy(update={"method": way})})
    now = evaluate(study, only="allocation")
    table = funded_stability(now)
    agencies = list(map(str, now.influence.index))
    shares = now.influence.to_numpy(dtype=np.float64)
    some = 0
    for position, row in enumerate(table.to_dict("records")):
        for share, same in (
            (row["low"], True),
            (row["high"], True),
            (row["differs_below"], False),
            (row["differs_above"], False),
        ):
            if share is None or np.isnan(share) or position > 1:
                continue
            moved = dict(zip(agencies, in_proportion(shares, position, share), strict=True))
            changed = study.with_influence({one: float(part) for one, part in moved.items()})
            there = evaluate(changed, only="allocation")
            assert (there.allocation.supported == now.allocation.supported) is same
            some += not same
    assert some


@pytest.mark.slow
@pytest.mark.parametrize("method", ["weighted_sum", "topsis"])
def test_what_is_proven_between_shares_is_what_solving_there_tells(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = load_study(BASELINE)
    way = study.scenario.method.model_copy(update={"name": method})
    scenario = study.scenario.model_copy(update={"method": way})
    now = evaluate(study.model_copy(update={"scenario": scenario}), only="allocation")
    found = funded_stability(now)
    monkeypatch.setattr(module, "between", lambda start, end, at: False)
    pd.testing.assert_frame_equal(funded_stability(now), found)
