"""The formulas against hand sums, plain loops, torch's gradients and the laws they obey."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from centerviz.data.builtin import ARTICLE_VECTORS
from centerviz.learning import formulas

X = np.array(ARTICLE_VECTORS)
Y = np.repeat(np.arange(3), 4)
C = np.stack([formulas.class_mean(X, Y, j) for j in range(3)])

few = settings(max_examples=40)
entries = st.floats(-100, 100).filter(lambda v: v == 0 or abs(v) > 0.01)


def rows(n: int, d: int):
    return arrays(np.float64, (n, d), elements=entries)


@st.composite
def batches(draw):
    """Samples (n, d) none of them zero, with classes 0…k−1 that all have a sample."""
    n, d = draw(st.integers(2, 8)), draw(st.integers(2, 5))
    x = draw(rows(n, d).filter(lambda x: x.any(axis=1).all()))
    k = draw(st.integers(1, min(n, 4)))
    y = np.array(
        [*range(k), *draw(st.lists(st.integers(0, k - 1), min_size=n - k, max_size=n - k))]
    )
    return x, y


def test_the_articles_vector_has_the_length_root_38():
    x = np.array([2.0, 3.0, 5.0])
    assert formulas.norm(x) == pytest.approx(38**0.5, rel=1e-15)
    assert formulas.unit_vector(x).round(3).tolist() == [0.324, 0.487, 0.811]


def test_the_articles_centroids_squared_distances_and_losses():
    by_hand = np.array([[0.5, 0.575, 0.725], [0.7, 0.275, 0.45], [0.175, 0.8, 0.35]])
    assert pytest.approx(by_hand) == C
    first = [0.00125, 0.02125, 0.04125, 0.01125]
    others = [0.038125, 0.003125, 0.028125, 0.028125]
    assert formulas.squared_distances(X, C, Y) == pytest.approx(first + others + others)
    by_class = [formulas.class_loss(X, C, Y, j) for j in range(3)]
    assert by_class == pytest.approx([0.0375, 0.04875, 0.04875])
    assert formulas.center_loss(X, C, Y) == pytest.approx(0.135)


def test_truly_normalised_the_articles_loss_is_another():
    z = formulas.unit_vector(X)
    mu = np.stack([formulas.class_mean(z, Y, j) for j in range(3)])
    assert mu[0].round(3).tolist() == [0.470, 0.541, 0.686]
    assert formulas.norm(mu[0]) == pytest.approx(0.992, abs=5e-4)
    assert formulas.center_loss(z, mu, Y) == pytest.approx(0.14658, abs=5e-6)


def test_the_articles_literal_form_gives_a_far_larger_number():
    assert formulas.article_literal_loss(X, C, Y) == pytest.approx(4.890275, abs=1e-9)


@few
@given(batches())
def test_center_loss_is_the_sum_of_plain_loops(batch):
    x, y = batch
    c = np.arange(1.0, 1 + x.shape[1]) * (1 + y.max() - np.arange(y.max() + 1))[:, None]
    total = 0.0
    for row, label in zip(x.tolist(), y.tolist(), strict=True):
        total += sum((a - b) ** 2 for a, b in zip(row, c[label].tolist(), strict=True)) / 2
    assert formulas.center_loss(x, c, y) == pytest.approx(total, rel=1e-12)
    assert formulas.mean_center_loss(x, c, y) == pytest.approx(total / len(x), rel=1e-12)
    assert formulas.loss_without_half(x, c, y) == pytest.approx(2 * total, rel=1e-12)


@few
@given(batches())
def test_torch_gets_the_same_numbers_from_the_same_source(batch):
    x, y = batch
    c = np.stack([formulas.class_mean(x, y, j) for j in range(y.max() + 1)])
    tx, tc, ty = torch.from_numpy(x), torch.from_numpy(c), torch.from_numpy(y)
    pairs = [
        (formulas.unit_vector(tx), formulas.unit_vector(x)),
        (formulas.class_mean(tx, ty, 0), c[0]),
        (formulas.sample_losses(tx, tc, ty), formulas.sample_losses(x, c, y)),
        (formulas.class_loss(tx, tc, ty, 0), formulas.class_loss(x, c, y, 0)),
        (formulas.mean_center_loss(tx, tc, ty), formulas.mean_center_loss(x, c, y)),
        (formulas.article_literal_loss(tx, tc, ty), formulas.article_literal_loss(x, c, y)),
        (formulas.through_inner_product(tx, tc[0]), formulas.through_inner_product(x, c[0])),
        (formulas.compactness_loss(tc), formulas.compactness_loss(c)),
    ]
    for theirs, ours in pairs:
        assert theirs.numpy() == pytest.approx(ours, rel=1e-12, abs=1e-12)


@few
@given(batches())
def test_the_gradient_of_center_loss_is_that_of_autograd(batch):
    x, y = batch
    c = torch.from_numpy(np.stack([formulas.class_mean(x, y, j) for j in range(y.max() + 1)]))
    tx = torch.from_numpy(x).requires_grad_()
    formulas.center_loss(tx, c, torch.from_numpy(y)).backward()
    ours = np.stack([formulas.sample_gradient(r, c.numpy()[j]) for r, j in zip(x, y, strict=True)])
    assert tx.grad.numpy() == pytest.approx(ours, rel=1e-12, abs=1e-12)


@few
@given(rows(2, 3).filter(lambda x: x[0].any()))
def test_distance_and_inner_product_have_one_gradient_through_the_normalisation(pair):
    x, c = pair
    scale = 1 + np.abs(c).max() / formulas.norm(x)
    for loss in (formulas.half_squared_distance, formulas.negative_inner_product):
        tx = torch.from_numpy(x).requires_grad_()
        loss(formulas.unit_vector(tx), torch.from_numpy(c)).backward()
        ours = formulas.gradient_through_normalisation(x, c)
        assert tx.grad.numpy() == pytest.approx(ours, abs=1e-10 * scale)


@few
@given(rows(2, 4).filter(lambda x: x[0].any()), st.floats(0.01, 100))
def test_a_positive_factor_does_not_change_the_unit_vector(pair, factor):
    z = formulas.unit_vector(pair[0])
    assert formulas.norm(z) == pytest.approx(1.0, rel=1e-12)
    assert formulas.unit_vector(factor * pair[0]) == pytest.approx(z, abs=1e-12)


@few
@given(rows(2, 4).filter(lambda x: x.any(axis=1).all()))
def test_the_identity_holds_for_unit_z_and_any_c(pair):
    z, c = formulas.unit_vector(pair[0]), pair[1]
    scale = 1 + formulas.sum_of_squares(c)
    straight = formulas.half_squared_distance(z, c)
    assert formulas.through_inner_product(z, c) == pytest.approx(straight, abs=1e-13 * scale)
    to_unit = formulas.half_squared_distance(z, formulas.unit_vector(c))
    assert formulas.cosine_loss(z, c) == pytest.approx(to_unit, abs=1e-12)
    assert -1e-12 <= formulas.cosine_loss(z, c) <= 2 + 1e-12


@few
@given(batches())
def test_the_length_of_a_mean_of_unit_vectors_gives_the_mean_loss(batch):
    x, y = batch
    z = formulas.unit_vector(x)
    own = z[y == 0]
    mu = formulas.class_mean(z, y, 0)
    mean = formulas.half_squared_distance(own, mu).mean()
    assert formulas.compactness_loss(mu) == pytest.approx(mean, abs=1e-12)
    assert formulas.mean_inner_product(own, mu) == pytest.approx(
        formulas.sum_of_squares(mu), abs=1e-12
    )


@few
@given(batches(), st.floats(0.1, 10))
def test_center_loss_falls_with_the_square_when_everything_shrinks(batch, factor):
    x, y = batch
    c = np.stack([formulas.class_mean(x, y, j) for j in range(y.max() + 1)])
    scaled = formulas.center_loss(factor * x, factor * c, y)
    assert scaled == pytest.approx(factor**2 * formulas.center_loss(x, c, y), rel=1e-9)


@few
@given(batches())
def test_the_mean_has_the_least_sum_of_squared_distances(batch):
    x, y = batch
    c = np.stack([formulas.class_mean(x, y, j) for j in range(y.max() + 1)])
    least = formulas.center_loss(x, c, y)
    assert least <= formulas.center_loss(x, c + 0.01, y)
    assert least <= formulas.center_loss(x, c - 0.01, y)
