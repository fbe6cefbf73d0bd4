"""A scenario file that extends a study which was read already."""

from __future__ import annotations

from typing import Any

from evaluator.errors import InvalidStudyError, Problem
from evaluator.loading.changes import node_at, parse_path
from evaluator.loading.checks.bills import in_bills
from evaluator.loading.documents.located import from_plain, parse_yaml
from evaluator.loading.documents.text_files import decoded
from evaluator.loading.documents.validation import validate
from evaluator.loading.variation import vary
from evaluator.model.base import Frozen
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


def stated_at(study: Study, key: str) -> Any:
    """Return what the files of a study state at a key of its scenario, or of an agency.

    None where they state nothing, or nothing has that key.
    """
    path = parse_path(key) or ()
    part: Frozen | None = study.scenario
    if path[:1] == ("agencies",):
        part = next((one for one in study.agencies if (one.agency,) == path[1:2]), None)
        path = path[2:]
    if part is None:
        return None
    told = part.model_dump(mode="json", by_alias=True, exclude_unset=True)
    found = node_at(from_plain(told, key), path)
    return None if found is None else found.plain()
