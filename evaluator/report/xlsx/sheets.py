"""What the sheets of a workbook hold, and how their numbers are shown."""

from __future__ import annotations

import re

import pandas as pd

MONEY, POINTS, SHARE = "#,##0", "0.0", "0.0%"
WHOLE, FINE = "0", "0.000"
ENVELOPE = '#,##0;-#,##0;"–"'
"""Money of which most is zero."""
PRICE = "0.0000"
"""Points of objective for a further million dollars, as the report has them."""

CONTENTS = {
    "envelope": "Amounts of priority packages by tool with totals: a referral envelope, no award",
    "ranking": "A row a package, best first; packages that failed a requirement last, unranked",
    "agency_scores": "Each agency's score of each package",
    "values": "A row a package and criterion: what is known, its value, weight, contribution",
    "gates": "A row a package and requirement: passed, failed or unknown, and why",
    "weights": "Influence of each agency, and its weights of the criteria; rows sum to 100 %",
    "allocation": "A row a request: requested, eligible, proposed, and what capped it",
    "limits": "A row a limit and group: bound, used, slack, what a further $1 million is worth",
    "elicitation": "How each agency's weights were stated, and their inconsistency",
    "sources": "Every number and rule with its citation and how far it can be trusted",
    "agreement": "A row a package: ranks by agency, consensus ranks, who objects, who decides",
    "agreement_pairs": "A row a pair of agencies: how much their rankings agree, and what divides",
    "agreement_drivers": "A row a pair of agencies and criterion: its share of the disagreement",
    "acceptability": "Share of draws in which each package is designated, and takes each rank",
    "pairwise_winning": "Share of draws in which the row's package is ahead of the column's",
    "central_weights": "The typical weights under which a package is first",
    "stability": "How far each share can move before the leader, the order or the set changes",
    "improvements": "What would bring a package outside in with the fewest points",
    "variance": "What drives the variance of each overall score",
    "tornado": "How far one share alone moves a package's score, the largest swings first",
    "methods": "Ranks of the packages by other methods of aggregation",
    "reversals": "Whether removing or copying a package turns ranks round, by method",
    "columns": "What each column of each sheet means, its name in the CSV files, its first row",
}
"""By the table's file stem; a table that is not here has a sheet without a description."""

_BY_TABLE = {
    "envelope": ENVELOPE,
    "ranking": POINTS,
    "agency_scores": POINTS,
    "values": POINTS,
    "weights": SHARE,
    "agreement": POINTS,
    "acceptability": SHARE,
    "pairwise_winning": SHARE,
    "central_weights": SHARE,
    "stability": SHARE,
    "improvements": POINTS,
    "variance": SHARE,
    "limits": MONEY,
    "core_index": SHARE,
    "funded_stability": SHARE,
}
_BY_COLUMN = {
    **dict.fromkeys(("requested", "eligible", "allocated", "asked"), MONEY),
    **dict.fromkeys(("expected_rank", "points", "standard_deviation"), POINTS),
    **dict.fromkeys(("score_at_low", "score_at_high", "swing"), POINTS),
    **dict.fromkeys(("share", "effective_weight", "factor"), SHARE),
    **dict.fromkeys(("request_share", "lost_share", "largest_share"), SHARE),
    **dict.fromkeys(("contribution", "method_score", "expected_rank_error"), FINE),
    **dict.fromkeys(("tornado low", "tornado high"), FINE),
    "envelope allocated": ENVELOPE,
    "frontier_subsidy cap": MONEY,
    "frontier_concentration cap": SHARE,
    "shadow_price": PRICE,
    "ranking designated_share": SHARE,
}


def sheet_name(table: str) -> str:
    """Return the name of a table's sheet: at most 31 characters, none that Excel forbids.

    >>> sheet_name("agency_scores"), sheet_name("envelope")
    ('Agency scores', 'Envelope')
    """
    name = re.sub(r"[\[\]:*?/\\']", " ", table.replace("_", " "))
    return f"{name[:1].upper()}{name[1:]}"[:31]


def number_format(table: str, column: str, values: pd.Series) -> str | None:
    """Return the format of a column's numbers, None for text."""
    if pd.api.types.is_bool_dtype(values):
        return None
    if not pd.api.types.is_numeric_dtype(values):
        return None
    for name in (f"{table} {column}", column):
        if name in _BY_COLUMN:
            return _BY_COLUMN[name]
    if column.endswith("_usd"):
        return MONEY
    if pd.api.types.is_integer_dtype(values) and table != "envelope":
        return WHOLE
    return _BY_TABLE.get(table, FINE)
