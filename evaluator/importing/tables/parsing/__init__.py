"""Cells as people write them -> texts as a study has them; what can be read in two ways is told."""
