"""Proof that a record is what was entered: link by link, and by lines that are kept elsewhere."""
