"""Ballots of participatory budgets: what is read of them, and what is refused at which place."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from evaluator import load_study
from evaluator.errors import InvalidStudyError
from evaluator.importing.material import SCENARIO, Imported, Source, Taken
from evaluator.importing.pabulib.study import READER
from evaluator.importing.readers import reader_of
from evaluator.importing.writing import write_study
from evaluator.loading.documents.bounds import Bounds
from evaluator.pipeline import evaluate

DAY = dt.date(2026, 7, 1)
META = {
    "description": "Budget of a made-up town",
    "country": "Poland",
    "unit": "Miasto",
    "instance": "2024",
    "num_projects": "3",
    "num_votes": "4",
    "budget": "1000",
    "vote_type": "approval",
    "rule": "greedy",
    "date_begin": "01.09.2024",
    "date_end": "30.09.2024",
    "currency": "PLN",
}
PROJECTS = ("project_id;cost;name;category", "7;600;Park;green", "9;500;Plac;Green", "12;400;Most;")
VOTES = ("voter_id;age;vote", "1;30;7,9", "2;41;9", "3;;9,12", "4;18;7")


def text(
    meta: Mapping[str, str] = {},
    projects: Sequence[str] = PROJECTS,
    votes: Sequence[str] = VOTES,
) -> str:
    """Return a file of three projects and four ballots, with some of it changed."""
    keys = [f"{key};{value}" for key, value in {**META, **meta}.items()]
    return "\n".join(["META", "key;value", *keys, "PROJECTS", *projects, "VOTES", *votes, ""])


def source(content: str | bytes, name: str = "town.pb") -> Source:
    data = content.encode() if isinstance(content, str) else content
    return Source(Path(name), name, data, Bounds())


def read(content: str | bytes) -> Imported:
    return READER.read(source(content), DAY)


def support(found: Imported) -> dict[tuple[str, str], str]:
    """Return the measures by project and criterion."""
    rows = found.tables["measures"]
    return {(row.cells["package"], row.cells["criterion"]): row.cells["value"] for row in rows}


def faults(content: str | bytes) -> list[str]:
    with pytest.raises(InvalidStudyError) as told:
        read(content)
    return [str(problem) for problem in told.value.problems]


def taken(found: Imported, field: str) -> list[Taken]:
    return [one for one in found.record if isinstance(one, Taken) and one.field == field]


def test_approval_counts_who_names_a_project() -> None:
    """By hand: 7 has two of four votes, 9 three, 12 one."""
    found = read(text())
    assert support(found) == {
        ("7", "voters.support"): "2",
        ("9", "voters.support"): "3",
        ("12", "voters.support"): "1",
    }
    (criterion,) = found.documents["criteria/voters.yaml"]["criteria"]
    assert criterion["value"] == {"linear": {"worst": 0, "best": 4}}
    assert criterion["unit"] == "votes"


def test_projects_ask_for_their_cost_all_or_nothing_of_one_budget() -> None:
    found = read(text())
    asked = [dict(row.cells) for row in found.tables["requests"]]
    assert [(row["package"], row["amount_usd"]) for row in asked] == [
        ("7", "600"),
        ("9", "500"),
        ("12", "400"),
    ]
    assert {(row["tool"], row["all_or_nothing"]) for row in asked} == {("budget.grant", "yes")}
    (tool,) = found.documents["scenarios/financing/budget.yaml"]["tools"]
    assert tool["envelope"]["amount"] == 1000
    scenario = found.documents[SCENARIO]
    assert str(scenario["as_of"]) == "2024-09-30"
    assert scenario["title"] == "Budget of a made-up town"
    assert scenario["currency"] == {"code": "PLN"}
    assert scenario["allocation"]["objective"] == "coverage"


def test_labels_in_two_spellings_are_one_and_on_record() -> None:
    found = read(text())
    rows = {row.cells["id"]: row.cells for row in found.tables["packages"]}
    assert rows["7"]["category"] == rows["9"]["category"] == "green"
    assert "category" not in rows["12"]
    (one,) = [x for x in taken(found, "packages.category") if x.how]
    assert (one.found, one.taken, one.place.cell) == ("Green", "green", "D18")


def test_ordinal_ballots_are_counted_by_borda() -> None:
    """By hand, three places: the first 3 points, the second 2, the third 1."""
    votes = ("voter_id;vote", 'a;"9,7"', 'b;"7,12,9"', "c;12")
    found = read(text({"vote_type": "ordinal", "max_length": "3"}, votes=votes))
    points = {key[0]: value for key, value in support(found).items()}
    assert points == {"7": "5", "9": "4", "12": "5"}
    (criterion,) = found.documents["criteria/voters.yaml"]["criteria"]
    assert criterion["value"] == {"linear": {"worst": 0, "best": 9}}
    assert criterion["unit"] == "points"


def test_cumulative_ballots_add_their_points() -> None:
    votes = ("voter_id;vote;points", "a;9,7;3,1", "b;7,12;2.5,1.5", "c;12;4")
    found = read(text({"vote_type": "cumulative", "max_sum_points": "4"}, votes=votes))
    points = {key[0]: value for key, value in support(found).items()}
    assert points == {"7": "3.5", "9": "3", "12": "5.5"}
    (criterion,) = found.documents["criteria/voters.yaml"]["criteria"]
    assert criterion["value"] == {"linear": {"worst": 0, "best": 12}}


def test_scores_below_nothing_and_of_projects_not_named() -> None:
    """By hand: 7 has 2 - 1 and once the score of a project not named, 1; 9: 1 + 3 + 1."""
    votes = ("voter_id;vote;points", "a;7;2", "b;7,9;-1,3", "c;;")
    meta = {"vote_type": "scoring", "default_score": "1", "max_points": "3"}
    found = read(text(meta, votes=votes))
    points = {key[0]: value for key, value in support(found).items()}
    assert points == {"7": "2", "9": "5", "12": "3"}
    (criterion,) = found.documents["criteria/voters.yaml"]["criteria"]
    assert criterion["value"] == {"linear": {"worst": -3, "best": 9}}


def test_a_project_named_twice_in_a_ballot_counts_once_and_is_told() -> None:
    votes = ("voter_id;vote", "1;7,9,7", "2;9")
    found = read(text(votes=votes))
    assert support(found)["7", "voters.support"] == "1"
    (one,) = [x for x in taken(found, "measures.value") if x.how]
    assert one.found == "7,9,7"
    assert any(note.code == "ballots_name_twice" for note in found.notes)


def test_amounts_that_are_not_whole_are_rounded_so_that_they_fit() -> None:
    """A cost up, the budget down: what is chosen can be paid."""
    projects = ("project_id;cost;name", "7;600.20;Park", "9;500;Plac")
    votes = ("voter_id;vote", "1;7")
    found = read(text({"budget": "1100.90"}, projects, votes))
    assert [row.cells["amount_usd"] for row in found.tables["requests"]] == ["601", "500"]
    (tool,) = found.documents["scenarios/financing/budget.yaml"]["tools"]
    assert tool["envelope"]["amount"] == 1100
    assert [x.how for x in taken(found, "requests.amount_usd")] == [
        "rounded up to a whole unit",
        "",
    ]
    (note,) = [note for note in found.notes if note.code == "amounts_rounded"]
    assert note.arguments == {"count": 2}


def test_voters_of_districts_are_bodies_with_the_influence_of_their_number() -> None:
    votes = ("voter_id;district;vote", "1;Nord;7,9", "2;Nord;9", "3;Süd;9", "4;Nord;12")
    found = read(text(votes=votes))
    shares = found.documents[SCENARIO]["influence"]["shares"]
    assert shares == {"Nord": 0.75, "Sud": 0.25}
    assert found.documents["criteria/Sud.yaml"]["name"] == "Süd"
    points = support(found)
    assert (points["9", "Nord.support"], points["9", "Sud.support"]) == ("2", "1")
    assert (points["7", "Nord.support"], points["7", "Sud.support"]) == ("1", "0")


def test_a_threshold_is_a_requirement() -> None:
    found = read(text({"min_project_score_threshold": "2"}))
    (one,) = found.documents["criteria/requirements.yaml"]["requirements"]
    assert one["check"] == {"attribute": {"id": "support", "at_least": 2}}
    rows = {row.cells["id"]: row.cells["support"] for row in found.tables["packages"]}
    assert rows == {"7": "2", "9": "3", "12": "1"}


def test_what_is_not_carried_is_told() -> None:
    found = read(text({"budget_per_category": "green: 300"}))
    (keys,) = [note for note in found.notes if note.code == "keys_left"]
    assert keys.arguments["keys"] == ("budget_per_category",)
    (rule,) = [note for note in found.notes if note.code == "rule_left"]
    assert rule.arguments == {"rule": "greedy"}
    (columns,) = [note for note in found.notes if note.code == "particulars_left"]
    assert columns.arguments["columns"] == ("age",)


def test_particulars_of_voters_are_not_copied() -> None:
    """The record has the ballots, and of other columns of VOTES their heads alone."""
    found = read(text())
    of_votes = [one for one in found.record if one.place.sheet == "VOTES"]
    assert {one.found for one in of_votes} == {"voter_id", "age", "vote", "7,9", "9", "9,12", "7"}


def test_every_cell_of_meta_and_projects_is_on_record() -> None:
    content = text()
    found = read(content)
    lines = content.splitlines()
    cells = {
        (number, index)
        for number, line in enumerate(lines, 1)
        for index, cell in enumerate(line.split(";"))
        if cell
        and line not in ("META", "PROJECTS", "VOTES", "key;value")
        and number <= lines.index("VOTES")
    }
    assert cells == {
        (one.place.row, one.place.column) for one in found.record if one.place.sheet != "VOTES"
    }


def test_marks_of_other_programs_are_read() -> None:
    """A byte order mark, lines that end as on Windows, sections in small letters, empty lines."""
    plain = text().replace("PROJECTS", "projects").replace("\n", "\r\n")
    odd = b"\xef\xbb\xbf" + plain.replace("VOTES", "\r\nVOTES").encode()
    assert support(read(odd)) == support(read(text()))


def test_quotes_hold_semicolons_and_lines() -> None:
    projects = ("project_id;cost;name", '7;600;"Park; przy\nrzece"', '9;500;Klub "Ala"')
    found = read(text(projects=projects, votes=("voter_id;vote", "1;7")))
    titles = [row.cells["title"] for row in found.tables["packages"]]
    assert titles == ["Park; przy\nrzece", 'Klub "Ala"']


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("9;500;", "9;5oo;", "town.pb line 18, PROJECTS: '5oo' is no amount."),
        ("9;500;", "9;1,500;", "town.pb line 18, PROJECTS: '1,500' is no amount."),
        ("9;500;", f"9;{'9' * 40};", "99 is above 10^15."),
        ("9;500;", "7;500;", "line 18, PROJECTS: the project '7' stands in line 17 already."),
        ("2;41;9", "2;41;8", "line 23, VOTES: the project '8' is not among PROJECTS."),
        ("2;41;9", "2;41;9;x", "line 23, VOTES: has 4 cells, the head of VOTES has 3."),
        ("approval", "Approval!", "line 10, META: the vote_type 'Approval!' is not known here."),
        ("budget;1000", "budget;", "town.pb, META: budget is missing."),
        ("project_id;cost", "id;cost", "town.pb, PROJECTS: the column 'project_id' is missing."),
        ("VOTES\n", "VOICES\n", "town.pb: the section VOTES is missing"),
        ("approval", "cumulative", "town.pb, VOTES: the column 'points' is missing."),
        ("approval", "choose-1", "line 22, VOTES: names 2 projects"),
    ],
)
def test_a_fault_is_told_at_its_line(old: str, new: str, told: str) -> None:
    content = text()
    assert old in content
    assert any(told in fault for fault in faults(content.replace(old, new, 1)))


def test_points_that_fit_no_ballot_are_told_all_at_once() -> None:
    votes = ("voter_id;vote;points", "a;9,7;3", "b;7;x", "c;7,7;1,1", "d;7;2")
    found = faults(text({"vote_type": "cumulative"}, votes=votes))
    assert len(found) == 3
    assert "has 1 numbers of points for 2 projects" in found[0]
    assert "'x' is no number of points" in found[1]
    assert "gives points to one project twice" in found[2]


def test_text_of_another_encoding_is_told_at_its_line() -> None:
    (told,) = faults(text().replace("Park", "Łąka").encode("cp1250"))
    assert "town.pb line 17: is not UTF-8 text." in told


def test_the_same_file_gives_the_same() -> None:
    assert read(text()) == read(text())


def many(dice: random.Random, count: int = 300, voters: int = 900) -> str:
    """Return a vote on many projects: costs in hundreds, a budget for a fifth of them."""
    costs = [100 * dice.randint(1, 80) for _ in range(count)]
    rows = [f"{n};{cost};Project {n};" for n, cost in enumerate(costs, 1)]
    ballots = [
        ",".join(map(str, sorted(dice.sample(range(1, count + 1), dice.randint(1, 10)))))
        for _ in range(voters)
    ]
    budget = {"budget": str(sum(costs) // 500 * 100)}
    votes = [f"{n};{dice.choice('MFX')};{ballot}" for n, ballot in enumerate(ballots, 1)]
    return text(budget, (PROJECTS[0], *rows), ("voter_id;sex;vote", *votes))


def ballots(content: str) -> Counter[str]:
    """Return the votes for each project."""
    votes = content.partition("VOTES")[2].splitlines()
    named = (line.split(";")[2].split(",") for line in votes if line[:1].isdigit())
    return Counter(project for names in named for project in names)


def projects(content: str) -> tuple[int, dict[str, int]]:
    """Return the budget and what each project costs, in hundreds."""
    section, budget = "", 0
    cost: dict[str, int] = {}
    for line in content.splitlines():
        cells = line.split(";")
        if line in ("META", "PROJECTS", "VOTES"):
            section = line
        elif section == "META" and cells[0] == "budget":
            budget = int(cells[1]) // 100
        elif section == "PROJECTS" and cells[0].isdigit():
            cost[cells[0]] = int(cells[1]) // 100
    return budget, cost


def greedy(content: str) -> set[str]:
    """Return whom the rule of most towns takes: down the list by votes, whatever still fits."""
    (left, cost), count = projects(content), ballots(content)
    taken = set()
    for project in sorted(cost, key=lambda one: (-count[one], int(one))):
        if cost[project] <= left:
            left -= cost[project]
            taken.add(project)
    return taken


def knapsack(content: str) -> int:
    """Return the most votes that the budget can pay for, by dynamic programming on the file."""
    (budget, cost), count = projects(content), ballots(content)
    best = [0] * (budget + 1)
    for project, price in cost.items():
        for money in range(budget, price - 1, -1):
            best[money] = max(best[money], best[money - price] + count[project])
    return best[budget]


def test_three_hundred_projects_get_the_most_votes_that_the_budget_pays_for(
    tmp_path: Path,
) -> None:
    """The program's optimum is that of a knapsack, more than the greedy rule of most towns finds,
    and ranks are by votes."""
    content = many(random.Random(20240930))
    study = load_study(write_study(read(content), tmp_path / "study"))
    found = evaluate(study, only="allocation")
    count = ballots(content)
    most = sum(count[project] for project in found.allocation.supported)
    assert most == knapsack(content) > sum(count[project] for project in greedy(content))
    spent = found.allocation.amounts.sum().sum()
    assert spent <= study.tools["budget.grant"].envelope.amount
    assert {row.tool for row in found.allocation.table.itertuples()} == {"budget.grant"}
    assert [count[one] for one in found.ranking.index] == sorted(count.values(), reverse=True)
    assert not found.allocation.certificate


def test_bodies_of_voters_together_rank_as_all_voters_do(tmp_path: Path) -> None:
    """Districts with the influence of their number give what one body of all of them gives."""
    dice = random.Random(7)
    plain = many(dice, 12, 200)
    parted = [
        f"{line.split(';')[0]};{dice.choice(('Nord', 'West', 'Ost'))};{line.split(';')[2]}"
        if line[:1].isdigit() and line.count(";") == 2
        else line
        for line in plain.replace("voter_id;sex;vote", "voter_id;district;vote").splitlines()
    ]
    scores = [
        evaluate(load_study(write_study(read(one), tmp_path / name)), only="scores").scores
        for name, one in (("all", plain), ("parted", "\n".join(parted)))
    ]
    assert scores[1] == pytest.approx(scores[0], abs=1e-9)


def test_it_is_known_by_what_it_holds() -> None:
    assert reader_of(source(text(), "votes.txt")) is READER
    assert not READER.recognises(source("a,b\nMETA,1\n", "x.pb"))
