"""Agency scores, overall scores, red flags, and ranks with ties shown as ties."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaluator.decision.ordering import Ordering, ordering_in, ordering_of
from evaluator.decision.ties import competition_ranks, levelled, meets
from evaluator.errors import InvalidStudyError, Problem
from evaluator.model.method import Method
from evaluator.model.study import Study
from evaluator.results.schema import in_family


def with_red_flags(performances: pd.DataFrame) -> pd.DataFrame:
    """Return the performances with `red_flag`: known, and under the floor of its criterion."""
    floors = performances["floor"].to_numpy(dtype=np.float64, na_value=-np.inf)
    under = ~meets(performances["value"].to_numpy(dtype=np.float64), floors)
    table = performances.copy()
    place = list(table.columns).index("floor") + 1
    table.insert(place, "red_flag", under & (table["state"] == "known").to_numpy())
    return table


def agency_scores(
    values: pd.DataFrame, weights: pd.DataFrame, ordering: Ordering | None = None
) -> pd.DataFrame:
    """Return weights x values: packages x agencies, 0..100; over what counts.

    ordering: of the study that has these values; None: a plain weighted sum.

    Raises ValueError where the criteria of the two do not match exactly.
    """
    if list(values.columns) != list(weights.columns):
        raise ValueError("values and weights name different criteria, or in another order")
    matrix, shares = values.to_numpy(), weights.to_numpy()
    by = ordering or ordering_of(Method(), matrix)
    found = by.scores(matrix, shares).T if by.separate else matrix @ shares.T
    return pd.DataFrame(found, index=values.index, columns=weights.index).rename_axis(columns=None)


def overall_scores(
    scores: pd.DataFrame,
    influence: pd.Series,
    values: pd.DataFrame,
    weights: pd.DataFrame,
    ordering: Ordering | None = None,
) -> pd.Series:
    """Return influence x agency scores, 0..100.

    Where some values do not count: influence x weights x values over those that do, the products
    influence x weight scaled to sum to 1. Of evaluators' totals what each agency's come to, in
    proportion to what of its weights counts. ordering: as of `agency_scores`.

    Raises ValueError where the agencies of the two do not match exactly.
    """
    if list(scores.columns) != list(influence.index):
        raise ValueError("scores and influence name different agencies, or in another order")
    matrix = values.to_numpy()
    by = ordering or ordering_of(Method(), matrix)
    if by.separate:
        overall = by.scores(matrix, influence.to_numpy() @ weights.to_numpy())
    else:
        overall = scores.to_numpy() @ influence.to_numpy()
    return pd.Series(overall, index=scores.index, name="overall")


def ranking(
    study: Study,
    scores: pd.DataFrame,
    overall: pd.Series,
    order: pd.Series,
    outcomes: pd.Series,
    flags: pd.DataFrame,
    judged: pd.DataFrame,
) -> pd.DataFrame:
    """Return the ranking table, best first; packages that failed a gate last and without rank.

    order: the method's score of each package that is ranked. judged: packages x agencies, whether
    anything that an agency weighs counts of a package; who judges nothing of it is not its lowest.
    flags: the performances under their floors, with columns package and criterion.
    """
    ranked = outcomes != "failed"
    span = ordering_of(study.scenario.method).span
    ranks = pd.Series(pd.NA, index=overall.index, dtype="Int64")
    ranks[order.index] = competition_ranks(order.to_numpy(), span) if len(order) else []
    levels = pd.DataFrame(levelled(scores.to_numpy()), scores.index, scores.columns)
    some = judged.any(axis=1)
    heard = judged.where(some, other=True)
    levels, counted = levels.where(heard), scores.where(heard)
    flagged = flags.groupby("package")["criterion"].agg(tuple).to_dict()
    table = pd.DataFrame(
        {
            "title": [p.title for p in study.packages],
            "rank": ranks,
            "method_score": order.reindex(overall.index).astype("Float64"),
            "overall": overall,
            **dict(in_family("score", scores).items()),
            "lowest_agency": levels.idxmin(axis=1),
            "spread": counted.max(axis=1) - counted.min(axis=1),
            "outcome": outcomes,
            "red_flags": [flagged.get(package, ()) for package in overall.index],
        }
    )
    table = table.rename_axis(index="package")
    best_first = sorted(
        table.index,
        key=lambda p: (not ranked[p], ranks[p] if ranked[p] else -overall[p], str(p)),
    )
    return table.loc[best_first]


def judged(values: pd.DataFrame, weights: pd.DataFrame) -> pd.DataFrame:
    """Return whether anything counts that an agency weighs: packages x agencies."""
    counts = values.notna().to_numpy() @ weights.to_numpy().T > 0
    return pd.DataFrame(counts, index=values.index, columns=weights.index)


def method_scores(
    study: Study,
    values: pd.DataFrame,
    weights: pd.DataFrame,
    influence: pd.Series,
    outcomes: pd.Series,
) -> pd.Series:
    """Return the scenario's method over the packages that no gate failed.

    Raises InvalidStudyError where the method refuses the values.
    """
    passable = values[outcomes != "failed"]
    effective = influence.to_numpy() @ weights.to_numpy()
    if passable.empty:
        return pd.Series([], index=passable.index, dtype="float64", name="method_score")
    try:
        matrix = passable.to_numpy()
        found = ordering_in(study, passable.index, values).scores(matrix, effective)
    except ValueError as error:
        name = study.scenario.method.name
        problem = Problem(f"method {name}", str(error), "Choose another method or normalization.")
        raise InvalidStudyError([problem]) from None
    return pd.Series(found, index=passable.index, name="method_score")
