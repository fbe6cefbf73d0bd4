"""The verdicts on late packages, as data and as text."""

from __future__ import annotations

from typing import Any

from evaluator.model.study import Study
from evaluator.questions.admission import Admission, InfeasibleError
from evaluator.report.formatting.names import Names, study_names
from evaluator.report.formatting.numbers import fixed, points
from evaluator.report.formatting.phrases import sentence
from evaluator.report.formatting.records import json_records
from evaluator.report.formatting.text import Columns, text_table
from evaluator.report.formatting.words import Words
from evaluator.report.messages import plain, say, say_all
from evaluator.report.messages.allocation import conflict_in_words, ease_in_words
from evaluator.report.terminal.tables import framed


def as_data(found: Admission, names: Names) -> dict[str, Any]:
    """Return the verdicts as plain data for JSON."""
    tables = {
        "verdicts": found.verdicts.reset_index(),
        "prices": found.prices,
        "displaced": found.displaced,
    }
    told = {name: json_records(table) for name, table in tables.items()}
    return {
        **told,
        "certificate": plain(found.certificate, names),
        "rules": plain(found.rules, names),
    }


def infeasible(error: InfeasibleError, study: Study) -> str:
    """Return why there is no allocation that late packages could join, and what would mend it."""
    names = study_names(study)
    why = " ".join(conflict_in_words(one, names) for one in error.conflicts)
    steps = [ease_in_words(step, names) for one in error.conflicts for step in one.relaxation]
    mend = f" That would do it: {'; '.join(steps)}." if steps else ""
    return f"{error} {why}{mend}"


def as_text(found: Admission, names: Names) -> str:
    """Return the verdicts as text for the terminal."""
    parts = [
        f"{package}: {sentence(say_all(row['sentence'], names))}"
        for package, row in found.verdicts.iterrows()
    ]
    words = names.words
    parts.append(_verdicts(found, words))
    heads = [
        (f"Late {words.package}", "left"),
        ("Limit", "left"),
        ("For", "left"),
        ("Points", "right"),
    ]
    paid = [
        (row["package"], row["limit"], row["group"], fixed(row["points"], 2))
        for _, row in found.prices.iterrows()
    ]
    if paid:
        parts.append(text_table("What its room is worth to the others", heads, paid))
    unit = words.money.unit(found.displaced["lost_usd"])
    heads = [
        (f"Late {words.package}", "left"),
        ("Would take from", "left"),
        (words.head.tool, "left"),
        (unit.head, "right"),
    ]
    lost = [
        (row["late"], row["package"], row["tool"], unit.amount(row["lost_usd"]))
        for _, row in found.displaced.iterrows()
    ]
    if lost:
        parts.append(text_table("Whom it would displace were commitments free", heads, lost))
    broken = [f"Broken: {say(fault, names)}." for fault in found.certificate]
    rules = (sentence(say(rule, names)) for rule in found.rules)
    return framed(words, [*parts, *rules, *broken, words.disclaimer])


def _verdicts(found: Admission, words: Words) -> str:
    amounts = ["given_usd", "free_usd", "displaced_usd"]
    unit = words.money.unit(found.verdicts[amounts].to_numpy().ravel().tolist())
    columns: Columns = [
        (f"Late {words.package}", "left"),
        ("Verdict", "left"),
        ("Would gain", "right"),
        ("Price of its room", "right"),
        (f"Gets now, {unit.head}", "right"),
        (f"If all were free, {unit.head}", "right"),
        (f"Would displace, {unit.head}", "right"),
    ]
    rows = [
        (
            package,
            row["decision"],
            points(row["worth"]),
            points(row["price"]),
            *(unit.amount(row[name]) for name in amounts),
        )
        for package, row in found.verdicts.iterrows()
    ]
    return text_table(f"Verdicts: points of objective, and {words.money.units}", columns, rows)
