"""Exact rows in whole numbers are the rows themselves; what is described is so once it is read."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.allocation.model.build import Compiled, compile_study
from evaluator.allocation.model.exact.blocks import block_of
from evaluator.allocation.model.exact.later import Joined, Later, OneByOne
from evaluator.allocation.model.exact.rows import Rational, Row, slack
from evaluator.allocation.model.exact.whole_rows import Rows, product, wholes
from evaluator.allocation.model.variation import with_most, with_rows
from evaluator.allocation.solve.rounding import broken, complete, in_wholes
from tests.allocation.small import M, ask, limit, package, random_study, scores_of, study, tool

SEEDS = st.integers(0, 10**9)
GREEN = {"green": True}
LOWER = {"share": 0.3333, "of": {"tools": ("bank.*",), "plus": 7}}


def compiled(seed: int, size: int = 8, **settings: object) -> Compiled:
    case = random_study(seed, size=size, **settings)
    return compile_study(case, scores_of(case, seed), list(case.package_by_id))


def drawn(of: Compiled, seed: int) -> list[int]:
    """Return amounts that need not keep a limit."""
    draw = random.Random(seed)
    return [draw.choice([0, pair.cap, draw.randint(0, pair.cap)]) for pair in of.layout.pairs]


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_rooms_are_those_of_exact_rows(seed: int) -> None:
    found = compiled(seed)
    program, amounts = found.program, drawn(found, seed)
    values = complete(program, found.layout, amounts)
    rooms = program.whole.rooms(in_wholes(program, found.layout, amounts))
    exact = [slack(row, values) for row in program.rows]
    times = program.whole.times
    assert [Fraction(int(r), t) for r, t in zip(rooms, times, strict=True)] == exact
    assert broken(program, found.layout, amounts) == [n for n, x in enumerate(exact) if x < 0]


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_sums_and_misses_follow_from_amounts(seed: int) -> None:
    found = compiled(seed)
    program, amounts = found.program, drawn(found, seed)
    values = complete(program, found.layout, amounts)
    for total, adds in program.sums.items():
        assert values[total] == sum(by * values[column] for column, by in adds.items())
    for place, missed in found.miss_of.items():
        row = program.rows[found.row_of[place]]
        without = [*values[:missed], 0, *values[missed + 1 :]]
        assert values[missed] == max(0, -slack(row, without))


def put_in(row: Row, sums: dict[int, dict[int, Rational]]) -> dict[int, Rational]:
    """Return the coefficients of a row with its sums put in, those apart that only ease it."""
    found = {column: by for column, by in row.terms.items() if column not in sums}
    for total in sums.keys() & row.terms.keys():
        share = row.terms[total]
        eases = (share < 0) == (row.sense == "at_most")
        for column, by in sums[total].items():
            if column in found or not eases:
                found[column] = found.get(column, 0) + share * by
    return {column: by for column, by in found.items() if by}


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_what_a_dollar_takes_of_a_row_has_the_sums_put_in(seed: int) -> None:
    program = compiled(seed).program
    sums = {total: dict(adds) for total, adds in program.sums.items()}
    for number, row in enumerate(program.rows):
        expected = dict(row.terms) if row.kind == "sum" else put_in(row, sums)
        assert program.net(number) == expected


def test_an_amount_takes_of_a_lower_bound_that_is_a_share_of_all() -> None:
    case = study(
        [package(n, ask("bank.loan", 9), facts={"green": n == "A"}) for n in ("A", "B")],
        [tool("loan", 100)],
        [limit("mix", packages=GREEN, at_least=LOWER)],
    )
    program = compile_study(case, {"A": 1.0, "B": 1.0}, ["A", "B"]).program
    (number,) = [n for n, row in enumerate(program.rows) if row.sense == "at_least"]
    assert program.net(number) == {0: 1 - Fraction(3333, 10_000), 1: -Fraction(3333, 10_000)}


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_other_bounds_and_more_rows_leave_the_rest(seed: int) -> None:
    program = compiled(seed).program
    number = random.Random(seed).choice(Rows.of(program.rows).kind("law"))
    rows = list(program.rows)
    more = Row("more", "", "rule", "at_most", {0: 1}, Fraction(1, 7))
    changed = with_rows(with_most(program, number, 12_345), [more])
    rows[number] = rows[number]._replace(bound=12_345)
    assert list(changed.rows) == [*rows, more]
    again = Rows([block_of([*rows, more])]).whole
    assert changed.whole.times == again.times
    assert changed.whole.bound.tolist() == again.bound.tolist()


@pytest.mark.parametrize("unit", [M, 10**12, 10**30])
def test_numbers_beyond_64_bits_stay_exact(unit: int) -> None:
    share, rest = Fraction(unit - 1, unit), Fraction(1, unit + 1)
    tight = Row("a", "", "law", "at_most", {0: share, 1: rest}, share * unit * 5 + rest)
    whole = Rows(
        [block_of([tight, tight._replace(bound=tight.bound - Fraction(1, unit**2))])]
    ).whole
    rooms = whole.rooms(wholes([5 * unit, 1]))
    assert rooms[0] == 0
    assert rooms[1] < 0


def test_products_that_leave_64_bits_are_pythons_own() -> None:
    assert product(wholes([2**61, 3]), wholes([2**61, 4])).tolist() == [2**122, 12]
    assert product(wholes([2**30]), wholes([2**30])).dtype == np.int64


def test_descriptions_are_made_once_and_only_when_read() -> None:
    made: list[int] = []

    def make() -> list[int]:
        made.append(1)
        return [4, 5, 6]

    later = Later(3, make)
    assert len(later) == 3
    assert made == []
    assert (later[0], later[1:], list(later), later[-1]) == (4, (5, 6), [4, 5, 6], 6)
    assert made == [1]


def test_a_program_is_built_without_describing_it() -> None:
    found = compiled(3, size=6)
    for described in (found.program.columns, found.layout.pairs):
        assert isinstance(described, Later)
        assert "_items" not in vars(described)


def test_one_row_is_described_without_the_others() -> None:
    made: list[int] = []

    def make(place: int) -> int:
        made.append(place)
        return 4 + place

    each = OneByOne(3, make)
    assert (len(each), each[-1], each[2], each[:2]) == (3, 6, 6, (4, 5))
    assert made == [2, 0, 1]
    with pytest.raises(IndexError):
        each[3]


def test_sequences_one_after_another() -> None:
    every = Joined(["ab", "", "c", ""])
    assert (len(every), "".join(every), every[-1], every[1:]) == (3, "abc", "c", ("b", "c"))
    assert [every.part(place) for place in range(3)] == [(0, 0), (0, 1), (2, 0)]
    assert len(Joined([])) == 0
    with pytest.raises(IndexError):
        every[3]
