"""The ROC of all pairs beside scikit-learn's roc_curve.

The usual way: cosines of all pairs i < j by one matrix product, whether the labels are equal, and
roc_curve, all in float32 as the features come. Ours counts the pairs of a block of rows in fine
bins. Both from features to AUC. Memory is the growth of a fresh process.
"""

from functools import partial

import numpy as np
from sklearn.metrics import auc, roc_curve

from benchmarks.retrieval import DIM, N, memory, samples
from benchmarks.rows import apart, in_turn, tell
from centerviz.embedding.verification import binned_roc

CLASSES = 10


def ours(x, y) -> float:
    """AUC from bins."""
    return binned_roc(x, y, unit=True).auc


def usual(x, y) -> float:
    """AUC from the scores of all pairs."""
    z = x / np.linalg.norm(x, axis=1, keepdims=True)
    pairs = np.triu_indices(len(x), 1)
    scores = (z @ z.T)[pairs]
    same = (y[:, None] == y)[pairs]
    del pairs
    far, tar, _ = roc_curve(same, scores)
    return auc(far, tar)


def main() -> None:
    """One row."""
    x, y = samples(CLASSES)
    apart_by = abs(ours(x, y) - usual(x, y))
    ours_s, usual_s, ratio = in_turn(partial(ours, x, y), partial(usual, x, y))
    ours_mb, usual_mb = (apart(memory, way, CLASSES) for way in (ours, usual))
    less = usual_mb / ours_mb
    tell(
        [
            {
                "what": f"ROC and AUC of all {N * (N - 1) // 2:,} pairs of {N:,} × {DIM}",
                "against": "sklearn.metrics.roc_curve",
                "ours": f"{ours_s:.2f} s, {ours_mb:.0f} MB",
                "usual": f"{usual_s:.1f} s, {usual_mb:,.0f} MB",
                "ratio": f"{ratio:.0f}×, memory 1/{less:.0f}",
                "target": "25×, memory ≤ 1/30, AUC within 1e-6",
                "met": bool(ratio >= 25 and less >= 30 and apart_by <= 1e-6),
                "agreement": f"AUC within {apart_by:.0e}",
            }
        ]
    )


if __name__ == "__main__":
    main()
