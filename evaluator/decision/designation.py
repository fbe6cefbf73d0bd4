"""The rule that turns a ranking into priority packages."""

from __future__ import annotations

import pandas as pd

from evaluator.decision.ordering import TIE_DECIMALS
from evaluator.model.study import Study


def designate(study: Study, ranking: pd.DataFrame) -> pd.DataFrame:
    """Return `designated`, `contested` and `reason` for each package, indexed as the ranking.

    `min_overall` and `min_agency` exclude; then the best `max_packages` enter, named includes
    first. Packages tied at the cut are contested: none of them enters without a named include.
    A failed requirement cannot be overridden; an unknown one only by a named include.
    """
    rule = study.scenario.designation
    reasons = {str(p): _barred(study, row) for p, row in ranking.iterrows()}
    failed = {str(p) for p in ranking.index[ranking["outcome"] == "failed"]}
    included = [p for p in reasons if p in rule.include and p not in failed]
    candidates = [p for p, why in reasons.items() if not why and p not in rule.include]
    places = len(candidates) if rule.max_packages is None else rule.max_packages - len(included)
    chosen, contested = _cut(candidates, ranking["method_score"], max(0, places))
    for package in candidates:
        reasons[package] = "" if package in chosen else "below the cut"
    for package in contested:
        reasons[package] = "tied at the cut: contested until a named include decides"
    for package in included:
        why = rule.include[package]
        reasons[package] = f"included by {why.by} on {why.date}: {why.because}"
    designated = chosen | set(included)
    return pd.DataFrame(
        {
            "designated": [p in designated for p in reasons],
            "contested": [p in contested for p in reasons],
            "reason": list(reasons.values()),
        },
        index=ranking.index,
    )


def _barred(study: Study, row: pd.Series) -> str:
    """Return why a package cannot enter by the rule, or nothing."""
    rule = study.scenario.designation
    package = str(row.name)
    if row["outcome"] == "failed":
        return "failed a requirement" + (
            ", which an include cannot override" if package in rule.include else ""
        )
    if package in rule.exclude:
        why = rule.exclude[package]
        return f"excluded by {why.by} on {why.date}: {why.because}"
    if row["outcome"] == "unknown":
        return "a requirement is unknown: needs a named include"
    if round(float(row["overall"]), TIE_DECIMALS) < rule.min_overall:
        return f"overall score under {rule.min_overall:g}"
    under = [
        agency
        for agency, floor in rule.min_agency.items()
        if round(float(row[f"score.{agency}"]), TIE_DECIMALS) < floor
    ]
    return f"under the floor of {', '.join(under)}" if under else ""


def _cut(candidates: list[str], order: pd.Series, places: int) -> tuple[set[str], set[str]]:
    """Return who enters and who is contested; candidates stand best first."""
    if len(candidates) <= places:
        return set(candidates), set()
    scores = {p: round(float(order[p]), TIE_DECIMALS) for p in candidates}
    cut = scores[candidates[places]]
    chosen = {p for p in candidates[:places] if scores[p] > cut}
    tied = {p for p in candidates if scores[p] == cut}
    contested = tied if len(chosen) < places else set()
    return chosen, contested
