"""JSON schemas of the YAML files, generated from the types, so that an editor completes them."""

from __future__ import annotations

from typing import Any

from evaluator.loading.study import AttributesFile, RequirementsFile, ScalesFile
from evaluator.model.agency import Agency
from evaluator.model.base import Frozen
from evaluator.model.financing import Institution
from evaluator.model.scenario import Scenario, ScenarioChanges

_FILES: dict[str, type[Frozen]] = {
    "agency": Agency,
    "attributes": AttributesFile,
    "institution": Institution,
    "requirements": RequirementsFile,
    "scales": ScalesFile,
    "scenario": Scenario,
    "scenario-changes": ScenarioChanges,
}


def schemas() -> dict[str, Any]:
    """Return the JSON schema of each kind of file by its name."""
    return {name: model.model_json_schema(by_alias=True) for name, model in _FILES.items()}
