"""Packages of which the allocation could as well have served another."""

from __future__ import annotations

from evaluator.allocation.explain.findings import Tied
from evaluator.report.formatting.once import once
from evaluator.results.evaluation import Evaluation


@once
def tied_for_support(evaluation: Evaluation) -> dict[str, Tied]:
    """Return by package with whom it is tied: they get other amounts, and either is as good."""
    table = evaluation.allocation.table
    rows = zip(table["package"].tolist(), table["reason"].tolist(), strict=True)
    return {str(package): one for package, found in rows for one in found if isinstance(one, Tied)}
