"""How far ratings spread where a panel does not show it: one rating, or ratings still missing.

A panel of several is resampled (bootstrap, Efron 1979). Resampling a panel of one has no variance
by construction, which is not evidence. Its rating is one opinion of many, so it is drawn with the
deviations of others: those of each rating from the mean of its panel, over all panels of two or
more of the same criterion, else of the same scale, times sqrt(N / (N - k)) for N ratings in k
panels, so that their variance is the pooled variance within panels, sum of squares / (N - k)
(Snedecor & Cochran 1989, Statistical Methods, 8th ed., ch. 6). Where no panel shows any deviation,
it is not known, and the rating takes each level of its scale alike. So does a rating not given.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluator.model.criterion import owner
from evaluator.model.study import Study
from evaluator.results.findings import Finding, Findings
from evaluator.scoring.totals import totals_of
from evaluator.scoring.values import values_of_scale
from evaluator.uncertainty.sampling import Cell, Incomplete, Panel

Floats = NDArray[np.float64]
_NONE: Floats = np.zeros(1)


class LoneRatings(Finding):
    """So many packages have one rating on a criterion; whose spread stands in for theirs.

    `source`: criterion or scale, whose `panels` of several were pooled; empty where the spread is
    not known. `deviation`: standard deviation of one rating, in points.
    """

    criterion: str
    packages: int
    source: str
    panels: int
    deviation: float


class BlankRatings(Finding):
    """Ratings on a criterion that some evaluators of a panel have not given."""

    criterion: str
    packages: int
    blank: int


@dataclass(frozen=True, eq=False)
class PanelSpread:
    """How one rating deviates from the mean of many: deviations (d,), and where they were seen."""

    deviations: Floats
    source: str
    panels: int

    @property
    def deviation(self) -> float:
        """The standard deviation, in points."""
        return float(np.sqrt(np.mean(self.deviations**2)))


def pooled(panels: Iterable[tuple[float, ...]], source: str) -> PanelSpread | None:
    """Return the deviations within panels, None where no panel of several shows any."""
    several = [np.array(panel) for panel in panels if len(panel) > 1]
    if not several:
        return None
    deviations = np.concatenate([panel - panel.mean() for panel in several])
    if not deviations.any():
        return None
    free = len(deviations) - len(several)
    return PanelSpread(deviations * np.sqrt(len(deviations) / free), source, len(several))


def spreads(study: Study, table: pd.DataFrame) -> dict[str, PanelSpread | None]:
    """Return how ratings spread on each rated criterion, from a table of performances."""
    by_criterion: defaultdict[str, list[tuple[float, ...]]] = defaultdict(list)
    by_scale: defaultdict[str | None, list[tuple[float, ...]]] = defaultdict(list)
    for criterion, panel in zip(table["criterion"], table["panel"], strict=True):
        by_criterion[criterion].append(panel)
        by_scale[study.criteria[criterion].scale].append(panel)
    return {
        name: pooled(by_criterion[name], "criterion") or pooled(by_scale[one.scale], "scale")
        for name, one in study.criteria.items()
        if one.kind == "rating"
    }


def rated_cell(
    study: Study, row: Mapping[Any, Any], spread: PanelSpread | None, *, resampled: bool
) -> Cell:
    """Return what is known of a value that is rated, from its row of the performances.

    resampled: whether the ratings that were given stand for others that might have been.
    """
    panel, blank = row["panel"], row["blank"]
    criterion, rule = study.criteria[row["criterion"]], study.scenario.panel_rule
    levels = np.array(values_of_scale(criterion.value, study.scale_by_id[str(criterion.scale)]))
    if not resampled:
        given = [(value, _NONE) for value in panel]
    elif len(panel) > 1:
        given = [(0.0, np.array(panel))] * len(panel)
    else:
        given = [(0.0, levels) if spread is None else (panel[0], spread.deviations)]
    if blank:
        return Incomplete((*given, *[(0.0, levels)] * blank), rule)
    if not resampled:
        return float(row["value"])
    return Panel(panel, rule) if len(panel) > 1 else Incomplete(tuple(given))


def lone_ratings(study: Study, table: pd.DataFrame) -> set[tuple[str, str]]:
    """Return package and criterion of the ratings that no other shows the spread of.

    Of panels over totals those of an evaluator who is an agency's only one for a package.
    """
    rated = table[(table["kind"] == "rating") & (table["state"] == "known")]
    keys = zip(rated["package"], rated["criterion"], strict=True)
    if study.scenario.panel_rule.over == "criteria":
        return {key for key, one in zip(keys, rated["rated"], strict=True) if one == 1}
    packages = list(dict.fromkeys(rated["package"]))
    totals = totals_of(study, packages)
    assert totals is not None  # noqa: S101  the rule says so
    place = {a.agency: g for g, a in enumerate(study.agencies)}
    at = {package: n for n, package in enumerate(packages)}
    return {(p, c) for p, c in keys if totals.rated[at[p], place[owner(c)]] == 1}


def panel_findings(study: Study, table: pd.DataFrame) -> Findings:
    """Return what there is to know of panels of one, and of ratings not given, by criterion."""
    known = spreads(study, table)
    alone = lone_ratings(study, table)
    resampled = study.scenario.uncertainty.ratings == "panel"
    rated = table[(table["kind"] == "rating") & (table["state"] == "known")]
    found: list[Finding] = []
    for criterion, rows in rated.groupby("criterion", sort=False):
        spread = known[str(criterion)]
        lone = sum((package, str(criterion)) in alone for package in rows["package"])
        if lone and resampled:
            source, panels, deviation = (
                ("", 0, 0.0) if spread is None else (spread.source, spread.panels, spread.deviation)
            )
            found.append(LoneRatings(str(criterion), lone, source, panels, deviation))
        if blank := int(rows["blank"].sum()):
            lacking = int((rows["blank"] > 0).sum())
            found.append(BlankRatings(str(criterion), lacking, blank))
    return tuple(found)
