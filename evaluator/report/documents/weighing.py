"""How it was weighed: what each agency counts, what it weighs, and how it scores who is in."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.report.documents.blocks import Block, Column, Heading, Table, table
from evaluator.report.formatting.names import agency_names, method_name, names_of
from evaluator.report.formatting.numbers import fixed, share
from evaluator.report.formatting.records import records
from evaluator.report.messages import say_all
from evaluator.report.viewmodel.packages.portfolio import ranked
from evaluator.results.evaluation import Evaluation

_ROLE = {"decides": "decides", "consulted": "is consulted"}
_SIDE_BY_SIDE = 7
"""Agencies whose scores stand side by side; of more they stand in one cell."""


def weighing(evaluation: Evaluation) -> Iterator[Block]:
    """Yield influence, weights and scores by agency; of one agency its weights alone."""
    w, several = names_of(evaluation).words, "agencies" in evaluation.study.parts
    if several:
        yield Heading(f"Weights and ratings by {w.agency}")
        yield _agencies(evaluation)
    else:
        yield Heading("Weights")
    yield _criteria(evaluation, several=several)
    if several:
        yield Heading(f"What each {w.agency} says of the {w.chosen}", 2)
        yield _scores(evaluation)


def _agencies(evaluation: Evaluation) -> Table:
    names, w = names_of(evaluation), names_of(evaluation).words
    stated = {row["agency"]: row for row in records(evaluation.elicitation) if not row["group"]}
    rows = []
    for one in evaluation.study.agencies:
        row = stated[one.agency]
        odd = "" if row["inconsistency"] is None else fixed(row["inconsistency"], 3)
        counts = share(float(evaluation.influence[one.agency]), 1)
        told = say_all(row["warnings"], names)
        rows.append((one.name, _ROLE[one.role], counts, method_name(row["method"]), odd, told))
    columns = (
        Column(w.head.agency, 26),
        Column("Role", 10),
        Column("Influence", 9, number=True),
        Column("Weights stated by", 14),
        Column("Inconsistency", 11, number=True),
        Column("Beware", 24),
    )
    return table(columns, rows)


def _criteria(evaluation: Evaluation, *, several: bool) -> Table:
    """Return each weight above 0, and what it comes to in the overall score."""
    names, weights = names_of(evaluation), evaluation.weights.to_dict("index")
    influence = {str(a): float(part) for a, part in evaluation.influence.items()}
    rows = [
        (
            names.agency(agency) if several else "",
            names.criterion(str(criterion)),
            share(weight, 1),
            share(influence[agency] * weight, 1) if several else "",
        )
        for agency in influence
        for criterion, weight in weights[agency].items()
        if weight
    ]
    columns = (
        Column(names.words.head.agency, 16),
        Column("Criterion", 50),
        Column("Weight", 10, number=True),
        Column("In the overall score", 14, number=True),
    )
    return table(columns, rows)


def _scores(evaluation: Evaluation) -> Table:
    names, parted = agency_names(evaluation), "designation" in evaluation.study.parts
    w = names_of(evaluation).words
    rows = [row for row in ranked(evaluation) if (row.designated if parted else row.rank)]
    head = (Column(w.head.package, 30), Column("Overall", 8, number=True))
    if len(names) <= _SIDE_BY_SIDE:
        columns = (*head, *(Column(name, 9, number=True) for name in names.values()))
        cells = [tuple(row.scores_shown[a] for a in names) for row in rows]
    else:
        columns = (*head, Column(w.head.agencies, 60))
        cells = [
            (", ".join(f"{n} {row.scores_shown[a]}" for a, n in names.items()),) for row in rows
        ]
    told = [
        (f"{row.title} ({row.package})", row.overall_shown, *cell)
        for row, cell in zip(rows, cells, strict=True)
    ]
    return table(columns, told)
