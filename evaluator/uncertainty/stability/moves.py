"""How one share moves and the others follow, and the straight lines that scores then run on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evaluator.decision.ties import Bools, Floats

SUM_TOLERANCE = 1e-9


@dataclass(frozen=True)
class ScoreLines:
    """Scores that run on straight lines while one share goes from 0 to 1.

    At share t a score is (1 - t) * line[0] + t * line[1].
    """

    present: float
    """Today's share."""
    overall: Floats
    """(2, n), points."""
    agencies: Floats
    """(2, k, n), points."""
    effective: Floats
    """(2, m), the effective weights, which sum to 1."""
    movable: bool
    """False where no other share exists to give way."""
    weights: Floats
    """(2, k, m), those of the agencies."""


def check_study(
    values: Floats, weights: Floats, influence: Floats, *, partly: bool = False
) -> None:
    """Raise ValueError unless values (n, m), weights (k, m) and influence (k,) fit together.

    partly: some values may not count (NaN).
    """
    if values.ndim != 2 or weights.ndim != 2 or influence.ndim != 1:
        raise ValueError(
            "expected values (packages, criteria), weights (agencies, criteria), influence "
            f"(agencies,); got {values.shape}, {weights.shape}, {influence.shape}"
        )
    if weights.shape != (influence.size, values.shape[1]) or 0 in values.shape:
        raise ValueError(
            f"values {values.shape}, weights {weights.shape}, influence {influence.shape} "
            "do not fit together; weights must be (agencies, criteria), and nothing empty"
        )
    wrong = np.isinf(values) if partly else ~np.isfinite(values)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise ValueError(f"value of package {row} on criterion {column} is not finite; state it")
    for row in range(influence.size):
        check_shares(weights[row], f"weights of agency {row}")
    check_shares(influence, "influence")


def check_shares(shares: Floats, name: str) -> None:
    """Raise ValueError unless the shares are finite, not negative, and sum to 1."""
    if not np.isfinite(shares).all() or (shares < 0).any():
        raise ValueError(f"{name}: entry {shares.min()} is no share; use finite numbers >= 0")
    total = float(shares.sum())
    if abs(total - 1) > SUM_TOLERANCE:
        raise ValueError(f"{name} sums to {total!r}, expected 1; rescale or complete it")


def may_weigh(weights: Floats, own: Bools | None) -> Bools:
    """Which criteria each agency may weigh: `own` (k, m), or by default those it weighs today.

    Raises ValueError where `own` does not fit or denies a criterion that is weighed.
    """
    if own is None:
        return weights > 0
    if own.shape != weights.shape or own.dtype != np.bool_:
        raise ValueError(f"own must be bool of shape {weights.shape}, got {own.dtype} {own.shape}")
    if (stray := np.argwhere((weights > 0) & ~own)).size:
        a, c = stray[0]
        raise ValueError(
            f"agency {a} weighs criterion {c}, which `own` denies it; mark it in `own`"
        )
    return own


def in_proportion(shares: Floats, index: int, to: float, *, own: Bools | None = None) -> Floats:
    """Move one share and let the others follow in proportion: (m,) -> (m,), summing to 1.

    The others are scaled by (1 - to) / (1 - shares[index]). Where they are all 0 proportion says
    nothing, and they share 1 - to equally; `own` (m,) then says which may take part (default:
    all). Raises ValueError where `to` is outside 0..1 or nobody is there to take the rest.
    """
    if not 0 <= to <= 1:
        raise ValueError(f"share {index} cannot move to {to}; it must stay within 0..1")
    others = np.ones(shares.shape, dtype=np.bool_) if own is None else own.copy()
    others[index] = False
    rest = np.where(others, shares, 0.0)
    if not rest.any():
        rest = others.astype(np.float64)
    if not rest.any():
        raise ValueError(f"share {index} stands alone: no other share can take what it gives up")
    moved: Floats = (1 - to) * rest / rest.sum()
    moved[index] = to
    return moved


def influence_lines(values: Floats, weights: Floats, influence: Floats, agency: int) -> ScoreLines:
    """Lines of all scores while one agency's influence moves, the others in proportion.

    values (n, m) in points, weights (k, m), influence (k,).
    """
    scores = weights @ values.T
    agencies = np.stack([scores, scores])
    present = float(influence[agency])
    if influence.size == 1:
        return _fixed(present, agencies, weights, influence)
    ends = np.stack([in_proportion(influence, agency, to) for to in (0.0, 1.0)])
    same = np.stack([weights, weights])
    return ScoreLines(present, ends @ scores, agencies, ends @ weights, movable=True, weights=same)


def weight_lines(
    values: Floats,
    weights: Floats,
    influence: Floats,
    agency: int,
    criterion: int,
    own: Bools | None = None,
) -> ScoreLines:
    """Lines of all scores while a criterion's weight inside one agency moves.

    values (n, m) in points, weights (k, m), influence (k,); `own` (m,) says which criteria the
    agency may weigh (default: all), and matters only where the criterion holds its whole weight.
    """
    agencies = np.repeat((weights @ values.T)[None], 2, axis=0)
    present = float(weights[agency, criterion])
    others = np.ones(values.shape[1], dtype=np.bool_) if own is None else own.copy()
    others[criterion] = False
    if not others.any():
        return _fixed(present, agencies, weights, influence)
    moved = np.repeat(weights[None], 2, axis=0)
    for end, to in enumerate((0.0, 1.0)):
        moved[end, agency] = in_proportion(weights[agency], criterion, to, own=others)
        agencies[end, agency] = values @ moved[end, agency]
    return ScoreLines(
        present, influence @ agencies, agencies, influence @ moved, movable=True, weights=moved
    )


def effective_lines(
    values: Floats, weights: Floats, influence: Floats, criterion: int
) -> ScoreLines:
    """Lines of the overall score while a criterion's effective weight moves.

    values (n, m) in points, weights (k, m), influence (k,). Agency scores stand still: the move
    is of influence @ weights, which no agency states alone.
    """
    scores = weights @ values.T
    agencies = np.stack([scores, scores])
    effective = influence @ weights
    present = float(effective[criterion])
    if effective.size == 1:
        return _fixed(present, agencies, weights, influence)
    ends = np.stack([in_proportion(effective, criterion, to) for to in (0.0, 1.0)])
    same = np.stack([weights, weights])
    return ScoreLines(present, ends @ values.T, agencies, ends, movable=True, weights=same)


def _fixed(present: float, agencies: Floats, weights: Floats, influence: Floats) -> ScoreLines:
    effective = influence @ weights
    ends = np.stack([effective, effective])
    same = np.stack([weights, weights])
    return ScoreLines(present, influence @ agencies, agencies, ends, movable=False, weights=same)
