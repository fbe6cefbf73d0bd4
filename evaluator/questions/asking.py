"""The questions that a run asks of its evaluation; for a further one, a file and a line here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from evaluator.allocation.variations import silent
from evaluator.errors import UsageError, did_you_mean
from evaluator.progress import Progress
from evaluator.questions.coordination import QUESTION as COORDINATION
from evaluator.questions.dated.law import QUESTION as LAW
from evaluator.questions.engagement import QUESTION as ENGAGEMENT
from evaluator.questions.findings import QuestionFailed
from evaluator.questions.funding.budget_sweep import QUESTION as BUDGET_SWEEP
from evaluator.questions.funding.concentration import QUESTION as CONCENTRATION
from evaluator.questions.funding.core_index import QUESTION as CORE_INDEX
from evaluator.questions.funding.frontiers import QUESTION as FRONTIERS
from evaluator.questions.funding.marginal_value import QUESTION as MARGINAL_VALUE
from evaluator.questions.funding.overrides import QUESTION as OVERRIDES
from evaluator.questions.funding.portfolios import QUESTION as PORTFOLIOS
from evaluator.questions.funding.what_it_takes import QUESTION as WHAT_IT_TAKES
from evaluator.questions.question import Question
from evaluator.questions.versions.since import QUESTION as SINCE
from evaluator.questions.weighing.funded_stability import QUESTION as FUNDED_STABILITY
from evaluator.questions.weighing.own_way import QUESTION as OWN_WAY
from evaluator.results.evaluation import Evaluation, Extended, ExtendedTable
from evaluator.results.findings import cause
from evaluator.uncertainty.analysis import threads

QUESTIONS: tuple[Question, ...] = (
    SINCE,
    ENGAGEMENT,
    COORDINATION,
    MARGINAL_VALUE,
    WHAT_IT_TAKES,
    OVERRIDES,
    BUDGET_SWEEP,
    FRONTIERS,
    CONCENTRATION,
    PORTFOLIOS,
    CORE_INDEX,
    FUNDED_STABILITY,
    OWN_WAY,
    LAW,
)
"""In the order in which their answers are shown."""


def ask(
    evaluation: Evaluation,
    progress: Progress = silent,
    *,
    names: Collection[str] | None = None,
) -> Evaluation:
    """Return the evaluation with the answers to questions; each may fail without the others.

    As many are asked at a time as there are threads (`EVALUATOR_THREADS`); no answer depends on it.

    names: of the questions. If None, those that a run asks by itself: all of one of full extent;
    of a plain one, clocks and contents of notices, what its overrides cost, if it has any, and what
    changed since the version that it is compared with. Where nothing is allocated only these and
    the overrides are told. A question that fails is in `extended.failed`,
    with its reason. Raises UsageError for a name that is no question.
    """
    known = [question.name for question in QUESTIONS]
    for name in names or ():
        if name not in known:
            raise UsageError(f"there is no question '{name}'. {did_you_mean(name, known)}")
    allocated = evaluation.allocation.status in ("optimal", "feasible")
    chosen = [
        question
        for question in QUESTIONS
        if allocated or question.without_allocation
        if question.part is None or question.part in evaluation.study.parts
        if (question.asked(evaluation) if names is None else question.name in names)
    ]
    if not chosen:
        return replace(evaluation, extended=None)

    def answered(question: Question) -> Mapping[str, ExtendedTable] | QuestionFailed:
        progress(question.name.replace("_", " "))
        try:
            return question.answer(evaluation, progress)
        except Exception as error:
            return QuestionFailed(question.name, *cause(error))

    tables: dict[str, ExtendedTable] = {}
    failed: list[QuestionFailed] = []
    with ThreadPoolExecutor(threads()) as pool:
        for answer in pool.map(answered, chosen):
            if isinstance(answer, QuestionFailed):
                failed.append(answer)
            else:
                tables |= answer
    return replace(evaluation, extended=Extended(tables, tuple(failed)))
