"""A comparison as data, as text for the terminal, and as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from evaluator.questions.comparison import Attribution, Comparison, Outcome
from evaluator.report.formatting.names import Name, names_of, study_names
from evaluator.report.formatting.numbers import WORD, Unit, dollars, points, signed, unit_of
from evaluator.report.formatting.phrases import NOT_AN_AWARD, STATUS
from evaluator.report.formatting.text import text_table
from evaluator.report.html.page import asset, environment, policy
from evaluator.report.messages.allocation import conflict_in_words
from evaluator.report.viewmodel.changes import key_in_words
from evaluator.results.evaluation import Allocated

_SHOWN = 60


def as_data(comparisons: Sequence[Comparison]) -> list[dict[str, Any]]:
    """Return comparisons as plain data for JSON."""
    return [
        {
            "first": _name(c.first),
            "other": _name(c.other),
            **_outcome_data(c.outcome),
            "attributions": [
                {
                    "key": a.difference.name,
                    "old": a.difference.old,
                    "new": a.difference.new,
                    "because": a.difference.because,
                    "in_order": _outcome_data(a.in_order),
                    "alone": _outcome_data(a.alone),
                }
                for a in c.attributions
            ],
        }
        for c in comparisons
    ]


def _name(evaluation: Allocated) -> str:
    return evaluation.study.scenario.scenario


def _outcome_data(outcome: Outcome) -> dict[str, Any]:
    moved = outcome.ranks[outcome.ranks["before"].ne(outcome.ranks["after"]).fillna(True)]
    return {
        "status": list(outcome.status),
        "designated_in": list(outcome.designated_in),
        "designated_out": list(outcome.designated_out),
        "funded_in": list(outcome.funded_in),
        "funded_out": list(outcome.funded_out),
        "moved_usd": outcome.moved_usd,
        "ranks": {
            str(p): [_whole(row["before"]), _whole(row["after"])] for p, row in moved.iterrows()
        },
        "tools": {
            str(t): {str(k): int(v) for k, v in row.items()} for t, row in outcome.tools.iterrows()
        },
    }


def _whole(rank: Any) -> int | None:
    return None if pd.isna(rank) else int(rank)


def as_text(comparisons: Sequence[Comparison]) -> str:
    """Return comparisons as text for the terminal."""
    return "\n".join([*(_pair_text(c) for c in comparisons), NOT_AN_AWARD])


def _pair_text(comparison: Comparison) -> str:
    title = f"{_name(comparison.first)} -> {_name(comparison.other)}"
    outcome = comparison.outcome
    parts = [f"{title}\n{'=' * len(title)}", *sentences(comparison)]
    ranks = rank_rows(outcome)
    if ranks:
        heads = [("Package", "left"), ("Before", "right"), ("After", "right"), ("Rises", "right")]
        parts.append(text_table("Rank changes", heads, ranks[:_SHOWN]))
    heads = [("Tool", "left"), *((h, "right") for h in ("Before", "After", "Net", "Moved"))]
    unit, tools = tool_rows(outcome)
    parts.append(text_table(f"Amounts by tool, {unit.head}", heads, tools))
    if comparison.attributions:
        heads = [
            ("Changed key", "left"),
            ("In order", "left"),
            ("Alone", "left"),
            ("Because", "left"),
        ]
        rows = [
            (a.difference.name, effect(a.in_order), effect(a.alone), a.difference.because)
            for a in comparison.attributions
        ]
        parts.append(text_table("What each changed key does", heads, rows))
    return "\n".join(parts)


def sentences(comparison: Comparison) -> list[str]:
    """Return who enters and leaves, and how many dollars move, or which has no allocation."""
    outcome = comparison.outcome
    titles = {
        package.id: f"{package.title} ({package.id})"
        for one in (comparison.first, comparison.other)
        for package in one.study.packages
    }
    found = [_entering("Priority packages", outcome.designated_in, outcome.designated_out, titles)]
    if all(outcome.allocated):
        found.append(_entering("Funded", outcome.funded_in, outcome.funded_out, titles))
        return [*found, f"Moved: {dollars(outcome.moved_usd)}."]
    sides = ("first", comparison.first), ("other", comparison.other)
    for (side, one), allocated in zip(sides, outcome.allocated, strict=True):
        if not allocated:
            names = study_names(one.study)
            told = " ".join(conflict_in_words(each, names) for each in one.allocation.conflicts)
            status = STATUS[one.allocation.status]
            found.append(f"The {side}, {_name(one)}, has no allocation: {status}. {told}".rstrip())
    return [*found, f"Funded packages and {WORD} are not compared."]


def _entering(
    what: str, entering: Sequence[str], leaving: Sequence[str], titles: Mapping[str, str]
) -> str:
    moves = (("enter", entering), ("leave", leaving))
    said = [
        f"{verb}{'s' if len(packages) == 1 else ''} {', '.join(titles[p] for p in packages)}"
        for verb, packages in moves
        if packages
    ]
    return f"{what}: {'; '.join(said) or 'the same packages'}."


def rank_rows(outcome: Outcome) -> list[tuple[str, str, str, str]]:
    """Return package, rank before and after, and places risen, the largest moves first."""
    table = outcome.ranks
    moved = table[table["before"].ne(table["after"]).fillna(True)]
    moved = moved[moved["before"].notna() | moved["after"].notna()]
    order = moved["change"].abs().fillna(1_000_000).sort_values(ascending=False, kind="stable")
    return [
        (str(p), _rank(row["before"]), _rank(row["after"]), _signed(row["change"]))
        for p, row in moved.loc[order.index].iterrows()
    ]


def _rank(rank: Any) -> str:
    return "-" if pd.isna(rank) else str(int(rank))


def _signed(change: Any) -> str:
    return "" if pd.isna(change) else signed(int(change), 0)


def tool_rows(outcome: Outcome) -> tuple[Unit, list[tuple[str, str, str, str, str]]]:
    """Return the unit; tool, amount before, after, net and moved, a dash without an allocation."""
    known = (*outcome.allocated, all(outcome.allocated), all(outcome.allocated))
    columns = dict(zip(("before", "after", "net", "moved"), known, strict=True))
    unit = unit_of(outcome.tools.to_numpy().ravel().tolist())
    rows = []
    for tool, row in outcome.tools.iterrows():
        before, after, net, moved = (
            unit.amount(row[c]) if has else "-" for c, has in columns.items()
        )
        rows.append((str(tool), before, after, net, moved))
    return unit, rows


def effect(outcome: Outcome) -> str:
    """Return what a change does, in a few words."""
    said = []
    ranks = len(rank_rows(outcome))
    if ranks:
        said.append(f"{ranks} ranks")
    changes = [("priority", outcome.designated_in, outcome.designated_out)]
    if all(outcome.allocated):
        changes.append(("funded", outcome.funded_in, outcome.funded_out))
    for what, entering, leaving in changes:
        names = [f"+{p}" for p in entering] + [f"-{p}" for p in leaving]
        if names:
            said.append(f"{what} {' '.join(names)}")
    if outcome.allocated == (True, False):
        said.append(f"no allocation: {outcome.status[1].replace('_', ' ')}")
    elif outcome.allocated == (False, True):
        said.append("an allocation exists")
    elif outcome.moved_usd:
        said.append(f"{dollars(outcome.moved_usd)} moved")
    return "; ".join(said) or "nothing"


def as_page(comparisons: Sequence[Comparison]) -> bytes:
    """Return the comparison as one self-contained HTML file."""
    style = asset("report.css")
    pairs = [
        {
            "first": c.first,
            "other": c.other,
            "sentences": sentences(c),
            "ranks": rank_rows(c.outcome),
            "scores": _scores(c.outcome),
            "tools": tool_rows(c.outcome),
            "called": _tool(c),
            "attributions": [_attribution(c.first, a) for a in c.attributions],
        }
        for c in comparisons
    ]
    html = (
        environment()
        .get_template("comparison.html.j2")
        .render(pairs=pairs, style=style, policy=policy(style, ""), first=comparisons[0].first)
    )
    return html.encode()


def _tool(comparison: Comparison) -> Name:
    """Return what names the tools of two studies, of which one may lack some."""
    first, other = names_of(comparison.first), names_of(comparison.other)
    known = comparison.first.study.tools
    return lambda tool: (first if tool in known else other).tool(tool)


def _scores(outcome: Outcome) -> dict[str, tuple[str, str]]:
    table = outcome.ranks
    return {
        str(p): (_score(row["overall_before"]), _score(row["overall_after"]))
        for p, row in table.iterrows()
    }


def _score(score: Any) -> str:
    return "-" if pd.isna(score) else points(float(score))


def _attribution(first: Allocated, attribution: Attribution) -> dict[str, str]:
    difference = attribution.difference
    return {
        "key": difference.name,
        "what": key_in_words(first, difference.name),
        "because": difference.because,
        "in_order": effect(attribution.in_order),
        "alone": effect(attribution.alone),
    }
