"""An evaluation as a notebook shows it."""

from __future__ import annotations

from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.html.isolating import isolated_in
from evaluator.report.html.page import environment, said
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.report.viewmodel.money.envelope import matrix
from evaluator.report.viewmodel.packages.certainty import precision
from evaluator.report.viewmodel.packages.portfolio import ranked, tiers_of
from evaluator.results.evaluation import Evaluation

SHOWN = 12
"""Packages; `evaluation.ranking` has all."""


def as_html(evaluation: Evaluation) -> str:
    """Return the decision in five lines, the head of the ranking, and the amounts by tool.

    A fragment without style sheet or script: a notebook that does not trust it still shows it.
    """
    rows = ranked(evaluation)
    found = matrix(evaluation)
    html = (
        environment()
        .get_template("notebook.html.j2")
        .render(
            study=evaluation.study,
            **said(evaluation.study),
            lines=decision(evaluation),
            rows=rows[:SHOWN],
            unit=names_of(evaluation).words.money.unit(
                [usd for row in rows[:SHOWN] for usd in (row.asked, row.given)]
            ),
            more=len(rows) - SHOWN,
            names=agency_names(evaluation),
            drawn=evaluation.uncertainty and precision(evaluation.uncertainty),
            tiers=tiers_of(rows),
            tools=list(zip(found.tools, found.envelopes, found.asked, found.totals, strict=True)),
            matrix=found,
        )
    )
    return isolated_in(evaluation.study)(html)
