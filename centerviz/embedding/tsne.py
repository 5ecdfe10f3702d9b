"""t-SNE by openTSNE in a process of its own, so that no data can hurt the caller.

`frames` guards the rows, starts `python -m centerviz.embedding.tsne`, and yields the map on its
way: at once the PCA it starts from, then a state every few iterations. Rows and maps travel
through pipes as a line of JSON and plain numbers, never pickled. Leaving the generator ends the
process; so does the end of the caller, at the next frame.

Letters: `x` features (N, D).
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from jaxtyping import Float

from centerviz.embedding.pca import PcaMap
from centerviz.problem import Problem

EARLY, LATE = 250, 500  # iterations with and without exaggeration, openTSNE's defaults
EVERY = 10  # iterations between two frames
LEAST_ROWS = 10
LEAST_SPREAD = 1e-5  # centred RMS over max|x|: below, float32 cannot tell the rows apart
SEVERAL = 2_000  # rows from which several threads gain more than waiting for each other costs
START_SPREAD = 1e-4  # standard deviation of the first axis of the start


@dataclass(frozen=True)
class Frame:
    """A state of the map on its way."""

    iteration: int  # 0: the PCA that it starts from
    iterations: int
    points: np.ndarray  # (N, dims) float32, finite
    perplexity: float  # the one in use
    divergence: float | None  # Kullback–Leibler, nats; None at the start

    @property
    def finished(self) -> bool:
        """True for the final map."""
        return self.iteration == self.iterations


def guarded(x: Float[np.ndarray, "N D"]) -> Float[np.ndarray, "N D"]:
    """The rows centred and divided by their RMS spread, (N, D) float32, fit for t-SNE.

    Raises Problem for fewer than 10 rows, values that float32 cannot hold, rows whose spread is
    rounding, and fewer than 3 distinct rows: of those, t-SNE draws a picture of nothing, or fails.
    """
    if len(x) < LEAST_ROWS:
        raise Problem(
            "t-SNE needs at least {least} rows; there are {n}. Choose pca.",
            least=LEAST_ROWS,
            n=len(x),
        )
    with np.errstate(over="ignore"):
        if not np.isfinite(x.astype(np.float32)).all():
            raise Problem("Some values are not finite in float32; leave those rows out.")
    x = np.asarray(x, dtype=np.float64)
    rest = x - x.mean(axis=0)
    spread = np.sqrt(np.einsum("nd,nd->n", rest, rest).mean())
    if not spread > LEAST_SPREAD * np.abs(x).max(initial=0.0):
        raise Problem(
            "All rows are the same up to rounding (spread {spread:.1e}), so there are no "
            "neighbours that t-SNE could keep. Look at the health of the training, or choose pca.",
            spread=float(spread),
        )
    scaled = (rest / spread).astype(np.float32)
    distinct = set()
    for row in scaled:
        distinct.add(row.tobytes())
        if len(distinct) == 3:
            return scaled
    raise Problem(
        "There are {n} distinct rows only; t-SNE needs at least 3. Choose pca.", n=len(distinct)
    )


def frames(
    x: Float[np.ndarray, "N D"],
    dims: int = 2,
    seed: int = 0,
    perplexity: float | int = 30.0,
) -> Iterator[Frame]:
    """The map of `x` on its way from `start`; the last frame is the result.

    Raises Problem where the guard refuses `x`, where the process ends early, and where a map is
    not finite.
    """
    if not perplexity > 0:
        raise Problem("Perplexity must be above 0; it was given as {given}.", given=perplexity)
    rows = guarded(x)
    perplexity = min(float(perplexity), (len(x) - 1) / 3)
    start = PcaMap.fit(rows, dims).transform(rows).astype(np.float64)
    start *= START_SPREAD / start[:, 0].std()
    start += np.random.default_rng(seed).normal(0, START_SPREAD / 100, start.shape)
    yield Frame(0, EARLY + LATE, start.astype(np.float32), perplexity, None)
    with tempfile.TemporaryFile() as errors, _child(errors) as child:
        try:
            with contextlib.suppress(BrokenPipeError):
                _send(child.stdin, {"seed": seed, "perplexity": perplexity}, rows, start)
            while (found := _receive(child.stdout)) is not None:
                frame = Frame(points=found[1][0], **found[0])
                _check_map(frame)
                yield frame
                if frame.finished:
                    return
        finally:
            child.kill()
        raise _ended(child.wait(), errors)


def fit(
    x: Float[np.ndarray, "N D"],
    dims: int = 2,
    seed: int = 0,
    perplexity: float | int = 30.0,
    on_frame: Callable[[Frame], bool | None] | None = None,
) -> Frame:
    """The last frame; `on_frame` sees each and stops early where it answers True."""
    with contextlib.closing(frames(x, dims, seed, perplexity)) as states:
        for frame in states:
            if on_frame is not None and on_frame(frame):
                break
    return frame


def _check_map(frame: Frame) -> None:
    """The guard after: a map is finite, and in the end no longer the speck it started as."""
    if not np.isfinite(frame.points).all():
        raise Problem(
            "t-SNE gave a map that is not finite after {n} iterations, so there is none to show. "
            "Choose pca.",
            n=frame.iteration,
        )
    if frame.finished and np.ptp(frame.points, axis=0).max() < START_SPREAD:
        raise Problem("t-SNE drew all rows on one point, so there is no map to show. Choose pca.")


@contextlib.contextmanager
def _child(errors: BinaryIO) -> Iterator[subprocess.Popen]:
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    with subprocess.Popen(
        [sys.executable, "-m", "centerviz.embedding.tsne"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, "PYTHONPATH": path, "OMP_WAIT_POLICY": "passive"},
    ) as child:
        yield child


def _ended(code: int, errors: BinaryIO) -> Problem:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return Problem(
        "The process that draws the t-SNE map ended early (exit code {code}{why}). Choose pca.",
        code=code,
        why=f": {lines[-1][:200]}" if lines else "",
    )


def _send(stream: BinaryIO, header: dict, *arrays: np.ndarray) -> None:
    shapes = [[array.dtype.str, array.shape] for array in arrays]
    stream.write(json.dumps(header | {"arrays": shapes}).encode() + b"\n")
    for array in arrays:
        stream.write(array.tobytes())
    stream.flush()


def _receive(stream: BinaryIO) -> tuple[dict, list[np.ndarray]] | None:
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
    """The child: reads rows and start from standard input, writes frames to standard output."""
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what libraries print is no frame
    if hasattr(os, "nice"):
        os.nice(5)
    message = _receive(sys.stdin.buffer)
    if message is None:
        return
    settings, (x, start) = message
    _optimise(x, start, settings["seed"], settings["perplexity"], out)


def _optimise(
    x: np.ndarray, start: np.ndarray, seed: int, perplexity: float, out: BinaryIO
) -> None:
    from openTSNE import TSNEEmbedding  # takes seconds to import: only the child does
    from openTSNE.affinity import PerplexityBasedNN

    jobs = (os.cpu_count() or 1) if len(x) >= SEVERAL else 1
    affinities = PerplexityBasedNN(x, perplexity, n_jobs=jobs, random_state=seed)
    used = float(affinities.effective_perplexity_)

    def tell(iteration: int, divergence: float, points: np.ndarray) -> None:
        header = {
            "iteration": iteration,
            "iterations": EARLY + LATE,
            "perplexity": used,
            "divergence": float(divergence) if np.isfinite(divergence) else None,
        }
        _send(out, header, np.asarray(points, dtype=np.float32))

    method = "fft" if len(x) >= 10_000 and start.shape[1] == 2 else "bh"
    embedding = TSNEEmbedding(
        start,
        affinities,
        negative_gradient_method=method,
        n_jobs=jobs,
        callbacks_every_iters=EVERY,
    )
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


if __name__ == "__main__":
    main()
