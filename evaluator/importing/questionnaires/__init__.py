"""Pairwise questionnaires, a respondent a row -> weights by a group, and their ranking."""

from evaluator.importing.questionnaires.study import READER

__all__ = ["READER"]
