"""Effect size against counting all pairs and SciPy's U; relative distances against `measure`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu

from centerviz.data.embeddings import Embeddings
from centerviz.embedding.effect import chance_closer, relative_distances
from centerviz.embedding.measure import measure

values = st.lists(st.integers(0, 6).map(float), min_size=1, max_size=12).map(np.array)


@given(values, values)
def test_chance_closer_counts_every_pair_and_half_of_the_ties(a, b):
    pairs = [1.0 if x < y else 0.5 if x == y else 0.0 for x in a for y in b]
    assert chance_closer(a, b) == pytest.approx(np.mean(pairs))


@given(values, values)
def test_the_two_directions_add_up_to_one(a, b):
    assert chance_closer(a, b) + chance_closer(b, a) == pytest.approx(1.0)


def test_chance_closer_is_mann_whitney_over_all_pairs():
    rng = np.random.default_rng(0)
    a, b = rng.normal(0, 1, 80), rng.normal(0.5, 1, 120)
    expected = mannwhitneyu(b, a).statistic / (len(a) * len(b))
    assert chance_closer(a, b) == pytest.approx(expected)


def test_no_samples_have_no_effect_size():
    assert chance_closer(np.empty(0), np.ones(3)) is None


def embedded(scale=1.0):
    rng = np.random.default_rng(1)
    y = np.repeat(np.arange(4), 30)
    x = (rng.normal(size=(4, 3))[y] * 5 + rng.normal(size=(120, 3))).astype(np.float32) * scale
    splits = np.where(np.arange(120) % 3 == 0, "test", "train")
    names = ("a", "b", "c", "d")
    return Embeddings(x.astype(np.float32), y, names, np.arange(120).astype(str), splits)


@pytest.mark.parametrize("unit", [False, True])
def test_their_class_means_average_to_the_ratio_of_measure(unit):
    found = embedded()
    distances = relative_distances(found, "test", unit)
    y = found.labels[found.splits == "test"]
    macro = np.mean([distances[y == j].mean() for j in range(4)])
    view = "unit" if unit else "raw"
    assert macro == pytest.approx(measure(found, "test")[view]["ratio"])


def test_plain_scaling_does_not_bring_samples_closer():
    here, shrunk = relative_distances(embedded()), relative_distances(embedded(0.25))
    np.testing.assert_allclose(here, shrunk, rtol=1e-5)


def test_means_at_one_place_have_no_relative_distances():
    same = Embeddings(
        np.ones((4, 2), np.float32), np.array([0, 0, 1, 1]), ("a", "b"), np.array(list("abcd"))
    )
    assert not len(relative_distances(same))
