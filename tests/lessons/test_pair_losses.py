"""Contrastive and triplet loss against pytorch-metric-learning, its gradients, and plain counts."""

from itertools import permutations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from centerviz.learning.losses import pair_loss
from centerviz.lessons import pair_losses
from centerviz.lessons.rendering import lesson

few = settings(max_examples=25)
margins = st.sampled_from([0.5, 1.0, 2.0, 4.0, 7.5])


@st.composite
def points(draw):
    """Points of a grid, so that equal distances are equal to the bit, with classes 0…2."""
    m = draw(st.integers(2, 9))
    place = st.tuples(st.integers(-6, 6), st.integers(-6, 6))
    x = draw(st.lists(place, min_size=m, max_size=m))
    y = draw(st.lists(st.integers(0, 2), min_size=m, max_size=m))
    return np.array(x, dtype=np.float64), np.array(y)


def theirs(x, y, base, margin):
    """The library's loss, and minus its gradient by every point."""
    tx = torch.from_numpy(x).requires_grad_()
    loss = pair_loss(tx, torch.from_numpy(y), base, margin)
    (gradient,) = torch.autograd.grad(loss, tx, allow_unused=True)
    return loss.item(), -gradient.numpy()


@few
@given(points(), margins)
def test_contrastive_loss_and_its_pulls_are_the_librarys(batch, margin):
    x, y = batch
    d = pair_losses.pair_distances(x)
    loss, steps = theirs(x, y, "contrastive", margin)
    assert pair_losses.contrastive_loss(d, y, margin) == pytest.approx(loss, abs=1e-9)
    for k in range(len(x)):
        ours = pair_losses.contrastive_pulls(d, y, k, margin)
        assert pair_losses.step_by_pulls(x, k, ours) == pytest.approx(steps[k], abs=1e-9)


@few
@given(points(), margins)
def test_triplet_loss_and_its_pulls_are_the_librarys(batch, margin):
    x, y = batch
    d = pair_losses.pair_distances(x)
    loss, steps = theirs(x, y, "triplet", margin)
    assert pair_losses.triplet_loss(d, y, margin) == pytest.approx(loss, abs=1e-9)
    for k in range(len(x)):
        ours = pair_losses.triplet_pulls(d, y, k, margin)
        assert pair_losses.step_by_pulls(x, k, ours) == pytest.approx(steps[k], abs=1e-9)


@few
@given(points(), margins)
def test_torch_gets_the_same_numbers_from_the_same_source(batch, margin):
    x, y = batch
    d, tx, ty = pair_losses.pair_distances(x), torch.from_numpy(x), torch.from_numpy(y)
    td = pair_losses.pair_distances(tx)
    assert td.numpy() == pytest.approx(d)
    for loss in (pair_losses.contrastive_loss, pair_losses.triplet_loss):
        assert float(loss(td, ty, margin)) == pytest.approx(float(loss(d, y, margin)))
    assert pair_losses.triplet_kinds(td, ty, margin) == pair_losses.triplet_kinds(d, y, margin)


@few
@given(points(), margins)
def test_pairs_and_triplets_are_all_counted_once(batch, margin):
    _, y = batch
    m, n = len(y), np.bincount(y)
    positive, negative, triples = pair_losses.counts(y)
    assert positive + negative == m * (m - 1) // 2
    assert positive == (n * (n - 1)).sum() // 2
    assert triples == (n * (n - 1) * (m - n)).sum()
    listed = [(a, p, k) for a, p, k in permutations(range(m), 3) if y[a] == y[p] != y[k]]
    assert sorted(pair_losses.triplets(y)) == sorted(listed)
    d = pair_losses.pair_distances(batch[0])
    easy, semihard, hard = pair_losses.triplet_kinds(d, y, margin)
    assert easy + semihard + hard == triples
    assert semihard == len(pair_losses.semihard_triplets(d, y, margin))


@pytest.mark.parametrize(("m", "n"), [(6, 3), (8, 2), (12, 4)])
def test_an_even_batch_has_as_many_as_its_formulas_say(m, n):
    y = np.arange(m) // n
    positive, negative, triples = pair_losses.counts(y)
    assert pair_losses.counts_of_even_batch(m, n) == [m, positive + negative, triples]


@pytest.mark.parametrize("loss", ["contrastive", "triplet"])
def test_the_steps_on_six_points_compose_to_the_result(loss):
    of = lesson("pairs")
    read = of.read(of.defaults | {"loss": loss})
    result, steps = of.result(read), of.steps(read)
    values = {step.symbol: step.value for step in steps}
    by_library, pulled = theirs(read.samples.x, read.samples.y, loss, 4.0)
    assert values["L"] == pytest.approx(by_library)
    assert result[loss] == pytest.approx(by_library)
    assert result["pull"] == pytest.approx(pulled[0])
    assert (result["positive_pairs"], result["negative_pairs"], result["triplets"]) == (6, 9, 36)
    assert result["contrastive"] == 5.0  # (5 + 4 + 3 + 4 + 3 + 5) / 6, and 4 − 3 twice


@few
@given(points(), margins, st.sampled_from(["contrastive", "triplet"]))
def test_any_valid_points_give_steps_and_a_picture(batch, margin, loss):
    x, y = batch
    of = lesson("pairs")
    x[~x.any(axis=1)] = 1.0
    y[0] = (y[-1] + 1) % 3  # at least two classes
    typed = {
        "x": "; ".join(", ".join(map(str, row)) for row in x.tolist()),
        "y": ", ".join(map(str, y)),
        "margin": str(margin),
        "loss": loss,
    }
    read = of.read(of.defaults | typed)
    for step in of.steps(read):
        assert "nan" not in step.numbers
        assert of.picture(read, step.key)
