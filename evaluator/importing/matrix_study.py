"""A decision matrix -> a study that ranks it alike.

What a method makes of raw performances before it weighs them becomes value functions: straight
lines, or points for the reciprocals of costs, such that a value is the normalised performance on a
scale of 0 to 100. Scale and zero are the same for all criteria wherever the method compares them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.errors import UsageError
from evaluator.importing.documents import agency, identifiers, measure, number, scenario
from evaluator.importing.material import SCENARIO, Imported, Row
from evaluator.scoring.aggregation import METHODS

Floats = NDArray[np.float64]
_JUDGE = "analyst"
_UNIT = "as stated"
_VOCABULARY = {
    "package": {"singular": "alternative", "plural": "alternatives"},
    "disclaimer": None,
}
_RAW = {"weighted_sum": "minmax", "vikor": "minmax"}
"""What is made of raw performances, where it is not the method's own default."""
_SHIFTED = ("weighted_sum", "topsis", "vikor", "promethee")
"""Methods that see differences on a criterion alone: its zero may be anywhere."""
_THRESHOLDS = ("q", "p", "s")
_ROUNDING = 1e-9


def as_study(
    frame: pd.DataFrame,
    weights: Mapping[str, float],
    signs: Mapping[str, float],
    method: str,
    parameters: Mapping[str, Any],
    title: str,
    as_of: dt.date,
) -> Imported:
    """Return the files of a study that `evaluator run` ranks as `rank` ranks the table.

    frame, weights, method, parameters: as `rank` takes them, weights by criterion; signs: 1 where
    more is better, -1 elsewhere. Raises UsageError for a method that compares raw performances in
    a way that no value function repeats.
    """
    names = [str(name) for name in frame.columns]
    made = str(parameters.get("normalization", _RAW.get(method, METHODS[method].normalization)))
    if method == "topsis" and "normalization" not in parameters:
        made = "vector"
    matrix = frame.to_numpy(dtype=np.float64)
    short = identifiers(names, dots=False)
    packages = identifiers([str(name) for name in frame.index])
    values = _values(matrix, np.array([signs[name] for name in names]), method, made)
    criteria = [
        measure(short[name], name, _UNIT, value, title, **_direction(value, signs[name]))
        for name, value in zip(names, values, strict=True)
    ]
    most = max(weights[name] for name in names)
    stated = {
        "method": "swing",
        "confidence": "illustrative",
        "judgements": {short[name]: number(100 * weights[name] / most) for name in names},
    }
    ranks = _method(method, parameters, _scale(matrix, made))
    tables = {
        "packages": [Row({"id": own, "title": name}) for name, own in packages.items()],
        "measures": [
            _measured(own, short[name], raw)
            for own, cells in zip(packages.values(), matrix.tolist(), strict=True)
            for name, raw in zip(names, cells, strict=True)
        ],
    }
    documents = {
        SCENARIO: scenario(
            *(title, as_of.isoformat(), {_JUDGE: 1}, title), vocabulary=_VOCABULARY, method=ranks
        ),
        f"criteria/{_JUDGE}.yaml": agency(_JUDGE, "Analyst", criteria, stated),
    }
    return Imported(tables, documents)


def _measured(package: str, criterion: str, raw: float) -> Row:
    return Row(
        {
            "package": package,
            "criterion": f"{_JUDGE}.{criterion}",
            "value": repr(number(raw)),
            "unit": _UNIT,
            "origin": "table",
            "source": "",
        }
    )


def _direction(value: Mapping[str, Any], sign: float) -> dict[str, str]:
    """Return the direction of points; that of a line is in its ends."""
    return {} if "linear" in value else {"direction": "higher" if sign > 0 else "lower"}


def _method(name: str, parameters: Mapping[str, Any], scale: float) -> dict[str, Any]:
    """Return the scenario's method; thresholds are of values. Raises UsageError for others."""
    kept = {key: value for key, value in parameters.items() if key != "normalization"}
    single = all(isinstance(one, str | int | float) for one in kept.values())
    if name == "electre_tri" or not single:
        raise UsageError(
            f"{name} with parameters for each criterion is no study, in which they hold for all "
            "criteria, on values of 0 to 100. Leave --html and --save out, or choose another "
            "method."
        )
    if name == "promethee":
        kept |= {key: scale * kept[key] for key in _THRESHOLDS if key in kept}
    elif name in ("topsis", "waspas"):
        kept["normalization"] = "none"
    return {"name": name, **kept}


def _values(matrix: Floats, signs: Floats, method: str, made: str) -> Iterator[dict[str, Any]]:
    """Yield a value function for each column (n, m); `made`: how it is normalised."""
    if made == "none" and method == "waspas":
        raise UsageError(
            "waspas of performances as they are is no study: it has no common zero with values. "
            "Choose a normalization, such as max."
        )
    widest = _widest(matrix)
    below = bool((matrix < 0).any())
    for column, sign in zip(matrix.T, signs, strict=True):
        low, high = float(column.min()), float(column.max())
        first, last = (low, high) if sign > 0 else (high, low)
        if made == "minmax":
            yield _line(first, last if high > low else first, sign)
        elif made == "none" and method in _SHIFTED:
            yield _line(first, first + sign * widest, sign)
        elif made == "vector":
            length = float(np.sqrt((column**2).sum())) or 1.0
            ends = (-length, 2 * length) if below else (0.0, length)
            yield _line(*(ends if sign > 0 else ends[::-1]), sign)
        elif sign > 0:
            yield _line(0.0, (float(column.sum()) if made == "sum" else high) or 1.0, sign)
        else:
            yield _reciprocal(column, made)


def _scale(matrix: Floats, made: str) -> float:
    """Return how many points of value one of what is compared is worth."""
    if made == "none":
        return 100 / _widest(matrix)
    return 100 / 3 if made == "vector" and bool((matrix < 0).any()) else 100.0


def _widest(matrix: Floats) -> float:
    return float(np.ptp(matrix, axis=0).max()) or 1.0


def _line(worst: float, best: float, sign: float) -> dict[str, Any]:
    """Return a straight line; of a column that is constant, one on which all have the best."""
    worst = worst if worst != best else best - sign
    return {"linear": {"worst": number(worst), "best": number(best)}}


def _reciprocal(costs: Floats, made: str) -> dict[str, Any]:
    """Return min / x, or 1/x of the sum of them, at the costs of the table, best at the least."""
    kinds = np.unique(costs)
    kinds = kinds[np.append(True, np.diff(kinds) > _ROUNDING * np.abs(kinds[1:]))]
    if len(kinds) == 1:
        share = 1 / len(costs) if made == "sum" else 1.0
        return {"piecewise": [[number(float(kinds[0])), 100 * share], [number(2 * kinds[0]), 0]]}
    worth = 100 / kinds / (1 / costs).sum() if made == "sum" else 100 * kinds[0] / kinds
    return {
        "piecewise": [
            [number(raw), number(value)]
            for raw, value in zip(kinds.tolist(), worth.tolist(), strict=True)
        ]
    }
