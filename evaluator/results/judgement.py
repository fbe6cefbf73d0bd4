"""What a scenario judges otherwise than usual: settings under which a score means something else.

Each is told in every medium, in the lines of the decision and among the notes.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from evaluator.model.study import Study
from evaluator.results.findings import Finding


class Departure(Finding):
    """A setting under which scores or places mean something else than usual."""


class PanelsCombined(Departure):
    """Ratings of several evaluators come to a number by another rule than their mean.

    `rule`: median, or trimmed by a `share` at either end; 0 for a median.
    """

    rule: str
    share: float


class TotalsCombined(Departure):
    """Scores are what evaluators' own weighted totals over the criteria of an agency come to.

    `rule`: mean, median, or trimmed by a `share` at either end. What a criterion adds to a score is
    not known: it is no sum over criteria.
    """

    rule: str
    share: float


class Reweighted(Departure):
    """Missing performances do not count: so many, of so many packages; of each the weights of what
    is known are scaled to sum to 1."""

    performances: int
    packages: int


class LeftOutAsNotApplicable(Departure):
    """Performances that are not applicable do not count: so many, of so many packages; of each the
    weights of the rest are scaled to sum to 1."""

    performances: int
    packages: int


class NothingCounts(Departure):
    """Of these packages nothing with a weight counts, so that they score 0."""

    packages: tuple[str, ...]


class TiesParted(Departure):
    """Of packages tied at the cut those with the higher value on a criterion enter."""

    criterion: str


def departures(study: Study, performances: pd.DataFrame) -> Iterator[Departure]:
    """Yield what is judged otherwise than usual, where it can change a number."""
    rule = study.scenario.panel_rule
    rated = (performances["rated"] > 0).any()
    if rated and rule.over == "totals":
        yield TotalsCombined(rule.rule, rule.share or 0.0)
    elif rated and rule.rule != "mean":
        yield PanelsCombined(rule.rule, rule.share or 0.0)
    designation = study.scenario.designation
    if designation.tie_break is not None and designation.max_packages is not None:
        yield TiesParted(designation.tie_break)
    for state, kind in (("missing", Reweighted), ("not applicable", LeftOutAsNotApplicable)):
        some = performances[(performances["state"] == state) & performances["value"].isna()]
        if len(some):
            yield kind(len(some), some["package"].nunique())
    none = performances.groupby("package")["value"].count() == 0
    if none.any():
        yield NothingCounts(tuple(sorted(map(str, none.index[none]))))
