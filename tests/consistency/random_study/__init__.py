"""Random studies over all methods, policies and settings, written as a person would write them."""

from __future__ import annotations

import random
from pathlib import Path

from tests.consistency.random_study.criteria import (
    draw_parting,
    write_criteria,
    write_requirements,
)
from tests.consistency.random_study.financing import write_financing
from tests.consistency.random_study.round import write_round
from tests.consistency.random_study.scenario import write_scenario
from tests.consistency.random_study.shape import draw_shape

__all__ = ["write_study"]


def write_study(folder: Path, seed: int) -> Path:
    """Write one random study below a folder and return its scenario file."""
    rng = random.Random(seed)
    shape = draw_shape(rng)
    criteria = write_criteria(folder / "criteria", rng, shape)
    institutions = write_financing(folder / "scenarios", rng, shape)
    tools = [
        f"{i}.{tool['id']}" for i, one in institutions.items() for tool in one.get("tools", ())
    ]
    write_requirements(folder / "criteria", random.Random(f"binds {seed}"), shape, tools)
    parting = draw_parting(random.Random(f"parting {seed}"), shape, criteria)
    write_round(folder / "scenarios" / "round", rng, shape, criteria, institutions, parting)
    return write_scenario(folder / "scenarios", rng, shape, criteria, institutions, parting)
