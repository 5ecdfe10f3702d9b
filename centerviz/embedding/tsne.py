"""t-SNE by openTSNE in a process of its own, so that no data can hurt the caller.

`frames` guards the rows, starts `tsne_process`, and yields the map on its way: at once the start, a
PCA or another map of the same rows, then a state every few iterations. `placements` puts new rows
into a map that is there. Leaving a generator ends the process; so does the end of the caller, at
the next frame.

Letters: `x` features (N, D).
"""

import contextlib
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
from centerviz.embedding.tsne_process import EARLY, LATE, receive, send
from centerviz.problem import Problem

LEAST_ROWS = 10
LEAST_SPREAD = 1e-5  # centred RMS over max|x|: below, float32 cannot tell the rows apart
START_SPREAD = 1e-4  # standard deviation of the widest axis of the start


@dataclass(frozen=True)
class Frame:
    """A state of the map on its way."""

    iteration: int  # 0: the PCA or the other map that it starts from
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
    mean, spread = _scale(x)
    scaled = ((x - mean) / spread).astype(np.float32)
    distinct = set()
    for row in scaled:
        distinct.add(row.tobytes())
        if len(distinct) == 3:
            return scaled
    raise Problem(
        "There are {n} distinct rows only; t-SNE needs at least 3. Choose pca.", n=len(distinct)
    )


def _scale(x: np.ndarray) -> tuple[np.ndarray, float]:
    """Mean (D,) and RMS spread of the rows. Raises Problem where the spread is rounding."""
    mean = x.mean(axis=0, dtype=np.float64)
    rest = x - mean
    spread = float(np.sqrt(np.einsum("nd,nd->n", rest, rest).mean()))
    if not spread > LEAST_SPREAD * np.abs(x).max(initial=0.0):
        raise Problem(
            "All rows are the same up to rounding (spread {spread:.1e}), so there are no "
            "neighbours that t-SNE could keep. Look at the health of the training, or choose pca.",
            spread=spread,
        )
    return mean, spread


def frames(
    x: Float[np.ndarray, "N D"],
    dims: int = 2,
    seed: int = 0,
    perplexity: float | int = 30.0,
    start: Float[np.ndarray, "N dims"] | None = None,
) -> Iterator[Frame]:
    """The map of `x` on its way; the last frame is the result.

    It starts from the PCA of `x`, or from `start`: another map of the same rows, so that what was
    on the left stays there. Raises Problem where the guard refuses `x` or `start`, where the
    process ends early, and where a map is not finite.
    """
    if not perplexity > 0:
        raise Problem("Perplexity must be above 0; it was given as {given}.", given=perplexity)
    rows = guarded(x)
    perplexity = min(float(perplexity), (len(x) - 1) / 3)
    with _child() as (child, errors):  # it gets ready while the start is found and looked at
        begin = _begin(PcaMap.fit(rows, dims).transform(rows) if start is None else start, seed)
        yield Frame(0, EARLY + LATE, begin.astype(np.float32), perplexity, None)
        settings = {"seed": seed, "perplexity": perplexity}
        for header, points in _answers(child, errors, settings, rows, begin):
            frame = Frame(points=points, **header)
            _check_map(frame)
            yield frame


def _begin(points: np.ndarray, seed: int) -> Float[np.ndarray, "N dims"]:
    """Another map as small as t-SNE likes to begin: there the early forces are alike for all."""
    begin = points - points.mean(axis=0, dtype=np.float64)
    widest = begin.std(axis=0).max()
    if not 0 < widest < np.inf:
        raise Problem("The map to start from is not finite or a single point; leave it out.")
    noise = np.random.default_rng(seed).normal(0, START_SPREAD / 100, begin.shape)
    return begin * (START_SPREAD / widest) + noise


def placements(
    new: Float[np.ndarray, "M D"],
    x: Float[np.ndarray, "N D"],
    points: Float[np.ndarray, "N dims"],
    seed: int = 0,
) -> Iterator[Float[np.ndarray, "part dims"]]:
    """Where new rows belong in the map `points` of `x`, 5,000 of them at a time.

    openTSNE's transform: each new row goes among its neighbours of `x` by itself, and the map does
    not move. Raises Problem where the guard refuses `x`, where a new row is not finite in float32,
    and where the process ends early.
    """
    mean, spread = _scale(x)
    with np.errstate(over="ignore"):
        scaled = ((new - mean) / spread).astype(np.float32)
    if not np.isfinite(scaled).all():
        raise Problem("Some new rows are too far away to be placed in float32; leave them out.")
    if not len(scaled):
        return
    arrays = guarded(x), points.astype(np.float64), scaled
    with _child() as (child, errors):
        for _header, part in _answers(child, errors, {"seed": seed}, *arrays):
            if not np.isfinite(part).all():
                raise Problem("t-SNE could not place the new rows: their map is not finite.")
            yield part


def _answers(
    child: subprocess.Popen, errors: BinaryIO, settings: dict, *arrays: np.ndarray
) -> Iterator[tuple[dict, np.ndarray]]:
    """What the process sends back, until it says that it is done."""
    with contextlib.suppress(BrokenPipeError):
        send(child.stdin, settings, *arrays)
    while (found := receive(child.stdout)) is not None:
        header, (points,) = found
        done = header.pop("done")
        yield header, points
        if done:
            return
    raise _ended(child.wait(), errors)


def fit(
    x: Float[np.ndarray, "N D"],
    dims: int = 2,
    seed: int = 0,
    perplexity: float | int = 30.0,
    start: Float[np.ndarray, "N dims"] | None = None,
    on_frame: Callable[[Frame], bool | None] | None = None,
) -> Frame:
    """The last frame; `on_frame` sees each and stops early where it answers True."""
    with contextlib.closing(frames(x, dims, seed, perplexity, start)) as states:
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
def _child() -> Iterator[tuple[subprocess.Popen, BinaryIO]]:
    """The process, which ends with the block, and what it says on standard error."""
    root = Path(__file__).resolve().parents[2]
    path = os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")]))
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(
            [sys.executable, "-m", "centerviz.embedding.tsne_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, "PYTHONPATH": path, "OMP_WAIT_POLICY": "passive"},
        ) as child,
    ):
        try:
            yield child, errors
        finally:
            child.kill()


def _ended(code: int, errors: BinaryIO) -> Problem:
    errors.seek(0)
    lines = errors.read().decode(errors="replace").strip().splitlines()
    return Problem(
        "The process that draws the t-SNE map ended early (exit code {code}{why}). Choose pca.",
        code=code,
        why=f": {lines[-1][:200]}" if lines else "",
    )
