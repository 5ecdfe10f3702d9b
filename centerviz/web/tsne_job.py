"""t-SNE maps under way: a thread reads the frames of the child process, pages look at the last one.

A thread, so that a click elsewhere does not throw a half-drawn map away. It calls nothing of
Streamlit. Finished maps are kept for everybody, by the key of their rows and settings.
"""

import contextlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from centerviz.embedding import tsne
from centerviz.problem import Problem

KEPT = 16
AT_ONCE = 2  # maps drawn at the same time; others wait


@dataclass
class Job:
    """One map: its last frame, and how it ended."""

    frame: tsne.Frame | None = None
    problem: Problem | None = None
    done: bool = False
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def share(self) -> float:
        """How much of the way is done, 0 to 1."""
        return self.frame.iteration / self.frame.iterations if self.frame else 0.0

    @property
    def cut_short(self) -> bool:
        """True for a map that somebody stopped."""
        return self.done and self.frame is not None and not self.frame.finished


@dataclass(frozen=True)
class Jobs:
    """The maps of this server."""

    by_key: OrderedDict = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(AT_ONCE))


@st.cache_resource(show_spinner=False, max_entries=1)
def _jobs() -> Jobs:
    return Jobs()


def job(key: tuple, x: np.ndarray, dims: int, seed: int, perplexity: int) -> Job:
    """The map of `x` (N, D) under `key`; it begins when it is asked for first."""
    jobs, full = _jobs(), (*key, dims, seed, perplexity)
    with jobs.lock:
        found = jobs.by_key.get(full)
        if found is None:
            found = jobs.by_key[full] = Job()
            arguments = (found, jobs.slots, x, dims, seed, perplexity)
            threading.Thread(target=_draw, args=arguments, daemon=True).start()
        jobs.by_key.move_to_end(full)
        while len(jobs.by_key) > KEPT:
            jobs.by_key.popitem(last=False)[1].stop.set()
    return found


def again(key: tuple, dims: int, seed: int, perplexity: int) -> None:
    """Forget a map, so that it is drawn anew."""
    jobs = _jobs()
    with jobs.lock:
        jobs.by_key.pop((*key, dims, seed, perplexity), None)


def _draw(
    found: Job,
    slots: threading.Semaphore,
    x: np.ndarray,
    dims: int,
    seed: int,
    perplexity: int,
) -> None:
    with slots:
        try:
            with contextlib.closing(tsne.frames(x, dims, seed, float(perplexity))) as frames:
                for frame in frames:
                    found.frame = frame
                    if found.stop.is_set():
                        break
        except Problem as problem:
            found.problem = problem
        finally:
            found.done = True
