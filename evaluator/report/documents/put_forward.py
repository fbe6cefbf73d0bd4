"""What is put forward: who is designated, and what is referred to whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.model.proceedings import Proceedings
from evaluator.report.documents.blocks import Block, Column, Facts, Heading, Paragraph, table
from evaluator.report.documents.consultation import signed
from evaluator.report.formatting.money import Unit
from evaluator.report.formatting.names import names_of
from evaluator.report.formatting.numbers import points, share
from evaluator.report.formatting.phrases import STATUS, objective, sentence
from evaluator.report.messages import say
from evaluator.report.viewmodel.decision.lines import decision
from evaluator.report.viewmodel.money.envelope import Matrix, matrix
from evaluator.report.viewmodel.packages.portfolio import Ranked, ranked
from evaluator.results.evaluation import Evaluation


def put_forward(evaluation: Evaluation, said: Proceedings | None) -> Iterator[Block]:
    """Yield the decision in a few lines, each package that is in, and each amount by tool."""
    w = names_of(evaluation).words
    parted = "designation" in evaluation.study.parts
    chosen = [row for row in ranked(evaluation) if _is_in(row, parted=parted)]
    if rows := (*_whom(evaluation), *_standing(evaluation, said)):
        yield Facts(rows)
    yield Heading("What is put forward")
    yield Facts(tuple((line.head, line.text) for line in decision(evaluation)))
    yield Heading(f"{w.head.chosen}, best first")
    if chosen:
        yield _packages(evaluation, chosen)
        drawn = evaluation.uncertainty is not None
        yield Paragraph(sentence("Scores run from 0 to 100" + _DRAWN * drawn), "note")
    else:
        is_ = f"is {w.priority}" if parted else "is ranked"
        yield Paragraph(f"No {w.package} {is_}.")
    if "allocation" in evaluation.study.parts:
        yield from _referred(evaluation)


def _whom(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Yield who decides, and whom they consult."""
    if "agencies" not in evaluation.study.parts:
        return
    for head, role in (("For decision by", "decides"), ("In consultation with", "consulted")):
        if named := [one.name for one in evaluation.study.agencies if one.role == role]:
            yield head, "; ".join(named)


def _standing(evaluation: Evaluation, said: Proceedings | None) -> Iterator[tuple[str, str]]:
    """Yield where the proceedings stand."""
    if said is None or said.determination is None:
        return
    names, made = names_of(evaluation), said.determination
    yield "Determined by", signed(made)
    if gone := [one for one in made.packages if one not in said.designated]:
        yield f"No longer {names.words.priority}", "; ".join(map(names.package, gone))


_DRAWN = "; a share of the draws says how sure a place is, and is no probability of success"


def _is_in(row: Ranked, *, parted: bool) -> bool:
    return row.designated if parted else row.rank is not None


def _packages(evaluation: Evaluation, rows: Sequence[Ranked]) -> Block:
    names, parts = names_of(evaluation), evaluation.study.parts
    w, asks = names.words, "requests" in parts
    unit = w.money.unit([usd for row in rows for usd in (row.asked, row.given)])
    several = "agencies" in parts

    def cells(row: Ranked) -> tuple[str, ...]:
        sure = "" if row.in_share is None else f" {share(row.in_share)}"
        return (
            "–" if row.rank is None else str(row.rank),
            f"{row.title} ({row.package})",
            row.overall_shown,
            f"{names.agency(row.lowest)} {row.scores_shown[row.lowest]}" if several else "",
            points(row.spread) if several else "",
            f"{row.tier.capitalize()}{sure}",
            ", ".join(row.red_flags),
            unit.amount(row.asked) if asks else "",
            unit.amount(row.given) if "allocation" in parts else "",
        )

    columns = (
        Column("Rank", 6, number=True),
        Column(w.head.package, 26),
        Column("Overall", 8, number=True),
        Column(w.fill("Lowest {agency}"), 14),
        Column("Spread", 8, number=True),
        Column("Tier, share of draws", 12),
        Column("Red flags", 15),
        Column(f"Asked, {unit.head}", 10, number=True),
        Column(f"Referred, {unit.head}", 10, number=True),
    )
    return table(columns, [cells(row) for row in rows])


def _referred(evaluation: Evaluation) -> Iterator[Block]:
    """Yield what is referred to each institution, by package and tool."""
    names, allocation, found = names_of(evaluation), evaluation.allocation, matrix(evaluation)
    w = names.words
    yield Heading(f"What is referred to the {w.institutions}")
    status = sentence(w.fill(STATUS[allocation.status]))
    maximised = sentence(
        f"The program maximises {objective(evaluation.study.scenario.allocation, w)}"
    )
    yield Paragraph(f"{w.disclaimer} {status} {maximised}".strip())
    if allocation.certificate and allocation.exists:
        broken = "; ".join(say(one, names) for one in allocation.certificate)
        told = f"The independent check found limits broken, do not use these amounts: {broken}."
        yield Paragraph(told, "warning")
    if not found.total:
        return
    unit = found.unit
    for owner in dict.fromkeys(owner for owner, _ in found.tools):
        if rows := _given(found, owner, unit):
            yield Heading(owner, 2)
            columns = (
                Column(w.head.tool, 34),
                Column(w.head.package, 46),
                Column(f"Amount, {unit.head}", 14, number=True),
            )
            yield table(columns, rows, total=True)
    all_, cost = w.money.amount(found.total), w.money.amount(allocation.subsidy_usd)
    yield Paragraph(f"In all {all_}, at a subsidy cost of {cost}.")


def _given(found: Matrix, owner: str, unit: Unit) -> list[tuple[str, ...]]:
    """Return what one institution is to give by tool and package, and its sum."""
    mine = [at for at, (name, _) in enumerate(found.tools) if name == owner]
    rows = [
        (found.tools[at][1], f"{row.title} ({row.package})", unit.amount(row.amounts[at]))
        for at in mine
        for row in found.rows
        if row.amounts[at]
    ]
    return (
        [*rows, ("All", "", unit.amount(sum(found.totals[at] or 0 for at in mine)))] if rows else []
    )
