"""Who entered a rating, and when."""

from __future__ import annotations

import re
from pathlib import Path

from evaluator import Override, ask, evaluate, load_study, read_run, write_run
from evaluator.report.terminal.explanation import explanation
from tests.conftest import ROOT
from tests.report.markup import Markup

COLUMNS = ROOT / "tests" / "cases" / "columns" / "scenarios" / "baseline.yaml"


def test_a_rating_says_who_entered_it_and_when(tmp_path: Path) -> None:
    """In the part of its package and in the terminal; what is not recorded is said."""
    rating = load_study(COLUMNS).package_by_id["P1"].ratings[0]
    key = f"ratings.P1.{rating.criterion}.{rating.evaluator}"
    values = {"uncertainty.draws": "0", f"{key}.by": "a secretary", f"{key}.date": "2026-05-04"}
    changes = [Override(name, to, "To see.") for name, to in values.items()]
    run = read_run(write_run(ask(evaluate(load_study(COLUMNS, changes))), tmp_path))
    page = Markup((run.folder / "report.html").read_text("utf-8")).tables
    stated, blank = (explanation(run.manifest, run.tables, run.study, p) for p in ("P1", "P2"))
    cells = " ".join(row[-1] for row in page["c-P1"].texts())
    assert set(re.findall(r"\((a secretary, [-\d]+|not recorded)\)", cells)) == {
        "a secretary, 2026-05-04",
        "not recorded",
    }
    assert "a secretary, 2026-05-04" in " ".join(stated.split())
    for text, what in ((page["c-P2"].caption, "the ratings"), (blank, "them")):
        told = f"; who entered {what}, and when, is not recorded"
        assert told in " ".join(text.split())
