"""A reserve for late packages: what to commit now, and what is there in all."""

from __future__ import annotations

import math
from collections.abc import Mapping

from evaluator.allocation.model.exact.rows import Rational, exact
from evaluator.allocation.model.findings import ReserveKept
from evaluator.allocation.model.limits.limits import subsidy_budget
from evaluator.allocation.model.variation import with_envelopes
from evaluator.errors import UsageError, did_you_mean
from evaluator.model.financing import Bound, Limit, ShareOf
from evaluator.model.study import Study


def committed_now(study: Study) -> Study:
    """Return a study without the money that its scenario's `allocation.reserve` keeps back."""
    share = study.scenario.allocation.reserve
    return keep_reserve(study, share) if share else study


def whole_money(study: Study) -> Study:
    """Return a study whose scenario keeps no reserve: what a late package is judged on."""
    if not study.scenario.allocation.reserve:
        return study
    return study.with_allocation(reserve=0)


def reserved(study: Study) -> ReserveKept | None:
    """Return what a scenario keeps back; None where it keeps no reserve."""
    share = study.scenario.allocation.reserve
    if not share:
        return None
    return ReserveKept(tuple(share.items()) if isinstance(share, Mapping) else (("", share),))


def keep_reserve(study: Study, share: float | Mapping[str, float]) -> Study:
    """Return a study that leaves a share of the money for late packages.

    share: of every envelope and of every appropriation for subsidy (an upper limit on subsidy of
    the whole program); or of single envelopes, by full tool id. It stands in place of the
    scenario's own `allocation.reserve`. What the returned study allocates is what to commit now;
    `admit` then judges late packages on the whole money. Raises ValueError for a share outside
    0..1, UsageError for an unknown tool.
    """
    shares = dict(share) if isinstance(share, Mapping) else dict.fromkeys(study.tools, share)
    for name, kept in shares.items():
        if not 0 <= kept <= 1:
            raise ValueError(f"the reserve of {name} is {kept}: a share of 0..1 is needed.")
        if name not in study.tools:
            raise UsageError(f"the tool '{name}' is unknown. {did_you_mean(name, study.tools)}")
    smaller = with_envelopes(
        whole_money(study),
        {
            name: math.floor(study.tools[name].envelope.amount * (1 - exact(kept)))
            for name, kept in shares.items()
        },
    )
    return smaller if isinstance(share, Mapping) else _with_budgets(smaller, 1 - exact(share))


def _with_budgets(study: Study, left: Rational) -> Study:
    """Return a study with a part of its program-wide upper limits on subsidy."""

    def cut(limit: Limit) -> Limit:
        most = subsidy_budget(limit)
        if most is None:
            return limit
        bound: Bound = (
            ShareOf(share=float(left), of=most)
            if isinstance(most, str)
            else math.floor(most * left)
        )
        return limit.model_copy(update={"at_most": bound})

    institutions = tuple(
        one.model_copy(update={"limits": tuple(cut(limit) for limit in one.limits)})
        for one in study.institutions
    )
    return study.model_copy(update={"institutions": institutions})
