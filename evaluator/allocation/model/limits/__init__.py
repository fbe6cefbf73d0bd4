"""Limits of the study -> exact rows: their bounds, groups and families."""
