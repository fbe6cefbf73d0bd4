"""Files -> Study. The only room that reads study files."""

from evaluator.loading.chain import Override
from evaluator.loading.documents.bounds import Bounds
from evaluator.loading.study import load_study

__all__ = ["Bounds", "Override", "load_study"]
