"""Studies of any combination of the parts that a study may lack."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

PARTS = ("agencies", "countries", "designation", "financing", "requests")

_CITED = "citation: {title: Made here, confidence: illustrative}"
_AGENCY = """agency: {name}
name: {name}
criteria:
  - id: merit
    label: Merit of {name}
    kind: measure
    unit: points
    direction: higher
    value: {{linear: {{worst: 0, best: 10}}}}
    floor: 25
    {cited}
  - id: reach
    label: Reach of {name}
    kind: measure
    unit: people
    direction: higher
    value: {{linear: {{worst: 0, best: 500}}}}
    {cited}
weights: {{method: points, confidence: illustrative, judgements: {{merit: 60, reach: 40}}}}
"""
_BANK = f"""institution: bank
name: Bank
tools:
  - id: loan
    label: Loan
    envelope: {{amount: 900, {_CITED}}}
    subsidy: {{rate: 0.1, {_CITED}}}
    statute: {{title: Made here, confidence: illustrative}}
"""
_REQUIREMENTS = f"""requirements:
  - id: viable
    label: It is viable
    check: {{evidence: "X"}}
    {_CITED}
"""


def written(root: Path, parts: Set[str]) -> Path:
    """Write a study that has some parts; return its scenario."""
    rounds = root / "scenarios/round"
    for folder in (root / "criteria", root / "scenarios/financing", rounds):
        folder.mkdir(parents=True)
    names = ["jury", "board"] if "agencies" in parts else ["jury"]
    for name in names:
        text = _AGENCY.format(name=name, cited=_CITED)
        (root / f"criteria/{name}.yaml").write_text(text)
    (root / "criteria/requirements.yaml").write_text(_REQUIREMENTS)
    scenario = [
        *("scenario: case", "title: Three sites", "as_of: 2026-01-01"),
        *("criteria: ../criteria", "round: round", "uncertainty: {draws: 50}"),
    ]
    if "agencies" in parts:
        scenario.append(f"influence: {{shares: {{jury: 0.5, board: 0.5}}, {_CITED}}}")
    if "designation" in parts:
        scenario.append("designation: {min_overall: 10, max_packages: 2}")
    if "financing" in parts:
        scenario.append("financing: financing")
        (root / "scenarios/financing/bank.yaml").write_text(_BANK)
    if "requests" in parts:
        text = "package,tool,amount_usd\nA,bank.loan,500\nB,bank.loan,600\nC,bank.loan,300\n"
        (rounds / "requests.csv").write_text(text)
    if "countries" in parts:
        scenario.append("countries: countries.csv")
        (root / "scenarios/countries.yaml").write_text("attributes: []\n")
        (root / "scenarios/countries.csv").write_text("iso3,name,bloc\nPOL,Poland,Centre\n")
        (rounds / "targets.csv").write_text("package,country,share\nA,POL,1\nB,POL,1\nC,POL,1\n")
    (root / "scenarios/case.yaml").write_text("\n".join([*scenario, ""]))
    (rounds / "packages.csv").write_text("id,title\nA,North\nB,South\nC,East\nD,West\n")
    (rounds / "evidence.csv").write_text(
        "package,requirement,status,source,note\n"
        "A,viable,passed,,\nB,viable,passed,,\nC,viable,unknown,,\nD,viable,failed,,\n"
    )
    raw = {"A": (8, 100), "B": (5, 400), "C": (2, 200), "D": (9, 500)}
    rows = [
        f"{package},{name}.{criterion},{value + (name == 'board') * (package == 'B')},{unit},,"
        for package, values in raw.items()
        for name in names
        for criterion, value, unit in zip(
            ("merit", "reach"), values, ("points", "people"), strict=True
        )
    ]
    text = "\n".join(["package,criterion,value,unit,origin,source", *rows, ""])
    (rounds / "measures.csv").write_text(text)
    return root / "scenarios/case.yaml"
