"""The run directory, the only truth about a run: reading, listing, creating, deleting.

A run directory holds config.json, status.json, epochs.jsonl, snapshots/, provenance.json; a run
that is done also model.safetensors and embeddings.parquet, any other one its checkpoint.
Nothing in it is a pickle, and whatever somebody put there is read as data.
"""

import errno
import os
import re
import secrets
import shutil
import time
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from centerviz.data.embeddings import Embeddings, unit_rows
from centerviz.data.sources import DATASETS
from centerviz.embedding.health import Vitals
from centerviz.learning.config import TrainConfig, checked
from centerviz.problem import Problem
from centerviz.runs import lock, record, status
from centerviz.runs.files import read_json, write_json
from centerviz.runs.status import Status

CONFIG = "config.json"
EMBEDDINGS = "embeddings.parquet"
PROVENANCE = "provenance.json"
LOCK = "lock"
STOP = "stop"
SHIPPED = Path(__file__).parents[2] / "sample_data" / "runs"
SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")
GRACE = 60.0  # seconds that a queued run may wait for its queue to start


@dataclass(frozen=True)
class Snapshot:
    """What one epoch looked like."""

    epoch: int
    features: np.ndarray  # (E, D) float32 raw features of the evaluation subset
    predicted: np.ndarray  # (E,) int32, −1 without a classifier
    centers: np.ndarray  # (C, D) float32, kept
    means: np.ndarray  # (C, D) float32, true; NaN rows for absent classes


@dataclass(frozen=True)
class SnapshotRows:
    """Which samples the snapshots show."""

    ids: np.ndarray  # (E,) str
    labels: np.ndarray  # (E,) int64
    splits: np.ndarray  # (E,) str
    class_names: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """One run directory. Everything is read when asked for; nothing is kept."""

    path: Path

    @property
    def id(self) -> str:
        """Its name, unique under its root."""
        return self.path.name

    @property
    def config(self) -> TrainConfig:
        """The settings; those called auto are filled in once it has begun."""
        return checked(read_json(self.path / CONFIG))

    @property
    def problem(self) -> Problem | None:
        """Why this directory is not a readable run, or None."""
        try:
            _ = self.config, status.read(self.path), record.last_line(self.path)
        except Problem as problem:
            return problem
        return None

    @property
    def status(self) -> Status:
        """Where it stands; "running" and "queued" only while somebody really works on it."""
        try:
            _ = self.config
            return self.standing(status.read(self.path))
        except Problem as problem:
            return Status("damaged").saying(problem)

    def standing(self, found: Status) -> Status:
        """What a status that was just read means now. Raises Problem as reading it again does."""
        if found.state == "running" and not lock.is_held(self.path / LOCK):
            found = status.read(self.path)  # it may have ended between the two looks
            if found.state == "running":
                return replace(found, state="interrupted")
        if found.state == "queued" and self._forgotten(found):
            return replace(found, state="interrupted")
        return found

    def _forgotten(self, found: Status) -> bool:
        """Queued, but the queue it was waiting in has ended."""
        age = abs(time.time() - found.heartbeat)  # the clock may have been set back
        if os.environ.get("CENTERVIZ_CLUSTER") or age < GRACE:
            return False
        return not lock.is_held(cluster_folder(self.path.parent) / LOCK)

    def provenance(self) -> dict:
        """Versions, device, checksum of the data, times, name and parent; {} when unreadable."""
        try:
            return read_json(self.path / PROVENANCE)
        except Problem:
            return {}

    def epoch_lines(self) -> list[dict]:
        """One dict per finished epoch: losses, per class too, accuracy, vitals, findings."""
        return record.lines(self.path)

    def epochs(self) -> pd.DataFrame:
        """One row per finished epoch with every single number, NaN where there is none.

        Columns: those of Epoch, accuracy_train, accuracy_val, accuracy_test, drift (mean over the
        classes), and the numbers among the vitals as vitals_….
        """
        lines = self.epoch_lines()
        try:
            return pd.DataFrame(map(_scalars, lines), columns=_COLUMNS, dtype=float)
        except (ArithmeticError, TypeError, ValueError):
            raise _not_there(self, record.EPOCHS) from None

    def accuracy(self) -> float | None:
        """Of the last finished epoch, on test; on train where there is no test split."""
        return record.accuracy_of(record.last_line(self.path))

    def snapshot_epochs(self) -> list[int]:
        """The epochs whose features are there, in order."""
        files = (self.path / record.SNAPSHOTS).glob("*.safetensors")
        return sorted(int(file.stem) for file in files if file.stem.isdigit())

    def snapshot(self, epoch: int) -> Snapshot:
        """The features of one epoch. Raises Problem when there is no such snapshot."""
        found = record.tensors(record.snapshot_file(self.path, epoch))
        try:
            return Snapshot(epoch, **{k: found[k] for k in _ARRAYS})
        except KeyError:
            raise _not_there(self, f"{epoch:05d}.safetensors") from None

    def rows(self) -> SnapshotRows:
        """The samples of the snapshots. Raises Problem before the training has begun."""
        found = read_json(self.path / record.ROWS)
        try:
            return SnapshotRows(
                np.array(found["ids"], dtype=str),
                np.array(found["labels"], dtype=np.int64),
                np.array(found["splits"], dtype=str),
                tuple(map(str, found["class_names"])),
            )
        except (KeyError, TypeError, ValueError):
            raise _not_there(self, record.ROWS) from None

    def embeddings(self) -> Embeddings:
        """The features of all samples of all splits. Raises Problem for a run that isn't done."""
        file = self.path / EMBEDDINGS
        if not file.is_file():
            raise Problem(
                "{run} has no embeddings yet; resume it, or wait until it is done.", run=self.id
            )
        from centerviz.data.tables import read_embeddings

        found = read_embeddings(file, file.name)
        return replace(found, unit_centers=self.config.normalize)  # older files do not say it

    def weights(self) -> dict[str, np.ndarray]:
        """The arrays of the finished model. Raises Problem for a run that isn't done."""
        return record.tensors(self.path / record.MODEL)

    def start(self) -> dict[str, np.ndarray] | None:
        """The weights that it begins with, where it goes on from another run. Raises Problem."""
        file = self.path / record.START
        return record.tensors(file) if file.is_file() else None

    def classifier(self) -> np.ndarray | None:
        """Rows w (C, D) with which w·x scores the classes of x; None without a linear classifier.

        Those of a loss of angles are unit rows: it sees no lengths. Raises Problem as `weights`.
        """
        w = self.weights().get("head.weight")
        return w if w is None or self.config.base == "softmax" else unit_rows(w)


_ARRAYS = ("features", "predicted", "centers", "means")
_SPLITS = ("train", "val", "test")
_VITALS = [f.name for f in fields(Vitals) if f.name not in ("epoch", "rule", "base")]
_COLUMNS = [
    *record.SCALARS,
    *(f"accuracy_{split}" for split in _SPLITS),
    "drift",
    *(f"vitals_{name}" for name in _VITALS),
]


def _not_there(run: Run, file: str) -> Problem:
    return Problem("{file} of {run} cannot be read.", file=file, run=run.id)


def _scalars(line: dict) -> dict:
    accuracy, drift = line.get("accuracy") or {}, line.get("drift") or []
    known = [value for value in drift if value is not None]
    vitals = line.get("vitals") or {}
    return {
        **{name: line.get(name) for name in record.SCALARS},
        **{f"accuracy_{split}": accuracy.get(split) for split in _SPLITS},
        "drift": sum(known) / len(known) if known else None,
        **{f"vitals_{name}": vitals.get(name) for name in _VITALS},
    }


def runs_root() -> Path:
    """Where runs are kept: CENTERVIZ_RUNS, or the folder runs here."""
    return Path(os.environ.get("CENTERVIZ_RUNS") or "runs").expanduser().absolute()


def cluster_folder(root: Path) -> Path:
    """Where the cluster of a root keeps its address, lock and log."""
    return root / ".cluster"


def open_run(which: str | Path, root: Path | None = None) -> Run:
    """A run by its id (str: under `root`, then among the shipped ones) or by its directory (Path).

    An id comes from anybody's link: letters, digits, dashes, dots and underscores only. Raises
    Problem when there is no such run; a damaged one is opened, and says so.
    """
    if isinstance(which, Path):
        if not (which / CONFIG).is_file() and not (which / status.FILE).is_file():
            raise Problem("{path} is not a run directory: it has no config.json.", path=which)
        return Run(which.absolute())
    if SAFE_ID.fullmatch(which):
        for folder in (root or runs_root(), SHIPPED):
            if (folder / which).is_dir():
                return Run((folder / which).absolute())
    raise Problem("There is no run {run}; list the runs to see which there are.", run=which[:120])


def list_runs(root: Path | None = None) -> list[Run]:
    """The runs under `root`, newest first; half-written, damaged and foreign directories too."""
    folder = root or runs_root()
    if not folder.is_dir():
        return []
    found = [p for p in folder.iterdir() if p.is_dir() and not p.name.startswith(".")]
    return sorted((Run(p.absolute()) for p in found), key=_age, reverse=True)


def shipped_runs() -> list[Run]:
    """The finished runs that come with the repository, by name."""
    return sorted(list_runs(SHIPPED), key=lambda run: run.id)


def _age(run: Run) -> tuple[str, str]:
    created = run.provenance().get("created")
    if not isinstance(created, str):
        try:
            created = datetime.fromtimestamp(run.path.stat().st_mtime, UTC).isoformat()
        except OSError:  # deleted a moment ago
            created = ""
    return created, run.id


def create_run(
    config: TrainConfig,
    root: Path | None = None,
    name: str | None = None,
    parent: Run | None = None,
    experiment: str = "",
) -> Run:
    """A new run directory, queued. It appears under its id in one step, whole.

    `name` is what people call it, the id is made from it and the time, so that no id comes back
    after a deletion; `parent` is the finished run whose weights it begins with, which are copied,
    `experiment` the id that it shares with the other runs of its experiment. Raises Problem when
    the place cannot be written or the parent has no weights.
    """
    root = (root or runs_root()).absolute()
    config = _anchored(config)
    staged = root / f".new-{secrets.token_hex(8)}"
    try:
        (staged / record.SNAPSHOTS).mkdir(parents=True)
        write_json(staged / CONFIG, config.model_dump())
        created = datetime.now(UTC).isoformat()
        known = {
            "name": name or "",
            "parent": parent.id if parent else "",
            "experiment": experiment,
            "created": created,
        }
        write_json(staged / PROVENANCE, known)
        if parent is not None:
            _inherit(parent, staged)
        status.write(staged, Status("queued", epochs=config.epochs))
        when = datetime.now().strftime("%Y%m%d-%H%M%S")
        return _placed(staged, root, f"{slug(name or described(config))}-{when}")
    except OSError as error:
        shutil.rmtree(staged, ignore_errors=True)
        raise Problem(
            "No run can be written under {root}: {reason}.", root=root, reason=error.strerror
        ) from None


def _inherit(parent: Run, staged: Path) -> None:
    """Copy the weights of a finished run: the new one does not need it any more."""
    if not (parent.path / record.MODEL).is_file():
        shutil.rmtree(staged, ignore_errors=True)
        raise Problem("{run} has no finished weights to go on from.", run=parent.id)
    shutil.copyfile(parent.path / record.MODEL, staged / record.START)


def _placed(staged: Path, root: Path, stem: str) -> Run:
    """Rename the whole directory to the first free id; the rename fails where one is taken."""
    taken = 1
    while True:
        place = root / (stem if taken == 1 else f"{stem}-{taken}")
        try:
            staged.rename(place)
            return Run(place)
        except OSError as error:
            if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
                raise
            taken += 1


def _anchored(config: TrainConfig) -> TrainConfig:
    """A path among the data sets is kept whole: a worker runs in another folder."""
    if config.dataset.partition(":")[0] in DATASETS:
        return config
    return config.model_copy(update={"dataset": str(Path(config.dataset).expanduser().absolute())})


def described(config: TrainConfig) -> str:
    """What a run without a name is called: its data set and what differs from the defaults."""
    data = Path(config.dataset.partition(":")[0]).stem
    changed = config.differences(TrainConfig(dataset=config.dataset))
    return f"{data} {in_words({name: value for name, (value, _) in changed.items()})}".strip()


def in_words(settings: dict[str, object]) -> str:
    """Settings as part of a run's name.

    >>> in_words({"center_weight": 0.10, "normalize": True})
    'center_weight 0.1 normalize true'
    """
    return " ".join(
        f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}".lower()
        for name, value in settings.items()
    )


def slug(text: str) -> str:
    """Letters, digits and dashes of a text.

    >>> slug("My run, λ=0.1!")
    'My-run-0-1'
    """
    words = re.findall(r"[A-Za-z0-9]+", text)
    return "-".join(words)[:60].strip("-") or "run"
