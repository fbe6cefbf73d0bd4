"""A scenario file that extends a study which was read already."""

from __future__ import annotations

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.bills import in_bills
from evaluator.loading.located import parse_yaml
from evaluator.loading.text_files import decoded
from evaluator.loading.validation import validate
from evaluator.loading.variation import vary
from evaluator.model.scenario import ScenarioChanges
from evaluator.model.study import Study


def extended(study: Study, text: bytes, name: str) -> Study:
    """Return a study under the changes of a scenario file that extends its own.

    text: what the file holds. name: of the file, as faults tell it. The study keeps its scenario's
    name, title and record of changes: for these, and for changes of what is read, see `load_study`.

    Raises InvalidStudyError with every fault that `load_study` would find in the changes.
    """
    document = parse_yaml(decoded(text, name), name)
    problems: list[Problem] = []
    stated = validate(ScenarioChanges, document, problems)
    if stated is None:
        raise InvalidStudyError(problems)
    values = {change.set: change.to for change in stated.changes}
    found = vary(study, values, lambda key: f"{name}, {key}")
    problems += in_bills(found, [document], (), document, {})
    if problems:
        raise InvalidStudyError(dict.fromkeys(problems))
    return found
