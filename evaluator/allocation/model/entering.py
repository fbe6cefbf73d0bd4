"""How overall scores enter the objective: as they are, as ranks, or above the floor."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from evaluator.allocation.model.program import Flags, Floats
from evaluator.decision.ties import levelled
from evaluator.model.study import Study

Scores = dict[str, float]
"""Points by package."""


def entering(study: Study, scores: Mapping[str, float], designated: Collection[str]) -> Scores:
    """Return the points by which a study's objective counts its designated packages.

    scores: 0..100 by package; of all that are designated. See `allocation.scores` for the forms.
    """
    names = sorted(designated)
    values = np.array([scores[name] for name in names], dtype=np.float64)
    points = entering_points(study, values, np.ones(len(names), dtype=np.bool_))
    return dict(zip(names, points.tolist(), strict=True))


def entering_points(study: Study, scores: Floats, designated: Flags) -> Floats:
    """Return the points of scores, shape (..., n); of packages not designated they are 0.

    designated: shape (..., n). Ranks are competition ranks among the designated packages of each
    row (1, 2, 2, 4), n - rank + 1 of n as points of 100.
    """
    rule = study.scenario.allocation.scores
    if rule == "as_is":
        found = scores
    elif rule == "above_floor":
        found = np.maximum(0.0, scores - study.scenario.designation.min_overall)
    else:
        rows = zip(np.atleast_2d(scores), np.atleast_2d(designated), strict=True)
        found = np.array([_ranked(row, chosen) for row, chosen in rows]).reshape(scores.shape)
    points: Floats = np.where(designated, found, 0.0)
    return points


def _ranked(scores: Floats, chosen: Flags) -> Floats:
    levels = levelled(scores)
    order = np.sort(levels[chosen])
    # how many it is not behind: n less those strictly better
    points: Floats = 100.0 * np.searchsorted(order, levels, "right") / max(1, len(order))
    return points


def as_entered(study: Study) -> Study:
    """Return the study for scores that went through `entering` already."""
    return study.with_allocation(scores="as_is")
