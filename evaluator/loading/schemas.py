"""JSON schemas of the YAML files, generated from the types, so that an editor completes them."""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import ModelSchema

from evaluator.loading.study import AttributesFile, RequirementsFile, ScalesFile
from evaluator.model.agency import Agency
from evaluator.model.base import Frozen
from evaluator.model.calendar import Calendar
from evaluator.model.financing import Institution
from evaluator.model.import_map import ImportMap
from evaluator.model.scenario import Scenario, ScenarioChanges

_FILES: dict[str, type[Frozen]] = {
    "agency": Agency,
    "attributes": AttributesFile,
    "calendar": Calendar,
    "import-map": ImportMap,
    "institution": Institution,
    "requirements": RequirementsFile,
    "scales": ScalesFile,
    "scenario": Scenario,
    "scenario-changes": ScenarioChanges,
}


class _Described(GenerateJsonSchema):
    """Fields are described by the docstrings below them.

    Pydantic can do so where the types are made, and took a seventh of the time to import them all.
    """

    def model_schema(self, schema: ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        fields = schema["cls"].model_fields
        ours = [base for base in reversed(schema["cls"].__mro__) if issubclass(base, Frozen)]
        for base in ours:
            for name, text in _docstrings(base).items():
                made["properties"][fields[name].alias or name]["description"] = text
        return made


def schemas() -> dict[str, Any]:
    """Return the JSON schema of each kind of file by its name."""
    return {
        name: model.model_json_schema(schema_generator=_Described) for name, model in _FILES.items()
    }


@cache
def _docstrings(model: type) -> dict[str, str]:
    """Return the docstring of each field that a class declares and describes."""
    (declared,) = ast.parse(inspect.getsource(model)).body
    return {
        field.target.id: inspect.cleandoc(str(told.value.value))
        for field, told in pairwise(getattr(declared, "body", ()))
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(told, ast.Expr)
        and isinstance(told.value, ast.Constant)
    }
