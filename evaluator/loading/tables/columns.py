"""What described columns may hold, and whether the conditions on them can ever be met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from evaluator.errors import Problem, did_you_mean
from evaluator.letters import folded
from evaluator.loading.documents.located import Node
from evaluator.model.base import duplicates
from evaluator.model.country import Attribute, Country
from evaluator.model.financing import Condition, Filter, Scalar, Span

NUMBERS = ("number", "money", "share")
_KINDS = {
    "number": "a number",
    "money": "a number",
    "share": "a number",
    "flag": "yes or no",
    "date": "a date",
    "text": "a text",
}
_NUMBER = "Write a number, or a range such as {at_least: 1}."
_ASK = {
    "number": _NUMBER,
    "money": _NUMBER,
    "share": _NUMBER,
    "flag": "Write true or false.",
    "date": "Write a date.",
    "text": "Write a text, in quotes.",
}

Units = Sequence[str | None]
"""What a column of money may state as its unit, the currency of the study last."""


def described(
    columns: Sequence[Attribute],
    node: Node,
    taken: Iterable[str],
    units: Units | None,
    *,
    dated: bool,
) -> Iterator[Problem]:
    """Check the descriptions of a table's columns.

    units: of money; None where the scenario, which states the currency, could not be read.
    taken: columns that the table has anyway, with a meaning of their own.
    dated: whether a fact of this table may stand in another column from a day on.
    """
    described: set[str] = set()
    first: dict[str, str] = dict.fromkeys(taken, "")
    for index, column in enumerate(columns):
        where = f"{node.nearest(('attributes', index)).where}, {column.id}"
        yield from _dated(column, where, first) if dated else _undated(column, where)
        yield from _underived(column, where) if dated else ()
        if column.id in taken:
            fact = f"the table has a column '{column.id}' with a meaning of its own."
            yield Problem(where, fact, "Choose another id.")
        if "." in column.id:
            fact = f"'{column.id}' holds the point that parts the ids of parameters and hosts."
            yield Problem(where, fact, "Write the id without points.")
        if column.id in described:
            yield Problem(where, f"the column '{column.id}' is described twice.", "Remove one.")
        described.add(column.id)
        bounds = [b for b in (column.at_least, column.at_most) if b is not None]
        if bounds and column.type not in NUMBERS:
            fact = f"at_least and at_most bound numbers; the column is {_KINDS[column.type]}."
            yield Problem(where, fact, "Remove them, or mend the type.")
        elif bounds != sorted(bounds):
            fact = f"at_least {bounds[0]:g} is above at_most {bounds[1]:g}."
            yield Problem(where, fact, "Mend one of the two.")
        if column.type == "money" and units is not None and column.unit not in units:
            fact = (
                f"money is in {units[-1] or 'the one currency of the study'}; the unit of "
                f"this column is '{column.unit}'."
            )
            yield Problem(where, fact, "Convert the amounts, or make it a number.")
        if column.one_of is not None and column.type != "text":
            fact = f"one_of lists texts; the column is {_KINDS[column.type]}."
            yield Problem(where, fact, "Remove it, or mend the type.")
        elif column.one_of is not None and (
            not column.one_of or duplicates(map(folded, column.one_of))
        ):
            fact = "one_of is empty, or names a word twice."
            yield Problem(where, fact, "List each word that is allowed once.")


def _dated(column: Attribute, where: str, first: dict[str, str]) -> Iterator[Problem]:
    """Yield the columns of a fact that the table has for another; notes its own in `first`."""
    for name in column.held_in:
        other = first.get(name)
        if other is not None and (column.columns or other not in ("", column.id)):
            of = f"of '{other}'" if other else "with a meaning of its own"
            fact = f"the table has a column '{name}' {of}."
            yield Problem(where, fact, "Name another column.")
        first.setdefault(name, column.id)


def _underived(column: Attribute, where: str) -> Iterator[Problem]:
    if column.derived is not None:
        fact = "what is derived is a fact of packages; a country's fact stands in its table."
        yield Problem(where, fact, "Remove derived.")


def _undated(column: Attribute, where: str) -> Iterator[Problem]:
    if column.columns:
        fact = "columns by date are for countries; a package's fact stands in one column."
        yield Problem(where, fact, "Remove columns.")


def filterable(
    columns: Iterable[Attribute], hosts: Iterable[Attribute], countries: Sequence[Country]
) -> dict[str, Attribute]:
    """Return what a filter may name: columns of packages, and `host.` with those of countries."""
    own = {column.id: column for column in columns}
    if not countries:
        return own
    host = {f"host.{column.id}": column for column in hosts}
    return {
        **own,
        **host,
        "host.id": _listed("id", sorted(c.id for c in countries)),
        "host.bloc": _listed("bloc", sorted({c.bloc for c in countries})),
    }


def _listed(name: str, words: list[str]) -> Attribute:
    return Attribute(id=name, label=name, type="text", one_of=tuple(words))


def misfits(
    conditions: Filter, known: Mapping[str, Attribute], where: str | Callable[[str], str]
) -> Iterator[Problem]:
    """Yield the conditions of a filter on unknown columns, or that no value can meet.

    where: the place of the filter, or of each of its conditions by name.
    """
    for name, condition in conditions.items():
        place = where if isinstance(where, str) else where(name)
        if name in known:
            yield from misfit(condition, known[name], name, place)
        else:
            fact = f"the attribute '{name}' is unknown."
            yield Problem(place, fact, did_you_mean(name, known))


def misfit(condition: Condition, column: Attribute, name: str, where: str) -> Iterator[Problem]:
    """Yield why no value of a column can meet a condition."""
    if isinstance(condition, Span):
        if column.type not in NUMBERS:
            fact = f"a range is asked of '{name}', which is {_KINDS[column.type]}."
            yield Problem(where, fact, "Name the values instead.")
        elif column.type == "share":
            asked = [x for x in condition.numbers.values() if not 0 <= x <= 1]
            for number in asked:
                fact = f"{number:g} is asked of '{name}', which is a share from 0 to 1."
                yield Problem(where, fact, "Write 51 % as 0.51.")
    elif isinstance(condition, tuple):
        if not condition:
            yield Problem(where, f"'{name}' may be one of no values.", "List at least one.")
        for value in condition:
            yield from misfit(value, column, name, where)
    elif not _fits(condition, column):
        fact = f"{_told(condition)} is asked of '{name}', which is {_KINDS[column.type]}."
        yield Problem(where, fact, _ASK[column.type])
    elif column.one_of is not None and condition not in column.one_of:
        fact = f"{_told(condition)} is asked of '{name}', which cannot be that."
        yield Problem(where, fact, did_you_mean(str(condition), column.one_of))


def _fits(value: Scalar, column: Attribute) -> bool:
    if isinstance(value, bool):
        return column.type == "flag"
    if isinstance(value, str):
        return column.type in ("text", "date")
    return column.type in NUMBERS or (column.type == "flag" and value in (0, 1))


def _told(value: Scalar) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value).lower()
