"""Which agencies object to which packages, by one rule, and who of them is in all the same."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.model.base import Override
from evaluator.report.formatting.names import agency_names, names_of
from evaluator.report.formatting.once import once
from evaluator.report.formatting.records import by_package, grouped
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.results.evaluation import Evaluation


@dataclass(frozen=True)
class Objection:
    """An agency has a package under its floor, or red flags on criteria of its own."""

    agency: str
    name: str
    row: Ranked
    under_floor: bool
    flags: tuple[str, ...]
    """Its criteria with a red flag."""
    override: Override | None
    """The decision by name that lets it in all the same."""

    @property
    def overridden(self) -> bool:
        """Whether the package is in, or gets money, all the same."""
        return self.row.designated or bool(self.row.given)


@once
def objections(evaluation: Evaluation) -> tuple[Objection, ...]:
    """Return every objection, by agency, the best packages first; none where one agency decides."""
    if evaluation.agreement is None:
        return ()
    accord = by_package(evaluation.agreement.packages)
    included, names = evaluation.study.scenario.designation.include, names_of(evaluation)
    table = evaluation.performances
    found = []
    for agency, name in agency_names(evaluation).items():
        flags = grouped(table[table["red_flag"] & (table["agency"] == agency)], "package")
        for row in ranked(evaluation):
            if row.package not in accord:
                continue
            under = agency in accord[row.package]["below_floor"]
            named = tuple(names.criterion(one["criterion"]) for one in flags.get(row.package, ()))
            if under or named:
                override = included.get(row.package)
                found.append(Objection(agency, name, row, under, named, override))
    return tuple(found)


def objected(evaluation: Evaluation) -> list[tuple[Ranked, tuple[Objection, ...]]]:
    """Return what is funded, or is in where nothing is allocated, that somebody objects to.

    First what most agencies object to, then the best.
    """
    every = _of_packages(objections(evaluation))
    found = [
        (row, every[row.package])
        for row in ranked(evaluation)
        if row.package in every and (row.given or (row.given is None and row.designated))
    ]
    return sorted(found, key=lambda one: -len(one[1]))


def _of_packages(every: tuple[Objection, ...]) -> dict[str, tuple[Objection, ...]]:
    """Return objections by package."""
    return {
        package: tuple(one for one in every if one.row.package == package)
        for package in dict.fromkeys(one.row.package for one in every)
    }
