"""Which files a study may name: inside its folder, links followed, and none passed over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluator import InvalidStudyError, load_study
from tests.loading.breaking import BANK, BASE, ROUND, bullets, copy, edit, refuse

LINKED = ("criteria/trade.yaml", "criteria/attributes.yaml", BANK, f"{ROUND}/packages.csv")


@pytest.mark.parametrize("file", [*LINKED, "scenarios/countries.yaml", "scenarios/countries.csv"])
def test_a_file_of_a_folder_that_links_outside(file: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    outside = tmp_path / "outside"
    (root / file).rename(outside)
    (root / file).symlink_to(outside)
    (told,) = bullets(refuse(root))
    assert "leaves the study's folder" in told
    assert Path(file).name in told


def test_a_link_within_the_study_is_followed(tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / "criteria" / "trade.yaml").rename(root / "trade.yaml")
    (root / "criteria" / "trade.yaml").symlink_to("../trade.yaml")
    assert [a.agency for a in load_study(root / BASE).agencies] == ["security", "trade"]


@pytest.mark.parametrize("name", ["criteria/x.yaml", f"{ROUND}/layers.csv"])
def test_links_in_a_circle(name: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / name).symlink_to(Path(name).name)
    (told,) = bullets(refuse(root))
    assert name in told


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    root = copy(tmp_path)
    os.mkfifo(root / "criteria" / "x.yaml")
    assert "criteria/x.yaml: is not a file." in refuse(root)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("round: round", "round.xlsx"),
        ("countries: countries.csv", "pipe.csv"),
        ("financing: financing", "pipe"),
    ],
)
def test_a_pipe_that_the_scenario_names(key: str, name: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    os.mkfifo(root / "scenarios" / name)
    edit(root, BASE, f"{key}\n", f"{key.split(':')[0]}: {name}\n")
    assert f"'{name}' is neither a file nor a folder." in refuse(root)


def test_a_folder_with_the_name_of_a_workbook(tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / ROUND).rename(root / "scenarios" / "round.xlsx")
    edit(root, BASE, "round: round\n", "round: round.xlsx\n")
    (told,) = bullets(refuse(root))
    assert "line 11, round: 'round.xlsx' is a folder with the name of a workbook." in told


def test_a_folder_with_the_name_of_a_file(tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / ROUND / "layers.csv").mkdir()
    assert "layers.csv: is not a file." in refuse(root)


@pytest.mark.parametrize(
    ("old", "new", "fact"),
    [
        # Without its ending the file would be passed over, and the requirements with it.
        ("criteria/requirements.yaml", "criteria/requirements.yml", "ends in '.yml'"),
        (BANK, "scenarios/financing/bank.YAML", "ends in '.YAML'"),
        (f"{ROUND}/ratings.csv", f"{ROUND}/ratings.CSV", "ends in '.CSV'"),
        (f"{ROUND}/ratings.csv", f"{ROUND}/ratings.xlsx", "a folder of CSV files, or one workbook"),
    ],
)
def test_no_file_is_passed_over_for_its_ending(
    old: str, new: str, fact: str, tmp_path: Path
) -> None:
    root = copy(tmp_path)
    (root / old).rename(root / new)
    assert any(fact in told and new in told for told in bullets(refuse(root)))


def test_hidden_files_and_notes_are_passed_over(tmp_path: Path) -> None:
    root = copy(tmp_path)
    (root / "criteria" / "._trade.yaml").write_bytes(b"\x00\x05\x16\x07")
    (root / "criteria" / "README.md").write_text("Notes.")
    (root / ROUND / ".~lock.ratings.csv").write_bytes(b"\xff")
    load_study(root / BASE)


def test_without_files_that_are_optional(tmp_path: Path) -> None:
    root = copy(tmp_path)
    for file in ("criteria/requirements.yaml", f"{ROUND}/targets.csv", f"{ROUND}/measures.csv"):
        (root / file).unlink()
    study = load_study(root / BASE)
    assert study.requirements == ()
    assert study.packages[0].targets == ()


def test_the_same_fault_at_many_places_is_told_once(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/packages.csv", "P2,", "P7,")
    (told,) = bullets(refuse(root))
    # P2 stands in 2 rows of targets, 2 of requests, 2 of measures and 3 of ratings.
    assert "targets.csv line 3 and 8 more places: the package 'P2' is not in packages." in told


def test_a_flood_of_faults_is_cut(tmp_path: Path) -> None:
    root = copy(tmp_path)
    rows = "".join(f"{n} {n},x\n" for n in range(500))
    edit(root, f"{ROUND}/entities.csv", "*", f"id,name,headquarters\n{rows}".replace("x", "x,KEN"))
    message = refuse(root)
    assert len(bullets(message)) == 100
    assert message.splitlines()[-1] == "and 400 more; --json tells all."


def test_numbers_are_what_they_say(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, BASE, "min_overall: 40", "min_overall: +4_0.")
    edit(root, BANK, "at_most: 25_000_000", "at_most: 25000000")
    edit(root, f"{ROUND}/measures.csv", "0.5,0.45,0.6", "-0,-.5,5.E-1")
    study = load_study(root / BASE)
    assert study.scenario.designation.min_overall == 40
    datum = study.packages[0].measures["trade.domestic_content"].model_dump()
    assert str(datum["value"]) == "0.0"
    assert (datum["low"], datum["high"]) == (-0.5, 0.5)


def test_words_of_other_yaml_stay_text(tmp_path: Path) -> None:
    root = copy(tmp_path)
    for word in ("no", "on", "Y", "007", "12:30:00", "1_", "0o17", "=", "2026-7-1"):
        edit(root, BASE, "title: Baseline", f"title: {word}")
        assert load_study(root / BASE).scenario.title == word
        edit(root, BASE, f"title: {word}", "title: Baseline")


@pytest.mark.parametrize(
    ("at", "given", "told"),
    [
        (".", "study/scenarios/baseline.yaml", "study/"),
        ("study", "scenarios/baseline.yaml", ""),
        ("study", "./scenarios/baseline.yaml", ""),
        ("study/criteria", "../scenarios/baseline.yaml", "../"),
        (".", "study/criteria/../scenarios/baseline.yaml", "study/criteria/../"),
    ],
)
def test_paths_are_told_as_they_were_given(
    at: str, given: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy(tmp_path)
    edit(root, "criteria/trade.yaml", "agency: trade", "agency: trade\ncolour: red")
    edit(root, BASE, "round: round", "round: round\ncolour: red")
    monkeypatch.chdir(tmp_path / at)
    with pytest.raises(InvalidStudyError) as caught:
        load_study(given)
    places = [problem.where.partition(" line ")[0] for problem in caught.value.problems]
    assert set(places) == {f"{told}{file}" for file in ("criteria/trade.yaml", BASE)}


def test_a_scenario_named_from_its_own_folder_or_by_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/targets.csv", "P1,", "P9,")
    edit(root, "criteria/trade.yaml", "agency: trade", "agency: trade\ncolour: red")
    (tmp_path / "mine.yaml").symlink_to(root / BASE)
    (root / "scenarios/broken.yaml").write_text("extends: 7")
    for at, given, shown in (
        (root / "scenarios", "baseline.yaml", "../criteria/trade.yaml"),
        (root / "scenarios", "broken.yaml", "broken.yaml"),
        (tmp_path, "mine.yaml", f"{root.resolve()}/criteria/trade.yaml"),
    ):
        monkeypatch.chdir(at)
        with pytest.raises(InvalidStudyError) as caught:
            load_study(given)
        assert caught.value.problems[0].where.startswith(shown), caught.value
