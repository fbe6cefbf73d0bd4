"""The map of an import: which cells go to which field, and how they are read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from evaluator.model.base import Citation, Day, Frozen, Id, Number, Points, Text
from evaluator.model.frozen import FrozenMapping
from evaluator.model.vocabulary import Code

Row = Annotated[int, Field(ge=1, le=1_048_576)]


class MappedColumn(Frozen):
    """One column of a sheet."""

    column: Annotated[str, Field(pattern=r"^[A-Z]{1,3}$")]
    """Its letters, as a spreadsheet names it; of a text table as well."""
    head: str
    """What stands above it: a file in which something else does is refused."""
    to: tuple[Text, ...] = ()
    """Where its cells go: `package`, `packages.title`, `measures.trade.price`, `ratings.rationale`.
    None: nowhere; they are left, and listed."""
    decimal: Literal[".", ","] | None = None
    """What parts decimals in texts that are numbers. None: as the column shows it."""
    group: Literal[".", ",", " ", "'"] | None = None
    """What parts thousands in texts that are numbers. None: as the column shows it."""
    order: Literal["dmy", "mdy"] | None = None
    """Which comes first in days written in figures. None: as the column shows it."""
    times: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    """What its numbers are multiplied by: 0.01 of percent, 1000 of thousands."""
    currency: Code | None = None
    """What its numbers without a sign count. None: as its head says, or as its field counts."""
    missing: tuple[str, ...] = ()
    """Further texts that say that something is missing, such as `0`."""


class MappedSheet(Frozen):
    """One sheet, or the table of a file without sheets."""

    sheet: str = ""
    """Its name; empty of a file without sheets."""
    head: Annotated[tuple[Row, ...], Field(min_length=1)]
    """The rows that name the columns."""
    first: Row
    """The first row of the table."""
    last: Row
    """The last one; what is below is left, and listed."""
    skip: tuple[Row, ...] = ()
    """Rows within that are left, and listed: totals, heads of groups."""
    hidden: Literal["take", "leave"] = "take"
    """What is done with hidden rows."""
    constants: FrozenMapping[str, str] = {}
    """What holds for each row of it, by field, such as `ratings.evaluator: J1`."""
    numbered: Id | None = None
    """Rows without an id are called by this and their number, in the order of the sheet."""
    columns: tuple[MappedColumn, ...]


class MappedCriterion(Frozen):
    """A criterion of a new study."""

    id: Id
    label: Text
    unit: Text | None = None
    """Of a measure."""
    direction: Literal["higher", "lower"] | None = None
    """Which numbers are better."""
    low: Number | None = None
    high: Number | None = None
    """The numbers that count 0 and 100, the better one 100."""
    levels: Annotated[FrozenMapping[str, Points], Field(min_length=2)] | None = None
    """Of a rating: what each of its words counts, the best first."""
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Its share of all weights."""


class MappedStudy(Frozen):
    """A new study."""

    id: Id
    title: Text
    as_of: Day
    """The day of the study."""


class MappedRate(Frozen):
    """What one unit of a currency is in another, on a day."""

    base: Code
    quote: Code
    rate: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    """Units of the quote for one of the base."""
    date: Day
    citation: Citation


class ImportMap(Frozen):
    """A map of an import."""

    source: Text
    """The name of the file that it was made for."""
    encoding: str | None = None
    """Of a text; none: as the file shows it."""
    delimiter: Literal["comma", "semicolon", "tab", "bar"] | None = None
    """Of a text table; none: as the file shows it."""
    study: MappedStudy | None = None
    """What a new study is called; none: an existing one is filled."""
    rates: tuple[MappedRate, ...] | None = None
    """By which amounts of other currencies are taken."""
    criteria: tuple[MappedCriterion, ...] = ()
    """The criteria of a new study."""
    sheets: Annotated[tuple[MappedSheet, ...], Field(min_length=1)]
