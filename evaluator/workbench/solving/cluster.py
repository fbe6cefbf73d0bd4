"""Workers of a Dask cluster: each has the study, and answers what a process of our own would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from evaluator.questions.sweep.engines import one_thread
from evaluator.workbench.solving.process import Wish, answered


@dataclass(frozen=True)
class Cluster:
    """A cluster whose workers are as this process; see `questions.sweep.engines.cluster`."""

    dask: Any
    client: Any

    def worker(self, keep: Callable[[], Any]) -> ClusterWorker:
        """Return a place at which one wish at a time is answered, by whichever worker is free.

        keep: sent to the workers, and called once in each.
        """
        return ClusterWorker(self, self.client.scatter(keep, broadcast=True, hash=False))


class ClusterWorker:
    """See `Worker`: the same, but that the process is not ours to end."""

    number = None

    def __init__(self, cluster: Cluster, sent: Any) -> None:
        self._cluster, self._sent = cluster, sent

    @property
    def alive(self) -> bool:
        """Whether the scheduler is there."""
        return bool(self._cluster.client.status == "running")

    def ask(self, wish: Wish, seconds: float) -> Any:
        """Return the answer to a wish. Raises as `Worker.ask` does.

        What takes too long is waited for no more; it keeps its worker until it ends.
        """
        dask, client = self._cluster.dask, self._cluster.client
        future = client.submit(_answered, self._sent, wish, pure=False)
        try:
            done, answer = future.result(timeout=seconds)
        except TimeoutError:
            future.cancel()
            raise
        except (dask.scheduler.KilledWorker, dask.CancelledError, dask.client.FutureCancelledError):
            raise EOFError from None
        except OSError:  # the scheduler is gone
            raise EOFError from None
        if not done:
            raise answer
        return answer

    def end(self) -> None:
        """Let what was sent go."""
        self._sent.release()


def _answered(keep: Callable[[], Any], wish: Wish) -> tuple[bool, Any]:
    return answered(wish, _kept(keep))


@lru_cache(maxsize=2)
def _kept(keep: Callable[[], Any]) -> Any:
    """Return what a worker keeps; by the object that was sent, which Dask holds on to."""
    one_thread()
    return keep()
