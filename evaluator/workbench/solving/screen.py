"""What the screens show of a session: made where it is solved, so that the server stays free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.model.study import Study
from evaluator.pipeline import evaluate
from evaluator.report.formatting.names import Names
from evaluator.report.html.page import sections
from evaluator.report.viewmodel.versions.changes import key_in_words, value_in_words
from evaluator.workbench.session.acts import decided
from evaluator.workbench.solving.keeping import Kept, Values
from evaluator.workbench.solving.standing import Stood, stood

PARTS = ("decision", "whatif")
"""Sections of the report that are screens of their own."""


@dataclass(frozen=True)
class Screen:
    """What is shown of a session under some settings."""

    parts: Mapping[str, str]
    """Sections of the report by id, as markup."""
    packages: tuple[tuple[str, str], ...]
    """Id and title of each, as they are ranked."""
    stood: Stood
    """How they stand, against which what is tried is told."""


@dataclass(frozen=True)
class ScreenOf:
    """Asks for the screens under some settings, draws among them."""

    values: Values

    def answer(self, kept: Kept) -> Screen:
        """Return them."""
        evaluation = evaluate(kept.study(self.values))
        made = sections(evaluation, only=PARTS, served=True)
        now = stood(evaluation)
        return Screen(
            {section.id: body for section, _, body in made},
            tuple((package, kept.titles[package]) for package in now.places),
            now,
        )


@dataclass(frozen=True)
class Told:
    """A key that was set, as people read it."""

    key: str
    what: str
    """Empty where no words are known for it."""
    choice: str
    """Of a decision by name: which it is; else empty."""
    on: str
    """The package that it is on."""
    old: str
    new: str


def in_words(
    base: Study, names: Names, settings: Sequence[tuple[str, Any, Any]]
) -> tuple[Told, ...]:
    """Return keys that were set as people read them: key, what stood there, what stands there."""
    return tuple(_told(base, names, *setting) for setting in settings)


def _told(base: Study, names: Names, key: str, old: Any, new: Any) -> Told:
    if (by_name := decided(key)) is not None:
        choice, package = by_name
        title = f"{package} {base.package_by_id[package].title}"
        return Told(key, "", choice, title, "", "" if new is None else choice)
    values = (value_in_words(names, key, value) for value in (old, new))
    return Told(key, key_in_words(names, key), "", "", *values)
