"""What can be known of a package's place: why it is designated, or why it is not."""

from __future__ import annotations

from evaluator.results.findings import Finding
from evaluator.scoring.aggregation import Unit


class FailedRequirement(Finding):
    """A requirement failed; `included`: a named include asks for it, which cannot override."""

    included: bool


class RequirementUnknown(Finding):
    """A requirement is neither met nor failed: only a named include can designate it."""


class IncludedByName(Finding):
    """A named include designates it."""

    by: str
    date: str
    because: str


class ExcludedByName(Finding):
    """A named exclude keeps it out."""

    by: str
    date: str
    because: str


class UnderOverallFloor(Finding):
    """Its overall score, in points, is under the floor."""

    score: float
    floor: float


class UnderAgencyFloors(Finding):
    """Agencies whose scores, in points, are under the floors that they demand."""

    agencies: tuple[str, ...]
    scores: tuple[float, ...]
    floors: tuple[float, ...]


class BelowCut(Finding):
    """Others took the places.

    `short`: how far the score that ranks is behind that of `last`, the last that entered by rank;
    both None where nobody did. `unit` is that of the method that ranks.
    """

    short: float | None
    unit: Unit
    last: str | None


class TiedAtCut(Finding):
    """As good as others for fewer places than they are: none of them enters."""

    others: tuple[str, ...]


class PartedByTieBreak(Finding):
    """Tied at the cut with others, for fewer places than they are; a criterion parts them.

    `value`: its own on the criterion, None where it has none. `entered`: whether it is in by it.
    """

    criterion: str
    value: float | None
    entered: bool
    others: tuple[str, ...]


class StandingPackage(Finding):
    """It has no fixed deal: partners choose it from a menu, and it asks for no money."""
