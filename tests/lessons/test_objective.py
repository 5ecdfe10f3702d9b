"""Softmax, the joint loss and their gradients against loops, torch's own functions and autograd."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from centerviz.learning import formulas, losses
from centerviz.lessons import objective

few = settings(max_examples=12, deadline=None)
entries = st.integers(-300, 300).map(lambda v: v / 100)


@st.composite
def batches(draw):
    """Samples (m, D) none of them zero, W (C, D), and classes that all have a sample."""
    m, d, classes = draw(st.integers(3, 6)), draw(st.integers(2, 4)), draw(st.integers(2, 3))
    row = st.lists(entries, min_size=d, max_size=d)
    x = draw(st.lists(row.filter(any), min_size=m, max_size=m))
    w = draw(st.lists(row, min_size=classes, max_size=classes))
    rest = draw(st.lists(st.integers(0, classes - 1), min_size=m - classes, max_size=m - classes))
    return np.array(x), np.array(w), np.array([*range(classes), *rest])


def tensors(*arrays):
    return [torch.from_numpy(array) for array in arrays]


def test_shares_and_loss_by_hand():
    s = np.array([math.log(3), 0.0])
    assert objective.shares(s) == pytest.approx([0.75, 0.25])
    assert objective.cross_entropy(s, 0) == pytest.approx(math.log(4 / 3))
    assert objective.cross_entropy(s, 1) == pytest.approx(math.log(4))
    assert objective.surprise(objective.shares(s)[1]) == pytest.approx(math.log(4))


@few
@given(batches())
def test_the_losses_are_those_of_plain_loops_of_torch_and_of_training(batch):
    x, w, y = batch
    by_hand = []
    for row, j in zip(x.tolist(), y.tolist(), strict=True):
        scores = [sum(a * b for a, b in zip(row, rows, strict=True)) for rows in w.tolist()]
        powers = [math.exp(score) for score in scores]
        by_hand.append(-math.log(powers[j] / sum(powers)))
    ours = objective.softmax_losses(x, w, y)
    tx, tw, ty = tensors(x, w, y)
    scores = losses.class_scores(tx, ty, tw, "softmax", 1.0, 0.0)
    assert ours == pytest.approx(by_hand)
    assert ours == pytest.approx(F.cross_entropy(tx @ tw.T, ty, reduction="none").numpy())
    assert ours == pytest.approx(losses.cross_entropy(scores, ty).numpy())
    assert objective.softmax_loss(x, w, y) == pytest.approx(F.cross_entropy(scores, ty).item())
    assert [objective.cross_entropy(x[i] @ w.T, int(j)) for i, j in enumerate(y)] == (
        pytest.approx(by_hand)
    )


@few
@given(batches())
def test_torch_runs_the_same_source_and_autograd_finds_the_same_gradients(batch):
    x, w, y = batch
    tx, tw, ty = tensors(x, w, y)
    tx.requires_grad_()
    losses_of_source = objective.softmax_losses(tx, tw, ty)
    assert losses_of_source.detach().numpy() == pytest.approx(objective.softmax_losses(x, w, y))
    (of_source,) = torch.autograd.grad(losses_of_source.sum(), tx)
    (of_torch,) = torch.autograd.grad(F.cross_entropy(tx @ tw.T, ty, reduction="sum"), tx)
    ours = [
        objective.softmax_gradient(row, w, np.eye(len(w))[j]) for row, j in zip(x, y, strict=True)
    ]
    for theirs in (of_source, of_torch):
        assert theirs.numpy() == pytest.approx(np.array(ours), abs=1e-12)


@few
@given(batches())
def test_the_gradient_by_the_scores_is_the_shares_less_one_at_the_true_class(batch):
    x, w, y = batch
    s = torch.from_numpy(x @ w.T).requires_grad_()
    F.cross_entropy(s, torch.from_numpy(y), reduction="sum").backward()
    e = np.eye(len(w))[y]
    ours = objective.score_gradient(objective.shares(x @ w.T)[0], e[0])
    assert s.grad[0].numpy() == pytest.approx(ours, abs=1e-12)
    assert ours.sum() == pytest.approx(0, abs=1e-12)


@few
@given(batches(), st.floats(0, 2))
def test_the_joint_gradient_is_that_of_autograd_through_the_losses_of_training(batch, lam):
    x, w, y = batch
    c = np.stack([formulas.class_mean(x, y, j) for j in range(len(w))])
    tx, tw, ty, tc = tensors(x, w, y, c)
    tx.requires_grad_()
    scores = losses.class_scores(tx, ty, tw, "softmax", 1.0, 0.0)
    theirs = (losses.cross_entropy(scores, ty) + lam * losses.center_loss(tx, ty, tc)).mean()
    ours = objective.joint_loss(
        objective.softmax_loss(tx, tw, ty), formulas.mean_center_loss(tx, tc, ty), lam
    )
    assert ours.item() == pytest.approx(theirs.item())
    (grad,) = torch.autograd.grad(theirs, tx)
    e = np.eye(len(w))[y]
    for i, row in enumerate(x):
        pull = formulas.sample_gradient(row, c[y[i]])
        joint = objective.joint_gradient(objective.softmax_gradient(row, w, e[i]), pull, lam)
        assert len(x) * grad[i].numpy() == pytest.approx(joint, abs=1e-12)


@few
@given(batches())
def test_the_way_through_the_normalisation_is_autograds(batch):
    x, c = batch[0][0], batch[0][1]
    z = formulas.unit_vector(x)
    tx = torch.from_numpy(x).requires_grad_()
    loss = formulas.half_squared_distance(formulas.unit_vector(tx), torch.from_numpy(c))
    (grad,) = torch.autograd.grad(loss, tx)
    ours = objective.through_normalisation(x, z - c)
    assert grad.numpy() == pytest.approx(ours, abs=1e-10 / formulas.norm(x))
    jacobian = torch.autograd.functional.jacobian(formulas.unit_vector, tx.detach())
    assert jacobian.numpy() == pytest.approx(
        objective.through_normalisation(x, np.eye(len(x))), abs=1e-10 / formulas.norm(x)
    )
    assert ours == pytest.approx(
        formulas.gradient_through_normalisation(x, c), abs=1e-10 / formulas.norm(x)
    )
    assert z @ ours == pytest.approx(0, abs=1e-10 / formulas.norm(x))


@few
@given(batches())
def test_central_differences_agree_with_every_formula(batch):
    x, w, y = batch
    row, e, h = x[0], np.eye(len(w))[y[0]], objective.small_step(x[0])
    counted = objective.central_differences(
        lambda v: objective.cross_entropy(objective.class_scores(v, w), int(y[0])), row, h
    )
    assert counted == pytest.approx(objective.softmax_gradient(row, w, e), abs=1e-6)
    counted = objective.central_differences(
        lambda v: formulas.half_squared_distance(v, x[1]), row, h
    )
    assert counted == pytest.approx(formulas.sample_gradient(row, x[1]), abs=1e-6)
    counted = objective.central_differences(
        lambda v: formulas.half_squared_distance(formulas.unit_vector(v), x[1]), row, h
    )
    through = objective.through_normalisation(row, formulas.unit_vector(row) - x[1])
    assert counted == pytest.approx(through, rel=1e-5, abs=1e-5)


@few
@given(batches(), st.floats(-50, 50))
def test_only_differences_between_scores_count(batch, shift):
    s = batch[0] @ batch[1].T
    assert objective.shares(s + shift) == pytest.approx(objective.shares(s), abs=1e-12)
    assert objective.shares(s).sum(-1) == pytest.approx(np.ones(len(s)))
    assert (objective.shares(s).argmax(-1) == objective.shifted_scores(s).argmax(-1)).all()


def test_scores_of_any_size_give_a_finite_loss():
    s, y = np.array([[1e6, -1e6], [1e6, 1e6]]), np.array([1, 0])
    assert objective.cross_entropies(s, y) == pytest.approx([2e6, math.log(2)])
    theirs = F.cross_entropy(torch.from_numpy(s), torch.from_numpy(y), reduction="none")
    assert objective.cross_entropies(s, y) == pytest.approx(theirs.numpy())


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_equal_scores_cost_the_logarithm_of_the_classes(classes):
    s = np.full((1, classes), 7.0)
    expected = objective.cross_entropies(s, np.array([classes - 1]))[0]
    assert objective.equal_scores_loss(classes) == pytest.approx(expected)


@pytest.mark.parametrize(("scale", "classes"), [(1.0, 10), (1.0, 3), (4.0, 5)])
def test_the_floor_is_reached_by_rows_as_far_apart_as_they_can_be(scale, classes):
    rows = formulas.unit_vector(np.eye(classes) - 1 / classes)
    reached = objective.softmax_loss(rows, scale * rows, np.arange(classes))
    assert reached == pytest.approx(objective.unit_floor(scale, classes))


def test_the_floor_of_ten_classes_without_a_scale_is_1_377():
    assert objective.unit_floor(1.0, 10) == pytest.approx(1.377, abs=5e-4)


@few
@given(st.integers(0, 10_000), st.integers(2, 6), st.floats(0.5, 8))
def test_no_unit_vectors_get_below_the_floor(seed, classes, scale):
    draw = np.random.default_rng(seed).normal(size=(2, classes, 4))
    z, w = formulas.unit_vector(draw)
    loss = objective.softmax_loss(z, scale * w, np.arange(classes))
    assert loss >= objective.unit_floor(scale, classes) - 1e-12
    assert objective.softmax_loss(w, scale * w, np.arange(classes)) >= (
        objective.unit_floor(scale, classes) - 1e-12
    )


def test_the_ratio_has_no_unit():
    g_s, g_c = np.array([3.0, 4.0]), np.array([0.0, 2.0])
    assert objective.gradient_ratio(g_s, g_c, 1.0) == 0.4
    assert objective.gradient_ratio(10 * g_s, 10 * g_c, 1.0) == pytest.approx(0.4)
    assert objective.gradient_ratio(g_s, g_c, 0.0) == 0


@pytest.mark.parametrize("x", [[0.001, 0.0], [3.0, 4.0], [1e6, -1e6]])
def test_the_small_step_is_a_round_number_small_beside_the_vector(x):
    h = objective.small_step(np.array(x))
    assert math.log10(h) == pytest.approx(round(math.log10(h)))
    assert 1e-5 < h / formulas.norm(np.array(x)) < 1.0001e-4
