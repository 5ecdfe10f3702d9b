"""A model that somebody else saved, on a data set, in a process of its own.

Whoever made the file decides how much memory and time it takes, so a child process opens it: what
goes wrong there ends that process and nothing else. It reads a wish and writes an answer, as JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from centerviz.data.dataset import Dataset
from centerviz.data.embeddings import Embeddings
from centerviz.data.parquet import write_embeddings
from centerviz.data.sources import DATASETS, load_dataset
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.files import read_json, write_json

SECONDS = 600  # that a network may take
MEMORY = 8 * 2**30  # bytes of address space
NICE = 10  # pages come first
ROOT = Path(__file__).parents[2]
_one_at_a_time = threading.Lock()  # however many sessions ask, one model has MEMORY


@dataclass(frozen=True)
class Opened:
    """What came of it: the number of samples, what was opened, and layers if they do not fit."""

    n: int
    about: str  # the network in short
    problem: Problem | None = None
    layers: tuple[tuple[str, str, str, str], ...] = ()  # ours, shape, theirs, shape


def embed_by_file(model: Path, spec: str, pixels: str, out: Path) -> Opened:
    """Write the embedding of the data set `spec` by the model file as Parquet to `out`.

    What the model or data do wrong stands in `problem` of the answer. The child works in an empty
    folder: an ONNX file may name others beside it, from which its weights would be read.
    """
    with _one_at_a_time, tempfile.TemporaryDirectory() as folder:
        wish, answer, empty = (
            Path(folder) / name for name in ("wish.json", "answer.json", "empty")
        )
        empty.mkdir()
        paths = {"model": str(model.absolute()), "out": str(out.absolute())}
        write_json(wish, paths | {"spec": _anchored(spec), "pixels": pixels})
        try:
            done = subprocess.run(
                [sys.executable, "-m", "centerviz.runs.foreign", str(wish), str(answer)],
                cwd=empty,
                env={**os.environ, **_kept_data(), "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
            )
            found = read_json(answer) if done.returncode == 0 else None
        except (subprocess.TimeoutExpired, Problem):
            found = None
    if found is None:
        problem = Problem(
            "{file} ended the process that looked at it: it is damaged, or takes more than "
            "{memory} GB of memory or {minutes} minutes.",
            file=model.name,
            memory=MEMORY // 2**30,
            minutes=SECONDS // 60,
        )
        return Opened(0, "", problem)
    template = found["template"]
    told = Problem(template, **found["values"]) if template else None
    return Opened(found["n"], found["about"], told, tuple(map(tuple, found["layers"])))


def _anchored(spec: str) -> str:
    """A path among the data sets, kept whole: it is read from another folder."""
    if spec.partition(":")[0] in DATASETS or not spec:
        return spec
    try:
        path = Path(spec).expanduser()
        return str(path.absolute()) if path.exists() else spec
    except (OSError, ValueError, RuntimeError):  # no file can have such a name
        return spec


def _kept_data() -> dict[str, str]:
    """Where downloads and drawn pictures lie, kept whole as well."""
    given = os.environ.get("SCIKIT_LEARN_DATA")
    return {"SCIKIT_LEARN_DATA": str(Path(given).expanduser().absolute())} if given else {}


def opened(model: Path, spec: str, pixels: str, out: Path) -> Opened:
    """The same, in this process. Raises Problem."""
    content, dataset = model.read_bytes(), load_dataset(spec)
    if is_onnx(content):
        from centerviz.learning import onnx_network

        x, about = onnx_network.embed(content, dataset, pixels)
        return _kept(out, dataset, x, f"ONNX {about} → {x.shape[1]}")
    from centerviz.learning import foreign

    state = foreign.read_state(content, model.name)
    fit = foreign.best_fit(state, dataset.inputs.shape[1:], dataset.classes)
    if fit.misfits:
        return Opened(0, fit.model, _misfit(model, fit), tuple(map(_row, fit.layers)))
    train = dataset.rows("train")
    ours = foreign.filled(fit, state, dataset.inputs[train], dataset.classes)
    base = "softmax" if "head.weight" in ours else "none"
    config = TrainConfig(
        dataset=spec, model=fit.model, dim=fit.dim, base=base, device="cpu", threads=1
    )
    from centerviz.learning.evaluation import embed

    x, predicted = embed(config, ours, dataset, np.arange(len(dataset.labels)))
    return _kept(out, dataset, x, f"{fit.model}, D = {fit.dim}", predicted)


def is_onnx(content: bytes) -> bool:
    """ONNX files begin with the field ir_version; safetensors may, with the length of a header."""
    return content.startswith(b"\x08") and content[8:9] != b"{"


def _misfit(model: Path, fit) -> Problem:
    shape = "×".join(map(str, fit.shape))
    return Problem(
        "{file} is no network of ours for samples of {shape}: beside {network} with D = {dim}, the "
        "nearest, {n} of {all} layers do not fit.",
        file=model.name,
        shape=shape,
        network=fit.model,
        dim=fit.dim,
        n=fit.misfits,
        all=len(fit.layers),
    )


def _row(layer) -> tuple[str, str, str, str]:
    """A layer as text, those that fit marked by equal shapes."""
    written = (
        "×".join(map(str, s)) if s is not None else "–" for s in (layer.shape, layer.their_shape)
    )
    ours, theirs = written
    return layer.ours or "–", ours, layer.theirs or "–", theirs


def _kept(
    out: Path,
    dataset: Dataset,
    x: np.ndarray,
    about: str,
    predicted: np.ndarray | None = None,
) -> Opened:
    """Write the embedding down; a file of weights does not say of which classes its centers are."""
    import pandas as pd

    if not np.isfinite(x).all():
        raise Problem("The features of this network are not finite; the file is damaged.")
    known = predicted is not None and (predicted >= 0).any()
    embeddings = Embeddings(
        x=x,
        labels=dataset.labels,
        class_names=dataset.class_names,
        ids=dataset.ids,
        splits=dataset.splits,
        metadata=pd.DataFrame({"predicted": predicted} if known else {}),
        source=dataset.source,
    )
    write_embeddings(out, embeddings)
    return Opened(len(x), about)


def main(words: Sequence[str]) -> int:
    """The child process: read the wish, write the answer."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        os.nice(NICE)
    wish = json.loads(Path(words[0]).read_text())
    try:
        found = opened(Path(wish["model"]), wish["spec"], wish["pixels"], Path(wish["out"]))
    except Problem as problem:
        found = Opened(0, "", problem)
    told = found.problem
    said = {
        "n": found.n,
        "about": found.about,
        "layers": found.layers,
        "template": told.template if told else "",
        "values": {name: str(value) for name, value in told.values.items()} if told else {},
    }
    write_json(Path(words[1]), said)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
