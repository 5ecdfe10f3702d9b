"""Training a small convolutional net on MNIST beside the loop that people usually write.

    python -m benchmarks.training [FILE.json [MNIST.npz]]

The usual loop: a Dataset that hands out one Pillow image as a normalised tensor, as torchvision's
does, a DataLoader without workers (with them it was slower), float32, center loss from the m×C
distance matrix with centers that learn by autograd, and after each epoch the accuracy on the test
split. Ours is `train` as the command line runs it, with all it tells of an epoch. Same network,
batch, learning rates, λ, seeds and threads (all cores; OMP_NUM_THREADS says otherwise). Each run is
a fresh process, ours and the usual way in turn, one pair of runs per seed; every epoch but the
first makes a pair. Data: mnist-6k, or the whole of MNIST from a file with x_train, y_train, x_test,
y_test.
"""

import statistics
import sys
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader

from benchmarks.rows import apart, seconds, tell
from centerviz.data.dataset import Dataset
from centerviz.data.sources import load_dataset
from centerviz.learning.allocator import keep_freed_memory
from centerviz.learning.centers import move_centers
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import Epoch
from centerviz.learning.learner import autocast, learner, resolved
from centerviz.learning.loop import _batches, _learning_rate, _Seen, _step, train
from centerviz.learning.losses import center_loss
from centerviz.learning.models import classifier, network

SEEDS = (0, 1, 2)
DIM, BATCH, RATE = 16, 128, 0.02


def data(path: str | None) -> Dataset:
    """mnist-6k, or the file."""
    shipped = load_dataset("mnist-6k")
    if path is None:
        return shipped
    with np.load(path) as file:
        images = np.concatenate([file["x_train"], file["x_test"]])[..., None]
        labels = np.concatenate([file["y_train"], file["y_test"]]).astype(np.int64)
        splits = np.repeat(["train", "test"], [len(file["y_train"]), len(file["y_test"])])
    return replace(shipped, name="mnist", inputs=images, labels=labels, splits=splits)


def settings(dataset: Dataset, epochs: int, seed: int) -> TrainConfig:
    """The same for both ways; ours resolves precision by the machine."""
    chosen = {"dim": DIM, "batch_size": BATCH, "learning_rate": RATE, "epochs": epochs}
    config = TrainConfig(**chosen, seed=seed, threads=torch.get_num_threads())
    return resolved(config, dataset)


class Images(torch.utils.data.Dataset):
    """One image and its label at a time, in torchvision's steps: MNIST, ToTensor, Normalize."""

    def __init__(self, dataset: Dataset, split: str):
        rows = dataset.rows(split)
        self.images = torch.from_numpy(dataset.inputs[rows, :, :, 0])
        self.labels = torch.from_numpy(dataset.labels[rows])

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int):
        image = Image.fromarray(self.images[index].numpy())
        tensor = torch.from_numpy(np.array(image, copy=True)).view(image.size[1], image.size[0], 1)
        tensor = tensor.permute(2, 0, 1).contiguous().float().div(255).clone()
        mean, spread = torch.as_tensor((0.5,)), torch.as_tensor((0.5,))
        return tensor.sub_(mean.view(-1, 1, 1)).div_(spread.view(-1, 1, 1)), int(self.labels[index])


class CenterLoss(nn.Module):
    """The common module: all squared distances, a class mask, a clamp."""

    def __init__(self, classes: int, dim: int):
        super().__init__()
        self.centers = nn.Parameter(torch.randn(classes, dim))

    def forward(self, x, y):
        m, classes = len(x), len(self.centers)
        squares = x.square().sum(1, keepdim=True) + self.centers.square().sum(1)
        distances = squares - 2 * (x @ self.centers.T)
        mask = y[:, None] == torch.arange(classes)
        return 0.5 * (distances * mask.float()).clamp(min=1e-12, max=1e12).sum() / m


def usual(path: str | None, epochs: int, seed: int) -> tuple[list[float], list[float], float]:
    """Seconds of each epoch, seconds of a step in each, and the accuracy at the end."""
    dataset = data(path)
    config = settings(dataset, epochs, seed)
    torch.manual_seed(seed)
    net = network("conv", dataset.inputs.shape[1:], DIM).body
    w, loss_of = classifier(dataset.classes, DIM), CenterLoss(dataset.classes, DIM)
    batches = DataLoader(Images(dataset, "train"), BATCH, shuffle=True)
    tests = DataLoader(Images(dataset, "test"), BATCH)
    rate, decay = config.learning_rate, config.weight_decay
    optimizer = torch.optim.SGD([*net.parameters(), w], rate, config.momentum, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, rate, epochs * len(batches), cycle_momentum=False
    )
    centers = torch.optim.SGD(loss_of.parameters(), 0.5)
    whole, each = [], []
    for _ in range(epochs):
        began = time.perf_counter()
        for images, y in batches:
            x = net(images)
            loss = F.cross_entropy(x @ w.T, y) + config.center_weight * loss_of(x, y)
            optimizer.zero_grad()
            centers.zero_grad()
            loss.backward()
            for parameter in loss_of.parameters():
                parameter.grad /= config.center_weight
            optimizer.step()
            schedule.step()
            centers.step()
        each.append((time.perf_counter() - began) / len(batches))
        with torch.no_grad():
            hits = sum(int(((net(images) @ w.T).argmax(1) == y).sum()) for images, y in tests)
        whole.append(time.perf_counter() - began)
    return whole, each, hits / len(tests.dataset)


def ours(path: str | None, epochs: int, seed: int) -> tuple[list[float], list[float], float]:
    """The same of `train`; steps are timed by themselves, on the network that it starts with."""
    dataset = data(path)
    config = settings(dataset, epochs, seed)
    ends = [time.perf_counter()]
    for news in train(config, dataset):
        if isinstance(news, Epoch):
            ends.append(time.perf_counter())
    whole = [after - before for before, after in pairwise(ends)]
    return whole, alone(path, epochs, seed)[0], news.accuracy["test"]


def alone(path: str | None, epochs: int, seed: int) -> tuple[list[float], list[float]]:
    """Seconds of a step of ours, and of the bare forward, backward and update, in turn."""
    keep_freed_memory()
    dataset = data(path)
    config = settings(dataset, epochs, seed)
    model = learner(config, dataset)
    samples, labels = torch.from_numpy(dataset.inputs), torch.from_numpy(dataset.labels)
    batches = [torch.from_numpy(rows) for rows in _batches(config, dataset, 1)][:40]
    seen, lam = _Seen(dataset.classes, len(batches), config.device), config.center_weight

    def full() -> None:
        for number, rows in enumerate(batches):
            model.optimizer.param_groups[0]["lr"] = _learning_rate(config, number, len(batches))
            seen.add(number, _step(model, samples[rows], labels[rows], lam), labels[rows])

    def bare() -> None:
        for rows in batches:
            y = labels[rows]
            model.optimizer.zero_grad()
            with autocast(config):
                x = model.net(samples[rows])
            loss = F.cross_entropy(x @ model.w.T, y) + lam * center_loss(x, y, model.c).mean()
            loss.backward()
            model.optimizer.step()
            move_centers(config.center_rule, model.c, x.detach(), y, config.center_step)

    pairs = [(seconds(full), seconds(bare)) for _ in range(epochs)]
    each = [[taken / len(batches) for taken in way] for way in zip(*pairs, strict=True)]
    return each[0], each[1]


def row(what: str, ours: list[float], usual: list[float], target: float, agreement: str) -> dict:
    """One row from seconds of pairs."""
    ratio = statistics.median(b / a for a, b in zip(ours, usual, strict=True))
    return {
        "what": what,
        "against": "the usual loop, float32",
        "ours": f"{1e3 * statistics.median(ours):.1f} ms",
        "usual": f"{1e3 * statistics.median(usual):.1f} ms",
        "ratio": f"{ratio:.2f}×",
        "target": f"{target}×",
        "met": ratio >= target,
        "agreement": agreement,
    }


def main() -> None:
    """A row for a step, one for an epoch, and one for what our steps cost beside bare ones."""
    path = sys.argv[2] if len(sys.argv) > 2 else None
    epochs = 3 if path else 6
    runs = [[apart(way, path, epochs, seed) for way in (ours, usual)] for seed in SEEDS]
    full, bare = apart(alone, path, 7, 0)
    whole, each = ([[run[i] for run in way] for way in zip(*runs, strict=True)] for i in (0, 1))
    accuracy = [" ".join(f"{run[2]:.3f}" for run in way) for way in zip(*runs, strict=True)]
    agreement = f"test accuracy {accuracy[0]} and {accuracy[1]}"
    where = f"conv net, batch {BATCH}, {'MNIST' if path else 'mnist-6k'}"
    later = [[t for run in way for t in run[1:]] for way in (*each, *whole)]
    extra = statistics.median(a / b for a, b in zip(full, bare, strict=True))
    tell(
        [
            row(f"training step, {where}", *later[:2], 2.0, agreement),
            row(f"training epoch, {where}", *later[2:], 2.5, agreement),
            {
                "what": f"training step alone, {where}",
                "against": "bare forward, backward and update of the same form",
                "ours": f"{1e3 * statistics.median(full):.1f} ms",
                "usual": f"{1e3 * statistics.median(bare):.1f} ms",
                "ratio": f"ours takes {extra:.3f}×",
                "target": "≤ 1.05×",
                "met": extra <= 1.05,
                "agreement": "–",
            },
        ]
    )


if __name__ == "__main__":
    main()
