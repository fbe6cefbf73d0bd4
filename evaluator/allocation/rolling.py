"""Rolling review: a reserve for late packages, and whether a late package is worth its room."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np
import pandas as pd

from evaluator.allocation.answer import Answer, Case, Progress, answered, broken, prepare, silent
from evaluator.allocation.certificate import certify
from evaluator.allocation.eligibility import dollars
from evaluator.allocation.pricing import owners, part, priced, shared_rows
from evaluator.allocation.program import Floats, Program, relaxed
from evaluator.allocation.rows import ONE, Row
from evaluator.allocation.variation import with_envelopes, with_rows
from evaluator.errors import UsageError, did_you_mean
from evaluator.model.study import Study

Decision = Literal["admit", "no room", "below price", "decline"]
"""admit: worth its room, and it fits beside the commitments. no room: worth its room, but the
commitments leave none. below price: it fits, but its room is worth more to others. decline:
neither."""
_NOISE = 1e-7
_UNIT = 1_000_000


@dataclass(frozen=True)
class Admission:
    """Late packages, each judged alone against the standing allocation."""

    verdicts: pd.DataFrame
    """By package: decision, sentence, score, asked_usd, worth (objective of what it would take by
    bid prices), price (what that room is worth to the others), wanted_usd, given_usd and gain
    (commitments fixed), free_usd and free_gain (commitments free), displaced_usd."""
    prices: pd.DataFrame
    """One row a late package and limit that it would pay for: package, limit, group, price (points
    a million USD), points."""
    displaced: pd.DataFrame
    """One row a late package and amount that would shrink were commitments free: late, package,
    tool, committed_usd, left_usd, lost_usd."""
    fixed: Mapping[str, pd.DataFrame]
    """By late package: whole dollars with commitments fixed, packages x tools."""
    free: Mapping[str, pd.DataFrame]
    """By late package: whole dollars with commitments free."""
    certificate: tuple[str, ...]
    """Limits that any of these allocations breaks; empty when all hold."""
    rules: tuple[str, ...]


def keep_reserve(study: Study, share: float | Mapping[str, float]) -> Study:
    """Return a study whose envelopes are smaller by a share that is kept for late packages.

    share: of every tool, or by full tool id. Its allocation is what to commit now; `admit` judges
    late packages on the whole envelopes. Raises ValueError for a share outside 0..1, UsageError
    for an unknown tool.
    """
    shares = dict.fromkeys(study.tools, share) if isinstance(share, float | int) else dict(share)
    for name, kept in shares.items():
        if not 0 <= kept <= 1:
            raise ValueError(f"the reserve of {name} is {kept}: a share of 0..1 is needed.")
        if name not in study.tools:
            raise UsageError(f"the tool '{name}' is unknown. {did_you_mean(name, study.tools)}")
    left = {
        name: math.floor(study.tools[name].envelope.amount * (ONE - Fraction(str(kept))))
        for name, kept in shares.items()
    }
    return with_envelopes(study, left)


def admit(
    study: Study,
    scores: Mapping[str, float],
    designated: Collection[str],
    standing: pd.DataFrame,
    late: Sequence[str],
    progress: Progress = silent,
) -> Admission:
    """Judge late packages, each alone, against a standing allocation, in two ways.

    study: the standing packages and the late ones, with the whole envelopes, a reserve among them.
    designated: those that the standing allocation was made for. standing: whole dollars, packages
    x tools; late packages may lack a row.

    By bid prices (Talluri & van Ryzin 1998): the duals of the relaxation without the late package
    say what the room that it would take is worth to the others; it is worth admitting if its best
    amounts gain more. By a re-solve in which every standing amount is a lower bound: what it gets
    of what is left. A third solve with commitments free says whom it would displace.

    Raises ValueError where the standing table does not fit the study, UsageError for a late package
    that is unknown or has an amount already, and for a standing allocation that breaks a limit.
    """
    committed = _committed(study, standing, late)
    faults = certify(study, committed, designated)
    if faults:
        raise UsageError(f"the standing allocation breaks the study: {'; '.join(faults[:3])}.")
    base = prepare(study, scores, designated)
    alone = {
        "fixed": answered(base, _held(base, committed)),
        "free": answered(base),
    }
    judged: list[_Judged] = []
    for package in late:
        progress(f"admission of {package}")
        case = prepare(study, scores, {*designated, package})
        judged.append(
            _Judged(
                package,
                _bid(case, package),
                answered(case, _held(case, committed)),
                answered(case),
            )
        )
    return _admission(study, scores, committed, alone, judged)
