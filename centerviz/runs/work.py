"""work: train a run to its end, or to a stop. One path for the command line and for workers.

Only who holds the run's lock writes in its directory.
"""

import contextlib
import errno
import hashlib
import importlib.metadata
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from centerviz import __version__
from centerviz.data.dataset import Dataset
from centerviz.data.parquet import write_embeddings
from centerviz.data.sources import drawing, load_dataset
from centerviz.embedding.health import findings
from centerviz.language import N_
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import Epoch, Progress
from centerviz.learning.plan import Plan
from centerviz.problem import Problem
from centerviz.runs import lock, record, slots, status
from centerviz.runs.files import write_json
from centerviz.runs.model import embedded
from centerviz.runs.status import Status
from centerviz.runs.store import CONFIG, EMBEDDINGS, LOCK, PROVENANCE, STOP, Run, cluster_folder

BEAT = 0.5  # seconds between two signs of life
CHANGED = N_(
    "The data set {name} has changed since this run began; bring the old one back or start a new "
    "run."
)
NO_ROOM = N_(
    "Nothing more can be written: {reason}. Make room and resume it; its finished epochs are kept."
)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
UNEXPECTED = N_("The training ended with an unexpected error: {error}.")
PARTS = ("numpy", "torch", "scikit-learn", "safetensors")


def prepared(
    config: TrainConfig, start: dict[str, np.ndarray] | None = None
) -> tuple[TrainConfig, Dataset]:
    """The config with every auto filled in, and its data set; `start`: weights to begin with.

    Raises Problem for whatever can be known to be wrong before a run directory exists.
    """
    dataset = load_dataset(config.dataset)
    from centerviz.learning import learner

    config = learner.resolved(config, dataset)
    made = learner.learner(config, dataset)  # the network fits the samples
    if start is not None:
        learner.adopt(made, start)
    return config, dataset


def check(plan: Plan, start: dict[str, np.ndarray] | None = None) -> None:
    """Raise Problem for whatever can be known to be wrong with one of a plan's runs."""
    from centerviz.learning import learner

    dataset = load_dataset(plan.base.dataset)
    for config in {config.model_copy(update={"seed": 0}) for config in plan.configs()}:
        made = learner.learner(learner.resolved(config, dataset), dataset)
        if start is not None:
            learner.adopt(made, start)


def work(run: Run, on_event: Callable[[Progress | Epoch], None] | None = None) -> Status:
    """Train `run` from where it stands; returns its status: done, stopped or failed.

    `on_event` hears of each Progress and, once it is committed, of each Epoch. Raises Busy when
    somebody else works on the run; errors that are no Problem are written down and raised.
    """
    with lock.hold(run.path / LOCK):
        if status.read(run.path).state == "done":
            record.finish(run.path)
            return run.status
        try:
            with _room(), _gpu(run):
                now = _train(run, on_event or (lambda event: None))
        except Problem as problem:
            now = replace(_last(run), state="failed").saying(problem)
        except (KeyboardInterrupt, SystemExit):
            status.write(run.path, replace(_last(run), state="interrupted"))
            raise
        except BaseException as error:
            told = Problem(UNEXPECTED, error=f"{type(error).__name__}: {error}")
            status.write(run.path, replace(_last(run), state="failed").saying(told))
            raise
        finally:
            (run.path / STOP).unlink(missing_ok=True)
        return _ended(run, now)


def _ended(run: Run, now: Status) -> Status:
    """Write the last status down; where there is no room for it the run reads as interrupted."""
    try:
        with _room():
            status.write(run.path, now)
    except Problem as problem:
        return replace(now, state="failed").saying(problem)
    if now.state == "done":
        record.finish(run.path)
    return status.read(run.path)


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """Raise Problem where a disk is full, a quota is used up or a folder has become read-only."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise Problem(NO_ROOM, reason=error.strerror) from None


@contextlib.contextmanager
def _gpu(run: Run) -> Iterator[None]:
    """A GPU of this machine that no other run under the same root uses, where the run wants one.

    While it waits for one the run is queued.
    """

    def asked_to_stop() -> bool:
        status.write(run.path, replace(_last(run), state="queued"))
        return (run.path / STOP).exists()

    devices = []
    if not (run.path / STOP).exists():
        from centerviz.learning.learner import cuda_devices, use_cuda_device

        devices = cuda_devices(run.config.device)
    names = [f"gpu-{platform.node()}-{number}" for number in devices]
    with slots.hold_one(cluster_folder(run.path.parent), names, asked_to_stop) as place:
        if place >= 0:
            use_cuda_device(devices[place])
        yield


def _last(run: Run) -> Status:
    """The status on which the next one builds: no message, and the epochs that are committed."""
    epoch = record.committed(run.path)
    return replace(status.read(run.path), epoch=epoch, step=0, steps=0, template="", values={})


def _train(run: Run, on_event: Callable) -> Status:
    """Everything between taking the lock and the last status."""
    if (run.path / STOP).exists():
        return replace(_last(run), state="stopped")
    from centerviz.learning import loop

    now = replace(_last(run), state="running")
    status.write(run.path, now)
    if not _drawn(run, now):
        return replace(_last(run), state="stopped")
    config, dataset = prepared(run.config)
    _begin(run, config, dataset)
    state, lines = record.rewind(run.path)
    vitals, spent = record.history(lines), sum((entry["seconds"] or 0.0 for entry in lines), 0.0)
    now = replace(now, epoch=len(lines), epochs=config.epochs, seconds=spent)
    status.write(run.path, now)
    began = beat = time.monotonic()
    for event in loop.train(config, dataset, state, run.start()):
        now = replace(now, seconds=spent + time.monotonic() - began)
        if isinstance(event, Epoch):
            vitals.append(event.vitals)
            record.commit(run.path, event, findings(vitals))
            state, now = event.state, replace(now, epoch=event.epoch, step=0)
        else:
            now = replace(now, step=event.step, steps=event.steps)
        if isinstance(event, Epoch) or time.monotonic() - beat > BEAT:
            beat = time.monotonic()
            status.write(run.path, now)
        on_event(event)
        if (run.path / STOP).exists() and now.epoch < config.epochs:
            return replace(now, state="stopped", step=0, steps=0)
    _conclude(run, config, dataset, state)
    return replace(now, state="done", step=0, steps=0)


def _drawn(run: Run, now: Status) -> bool:
    """Draw the pictures of a data set that has none yet, as steps; False when asked to stop."""
    beat = time.monotonic()
    for done, parts in drawing(run.config.dataset):
        if time.monotonic() - beat > BEAT:
            beat = time.monotonic()
            status.write(run.path, replace(now, step=done, steps=parts))
            if (run.path / STOP).exists():
                return False
    return True


def _begin(run: Run, config: TrainConfig, dataset: Dataset) -> None:
    """Write down what is trained on what; refuse to go on with other data than before."""
    checksum = _checksum(dataset)
    known = run.provenance()
    if known.get("data", {}).get("sha256", checksum) != checksum:
        raise Problem(CHANGED, name=dataset.name)
    write_json(run.path / CONFIG, config.model_dump())
    write_json(
        run.path / PROVENANCE,
        {
            **known,
            "started": known.get("started") or datetime.now(UTC).isoformat(),
            "versions": {
                "centerviz": __version__,
                "python": platform.python_version(),
                **{part: importlib.metadata.version(part) for part in PARTS},
            },
            "device": config.device,
            "system": f"{platform.system()} {platform.machine()}",
            "data": {
                "name": dataset.name,
                "samples": len(dataset.labels),
                "sha256": checksum,
                "source": dataset.source,
                "licence": dataset.licence,
            },
        },
    )
    from centerviz.learning.evaluation import evaluation_rows

    record.write_rows(run.path, dataset, evaluation_rows(dataset))


def _checksum(dataset: Dataset) -> str:
    """One digest of samples, labels, splits and ids."""
    digest = hashlib.sha256()
    for part in (dataset.inputs, dataset.labels):
        digest.update(np.ascontiguousarray(part).data)
    digest.update("\n".join([*dataset.splits, *dataset.ids, *dataset.class_names]).encode())
    return digest.hexdigest()


def _conclude(run: Run, config: TrainConfig, dataset: Dataset, state: dict) -> None:
    """The model, and the features of every sample by it."""
    record.write_model(run.path, state)
    write_embeddings(run.path / EMBEDDINGS, embedded(run, config, state, dataset))
