"""Columns of who enters and leaves, in tables that set a run against another that is asked for."""

from evaluator.results.schema import Column

MOVED = (
    Column("entered", "ids", "Enter", "Would be {priority} {packages}", of="package"),
    Column("left", "ids", "Leave", "Would be none any more", of="package"),
    Column("funded_in", "ids", "Now funded", "Would get something", of="package"),
    Column("funded_out", "ids", "No longer funded", "Would get nothing", of="package"),
)
