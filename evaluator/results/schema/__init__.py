"""What each table of a run holds: the one registry that all who write, read or show one ask."""

from evaluator.model.base import MONEY
from evaluator.results.schema import agreement, allocation, engagement, scores, uncertainty
from evaluator.results.schema.table import (
    TABLES,
    Column,
    Table,
    Type,
    family,
    in_family,
    register,
)

__all__ = [
    "MONEY",
    "TABLES",
    "Column",
    "Table",
    "Type",
    "agreement",
    "allocation",
    "engagement",
    "family",
    "in_family",
    "register",
    "scores",
    "uncertainty",
]
