"""How much closer samples lie to their class in one embedding than in another.

Distances are first divided by the embedding's own mean inter-class distance, so that an embedding
that only shrank has not come closer: shrinking is not compactness.

Letters: `x` features (N, D) · d distances to class means (n,).
"""

import numpy as np
from jaxtyping import Float

from centerviz.data.embeddings import Embeddings, unit_rows
from centerviz.embedding.clustering import numbered
from centerviz.embedding.distances import distances_to_means, inter
from centerviz.embedding.measure import sides
from centerviz.embedding.statistics import ClassStatistics


def chance_closer(
    d_with: Float[np.ndarray, " A"], d_without: Float[np.ndarray, " B"]
) -> float | None:
    """P(d_with < d_without) for one sample drawn from each, ties counting half; ½: no effect.

    The common-language effect size, Mann–Whitney U / (A·B). None without samples on both sides.

    >>> chance_closer(np.array([1.0, 3.0]), np.array([2.0, 3.0]))
    0.625
    """
    if not (len(d_with) and len(d_without)):
        return None
    others = np.sort(d_without)
    farther = len(others) - np.searchsorted(others, d_with, side="right")
    equal = np.searchsorted(others, d_with, side="right") - np.searchsorted(others, d_with)
    return float((farther + equal / 2).mean() / len(others))


def relative_distances(
    embeddings: Embeddings, split: str | None = None, unit: bool = False
) -> Float[np.ndarray, " n"]:
    """‖x − μ_y‖ / mean inter-class distance of each judged sample; lower is tighter, no unit.

    Rows and means are those of `measure`: test samples against the means of train, in the order
    of `sides(embeddings, split).judged`. NaN for a class that the means lack; empty without labels
    or where all means lie at one place.

    >>> pair = np.array([[0.0], [2.0], [9.0], [11.0]], dtype=np.float32)
    >>> ids = np.array(list("abcd"))
    >>> relative_distances(Embeddings(pair, np.array([0, 0, 1, 1]), ("a", "b"), ids))
    array([0.11111111, 0.11111111, 0.11111111, 0.11111111])
    """
    if embeddings.labels is None:
        return np.empty(0)
    found = sides(embeddings, split)
    y, classes = numbered(embeddings.labels)
    view = unit_rows if unit else np.asarray
    reference = view(embeddings.x[found.reference].astype(np.float64))
    mu = ClassStatistics.from_samples(reference, y[found.reference], classes).means
    apart = inter(mu).mean
    if not apart:
        return np.empty(0)
    judged = view(embeddings.x[found.judged].astype(np.float64))
    return distances_to_means(judged, y[found.judged], mu) / apart
