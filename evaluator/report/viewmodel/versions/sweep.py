"""The scenarios of a sweep: who is in and funded how often, and where over the keys that vary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from evaluator.questions.sweep import Plan
from evaluator.report.formatting.names import Names
from evaluator.report.formatting.numbers import fixed, general
from evaluator.report.formatting.phrases import supposed
from evaluator.report.formatting.text import heads
from evaluator.report.formatting.words import Words
from evaluator.report.viewmodel.answers import (
    SHADES,
    Answer,
    Heat,
    Shaded,
    Shown,
    Span,
    Spans,
    shade,
)
from evaluator.report.viewmodel.versions.changes import key_in_words

_MANY = 12
"""Values of a key that a picture of cells has room for."""
_REASONS = 3
_CUT = (
    "{} of them were cut by the time limit: what they gain is a lower bound, and another run may "
    "find more. Raise allocation.time_limit_s."
)
_IN_PROPORTION = (
    "Influence: of {} as stated in each row; of the others in proportion, so that all sum to 1."
)
_IN, _OUT = Shaded("in", SHADES - 2), Shaded("", 0)


def summed(table: pd.DataFrame) -> dict[str, Any]:
    """Return counts of scenarios, and in which share of those made each package is in."""
    made = table[table["status"] != "refused"]
    return {
        "scenarios": len(table),
        "statuses": {str(k): int(n) for k, n in table["status"].value_counts().items()},
        "cut_by_time": int(table["cut_by_time"].sum()),
        "first": _shares(made, "leader"),
        "designated": _shares(made, "designated"),
        "supported": _shares(made, "supported"),
    }


def answer(table: pd.DataFrame, plan: Plan, names: Names) -> Answer:
    """Return who is in and funded how often, and where over the keys that vary."""
    data, words = summed(table), names.words
    ended = sorted(data["statuses"].items()) if "allocation" in plan.study.parts else ()
    told = ", ".join(f"{count:,} {status}" for status, count in ended)
    bills = supposed(one.bill for one in plan.study.scenario.if_enacted)
    lines = [bills] if bills else []
    lines.append(
        f"{len(table):,} scenarios of {', '.join(plan.grid.keys)}{': ' * bool(told)}{told}."
    )
    lines += _ranges(table, words) if "allocation" in plan.study.parts else ()
    notes = []
    if plan.shared:
        notes.append(_IN_PROPORTION.format(", ".join(plan.shared.values())))
    if data["cut_by_time"]:
        notes.append(_CUT.format(f"{data['cut_by_time']:,}"))
    reasons = table.loc[table["status"] == "refused", "refused"].value_counts()
    notes += [f"Refused {n:,}: {why}" for why, n in reasons.head(_REASONS).items()]
    question = f"Which {words.packages} are funded, whatever the keys?"
    if "allocation" not in plan.study.parts or _scored(plan):
        question = f"Which {words.packages} are in, whatever the keys?"
    picture = _picture(table[table["status"] != "refused"], plan, names)
    return Answer(question, tuple(lines), picture, (_packages(data, plan, names),), tuple(notes))


def _picture(made: pd.DataFrame, plan: Plan, names: Names) -> Heat | Spans | None:
    """Return cells over one key or two of few values; of more, what each key does by itself."""
    keys = plan.grid.keys
    funded = "allocation" in plan.study.parts and not _scored(plan)
    column = (
        "supported" if funded else "designated" if "designation" in plan.study.parts else "leader"
    )
    what = "funded" if funded else names.words.priority if column == "designated" else "first"
    few = all(made[key].nunique() <= _MANY for key in keys)
    if made.empty:
        return None
    if len(keys) == 1 and few and plan.grid.sample is None:
        return _over_one(made, keys[0], column, what, names)
    if len(keys) == 2 and few and plan.grid.sample is None:
        return _over_two(made, keys, column, what, names)
    return _apart(made, keys, column, what, names)


def _over_one(made: pd.DataFrame, key: str, column: str, what: str, names: Names) -> Heat:
    """Return where each package is in that is not in everywhere."""
    told = list(zip(made[key], map(set, made[column]), strict=True))
    every = sorted({package for _, inside in told for package in inside})
    often = {p: sum(p in inside for _, inside in told) for p in every}
    moving = [p for p in every if often[p] < len(told)]
    rows = tuple(
        (
            names.package(p),
            tuple(_IN if p in inside else _OUT for _, inside in told),
        )
        for p in sorted(moving, key=lambda p: (-often[p], p))
    )
    same = len(every) - len(moving)
    caption = f"Where each is {what}; {same} more are everywhere, the others nowhere"
    heads = tuple(str(value) for value, _ in told)
    return Heat(caption, key_in_words(names, key) or key, heads, rows)


def _over_two(
    made: pd.DataFrame, keys: tuple[str, ...], column: str, what: str, names: Names
) -> Heat:
    """Return how many are in for each two values."""
    first, second = keys
    count = made[column].map(len)
    table = count.groupby([made[first], made[second]], sort=False).mean().unstack()
    most = float(table.to_numpy().max())
    rows = tuple(
        (
            str(value),
            tuple(
                Shaded("–", 0) if pd.isna(one) else Shaded(general(one, 3), shade(one, most))
                for one in row
            ),
        )
        for value, row in zip(table.index, table.to_numpy().tolist(), strict=True)
    )
    caption = (
        f"How many {names.words.packages} are {what}: rows {key_in_words(names, first) or first}, "
        f"columns {key_in_words(names, second) or second}"
    )
    return Heat(caption, first, tuple(map(str, table.columns)), rows)


def _apart(
    made: pd.DataFrame, keys: tuple[str, ...], column: str, what: str, names: Names
) -> Spans | None:
    """Return the mean number of who is in over the lowest third of each key, and the highest."""
    count = made[column].map(len)
    found = []
    for key in keys:
        numeric = pd.api.types.is_numeric_dtype(made[key])
        places = (made[key] if numeric else made[key].map(str)).argsort(kind="stable")
        order = count.iloc[places].to_numpy()
        third = max(1, len(order) // 3)
        found.append((key, float(order[:third].mean()), float(order[-third:].mean())))
    low = min(min(ends) for _, *ends in found)
    high = max(max(ends) for _, *ends in found)
    width = (high - low) or 1.0
    rows = tuple(
        Span(
            key_in_words(names, key) or key,
            (min(a, b) - low) / width,
            (max(a, b) - low) / width,
            f"{general(a, 3)} to {general(b, 3)}",
            (b - low) / width,
        )
        for key, a, b in sorted(found, key=lambda one: -abs(one[2] - one[1]))
    )
    caption = (
        f"How many {names.words.packages} are {what} on average, from the lowest third of a key's "
        "values to the highest, which is marked"
    )
    return Spans(caption, (general(low, 3), general(high, 3)), rows)


def _shares(made: pd.DataFrame, column: str) -> dict[str, float]:
    """Return in which share of the scenarios each package is in a column of packages."""
    found = made[column].explode().dropna().value_counts()
    return {str(package): int(count) / len(made) for package, count in found.items()}


def _packages(data: Mapping[str, Any], plan: Plan, names: Names) -> Shown:
    """Return in how many of the scenarios each package is in, those that are most often first."""
    parts, titles = plan.study.parts, {one.id: one.title for one in plan.study.packages}
    told = {f"{names.words.head.priority} in, %": data["designated"]}
    if "designation" not in parts:
        told = {"First in, %": data["first"]}
    if "allocation" in parts and not _scored(plan):
        told["Funded in, %"] = data["supported"]
    every = [*told.values()]
    order = sorted(every[0], key=lambda p: (-every[-1].get(p, 0), -every[0][p], p))
    rows = [(p, titles[p], *(_percent(share.get(p, 0)) for share in every)) for p in order]
    shares = [(head, "right") for head in told]
    columns = [*heads("ranking", names.words, "package", "title"), *shares]
    return Shown("Of the scenarios made", columns, rows)


def _scored(plan: Plan) -> bool:
    return plan.only == "scores"


def _percent(share: float) -> str:
    return fixed(100 * share, 1)


def _ranges(table: pd.DataFrame, words: Words) -> list[str]:
    given = table["amount_usd"].dropna()
    if given.empty:
        return []
    low, high = int(given.min()), int(given.max())
    points = table["objective"].dropna()
    return [
        f"Given in all: {words.money.amount(low)} to {words.money.amount(high)}; objective "
        f"{general(float(points.min()), 6)} to {general(float(points.max()), 6)} points."
    ]
