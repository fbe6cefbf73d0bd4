"""What the sheets of a workbook hold beyond the tables of the run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from evaluator.report.formatting.words import Words
from evaluator.results.schema import MONEY, TABLES, Column, Table
from evaluator.results.schema.allocation import ALLOCATION
from evaluator.results.schema.scores import PACKAGE, TITLE
from evaluator.results.schema.uncertainty import ACCEPTABILITY

WHOLE = "#,##0"
ENVELOPE = '#,##0;-#,##0;"–"'
"""Money of which most is zero."""

_ASKED = Column(
    "asked", "integer", "Asked", "Its requests, of alternatives the largest", MONEY, optional=True
)
_ALLOCATED = replace(ALLOCATION.column("allocated"), meaning="All {tools} together", optional=True)
_OWN = {
    "envelope": Table(
        "envelope",
        "{Envelope}",
        "Amounts of {chosen} by {tool} with totals",
        ("package",),
        (
            PACKAGE,
            TITLE,
            Column(
                "amount",
                "integer",
                "{member}",
                "Amount of this {tool}",
                MONEY,
                of="tool",
                family=True,
            ),
            _ALLOCATED,
            _ASKED,
        ),
    ),
    "columns": Table(
        "columns",
        "Columns",
        "What each column of each sheet means, its name in the CSV files, its first row",
        ("sheet", "field"),
        (
            Column("sheet", "text", "Sheet", "Name of the sheet"),
            Column("head", "text", "Column", "Head of the column"),
            Column("field", "text", "Field", "Name in the run's CSV file of that name"),
            Column("unit", "text", "Unit", "Unit of its values"),
            Column("meaning", "text", "Meaning", "What the column holds"),
            Column(
                "first_row", "text", "From row", "Row in which its values begin; its head is above"
            ),
        ),
    ),
}
"""Sheets that are no file of the run."""


def _from(table: Table, name: str) -> Column:
    column = table.column(name)
    return replace(column, meaning=f"{column.meaning}; from {table.name}.csv")


OWN = tuple(_OWN)
FILED = frozenset(
    (
        # what the ranking's sheet has in short: scores, and what the draws say of each package
        *("agency_scores", "acceptability", "rank_acceptability", "pairwise_winning"),
        *("central_weights", "core_index"),
        # how a number came about, for whoever checks the method
        *(
            "elicitation",
            "variance",
            "tornado",
            "reversals",
            "agreement_drivers",
            "agreement_pairs",
        ),
        # long forms of what another sheet sums up, or a page shows as a picture
        *("clocks", "notice_contents", "assistance", "country_facts", "budget_sweep"),
        *("frontier_subsidy", "frontier_concentration", "law_confidence"),
    )
)
"""Tables that stand in files of the run alone: a workbook has what is filtered, added up and looked
up, not what another program reads."""


ADDED: Mapping[str, tuple[Column, ...]] = {
    "ranking": (
        _ASKED,
        replace(_ALLOCATED, meaning=f"{_ALLOCATED.meaning}; summed from allocation.csv"),
        *(
            _from(ACCEPTABILITY, name)
            for name in ("tier", "designated_share", "rank_low", "rank_high")
        ),
    )
}
"""Columns that a sheet has beyond those of its table."""


def described(stem: str) -> Table:
    """Return what a sheet holds, by its table's file stem."""
    return _OWN.get(stem) or TABLES[stem]


_NAMES = {
    "agency_scores": "{agency} scores",
    "agency_views": "{agency} views",
    "envelope": "{envelope}",
    "next_amounts": "next {units}",
}
"""Of sheets that are called by what the study has words of its own for."""


def sheet_name(table: str, words: Words) -> str:
    """Return the name of a table's sheet: at most 31 characters, none that Excel forbids.

    >>> from evaluator.report.formatting.words import NEUTRAL
    >>> sheet_name("agency_scores", NEUTRAL), sheet_name("next_amounts", NEUTRAL)
    ('Agency scores', 'Next units')
    """
    said = words.fill(_NAMES.get(table, table.replace("_", " ")))
    name = re.sub(r"[\[\]:*?/\\']", " ", said)
    return f"{name[:1].upper()}{name[1:]}"[:31]
