"""Looking at a network without changing it: features, accuracy, true class means, vitals.

Letters: `x` raw features (N, D) · `f` what center loss sees, x or z = x/‖x‖ · `y` labels (N,) ·
`mu` class means of f over the training split (C, D).
"""

import math
import time
from collections.abc import Generator
from dataclasses import dataclass, replace

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from centerviz.data.dataset import Dataset
from centerviz.data.embeddings import unit_rows
from centerviz.embedding.collapse import effective_rank, nc1
from centerviz.embedding.distances import drift, inter, ratio
from centerviz.embedding.health import Vitals
from centerviz.embedding.statistics import ClassStatistics
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import FEATURES_NOT_FINITE, Progress
from centerviz.learning.learner import Learner, load_network
from centerviz.learning.losses import class_scores, cross_entropy
from centerviz.learning.models import network
from centerviz.problem import Problem

SHOWN_ROWS = 1_000
PASS_BATCH = 128  # more leave the cache


@dataclass(frozen=True)
class Evaluation:
    """What one pass over the data found."""

    means: np.ndarray  # (C, D) float32 true means of f over the training split; NaN if absent
    accuracy: dict[str, float | None]  # train, val, test
    cross_entropy: float | None  # plain softmax cross-entropy on train
    train_features: np.ndarray  # (n, D) raw x of the training split
    features: np.ndarray  # (E, D) raw x of the evaluation subset
    predicted: np.ndarray  # (E,)

    def filled_means(self, otherwise: np.ndarray) -> np.ndarray:
        """The means, with the rows of absent classes taken from `otherwise`."""
        return np.where(np.isnan(self.means), otherwise, self.means).astype(np.float32)


def evaluation_rows(dataset: Dataset) -> np.ndarray:
    """Rows of the fixed evaluation subset (E,): up to 1,000 of test, or of train without a test.

    The same for every run on a data set, so that runs can be laid side by side.
    """
    rows = dataset.rows("test")
    rows = rows if len(rows) else dataset.rows("train")
    if len(rows) <= SHOWN_ROWS:
        return rows
    return np.sort(np.random.default_rng(0).choice(rows, SHOWN_ROWS, replace=False))


def features(
    model: Learner, samples: Tensor, rows: np.ndarray, now: Progress | None = None
) -> Generator[Progress, None, Tensor]:
    """A pass without gradient over `rows`; returns x (n, D) on the device, yields while it goes.

    In float32 whatever the training used: bf16 never enters a number that is shown.
    """
    last, parts = time.monotonic(), []
    with torch.no_grad():
        for start in range(0, len(rows), PASS_BATCH):
            picked = torch.from_numpy(rows[start : start + PASS_BATCH]).to(samples.device)
            parts.append(model.net(samples[picked]))
            if now and time.monotonic() - last > 0.5:
                now = replace(now, seconds=now.seconds + time.monotonic() - last)
                last = time.monotonic()
                yield now
    return torch.cat(parts) if parts else torch.zeros(0, model.config.dim, device=samples.device)


def evaluate(
    model: Learner, dataset: Dataset, samples: Tensor, now: Progress
) -> Generator[Progress, None, Evaluation]:
    """One pass over train, val and test; yields Progress, returns an Evaluation."""
    accuracy: dict[str, float | None] = {"train": None, "val": None, "test": None}
    shown = evaluation_rows(dataset)
    kept: dict[str, tuple[Tensor, Tensor | None]] = {}
    entropy = None
    for split in accuracy:
        rows = dataset.rows(split)
        x = yield from features(model, samples, rows, now)
        if not torch.isfinite(x).all():
            raise Problem(FEATURES_NOT_FINITE, step=now.step, epoch=now.epoch)
        y = torch.from_numpy(dataset.labels[rows]).to(x.device)
        scores = _scores(model, x, y)
        kept[split] = (x, None if scores is None else scores.argmax(1))
        if scores is not None and len(rows):
            accuracy[split] = int((kept[split][1] == y).sum()) / len(rows)
            if split == "train":
                entropy = float(cross_entropy(scores, y).mean())
    train_x = kept["train"][0].cpu().numpy()
    source = "test" if len(dataset.rows("test")) else "train"
    place = np.searchsorted(dataset.rows(source), shown)
    x, predicted = kept[source]
    return Evaluation(
        means=_means(model.config, train_x, dataset.labels[dataset.rows("train")], dataset.classes),
        accuracy=accuracy,
        cross_entropy=entropy,
        train_features=train_x,
        features=x.cpu().numpy()[place],
        predicted=np.full(len(shown), -1) if predicted is None else predicted.cpu().numpy()[place],
    )


def _scores(model: Learner, x: Tensor, y: Tensor) -> Tensor | None:
    """Class scores without any margin: plain w·x for softmax, s cos θ for the others."""
    if model.w is None:
        return None
    base = "softmax" if model.config.base == "softmax" else "normface"
    with torch.no_grad():
        return class_scores(x, y, model.w, base, model.config.scale, 0.0)


def _means(config: TrainConfig, x: np.ndarray, y: np.ndarray, classes: int) -> np.ndarray:
    f = unit_rows(x) if config.normalize else x
    return ClassStatistics.from_samples(f, y, classes).means.astype(np.float32)


def vitals(
    model: Learner,
    dataset: Dataset,
    epoch: int,
    found: Evaluation,
    centers: np.ndarray,
    largest: float,
    moved: float,
    batches: list[np.ndarray],
) -> Vitals:
    """What the health checks look at, from the training split."""
    config = model.config
    y = dataset.labels[dataset.rows("train")]
    counts = np.bincount(y, minlength=dataset.classes)
    share = counts[counts > 0] / len(y)
    x = found.train_features.astype(np.float64)
    stats = ClassStatistics.from_samples(x, y, dataset.classes)
    away = float(drift(centers, found.means)[counts > 0].mean())
    return Vitals(
        epoch=epoch,
        rule=config.center_rule,
        center_weight=config.center_weight,
        base=config.base,
        classes=dataset.classes,
        share_entropy=float(-(share * np.log(share)).sum()),
        largest_share=float(share.max()),
        cross_entropy=found.cross_entropy,
        accuracy=found.accuracy["train"],
        rms_spread=stats.rms_spread,
        rms_norm=stats.rms_norm,
        effective_rank=effective_rank(x),
        dim=config.dim,
        fisher=stats.fisher,
        nc1=nc1(x, y),
        center_move=moved,
        drift_over_inter=ratio(away if math.isfinite(away) else None, inter(found.means).mean),
        center_norm=float(np.linalg.norm(centers.astype(np.float64), axis=1).max()),
        center_norm_start=model.center_norm_start,
        feature_norm=largest,
        ema_log_gain=_ema_log_gain(config, dataset.labels, batches),
    )


def _ema_log_gain(config: TrainConfig, y: np.ndarray, batches: list[np.ndarray]) -> float | None:
    """Mean log|1 − n_j(1 − retention)| over the classes of all batches; above 0 ema diverges."""
    if config.center_rule != "ema":
        return None
    counts = np.concatenate([n[n > 0] for n in (np.bincount(y[rows]) for rows in batches)])
    return float(np.log(np.maximum(np.abs(1 - counts * config.center_step), 1e-12)).mean())


def embed(
    config: TrainConfig, state: dict[str, np.ndarray], dataset: Dataset, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Raw features x (n, D) float32 and predicted classes (n,) of `rows`, by saved weights.

    The data set need not be the one that was trained on: images are brought to the size and
    channels of the network. `predicted` is −1 without a classifier. Raises Problem where the
    samples do not fit. `config` is resolved; the device falls back to the CPU when it is gone.
    """
    shape = tuple(int(side) for side in state["model.shape"])
    samples = fitted(dataset, rows, shape)
    device = config.device if _present(config.device) else "cpu"
    config = config.model_copy(update={"device": device})
    net = network(config.model, shape, config.dim)
    load_network(net, state)
    net.to(
        device, memory_format=torch.channels_last if len(shape) == 3 else torch.contiguous_format
    )
    w = torch.from_numpy(state["head.weight"]).to(device) if "head.weight" in state else None
    model = Learner(config, net, w, torch.empty(0), torch.optim.SGD(net.parameters()))
    threads = torch.get_num_threads()
    torch.set_num_threads(config.threads)
    try:
        x = _exhaust(features(model, samples.to(device), np.arange(len(rows))))
        scores = _scores(model, x, torch.zeros(len(x), dtype=torch.long, device=device))
    finally:
        torch.set_num_threads(threads)
    predicted = np.full(len(rows), -1) if scores is None else scores.argmax(1).cpu().numpy()
    return x.cpu().numpy(), predicted


def _exhaust(generator):
    """The return value of a generator whose news nobody waits for."""
    while True:
        try:
            next(generator)
        except StopIteration as end:
            return end.value


def _present(device: str) -> bool:
    kind = device.partition(":")[0]
    if kind == "mps":
        return torch.backends.mps.is_available()
    return kind == "cpu" or torch.cuda.is_available()


def fitted(dataset: Dataset, rows: np.ndarray, shape: tuple[int, ...]) -> Tensor:
    """The samples in the shape that the network takes."""
    inputs = torch.from_numpy(dataset.inputs[rows])
    given = tuple(inputs.shape[1:])
    if given == shape:
        return inputs
    if len(given) != 3 or len(shape) != 3:
        raise Problem(
            "{name} has samples of shape {given}; this model takes {shape}.",
            name=dataset.name,
            given="×".join(map(str, given)),
            shape="×".join(map(str, shape)),
        )
    images = inputs.permute(0, 3, 1, 2).float()
    images = F.interpolate(images, shape[:2], mode="bilinear", antialias=True)
    if given[2] != shape[2]:
        images = images.mean(1, keepdim=True).repeat(1, shape[2], 1, 1)
    return images.round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1).contiguous()
