"""The hardest pairs against a sort of all of them."""

import numpy as np
import pytest

from centerviz.embedding import pairs
from centerviz.embedding.pairs import hardest_genuine, hardest_impostors
from centerviz.embedding.verification import scores


@pytest.fixture
def cloud():
    rng = np.random.default_rng(3)
    return rng.normal(size=(60, 4)), rng.integers(0, 5, 60)


@pytest.mark.parametrize("unit", [False, True])
def test_they_are_the_ends_of_all_scores(cloud, unit):
    genuine, impostor = scores(*cloud, unit)
    lowest = hardest_genuine(*cloud, unit, 7)
    highest = hardest_impostors(*cloud, unit, 7)
    np.testing.assert_allclose(lowest.scores, np.sort(genuine)[:7], atol=1e-12)
    np.testing.assert_allclose(highest.scores, np.sort(impostor)[::-1][:7], atol=1e-12)


@pytest.mark.parametrize("unit", [False, True])
def test_blocks_do_not_change_them(cloud, unit, monkeypatch):
    whole = hardest_impostors(*cloud, unit, 9)
    monkeypatch.setattr(pairs, "BLOCK", 7)
    parts = hardest_impostors(*cloud, unit, 9)
    np.testing.assert_array_equal(whole.first, parts.first)
    np.testing.assert_array_equal(whole.second, parts.second)


def test_genuine_pairs_share_a_class_and_impostors_do_not(cloud):
    x, y = cloud
    one, two = hardest_genuine(x, y, True, 5), hardest_impostors(x, y, True, 5)
    assert (y[one.first] == y[one.second]).all()
    assert (y[two.first] != y[two.second]).all()
    assert (one.first < one.second).all()


def test_fewer_pairs_than_asked_for_are_all_there_are():
    found = hardest_genuine(np.array([[0.0], [1.0], [5.0]]), np.array([0, 0, 1]), False, 6)
    assert found.scores.tolist() == [-1.0]
    assert not len(hardest_genuine(np.zeros((2, 1)), np.arange(2), False, 6).scores)
