"""Who makes the rows: this process, other processes of this machine, or a cluster.

Each worker has one thread, and solvers are told to use one: what a row holds does not depend on who
made it. The study goes to each worker once. Which rows one worker makes together is settled by
their numbers alone.
"""

from __future__ import annotations

import logging
import os
import pickle
import platform
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from evaluator.disk.scratch import scratch
from evaluator.errors import EvaluatorError, UsageError
from evaluator.questions.sweep.judging import Row
from evaluator.questions.sweep.rows import Plan, runner
from evaluator.uncertainty.analysis import THREADS

Engine = Literal["joblib", "dask"]
Made = tuple[int, list[Row]]
"""The number of a block, and its rows."""

SCORES, ALLOCATIONS, _BLOCKS = 500, 50, 32
"""Scenarios of a block: those that are scored alone are made hundreds at a time; others in so many
blocks, until one would be too long to lose."""
_LIBRARIES = ("numpy", "scipy", "pandas", "highspy", "pulp", "pydantic")
_TRIES = 3
"""Workers that one block may end before it is given up."""
_AHEAD = 4
"""Blocks for each worker that are under way."""
_LOOPBACK = "127.0.0.1"
_ANSWERS = 10
"""Seconds within which a scheduler answers."""


@dataclass(frozen=True)
class Workers:
    """Who is to work: `jobs` processes, by joblib or by Dask, or those of a Dask scheduler."""

    jobs: int = 1
    engine: Engine = "joblib"
    scheduler: str | None = None

    def __post_init__(self) -> None:
        if self.jobs < 1:
            raise UsageError(f"{self.jobs} jobs: at least 1 is needed.")
        if self.scheduler is not None and self.engine != "dask":
            raise UsageError("--scheduler needs --engine dask.")


def blocks_of(plan: Plan) -> list[range]:
    """Return the scenarios of each block, by their numbers: whole lines of them, where it can be.

    See `lines`.
    """
    count, grid = len(plan.grid), plan.grid
    size = SCORES
    if plan.only != "scores":
        size = min(max(1, count // _BLOCKS), ALLOCATIONS)
        line = len(grid.varied[-1].tried)
        if grid.sample is None and line <= 2 * ALLOCATIONS:
            size = line * max(1, size // line)
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


def made(plan: Plan, blocks: Sequence[int], workers: Workers) -> Iterator[Made]:
    """Give the rows of some blocks, by their numbers, in the order in which they are done.

    Raises EvaluatorError for a scenario that ends each worker that makes it, UsageError where a
    cluster cannot be used.
    """
    if not blocks:
        return
    if workers.engine == "dask":
        yield from _by_dask(plan, blocks, workers)
    elif workers.jobs == 1:
        run, ranges = runner(plan), blocks_of(plan)
        yield from ((block, run(ranges[block])) for block in blocks)
    else:
        yield from _by_joblib(plan, blocks, workers.jobs)


def _by_joblib(plan: Plan, blocks: Sequence[int], jobs: int) -> Iterator[Made]:
    """A worker that dies ends all: what it did not make is made by new ones.

    After a second death those that were under way go one at a time, so that it is known which ends
    its worker.
    """
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    with scratch() as folder:
        file = folder / "plan"
        file.write_bytes(pickle.dumps(plan, protocol=5))
        left, alone, ended, ranges = dict.fromkeys(blocks), 0, 0, blocks_of(plan)
        while left:
            some = list(left)[:1] if alone else list(left)
            parallel = Parallel(
                n_jobs=max(2, jobs),  # one would work in this process
                backend="loky",
                return_as="generator_unordered",
                batch_size=1,
                pre_dispatch=_AHEAD * jobs,
            )
            try:
                for block, rows in parallel(
                    delayed(_of_file)(str(file), one, ranges[one]) for one in some
                ):
                    del left[block]
                    yield block, rows
                alone, ended = max(0, alone - 1), 0 if alone else ended
            except TerminatedWorkerError:
                ended += 1
                if alone and ended >= _TRIES:
                    raise _ending(plan, some[0]) from None
                if not alone and ended > 1:
                    alone, ended = 2 * _AHEAD * jobs, 0


def _ending(plan: Plan, block: int) -> EvaluatorError:
    numbers = blocks_of(plan)[block]
    return EvaluatorError(
        f"a worker ended each time that it made scenarios {numbers.start + 1:,} to "
        f"{numbers.stop:,}: it may lack memory. What was made before is kept; try fewer jobs."
    )


def _of_file(file: str, block: int, numbers: range) -> Made:
    return block, _kept(file)(numbers)


@lru_cache(maxsize=1)
def _kept(file: str) -> Callable[[range], list[Row]]:
    one_thread()
    plan: Plan = pickle.loads(Path(file).read_bytes())  # noqa: S301  written by the parent
    return runner(plan)


def one_thread() -> None:
    """Have the libraries of this process use one thread, if they are not loaded yet."""
    for library in ("OPENBLAS", "OMP", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    os.environ[THREADS] = "1"


def _by_dask(plan: Plan, blocks: Sequence[int], workers: Workers) -> Iterator[Made]:
    with cluster(workers) as (dask, client):
        sent = client.scatter(plan, broadcast=True, hash=False)
        waiting, ranges = iter(blocks), blocks_of(plan)

        def task(block: int) -> Any:
            future = client.submit(_of_plan, sent, block, ranges[block], pure=False)
            begun[future.key] = block
            return future

        begun: dict[str, int] = {}
        ahead = _AHEAD * len(client.scheduler_info(n_workers=-1)["workers"])
        first = [task(one) for one in islice(waiting, ahead)]
        order = dask.as_completed(first, loop=client.loop)
        del first
        for done in order:
            if isinstance(done.exception(), dask.scheduler.KilledWorker):
                raise _ending(plan, begun[done.key])
            found: Made = done.result()
            order.update([task(one) for one in islice(waiting, 1)])
            done.release()
            yield found


@contextmanager
def cluster(workers: Workers) -> Iterator[tuple[Any, Any]]:
    """Yield Dask's own module and a client of the cluster, whose workers answer as this process.

    Raises UsageError where Dask is not installed, no scheduler answers, or a worker has another
    engine, other libraries or more threads than one.
    """
    try:
        import distributed
    except ImportError:
        fact = "Dask is not installed. Install the engine with its extra 'cluster'."
        raise UsageError(fact) from None
    dask: Any = distributed  # its functions have no types
    with warnings.catch_warnings():
        # what it compares is compared below, and more
        warnings.simplefilter("ignore", dask.versions.VersionMismatchWarning)
        with _client(dask, workers) as client:
            _check_workers(client)
            yield dask, client


@contextmanager
def _client(dask: Any, workers: Workers) -> Iterator[Any]:
    with ExitStack() as opened:
        address = workers.scheduler
        if address is None:
            address = opened.enter_context(
                dask.LocalCluster(
                    n_workers=workers.jobs,
                    threads_per_worker=1,
                    processes=True,
                    host=_LOOPBACK,
                    dashboard_address=f"{_LOOPBACK}:0",
                    worker_dashboard_address=f"{_LOOPBACK}:0",
                    silence_logs=logging.ERROR,
                )
            )
        try:
            client = dask.Client(address, timeout=_ANSWERS, set_as_default=False)
        except (OSError, ValueError) as error:
            fact = f"no scheduler answers at {workers.scheduler}: {error}."
            raise UsageError(f"{fact} Start one: see the guide on sweeps.") from None
        opened.enter_context(client)
        if workers.scheduler is None:
            client.wait_for_workers(workers.jobs)
        yield client


def _check_workers(client: Any) -> None:
    """Raise UsageError for a cluster whose workers would not give the same answers."""
    about = client.scheduler_info(n_workers=-1)["workers"]
    if not about:
        raise UsageError("the scheduler has no worker. Start some: see the guide on sweeps.")
    faults = [
        f"{name} has {one['nthreads']} threads: start it with --nthreads 1."
        for name, one in sorted(about.items())
        if one["nthreads"] != 1
    ]
    own = versions()
    for name, theirs in sorted(client.run(versions).items()):
        unlike = [
            f"{what} {theirs.get(what)} (here {here})"
            for what, here in own.items()
            if theirs.get(what) != here
        ]
        if unlike:
            faults.append(f"{name} has other versions: {', '.join(unlike)}. Install the same.")
    if faults:
        told = "\n".join(f"- {fault}" for fault in faults)
        raise UsageError(f"these workers would not give the same answers:\n{told}")


def _of_plan(plan: Plan, block: int, numbers: range) -> Made:
    return block, _run_of(plan)(numbers)


@lru_cache(maxsize=1)
def _run_of(plan: Plan) -> Callable[[range], list[Row]]:
    one_thread()
    return runner(plan)


def versions() -> dict[str, str]:
    """Return what a row may depend on beside the study: the engine's own code, and libraries."""
    found = {"engine": engine_digest(), "Python": ".".join(platform.python_version_tuple()[:2])}
    for library in _LIBRARIES:
        try:
            found[library] = version(library)
        except PackageNotFoundError:
            found[library] = "none"
    return found


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """Return 12 digits that differ where the engine's code does."""
    root = Path(__file__).parents[2]
    found = sha256()
    for file in sorted(root.rglob("*.py")):
        found.update(f"{file.relative_to(root).as_posix()}\0".encode() + file.read_bytes())
    return found.hexdigest()[:12]
