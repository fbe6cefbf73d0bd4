"""`results.xlsx`."""
