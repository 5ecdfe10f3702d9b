"""The training loop beside one written out by hand, with torch's own optimisers."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import Epoch
from centerviz.learning.loop import train
from centerviz.learning.models import classifier, network


def by_hand(settings, dataset):
    """A training with nothing of ours but the network: weights, centers, and what it saw."""
    torch.set_num_threads(1)
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        net, w = network("mlp", (5,), settings.dim), classifier(3, settings.dim)
    samples, y = torch.from_numpy(dataset.inputs[:60]), torch.from_numpy(dataset.labels[:60])
    net.mean.copy_(samples.mean(0))
    net.spread.copy_(samples.std(0, correction=0))
    with torch.no_grad():
        c = torch.stack([net(samples)[y == j].mean(0) for j in range(3)])
    chosen = {"lr": settings.learning_rate, "weight_decay": settings.weight_decay}
    if settings.optimizer == "adam":
        optimizer = torch.optim.Adam([*net.parameters(), w], betas=(0.8, 0.999), **chosen)
    else:
        optimizer = torch.optim.SGD([*net.parameters(), w], momentum=0.8, **chosen)
    ratios, losses = [], []
    for epoch in range(1, settings.epochs + 1):
        lam = settings.center_weight * min(1, epoch / settings.warmup_epochs)
        order = np.random.default_rng([settings.seed, epoch]).permutation(60)
        for number in range(4):
            done = ((epoch - 1) * 4 + number) / (settings.epochs * 4 - 1)
            for group in optimizer.param_groups:
                group["lr"] = settings.learning_rate * (1 if done < 1 / 2 else 0.1)
                group["lr"] *= 1 if done < 3 / 4 else 0.1
            rows = order[16 * number : 16 * number + 16]
            x = net(samples[rows])
            each = F.cross_entropy(x @ w.T, y[rows], reduction="none")
            pull = lam * (x - c[y[rows]]).square().sum(1).mean() / 2
            base, center = (
                torch.autograd.grad(t, x, retain_graph=True)[0] for t in (each.mean(), pull)
            )
            optimizer.zero_grad()
            (each.mean() + pull).backward()
            optimizer.step()
            for j in range(3):
                own = x.detach()[y[rows] == j]
                c[j] -= settings.center_step * (c[j] - own).sum(0) / (1 + len(own))
            ratios.append((center.norm() / base.norm()).item())
            losses += zip(y[rows].tolist(), each.tolist(), strict=True)
    return net, w, c, np.mean(ratios[-4:]), losses[-60:]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_run_is_what_a_plain_loop_gives(blobs, optimizer):
    chosen = {"seed": 7, "momentum": 0.8, "weight_decay": 0.05, "learning_rate": 0.01}
    settings = TrainConfig(
        dataset="blobs",
        epochs=3,
        batch_size=16,
        optimizer=optimizer,
        schedule="step",
        center_weight=0.3,
        warmup_epochs=2,
        **chosen,
    )
    last = [news for news in train(settings, blobs) if isinstance(news, Epoch)][-1]
    net, w, c, ratio, losses = by_hand(settings, blobs)
    close = {"rtol": 1e-4, "atol": 1e-5}
    np.testing.assert_allclose(last.state["head.weight"], w.detach(), **close)
    for name, parameter in net.named_parameters():
        np.testing.assert_allclose(last.state[f"model.{name}"], parameter.detach(), **close)
    np.testing.assert_allclose(last.centers, c, **close)
    assert last.gradient_ratio == pytest.approx(ratio, rel=1e-3)
    for j in range(3):
        own = [loss for label, loss in losses if label == j]
        assert last.base_loss_by_class[j] == pytest.approx(np.mean(own), rel=1e-4)
