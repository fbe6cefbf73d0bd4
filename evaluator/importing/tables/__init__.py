"""Workbooks and text tables of any form -> rows of a study's tables, by a map or a proposal."""
