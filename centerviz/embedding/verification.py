"""Same or different? Scores of pairs, ROC, AUC, EER and TAR at a given FAR.

All pairs i < j. The score of a pair is the cosine for unit features and −‖a−b‖ for raw ones;
higher means "same". FAR: share of impostor pairs (different classes) that are accepted; TAR: share
of genuine pairs (same class) that are. A threshold accepts the scores at or above it.

Up to `EXACT` pairs every score is kept and ordered. Above, scores are counted in bins of
2⁻¹² of an octave of the squared distance (of 2 − 2 cos for unit features); pairs in one bin are
ties, which moves AUC by less than 1e-6.

Letters: `x` features (N, D) · `y` labels (N,) · P pairs.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np
from jaxtyping import Float, Integer
from scipy.spatial.distance import pdist

from centerviz.data.embeddings import unit_rows
from centerviz.embedding import kernels
from centerviz.embedding.geometry import by_class, centred, distances_to, extended, in_threads

EXACT = 4_000_000  # pairs whose scores are kept
COSINE_STEP = 2.0**-46  # cosines are rounded to this: below it there is only rounding error
FEW = 10  # impostor pairs accepted at a FAR below which the TAR is not to be trusted
SHIFT = 40  # bits of a float64 that a bin drops: 12 of the mantissa stay
SMALLEST, LARGEST = np.array([1e-60, 1e80])  # squared distances beyond share a bin
LOWEST, HIGHEST = (int(edge.view(np.int64)) >> SHIFT for edge in (SMALLEST, LARGEST))


@dataclass(frozen=True)
class Roc:
    """One point per distinct threshold, from (0, 0) at ∞ to (1, 1)."""

    far: np.ndarray  # (T,) rising
    tar: np.ndarray  # (T,) rising
    thresholds: np.ndarray  # (T,) falling, in score units
    genuine: int  # pairs of one class
    impostor: int  # pairs of different classes

    @classmethod
    def from_counts(
        cls,
        genuine: Integer[np.ndarray, " K"],
        impostor: Integer[np.ndarray, " K"],
        thresholds: Float[np.ndarray, " K"],
    ) -> "Roc":
        """From how many pairs are accepted at falling thresholds, all of them at the last."""
        totals = [int(counts[-1]) if len(counts) else 0 for counts in (genuine, impostor)]
        return cls(
            np.append(0.0, impostor / max(totals[1], 1)),
            np.append(0.0, genuine / max(totals[0], 1)),
            np.append(np.inf, thresholds),
            *totals,
        )

    @property
    def auc(self) -> float | None:
        """The chance that a genuine pair scores above an impostor pair, ties counting half.

        None without pairs of both kinds.
        """
        if not (self.genuine and self.impostor):
            return None
        return float(np.trapezoid(self.tar, self.far))

    @property
    def eer(self) -> float | None:
        """FAR where it equals 1 − TAR, linear between the points; lower is better."""
        if not (self.genuine and self.impostor):
            return None
        excess = self.far + self.tar - 1  # rises from −1 to 1
        after = int(np.argmax(excess >= 0))
        part = -excess[after - 1] / (excess[after] - excess[after - 1])
        return float(self.far[after - 1] + part * (self.far[after] - self.far[after - 1]))

    @property
    def eer_threshold(self) -> float | None:
        """The threshold of the point of the curve that is nearest to FAR = 1 − TAR."""
        if not (self.genuine and self.impostor):
            return None
        nearest = int(np.argmin(np.abs(self.far + self.tar - 1)[1:])) + 1
        return float(self.thresholds[nearest])

    def tar_at_far(self, far: float) -> float | None:
        """TAR of the largest accepted set whose FAR is at most `far`; no interpolation.

        None without pairs of both kinds.
        """
        if not (self.genuine and self.impostor):
            return None
        return float(self.tar[np.searchsorted(self.far, far, side="right") - 1])

    def too_few_for(self, far: float) -> bool:
        """True below 10/FAR impostor pairs: the TAR at that FAR hangs on a handful of pairs."""
        return self.impostor < FEW / far


def roc(genuine: Float[np.ndarray, " G"], impostor: Float[np.ndarray, " I"]) -> Roc:
    """The exact ROC of scores; equal scores are one point.

    >>> curve = roc(np.array([0.9, 0.4]), np.array([0.5, 0.1]))
    >>> curve.far.tolist(), curve.tar.tolist(), curve.auc
    ([0.0, 0.0, 0.5, 0.5, 1.0], [0.0, 0.5, 0.5, 1.0, 1.0], 0.75)
    """
    scores = np.concatenate([genuine, impostor])
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    ends = np.flatnonzero(np.diff(ranked, append=np.nan) != 0)
    accepted = np.cumsum(order < len(genuine))[ends]
    return Roc.from_counts(accepted, ends + 1 - accepted, ranked[ends])


def scores(
    x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], unit: bool
) -> tuple[Float[np.ndarray, " G"], Float[np.ndarray, " I"]]:
    """Scores of the genuine and of the impostor pairs i < j, each in row order.

    Cosines of x/‖x‖ for `unit`, else −‖a−b‖. Keeps all pairs: N(N−1)/2 numbers.

    >>> scores(np.array([[0.0], [3.0], [4.0]]), np.array([0, 0, 1]), unit=False)
    (array([-3.]), array([-4., -1.]))
    """
    first, second, values = pair_scores(x, unit)
    same = y[first] == y[second]
    return values[same], values[~same]


def pair_scores(
    x: Float[np.ndarray, "N D"], unit: bool
) -> tuple[Integer[np.ndarray, " P"], Integer[np.ndarray, " P"], Float[np.ndarray, " P"]]:
    """Row numbers i < j and the score of each pair, in row order.

    >>> [part.tolist() for part in pair_scores(np.array([[0.0], [3.0], [4.0]]), unit=False)]
    [[0, 0, 1], [1, 2, 2], [-3.0, -4.0, -1.0]]
    """
    x = unit_rows(x) if unit else x.astype(np.float64)
    first, second = np.triu_indices(len(x), 1)
    if unit:
        values = np.concatenate(
            [np.empty(0), *((x[i : i + 1] @ x[i + 1 :].T).ravel() for i in range(len(x)))]
        )
        return first, second, np.rint(values / COSINE_STEP) * COSINE_STEP
    return first, second, -pdist(x) if len(x) > 1 else np.empty(0)


def verification(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], unit: bool) -> Roc:
    """The ROC of all pairs i < j: exact up to 4 million pairs, in fine bins above."""
    if len(x) * (len(x) - 1) // 2 <= EXACT:
        return roc(*scores(x, y, unit))
    return binned_roc(x, y, unit)


def binned_roc(x: Float[np.ndarray, "N D"], y: Integer[np.ndarray, " N"], unit: bool) -> Roc:
    """The ROC of all pairs i < j with scores counted in bins; see above.

    Rows are taken class by class, so that all columns behind the last class of a block are
    impostors and need no comparison of labels.
    """
    order, starts, sizes = by_class(y)
    x = (unit_rows(x) if unit else centred(x))[order]
    others = -2 * x if unit else extended(x)
    end = np.repeat(starts + sizes, sizes)  # where the class of each row ends
    y = y[order]
    counts = np.zeros((2, HIGHEST - LOWEST + 1), dtype=np.int64)  # impostor, genuine
    alone = Lock()
    device = kernels.device_for(len(x))
    there, names = (kernels.sent(a, device) if device else a for a in (x if unit else others, y))
    edges = 2 * COSINE_STEP if unit else float(SMALLEST), float(LARGEST)

    def count(part: slice) -> None:
        if device:
            first, genuine, impostor = kernels.bin_counts(there, part, names, unit, edges, SHIFT)
            low = first - LOWEST
        else:
            mixed = int(end[part.stop - 1]) - part.start  # from here on, all are impostors
            bins, low = _bins(x[part], others[part.start :], unit, edges)
            genuine, impostor = _counted(bins, y[part], y[part.start : part.start + mixed])
        with alone:
            counts[:, low : low + len(genuine)] += impostor, genuine

    in_threads(count, len(x), len(x))
    return _curve_of_bins(counts, unit)


def _counted(bins: np.ndarray, y: np.ndarray, near: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Genuine and impostor pairs i < j by bin, of the rows `y` with those behind them.

    `near`: the labels of the first columns; all columns behind those are impostors.
    """
    every = np.bincount(bins.ravel())
    same = np.triu(y[:, None] == near, 1)
    genuine = np.bincount(bins[:, : len(near)][same], minlength=len(every))
    twice = np.bincount(bins[np.tril_indices(len(bins))], minlength=len(every))
    return genuine, every - genuine - twice


def _bins(
    rows: np.ndarray, others: np.ndarray, unit: bool, edges: tuple[float, float]
) -> tuple[np.ndarray, int]:
    """The bin of each pair, by exponent and first bits of its squared distance, above the lowest.

    (B, R) int64, and the number of the lowest: few bins are used, and they stay in the cache.
    """
    if unit:
        d2 = rows @ others.T
        d2 += 2.0
    else:
        d2 = distances_to(rows, others)
    np.clip(d2, *edges, out=d2)
    np.fill_diagonal(d2, d2[0, -1])  # a row beside itself, which nobody counts
    bins = d2.view(np.int64)
    bins >>= SHIFT
    low = int(bins.min())
    bins -= low
    return bins, low - LOWEST


def _curve_of_bins(counts: np.ndarray, unit: bool) -> Roc:
    """The thresholds are the far ends of the bins: every pair of a bin is accepted there."""
    used = np.flatnonzero(counts.any(axis=0))
    edges = ((used + LOWEST + 1) << SHIFT).view(np.float64)
    thresholds = 1 - edges / 2 if unit else -np.sqrt(edges)
    impostor, genuine = np.cumsum(counts[:, used], axis=1)
    return Roc.from_counts(genuine, impostor, thresholds)
