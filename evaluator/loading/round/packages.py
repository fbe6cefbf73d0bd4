"""The tables of a round -> packages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from evaluator.errors import Problem, Vocabulary
from evaluator.letters import difference, plain
from evaluator.loading.keys import KEYS
from evaluator.loading.round.tables import LABELS, TABLES
from evaluator.loading.spelling import alike
from evaluator.loading.tables import cells as c
from evaluator.loading.tables.rows import Row, parse_rows
from evaluator.loading.tables.sheets import Sheet
from evaluator.model.base import Known, Missing
from evaluator.model.country import Attribute
from evaluator.model.engagement import CountryFact, StrategyTarget
from evaluator.model.package import (
    Assistance,
    Evaluator,
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
        for column in (*LABELS.get(table, ()), *labels):
            problems.extend(alike(found, column))
    return rows


def _unique(rows: list[Row], table: str, problems: list[Problem]) -> list[Row]:
    first: dict[tuple[Any, ...], str] = {}
    for row in rows:
        key = tuple(row[column] for column in KEYS[table])
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
    if "packages" in sheets and not sheets["packages"].rows:
        fact = "the round holds no package."
        problems.append(Problem(sheets["packages"].where, fact, "Add a row."))
    parts = {
        table: _by_package(rows[table], known, problems)
        for table, (columns, _) in TABLES.items()
        if "package" in columns
    }
    found = [
        Package(
            id=row["id"],
            title=row["title"],
            standing=row["standing"],
            exclusive_group=row["exclusive_group"],
            requires=row["requires"],
            attributes={a.id: row[a.id] for a in attributes},
            members=in_order(Member, parts["members"][row["id"]], "entity"),
            targets=_targets(parts["targets"][row["id"]], blocs),
            layers=in_order(Layer, parts["layers"][row["id"]], "layer", "provider"),
            roles=in_order(Role, parts["roles"][row["id"]], "role", "entity"),
            requests=_requests(parts["requests"][row["id"]], problems),
            assistance=in_order(Assistance, parts["assistance"][row["id"]], "kind", "addressee"),
            measures=_measures(parts["measures"][row["id"]], units, problems),
            ratings=in_order(Rating, parts["ratings"][row["id"]], "criterion", "evaluator"),
            findings=in_order(Finding, parts["evidence"][row["id"]], "requirement"),
        )
        for row in rows["packages"]
    ]
    return tuple(sorted(found, key=lambda p: p.id))


def beside_packages(rows: Rows) -> dict[str, Any]:
    """Build what a round states beside packages: facts of countries, the strategy, exclusions."""
    keys = ("country", "criterion", "kind", "date")
    return {
        "country_facts": in_order(CountryFact, rows["country_facts"], *keys),
        "strategy": in_order(StrategyTarget, rows["strategy"], "target"),
        "evaluators": in_order(Evaluator, rows["evaluators"], "id"),
        "exclusions": tuple(sorted((row["row"], row["reason"]) for row in rows["exclusions"])),
    }


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
