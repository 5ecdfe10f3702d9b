"""The process in which `tsne` draws: rows in by standard input, maps out by standard output.

`python -m centerviz.embedding.tsne_process`. Messages are a line of JSON and plain numbers, never
pickled. It starts for every map, so it imports nothing but NumPy and openTSNE.

Letters: `x` features (N, D), scaled by the caller.
"""

import json
import os
import sys
from typing import BinaryIO

import numpy as np

EARLY, LATE = 250, 500  # iterations with and without exaggeration, openTSNE's defaults
EVERY = 10  # iterations between two frames
SEVERAL = 2_000  # rows from which several threads gain more than waiting for each other costs
AMONG = 5.0  # perplexity of a row that is placed: openTSNE's default
PLACING = 50  # its iterations: 97.6 % of digits then lie in their class; after 0 94.8, 250 97.9
AT_A_TIME = 5_000  # rows placed together


def send(stream: BinaryIO, header: dict, *arrays: np.ndarray) -> None:
    """One message: a line of JSON with the shapes of the arrays, then their numbers."""
    shapes = [[array.dtype.str, array.shape] for array in arrays]
    stream.write(json.dumps(header | {"arrays": shapes}).encode() + b"\n")
    for array in arrays:
        stream.write(array.tobytes())
    stream.flush()


def receive(stream: BinaryIO) -> tuple[dict, list[np.ndarray]] | None:
    """Header and arrays of the next message; None at the end of the stream."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        return None
    header, arrays = json.loads(line), []
    for kind, shape in header.pop("arrays"):
        empty = np.empty(shape, dtype=kind)
        content = stream.read(empty.nbytes)
        if len(content) < empty.nbytes:
            return None
        arrays.append(np.frombuffer(content, dtype=kind).reshape(shape))
    return header, arrays


def main() -> None:
    """Read rows and start from standard input, write frames to standard output.

    With new rows after them the start is a map that is there, and they are placed into it.
    """
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no frame
    if hasattr(os, "nice"):
        os.nice(5)
    import openTSNE  # noqa: F401  # takes a second, in which the caller finds the start

    message = receive(sys.stdin.buffer)
    if message is None:
        return
    settings, (x, points, *new) = message
    if new:
        _place(x, points, new[0], settings["seed"], out)
    else:
        _optimise(x, points, settings["seed"], settings["perplexity"], out)


def _affinities(x: np.ndarray, perplexity: float, seed: int):
    from openTSNE.affinity import PerplexityBasedNN

    return PerplexityBasedNN(x, perplexity, n_jobs=_jobs(x), random_state=seed)


def _jobs(x: np.ndarray) -> int:
    return (os.cpu_count() or 1) if len(x) >= SEVERAL else 1


def _gradient(start: np.ndarray) -> dict:
    """How forces are found: by interpolation where that pays."""
    method = "fft" if len(start) >= 10_000 and start.shape[1] == 2 else "bh"
    return {"negative_gradient_method": method, "n_jobs": _jobs(start)}


def _optimise(
    x: np.ndarray, start: np.ndarray, seed: int, perplexity: float, out: BinaryIO
) -> None:
    from openTSNE import TSNEEmbedding

    affinities = _affinities(x, perplexity, seed)
    used = float(affinities.effective_perplexity_)

    def tell(iteration: int, divergence: float, points: np.ndarray) -> None:
        header = {
            "iteration": iteration,
            "iterations": EARLY + LATE,
            "perplexity": used,
            "divergence": float(divergence) if np.isfinite(divergence) else None,
            "done": iteration == EARLY + LATE,
        }
        send(out, header, np.asarray(points, dtype=np.float32))

    embedding = TSNEEmbedding(start, affinities, callbacks_every_iters=EVERY, **_gradient(start))
    # 12 pulls few rows all onto one point; n/50 ends at a lower divergence for every n < 600 tried
    early = min(12.0, max(1.0, len(x) / 50))
    phases = ((0, EARLY, early, 0.5), (EARLY, LATE, 1.0, 0.8))
    for before, n_iter, exaggeration, momentum in phases:
        embedding = embedding.optimize(
            n_iter,
            exaggeration=exaggeration,
            momentum=momentum,
            inplace=True,
            callbacks=[lambda i, e, points, at=before: tell(at + i - 1, e, points)],
        )
    tell(EARLY + LATE, embedding.kl_divergence, embedding)


def _place(x: np.ndarray, points: np.ndarray, new: np.ndarray, seed: int, out: BinaryIO) -> None:
    from openTSNE import TSNEEmbedding

    among = min(AMONG, (len(x) - 1) / 3)
    middle = (points.max(axis=0) + points.min(axis=0)) / 2  # which transform takes for its origin
    embedding = TSNEEmbedding(points, _affinities(x, among, seed), **_gradient(points))
    for at in range(0, len(new), AT_A_TIME):
        part = embedding.transform(new[at : at + AT_A_TIME], perplexity=among, n_iter=PLACING)
        header = {"done": at + AT_A_TIME >= len(new)}
        send(out, header, np.asarray(part + middle, dtype=np.float32))


if __name__ == "__main__":
    main()
