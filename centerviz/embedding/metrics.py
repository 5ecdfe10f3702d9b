"""The numbers of an embedding: name, unit, range, which end is good, and what each one says.

METRICS are those of `measure`, DETAILS those of `details`, BY_CLASS those of one class;
ACCURACY is that of a run's own classifier.
"""

from dataclasses import dataclass
from math import inf, isfinite

from centerviz.language import N_


@dataclass(frozen=True)
class Metric:
    """One number of an embedding, as pages and reports name it."""

    key: str  # in the output of `measure` or `details`
    name: str
    unit: str  # "" for pure numbers
    low: float
    high: float
    better: str  # "low" or "high"; "" where neither end is good by itself
    scale_free: bool  # does not change when all features are multiplied by a number
    meaning: str

    @property
    def direction(self) -> int:
        """+1 where higher is better, −1 where lower is, 0 where neither."""
        return {"high": 1, "low": -1, "": 0}[self.better]

    def document(self) -> dict:
        """For JSON: an endless range and a missing good end are null.

        >>> METRICS["ratio"].document()
        {'unit': '', 'range': [0.0, None], 'better': 'low', 'scale_free': True}
        """
        ends = [end if isfinite(end) else None for end in (self.low, self.high)]
        better = self.better or None
        return {
            "unit": self.unit,
            "range": ends,
            "better": better,
            "scale_free": self.scale_free,
        }


def _distance(key: str, name: str, better: str, meaning: str) -> Metric:
    return Metric(key, name, N_("feature units"), 0.0, inf, better, False, meaning)


def _ratio(key: str, name: str, better: str, meaning: str) -> Metric:
    return Metric(key, name, "", 0.0, inf, better, True, meaning)


def _share(key: str, name: str, better: str, meaning: str) -> Metric:
    return Metric(key, name, "", 0.0, 1.0, better, True, meaning)


def _by_key(*metrics: Metric) -> dict[str, Metric]:
    return {metric.key: metric for metric in metrics}


METRICS = _by_key(
    _distance(
        "intra_mean",
        N_("Intra-class distance"),
        "low",
        N_("How far samples lie from the mean of their class, each class counting once."),
    ),
    _distance(
        "inter_mean",
        N_("Inter-class distance"),
        "high",
        N_("How far the class means lie from each other, over all pairs of classes."),
    ),
    _ratio(
        "ratio",
        N_("Intra / inter"),
        "low",
        N_("Spread of a class as a share of the distance between classes."),
    ),
    _ratio(
        "fisher",
        N_("Fisher ratio"),
        "high",
        N_("Scatter between the classes over scatter within them."),
    ),
    Metric(
        "silhouette",
        N_("Silhouette"),
        "",
        -1.0,
        1.0,
        "high",
        True,
        N_("How much closer a sample is to its own class than to the nearest other one."),
    ),
    _ratio(
        "davies_bouldin",
        N_("Davies–Bouldin"),
        "low",
        N_("How much each class overlaps with the one it is most easily mistaken for."),
    ),
    _ratio(
        "calinski_harabasz",
        N_("Calinski–Harabasz"),
        "high",
        N_("The Fisher ratio, corrected for the numbers of samples and classes."),
    ),
    _ratio(
        "nc1",
        N_("Neural collapse NC1"),
        "low",
        N_("Variation within the classes as seen between their means; 0 is full collapse."),
    ),
    _share(
        "nearest_mean_accuracy",
        N_("Nearest-mean accuracy"),
        "high",
        N_("The share of samples that lie nearest to the mean of their own class."),
    ),
    _share(
        "knn_accuracy",
        N_("5-nearest-neighbour accuracy"),
        "high",
        N_("The share of samples whose five nearest neighbours vote for their class."),
    ),
    _share(
        "recall_at_1",
        N_("Recall@1"),
        "high",
        N_("The share of samples whose nearest other sample is of the same class."),
    ),
    _share(
        "r_precision",
        N_("R-precision"),
        "high",
        N_("Of the R nearest, the share in the same class, where R others of it exist."),
    ),
    _share(
        "map_at_r",
        N_("MAP@R"),
        "high",
        N_("R-precision that also rewards having the same class first."),
    ),
    _share(
        "auc",
        N_("Verification AUC"),
        "high",
        N_("The chance that two samples of one class are closer than two of different ones."),
    ),
    _share(
        "eer",
        N_("Equal error rate"),
        "low",
        N_("The error where as many different pairs are accepted as same pairs are refused."),
    ),
)

DETAILS = _by_key(
    _distance(
        "intra_micro",
        N_("Intra-class distance, all samples"),
        "low",
        N_("The same with each sample counting once, so that large classes weigh more."),
    ),
    _distance(
        "inter_min",
        N_("Least inter-class distance"),
        "high",
        N_("How far the two nearest class means lie from each other."),
    ),
    _distance(
        "norm_mean",
        N_("Feature norm"),
        "",
        N_("How long features are on average; 1 for unit features."),
    ),
    _ratio(
        "separation",
        N_("Separation"),
        "low",
        N_(
            "Widest pair of one class over nearest pair of two; below 1 a threshold tells them all."
        ),
    ),
    _ratio(
        "drift",
        N_("Drift"),
        "low",
        N_("How far kept centers lie from the true means, as a share of the inter-class distance."),
    ),
    _share(
        "resultant_length",
        N_("Mean resultant length R̄"),
        "high",
        N_("How long the mean of a class's unit features is; 1 when all point the same way."),
    ),
    Metric(
        "effective_rank",
        N_("Effective rank"),
        "",
        1.0,
        inf,
        "",
        True,
        N_("How many dimensions the features use, weighted by their variance."),
    ),
    _ratio(
        "nc2_norms",
        N_("Neural collapse NC2, norms"),
        "low",
        N_("How unequally far the class means lie from their center; 0 on a simplex."),
    ),
    Metric(
        "nc2_angles",
        N_("Neural collapse NC2, angles"),
        "",
        0.0,
        1.0,
        "low",
        True,
        N_("How unequal the angles between class means are; 0 on a simplex."),
    ),
    Metric(
        "nc2_simplex",
        N_("Neural collapse NC2, simplex"),
        "",
        0.0,
        2.0,
        "low",
        True,
        N_("How far these angles are from the widest possible; 0 needs D of at least C − 1."),
    ),
    Metric(
        "nc3",
        N_("Neural collapse NC3"),
        "",
        0.0,
        4.0,
        "low",
        True,
        N_("How far the classifier's rows point from the class means; 0 when they agree."),
    ),
    _share(
        "nc4",
        N_("Neural collapse NC4"),
        "low",
        N_("The share of samples for which classifier and nearest mean disagree."),
    ),
    _share(
        "tar_at_1e2",
        N_("TAR at FAR 0.01"),
        "high",
        N_("The share of same pairs accepted when at most 1 in 100 different ones is."),
    ),
    _share(
        "tar_at_1e3",
        N_("TAR at FAR 0.001"),
        "high",
        N_("The share of same pairs accepted when at most 1 in 1,000 different ones is."),
    ),
    _share(
        "lfw_accuracy",
        N_("LFW accuracy"),
        "high",
        N_("Pairs told rightly by a threshold from nine folds of other identities, mean of ten."),
    ),
)

BY_CLASS = _by_key(
    _distance("mean", N_("mean"), "low", N_("Mean distance to the class mean.")),
    _distance(
        "median", N_("median"), "low", N_("Half of the samples lie nearer to the class mean.")
    ),
    _distance("p95", "p95", "low", N_("95 of 100 samples lie nearer.")),
    _distance("max", N_("max"), "low", N_("The sample farthest from the class mean.")),
    _share(
        "length",
        "R̄",
        "high",
        N_("Length of the mean of the unit features: 1 when all point the same way."),
    ),
    _distance("gap", N_("its distance"), "high", N_("Between the means of both classes.")),
    _distance("drift", N_("drift"), "low", N_("From the kept center to the true mean.")),
)

ACCURACY = _share(
    "accuracy",
    N_("Accuracy"),
    "high",
    N_("The share of test samples that the classifier names rightly."),
)
