"""Late packages judged against the allocation that stands (rolling review)."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.allocation.rolling import Admission, admit
from evaluator.comparison import without_draws
from evaluator.errors import UsageError, did_you_mean
from evaluator.model.study import Study
from evaluator.pipeline import evaluate


def judge(study: Study, late: Sequence[str]) -> Admission:
    """Evaluate the study, let its allocation stand, and judge each late package against it.

    Raises UsageError for a package that is unknown, that failed a requirement, or that has an
    amount already.
    """
    found = evaluate(without_draws(study))
    ranking = found.ranking
    for package in late:
        if package not in ranking.index:
            known = [str(p) for p in ranking.index]
            raise UsageError(f"the run has no package '{package}'. {did_you_mean(package, known)}")
        if ranking.loc[package, "outcome"] == "failed":
            raise UsageError(f"'{package}' failed a requirement and cannot be admitted.")
    scores = {str(p): float(s) for p, s in ranking["overall"].items()}
    designated = [str(p) for p in ranking.index[ranking["designated"]]]
    return admit(study, scores, designated, found.allocation.amounts, late)
