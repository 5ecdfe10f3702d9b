"""t-SNE maps under way: a thread reads the frames of the child process, pages look at the last one.

A thread, so that a click elsewhere does not throw a half-drawn map away. It calls nothing of
Streamlit. Finished maps are kept for everybody, by what was wished for. A map of the same rows
that is there already, of another epoch or another run, is where the next one starts from: never
that of other data, which may be somebody's own file and numbers its rows alike.
"""

import contextlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from centerviz.embedding import tsne
from centerviz.problem import Problem

MOST = 10_000  # rows that form a map; more would take minutes, so the others are placed into it
SEED = 0  # draws those rows
KEPT = 16
AT_ONCE = 2  # maps drawn at the same time; others wait


@dataclass(frozen=True)
class Wish:
    """What makes a map: equal wishes share one."""

    key: tuple  # what tells these rows from any other
    data: str  # what the ids are of: a data set, or the content of a file
    dims: int
    seed: int
    perplexity: int
    name: str  # of the run or file
    epoch: int | None  # of a run

    @property
    def settings(self) -> tuple[int, int, int]:
        """What t-SNE is told."""
        return self.dims, self.seed, self.perplexity


@dataclass
class Job:
    """One map: how far it is, and how it ended."""

    ids: np.ndarray  # (N,) str
    rows: np.ndarray  # (F,) the rows that form the map
    origin: Wish | None  # the map that it starts from; None: a PCA
    frame: tsne.Frame | None = None  # of those rows
    points: np.ndarray | None = None  # (N, dims) of all rows, NaN without a place yet
    problem: Problem | None = None
    done: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def placed(self) -> np.ndarray:
        """The rows that have a place by now."""
        return np.flatnonzero(np.isfinite(self.points).all(axis=1))

    @property
    def placing(self) -> bool:
        """True when the map is formed and the other rows are on their way into it."""
        return self.frame is not None and self.frame.finished and len(self.rows) < len(self.ids)

    @property
    def share(self) -> float:
        """How much of the way is done, 0 to 1."""
        if self.placing:
            return len(self.placed) / len(self.ids)
        return self.frame.iteration / self.frame.iterations if self.frame else 0.0

    @property
    def cut_short(self) -> bool:
        """True for a map that somebody stopped."""
        return self.done and self.frame is not None and not self.complete

    @property
    def complete(self) -> bool:
        """True for a finished map in which every row has its place."""
        formed = self.done and self.problem is None and self.frame is not None
        return formed and self.frame.finished and len(self.placed) == len(self.ids)


@dataclass(frozen=True)
class Jobs:
    """The maps of this server."""

    by_wish: OrderedDict = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))

    def origin_of(self, wish: Wish, ids: np.ndarray) -> Wish | None:
        """The newest map of the same rows of the same data by the same settings."""
        for other, found in reversed(self.by_wish.items()):
            if (
                (other.data, other.settings) == (wish.data, wish.settings)
                and found.complete
                and np.array_equal(found.ids, ids)
            ):
                return other
        return None


@st.cache_resource(show_spinner=False, max_entries=1)
def _jobs() -> Jobs:
    return Jobs()


def job(wish: Wish, x: np.ndarray, ids: np.ndarray) -> Job:
    """The map of `x` (N, D) that is wished for; it begins when it is asked for first."""
    jobs = _jobs()
    with jobs.lock:
        found = jobs.by_wish.get(wish)
        if found is None:
            origin = jobs.origin_of(wish, ids)
            start = None if origin is None else jobs.by_wish[origin].points
            found = jobs.by_wish[wish] = Job(ids, _forming(len(x)), origin)
            arguments = (found, jobs.slots, x, wish, start)
            threading.Thread(target=_draw, args=arguments, daemon=True).start()
        jobs.by_wish.move_to_end(wish)
        while len(jobs.by_wish) > KEPT:
            jobs.by_wish.popitem(last=False)[1].stop.set()
    return found


def again(wish: Wish) -> None:
    """Forget a map, so that it is drawn anew."""
    jobs = _jobs()
    with jobs.lock:
        jobs.by_wish.pop(wish, None)


def _forming(n: int) -> np.ndarray:
    """The rows that form the map: all, or a sample of them in their order."""
    return np.sort(np.random.default_rng(SEED).permutation(n)[:MOST])


def _draw(
    found: Job, slots: threading.Semaphore, x: np.ndarray, wish: Wish, start: np.ndarray | None
) -> None:
    with slots:
        try:
            _form(found, x[found.rows], wish, None if start is None else start[found.rows])
            if found.frame.finished and not found.stop.is_set():
                _place(found, x, wish.seed)
        except Problem as problem:
            found.problem = problem
        finally:
            found.done = True


def _form(found: Job, x: np.ndarray, wish: Wish, start: np.ndarray | None) -> None:
    """Optimise the map of the forming rows, frame by frame."""
    way = tsne.frames(x, wish.dims, wish.seed, float(wish.perplexity), start)
    with contextlib.closing(way) as frames:
        for frame in frames:
            points = np.full((len(found.ids), wish.dims), np.nan, dtype=np.float32)
            points[found.rows] = frame.points
            found.points, found.frame = points, frame
            if found.stop.is_set():
                break


def _place(found: Job, x: np.ndarray, seed: int) -> None:
    """Put the other rows into the map, some thousand at a time."""
    others = np.setdiff1d(np.arange(len(x)), found.rows)
    way = tsne.placements(x[others], x[found.rows], found.frame.points, seed)
    with contextlib.closing(way) as parts:
        for part in parts:
            points = found.points.copy()
            points[others[: len(part)]], others = part, others[len(part) :]
            found.points = points
            if found.stop.is_set():
                break
