"""Files -> Study. The only room that reads study files."""

from evaluator.loading.chain import Override
from evaluator.loading.study import load_study

__all__ = ["Override", "load_study"]
