"""How large a random study is, and which corners of the format it goes into."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SAID = {"title": "Rule of this study", "confidence": "illustrative"}
CONFIDENCES = ("seen", "seen-old", "press", "derived", "unverified", "illustrative")
COUNTRIES = (
    ("KEN", "Kenya", "Africa", "LMC", "yes"),
    ("GHA", "Ghana", "Africa", "LMC", "no"),
    ("POL", "Poland", "Europe", "HIC", "no"),
    ("VNM", "Vietnam", "Asia", "LMC", ""),
    ("IDN", "Indonesia", "Asia", "UMC", "no"),
    ("CHL", "Chile", "Americas", "HIC", "yes"),
)
"""iso3, name, bloc, income group, barred."""
PACT = ("KEN", "VNM", "CHL")
"""Members of a bloc: of one a fact is not known, one differs in class."""
SECTORS = ("compute", "energy", "health", "farming")
AGENCIES = (
    ("commerce", "Department of Commerce"),
    ("state", "Department of State"),
    ("defense", "Ministry of Defence"),
    ("ostp", "Office of Science and Technology Policy"),
    ("energy", "Energy"),
    ("rank", "Agency of Ranking"),
    ("spread", "Bureau of Spreads"),
)
_WORDS = [
    "Amber",
    "Basin",
    "Cedar",
    "Delta",
    "Ember",
    "Fjord",
    "Grove",
    "Haven",
    "Isle",
    "Juniper",
    "Karst",
    "Lagoon",
    "Mesa",
    "Nile",
    "Orchard",
    "Prairie",
    "Quarry",
    "Ridge",
    "Summit",
    "Tundra",
]
_KINDS = ["Campus", "Cloud", "Grid", "Relay", "Port", "Clinic"]


@dataclass(frozen=True)
class Shape:
    """What is drawn first, since everything else follows from it."""

    packages: tuple[str, ...]
    twins: dict[str, str]
    """A package, and the one that it repeats in everything but its title."""
    titles: dict[str, str]
    agencies: tuple[tuple[str, str], ...]
    exact: bool
    """Every criterion is a measure worth what it measures: scores end in a 5 or meet floors."""
    coarse: bool
    """Values take few levels, so that many packages tie."""
    method: str
    requirements: tuple[str, ...]
    own: bool
    """No agency weighs another's criteria, so that evaluators have totals."""
    partly: bool
    """Some performances do not count: what is not applicable, or missing and left out."""
    coupled: bool
    """Exclusive groups, alternatives and dependencies occur."""


REQUIREMENTS = (
    "on_time",
    "layered",
    "hosted",
    "cleared",
    "homemade",
    "sectored",
    "sound",
    "held",
    "modelled",
    "manned",
    "presumed",
)
METHODS = (
    ("weighted_sum", 8),
    ("weighted_product", 2),
    ("waspas", 2),
    ("topsis", 3),
    ("vikor", 3),
    ("promethee", 3),
    ("electre_tri", 2),
)


def draw_shape(rng: random.Random) -> Shape:
    """Draw the size of a study, its names, and what is special about it."""
    count = rng.choice([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    ids = [f"P{number:02d}" for number in range(1, count + 1)]
    if rng.random() < 0.1:
        ids = [f"{number:03d}" for number in range(1, count + 1)]
    words = rng.sample(_WORDS, count)
    titles = {one: f"{word} {rng.choice(_KINDS)}" for one, word in zip(ids, words, strict=True)}
    if rng.random() < 0.2:
        titles[ids[0]] += ", phase two; the rest"
    twins = {}
    if count > 2 and rng.random() < 0.35:
        for one in ids[1 : 1 + rng.randint(1, min(3, count - 1))]:
            twins[one] = ids[0]
    agencies = rng.sample(AGENCIES, max(2, rng.randint(1, 5)))
    exact = rng.random() < 0.25
    method = rng.choices([name for name, _ in METHODS], [often for _, often in METHODS])[0]
    return Shape(
        packages=tuple(ids),
        twins=twins,
        titles=titles,
        agencies=tuple(sorted(agencies)),
        exact=exact,
        coarse=not exact and rng.random() < 0.3,
        method=method,
        own=method == "weighted_sum" and random.Random(f"own {titles}").random() < 0.4,
        partly=method == "weighted_sum" and rng.random() < 0.35,
        requirements=tuple(one for one in REQUIREMENTS if rng.random() < 0.25),
        coupled=rng.random() < 0.5,
    )


def citation(rng: random.Random) -> dict[str, Any]:
    """Return a source of any confidence."""
    found: dict[str, Any] = {"title": "Rule of this study", "confidence": rng.choice(CONFIDENCES)}
    if rng.random() < 0.2:
        found["note"] = "as drawn"
    return found


class _Plain(yaml.SafeDumper):
    """No anchors: a study may not have them."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def write_yaml(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True)
    path.write_text(text, encoding="utf-8")


def write_csv(
    path: Path, head: Sequence[str], rows: Iterable[Sequence[object]], *, needed: bool = False
) -> None:
    """Write a table; one without rows is left out, as a person would, unless it is needed."""
    found = list(rows)
    if not found and not needed:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(found)
