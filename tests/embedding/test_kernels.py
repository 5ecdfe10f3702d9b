"""The GPU's form of every pair kernel beside the plain one; on torch's CPU without a GPU."""

import numpy as np
import pytest

from centerviz.data.embeddings import unit_rows
from centerviz.embedding import kernels
from centerviz.embedding.clustering import silhouette
from centerviz.embedding.geometry import by_class, centred, distances_to, extended
from centerviz.embedding.neighbours import retrieval
from centerviz.embedding.verification import binned_roc, roc, scores
from tests.devices import on_each_device
from tests.embedding.samples import clusters

PART = slice(40, 90)


def sorted_clusters(n=300, classes=7, whole=False):
    """Rows sorted by class, as extended on the CPU, with starts and sizes of the classes."""
    x, y = clusters(1, n, classes, 5, apart=1.0)
    order, starts, sizes = by_class(y)
    x = np.rint(x) if whole else x
    return extended(centred(x)[order]), y[order], starts, sizes


@on_each_device
@pytest.mark.parametrize("whole", [False, True])  # whole numbers: ties and equal rows
def test_marked_distances_rank_like_plain_ones(device, whole):
    others, y, starts, sizes = sorted_clusters(whole=whole)
    first, wanted = np.repeat(starts, sizes), np.repeat(sizes, sizes) - 1
    d2 = kernels.marked(kernels.sent(others, device), PART, first[PART], wanted[PART])
    ranked = kernels.smallest(d2, 60)
    plain = distances_to(others[PART, :-2], others)
    np.fill_diagonal(plain[:, PART.start :], np.inf)
    np.testing.assert_allclose(ranked, np.sort(plain, axis=1)[:, :60], atol=1e-12)
    foreign = d2.cpu().numpy() & 1 == 1
    np.testing.assert_array_equal(foreign, y[PART, None] != y)


@on_each_device
def test_sums_by_class_are_those_of_plain_distances(device):
    others, _, starts, sizes = sorted_clusters()
    sums = kernels.class_sums(kernels.sent(others, device), PART, sizes)
    x = others[:, :-2]
    plain = np.linalg.norm(x[PART, None] - x, axis=2)
    np.testing.assert_allclose(sums, np.add.reduceat(plain, starts, axis=1), rtol=1e-9)


@on_each_device
@pytest.mark.parametrize("unit", [False, True])
def test_pairs_are_counted_in_the_bins_of_their_distances(device, unit):
    others, y, *_ = sorted_clusters()
    x = unit_rows(others[:, :-2]) if unit else others
    there, names = kernels.sent(x, device), kernels.sent(y, device)
    low, *counts = kernels.bin_counts(there, PART, names, unit, (1e-10, 1e80), 40)
    a = x if unit else x[:, :-2]
    i, j = np.nonzero(np.arange(PART.start, PART.stop)[:, None] < np.arange(len(a)))
    i += PART.start
    d2 = ((a[i] - a[j]) ** 2).sum(axis=1)
    edges = ((np.arange(low, low + len(counts[0]) + 1)) << 40).view(np.float64)
    for counted, kind in zip(counts, (y[i] == y[j], y[i] != y[j]), strict=True):
        assert counted.sum() == kind.sum()
        plain = np.histogram(d2[kind], edges)[0]
        assert np.abs(np.cumsum(plain) - np.cumsum(counted)).max() <= 1  # rounding at an edge


def test_without_a_driver_or_with_few_rows_the_cores_do_it(monkeypatch):
    assert kernels.device_for(kernels.WORTH - 1) is None
    monkeypatch.setattr(kernels, "DRIVERS", ("no driver.so",))
    monkeypatch.setattr(kernels, "gpu", kernels.gpu.__wrapped__)  # asked anew
    assert kernels.device_for(kernels.WORTH) is None


@pytest.mark.gpu
def test_the_whole_numbers_are_those_of_the_cores(monkeypatch):
    x, y = clusters(2, 3_000, 12, 8, apart=1.0)
    assert kernels.device_for(len(x)) == "cuda"
    found = retrieval(x, y), silhouette(x, y), binned_roc(x, y, True).auc
    exact = roc(*scores(x, y, True)).auc
    monkeypatch.setattr(kernels, "WORTH", len(x) + 1)
    assert found[0] == retrieval(x, y)
    assert found[1] == pytest.approx(silhouette(x, y), abs=1e-12)
    assert found[2] == pytest.approx(exact, abs=1e-6)
