"""What the screens share: the table, the workers, and what was worked out last."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from evaluator.errors import EvaluatorError
from evaluator.questions.weighing.open_ratings import OpenRating
from evaluator.questions.weighing.parting import Parting
from evaluator.report.formatting.names import study_names
from evaluator.report.html.isolating import isolated_in
from evaluator.report.html.page import said
from evaluator.workbench.access import Who
from evaluator.workbench.events import Events
from evaluator.workbench.session import Act, Board, Session, Step, Table, board_of, share
from evaluator.workbench.solving import Begin, Solver, Worker
from evaluator.workbench.solving.draws import Drawn, DrawsOf
from evaluator.workbench.solving.effect import Compared, Effect, EffectOf
from evaluator.workbench.solving.keeping import Kept, Values, key_of
from evaluator.workbench.solving.memo import MemoOf
from evaluator.workbench.solving.parting import MetOf, OpenOf, PartingOf, SidesOf
from evaluator.workbench.solving.screen import Screen, ScreenOf, Told, in_words
from evaluator.workbench.solving.standing import Stood

T = TypeVar("T")
_KEPT = 64
_STOOD = 256
"""Settings of which it is kept how all packages stand under them: some kilobytes each."""
_EVERY = 1.0
"""Seconds between two looks at whether another process wrote to the session."""


@dataclass(frozen=True)
class Setting:
    """How a workbench is set up."""

    table: Table
    out: Path
    """Where runs go."""
    workers: int = 2
    seconds: float = 60
    """That a solve may take."""
    begin: Begin = Worker
    """Who solves. What reads or writes files is done by a process of our own."""


@dataclass(frozen=True)
class Shown:
    """The screens of a session, as they were solved last."""

    session: Session
    screen: Screen


class Desk:
    """Used within one event loop."""

    def __init__(self, setting: Setting, events: Events) -> None:
        """Begin the workers."""
        self.setting = setting
        self.table = setting.table
        self.events = events
        keep = partial(Kept, setting.table.study)
        self.solver = Solver(keep, setting.workers, setting.seconds, setting.begin)
        self.here = self.solver
        """What reads or writes files of this machine is asked of it."""
        if setting.begin is not Worker:
            self.here = Solver(keep, 1, setting.seconds)
        self._known: OrderedDict[str, asyncio.Future[Any]] = OrderedDict()
        self._stood: OrderedDict[str, Stood] = OrderedDict()
        self._board: Board | None = None
        self._wanted: dict[frozenset[str], Session] = {}
        self._shown: dict[frozenset[str], Shown] = {}
        self._solving: dict[frozenset[str], asyncio.Task[None]] = {}
        self.names = study_names(setting.table.study)
        self.said, self.isolated = said(setting.table.study), isolated_in(setting.table.study)
        self._watch = asyncio.create_task(self._watching())

    async def board(self) -> Board:
        """Return what stands at the table, as the record has it; read anew once it has grown."""
        number = await asyncio.to_thread(self.table.head)
        if self._board is None or self._board.number < number:
            self._board = await asyncio.to_thread(board_of, self.table)
        self.events.tell(self._board.session.version, self._board.number)
        return self._board

    @property
    def number(self) -> int:
        """The number of the last entry of the record, as it was read last."""
        return self._board.number if self._board else 0

    async def session(self) -> Session:
        """Return the session, whoever asks."""
        return (await self.board()).session

    async def share(self, who: Who, act: Act) -> Step:
        """Enter an act of a person into the session, and tell every screen of it.

        Raises NotAllowedError where it sets what is not theirs to set; see `session.share`.
        """
        who.hold_may_set(one.set for one in act.settings)
        step = await self.apart(share, self.table, act)
        await self.board()
        return step

    async def apart(self, work: Callable[..., T], *given: Any) -> T:
        """Return what something comes to that reads or writes the record, in a thread."""
        return await asyncio.to_thread(work, *given)

    async def shown(self, board: Board, *, now: bool = False) -> Shown:
        """Return what is shown of what a person sees.

        now: wait for it as it stands now. Else what was worked out last is shown while the next is
        being solved: a page comes at once, and catches up by the stream.
        """
        self._wanted[board.hidden] = board.session
        while True:
            there = self._shown.get(board.hidden)
            if there is not None and there.session.version >= board.session.version:
                return there
            if board.hidden not in self._solving:
                task = asyncio.create_task(self._solved(board.hidden))
                task.add_done_callback(partial(self._ended, board.hidden))
                self._solving[board.hidden] = task
            if there is not None and not now:
                return there
            await asyncio.shield(self._solving[board.hidden])

    def _ended(self, hidden: frozenset[str], task: asyncio.Task[None]) -> None:
        self._solving.pop(hidden, None)
        if not task.cancelled():
            task.exception()  # whoever waits has it; it may be nobody

    async def _solved(self, hidden: frozenset[str]) -> None:
        """Solve what is wanted now. Whoever wants something newer by then has it solved next."""
        session = self._wanted[hidden]
        wish = ScreenOf(session.values)
        screen = await self.solver.ask(f"screen {sorted(hidden)}", wish, turn="first")
        self._shown[hidden] = Shown(session, screen)
        self._keep({key_of(session.values): screen.stood})

    async def effect(self, before: Values, after: Values) -> Effect:
        """Return what a step did; of drafts, whose newest alone counts, see `draft`."""
        told = f"{key_of(before)} {key_of(after)}"
        return await self._compared(before, after, lambda wish: self._once("effect", wish, told))

    async def _compared(
        self, before: Values, after: Values, ask: Callable[[EffectOf], Awaitable[Compared]]
    ) -> Effect:
        """Return what settings do against others; what is known to stand is not solved again."""
        keys = key_of(before), key_of(after)
        sides = (
            self._stood.get(key, side) for key, side in zip(keys, (before, after), strict=True)
        )
        found = await ask(EffectOf(*sides))
        self._keep(dict(zip(keys, found.sides, strict=True)))
        return found.effect

    def _keep(self, stood: Mapping[str, Stood]) -> None:
        """Keep how packages stand under settings, those of which it was asked last."""
        for key, one in stood.items():
            self._stood.pop(key, None)
            self._stood[key] = one
        while len(self._stood) > _STOOD:
            self._stood.popitem(last=False)

    def words(self, settings: Sequence[tuple[str, Any, Any]]) -> tuple[Told, ...]:
        """Return keys that were set as people read them; see `in_words`."""
        return in_words(self.table.study, self.names, settings)

    async def draft(self, who: Who, before: Values, after: Values) -> Effect:
        """Return what a person's draft would do. Raises SupersededError for all but the newest."""
        return await self._compared(
            before, after, lambda wish: self.solver.ask(f"draft {who.id}", wish)
        )

    async def drawn(self, who: Who, before: Values, after: Values) -> Drawn:
        """Return what the draws say of a person's draft; see `draft`."""
        found: Drawn = await self.solver.ask(f"draws {who.id}", DrawsOf(before, after), turn="late")
        return found

    async def parting(self, wish: PartingOf) -> Parting:
        """Return where two sides part."""
        found: Parting = await self._once("parting", wish)
        return found

    async def between(self, wish: SidesOf | MetOf) -> Effect:
        """Return what two sides alone would do, or one criterion on which they met."""
        found: Effect = await self._once(type(wish).__name__, wish)
        return found

    async def open_ratings(self, wish: OpenOf) -> tuple[OpenRating, ...]:
        """Return what is missing or split in the ratings, and what hangs on it."""
        found: tuple[OpenRating, ...] = await self._once("open", wish)
        return found

    async def memo(self, wish: MemoOf) -> bytes:
        """Return the memo of a run, as of what was said last."""
        told = wish.said.model_dump_json()
        found: bytes = await self._once(f"memo {wish.ending}", wish, told, here=True)
        return found

    async def _once(self, kind: str, wish: Any, told: str = "", *, here: bool = False) -> Any:
        """Return an answer that many may ask for and that is worked out once.

        told: what sets a wish apart, where not all of it is plain.
        """
        key = f"{kind} {told or json.dumps(vars(wish), sort_keys=True)}"
        if key not in self._known:
            self._known[key] = asyncio.ensure_future(
                (self.here if here else self.solver).ask(key, wish)
            )
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        asked = self._known[key]
        try:
            return await asyncio.shield(asked)
        except Exception:
            self._known.pop(key, None)
            raise

    async def _watching(self) -> None:
        """Look at what others wrote, and have the screens solved before anyone asks."""
        while True:
            with suppress(EvaluatorError):  # whoever asks for something is told
                await self.shown(await self.board())
            await asyncio.sleep(_EVERY)

    async def close(self) -> None:
        """End streams and workers."""
        self.events.end()
        self._watch.cancel()
        await self.solver.close()
        if self.here is not self.solver:
            await self.here.close()
