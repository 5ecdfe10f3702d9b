"""Recall@1, R-precision and MAP@R beside pytorch-metric-learning's AccuracyCalculator.

Two settings decide its speed. Its neighbour search: faiss by default; its own, used here, was the
faster of the two where both were measured. How many it ranks for a query: all by default (k=None);
with k="max_bin_count" no more than the largest class holds, its leanest way to these three numbers.
Both are measured. It computes in float32, ours in float64 with ties averaged over their orders.

The last rows say how far anybody could get: one matrix product of all pairs and nothing else, in
ours and in its precision. Memory is the growth of a fresh process.
"""

from functools import partial

import numpy as np
import torch
from pytorch_metric_learning.distances import LpDistance
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
from pytorch_metric_learning.utils.inference import CustomKNN

from benchmarks.rows import apart, in_turn, peak_mb, tell
from centerviz.embedding.neighbours import retrieval

N, DIM = 10_000, 128
NAMES = ("precision_at_1", "r_precision", "mean_average_precision_at_r")


def samples(classes: int):
    """Overlapping Gaussian clusters: x (N, D) float32, y (N,)."""
    rng = np.random.default_rng(0)
    y = rng.integers(classes, size=N)
    x = rng.normal(size=(classes, DIM))[y] * 0.35 + rng.normal(size=(N, DIM))
    return x.astype(np.float32), y


def ours(x, y) -> list[float]:
    """The three numbers."""
    found = retrieval(x, y)
    return [found.recall_at_1, found.r_precision, found.map_at_r]


def usual(k: str | None, x, y) -> list[float]:
    """The same by the calculator."""
    search = CustomKNN(LpDistance(normalize_embeddings=False))
    judge = AccuracyCalculator(NAMES, k=k, device=torch.device("cpu"), knn_func=search)
    found = judge.get_accuracy(torch.from_numpy(x), torch.from_numpy(y))
    return [found[name] for name in NAMES]


def memory(way, classes: int) -> float:
    """MB that one call takes."""
    x, y = samples(classes)
    way(x[:500], y[:500])  # what a first call loads
    return peak_mb(partial(way, x, y))


def row(classes: int, k: str | None) -> dict:
    """Both ways on one data set, in turn."""
    x, y = samples(classes)
    theirs = partial(usual, k)
    mine, expected = ours(x, y), theirs(x, y)
    ours_s, usual_s, ratio = in_turn(partial(ours, x, y), partial(theirs, x, y))
    ours_mb, usual_mb = (apart(memory, way, classes) for way in (ours, theirs))
    apart_by = max(abs(a - b) for a, b in zip(mine, expected, strict=True))
    return {
        "what": f"Recall@1, R-precision, MAP@R, {N:,} × {DIM}, C = {classes}",
        "against": f"pytorch-metric-learning AccuracyCalculator, k={k!r}",
        "ours": f"{ours_s:.2f} s, {ours_mb:.0f} MB",
        "usual": f"{usual_s:.2f} s, {usual_mb:.0f} MB",
        "ratio": f"{ratio:.1f}×, memory 1/{usual_mb / ours_mb:.0f}",
        "target": "10×, memory ≤ 1/30",
        "met": bool(ratio >= 10 and usual_mb >= 30 * ours_mb),
        "agreement": f"within {apart_by:.0e}",
    }


def bound(classes: int, kind: type) -> dict:
    """Ours beside the product of all pairs by NumPy, on all cores, without keeping it."""
    x, y = samples(classes)
    rows, out = x.astype(kind), np.empty((1_000, N), kind)

    def product() -> None:
        for start in range(0, N, len(out)):
            np.matmul(rows[start : start + len(out)], rows.T, out=out)

    ours(x, y)
    ours_s, product_s, ratio = in_turn(partial(ours, x, y), product)
    return {
        "what": f"the same, C = {classes}: what no way can do without",
        "against": f"the product x·xᵀ alone, {kind.__name__}",
        "ours": f"{ours_s:.2f} s",
        "usual": f"{product_s:.2f} s",
        "ratio": f"ours takes {1 / ratio:.1f}×",
        "target": "–",
        "met": None,
        "agreement": "–",
    }


def main() -> None:
    """Its leanest setting at two numbers of classes, its default, and what bounds everybody."""
    settings = (10, "max_bin_count"), (100, "max_bin_count"), (10, None)
    tell([row(*one) for one in settings] + [bound(100, kind) for kind in (np.float64, np.float32)])


if __name__ == "__main__":
    main()
