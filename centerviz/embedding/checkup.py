"""Is an embedding sound, as far as its rows can tell without the training that made them?

The thresholds are those of `health`. Letters: `x` features (N, D) · `y` labels (N,).
"""

import numpy as np
from jaxtyping import Float, Integer

from centerviz.embedding.collapse import effective_rank
from centerviz.embedding.health import Finding
from centerviz.language import N_

POINT = 1e-4  # of the RMS norm: a spread below is a point
LINE = 1.1  # effective rank below which features lie on a line


def checkup(
    x: Float[np.ndarray, "N D"],
    y: Integer[np.ndarray, " N"] | None = None,
    accuracy: float | None = None,
    dropped: int = 0,
) -> tuple[Finding, ...]:
    """What is wrong with the rows, gravest first; empty where nothing is.

    `accuracy` is that of the nearest class mean, `dropped` counts rows left out for NaN or Inf.

    >>> [found.code for found in checkup(np.ones((5, 3)), np.array([0, 0, 1, 1, 2]))]
    ['point']
    """
    checks = (_not_finite(x, dropped), _shape(x, y) or _guessing(y, accuracy))
    return tuple(finding for finding in checks if finding is not None)


def _not_finite(x: np.ndarray, dropped: int) -> Finding | None:
    if not dropped:
        return None
    return Finding(
        "non-finite",
        N_("{dropped} of {all} rows held NaN or Inf and were left out."),
        N_("A division by zero or an overflow where they were made."),
        N_("Make those rows again: what is seen here is true of the others only."),
        {"dropped": dropped, "all": dropped + len(x)},
    )


def _shape(x: np.ndarray, y: np.ndarray | None) -> Finding | None:
    """All at one point, or on a line although there are more than two classes."""
    if len(x) < 2:
        return None
    largest = np.abs(x).max() or 1.0
    scaled = x / largest  # squares of what is huge or tiny stay numbers
    spread = float(np.sqrt(((scaled - scaled.mean(axis=0)) ** 2).sum(axis=1).mean()))
    norm = float(np.sqrt((scaled**2).sum(axis=1).mean()))
    if spread <= POINT * norm:
        return Finding(
            "point",
            N_("All features lie within {spread:.1g} of one point, at {norm:.3g} from the origin."),
            N_("Whatever made them answers the same to everything: it has collapsed."),
            N_("Look at the training: with center loss lower λ, or let it rise over some epochs."),
            {"spread": spread * largest, "norm": norm * largest},
        )
    classes = 0 if y is None else len(np.unique(y))
    rank = effective_rank(x) if x.shape[1] > 1 and classes > 2 else None
    if rank is None or rank >= LINE:
        return None
    return Finding(
        "line",
        N_("The features use {rank:.2f} of {dim} dimensions: they lie on a line."),
        N_("{classes} classes on a line have two neighbours each at most."),
        N_(
            "Look whether one feature is far larger than the others; if none is, look at the "
            "training."
        ),
        {"rank": rank, "dim": x.shape[1], "classes": classes},
    )


def _guessing(y: np.ndarray | None, accuracy: float | None) -> Finding | None:
    """The nearest class mean tells no more than the largest class does."""
    counts = np.zeros(0, dtype=np.int64) if y is None else np.unique(y, return_counts=True)[1]
    if len(counts) < 2 or accuracy is None:
        return None
    share = float(counts.max() / counts.sum())
    if accuracy >= (share + 0.05 if len(counts) == 2 else min(2 * share, (1 + share) / 2)):
        return None
    return Finding(
        "collapse",
        N_(
            "{accuracy:.0%} lie nearest to their own class mean; always guessing one class gives "
            "{share:.0%}."
        ),
        N_("The classes lie on each other, or the labels belong to other rows."),
        N_("Check that labels and rows stand in the same order; then look at the training."),
        {"accuracy": accuracy, "share": share},
    )
