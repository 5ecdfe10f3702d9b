"""The center rules against plain loops and laws."""

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from centerviz.learning.centers import move_centers
from centerviz.learning.losses import center_loss
from tests.devices import on_each_device

RULES = ("minibatch", "gradient", "ema", "fixed", "epoch-mean")


def batch(m=9, classes=5, dim=3, seed=1):
    g = torch.Generator().manual_seed(seed)
    f = torch.randn(m, dim, generator=g)
    y = torch.randint(classes - 1, (m,), generator=g)  # the last class is absent
    return torch.randn(classes, dim, generator=g), f, y


def by_hand(rule, c, f, y, alpha):
    c, f, y = c.numpy().astype(float), f.numpy().astype(float), y.numpy()
    moved = c.copy()
    for j in range(len(c)):
        own = f[y == j]
        n = len(own)
        if rule == "minibatch":
            moved[j] -= alpha * sum((c[j] - x for x in own), np.zeros(len(c[j]))) / (1 + n)
        elif rule == "gradient":
            moved[j] -= alpha * sum((c[j] - x for x in own), np.zeros(len(c[j]))) / len(f)
        elif rule == "ema":
            moved[j] -= alpha * sum((c[j] - x for x in own), np.zeros(len(c[j])))
    return moved


@on_each_device
@pytest.mark.parametrize("rule", RULES)
def test_each_rule_equals_a_plain_loop(rule, device):
    c, f, y = batch()
    expected = by_hand(rule, c, f, y, 0.3)
    moved = c.to(device)
    move_centers(rule, moved, f.to(device), y.to(device), 0.3)
    np.testing.assert_allclose(moved.cpu(), expected, rtol=1e-5, atol=1e-6)


@on_each_device
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("form", ["squared", "cosine", "article-dot"])
def test_an_absent_class_keeps_its_center_to_the_bit(rule, form, device):
    c, f, y = (part.to(device) for part in batch())
    before = c.clone()
    move_centers(rule, c, f, y, 0.5, form)
    assert torch.equal(c[-1], before[-1])


def test_the_paper_rule_goes_its_share_of_the_way_to_the_batch_mean():
    c = torch.zeros(1, 2)
    f = torch.tensor([[1.0, 0.0], [3.0, 2.0]])
    move_centers("minibatch", c, f, torch.tensor([0, 0]), 0.5)
    share = 0.5 * 2 / 3
    torch.testing.assert_close(c, share * f.mean(0, keepdim=True))


def test_the_paper_rule_contracts_below_its_bound_and_expands_above():
    f, y = torch.zeros(4, 1), torch.zeros(4, dtype=torch.long)
    for alpha, shrinks in ((2.4, True), (2.6, False)):  # the bound is 2(1+n)/n = 2.5
        c = torch.ones(1, 1)
        move_centers("minibatch", c, f, y, alpha)
        assert (abs(c.item()) < 1) is shrinks


def test_ema_diverges_once_more_than_two_samples_shares_add_up():
    f, y = torch.zeros(5, 1), torch.zeros(5, dtype=torch.long)
    c = torch.ones(1, 1)
    for _ in range(10):
        move_centers("ema", c, f, y, 0.5)  # |1 − 5·0.5| = 1.5
    assert abs(c.item()) == pytest.approx(1.5**10, rel=1e-5)


@pytest.mark.parametrize("form", ["cosine", "article-dot"])
def test_the_gradient_rule_follows_the_chosen_form(form):
    c, f, y = batch()
    own = c.clone().requires_grad_()
    if form == "cosine":
        loss = (1 - torch.cosine_similarity(f, own[y])).mean()
    else:
        loss = (0.5 * (f * own[y]).sum(1).square()).mean()
    (gradient,) = torch.autograd.grad(loss, own)
    expected = c - 0.7 * gradient
    move_centers("gradient", c, f, y, 0.7, form)
    torch.testing.assert_close(c, expected, rtol=1e-5, atol=1e-6)


class Largest(TorchDispatchMode):
    """The most numbers in any tensor that an operation returned, `table` aside."""

    def __init__(self, table):
        super().__init__()
        self.table, self.numbers = table.data_ptr(), 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        returned = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(returned):
            if isinstance(tensor, torch.Tensor) and tensor.data_ptr() != self.table:
                self.numbers = max(self.numbers, tensor.numel())
        return returned


@pytest.mark.parametrize("rule", RULES)
def test_a_step_makes_nothing_of_the_size_of_all_centers(rule):
    c, f, y = batch(m=8, classes=5_000, dim=16)
    f.requires_grad_()
    with Largest(c) as largest:
        center_loss(f, y, c).mean().backward()
        move_centers(rule, c, f.detach(), y, 0.5)
    assert 0 < largest.numbers <= len(c)  # one count per class at most


def test_an_unknown_rule_is_named():
    with pytest.raises(ValueError, match="sometimes"):
        move_centers("sometimes", *batch(), 0.5)
