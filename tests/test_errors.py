"""Errors cross the boundary of a process whole."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pkgutil import walk_packages

import pytest

import evaluator
from evaluator.errors import EvaluatorError, InvalidStudyError, Problem, UsageError

PROBLEMS = (Problem("a.yaml, line 3", "is odd.", "Mend it."), Problem("b.csv", "is gone."))


def kinds(base: type[EvaluatorError] = EvaluatorError) -> Iterator[type[EvaluatorError]]:
    yield base
    for kind in base.__subclasses__():
        yield from kinds(kind)


def made(kind: type[EvaluatorError]) -> EvaluatorError:
    if issubclass(kind, InvalidStudyError):
        return kind(PROBLEMS)
    named = list(inspect.signature(kind.__init__).parameters)[1:]
    return kind(*["some words"] * (1 if named == ["args", "kwargs"] else len(named)))


def raised(error: EvaluatorError) -> None:
    raise error


def test_every_error_is_pickled_whole() -> None:
    for module in walk_packages(evaluator.__path__, "evaluator."):
        if ".versions." not in module.name and not module.name.endswith("__main__"):
            import_module(module.name)
    found = set(kinds())
    assert len(found) >= 6
    for kind in found:
        error = made(kind)
        again = pickle.loads(pickle.dumps(error))  # noqa: S301
        assert (type(again), str(again), again.args) == (kind, str(error), error.args)
        assert vars(again) == vars(error), kind


@pytest.mark.slow
def test_a_worker_refuses_a_study_with_all_its_problems() -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        with pytest.raises(InvalidStudyError) as refused:
            pool.submit(raised, InvalidStudyError(PROBLEMS)).result()
        assert refused.value.problems == PROBLEMS
        with pytest.raises(UsageError, match="a word"):
            pool.submit(raised, UsageError("a word")).result()
