"""The verdicts on late packages, as data and as text."""

from __future__ import annotations

from typing import Any

from evaluator.model.study import Study
from evaluator.questions.rolling_review.admission import Admission, InfeasibleError
from evaluator.report.formatting.names import Names, study_names
from evaluator.report.formatting.records import json_records
from evaluator.report.messages import plain
from evaluator.report.messages.allocation import conflict_in_words, ease_in_words
from evaluator.report.terminal.tables import answered
from evaluator.report.viewmodel.admission import answer


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
    return answered(answer(found, names), names.words)
