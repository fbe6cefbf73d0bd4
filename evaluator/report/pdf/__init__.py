"""`brief.pdf`."""
