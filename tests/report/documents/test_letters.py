"""Letters tell proposers what they may be told, each its own, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluator import Override, ask, evaluate, load_study
from evaluator.errors import UsageError
from evaluator.report.documents.blocks import Document, Paragraph
from evaluator.report.documents.heads import Source
from evaluator.report.documents.letters import Kind, letters
from evaluator.report.docx.document import docx
from evaluator.report.formatting.names import names_of
from evaluator.report.messages.proposers import AS_THEY_ARE, to_proposer
from evaluator.report.pdf.document import pdf
from evaluator.results.evaluation import Evaluation
from evaluator.scoring import findings as kinds
from tests.conftest import BASELINE
from tests.report.documents.texts import (
    NOTE,
    OBJECTION,
    RATIONALE,
    docx_lines,
    docx_rows,
    joined,
    pdf_text,
    proceedings_of,
)
from tests.report.parted import written

OF = Source("baseline", "ab" * 32)
WHO = ("Ann Smith", "Bo Lee")
WHY = ("Asked to wait for reasons of ours.", "Schools first.")
CHANGES = [
    Override("uncertainty.draws", "0", "Quick."),
    Override(
        "designation.exclude.SP26-04",
        f'{{because: "{WHY[0]}", by: {WHO[0]}, date: 2026-07-10}}',
        "A named decision.",
    ),
    Override(
        "designation.include.SP26-30",
        f'{{because: "{WHY[1]}", by: {WHO[1]}, date: 2026-07-11}}',
        "A named decision.",
    ),
]


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return ask(evaluate(load_study(BASELINE, CHANGES)))


@pytest.fixture(scope="module")
def made(evaluation: Evaluation) -> Mapping[str, tuple[Kind, Document]]:
    return letters(evaluation, OF, proceedings_of(evaluation))


@pytest.fixture(scope="module")
def texts(made: Mapping[str, tuple[Kind, Document]]) -> Mapping[str, str]:
    return {package: "\n".join(docx_lines(docx(one))) for package, (_, one) in made.items()}


@pytest.mark.slow
def test_names_the_round_and_not_the_scenario(
    evaluation: Evaluation, texts: Mapping[str, str]
) -> None:
    scenario = evaluation.study.scenario
    for text in texts.values():
        assert "of: American AI Exports Program, call of April 1, 2026." in text
        assert scenario.title not in text


def test_a_letter_of_its_kind_to_each(
    evaluation: Evaluation, made: Mapping[str, tuple[Kind, Document]]
) -> None:
    gone = evaluation.designated[-1]  # de-designated in the proceedings
    gates = evaluation.gates[evaluation.gates["tools"].str.len() == 0]
    for package, row in evaluation.ranking.iterrows():
        outcomes = set(gates.loc[gates["package"] == package, "outcome"])
        kind = made[str(package)][0]
        if row["designated"] and package != gone:
            assert kind == "designated"
        elif package == gone:
            assert kind == "not_designated"
        elif "failed" not in outcomes and "unknown" in outcomes:
            assert kind == "incomplete"
        else:
            assert kind == "not_designated"
    assert {kind for kind, _ in made.values()} == {"designated", "not_designated", "incomplete"}


def test_no_letter_tells_of_others_or_of_what_agencies_keep(
    evaluation: Evaluation, texts: Mapping[str, str]
) -> None:
    study = evaluation.study
    secret = [
        *WHO,
        *WHY,
        NOTE,
        RATIONALE,
        *OBJECTION.split("\n"),
        "Person of",
        "Di Fox",
        "A comment",
    ]
    secret += [one.rationale for package in study.packages for one in package.ratings]
    secret += [one.name for one in study.evaluators]
    secret += [one.note for package in study.packages for one in package.findings]
    secret += [one.source for package in study.packages for one in package.findings]
    secret = [one for one in secret if len(one) > 3]
    assert len(secret) > 300
    for package, text in texts.items():
        others = [p for p in study.packages if p.id != package]
        # amounts stand in tables of their own, and may look like a score
        plain = re.sub(r"^[\d,.]+$", "", text, flags=re.MULTILINE)
        assert [p.id for p in others if p.id in plain] == []
        mine = study.package_by_id[package].title
        assert [p.title for p in others if p.title in plain.replace(mine, "")] == []
        assert [one for one in secret if one in plain] == [], package
        scores = evaluation.agency_scores.loc[package].to_list()
        scores.append(evaluation.ranking["overall"][package])
        told = [f"{x:.1f}" for x in scores if x not in (0, 100)]
        assert [x for x in told if re.search(rf"(?<![\d.]){re.escape(x)}(?!\d)", plain)] == []


def test_reasons_that_may_be_told_are(evaluation: Evaluation, texts: Mapping[str, str]) -> None:
    gates = evaluation.gates[evaluation.gates["outcome"] != "passed"]
    for row in gates.itertuples():
        assert row.label in texts[str(row.package)]
        assert row.citation in texts[str(row.package)]
    assert "layer D is missing" in texts["SP26-19"]
    assert (
        "Day on which the proposal was submitted 2026-07-03, last day 2026-06-30"
        in texts["SP26-28"]
    )
    assert "a review has left it open" in texts["SP26-32"]
    assert "a review found that it is not met" in texts["SP26-36"]
    assert "ranked below the cut" in texts["SP26-25"]
    assert "does not reach the score" in texts["SP26-29"]
    assert "by a decision that departs from the ranking" in texts["SP26-04"]
    assert "no longer among the priority packages" in texts[evaluation.designated[-1]]
    assert all("Determined on July 20, 2026." in text for text in texts.values())


def test_amounts_are_its_own(
    evaluation: Evaluation, made: Mapping[str, tuple[Kind, Document]]
) -> None:
    given = evaluation.allocation.amounts.to_dict("index")
    for package, (kind, letter) in made.items():
        if kind != "designated":
            continue
        found = [r for r in docx_rows(docx(letter)) if len(r) == 4 and r[3][:1].isdigit()]
        told = sum(float(row[3].replace(",", "")) for row in found)
        assert told == pytest.approx(
            sum(given[package].values()) / 1e6, abs=0.05 * len(found) + 1e-9
        )


def test_what_notices_need_and_the_proposal_lacks_is_asked_for(
    evaluation: Evaluation, made: Mapping[str, tuple[Kind, Document]], texts: Mapping[str, str]
) -> None:
    assert evaluation.extended is not None
    table = evaluation.extended.tables["notice_contents"].table
    missing = table[table["missing"]]
    assert len(missing) > 0
    for row in missing.itertuples():
        if made[str(row.package)][0] == "designated":
            assert f"{row.content}, for the notice" in texts[str(row.package)]


def test_a_letter_is_a_draft_until_there_is_a_determination(evaluation: Evaluation) -> None:
    for _, letter in letters(evaluation, OF).values():
        assert Paragraph("Draft: no determination on this run is on record.", "warning") in (
            letter.blocks
        )


def test_the_page_says_what_the_docx_does(made: Mapping[str, tuple[Kind, Document]]) -> None:
    for package in ("SP26-33", "SP26-19", "SP26-32"):
        letter = made[package][1]
        text = joined(pdf_text(pdf(letter)))
        assert [x for x in docx_lines(docx(letter)) if joined(x) not in text] == []


def test_a_kind_of_fact_that_nobody_let_through_is_not_told(evaluation: Evaluation) -> None:
    names = names_of(evaluation)
    assert to_proposer([kinds.NotKnown("We asked a source of ours.")], names) == ""
    assert to_proposer([kinds.Presumed("hardware_us_share", 0.6)], names) == ""
    told = to_proposer([kinds.FactMissing("hardware_us_share", "withheld by reviewer 3")], names)
    assert told.endswith("is not stated")
    assert "reviewer" not in told
    assert kinds.Reviewed not in AS_THEY_ARE


def test_nothing_to_write_where_nothing_is_designated(tmp_path: Path) -> None:

    found = evaluate(load_study(written(tmp_path, {"agencies"})))
    with pytest.raises(UsageError, match="state 'designation'"):
        letters(found, OF)
