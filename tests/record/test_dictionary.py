"""The data dictionary is that of the registry."""

from __future__ import annotations

from evaluator.record.dictionary import data_dictionary
from evaluator.results.schema import TABLES
from tests.conftest import ROOT


def test_the_dictionary_is_current() -> None:
    """`make dictionary` renews it."""
    assert (ROOT / "docs" / "data-dictionary.md").read_text() == data_dictionary()


def test_every_column_has_a_head_and_a_meaning_and_no_point_in_its_name() -> None:
    for table in TABLES.values():
        assert table.title, table.name
        assert table.meaning, table.name
        for column in table.columns:
            assert column.head, (table.name, column.name)
            assert column.meaning, (table.name, column.name)
            assert "." not in column.name, (table.name, column.name)
            assert ("{member}" in column.head) == column.family, (table.name, column.name)
