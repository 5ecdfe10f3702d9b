"""What Explore looks at: a run, an embedding that a saved model made, or an uploaded file.

Codes in the address: `run=ID` or `file=NAME`. An upload lives in its session only.

Letters: N rows · D features · C classes.
"""

import hashlib
import re
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.data import formats
from centerviz.data import reading as guessing
from centerviz.data.embeddings import Embeddings, unit_rows
from centerviz.data.oddities import oddities
from centerviz.data.reading import GUESS, Asked
from centerviz.data.tables import read_embeddings
from centerviz.embedding.measure import measure_scatter
from centerviz.embedding.sampling import stratified
from centerviz.embedding.statistics import ClassStatistics
from centerviz.problem import Problem
from centerviz.runs.glance import glance, stamps
from centerviz.runs.store import Run, list_runs, open_run, runs_root, shipped_runs
from centerviz.web import colours, state
from centerviz.web.movie import Reading, Space, metadata, reading, space, stamp
from centerviz.web.results import default_pair

KEPT = ".embeddings"  # beside the runs: what saved models made of other data
PRIVATE = re.compile(r".*-[0-9a-f]{16}\.parquet")  # made of an upload: nobody guesses its name
REVEALED = "explore_kept"  # of those, what this session may see
SAFE_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,200}\.parquet")
MOST_ROWS = 1_000_000  # of a file that are all drawn; numbers use all in any case
MOST_NUMBERS = 32_000_000  # of them in memory, N · D: 256 MB
SOME_ROWS = 100_000  # drawn where there are more, over the density of all
SEED = 0  # draws those rows
MOST_CLASSES = 5_000  # of a file, for the numbers of `measure`: some seconds


@dataclass(frozen=True)
class Shown:
    """Rows in the original space, and what is known about each."""

    name: str
    key: tuple  # what tells this from any other rows, for caches
    space: Space
    labels: np.ndarray | None  # (N,)
    class_names: tuple[str, ...]
    ids: np.ndarray  # (N,) str
    reading: Reading
    total: int  # rows that there are; N of them are shown
    unit: bool  # x are unit features
    splits: np.ndarray | None = None  # (N,) str
    metadata: pd.DataFrame | None = None  # N rows
    data: str = ""  # what the ids are of: a data set, or the content of a file

    @property
    def dim(self) -> int:
        """Features of a row, D."""
        return self.space.x.shape[1]

    @property
    def code(self) -> str:
        """A short code of run or file, for the keys of widgets."""
        return code_of(self.key[0])

    def only(self, rows: np.ndarray) -> "Shown":
        """The rows with the given numbers."""
        if len(rows) == len(self.ids):
            return self
        part = replace(self.space, x=self.space.x[rows], predicted=self.space.predicted[rows])
        labels = None if self.labels is None else self.labels[rows]
        splits = None if self.splits is None else self.splits[rows]
        metadata = None if self.metadata is None else self.metadata.iloc[rows]
        known = {"labels": labels, "splits": splits, "metadata": metadata}
        return replace(self, space=part, ids=self.ids[rows], **known)


def code_of(name: str) -> str:
    """A short code of the directory of a run, or of the key of a file."""
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def codes() -> list[str]:
    """What can be chosen: own runs with an epoch, kept embeddings, shipped runs; newest first."""
    own, shipped = ([run for run in runs if _opens(run)] for runs in (list_runs(), shipped_runs()))
    return [
        *(f"run:{run.id}" for run in own),
        *(f"file:{name}" for name in _kept()),
        *(f"run:{run.id}" for run in shipped),
    ]


def _opens(run: Run) -> bool:
    """Can it be read, and has it an epoch?"""
    return _opens_at(str(run.path), stamps(run))


@st.cache_data(max_entries=4096, show_spinner=False)
def _opens_at(path: str, written: tuple[int, ...]) -> bool:
    found = glance(Run(Path(path)))
    return found.problem is None and found.status.epoch > 0


def _kept() -> list[str]:
    """Kept embeddings: what came of an upload is known only to its session and to its link."""
    kind, _sep, name = (asked() or "").partition(":")
    if kind == "file":
        reveal(name)
    known, folder = st.session_state.get(REVEALED, ()), runs_root() / KEPT
    names = sorted(path.name for path in folder.glob("*.parquet"))
    public = [name for name in names if not PRIVATE.fullmatch(name) or name in known]
    return [name for name in public if SAFE_FILE.fullmatch(name)]


def reveal(name: str) -> None:
    """Let this session see a kept embedding in its list."""
    st.session_state[REVEALED] = {*st.session_state.get(REVEALED, ()), name}


def run_of(code: str) -> Run | None:
    """The run of a code; None for a file. Raises Problem when there is no such run."""
    kind, _sep, name = code.partition(":")
    return open_run(name) if kind == "run" else None


def kept_embeddings(code: str) -> tuple[str, Embeddings]:
    """A kept embedding by its code, with the key of its content."""
    name = code.partition(":")[2]
    path = runs_root() / KEPT / name
    if not SAFE_FILE.fullmatch(name) or not path.is_file():
        raise Problem("There is no embedding {file}; choose another.", file=name[:120])
    written = path.stat().st_mtime_ns
    return f"{name} {written}", _read_file(str(path), written)


@st.cache_resource(max_entries=4, show_spinner=False)
def _read_file(path: str, written: int) -> Embeddings:
    return read_embeddings(Path(path), Path(path).name)


def uploaded_embeddings(
    digest: str, name: str, content: bytes, asked: Asked = GUESS, labels: bytes | None = None
) -> tuple[str, Embeddings]:
    """An upload read by its content, with the key of that; `digest` is that of the content.

    Raises Problem when it cannot be read.
    """
    both = f"{digest} {'' if labels is None else digest_of(labels)}"
    return f"{both} {asked}", _read_upload(both, name, asked, content, labels)


def outlined_upload(digest: str, name: str, content: bytes, asked: Asked) -> guessing.Reading:
    """What can be chosen in an upload. Raises Problem when it cannot be read."""
    return _outlined_upload(digest, name, asked, content)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@st.cache_resource(max_entries=4, show_spinner=False)
def _read_upload(
    digest: str, name: str, asked: Asked, _content: bytes, _labels: bytes | None
) -> Embeddings:
    return read_embeddings(
        _content,
        name,
        labels=_labels,
        label_column=None if _labels is not None else asked.label,
        array=asked.array,
        id_column=asked.id,
        header=asked.header,
        delimiter=asked.delimiter,
        beside=asked.beside,
    )


@st.cache_data(max_entries=32, show_spinner=False)
def _outlined_upload(digest: str, name: str, asked: Asked, _content: bytes) -> guessing.Reading:
    return formats.outlined(_content, name, asked)


@st.cache_data(max_entries=32, show_spinner=False)
def odd(key: str, _embeddings: Embeddings) -> tuple[int, ...]:
    """The counts of what is odd in a file."""
    return astuple(oddities(_embeddings))


def shown_run(run: Run, epoch: int, unit: bool) -> Shown:
    """The evaluation subset of a run in one epoch. Shared: do not write into its arrays."""
    return _shown_run(str(run.path), stamp(run), epoch, unit)


@st.cache_resource(max_entries=16, show_spinner=False)
def _shown_run(path: str, written: int, epoch: int, unit: bool) -> Shown:
    run = Run(Path(path))
    part, rows, key = space(run, epoch, unit), run.rows(), (path, written, epoch, unit)
    accuracy = run.epochs().set_index("epoch")["accuracy_test"].to_dict().get(epoch)
    return Shown(
        name=run.id,
        key=key,
        space=part,
        labels=rows.labels,
        class_names=rows.class_names,
        ids=rows.ids,
        reading=reading(part, rows.labels, accuracy),
        total=len(rows.ids),
        unit=unit,
        splits=rows.splits,
        metadata=metadata(path, written),
        data=run.config.dataset,
    )


def shown_file(key: str, e: Embeddings, split: str | None, unit: bool) -> Shown:
    """The rows of one split of an embedding, or of very many some, and their own means.

    Shared: do not write into its arrays.
    """
    return _shown_file(key, split, unit, e)


@st.cache_resource(max_entries=4, show_spinner=False)
def _shown_file(key: str, split: str | None, unit: bool, _embeddings: Embeddings) -> Shown:
    e = _embeddings
    everything = split is None or e.splits is None
    rows = np.arange(e.n) if everything else np.flatnonzero(e.splits == split)
    total = len(rows)
    if total > max(min(MOST_ROWS, MOST_NUMBERS // e.dim), SOME_ROWS):
        rows = stratified(e.labels, rows, SOME_ROWS, SEED)
    x = unit_rows(e.x[rows]) if unit else e.x[rows].astype(np.float64)
    labels = None if e.labels is None else e.labels[rows]
    means, found = np.empty((0, e.dim)), Reading(None, None, None)
    if labels is not None:
        means = ClassStatistics.from_samples(x, labels, len(e.class_names)).means
        if len(e.class_names) <= MOST_CLASSES:
            numbers = measure_scatter(e, split, unit)
            found = Reading(numbers["ratio"], numbers["fisher"], numbers["nearest_mean_accuracy"])
    centers = e.centers if unit == e.unit_centers else None
    if centers is not None and len(centers) != len(means):
        centers = None
    centers = None if centers is None else centers.astype(np.float64)
    return Shown(
        name=e.source,
        key=(key, split, unit),
        space=Space(x, np.full(len(rows), -1), centers, means),
        labels=labels,
        class_names=e.class_names,
        ids=e.ids[rows],
        reading=found,
        total=total,
        unit=unit,
        splits=None if e.splits is None else e.splits[rows],
        metadata=e.metadata.iloc[rows] if len(e.metadata.columns) else None,
        data=key.partition(" ")[0],  # not how it was read
    )


def colours_of_run(run: Run) -> list[str]:
    """What a run's map can be coloured by."""
    rows, epochs = run.rows(), run.snapshot_epochs()
    guess = run.snapshot(epochs[-1]).predicted if epochs else np.empty(0)
    return colours.offered(rows.labels, guess, rows.splits, metadata(str(run.path), stamp(run)))


def colours_of_file(e: Embeddings) -> list[str]:
    """What the map of a file can be coloured by."""
    return colours.offered(e.labels, np.empty(0), e.splits, e.metadata)


def asked() -> str | None:
    """The code in an address that this session has not followed yet; None without one."""
    links = ((kind, st.query_params.get(kind, "").split(",")[0]) for kind in ("run", "file"))
    code = next((f"{kind}:{name}" for kind, name in links if name), None)
    return None if code == st.session_state.get("explore_asked") else code


def forget_choice() -> None:
    """Take the code out of the address: something else is looked at."""
    st.session_state["explore_asked"] = None
    state.remember(run=None, file=None, epoch=None)


def settle_choice(available: list[str]) -> Problem | None:
    """Decide which code is chosen before its picker is drawn: a new address wins.

    Returns what is wrong with the address, if anything is.
    """
    code, problem = asked(), None
    if code in available:
        st.session_state["explore_code"] = code
    elif code is not None:
        name = code.partition(":")[2][:120]
        problem = Problem("The link asks for {name}, which is not here.", name=name)
    if st.session_state.get("explore_code") not in available:
        st.session_state["explore_code"] = _first(available)
    return problem


def _first(available: list[str]) -> str:
    """What to begin with: the newest own run, else of the shipped ones that of the first page."""
    own = {f"run:{run.id}" for run in list_runs()}
    if available[0] in own:
        return available[0]
    pair = default_pair([run for run in shipped_runs() if not run.problem])
    return f"run:{pair[1]}" if pair else available[0]


def remember_choice(code: str) -> None:
    """Put a code into the address."""
    kind, _sep, name = code.partition(":")
    st.session_state["explore_asked"] = code
    state.remember(run=name if kind == "run" else None, file=name if kind == "file" else None)
