"""Rounds of any size with all limits of the baseline: its packages, drawn again and varied."""

from __future__ import annotations

import random
from collections.abc import Iterator

from benchmarks._rounds import Round
from evaluator.loading import load_study
from evaluator.model.financing import Institution, LeastOf, Limit, Parameter, ShareOf, SumOf
from evaluator.model.package import Entity, Package
from evaluator.model.study import Study

BASELINE = "scenarios/baseline.yaml"


def like_the_baseline(packages: int, *, seed: int = 0, gap: float = 1e-3) -> Round:
    """Return the baseline with so many packages, all of them designated, and money in proportion.

    Each is one of the baseline's, its amounts and costs times a factor of its own, in countries
    that are drawn, by a consortium of its own circle of entities: one circle for each time that the
    baseline's packages are gone through. Envelopes, appropriations and caps on the whole program
    grow with the number of packages; caps on one package, entity or country stay as they are.
    """
    study = load_study(BASELINE)
    draw, models = random.Random(seed), study.packages
    circles = -(-packages // len(models))
    countries = [country.id for country in study.countries]
    found = tuple(
        _package(draw, models[number % len(models)], number, len(models), countries)
        for number in range(packages)
    )
    times = packages / len(models)
    institutions = tuple(_grown(one, times) for one in study.institutions)
    entities = tuple(_entity(one, circle) for circle in range(circles) for one in study.entities)
    scenario = study.scenario.model_copy(
        update={"allocation": study.scenario.allocation.model_copy(update={"gap": gap})}
    )
    grown = study.model_copy(
        update={
            "scenario": scenario,
            "institutions": institutions,
            "entities": tuple(sorted(entities, key=lambda one: one.id)),
            "packages": tuple(sorted(found, key=lambda one: one.id)),
        }
    )
    grown = Study(**{name: getattr(grown, name) for name in type(grown).model_fields})
    return Round(grown, {one.id: round(draw.uniform(45, 90), 3) for one in grown.packages})


def _package(
    draw: random.Random, model: Package, number: int, every: int, countries: list[str]
) -> Package:
    circle, factor = number // every, draw.uniform(0.6, 1.5)
    suffix = f"-{circle}"

    def varied(usd: int) -> int:
        return max(1, round(usd * factor))

    attributes = {
        name: datum.model_copy(update={"value": varied(int(datum.value))})
        if name.endswith("_usd") and hasattr(datum, "value")
        else datum
        for name, datum in model.attributes.items()
    }
    hosts = draw.sample(countries, len(model.targets))
    return model.model_copy(
        update={
            "id": f"P{number:05d}",
            "attributes": attributes,
            "exclusive_group": model.exclusive_group and model.exclusive_group + suffix,
            "requires": tuple(
                f"P{number - number % every + _place(r):05d}" for r in model.requires
            ),
            "members": tuple(
                one.model_copy(update={"entity": one.entity + suffix}) for one in model.members
            ),
            "targets": tuple(
                one.model_copy(update={"country": host})
                for one, host in zip(model.targets, hosts, strict=True)
            ),
            "requests": tuple(
                one.model_copy(
                    update={
                        "amount_usd": varied(one.amount_usd),
                        "minimum_usd": one.minimum_usd and varied(one.minimum_usd),
                    }
                )
                for one in model.requests
            ),
            "layers": tuple(
                one.model_copy(update={"provider": one.provider and one.provider + suffix})
                for one in model.layers
            ),
            "roles": tuple(
                one.model_copy(update={"entity": one.entity + suffix}) for one in model.roles
            ),
            "measures": {},
            "ratings": (),
        }
    )


def _place(name: str) -> int:
    """Return the place of a package of the baseline among its packages."""
    return int(name.rpartition("-")[2]) - 1


def _entity(one: Entity, circle: int) -> Entity:
    suffix = f"-{circle}"
    stakes = tuple(
        stake.model_copy(update={"owner": stake.owner and stake.owner + suffix})
        for stake in one.stakes
    )
    return one.model_copy(update={"id": one.id + suffix, "stakes": stakes})


def _grown(one: Institution, times: float) -> Institution:
    """Return an institution with so many times the money for the whole program."""
    wide = [x for x in one.limits if x.per == "program" and x.kind == "law"]
    named = {name.rpartition(".")[2] for x in wide for name in _numbers(x)}
    tools = tuple(
        tool.model_copy(
            update={
                "envelope": tool.envelope.model_copy(
                    update={"amount": round(tool.envelope.amount * times)}
                )
            }
        )
        for tool in one.tools
    )

    def limit(x: Limit) -> Limit:
        if x not in wide or not isinstance(x.at_most, int):
            return x
        return x.model_copy(update={"at_most": round(x.at_most * times)})

    def parameter(x: Parameter) -> Parameter:
        if x.id not in named or x.unit != "USD":
            return x
        values = tuple(
            dated
            if dated.value is None
            else dated.model_copy(update={"value": dated.value * times})
            for dated in x.values
        )
        return x.model_copy(update={"values": values})

    return one.model_copy(
        update={
            "tools": tools,
            "limits": tuple(limit(x) for x in one.limits),
            "parameters": tuple(parameter(x) for x in one.parameters),
        }
    )


def _numbers(limit: Limit) -> Iterator[str]:
    """Yield the parameters by which a limit is bounded."""
    todo = [limit.plus, limit.bound]
    while todo:
        part = todo.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, LeastOf):
            todo += part.min
        elif isinstance(part, ShareOf):
            todo += [part.of.plus if isinstance(part.of, SumOf) else part.of]
