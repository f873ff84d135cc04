"""Jobs: what the server has others do, in two lanes, one thing after the other in each.

In the lane `make` stands what is recorded, and everybody may watch it. In the lane `try` stands what somebody waits for at this
moment, as a preview: of one owner only the newest counts, the ones before are stopped.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Literal

from palimpsest.errors import Cancelled, NotFound, PalimpsestError
from palimpsest.studio.studio import Studio
from palimpsest.web.tasks import TASKS
from palimpsest.web.worker import Answer, Worker

Lane = Literal["make", "try"]
State = Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]
ENDED = ("done", "failed", "cancelled", "interrupted")
_REMEMBERED = 100
"""So many jobs that have ended can still be asked for."""
_PATIENCE = 5.0
"""A worker that has not stopped so many seconds after it was asked to is ended."""


@dataclass
class Job:
    """One task and how far it is."""

    kind: str
    label: str
    arguments: dict[str, Any]
    lane: Lane
    owner: str
    made: str
    resumed: bool = False
    """Whether a server that was stopped had begun it."""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    state: State = "waiting"
    progress: float = 0.0
    saying: str = ""
    result: Any = None
    error: PalimpsestError | None = None
    ended: Future[Any] = field(default_factory=Future, repr=False)

    def as_json(self) -> dict[str, Any]:
        """Write it as plain values."""
        names = ("id", "kind", "label", "state", "progress", "saying", "result", "made", "resumed")
        wrong = {"problem": self.error.problem, "remedy": self.error.remedy} if self.error else None
        return {name: getattr(self, name) for name in names} | {"error": wrong, "asked": self.arguments}


class Jobs:
    """The jobs of a server. Safe to use from several threads.

    `told` is called whenever one in the lane `make` has changed, `keep` with all of them that have not ended, to be resumed.
    """

    def __init__(
        self,
        studio: Studio,
        told: Callable[[Job], None] = lambda _: None,
        keep: Callable[[list[dict[str, Any]]], None] = lambda _: None,
    ) -> None:
        self._studio = studio
        self._told = told
        self._keep = keep
        self._lock = threading.RLock()
        self._jobs: dict[str, Job] = {}
        self._workers: dict[Lane, Worker] = {}
        self._running: dict[Lane, Job] = {}
        self._closed = False

    def warm(self) -> None:
        """Start the workers before anybody asks."""
        with self._lock:
            for lane in ("try", "make"):
                self._worker(lane)

    def submit(self, kind: str, label: str, arguments: Mapping[str, Any], lane: Lane = "make", owner: str = "") -> Job:
        """Take a task on; it begins as soon as its lane is free."""
        return self._take_on(Job(kind, label, dict(arguments), lane, owner, self._studio.clock()))

    def resume(self, wishes: Sequence[Mapping[str, Any]]) -> None:
        """Take on again what a server that was stopped had not ended; what was resumed before is only told of."""
        for wish in wishes:
            kind, label, arguments = wish.get("kind"), wish.get("label"), wish.get("arguments")
            if not isinstance(kind, str) or not isinstance(label, str) or not isinstance(arguments, dict):
                continue
            if kind not in TASKS:
                continue
            job = Job(kind, label, arguments, "make", "", self._studio.clock(), resumed=True)
            if wish.get("resumed"):
                words = "The studio was stopped twice while this was being made."
                job.state, job.error = (
                    "interrupted",
                    PalimpsestError(words, "Nothing was lost. Ask for it again, smaller."),
                )
                with self._lock:
                    self._jobs[job.id] = job
            else:
                self._take_on(job)

    def _take_on(self, job: Job) -> Job:
        lane, owner = job.lane, job.owner
        with self._lock:
            if lane == "try" and owner:
                for other in [each for each in self._unended() if each.lane == lane and each.owner == owner]:
                    self.cancel(other.id)
            self._jobs[job.id] = job
            self._forget_old()
            self._told_of(job)
            if lane == "make":
                self._note()
            self._begin_next(lane)
        return job

    def all(self) -> list[Job]:
        """Return what was taken on to be recorded, the oldest first."""
        with self._lock:
            return [job for job in self._jobs.values() if job.lane == "make"]

    def get(self, id: str) -> Job:
        """Return a job.

        Raises:
            NotFound: it is not known, or forgotten.
        """
        with self._lock:
            if id not in self._jobs:
                raise NotFound("job", id[:12], "It may have ended long ago; what it made is in the studio.")
            return self._jobs[id]

    def cancel(self, id: str) -> Job:
        """Stop a job: at once if it waits, else at its next report; a worker that does not listen is ended.

        Raises:
            NotFound: it is not known.
        """
        with self._lock:
            job = self.get(id)
            if job.state == "waiting":
                self._end(job, "cancelled", Cancelled())
            elif job.state == "running":
                worker = self._workers[job.lane]
                worker.cancel(id)
                watch = threading.Timer(_PATIENCE, lambda: None if job.state in ENDED else worker.end())
                watch.daemon = True
                watch.start()
        return job

    def close(self) -> None:
        """End the workers."""
        with self._lock:
            self._closed = True
            for worker in self._workers.values():
                worker.end()
            self._keep([])

    def _unended(self) -> list[Job]:
        return [job for job in self._jobs.values() if job.state not in ENDED]

    def _worker(self, lane: Lane) -> Worker:
        if lane not in self._workers:
            self._workers[lane] = Worker(self._studio.folder, self._studio.settings, self._heard)
        return self._workers[lane]

    def _begin_next(self, lane: Lane) -> None:
        if lane in self._running or self._closed:
            return
        job = next((each for each in self._unended() if each.lane == lane), None)
        if job is not None:
            job.state = "running"
            self._running[lane] = job
            self._told_of(job)
            self._worker(lane).give(job.id, job.kind, job.arguments)

    def _heard(self, worker: Worker, answer: Answer | None) -> None:
        with self._lock:
            lane = next((lane for lane, each in self._workers.items() if each is worker), None)
            if lane is None:
                return
            job = self._running.get(lane)
            if answer is None:
                self._lost(lane, job)
            elif job is not None and answer[0] == job.id:
                self._answered(job, answer[1], answer[2])

    def _answered(self, job: Job, what: str, value: Any) -> None:  # noqa: ANN401 - whatever a task returns
        if what == "progress":
            job.progress = min(1.0, max(job.progress, float(value)))
        elif what == "saying":
            job.saying = str(value)
        elif what == "done":
            job.result, job.progress = value, 1.0
            self._end(job, "done", None)
            return
        else:
            self._end(job, "cancelled" if isinstance(value, Cancelled) else "failed", value)
            return
        self._told_of(job)

    def _lost(self, lane: Lane, job: Job | None) -> None:
        """Say that a worker is gone: it was told to go, or something on this computer ended it."""
        del self._workers[lane]
        if job is not None and not self._closed:
            words = "The process that made this was ended, perhaps for want of memory."
            self._end(job, "failed", PalimpsestError(words, "Nothing was lost. Try it again, or with a smaller work."))

    def _end(self, job: Job, state: State, error: PalimpsestError | None) -> None:
        job.state, job.error = state, error
        if self._running.get(job.lane) is job:
            del self._running[job.lane]
        if error is None:
            job.ended.set_result(job.result)
        else:
            job.ended.set_exception(error)
        self._told_of(job)
        if job.lane == "make":
            self._note()
        self._begin_next(job.lane)

    def _told_of(self, job: Job) -> None:
        if job.lane == "make":
            self._told(job)

    def _note(self) -> None:
        """Keep what has not ended; once the server closes by itself, what it was asked for is given up."""
        making = [job for job in self._unended() if job.lane == "make"]
        names = ("kind", "label", "arguments", "resumed")
        self._keep([{name: getattr(job, name) for name in names} for job in making])

    def _forget_old(self) -> None:
        ended = [job.id for job in self._jobs.values() if job.state in ENDED]
        for id in ended[: max(0, len(ended) - _REMEMBERED)]:
            del self._jobs[id]
