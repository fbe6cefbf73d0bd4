"""Decision problems in XMCDA 2 and 3: what is read of them, and what is refused at which line."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.cli import main
from evaluator.decision.rank import rank
from evaluator.errors import InvalidStudyError
from evaluator.importing.material import Imported, Left, Source
from evaluator.importing.readers import reader_of, source
from evaluator.importing.xmcda.study import READER, matrix
from evaluator.loading.documents.bounds import Bounds

DAY = dt.date(2026, 7, 1)
TWO = "http://www.decision-deck.org/2012/XMCDA-2.2.1"
THREE = "http://www.decision-deck.org/2018/XMCDA-3.1.0"


def root(inside: str, version: str = TWO) -> str:
    return f'<?xml version="1.0"?>\n<x:XMCDA xmlns:x="{version}">\n{inside}\n</x:XMCDA>\n'


def performance(alternative: str, values: Mapping[str, str]) -> str:
    """Return the performances of an alternative on lines of their own; values are XML."""
    told = "\n".join(
        f"<performance><criterionID>{name}</criterionID>{value}</performance>"
        for name, value in values.items()
    )
    return (
        f"<alternativePerformances><alternativeID>{alternative}</alternativeID>\n"
        f"{told}\n</alternativePerformances>"
    )


def real(number: float) -> str:
    return f"<value><real>{number}</real></value>"


ALTERNATIVES = """<alternatives>
<alternative id="a" name="First"/>
<alternative id="b" name="Second"/>
<alternative id="c" name="Third"/>
<alternative id="d" name="Fourth"><active>false</active></alternative>
</alternatives>"""
CRITERIA = """<criteria>
<criterion id="gain" name="Gain"><scale><quantitative>
<preferenceDirection>max</preferenceDirection></quantitative></scale>
<thresholds><threshold mcdaConcept="indifference"><constant><real>1</real></constant></threshold>
</thresholds></criterion>
<criterion id="cost" name="Cost"><scale><quantitative>
<preferenceDirection>min</preferenceDirection></quantitative></scale></criterion>
</criteria>"""
NUMBERS = {"a": (3.0, 6.0), "b": (4.0, 8.0), "c": (0.0, 0.0)}
TABLE = "\n".join(
    [
        "<performanceTable>",
        *(
            performance(name, {"gain": real(x), "cost": real(y)})
            for name, (x, y) in NUMBERS.items()
        ),
        "</performanceTable>",
    ]
)
WEIGHTS = "\n".join(
    [
        '<criteriaValues mcdaConcept="Weight">',
        f"<criterionValue><criterionID>gain</criterionID>{real(3)}</criterionValue>",
        f"<criterionValue><criterionID>cost</criterionID>{real(1)}</criterionValue>",
        "</criteriaValues>",
    ]
)
TOPSIS = {
    "First": math.sqrt(0.205) / (math.sqrt(0.205) + math.sqrt(0.045)),
    "Second": 0.75,
    "Third": 0.25,
}
"""By hand: columns divided by 5 and 10, weighed .75 and .25: (.45, .15), (.6, .2), (0, 0); ideal
(.6, 0), worst (0, .2)."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a problem in XMCDA 2, in four files, and one that is none."""
    parts = {"alternatives": ALTERNATIVES, "criteria": CRITERIA, "table": TABLE, "w": WEIGHTS}
    for name, inside in parts.items():
        (tmp_path / f"{name}.xml").write_text(root(inside))
    (tmp_path / "README.txt").write_text("Six cars.\n")
    return tmp_path


def whole(inside: str, version: str = TWO) -> Source:
    """Return a problem in one file."""
    return Source(Path("p.xml"), "p.xml", root(inside, version).encode(), Bounds())


def faults(file: Source) -> list[str]:
    with pytest.raises(InvalidStudyError) as told:
        READER.read(file, DAY)
    return [str(problem) for problem in told.value.problems]


def values(found: Imported) -> dict[tuple[str, str], str]:
    rows = found.tables["measures"]
    return {(row.cells["package"], row.cells["criterion"]): row.cells["value"] for row in rows}


def criteria(found: Imported) -> dict[str, dict[str, object]]:
    return {one["id"]: one for one in found.documents["criteria/analyst.yaml"]["criteria"]}


def weights(found: Imported) -> dict[str, float]:
    return dict(found.documents["criteria/analyst.yaml"]["weights"]["judgements"])


def test_a_folder_of_files_is_one_problem(folder: Path) -> None:
    file = source(folder)
    assert reader_of(file) is READER
    found = READER.read(file, DAY)
    assert [row.cells["title"] for row in found.tables["packages"]] == ["First", "Second", "Third"]
    assert values(found)["b", "analyst.cost"] == "8.0"
    assert weights(found) == {"gain": 0.75, "cost": 0.25}
    assert criteria(found)["gain"]["value"] == {"linear": {"worst": 0, "best": 4}}
    assert criteria(found)["cost"]["value"] == {"linear": {"worst": 8, "best": 0}}
    assert criteria(found)["cost"]["direction"] == "lower"


def test_what_is_not_carried_is_told(folder: Path) -> None:
    (folder / "more.xml").write_text(root("<categories><category id='k'/></categories>"))
    found = READER.read(source(folder), DAY)
    told = {note.code: note.arguments for note in found.notes}
    assert told["files_left"] == {"files": ("README.txt",)}
    assert told["elements_left"] == {"elements": ("categories",)}
    assert told["thresholds_left"] == {"criteria": ("Gain",)}
    assert told["inactive"] == {"names": ("Fourth",)}
    assert told["anchors_of_data"] == {"criteria": ("Gain", "Cost")}
    (left,) = [one for one in found.record if isinstance(one, Left)]
    assert (left.place.file, left.place.row, left.found) == ("criteria.xml", 6, "indifference")
    (row,) = found.tables["exclusions"]
    assert row.cells["row"] == "Fourth"


def test_topsis_on_what_it_states_is_that_by_hand(folder: Path) -> None:
    found = matrix(source(folder))
    assert found.weights is not None
    assert found.directions is not None
    ranked = rank(
        found.frame,
        weights=found.weights,
        directions=found.directions,
        method="topsis",
        normalization="vector",
    )
    assert ranked["score"].to_dict() == pytest.approx(TOPSIS, abs=1e-12)
    assert list(ranked.index) == ["Second", "First", "Third"]


def test_the_command_ranks_it_in_one_line(folder: Path) -> None:
    asked = ("--method", "topsis", "--parameter", "normalization=vector", "--json")
    told = CliRunner().invoke(main, ["rank", str(folder), *asked])
    assert told.exit_code == 0, told.output
    rows = json.loads(told.stdout)["ranking"]
    assert {row["name"]: row["score"] for row in rows} == pytest.approx(TOPSIS, abs=1e-12)


def test_every_performance_is_on_record_at_its_line(folder: Path) -> None:
    found = READER.read(source(folder), DAY)
    lines = (folder / "table.xml").read_text().splitlines()
    taken = [one for one in found.record if one.place.file == "table.xml"]
    assert len(taken) == 6
    assert all(f"<real>{one.found}</real>" in lines[one.place.row - 1] for one in taken)
    assert str(taken[0].place) == "table.xml line 5, performanceTable"


THREE_CRITERIA = """<criteria>
<criterion id="g" name="Gain"/><criterion id="l" name="Look"/></criteria>
<criteriaScales>
<criterionScale><criterionID>g</criterionID><scales><scale><quantitative>
<preferenceDirection>max</preferenceDirection>
<minimum><value><integer>0</integer></value></minimum>
<maximum><value><integer>20</integer></value></maximum>
</quantitative></scale></scales></criterionScale>
<criterionScale><criterionID>l</criterionID><scales><scale><qualitative>
<preferenceDirection>max</preferenceDirection><valuedLabels>
<valuedLabel><label>poor</label><value><integer>1</integer></value></valuedLabel>
<valuedLabel><label>fair</label><value><integer>2</integer></value></valuedLabel>
<valuedLabel><label>good</label><value><integer>3</integer></value></valuedLabel>
</valuedLabels></qualitative></scale></scales></criterionScale></criteriaScales>"""


def wrapped(value: str) -> str:
    return f"<values><value>{value}</value></values>"


def three(performances: Mapping[str, Mapping[str, str]], more: str = "") -> Source:
    table = "".join(performance(name, inside) for name, inside in performances.items())
    weighed = "".join(
        f"<criterionValue><criterionID>{name}</criterionID>"
        f"{wrapped(f'<real>{weight}</real>')}</criterionValue>"
        for name, weight in (("g", 1), ("l", 1))
    )
    more = more or f"<criteriaValues>{weighed}</criteriaValues>"
    inside = f"{THREE_CRITERIA}<performanceTable>{table}</performanceTable>{more}"
    return whole(inside, THREE)


def test_labels_intervals_fractions_and_what_is_missing_in_version_3() -> None:
    file = three(
        {
            "a": {
                "g": wrapped(
                    "<interval><lowerBound><real>4</real></lowerBound>"
                    "<upperBound><real>8</real></upperBound></interval>"
                ),
                "l": wrapped("<label>good</label>"),
            },
            "b": {
                "g": wrapped(
                    "<rational><numerator>21</numerator><denominator>2</denominator></rational>"
                ),
                "l": wrapped("<NA/>"),
            },
            "c": {"g": wrapped("<integer>7</integer>")},
        }
    )
    found = READER.read(file, DAY)
    assert values(found) == {
        ("a", "analyst.g"): "6.0",
        ("a", "analyst.l"): "3.0",
        ("b", "analyst.g"): "10.5",
        ("b", "analyst.l"): "n/a: NA in the file",
        ("c", "analyst.g"): "7.0",
        ("c", "analyst.l"): "",
    }
    first = found.tables["measures"][0].cells
    assert (first["low"], first["high"]) == ("4.0", "8.0")
    assert criteria(found)["g"]["value"] == {"linear": {"worst": 0, "best": 20}}
    assert criteria(found)["l"]["value"] == {"linear": {"worst": 1, "best": 3}}
    told = {one.how for one in found.record if not isinstance(one, Left)}
    assert {"middle of the interval", "rank of the label", "missing"} <= told


def segment(*points: tuple[float, float]) -> str:
    def end(name: str, raw: float, worth: float) -> str:
        abscissa = f"<abscissa><real>{raw}</real></abscissa>"
        return f"<{name}>{abscissa}<ordinate><real>{worth}</real></ordinate></{name}>"

    pairs = pairwise(points)
    inside = "".join(
        f"<segment>{end('head', *one)}{end('tail', *two)}</segment>" for one, two in pairs
    )
    return (
        f"<functions><function><piecewiseLinear>{inside}</piecewiseLinear></function></functions>"
    )


def functions(**points: tuple[tuple[float, float], ...]) -> str:
    inside = "".join(
        f"<criterionFunction><criterionID>{name}</criterionID>{segment(*told)}</criterionFunction>"
        for name, told in points.items()
    )
    return f"<criteriaFunctions>{inside}</criteriaFunctions>"


PLAIN = {"a": {"g": wrapped("<real>5</real>"), "l": wrapped("<label>fair</label>")}}


def test_marginal_values_give_weights_and_functions() -> None:
    """An additive model without weights: 0.6 at best of one, 0.4 of the other."""
    more = functions(g=((0, 0), (10, 0.45), (20, 0.6)), l=((1, 0), (3, 0.4)))
    found = READER.read(three(PLAIN, more), DAY)
    assert weights(found) == pytest.approx({"g": 0.6, "l": 0.4})
    points = criteria(found)["g"]["value"]["piecewise"]  # type: ignore[index]
    assert points == [[0, 0], [10, pytest.approx(75)], [20, 100]]
    assert criteria(found)["l"]["direction"] == "higher"


def test_functions_beside_weights_are_values() -> None:
    weighed = (
        "<criteriaValues>"
        f"<criterionValue><criterionID>g</criterionID>{wrapped('<real>3</real>')}</criterionValue>"
        f"<criterionValue><criterionID>l</criterionID>{wrapped('<real>1</real>')}</criterionValue>"
        "</criteriaValues>"
    )
    found = READER.read(three(PLAIN, functions(g=((0, 0), (10, 0.8), (20, 0.2))) + weighed), DAY)
    assert weights(found) == {"g": 0.75, "l": 0.25}
    one = criteria(found)["g"]
    assert one["value"] == {"piecewise": [[0, 0], [10, 80], [20, 20]]}
    assert "direction" not in one


def test_points_of_version_2_are_a_function() -> None:
    def point(raw: float, worth: float) -> str:
        abscissa = f"<abscissa><real>{raw}</real></abscissa>"
        return f"<point>{abscissa}<ordinate><real>{worth}</real></ordinate></point>"

    inside = (
        '<criteria><criterion id="g"><criterionFunction><points>'
        f"{point(0, 100)}{point(8, 0)}</points></criterionFunction></criterion></criteria>"
        f"<performanceTable>{performance('a', {'g': real(2)})}</performanceTable>"
    )
    found = READER.read(whole(inside), DAY)
    assert criteria(found)["g"]["value"] == {"piecewise": [[0, 100], [8, 0]]}
    assert criteria(found)["g"]["direction"] == "lower"
    assert weights(found) == {"g": 1.0}


@pytest.mark.parametrize(
    ("part", "old", "new", "told"),
    [
        (
            "criteria",
            "max<",
            "up<",
            "criteria.xml line 5, criteria: the preferenceDirection is 'up'",
        ),
        ("criteria", "<preferenceDirection>max</preferenceDirection>", "", "of 'gain' is better"),
        (
            "table",
            "<real>3.0<",
            "<real>3,0<",
            "table.xml line 5, performanceTable: '3,0' is no number",
        ),
        ("table", ">a<", ">A7<", "line 4, performanceTable: the alternative 'A7' is not among"),
        (
            "table",
            ">gain<",
            ">gian<",
            "line 5, performanceTable: the criterion 'gian' is not among",
        ),
        ("w", "<real>3<", "<real>-3<", "w.xml line 4, criteriaValues: the weight is '-3'."),
        ("w", "<real>3<", "<real>nan<", "w.xml line 4, criteriaValues: 'nan' is no number."),
        ("w", "</x:XMCDA>", "", "w.xml line 8: is no well-formed XML: no element found."),
        ("w", "<x:XMCDA", '<!DOCTYPE a [<!ENTITY b "c">]>\n<x:XMCDA', "w.xml: declares entities"),
    ],
)
def test_a_fault_is_told_at_its_line(
    part: str, old: str, new: str, told: str, folder: Path
) -> None:
    path = folder / f"{part}.xml"
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new, 1))
    assert any(told in fault for fault in faults(source(folder)))


def test_weights_that_are_nowhere_are_asked_for(folder: Path) -> None:
    (folder / "w.xml").unlink()
    (told,) = faults(source(folder))
    assert "criteria.xml line 4, criteria: no weights are stated. Add criteriaValues" in told


def test_faults_of_all_files_are_told_at_once(folder: Path) -> None:
    for name in ("table", "w"):
        path = folder / f"{name}.xml"
        path.write_text(path.read_text().replace("<real>", "<real>x"))
    assert len(faults(source(folder))) == 8


def test_the_same_files_give_the_same(folder: Path) -> None:
    assert READER.read(source(folder), DAY) == READER.read(source(folder), DAY)


def test_deep_and_endless_files_are_refused() -> None:
    told = faults(whole("<a>" * 100 + "</a>" * 100))
    assert "nested too deep" in told[0]
    many = Source(Path("p.xml"), "p.xml", root("<a/>" * 300).encode(), Bounds(cells=200))
    assert "at most 200 are read" in faults(many)[0]
