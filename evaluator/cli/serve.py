"""The command that serves the workbench."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from evaluator.cli.common import guarded, say, scheduler_option
from evaluator.cli.recording import OF_STUDY, by_option, opened_for, record_option
from evaluator.errors import UsageError

if TYPE_CHECKING:
    from evaluator.questions.sweep import Workers
    from evaluator.workbench.solving import Begin


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@click.option("--session", default="session", metavar="NAME", help="Which session of the scenario.")
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine.")
@click.option("--port", default=8750, show_default=True, type=click.IntRange(0, 65535))
@click.option("--out", default="runs", type=click.Path(path_type=Path), help="Where runs go.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option(
    "--engine",
    type=click.Choice(["processes", "dask"]),
    default="processes",
    show_default=True,
    help="Who solves: processes of this machine, or a cluster. Needs the extra 'cluster'.",
)
@scheduler_option
@record_option
@by_option
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Share it: a file of how people reach it and sign in. Needs the extra 'shared'.",
)
@click.option("--open", "show_it", is_flag=True, help="Open it in the browser.")
@guarded
def serve(
    scenario: Path,
    session: str,
    host: str,
    port: int,
    out: Path,
    workers: int,
    engine: Literal["processes", "dask"],
    scheduler: str | None,
    place: str,
    by: str,
    file: Path | None,
    show_it: bool,
) -> None:
    """Serve the workbench: weigh, decide and look back on one scenario, in the browser.

    On this machine alone, for one person; or shared, with --settings, by people who sign in. What
    is shared and decided is entered in the record: record.db of the study's folder, if no other is
    named. A session goes on where it was left.
    """
    from evaluator.loading import load_study
    from evaluator.questions.sweep import Workers
    from evaluator.record.ledger.enter import user
    from evaluator.workbench.access import Alone
    from evaluator.workbench.access.settings import read_settings
    from evaluator.workbench.desk import Setting
    from evaluator.workbench.serve import address, door_of, hold_reachable, listening, shared_door
    from evaluator.workbench.serve import serve as served
    from evaluator.workbench.session import Table, named_session

    crew = Workers(workers, "dask" if engine == "dask" else "joblib", scheduler)
    settings = read_settings(file) if file else None
    if settings and by:
        raise UsageError("--by names one person, and with --settings people sign in. Leave it out.")
    hold_reachable(host, settings)
    study = load_study(scenario)
    agencies = [one.agency for one in study.agencies]
    beside = file.parent if file else Path()
    door = shared_door(settings, beside, agencies) if settings else None
    name = named_session(study.scenario.scenario, session)
    tls = settings.tls if settings else None
    pair = (beside / tls.certificate, beside / tls.key) if tls else None
    with ExitStack() as opened:
        begin = _solving(opened, crew)
        ledger = opened_for(scenario, place or OF_STUDY, "")
        assert ledger is not None  # noqa: S101  a scenario that was loaded is a file
        opened.callback(ledger.close)
        listener = listening(host, port)
        door = door or door_of(listener, Alone(by or user(), agencies))
        table = Table(scenario.resolve(), study, ledger, name)
        say(f"{study.scenario.scenario}, session {name}, in {ledger.place}")
        say(f"Open    {address(listener, door)}\nStop    Ctrl+C")
        if show_it:
            click.launch(address(listener, door))
        served(Setting(table, out, workers, begin=begin), listener, door, pair)


def _solving(opened: ExitStack, crew: Workers) -> Begin:
    """Return who solves, as long as what is opened is open."""
    from evaluator.questions.sweep.engines import cluster
    from evaluator.workbench.solving import Worker
    from evaluator.workbench.solving.cluster import Cluster

    if crew.engine != "dask":
        return Worker
    return Cluster(*opened.enter_context(cluster(crew))).worker
