"""A finding is made, compared and kept as a frozen dataclass is."""

import copy
import pickle

import pytest

from evaluator.allocation.model.findings import AuthorityLapsed, NotDesignated
from evaluator.errors import EvaluatorError
from evaluator.results.findings import arguments, cause, codes, findings_of
from evaluator.results.provenance import MissingPerformance
from evaluator.scoring.findings import BeyondScale, NotKnown, NotRated, TiedForBest, TiedForWorst
from evaluator.uncertainty.findings import UniformInOrder

LAPSED = AuthorityLapsed("exim", on="2026-12-31")


def test_fields_are_given_by_place_or_name_inherited_ones_first():
    assert LAPSED.arguments == {"institution": "exim", "on": "2026-12-31"}
    assert UniformInOrder("weights", "doc", "equal").arguments == {
        "of": "weights",
        "agency": "doc",
        "ties": "equal",
    }
    doubt = BeyondScale(first="a", second="b", judged=12.0)
    assert (doubt.agency, doubt.group) == ("", "")


@pytest.mark.parametrize(
    ("values", "named"),
    [
        (("exim",), {}),
        (("exim", "2026-12-31", 1), {}),
        (("exim",), {"institution": "dfc", "on": "2026-12-31"}),
        (("exim", "2026-12-31"), {"day": 1}),
    ],
    ids=["lacking", "too many", "twice", "unknown"],
)
def test_what_does_not_fit_the_fields_is_refused(values, named):
    with pytest.raises(TypeError, match="AuthorityLapsed has the fields"):
        AuthorityLapsed(*values, **named)


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError, match="never changes"):
        LAPSED.on = "2027-01-01"
    with pytest.raises(AttributeError, match="never changes"):
        del LAPSED.on


def test_equal_are_those_of_one_kind_with_equal_fields():
    best = TiedForBest(tied=("a", "b"), taken="a")
    assert best == TiedForBest(tied=("a", "b"), taken="a", agency="")
    assert best != TiedForBest(tied=("a", "b"), taken="b")
    assert best != TiedForWorst(tied=("a", "b"), taken="a")
    assert NotDesignated() == NotDesignated()
    assert NotDesignated() != ()
    assert len({LAPSED, AuthorityLapsed("exim", "2026-12-31"), NotDesignated()}) == 2


def test_it_is_shown_copied_and_pickled_with_its_fields():
    assert repr(LAPSED) == "AuthorityLapsed(institution='exim', on='2026-12-31')"
    assert copy.deepcopy(LAPSED) == pickle.loads(pickle.dumps(LAPSED)) == LAPSED  # noqa: S301


def test_an_error_of_ours_is_its_own_cause_another_names_its_kind():
    assert cause(EvaluatorError("ask for less")) == ("", "ask for less")
    assert cause(ValueError("odd")) == ("ValueError", "odd")


def test_files_hold_a_finding_within_another():
    found = (
        MissingPerformance("P1", "x.a", NotRated(1, 2)),
        MissingPerformance("P2", "x.a", NotKnown("not measured")),
    )
    assert findings_of(codes(found), arguments(found)) == found
    with pytest.raises(ValueError, match="argument 2 is longer"):
        findings_of("missing_performance", arguments(found))
