"""Examples of each command, for its help and for the guides."""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "validate": ("validate my-study/scenarios/first.yaml", "validate big.yaml --allow rows=500000"),
    "run": (
        "run scenarios/baseline.yaml",
        "run scenarios/baseline.yaml --full --name spring-final --title 'Spring, final'",
        "run scenarios/baseline.yaml --record --note 'For the meeting of Monday.'",
        "run scenarios/baseline.yaml --set designation.max_packages=10 --because 'A smaller list.'",
        "run scenarios/baseline.yaml --set influence.shares.defense=0.3 --rebalance proportional "
        "--because 'Security first.'",
        "run scenarios/baseline.yaml --set requests.SP26-08.dfc.guarantee=90000000 --because Late.",
    ),
    "runs": ("runs", "runs --clean --keep 3", "runs --clean --yes"),
    "show": ("show latest", "show baseline --json", "show latest --since runs/spring-final"),
    "explain": (
        "explain latest SP26-08",
        "explain latest 'Straits Inference'",
        "explain latest SP26-08 --against SP26-02",
    ),
    "criteria": ("criteria latest", "criteria latest --only scores --tables deciding"),
    "compare": (
        "compare scenarios/baseline.yaml scenarios/security-first.yaml",
        "compare scenarios/baseline.yaml latest --html compared.html",
    ),
    "regret": (
        "regret scenarios/baseline.yaml scenarios/exim-lapsed.yaml --designated all",
        "regret scenarios/baseline.yaml scenarios/only-state.yaml --html regret.html",
    ),
    "law": (
        "law scenarios/baseline.yaml",
        "law scenarios/baseline.yaml --as-of 2027-01-02 --against 2026-07-15 --html law.html",
    ),
    "report": ("report latest --open", "report latest --since runs/spring-final"),
    "admit": ("admit latest SP26-25",),
    "arrivals": ("arrivals latest --orders 200 --commit-at 0.5 --html arrivals.html",),
    "export": ("export latest program.lp",),
    "rank": (
        "rank cars.csv --weights equal --directions price=lower,range=higher",
        "rank cars.xlsx --sheet 2026 --method topsis",
        "rank cars.csv --html cars.html --save cars-study",
    ),
    "import": (
        "import scores.xlsx --into my-study",
        "import scores.xlsx --into my-study --map scores.map.yaml",
        "import warsaw.pb --into warsaw",
        "import survey.csv --into survey --answer negative=first",
    ),
    "sweep": (
        "sweep scenarios/baseline.yaml --vary designation.max_packages=10,15,20",
        "sweep scenarios/baseline.yaml --vary influence.shares.defense=0:0.5 --sample 500 --jobs 2",
    ),
    "record": ("record list", "record verify --checkpoint checkpoints.txt"),
    "record list": ("record list", "record list --record my-study --limit 0"),
    "record show": ("record show latest", "record show 12"),
    "record history": ("record history SP26-08",),
    "record diff": ("record diff 3 latest",),
    "record freeze": ("record freeze latest --note 'For the meeting of 1 December.'",),
    "record comment": (
        "record comment 12 --text 'Who pays for the grid?'",
        "record comment 12 --on SP26-08 --text 'The letter of intent is missing.'",
    ),
    "record concur": (
        "record concur 12 --agency state --position concerns --text 'Not before the vote.'",
    ),
    "record determine": ("record determine 12 --text 'Designated, with what State has said.'",),
    "record de-designate": ("record de-designate 12 SP26-08 --because 'Its anchor withdrew.'",),
    "record verify": (
        "record verify",
        "record verify --checkpoint checkpoints.txt --key public.pem",
    ),
    "record checkpoint": ("record checkpoint", "record checkpoint --key private.pem"),
    "record export": ("record export --out record.jsonl", "record export --entries"),
    "record redact": (
        "record redact 'Ann Smith' --because 'Asked for on 2027-03-01.'",
        "record redact --entry 12 --because 'Asked for on 2027-03-01.'",
    ),
    "record backup": ("record backup backups/2026-11-30.db",),
    "record restore": ("record restore backups/2026-11-30.db --record restored.db",),
    "record upgrade": ("record upgrade",),
    "reproduce": ("reproduce latest", "reproduce 12 --record record.db"),
    "memo": ("memo latest", "memo latest --record my-study --into signed --format docx"),
    "letters": ("letters latest --into letters",),
    "serve": (
        "serve scenarios/baseline.yaml --open",
        "serve scenarios/baseline.yaml --session spring --port 0",
        "serve scenarios/baseline.yaml --settings workbench.yaml --record postgresql://host/evaluator",
        "serve scenarios/baseline.yaml --engine dask --scheduler tcp://host:8786",
    ),
    "schema": ("schema --out schemas",),
    "new": ("new my-study", "new my-study --workbook"),
    "docs": ("docs", "docs tutorial", "docs --open"),
    "completion": ("completion bash", "completion fish --install"),
}
"""By command, what follows `evaluator`."""


def epilog(command: str) -> str:
    """Return the examples of a command as its help shows them, each on a line of its own."""
    lines = [f"  evaluator {line}" for line in EXAMPLES.get(command, ())]
    return "\n".join(["\b", "Examples:", *lines]) if lines else ""
