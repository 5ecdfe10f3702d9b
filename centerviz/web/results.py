"""Finished runs and what is read from them, remembered by run and file time. No torch."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from centerviz.data.embeddings import Embeddings
from centerviz.embedding.details import details
from centerviz.embedding.measure import measure
from centerviz.problem import Problem
from centerviz.runs.store import EMBEDDINGS, SHIPPED, Run, list_runs, open_run, shipped_runs

PAGES = Path(__file__).parents[2] / "pages"


def finished() -> list[Run]:
    """The runs that are done: own ones, newest first, then those that come with CenterViz."""
    return [
        run for run in (*list_runs(), *shipped_runs()) if run.status.state == "done" and _opens(run)
    ]


def _opens(run: Run) -> bool:
    """Does its id lead to it, can its settings be read, and are its embeddings there?"""
    try:
        found = open_run(run.id).path == run.path and bool(run.config)
        return found and (run.path / EMBEDDINGS).is_file()
    except Problem:
        return False


def run_at(path: str) -> Run:
    """The run in a directory."""
    return Run(Path(path))


def default_pair(runs: Sequence[Run]) -> tuple[str, str] | None:
    """The pair to begin with: shipped before own, two dimensions first; λ = 0 is the baseline."""
    pairs = {}
    for run in runs:
        config = run.config
        without = config.model_copy(update={"center_weight": 0.0})
        kind = (run.path.parent != SHIPPED, config.dim != 2, config.dataset, str(without))
        pairs.setdefault(kind, []).append((config.center_weight, run.id))
    for kind in sorted(pairs):
        (least, one), (most, other) = min(pairs[kind]), max(pairs[kind])
        if least == 0 < most:
            return one, other
    return (runs[1].id, runs[0].id) if len(runs) > 1 else None


def missing(names: Sequence[str], ids: Sequence[str]) -> Problem | None:
    """What is wrong with a link that names these runs while there are `ids`, if anything is."""
    gone = ", ".join(dict.fromkeys(name for name in names if name not in ids))
    if not gone:
        return None
    return Problem("The link asks for {name}, which is not here.", name=gone[:120])


def wants_unit(run_id: str) -> bool:
    """True for a run whose center loss works on unit features: they are its natural view."""
    return open_run(run_id).config.normalize


def link(page: str, label: str, query: dict[str, str], icon: str) -> None:
    """A link to another page with what it shows in its address, if that page is there."""
    file = PAGES / f"{page}.py"
    if file.is_file():
        st.page_link(file, label=label, icon=icon, query_params=query)


def opened(run_id: str) -> tuple[str, int]:
    """What names a run's embeddings in a cache: its directory, and when they were written.

    Raises Problem when there is no such run or it isn't done.
    """
    run = open_run(run_id)
    try:
        return str(run.path), (run.path / EMBEDDINGS).stat().st_mtime_ns
    except OSError:
        run.embeddings()  # says in a sentence what is missing
        raise Problem("{run} has no embeddings.", run=run_id) from None


@st.cache_resource(max_entries=8, show_spinner=False)
def embeddings(path: str, written: int) -> Embeddings:
    """All rows of all splits of a run. Shared: do not write into its arrays."""
    return run_at(path).embeddings()


@st.cache_data(max_entries=64, show_spinner=False)
def measured(path: str, written: int, split: str | None) -> dict:
    """The document of `measure --json` for one split of a run."""
    return measure(embeddings(path, written), split)


@st.cache_data(max_entries=64, show_spinner=False)
def detailed(path: str, written: int, split: str | None) -> dict:
    """The numbers of `details` for one split of a run, with its classifier."""
    run = run_at(path)
    return details(embeddings(path, written), split, run.classifier(), run.config.normalize)


def splits(path: str, written: int) -> list[str]:
    """The splits that a run has embeddings of, those with labels of their own first."""
    found = embeddings(path, written).splits
    present = set() if found is None else set(found.tolist())
    return [name for name in ("verify", "test", "val", "train") if name in present]
