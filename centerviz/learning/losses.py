"""The losses, in the paper's letters.

Sources: Wen, Zhang, Li, Qiao, "A Discriminative Feature Learning Approach for Deep Face
Recognition", ECCV 2016 (Eq. 1, 2, 5); NormFace 2017; CosFace and ArcFace 2018-19; the article,
sections 3.4 and 3.5.

Letters: `x` raw features (m, D) · `z` unit features · `f` the one of them that center loss sees ·
`y` labels (m,) · `c` centers (C, D) · `w` classifier rows (C, D) · `s` scale · `margin`.
Every loss is given per sample, (m,), so that batch, class and sample can be shown from one source.
"""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from centerviz.learning.formulas import article_literal_losses, inner_product, sample_losses


def unit(x: Float[Tensor, "m D"]) -> Float[Tensor, "m D"]:
    """z = x/‖x‖ (article 4.1); a zero vector has no direction and stays as it is.

    So its gradient is finite, where dividing by a tiny number would send it through the roof.

    >>> unit(torch.tensor([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    norm = x.norm(dim=1, keepdim=True)
    return x / torch.where(norm > 1e-12, norm, 1.0)


def center_loss(
    f: Float[Tensor, "m D"], y: Int[Tensor, " m"], c: Float[Tensor, "C D"], form: str = "squared"
) -> Float[Tensor, " m"]:
    """Center loss of every sample (Eq. 2; article 3.4).

    squared: ½‖f − c_y‖², in the square of the features' unit, 0 or more, small is compact.
    cosine: 1 − cos(f, c_y), in [0, 2].
    article-dot: ½(f·c_y)², the article's "simplified" form: its least value is a feature
    *orthogonal* to its center, the opposite of the aim. Kept to be watched failing.

    The center's row is gathered, O(m·D); no m×C matrix is ever made.

    >>> f, y = torch.tensor([[3.0, 4.0]]), torch.tensor([0])
    >>> center_loss(f, y, torch.zeros(1, 2)).item()
    12.5
    """
    if form == "squared":
        return sample_losses(f, c, y)
    if form == "cosine":
        return 1 - inner_product(unit(f), unit(c.index_select(0, y)))
    if form == "article-dot":
        return article_literal_losses(f, c, y)
    raise ValueError(f"center_loss knows squared, cosine and article-dot, not {form!r}")


def class_scores(
    x: Float[Tensor, "m D"],
    y: Int[Tensor, " m"],
    w: Float[Tensor, "C D"],
    base: str,
    scale: float,
    margin: float,
) -> Float[Tensor, "m C"]:
    """What softmax turns into class shares, with the margin on the true class where there is one.

    softmax: w·x without bias · normface: s cos θ · cosface: s(cos θ − margin) ·
    arcface: s cos(θ + margin), carried on by a straight line beyond θ = π − margin.

    >>> x, y, w = torch.tensor([[3.0, 4.0]]), torch.tensor([0]), torch.eye(2)
    >>> class_scores(x, y, w, "softmax", 1.0, 0.0).tolist()
    [[3.0, 4.0]]
    >>> [round(v, 3) for v in class_scores(x, y, w, "cosface", 10.0, 0.25)[0].tolist()]
    [3.5, 8.0]
    """
    if base == "softmax":
        return x @ w.T
    cosine = unit(x) @ unit(w).T
    if base == "normface":
        return scale * cosine
    true = cosine.gather(1, y[:, None])
    if base == "cosface":
        shifted = true - margin
    elif base == "arcface":
        sine = (1 - true.square()).clamp_min(1e-12).sqrt()
        rotated = true * math.cos(margin) - sine * math.sin(margin)
        beyond = true - margin * math.sin(margin)
        shifted = torch.where(true > -math.cos(margin), rotated, beyond)
    else:
        raise ValueError(f"{base!r} has no classifier")
    return scale * cosine.scatter(1, y[:, None], shifted)


def cross_entropy(scores: Float[Tensor, "m C"], y: Int[Tensor, " m"]) -> Float[Tensor, " m"]:
    """−ln of the share that softmax gives to the true class (Eq. 1), in nats, per sample.

    >>> round(cross_entropy(torch.zeros(1, 10), torch.tensor([3])).item() - math.log(10), 6)
    0.0
    """
    return F.cross_entropy(scores, y, reduction="none")


def pair_loss(
    f: Float[Tensor, "m D"], y: Int[Tensor, " m"], base: str, margin: float
) -> Float[Tensor, ""]:
    """Contrastive or semi-hard triplet loss of a batch, mean over its active pairs or triplets.

    By pytorch-metric-learning, on plain Euclidean distances. Same-class pairs are drawn together,
    others pushed `margin` apart; 0 where a batch offers no pair.

    >>> f = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    >>> pair_loss(f, torch.tensor([0, 0]), "contrastive", 1.0).item()
    5.0
    """
    from pytorch_metric_learning import distances, losses, miners

    distance = distances.LpDistance(normalize_embeddings=False)
    if base == "contrastive":
        return losses.ContrastiveLoss(0.0, margin, distance=distance)(f, y)
    if base == "triplet":
        miner = miners.TripletMarginMiner(margin, "semihard", distance=distance)
        return losses.TripletMarginLoss(margin, distance=distance)(f, y, miner(f, y))
    raise ValueError(f"{base!r} is not a loss on pairs")
