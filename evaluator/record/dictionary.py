"""The data dictionary: every column of every table of a run, as `docs/data-dictionary.md`."""

from __future__ import annotations

from collections.abc import Iterator

import evaluator.questions.tables  # noqa: F401  they register with the schema
from evaluator.questions.sweep.table import SWEEP
from evaluator.report.formatting.words import NEUTRAL
from evaluator.results.format import FORMAT
from evaluator.results.schema import TABLES, Column, Table

_HEAD = f"""# Data dictionary

Every table of a run and its columns, and that of a sweep; written by `make dictionary` from
`evaluator.results.schema`, format {FORMAT}. The workbook has the same columns, with names in place
of ids.

- `id`, `text`, `day` (ISO 8601): empty where there is none. `ids`, `numbers`: parted by `; `.
- `flag`: True or False. `integer`, `number`: in full; empty where missing, if it says *or empty*.
- `findings`: three columns of the file: `<name>` has the sentence, `<name>_code` the kinds of
  finding, parted by `; `, `<name>_arguments` their facts as JSON. No program need read a sentence.
- `<family>.<id>`: one column for each thing of a kind, such as `score.<agency>`.
- Units: `money` whole units of the study's currency or their fractions; `share` of 1; `points` of
  0 to 100 for scores, and of the objective where the table is of the allocation.
"""


def data_dictionary() -> str:
    """Return the dictionary as Markdown: tables as they were registered, the sweep last."""
    return "\n".join(
        (_HEAD, *(line for table in (*TABLES.values(), SWEEP) for line in _lines(table)))
    )


def _lines(table: Table) -> Iterator[str]:
    keys = ", ".join(f"`{key}`" for key in table.keys)
    yield f"## {table.name}.csv\n"
    yield NEUTRAL.fill(f"{table.title}. {table.meaning}. Told apart by {keys}.\n")
    yield "| column | type | unit | head | meaning |"
    yield "|---|---|---|---|---|"
    for column in table.columns:
        name = f"{column.name}.<{column.of}>" if column.family else column.name
        cells = (
            f"`{name}`",
            _type(column),
            column.unit,
            _head(column),
            NEUTRAL.fill(column.meaning),
        )
        yield f"| {' | '.join(cell.replace('|', ' ') for cell in cells)} |"
    yield ""


def _type(column: Column) -> str:
    of = f" of {column.of}" if column.of and not column.family else ""
    return f"{column.type}{of}{', or empty' if column.optional else ''}"


def _head(column: Column) -> str:
    return NEUTRAL.fill(column.head, member=f"*{column.of}*")


if __name__ == "__main__":
    print(data_dictionary(), end="")
