"""A workbook to fill in a round: a sheet a table, notes at the heads, lists to choose from."""

from evaluator.record.form.workbook import form

__all__ = ["form"]
