"""Workbooks (.xlsx) -> sheets as text. What another program wrote is not to be trusted."""
