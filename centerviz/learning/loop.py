"""The one training loop: L = L_S + λ L_C (Wen et al., Eq. 5; article 3.5).

λ = 0 takes the same path, with L_C left out of the sum, and gives the same weights to the bit as
softmax alone. Batches follow from (seed, epoch), so that an epoch can be repeated.

Letters: `x` raw features (m, D) · `f` what center loss sees, x or z = x/‖x‖ · `y` labels (m,) ·
`c` centers (C, D) · `mu` class means (C, D) · `lam` λ.
"""

import contextlib
import math
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from centerviz.data.dataset import Dataset
from centerviz.embedding.distances import drift
from centerviz.learning.allocator import keep_freed_memory
from centerviz.learning.centers import move_centers
from centerviz.learning.config import PAIR_BASES, TrainConfig
from centerviz.learning.epoch import LOSS_NOT_FINITE, Epoch, Progress
from centerviz.learning.evaluation import (
    Evaluation,
    evaluate,
    evaluation_rows,
    vitals,
)
from centerviz.learning.learner import Learner, adopt, autocast, learner, resolved, state_of
from centerviz.learning.losses import (
    center_loss,
    class_scores,
    cross_entropy,
    pair_loss,
    unit,
)
from centerviz.problem import Problem

__all__ = ["evaluation_rows", "resolved", "train"]


def train(
    config: TrainConfig,
    dataset: Dataset,
    state: dict[str, np.ndarray] | None = None,
    start: dict[str, np.ndarray] | None = None,
) -> Iterator[Progress | Epoch]:
    """Train, and tell of it: Progress at least once a second, one Epoch at the end of each epoch.

    `state` is the `Epoch.state` after which to go on; `start` holds the weights of another run to
    begin with instead of random ones. Same resolved config, data set and start, same numbers to
    the bit on one machine, resumed or not. Raises Problem where the config or the start does not
    fit the data set or the loss is no longer finite.
    """
    config = resolved(config, dataset)
    began = time.monotonic()
    with _machine(config):
        model = learner(config, dataset, state)
        if state is None and start is not None:
            adopt(model, start)
        done = int(state["epoch"]) if state is not None else 0
        samples = torch.from_numpy(dataset.inputs).to(config.device)
        labels = torch.from_numpy(dataset.labels).to(config.device)
        if state is None:
            yield from _start_centers(model, dataset, samples, began)
        for epoch in range(done + 1, config.epochs + 1):
            epoch_began = time.monotonic()
            batches = _batches(config, dataset, epoch)
            total = len(batches) * config.epochs
            lam = config.center_weight * min(1.0, epoch / max(config.warmup_epochs, 1))
            seen = _Seen(dataset.classes, len(batches), config.device)
            before = model.c.clone()
            for number, rows in enumerate(batches):
                rate = _learning_rate(config, (epoch - 1) * len(batches) + number, total)
                for group in model.optimizer.param_groups:
                    group["lr"] = rate
                rows = torch.from_numpy(rows).to(config.device)
                seen.add(number, _step(model, samples[rows], labels[rows], lam), labels[rows])
                if seen.due():
                    seen.check_finite(epoch)
                    yield Progress(epoch, number + 1, len(batches), time.monotonic() - began)
            seen.check_finite(epoch)
            now = Progress(epoch, len(batches), len(batches), time.monotonic() - began)
            found = yield from evaluate(model, dataset, samples, now)
            kept = model.c.clone()  # drift is taken before an epoch-end rule moves the centers
            if config.center_rule == "epoch-mean":
                model.c.copy_(torch.from_numpy(found.filled_means(kept.cpu().numpy())))
            moved = float((model.c - before).norm(dim=1).max())
            seconds = time.monotonic() - epoch_began
            yield _epoch(
                model, dataset, epoch, seconds, rate, lam, seen, found, kept, moved, batches
            )


@contextlib.contextmanager
def _machine(config: TrainConfig):
    """The threads of the config and repeatable kernels, for as long as the training lasts."""
    keep_freed_memory()
    threads, repeatable = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(config.threads)
    if config.device.startswith("cuda"):
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS repeats itself then
        torch.use_deterministic_algorithms(True, warn_only=True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(repeatable)
        torch.set_num_threads(threads)


def _start_centers(model: Learner, dataset: Dataset, samples: Tensor, began: float):
    """Class means of one evaluation pass, or zeros."""
    if model.config.center_start == "means":
        found = yield from evaluate(
            model, dataset, samples, Progress(1, 0, 1, time.monotonic() - began)
        )
        model.c.copy_(torch.from_numpy(found.filled_means(model.c.cpu().numpy())))
    model.center_norm_start = float(model.c.norm(dim=1).max())


def _batches(config: TrainConfig, dataset: Dataset, epoch: int) -> list[np.ndarray]:
    """Row numbers of each mini-batch; drawn from (seed, epoch) alone."""
    rng = np.random.default_rng([config.seed, epoch])
    rows = rng.permutation(dataset.rows("train"))
    m = config.batch_size
    if config.base not in PAIR_BASES:
        return [rows[start : start + m] for start in range(0, len(rows), m)]
    return _class_batches(rows, dataset.labels[rows], m, config.samples_per_class)


def _class_batches(rows: np.ndarray, y: np.ndarray, m: int, each: int) -> list[np.ndarray]:
    """Batches of `each` samples from every one of m // each classes, so that pairs exist.

    `rows` come shuffled; a class is cut into groups of `each`, its remainder is left out of this
    epoch, and groups are dealt in turns so that a batch holds a class once where it can.
    """
    groups = []
    for j in np.unique(y):
        own = rows[y == j]
        starts = range(0, max(len(own) - each, 0) + 1, each)
        groups += [(turn, own[start : start + each]) for turn, start in enumerate(starts)]
    groups.sort(key=lambda entry: entry[0])  # stable: turn by turn, classes in order
    lots = [group for _, group in groups]
    per_batch = max(2, m // each)
    return [np.concatenate(lots[i : i + per_batch]) for i in range(0, len(lots), per_batch)]


def _learning_rate(config: TrainConfig, step: int, steps: int) -> float:
    """The rate of one step of `steps`, by the schedule alone: a resume needs no other state.

    onecycle (Smith and Topin 2018, numbered as torch does): from 1/25 up over the first 30 % of
    the steps, then down to 1/250,000 of the largest rate, by cosines.
    """
    top, last = config.learning_rate, max(steps - 1, 1)
    if config.schedule == "constant":
        return top
    if config.schedule == "step":
        return top * 0.1 ** ((step >= last / 2) + (step >= last * 3 / 4))
    summit = max(0.3 * steps - 1, 0.0)
    if step <= summit:
        low, high, way = top / 25, top, step / max(summit, 1.0)
    else:
        low, high, way = top, top / 250_000, (step - summit) / (last - summit)
    return high + (low - high) * (1 + math.cos(math.pi * way)) / 2


@dataclass(frozen=True)
class _Step:
    """What one batch gave, all still on the device."""

    loss: Tensor  # () L_S + λ L_C
    base: Tensor | None  # (m,) per sample, or () for losses on pairs
    center: Tensor  # (m,) per sample
    base_pull: Tensor  # () ‖∂L_S/∂x‖
    center_pull: Tensor  # () ‖λ ∂L_C/∂x‖
    largest: Tensor  # () max ‖f‖


def _step(model: Learner, samples: Tensor, y: Tensor, lam: float) -> _Step:
    """One mini-batch: losses at the feature, back through the network, then the centers."""
    config = model.config
    model.optimizer.zero_grad(set_to_none=True)
    with autocast(config):
        x = model.net(samples)
    at = x.detach().requires_grad_()  # both losses are first differentiated here
    f = unit(at) if config.normalize else at
    base_gradient, base = torch.zeros_like(at), None
    loss = torch.zeros((), device=at.device)
    if config.base != "none":
        base = _base_loss(model, at, f, y)
        loss = base.mean()
        loss.backward(retain_graph=True)
        if at.grad is not None:
            base_gradient = at.grad
    gradient, center_pull = base_gradient, torch.zeros((), device=at.device)
    center = center_loss(f, y, model.c, config.center_form)
    if lam > 0:
        pull = center.mean() if config.reduction == "mean" else center.sum()
        (center_gradient,) = torch.autograd.grad(pull, at)
        gradient = base_gradient + lam * center_gradient
        center_pull = lam * center_gradient.norm()
        loss = loss.detach() + lam * pull.detach()
    x.backward(gradient)
    model.optimizer.step()
    f = f.detach()
    move_centers(config.center_rule, model.c, f, y, config.center_step, config.center_form)
    largest = f.square().sum(1).max().sqrt()
    return _Step(
        loss.detach(),
        None if base is None else base.detach(),
        center.detach(),
        base_gradient.norm(),
        center_pull,
        largest,
    )


def _base_loss(model: Learner, x: Tensor, f: Tensor, y: Tensor) -> Tensor:
    config = model.config
    if config.base in PAIR_BASES:
        return pair_loss(f, y, config.base, config.margin)
    return cross_entropy(class_scores(x, y, model.w, config.base, config.scale, config.margin), y)


class _Seen:
    """Sums over the steps of an epoch, kept on the device; nothing waits for it between steps."""

    def __init__(self, classes: int, steps: int, device: str):
        self.losses = torch.zeros(steps, device=device)
        self.base, self.center, self.count = torch.zeros(3, classes, device=device)
        self.pair_base: list[Tensor] = []
        self.ratios: list[Tensor] = []
        self.center_sums: list[Tensor] = []
        self.largest = torch.zeros((), device=device)
        self.last = time.monotonic()
        self.steps = 0

    def add(self, number: int, step: _Step, y: Tensor) -> None:
        """Add one batch."""
        self.losses[number] = step.loss
        self.steps = number + 1
        self.count.index_add_(0, y, torch.ones_like(step.center))
        self.center.index_add_(0, y, step.center)
        self.center_sums.append(step.center.sum())
        if step.base is not None and step.base.ndim:
            self.base.index_add_(0, y, step.base)
        elif step.base is not None:
            self.pair_base.append(step.base)
        if step.base is not None:
            self.ratios.append(step.center_pull / step.base_pull)
        self.largest = torch.maximum(self.largest, step.largest)

    def due(self) -> bool:
        """True about twice a second."""
        now = time.monotonic()
        if now - self.last < 0.5:
            return False
        self.last = now
        return True

    def check_finite(self, epoch: int) -> None:
        """Raise Problem naming the first step whose loss was not finite."""
        bad = (~torch.isfinite(self.losses[: self.steps])).nonzero()
        if len(bad):
            raise Problem(LOSS_NOT_FINITE, step=int(bad[0]) + 1, epoch=epoch)

    def by_class(self, sums: Tensor) -> np.ndarray:
        """Class means of a per-sample loss; NaN for classes that did not occur."""
        return torch.where(self.count > 0, sums / self.count, torch.nan).cpu().numpy().astype(float)

    def base_mean(self, base: str) -> float:
        """L_S of the epoch; NaN without a base loss."""
        if base == "none":
            return math.nan
        if self.pair_base:
            return float(torch.stack(self.pair_base).mean())
        return float(self.base.sum() / self.count.sum())

    def center_mean(self, reduction: str) -> float:
        """L_C of the epoch in the chosen reduction: mean of a sample, or mean sum of a batch."""
        if reduction == "sum":
            return float(torch.stack(self.center_sums).mean())
        return float(self.center.sum() / self.count.sum())

    def ratio(self) -> float:
        """Mean gradient ratio over the batches where the base loss pulled at all."""
        ratios = torch.stack(self.ratios) if self.ratios else torch.zeros(0)
        ratios = ratios[torch.isfinite(ratios)]
        return float(ratios.mean()) if len(ratios) else math.nan


def _epoch(
    model: Learner,
    dataset: Dataset,
    epoch: int,
    seconds: float,
    rate: float,
    lam: float,
    seen: _Seen,
    found: Evaluation,
    kept: Tensor,
    moved: float,
    batches: list[np.ndarray],
) -> Epoch:
    """Everything that the epoch tells, as plain numbers and arrays."""
    config = model.config
    centers = kept.cpu().numpy()
    center = seen.center_mean(config.reduction)
    none = np.full(dataset.classes, np.nan)
    has_classes = config.base not in (*PAIR_BASES, "none")
    return Epoch(
        epoch=epoch,
        seconds=seconds,
        learning_rate=rate,
        center_weight=lam,
        base_loss=seen.base_mean(config.base),
        center_loss=center,
        weighted_center_loss=lam * center if lam else 0.0,
        base_loss_by_class=seen.by_class(seen.base) if has_classes else none,
        center_loss_by_class=seen.by_class(seen.center),
        gradient_ratio=seen.ratio(),
        accuracy=found.accuracy,
        centers=centers,
        means=found.means,
        drift=drift(centers, found.means),
        features=found.features,
        predicted=found.predicted,
        vitals=vitals(model, dataset, epoch, found, centers, float(seen.largest), moved, batches),
        state={**state_of(model), "epoch": np.array(epoch)},
    )
