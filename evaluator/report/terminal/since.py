"""What changed since the last version, as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from evaluator.model.study import Study
from evaluator.report.formatting.words import words_of
from evaluator.report.terminal.tables import titled_table
from evaluator.report.viewmodel.versions.since import since_in
from evaluator.report.viewmodel.versions.slopes import Amounts


def as_text(tables: Mapping[str, pd.DataFrame], study: Study) -> str:
    """Return what changed, of the tables of a run."""
    found, w = since_in(tables, study), words_of(study.scenario)
    names = (found.name, "Now")
    keys = [(one.what or one.key, one.old, one.new, one.because) for one in found.changes]
    heads = [(head, "left") for head in ("Changed", "From", "To", "Because")]
    parts = [
        f"Since {found.name}: {found.what}.",
        *found.sentences,
        titled_table("What was changed", heads, keys),
        _amounts(found.packages, names, w.head.package),
        _amounts(found.tools, names, w.head.tool),
    ]
    return "\n".join(filter(None, parts))


def _amounts(found: Amounts | None, names: Sequence[str], head: str) -> str:
    if found is None:
        return ""
    columns = [(head, "left"), *((name, "right") for name in (*names, "Change"))]
    rows = [(row.title, *row.amounts, row.change) for row in found.rows]
    return titled_table(f"Other amounts, {found.unit.head}", columns, rows)
