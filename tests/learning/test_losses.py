"""The losses against hand sums, plain loops, autograd and pytorch-metric-learning."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from centerviz.learning.losses import (
    center_loss,
    class_scores,
    cross_entropy,
    pair_loss,
    unit,
)
from tests.devices import on_each_device

ARTICLE = torch.tensor(
    [
        [[0.5, 0.6, 0.7], [0.4, 0.5, 0.8], [0.6, 0.7, 0.6], [0.5, 0.5, 0.8]],
        [[0.8, 0.2, 0.3], [0.7, 0.3, 0.4], [0.6, 0.4, 0.5], [0.7, 0.2, 0.6]],
        [[0.1, 0.9, 0.2], [0.2, 0.8, 0.3], [0.3, 0.7, 0.4], [0.1, 0.8, 0.5]],
    ],
    dtype=torch.float64,
)
X, Y, C = ARTICLE.reshape(12, 3), torch.arange(3).repeat_interleave(4), ARTICLE.mean(1)


def batch(m=7, classes=4, dim=3, seed=0):
    g = torch.Generator().manual_seed(seed)
    f = torch.randn(m, dim, generator=g, dtype=torch.float64)
    return (
        f,
        torch.randint(classes, (m,), generator=g),
        torch.randn(classes, dim, generator=g, dtype=torch.float64),
    )


def test_the_article_vectors_give_the_checked_sum():
    assert center_loss(X, Y, C).sum().item() == pytest.approx(0.135, abs=1e-12)


def test_the_literal_form_gives_the_checked_sum():
    assert center_loss(X, Y, C, "article-dot").sum().item() == pytest.approx(4.890275, abs=1e-9)


def test_the_truly_normalised_article_vectors_give_the_checked_sum():
    z = F.normalize(X)
    means = z.reshape(3, 4, 3).mean(1)
    assert center_loss(z, Y, means).sum().item() == pytest.approx(0.14658, abs=5e-6)


@on_each_device
@pytest.mark.parametrize("form", ["squared", "cosine", "article-dot"])
def test_each_form_equals_a_plain_loop(form, device):
    f, y, c = batch()
    expected = []
    for x, j in zip(f.numpy(), y.numpy(), strict=True):
        own = c.numpy()[j]
        norms = np.linalg.norm(x) * np.linalg.norm(own)
        values = {
            "squared": 0.5 * ((x - own) ** 2).sum(),
            "cosine": 1 - x @ own / norms,
            "article-dot": 0.5 * (x @ own) ** 2,
        }
        expected.append(values[form])
    found = center_loss(f.to(device), y.to(device), c.to(device), form)
    np.testing.assert_allclose(found.cpu(), expected, rtol=1e-12)


def test_the_gradient_is_the_difference_to_the_center():
    f, y, c = batch()
    f.requires_grad_()
    center_loss(f, y, c).sum().backward()
    torch.testing.assert_close(f.grad, f.detach() - c[y])
    assert torch.autograd.gradcheck(lambda f: center_loss(f, y, c), f)


def test_with_a_fixed_center_the_gradient_through_the_sphere_equals_that_of_minus_the_dot():
    f, y, c = batch()
    f.requires_grad_()
    (squared,) = torch.autograd.grad(center_loss(F.normalize(f), y, c).sum(), f)
    (dot,) = torch.autograd.grad(-(F.normalize(f) * c[y]).sum(), f)
    torch.testing.assert_close(squared, dot)


def test_on_unit_centers_squared_is_one_minus_cosine():
    f, y, c = batch()
    z, unit = F.normalize(f), F.normalize(c)
    torch.testing.assert_close(center_loss(z, y, unit), center_loss(f, y, c, "cosine"))


@pytest.mark.parametrize("form", ["squared", "cosine", "article-dot"])
@pytest.mark.parametrize("base", ["normface", "cosface", "arcface"])
def test_a_zero_vector_has_no_direction_and_a_finite_gradient(form, base):
    f, y, c = batch()
    f[2] = 0
    f.requires_grad_()
    assert not unit(f)[2].any()
    torch.testing.assert_close(unit(f), F.normalize(f), rtol=0, atol=0)
    scores = class_scores(f, y, c, base, 16.0, 0.3)
    loss = center_loss(unit(f), y, c, form).sum() + cross_entropy(scores, y).sum()
    (gradient,) = torch.autograd.grad(loss, f)
    assert gradient.isfinite().all() and gradient[2].norm() < 100


def test_the_gradient_through_the_sphere_and_every_form_is_the_derivative():
    f, y, c = batch()
    f.requires_grad_()
    for form in ("squared", "cosine", "article-dot"):
        assert torch.autograd.gradcheck(lambda f, form=form: center_loss(unit(f), y, c, form), f)
    for base in ("softmax", "normface", "cosface", "arcface"):
        assert torch.autograd.gradcheck(lambda f, b=base: class_scores(f, y, c, b, 4.0, 0.3), f)


def test_an_unknown_form_is_named():
    with pytest.raises(ValueError, match="cubic"):
        center_loss(*batch(), form="cubic")


def test_without_margin_cosface_and_arcface_are_normface():
    f, y, w = batch()
    plain = class_scores(f, y, w, "normface", 16.0, 0.0)
    for base in ("cosface", "arcface"):
        torch.testing.assert_close(class_scores(f, y, w, base, 16.0, 0.0), plain)


def test_arcface_adds_the_margin_to_the_angle_of_the_true_class_only():
    f, y, w = batch()
    cosine = F.normalize(f) @ F.normalize(w).T
    scores = class_scores(f, y, w, "arcface", 10.0, 0.3)
    for i in range(len(f)):
        for j in range(len(w)):
            angle = math.acos(cosine[i, j])
            if j != y[i]:
                assert scores[i, j].item() == pytest.approx(10 * math.cos(angle), abs=1e-9)
            elif angle + 0.3 < math.pi:
                assert scores[i, j].item() == pytest.approx(10 * math.cos(angle + 0.3), abs=1e-9)


def test_arcface_falls_all_the_way_to_the_opposite_direction():
    angles = torch.linspace(0, math.pi, 200, dtype=torch.float64)
    x = torch.stack([angles.cos(), angles.sin()], 1)
    w = torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=torch.float64)
    own = class_scores(x, torch.zeros(200, dtype=torch.long), w, "arcface", 1.0, 0.5)[:, 0]
    assert (own.diff() < 1e-6).all()


def test_cross_entropy_on_the_sphere_cannot_fall_below_its_bound():
    simplex = torch.eye(10, dtype=torch.float64) - 0.1
    scores = class_scores(simplex, torch.arange(10), simplex, "normface", 1.0, 0.0)
    bound = math.log(1 + 9 * math.exp(-10 / 9))
    assert cross_entropy(scores, torch.arange(10)).mean().item() == pytest.approx(bound)
    assert bound == pytest.approx(1.377, abs=5e-4)


def test_contrastive_loss_equals_a_plain_loop():
    f, y, _ = batch(m=8, classes=3)
    same, other = [], []
    for i in range(len(f)):
        for j in range(i + 1, len(f)):
            gap = float((f[i] - f[j]).norm())
            (same if y[i] == y[j] else other).append(gap)
    pushes = [1.5 - gap for gap in other if gap < 1.5]
    expected = np.mean([gap for gap in same if gap > 0]) + (np.mean(pushes) if pushes else 0)
    assert pair_loss(f, y, "contrastive", 1.5).item() == pytest.approx(expected, rel=1e-6)


def test_losses_on_pairs_are_zero_where_there_is_no_pair():
    f = torch.randn(1, 3, requires_grad=True)
    loss = pair_loss(f, torch.tensor([0]), "triplet", 0.2)
    assert loss.item() == 0
