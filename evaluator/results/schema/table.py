"""Tables and their columns: type, unit, head, meaning; frames that hold to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any, Literal

import pandas as pd
from pandas.api.extensions import ExtensionArray

from evaluator.model.parts import Part

Type = Literal["id", "ids", "text", "day", "flag", "integer", "number", "numbers", "findings"]
"""id, text, day (ISO 8601): text, empty where there is none. ids, numbers: a tuple. findings: a
tuple of findings, which files hold as a sentence, codes and arguments."""

_DTYPES: Mapping[tuple[Type, bool], str] = {
    ("flag", False): "bool",
    ("flag", True): "boolean",
    ("integer", False): "int64",
    ("integer", True): "Int64",
    ("number", False): "float64",
    ("number", True): "Float64",
    **{(kind, False): "str" for kind in ("id", "text", "day")},
    **{(kind, False): "object" for kind in ("ids", "numbers", "findings")},
}
_PANDAS = {name: pd.api.types.pandas_dtype(name) for name in _DTYPES.values()}


@dataclass(frozen=True)
class Column:
    """One column of a table, or a family of columns: `<name>.<id>`, one for each of a kind."""

    name: str
    type: Type
    head: str
    """What people read above it; in braces what a study has words of its own for."""
    meaning: str
    unit: str = ""
    """MONEY, points, share (of 1), rank, ..."""
    optional: bool = False
    """Whether a flag or number may be missing; a text, list or finding may always be empty."""
    of: str = ""
    """What its ids are ids of; of a family, what there is one column for each of."""
    family: bool = False
    digits: int | None = None
    """Decimals that people are shown, where it is not those of its unit."""
    part: Part | None = None
    """The part of a study that it is about; a run of one without it has no such column."""

    @property
    def dtype(self) -> Any:
        """The dtype of pandas, by its name."""
        return _DTYPES[self.type, self.optional]

    @property
    def numeric(self) -> bool:
        """Whether it holds one number a row."""
        return self.type in ("integer", "number")


@dataclass(frozen=True)
class Table:
    """One table of a run, `<name>.csv`."""

    name: str
    title: str
    meaning: str
    keys: tuple[str, ...]
    """The columns that tell its rows apart."""
    columns: tuple[Column, ...]
    part: Part | None = None
    """The part of a study that it is about; a run of one without it has no such table."""
    of_all: bool = False
    """Whether each of the study has a row, of what its first key is an id of."""

    def there(self, parts: Set[Part]) -> bool:
        """Return whether a run of a study with these parts can have it."""
        return self.part is None or self.part in parts

    def within(self, parts: Set[Part]) -> Table:
        """Return the table as a run of a study with these parts has it."""
        columns = tuple(c for c in self.columns if c.part is None or c.part in parts)
        keys = tuple(key for key in self.keys if key in {column.name for column in columns})
        return replace(self, keys=keys, columns=columns)

    def cut(self, table: pd.DataFrame, parts: Set[Part]) -> pd.DataFrame:
        """Return a frame of the whole table as `within` has it."""
        kept = [name for name in table.columns if self._part(str(name)) in (None, *parts)]
        return self.within(parts).held(table[kept])

    def _part(self, name: str) -> Part | None:
        try:
            return self.column(name).part
        except KeyError:
            return None

    def column(self, name: str) -> Column:
        """Return the column, or the family that it is of.

        Raises KeyError where the table has none of that name.
        """
        stem, dot, _ = name.partition(".")
        for column in self.columns:
            if column.name == stem and column.family == bool(dot):
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def frame(self, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
        """Return rows as a frame with the table's columns and dtypes.

        Raises ValueError where a row has another column, or lacks one.
        """
        found = list(rows)
        return self.held(pd.DataFrame(found) if found else self._empty())

    def held(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a frame with the columns of the table in their order and of their dtypes.

        Raises ValueError where it has another column or lacks one, and for a missing value in a
        column that has one in every row. No number is -0.0.
        """
        found: dict[str, list[str]] = {column.name: [] for column in self.columns}
        unknown = []
        for name in map(str, table.columns):
            try:
                found[self.column(name).name].append(name)
            except KeyError:
                unknown.append(name)
        lacking = [one.name for one in self.columns if not one.family and not found[one.name]]
        if unknown or lacking:
            fact = f"columns that its schema lacks: {unknown}; that it lacks: {lacking}"
            raise ValueError(f"table {self.name}: {fact}")
        names = [name for column in self.columns for name in found[column.name]]
        typed = {name: self._typed(name, table[name].array) for name in names}
        return pd.DataFrame(typed, index=table.index)

    def _typed(self, name: str, values: ExtensionArray) -> ExtensionArray:
        column = self.column(name)
        dtype = _PANDAS[column.dtype]
        if not column.optional and column.dtype != "object" and values.isna().any():
            raise ValueError(f"table {self.name}: a value of {name} is missing")
        typed: Any = values if values.dtype == dtype else values.astype(dtype)
        if column.type == "numbers":
            unsigned = [tuple(part + 0.0 for part in parts) for parts in typed]
            typed = pd.Series(unsigned, dtype="object").array
        elif column.type == "number":
            typed = typed + 0.0
        array: ExtensionArray = typed
        return array

    def _empty(self) -> pd.DataFrame:
        return pd.DataFrame(columns=[one.name for one in self.columns if not one.family])


TABLES: dict[str, Table] = {}
"""Every table by name; those of questions once `evaluator.questions` is imported."""


def register(table: Table) -> Table:
    """Add a table to the registry.

    No id of a study is taken for a column of a table: of a family each is `<name>.<id>`, and no
    name holds a point. Raises ValueError for a name that does, where a table is called so already,
    two of its columns are, or a key is none.
    """
    names = [column.name for column in table.columns]
    if dotted := [name for name in names if "." in name]:
        raise ValueError(f"table {table.name}: a name holds the point of a family: {dotted}")
    if table.name in TABLES or len({*names}) < len(names) or not {*table.keys} <= {*names}:
        raise ValueError(f"table {table.name} is there twice, or a column, or a key is no column")
    TABLES[table.name] = table
    return table


def in_family(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose columns are ids as members of a family: `<name>.<id>`."""
    return table.add_prefix(f"{name}.")


def family(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the columns of a family by their ids alone, in their order."""
    stem = f"{name}."
    members = [column for column in map(str, table.columns) if column.startswith(stem)]
    return table[members].rename(columns=lambda column: column.removeprefix(stem))
