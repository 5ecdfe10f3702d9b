"""How a training writes its run down, epoch by epoch, and picks it up again after any kill.

An epoch is written as snapshot, line of epochs.jsonl, checkpoint tensors, checkpoint.json; the
rename of the last one commits it. `rewind` drops whatever lies beyond the last commit.

Letters: E rows of the evaluation subset · D features · C classes.
"""

import dataclasses
import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from centerviz.data.dataset import Dataset
from centerviz.embedding.health import Finding, Vitals
from centerviz.learning.epoch import Epoch
from centerviz.problem import Problem
from centerviz.runs.files import append_json, read_json, write_bytes, write_json

EPOCHS = "epochs.jsonl"
SNAPSHOTS = "snapshots"
ROWS = "snapshots/rows.json"
CHECKPOINT = "checkpoint.json"
MODEL = "model.safetensors"
START = "start.safetensors"  # of a run that goes on from another one: that one's model
SCALARS = (
    "epoch",
    "seconds",
    "learning_rate",
    "center_weight",
    "base_loss",
    "center_loss",
    "weighted_center_loss",
    "gradient_ratio",
)
BY_CLASS = ("base_loss_by_class", "center_loss_by_class", "drift")
WORDS = ("code", "seen", "cause", "cure")  # of a finding
VITALS = {entry.name: entry.type for entry in dataclasses.fields(Vitals)}
HUGE = sys.float_info.max


def snapshot_file(folder: Path, epoch: int) -> Path:
    """Where the features of an epoch lie."""
    return folder / SNAPSHOTS / f"{epoch:05d}.safetensors"


def commit(folder: Path, epoch: Epoch, findings: Sequence[Finding]) -> None:
    """Write one finished epoch; after the last rename a resume goes on from here."""
    arrays = {
        "features": epoch.features.astype(np.float32),
        "predicted": epoch.predicted.astype(np.int32),
        "centers": epoch.centers.astype(np.float32),
        "means": epoch.means.astype(np.float32),
    }
    write_bytes(snapshot_file(folder, epoch.epoch), save(arrays))
    append_json(folder / EPOCHS, line(epoch, findings))
    tensors = f"checkpoint-{epoch.epoch:05d}.safetensors"
    write_bytes(folder / tensors, save(epoch.state))
    write_json(folder / CHECKPOINT, {"epoch": epoch.epoch, "tensors": tensors})
    _sweep(folder, keep=tensors)


def line(epoch: Epoch, findings: Sequence[Finding]) -> dict:
    """An epoch as one line of epochs.jsonl."""
    return {
        **{name: getattr(epoch, name) for name in SCALARS},
        "accuracy": epoch.accuracy,
        **{name: getattr(epoch, name) for name in BY_CLASS},
        "vitals": dataclasses.asdict(epoch.vitals),
        "findings": [dataclasses.asdict(finding) for finding in findings],
    }


def rewind(folder: Path) -> tuple[dict[str, np.ndarray] | None, list[dict]]:
    """Go back to the last committed epoch: its state and the lines up to it.

    Later lines and snapshots are dropped. Where the committed ones are not all there, everything
    is, and the run begins again: the same config gives the same numbers.
    """
    state = checkpoint(folder)
    done = int(state["epoch"]) if state else 0
    try:
        kept = lines(folder)[:done]
    except Problem:
        kept = []
    whole = [entry["epoch"] for entry in kept] == list(range(1, done + 1))
    if (
        not whole
        or not all(map(_goes_on, kept))
        or not all(snapshot_file(folder, n + 1).is_file() for n in range(done))
    ):
        state, done, kept = None, 0, []
        (folder / CHECKPOINT).unlink(missing_ok=True)
    text = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in kept)
    write_bytes(folder / EPOCHS, text.encode())
    (folder / SNAPSHOTS).mkdir(exist_ok=True)
    for file in (folder / SNAPSHOTS).glob("*.safetensors"):
        if not file.stem.isdigit() or not 1 <= int(file.stem) <= done:
            file.unlink()
    _sweep(folder, keep=f"checkpoint-{done:05d}.safetensors")
    return state, kept


def _sweep(folder: Path, keep: str = "") -> None:
    """Remove tensors of older checkpoints and files that were never finished."""
    for pattern in ("checkpoint-*.safetensors", ".*.tmp", f"{SNAPSHOTS}/.*.tmp", "*.part"):
        for file in folder.glob(pattern):
            if file.name != keep and not file.name.startswith(".status"):
                file.unlink(missing_ok=True)


def committed(folder: Path) -> int:
    """How many epochs are committed."""
    try:
        return int(read_json(folder / CHECKPOINT)["epoch"])
    except (Problem, KeyError, TypeError, ValueError):
        return 0


def checkpoint(folder: Path) -> dict[str, np.ndarray] | None:
    """The tensors of the last committed epoch, or None when there is no epoch to go on from."""
    epoch = committed(folder)
    try:
        state = tensors(folder / f"checkpoint-{epoch:05d}.safetensors")
        return state if int(state["epoch"]) == epoch > 0 else None
    except (Problem, KeyError, TypeError, ValueError):
        return None


def finish(folder: Path) -> None:
    """Remove the checkpoint of a run that is done."""
    (folder / CHECKPOINT).unlink(missing_ok=True)
    _sweep(folder)


def write_model(folder: Path, state: dict[str, np.ndarray]) -> None:
    """Weights and centers, without what only a resume needs: equal runs, equal bytes."""
    kept = {k: v for k, v in state.items() if not k.startswith("optimizer.") and k != "epoch"}
    write_bytes(folder / MODEL, save(kept))


def tensors(path: Path) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file. Raises Problem when it is missing or damaged."""
    try:
        return load(path.read_bytes())
    except (OSError, SafetensorError, ValueError, KeyError):
        raise Problem("{file} is missing or damaged.", file=path.name) from None


def write_rows(folder: Path, dataset: Dataset, rows: np.ndarray) -> None:
    """Which samples the snapshots show, in their order."""
    (folder / SNAPSHOTS).mkdir(exist_ok=True)
    shown = {
        "ids": dataset.ids[rows],
        "labels": dataset.labels[rows],
        "splits": dataset.splits[rows],
        "class_names": dataset.class_names,
    }
    write_json(folder / ROWS, shown)


def lines(folder: Path) -> list[dict]:
    """The lines of epochs.jsonl; a last one that is still being written is left out.

    Raises Problem for a line that is no JSON object, or no epoch.
    """
    return _objects(_texts(folder))


def last_line(folder: Path) -> dict | None:
    """The last line alone, for lists of many runs; None before the first epoch is finished.

    Raises Problem where a line does not look like a JSON object, or the last one is none.
    """
    texts = _texts(folder)
    if not all(text.startswith(b"{") and text.endswith(b"}") for text in texts):
        raise Problem("{file} cannot be read.", file=EPOCHS)
    return _objects(texts[-1:])[0] if texts else None


def _texts(folder: Path) -> list[bytes]:
    try:
        content = (folder / EPOCHS).read_bytes()
    except OSError:
        return []
    return content[: content.rfind(b"\n") + 1].splitlines()


def _objects(texts: Sequence[bytes]) -> list[dict]:
    try:
        found = [json.loads(text) for text in texts]
    except (ValueError, RecursionError):
        found = [None]
    if not all(map(_is_epoch, found)):
        raise Problem("{file} cannot be read.", file=EPOCHS)
    return found


def _is_epoch(entry: object) -> bool:
    """Is this what `line` writes, as far as somebody reads it? What is not known is missing."""
    if not isinstance(entry, dict) or not _is_count(entry.get("epoch")):
        return False
    accuracy, vitals = entry.get("accuracy") or {}, entry.get("vitals") or {}
    by_class, found = [entry.get(name) or [] for name in BY_CLASS], entry.get("findings", [])
    return (
        all(_is_number(entry.get(name)) for name in SCALARS)
        and isinstance(accuracy, dict)
        and all(map(_is_number, accuracy.values()))
        and isinstance(vitals, dict)
        and all(_is_vital(name, value) for name, value in vitals.items())
        and all(isinstance(values, list) and all(map(_is_number, values)) for values in by_class)
        and isinstance(found, list)
        and all(map(_is_finding, found))
    )


def _is_count(value: object) -> bool:
    return type(value) is int and 1 <= value <= sys.maxsize


def _is_number(value: object) -> bool:
    """A number that a float can hold, or None, which stands for one that was not finite."""
    return value is None or (type(value) in (int, float) and -HUGE <= value <= HUGE)


def _is_vital(name: str, value: object) -> bool:
    """Of the vitals that are known; another version may know others."""
    if name not in VITALS:
        return True
    return isinstance(value, str) if VITALS[name] is str else _is_number(value)


def _is_finding(entry: object) -> bool:
    """Words with what fills them."""
    if not isinstance(entry, dict) or not isinstance(entry.get("values"), dict):
        return False
    values = {k: math.inf if v is None else v for k, v in entry["values"].items()}
    try:
        return all(isinstance(entry[name].format(**values), str) for name in WORDS)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        return False


def _goes_on(entry: dict) -> bool:
    """Does a line hold what a training that goes on from it looks back at?"""
    vitals = entry.get("vitals") or {}
    counts = [name for name, kind in VITALS.items() if kind is int]
    known = VITALS.keys() <= vitals.keys() and all(_is_count(vitals[name]) for name in counts)
    return known and "seconds" in entry


def accuracy_of(line: dict | None) -> float | None:
    """Of an epoch, on test; on train where there is no test split.

    >>> accuracy_of({"accuracy": {"train": 1.0, "test": 0.9}}), accuracy_of({})
    (0.9, None)
    """
    accuracy = (line or {}).get("accuracy") or {}
    held_out = accuracy.get("test")
    return accuracy.get("train") if held_out is None else held_out


def history(entries: Sequence[dict]) -> list[Vitals]:
    """What the health checks look at, as the lines hold it."""
    return [
        Vitals(
            **{
                name: math.nan if value is None and VITALS[name] is float else value
                for name, value in entry["vitals"].items()
                if name in VITALS  # an older version may have known more
            }
        )
        for entry in entries
    ]
