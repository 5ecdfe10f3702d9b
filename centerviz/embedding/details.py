"""The numbers beyond those of `measure`: DETAILS, for raw and for unit features.

Rows and means are chosen as `measure` chooses them. NC2, NC3 and NC4 look at the reference rows:
for a run the train split.

Letters: `x` features (N, D) · `y` labels (N,) in 0…C−1 · `mu` class means (C, D) · `c` kept centers
· `w` rows of a linear classifier, for the first of the C classes.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from centerviz.data.embeddings import Embeddings, unit_rows
from centerviz.embedding.collapse import effective_rank, mean_resultant_lengths, nc2, nc3, nc4
from centerviz.embedding.distances import drift, inter, radii, ratio, separation
from centerviz.embedding.lfw import lfw
from centerviz.embedding.measure import Sides, sides
from centerviz.embedding.metrics import DETAILS
from centerviz.embedding.statistics import ClassStatistics
from centerviz.embedding.verification import verification


@dataclass(frozen=True)
class _View:
    """Raw or unit features of the rows that count."""

    judged: np.ndarray  # (n, D)
    known: np.ndarray  # (n,) their labels
    reference: np.ndarray  # (m, D)
    means: np.ndarray  # (C, D) of the reference rows
    mu: np.ndarray  # (C, D) the same, with own means where the reference has none
    few: np.ndarray  # rows of the O(N²) numbers
    few_known: np.ndarray


def details(
    embeddings: Embeddings,
    split: str | None = None,
    w: Float[np.ndarray, "K D"] | None = None,
    normalize: bool = False,
) -> dict[str, dict[str, float | None]]:
    """DETAILS by key, under "raw" and "unit"; None where undefined.

    Without `w` there are no NC3 and NC4. Kept centers belong to unit features with `normalize`,
    else to raw ones, and only there is a drift. Raises Problem for a split that is not there.

    >>> pair = np.array([[0.0], [2.0], [9.0], [11.0]], dtype=np.float32)
    >>> y, ids = np.array([0, 0, 1, 1]), np.array(list("abcd"))
    >>> found = details(Embeddings(pair, y, ("a", "b"), ids))["raw"]
    >>> found["inter_min"], found["separation"], found["effective_rank"]
    (9.0, 0.2857142857142857, 1.0)
    """
    if embeddings.labels is None:
        return {"raw": dict.fromkeys(DETAILS), "unit": dict.fromkeys(DETAILS)}
    found, documents = sides(embeddings, split), {}
    for name, unit in (("raw", False), ("unit", True)):
        view = _view(embeddings, found, unit)
        c = embeddings.centers if unit == normalize else None
        numbers = _of_classes(view, c) | _of_collapse(view, w) | _of_pairs(view, unit)
        documents[name] = {key: numbers[key] for key in DETAILS}
    return documents


def _view(e: Embeddings, found: Sides, unit: bool) -> _View:
    def rows(at: np.ndarray) -> np.ndarray:
        return unit_rows(e.x[at]) if unit else e.x[at].astype(np.float64)

    classes = int(e.labels.max()) + 1
    judged, known = rows(found.judged), e.labels[found.judged]
    own = ClassStatistics.from_samples(judged, known, classes).means
    reference, means = judged, own
    if not found.alone:
        reference = rows(found.reference)
        means = ClassStatistics.from_samples(reference, e.labels[found.reference], classes).means
    few = found.sampled(e.labels).judged
    mu = np.where(np.isnan(means), own, means)
    return _View(judged, known, reference, means, mu, rows(few), e.labels[few])


def _of_classes(view: _View, c: np.ndarray | None) -> dict[str, float | None]:
    """Of means, centers and the features themselves."""
    apart = inter(view.mu)
    lengths = mean_resultant_lengths(view.judged, view.known, len(view.mu))
    lengths = lengths[np.bincount(view.known, minlength=len(lengths)) >= 2]
    away = np.empty(0)
    if c is not None:
        both = min(len(c), len(view.means))
        away = drift(c[:both], view.means[:both])
        away = away[~np.isnan(away)]
    return {
        "intra_micro": radii(view.judged, view.known, view.mu).micro,
        "inter_min": apart.min,
        "norm_mean": float(np.linalg.norm(view.judged, axis=1).mean()),
        "drift": ratio(float(away.mean()), apart.mean) if len(away) else None,
        "resultant_length": float(lengths.mean()) if len(lengths) else None,
        "effective_rank": effective_rank(view.judged),
    }


def _of_collapse(view: _View, w: np.ndarray | None) -> dict[str, float | None]:
    """NC2 to NC4. A classifier that does not know these classes has no part."""
    simplex = nc2(view.means)
    seen = ~np.isnan(view.means).any(axis=1)
    if w is not None and not seen[len(w) :].any():
        means, w = view.means[: len(w)], w[: len(view.means)].astype(np.float64)
        three, four = nc3(w, means), nc4(view.reference, w, means)
    else:
        three = four = None
    return {
        "nc2_norms": None if simplex is None else simplex.norm_cv,
        "nc2_angles": None if simplex is None else simplex.cosine_std,
        "nc2_simplex": None if simplex is None else simplex.cosine_offset,
        "nc3": three,
        "nc4": four,
    }


def _of_pairs(view: _View, unit: bool) -> dict[str, float | None]:
    """Of pairs of samples."""
    curve, folds = verification(view.few, view.few_known, unit), lfw(view.few, view.few_known, unit)
    return {
        "separation": separation(view.few, view.few_known).share,
        "tar_at_1e2": curve.tar_at_far(1e-2),
        "tar_at_1e3": curve.tar_at_far(1e-3),
        "lfw_accuracy": None if folds is None else folds.accuracy,
    }
