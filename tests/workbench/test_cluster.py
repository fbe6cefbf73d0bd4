"""A workbench whose solves are made by the workers of a cluster."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from evaluator import load_study
from evaluator.questions.sweep.engines import Workers, cluster
from evaluator.record.ledger import open_ledger
from evaluator.workbench.access import Alone
from evaluator.workbench.app import application
from evaluator.workbench.desk import Setting
from evaluator.workbench.security import Door
from evaluator.workbench.session import Table, named_session
from evaluator.workbench.solving import LateError
from evaluator.workbench.solving.cluster import Cluster
from evaluator.workbench.solving.effect import EffectOf
from evaluator.workbench.solving.keeping import Kept
from tests.workbench.test_solving import BY, Ends, Fails, FaultError, Solver, Waits, solved

pytestmark = pytest.mark.slow
HOST = "127.0.0.1:8750"


def test_a_cluster_answers_what_a_process_of_our_own_does(scenario: Path, tmp_path: Path) -> None:
    without = {"designation.exclude.P1": BY}
    answers: list[Any] = []
    keep = partial(Kept, load_study(scenario))

    async def body(solver: Solver) -> None:
        answers.append((await solver.ask("ann", EffectOf({}, without))).effect)

    async def faulty(solver: Solver) -> None:
        await body(solver)
        assert solver.alive
        assert solver.processes == []
        with pytest.raises(FaultError, match="KeyError: 'x'"):
            await solver.ask("ann", Fails())
        with pytest.raises(LateError, match="took over"):
            await solver.ask("ann", Waits(tmp_path, "a"), seconds=0.5)
        (tmp_path / "a.go").touch()
        with pytest.raises(LateError, match="ended by itself"):
            await solver.ask("ann", Ends())
        await body(solver)

    solved(body, keep)
    with cluster(Workers(1, "dask")) as (dask, client):
        solved(faulty, keep, begin=Cluster(dask, client).worker)
    assert answers[0] == answers[1] == answers[2]


def test_screens_are_solved_by_a_cluster_and_runs_frozen_here(scenario: Path) -> None:
    study = load_study(scenario)
    ledger = open_ledger(scenario.parents[1] / "record.db", make=True)
    table = Table(scenario, study, ledger, named_session("hand", "session"))
    door = Door(frozenset({HOST}), Alone("Ann Smith", ("trade", "energy")))
    with cluster(Workers(1, "dask")) as (dask, client):
        setting = Setting(
            table, scenario.parents[1] / "runs", 1, begin=Cluster(dask, client).worker
        )
        with TestClient(application(setting, door).asgi, base_url=f"http://{HOST}") as browser:
            assert browser.get(f"/enter?key={door.key}").status_code == 200
            assert "P1" in browser.get("/decide/screen").text
            token = door.sessions.token(browser.cookies["workbench"])
            headers = {"origin": f"http://{HOST}", "x-workbench-token": token}
            fields = {"version": "0", "act": "freeze-0001", "because": "As it stands."}
            told = browser.post("/history/freeze", data=fields, headers=headers)
            assert told.status_code == 200
            assert browser.get("/ready").status_code == 200
    ledger.close()
    assert [one.name for one in (scenario.parents[1] / "runs").iterdir()]
