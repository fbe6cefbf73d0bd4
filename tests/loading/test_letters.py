"""Letters that no text may hold, texts that say nothing, and words in two spellings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator import evaluate, load_study
from evaluator.cli import main
from evaluator.letters import blank, folded, unfit
from tests.loading.breaking import BANK, BASE, ROUND, bullets, copy, edit, refuse

REFUSED = {
    **dict.fromkeys(
        "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
        "mark of direction",
    ),
    **dict.fromkeys("\u00ad\u200b\u2060\ufeff\ufff9\ufffb\u2061\u180e", "invisible character"),
    **dict.fromkeys("\U000e0041\U000e007f\U000e0001", "invisible character"),
    **dict.fromkeys("\u3164\uffa0\u115f\u034f", "invisible character"),
    **dict.fromkeys("\x00\x1b\x7f\x85\x9b", "control character"),
    **{"\u2028": "separator of lines", "\u2029": "separator of paragraphs"},
    **{"\ue000": "private character", "\uf0b7": "private character", "\U00100000": "private"},
    **{"\ufffe": "unassigned character", "\uffff": "unassigned", "\U000e0080": "unassigned"},
}
"""A letter of each kind, and what it is called."""
KEPT = {
    "Persian, with a joiner": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Persian, a letter that would join": "\u06f1\u06f4\u06f0\u06f0 \u0647\u200d.\u0634",
    "Hindi": "\u0915\u094d\u200d\u0937 \u0915\u094d\u200c\u0937",
    "Bengali": "\u09b0\u200d\u09cd\u09af\u09be\u09ac",
    "Sinhala": "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "an emoji of several": "\U0001f469\U0001f3fd\u200d\U0001f680 \u2764\ufe0f\u200d\U0001f525",
    "a flag": "\U0001f3f3\ufe0f\u200d\U0001f308 \U0001f1eb\U0001f1f7",
    "a key": "1\ufe0f\u20e3",
    "Chinese, a form of its own": "\u9089\U000e0100",
    "Hebrew": "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd (C++)",
    "spaces of a sheet": "a\u00a0b\u202fc\u3000d\u2009e",
    "accents, composed and not": "caf\u00e9 cafe\u0301",
    "lines of a cell": "one\r\ntwo\n\tthree",
}
ODD_JOINERS = {
    "between Latin letters": ("P\u200dort", 1),
    "in a Latin word": ("P\u200cort", 1),
    "at the beginning": ("\u200d\u0645", 0),
    "twice": ("\u0915\u094d\u200d\u200d", 3),
    "a form of a Latin letter": ("a\ufe0f", 1),
    "a form of a space": (" \ufe0f", 1),
    "two forms": ("\u2764\ufe0f\ufe0f", 2),
    "a digit that is no key": ("1\ufe0f2", 1),
}


@pytest.mark.parametrize("letter", REFUSED, ids=lambda letter: f"U+{ord(letter):04X}")
def test_a_letter_is_named_with_its_place(letter: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/packages.csv", "Port logistics", f"Port{letter} logistics")
    edit(root, BASE, "title: Baseline", f'title: "Base\\U{ord(letter):08x}line"')
    what = REFUSED[letter]
    code = f"U+{ord(letter):04X}"
    message = refuse(root)
    if letter not in "\x85\u2028\u2029":  # YAML takes these for ends of lines
        assert any(f"line 2: holds the {what}" in one and code in one for one in bullets(message))
    edit(root, BASE, f"\\U{ord(letter):08x}", "")
    (told,) = bullets(refuse(root))
    assert "packages.csv line 3: holds the " in told
    assert what in told
    assert code in told
    assert " at letter 8." in told


@pytest.mark.parametrize("name", KEPT)
def test_what_people_write_is_kept(name: str, tmp_path: Path) -> None:
    root = copy(tmp_path)
    text = KEPT[name]
    assert list(unfit(text)) == []
    edit(root, f"{ROUND}/packages.csv", "Port logistics platform", f'"{text}"')
    assert load_study(root / BASE).package_by_id["P2"].title == text


@pytest.mark.parametrize("name", ODD_JOINERS)
def test_joiners_that_join_nothing_are_refused(name: str) -> None:
    text, place = ODD_JOINERS[name]
    assert next(unfit(text)) == place


def test_the_name_and_the_next_step_are_told(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(root, f"{ROUND}/packages.csv", "Clinic", "Cli\u2066nic")
    edit(root, f"{ROUND}/packages.csv", "Port", "Po\u00adrt")
    first, second = bullets(refuse(root))
    step = "Remove it: each text is set in a direction of its own."
    assert first.endswith(
        f"line 2: holds the mark of direction U+2066 LEFT-TO-RIGHT ISOLATE at letter 7. {step}"
    )
    assert second.endswith(
        "line 3: holds the invisible character U+00AD SOFT HYPHEN at letter 6. Remove it."
    )


@pytest.mark.parametrize("white", ["\u3000", "\u2800", "\u2800 \u2003", "\u0301"])
def test_a_title_of_white_letters_is_blank(white: str, tmp_path: Path) -> None:
    assert blank(white)
    root = copy(tmp_path)
    edit(root, f"{ROUND}/packages.csv", "Clinic imaging service", white)
    edit(root, "scenarios/countries.csv", "Kenya", white)
    edit(root, BANK, "Direct loan", f"'{white}'")
    fill = [one for one in bullets(refuse(root)) if one.endswith("Fill it.")]
    assert ["packages.csv line 2, column title" in "".join(fill), len(fill)] == [True, 3]


def test_options_are_held_to_the_same_rule(tmp_path: Path) -> None:
    root, out = copy(tmp_path), tmp_path / "runs"
    for change, because in (
        ("title=a\u202eb", "x"),
        ("title=x", "a\u2067b"),
        ("ti\u200btle=x", "x"),
    ):
        arguments = ["run", str(root / BASE), "--set", change, "--because", because]
        result = CliRunner().invoke(main, [*arguments, "--out", str(out)])
        assert result.exit_code == 4
        assert "U+20" in result.stderr
        assert not {"\u202e", "\u2067", "\u200b"} & set(result.output)
        assert not out.exists()


# Two spellings of one thing. Each: file, old, new; where, and the facts that are told.
TWICE = {
    "a reviewer": (
        f"{ROUND}/ratings.csv", "P3,security.safeguards", "P1,security.safeguards,S-1,poor,again,\nP3,security.safeguards",
        "ratings.csv line 10", "'S-1' is 's-1' at", "they differ by letter case",
    ),
    "a reviewer of other packages": (
        f"{ROUND}/ratings.csv", "P2,trade.delivery,t-1", "P2,trade.delivery,T-1",
        "ratings.csv line 4", "'T-1' is 't-1' at", "they differ by letter case",
    ),
    "a bloc": (
        "scenarios/countries.csv", "Europe,high", "africa,high",
        "countries.csv line 3", "'africa' is 'Africa' at", "they differ by letter case",
    ),
    "a group of packages": (
        f"{ROUND}/packages.csv", "*",
        "id,title,exclusive_group\nP1,A,site-7\nP2,B,Site-7\nP3,C,\n",
        "packages.csv line 3", "'Site-7' is 'site-7' at", "they differ by letter case",
    ),
    "a package": (
        f"{ROUND}/packages.csv", "P3,", "p2,x,,,\nP3,",
        "packages.csv line 4", "'p2' is 'P2' at", "they differ by letter case",
    ),
    "a word of a column": (
        "scenarios/countries.csv", "VNM,Vietnam,Asia,lower_middle", "VNM,Vietnam,Asia,Lower_middle",
        "countries.csv line 4", "'Lower_middle' is 'lower_middle' at", "they differ by letter case",
    ),
    "a bloc in full-width letters": (
        "scenarios/countries.csv", "Europe,high", "\uff21frica,high",
        "countries.csv line 3", "'\uff21frica' is 'Africa' at", "letter 1 of '\uff21frica' is U+FF21 FULLWIDTH LATIN CAPITAL LETTER A",
    ),
    "a tool": (
        BANK, "  - id: equity", "  - id: Loan",
        "bank.yaml line 18, Loan", "'Loan' is 'loan' at", "they differ by letter case",
    ),
    "a criterion": (
        "criteria/trade.yaml", "id: delivery", "id: Domestic_Content",
        "trade.yaml line 12, Domestic_Content", "is 'domestic_content' at", "they differ by letter case",
    ),
    "a level": (
        "criteria/scales.yaml", "{id: poor", "{id: Good",
        "scales.yaml line 8, quality.Good", "'Good' is 'good' at", "they differ by letter case",
    ),
    "an agency": (
        "criteria/security.yaml", "agency: security", "agency: Trade",
        "trade.yaml line 1, agency", "'trade' is 'Trade' at", "they differ by letter case",
    ),
    "a column": (
        "criteria/attributes.yaml", "id: submitted_on", "id: Risk_grade",
        "attributes.yaml line 4", "'Risk_grade' is 'risk_grade' at", "they differ by letter case",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TWICE)
def test_two_spellings_are_told_with_both_places(name: str, tmp_path: Path) -> None:
    file, old, new, where, *facts = TWICE[name]
    root = copy(tmp_path)
    edit(root, file, old, new)
    message = refuse(root)
    told = [one for one in bullets(message) if where in one and all(fact in one for fact in facts)]
    assert told, message
    assert told[0].count(" line ") == 2


# What differs by form alone is one thing: where a unit or a word of a list stands.
ALIKE = {
    "a unit with a no-break space": [
        ("criteria/security.yaml", "unit: hours", "unit: hours of outage"),
        (f"{ROUND}/measures.csv", ",hours,", ",hours\u00a0of outage,"),
    ],
    "a unit in another form": [
        ("criteria/security.yaml", "unit: hours", "unit: m\u00b2"),
        (f"{ROUND}/measures.csv", ",hours,", ",m2,"),
    ],
    "a unit of the file with a no-break space": [
        ("criteria/security.yaml", "unit: hours", 'unit: "hours\\u00a0of outage"'),
        (f"{ROUND}/measures.csv", ",hours,", ",hours  of outage,"),
    ],
    "a word of a column, decomposed": [
        ("criteria/attributes.yaml", "medium", "m\u00e9dium"),
        (BANK, "medium: 0.05", "m\u00e9dium: 0.05"),
        (f"{ROUND}/packages.csv", "medium", "me\u0301dium"),
    ],
    "a word of the list, decomposed": [
        ("criteria/attributes.yaml", "medium", "me\u0301dium"),
        (BANK, "medium: 0.05", "m\u00e9dium: 0.05"),
        (f"{ROUND}/packages.csv", "medium", "m\u00e9dium"),
    ],
    "a rating": [(f"{ROUND}/ratings.csv", "t-1,good", "t-1,good\u00a0")],
    "a bloc with a no-break space": [
        ("scenarios/countries.csv", "Africa", "East Africa"),
        ("scenarios/countries.csv", "Asia", "East\u00a0Africa"),
    ],
    "a word that a rule asks for": [
        ("scenarios/countries.csv", "lower_middle", "lower middle"),
        (BANK, "[lower_middle]", '["lower\\u00a0middle"]'),
    ],
}


@pytest.mark.parametrize("name", ALIKE)
def test_a_difference_of_form_is_none(name: str, tmp_path: Path) -> None:
    root, plain = copy(tmp_path / "formed"), copy(tmp_path / "plain")
    for file, old, new in ALIKE[name]:
        edit(root, file, old, new)
    found, expected = (evaluate(load_study(one / BASE), only="allocation") for one in (root, plain))
    assert found.ranking["overall"].tolist() == expected.ranking["overall"].tolist()
    assert found.allocation.amounts.equals(expected.allocation.amounts)
    blocs = {country.bloc for country in found.study.countries}
    assert len(blocs) == (2 if "bloc" in name else 3)


@pytest.mark.parametrize(
    ("file", "old", "new", "fact"),
    [
        (f"{ROUND}/packages.csv", "medium", "Medium", "'Medium' is not known here. Did you mean 'medium'?"),
        (f"{ROUND}/ratings.csv", "t-1,good,Has", "t-1,Good,Has", "the rating 'Good' is unknown. Did you mean 'good'?"),
        (f"{ROUND}/measures.csv", ",hours,", ",Hours,", "the unit is 'Hours'; security.recovery_hours is measured in 'hours'."),
        (f"{ROUND}/requests.csv", "P1,bank.loan", "P1,Bank.loan", "the tool 'Bank.loan' is unknown. Did you mean 'bank.loan'?"),
        (f"{ROUND}/requests.csv", "P1,", "p1,", "the package 'p1' is not in packages. Did you mean 'P1'?"),
        (f"{ROUND}/packages.csv", "P1,", "\u04201,", "'\u04201' is not an id: letter 1 of '\u04201' is U+0420 CYRILLIC CAPITAL LETTER ER."),
        (f"{ROUND}/packages.csv", "90000000", "90\u00a0000\u00a0000", "is not a number: letter 3 of '90\u00a0000\u00a0000' is U+00A0 NO-BREAK SPACE."),
        (f"{ROUND}/packages.csv", "low", "l\u043ew", "is not known here. Did you mean 'low'? letter 2 of 'l\u043ew' is U+043E CYRILLIC SMALL LETTER O."),
        (f"{ROUND}/measures.csv", ",hours,", ",h\u043eurs,", "letter 2 of 'h\u043eurs' is U+043E CYRILLIC SMALL LETTER O."),
        ("criteria/attributes.yaml", "[low, medium, high]", "[low, Low, medium, high]", "names a word twice"),
    ],
)  # fmt: skip
def test_a_difference_that_may_not_be_seen_is_named(
    file: str, old: str, new: str, fact: str, tmp_path: Path
) -> None:
    root = copy(tmp_path)
    edit(root, file, old, new)
    message = refuse(root)
    assert any(fact in one for one in bullets(message)), message


def test_folding_is_stable() -> None:
    for text in ("\u0130", "\u01c4", "\ufb03 x", "\u1e9e", "\u2126m", "A\u0345", "\u212b"):
        assert folded(folded(text)) == folded(text)
        assert folded(text.upper()) == folded(text.lower()) or text in (
            "\u0130",
            "\u1e9e",
            "\ufb03 x",
        )


def test_free_texts_keep_their_spelling(tmp_path: Path) -> None:
    root = copy(tmp_path)
    edit(
        root,
        "criteria/attributes.yaml",
        "attributes:\n",
        "attributes:\n  - {id: note, label: Note, type: text}\n",
    )
    edit(root, f"{ROUND}/packages.csv", ",submitted_on", ",submitted_on,note")
    edit(root, f"{ROUND}/packages.csv", "2026-05-20", f"2026-05-20,{'As the call asks. ' * 5}")
    edit(root, f"{ROUND}/packages.csv", "2026-06-10", f"2026-06-10,{'as the call asks. ' * 5}")
    edit(root, f"{ROUND}/packages.csv", "2026-06-29", "2026-06-29,")
    result = CliRunner().invoke(main, ["validate", str(root / BASE), "--json"])
    assert json.loads(result.stdout)["ok"], result.output
