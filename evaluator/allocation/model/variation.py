"""Variations of a study and of its program: other envelopes, one more limit, more rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from evaluator.allocation.model.build import Compiled
from evaluator.allocation.model.exact.rows import Row
from evaluator.allocation.model.exact.whole_rows import Rows
from evaluator.allocation.model.program import Program, assemble
from evaluator.errors import UsageError, did_you_mean
from evaluator.model.financing import Institution, Limit
from evaluator.model.study import Study

_ADDED = "variation"


def with_envelopes(study: Study, amounts: Mapping[str, int]) -> Study:
    """Return a study in which some tools, by full id, have other envelopes, in whole USD.

    Raises UsageError for an unknown tool.
    """
    for name in amounts:
        if name not in study.tools:
            raise UsageError(f"the tool '{name}' is unknown. {did_you_mean(name, study.tools)}")
    institutions = tuple(_with_envelopes(one, amounts) for one in study.institutions)
    return study.model_copy(update={"institutions": institutions})


def _with_envelopes(institution: Institution, amounts: Mapping[str, int]) -> Institution:
    tools = []
    for tool in institution.tools:
        amount = amounts.get(f"{institution.institution}.{tool.id}", tool.envelope.amount)
        envelope = tool.envelope.model_copy(update={"amount": amount})
        tools.append(tool.model_copy(update={"envelope": envelope}))
    return institution.model_copy(update={"tools": tuple(tools)})


def with_limit(study: Study, limit: Limit) -> tuple[Study, str]:
    """Return a study with one limit more, and that limit's full id."""
    added = Institution(institution=_ADDED, name="Variation", limits=(limit,))
    institutions = (*study.institutions, added)
    varied = study.model_copy(update={"institutions": institutions})
    return varied, f"{_ADDED}.{limit.id}"


def rows_of(compiled: Compiled, limit: str) -> tuple[int, ...]:
    """Return the program's rows of a limit in force, by its full id."""
    places = [p for p, row in enumerate(compiled.limits) if row.limit == limit]
    return tuple(compiled.row_of[place] for place in places if place in compiled.row_of)


def with_most(program: Program, row: int, most: int) -> Program:
    """Return a program in which an upper limit has another bound, in whole USD."""
    upper = program.row_upper.copy()
    upper[row] = most / program.unit
    return replace(program, rows=Rows.of(program.rows).with_bound(row, most), row_upper=upper)


def with_rows(program: Program, rows: Sequence[Row]) -> Program:
    """Return a program with more rows, exact as well as in the arrays."""
    more = assemble(program.columns, rows, cost={}, subsidy={}, upper={}, unit=program.unit)
    return replace(
        program,
        rows=Rows.of(program.rows, rows),
        starts=np.append(program.starts, program.starts[-1] + more.starts[1:]),
        index=np.append(program.index, more.index),
        value=np.append(program.value, more.value),
        row_lower=np.append(program.row_lower, more.row_lower),
        row_upper=np.append(program.row_upper, more.row_upper),
    )
