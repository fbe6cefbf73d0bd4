"""Ballots of participatory budgets in the format of Pabulib (`.pb`) -> a study."""

from evaluator.importing.pabulib.study import READER

__all__ = ["READER"]
