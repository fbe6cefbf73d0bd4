"""Which criteria are asked of which packages."""

from __future__ import annotations

from collections.abc import Mapping

from evaluator.model.country import Country
from evaluator.model.criterion import Criterion
from evaluator.model.filters import HOST, holds, host_datum
from evaluator.model.package import Package


def applies(criterion: Criterion, package: Package, countries: Mapping[str, Country]) -> bool:
    """Return whether a criterion is asked of a package; it is, where that is not known.

    A condition on host countries is met if any target country meets it, or may. countries: those of
    the study by id, with what holds of them on its day.
    """
    own = {n: one for n, one in criterion.applies_to.items() if not n.startswith(HOST)}
    hosts = {n.removeprefix(HOST): o for n, o in criterion.applies_to.items() if n not in own}
    if any(
        holds(one, package.attribute(name), f"{package.id}, {name}") is False
        for name, one in own.items()
    ):
        return False
    targets = [countries[target.country] for target in package.targets]
    return not targets or any(
        all(
            holds(one, host_datum(country, name), f"{country.id}, {name}") is not False
            for name, one in hosts.items()
        )
        for country in targets
    )
