"""The numbers of `measure`: symbol, unit, range, which end is good, and what each one says."""

from dataclasses import dataclass
from math import inf

from centerviz.language import N_


@dataclass(frozen=True)
class Metric:
    """One number of an embedding, as pages and reports name it."""

    key: str  # in the output of `measure`
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


METRICS: dict[str, Metric] = {
    metric.key: metric
    for metric in (
        Metric(
            "intra_mean",
            N_("Intra-class distance"),
            N_("feature units"),
            0.0,
            inf,
            "low",
            False,
            N_("How far samples lie from the mean of their class, each class counting once."),
        ),
        Metric(
            "inter_mean",
            N_("Inter-class distance"),
            N_("feature units"),
            0.0,
            inf,
            "high",
            False,
            N_("How far the class means lie from each other, over all pairs of classes."),
        ),
        Metric(
            "ratio",
            N_("Intra / inter"),
            "",
            0.0,
            inf,
            "low",
            True,
            N_("Spread of a class as a share of the distance between classes."),
        ),
        Metric(
            "fisher",
            N_("Fisher ratio"),
            "",
            0.0,
            inf,
            "high",
            True,
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
        Metric(
            "davies_bouldin",
            N_("Davies–Bouldin"),
            "",
            0.0,
            inf,
            "low",
            True,
            N_("How much each class overlaps with the one it is most easily mistaken for."),
        ),
        Metric(
            "calinski_harabasz",
            N_("Calinski–Harabasz"),
            "",
            0.0,
            inf,
            "high",
            True,
            N_("The Fisher ratio, corrected for the numbers of samples and classes."),
        ),
        Metric(
            "nc1",
            N_("Neural collapse NC1"),
            "",
            0.0,
            inf,
            "low",
            True,
            N_("Variation within the classes as seen between their means; 0 is full collapse."),
        ),
        Metric(
            "nearest_mean_accuracy",
            N_("Nearest-mean accuracy"),
            "",
            0.0,
            1.0,
            "high",
            True,
            N_("The share of samples that lie nearest to the mean of their own class."),
        ),
        Metric(
            "knn_accuracy",
            N_("5-nearest-neighbour accuracy"),
            "",
            0.0,
            1.0,
            "high",
            True,
            N_("The share of samples whose five nearest neighbours vote for their class."),
        ),
        Metric(
            "recall_at_1",
            N_("Recall@1"),
            "",
            0.0,
            1.0,
            "high",
            True,
            N_("The share of samples whose nearest other sample is of the same class."),
        ),
        Metric(
            "r_precision",
            N_("R-precision"),
            "",
            0.0,
            1.0,
            "high",
            True,
            N_("Of the R nearest, the share in the same class, where R others of it exist."),
        ),
        Metric(
            "map_at_r",
            N_("MAP@R"),
            "",
            0.0,
            1.0,
            "high",
            True,
            N_("R-precision that also rewards having the same class first."),
        ),
        Metric(
            "auc",
            N_("Verification AUC"),
            "",
            0.0,
            1.0,
            "high",
            True,
            N_("The chance that two samples of one class are closer than two of different ones."),
        ),
        Metric(
            "eer",
            N_("Equal error rate"),
            "",
            0.0,
            1.0,
            "low",
            True,
            N_("The error where as many different pairs are accepted as same pairs are refused."),
        ),
    )
}
