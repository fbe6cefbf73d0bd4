"""The tables of a round -> packages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from evaluator.errors import Problem, Vocabulary
from evaluator.letters import difference, plain
from evaluator.loading.spelling import alike
from evaluator.loading.tables import cells as c
from evaluator.loading.tables.rows import Row, parse_rows
from evaluator.loading.tables.sheets import Sheet
from evaluator.model.base import Known, Missing
from evaluator.model.country import Attribute
from evaluator.model.package import (
    Finding,
    Layer,
    Member,
    Package,
    Rating,
    Request,
    Role,
    Target,
)

T = TypeVar("T")
Columns = Mapping[str, c.Parser[Any]]
Defaults = Mapping[str, Any]

TABLES: Mapping[str, tuple[Columns, Defaults]] = {
    "packages": (
        {
            "id": c.identifier,
            "title": c.filled,
            "exclusive_group": c.optional(c.identifier),
            "requires": c.identifiers,
        },
        {"exclusive_group": None, "requires": ()},
    ),
    "entities": (
        {
            "id": c.identifier,
            "name": c.filled,
            "headquarters": c.datum(c.identifier),
            "government": c.optional(c.flag, False),
            "small_business": c.optional(c.flag, False),
        },
        {"government": False, "small_business": False},
    ),
    "ownership": (
        {
            "entity": c.identifier,
            "owner": c.optional(c.identifier),
            "share": c.optional(c.share),
            "votes": c.optional(c.share),
            "control": c.optional(c.flag, False),
            "source": c.text,
        },
        {"share": None, "votes": None, "control": False, "source": ""},
    ),
    "exposures": (
        {
            "entity": c.identifier,
            "institution": c.identifier,
            "amount_usd": c.money,
            "source": c.text,
        },
        {"source": ""},
    ),
    "members": (
        {
            "package": c.identifier,
            "entity": c.identifier,
            "role": c.choice("anchor", "member"),
            "exposure_share": c.share,
        },
        {},
    ),
    "targets": ({"package": c.identifier, "country": c.identifier, "share": c.share}, {}),
    "layers": (
        {
            "package": c.identifier,
            "layer": c.identifier,
            "provider": c.optional(c.identifier),
            "description": c.text,
            "value_usd": c.optional(c.money),
            "us_made_share": c.optional(c.share),
            "model_origin": c.datum(c.iso3),
            "open_weights": c.optional(c.flag),
        },
        {
            "provider": None,
            "description": "",
            "value_usd": None,
            "us_made_share": None,
            "model_origin": Missing(reason="no such column"),
            "open_weights": None,
        },
    ),
    "roles": (
        {
            "package": c.identifier,
            "role": c.choice("builds", "owns", "operates"),
            "entity": c.identifier,
            "source": c.text,
        },
        {"source": ""},
    ),
    "requests": (
        {
            "package": c.identifier,
            "tool": c.identifier,
            "amount_usd": c.money,
            "minimum_usd": c.optional(c.money, 0),
            "all_or_nothing": c.optional(c.flag, False),
            "alternative_group": c.optional(c.identifier),
            "tenor_years": c.optional(c.number),
        },
        {
            "minimum_usd": 0,
            "all_or_nothing": False,
            "alternative_group": None,
            "tenor_years": None,
        },
    ),
    "measures": (
        {
            "package": c.identifier,
            "criterion": c.identifier,
            "value": c.datum(c.number),
            "low": c.optional(c.number),
            "high": c.optional(c.number),
            "unit": c.word,
            "origin": c.text,
            "source": c.text,
        },
        {"low": None, "high": None, "origin": "", "source": ""},
    ),
    "ratings": (
        {
            "package": c.identifier,
            "criterion": c.identifier,
            "evaluator": c.identifier,
            "rating": c.optional(c.word),
            "rationale": c.text,
            "recused": c.optional(c.flag, False),
        },
        {"rationale": "", "recused": False},
    ),
    "evidence": (
        {
            "package": c.identifier,
            "requirement": c.identifier,
            "status": c.choice("passed", "failed", "unknown"),
            "source": c.text,
            "note": c.text,
        },
        {"source": "", "note": ""},
    ),
    "exclusions": ({"row": c.filled, "reason": c.filled}, {}),
}
REQUIRED = ("packages", "requests")
_KEYS: Mapping[str, tuple[str, ...]] = {
    "packages": ("id",),
    "entities": ("id",),
    "ownership": ("entity", "owner"),
    "exposures": ("entity", "institution"),
    "members": ("package", "entity"),
    "targets": ("package", "country"),
    "layers": ("package", "layer", "provider"),
    "roles": ("package", "role", "entity"),
    "requests": ("package", "tool"),
    "measures": ("package", "criterion"),
    "ratings": ("package", "criterion", "evaluator"),
    "evidence": ("package", "requirement"),
    "exclusions": ("row",),
}
_LABELS: Mapping[str, tuple[str, ...]] = {
    "packages": ("id", "exclusive_group"),
    "entities": ("id",),
    "layers": ("layer",),
    "requests": ("alternative_group",),
    "ratings": ("evaluator",),
    "exclusions": ("row",),
}
"""Columns of which two spellings would make two of one thing."""
Rows = dict[str, list[Row]]


def parse_round(
    sheets: Mapping[str, Sheet], attributes: Sequence[Attribute] | None, problems: list[Problem]
) -> Rows:
    """Parse every table; a key that stands twice in one is a problem.

    attributes: what the further columns of packages mean; None where that could not be read,
    and packages then neither.
    """
    rows: Rows = {table: [] for table in TABLES}
    for table, (columns, defaults) in TABLES.items():
        if table not in sheets:
            continue
        if table == "packages":
            if attributes is None:
                continue
            absent = Missing(reason="no such column in this round")
            columns = {**columns, **{a.id: c.of_attribute(a) for a in attributes}}
            defaults = {**defaults, **{a.id: absent for a in attributes}}
        found = parse_rows(sheets[table], columns, defaults, problems)
        rows[table] = _unique(found, table, problems)
        labels = [a.id for a in attributes or () if a.is_label] if table == "packages" else ()
        for column in (*_LABELS.get(table, ()), *labels):
            problems.extend(alike(found, column))
    return rows


def _unique(rows: list[Row], table: str, problems: list[Problem]) -> list[Row]:
    first: dict[tuple[Any, ...], str] = {}
    for row in rows:
        key = tuple(row[column] for column in _KEYS[table])
        if key in first:
            words = " / ".join(str(part) for part in key if part is not None)
            fact = f"{words} stands here again; it is first at {first[key]}."
            problems.append(Problem(row.where, fact, "Keep one of the two."))
        first.setdefault(key, row.where)
    return rows


def ids(sheets: Mapping[str, Sheet], table: str) -> Vocabulary:
    """Return the ids that a table states, those of its broken rows too."""
    return Vocabulary(sorted(sheets[table].column("id")) if table in sheets else ())


def packages(
    rows: Rows,
    sheets: Mapping[str, Sheet],
    attributes: Sequence[Attribute],
    units: Mapping[str, str],
    blocs: Mapping[str, Sequence[str]],
    problems: list[Problem],
) -> tuple[Package, ...]:
    """Build the packages from all tables, sorted by id, their parts in a canonical order.

    blocs: the members of those that targets may name, by name.
    units: the unit of each measured criterion by full id, which measures.csv must repeat.
    """
    known = ids(sheets, "packages")
    parts = {
        table: _by_package(rows[table], known, problems)
        for table, (columns, _) in TABLES.items()
        if "package" in columns
    }
    found = [
        Package(
            id=row["id"],
            title=row["title"],
            exclusive_group=row["exclusive_group"],
            requires=row["requires"],
            attributes={a.id: row[a.id] for a in attributes},
            members=in_order(Member, parts["members"][row["id"]], "entity"),
            targets=_targets(parts["targets"][row["id"]], blocs),
            layers=in_order(Layer, parts["layers"][row["id"]], "layer", "provider"),
            roles=in_order(Role, parts["roles"][row["id"]], "role", "entity"),
            requests=_requests(parts["requests"][row["id"]], problems),
            measures=_measures(parts["measures"][row["id"]], units, problems),
            ratings=in_order(Rating, parts["ratings"][row["id"]], "criterion", "evaluator"),
            findings=in_order(Finding, parts["evidence"][row["id"]], "requirement"),
        )
        for row in rows["packages"]
    ]
    return tuple(sorted(found, key=lambda p: p.id))


def _by_package(
    rows: Iterable[Row], known: Vocabulary, problems: list[Problem]
) -> defaultdict[str, list[Row]]:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["package"]].append(row)
        if row["package"] not in known and len(known):
            fact = f"the package '{row['package']}' is not in packages."
            problems.append(Problem(row.where, fact, known.near(row["package"])))
    return found


def in_order(
    kind: type[T], rows: Iterable[Row], *keys: str, whose: str = "package"
) -> tuple[T, ...]:
    """Build the parts of one package or entity, sorted by some of their columns."""
    ordered = sorted(rows, key=lambda row: tuple(str(row[key]) for key in keys))
    parts = ({k: v for k, v in row.cells.items() if k != whose} for row in ordered)
    return tuple(kind(**part) for part in parts)


def _targets(rows: Sequence[Row], blocs: Mapping[str, Sequence[str]]) -> tuple[Target, ...]:
    """Return the target countries, those of each bloc one by one with the bloc's share."""
    found: list[Target] = []
    for row in sorted(rows, key=lambda row: str(row["country"])):
        name, share = row["country"], row["share"]
        among = blocs.get(name)
        if among is None:
            found.append(Target(country=name, share=share))
        else:
            number = len(among)
            found += (Target(country=c, share=share, bloc=name, members=number) for c in among)
    return tuple(found)


def _requests(rows: Sequence[Row], problems: list[Problem]) -> tuple[Request, ...]:
    sound: list[Row] = []
    for row in rows:
        if row["amount_usd"] <= 0:
            problems.append(Problem(row.where, "asks for 0 dollars.", "Remove the row."))
        elif row["minimum_usd"] > row["amount_usd"]:
            fact = f"minimum_usd {row['minimum_usd']:,} exceeds amount_usd {row['amount_usd']:,}."
            problems.append(Problem(row.where, fact, "Mend one of the two."))
        elif row["tenor_years"] is not None and not 0 < row["tenor_years"] <= 100:
            fact = f"tenor_years is {row['tenor_years']:g}; it must be above 0 and at most 100."
            problems.append(Problem(row.where, fact, "Mend it."))
        else:
            sound.append(row)
    return in_order(Request, sound, "tool")


def _measures(
    rows: Sequence[Row], units: Mapping[str, str], problems: list[Problem]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in sorted(rows, key=lambda row: str(row["criterion"])):
        criterion = row["criterion"]
        unit = units.get(criterion, row["unit"])
        if plain(row["unit"]) != plain(unit):
            fact = f"the unit is '{row['unit']}'; {criterion} is measured in '{unit}'."
            unlike = difference(row["unit"], unit)
            fact += f" {unlike}." if unlike else ""
            problems.append(Problem(row.where, fact, "Convert the value or mend the unit."))
        datum = row["value"]
        if isinstance(datum, Known):
            low, high = row["low"], row["high"]
            value = float(datum.value)
            if not (value if low is None else low) <= value <= (value if high is None else high):
                told = ", ".join(
                    f"{name} {number:g}"
                    for name, number in (("low", low), ("value", value), ("high", high))
                    if number is not None
                )
                problems.append(Problem(row.where, f"{told} do not ascend.", "Mend the range."))
            extra = {k: row[k] for k in ("low", "high", "origin", "source")}
            datum = Known(value=datum.value, unit=unit, **extra)
        elif row["low"] is not None or row["high"] is not None:
            fact = "low and high stand beside no value."
            problems.append(Problem(row.where, fact, "State the value, or empty them."))
        found[criterion] = datum
    return found
