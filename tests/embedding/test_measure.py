import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from sklearn import metrics
from sklearn.neighbors import NearestCentroid

from centerviz.data.embeddings import Embeddings, unit_rows
from centerviz.embedding.collapse import nc1
from centerviz.embedding.measure import (
    PAIRWISE_ALL,
    PAIRWISE_SOME,
    _sample,
    measure,
    measure_scatter,
    sides,
)
from centerviz.embedding.metrics import METRICS
from centerviz.embedding.neighbours import knn_accuracy, retrieval
from centerviz.problem import Problem
from tests.embedding.samples import ARTICLE, ARTICLE_LABELS, clusters, embeddings

KEYS = [
    "intra_mean", "inter_mean", "ratio", "fisher", "silhouette", "davies_bouldin",
    "calinski_harabasz", "nc1", "nearest_mean_accuracy", "knn_accuracy", "recall_at_1",
    "r_precision", "map_at_r", "auc", "eer",
]  # fmt: skip


def of(x, y, splits=None) -> Embeddings:
    x = np.asarray(x, dtype=np.float32)
    y = None if y is None else np.asarray(y, dtype=np.int64)
    splits = None if splits is None else np.array(splits)
    return Embeddings(x, y, (), np.arange(len(x)).astype(str), splits)


def plain(document: dict) -> dict:
    """As the command line prints it: one JSON document, never NaN."""
    return json.loads(json.dumps(document, allow_nan=False))


def close(found: dict, expected: dict, rel: float) -> None:
    for view in ("raw", "unit"):
        for key, value in expected[view].items():
            if value is None:
                assert found[view][key] is None, (view, key)
            else:
                assert found[view][key] == pytest.approx(value, rel=rel, abs=rel), (view, key)


def test_the_keys_are_those_of_the_command_line():
    found = plain(measure(of(ARTICLE, ARTICLE_LABELS)))
    assert list(found) == ["n", "dim", "classes", "split", "dropped", "pairwise_n", "raw", "unit"]
    assert list(found["raw"]) == list(found["unit"]) == list(METRICS) == KEYS
    assert (found["n"], found["dim"], found["classes"], found["pairwise_n"]) == (12, 3, 3, 12)
    assert found["split"] is None and found["dropped"] == 0


def judged_by_others(x, y) -> dict:
    """The definitions by scikit-learn and NumPy, for rows without splits."""
    mu = {j: x[y == j].mean(axis=0) for j in np.unique(y)}
    far = [np.linalg.norm(x[y == j] - mu[j], axis=1).mean() for j in mu if (y == j).sum() > 1]
    centers = np.array(list(mu.values()))
    i, j = np.triu_indices(len(centers), 1)
    gaps = np.linalg.norm(centers[i] - centers[j], axis=1)
    return {
        "intra_mean": np.mean(far),
        "inter_mean": gaps.mean(),
        "ratio": np.mean(far) / gaps.mean(),
        "silhouette": metrics.silhouette_score(x, y),
        "davies_bouldin": metrics.davies_bouldin_score(x, y),
        "calinski_harabasz": metrics.calinski_harabasz_score(x, y),
        "fisher": metrics.calinski_harabasz_score(x, y) * (len(mu) - 1) / (len(x) - len(mu)),
        "nearest_mean_accuracy": NearestCentroid().fit(x, y).score(x, y),
    }


@pytest.mark.parametrize(("n", "classes", "dim"), [(300, 5, 2), (400, 20, 8), (250, 3, 16)])
def test_measure_agrees_with_scikit_learn(n, classes, dim):
    x, y = clusters(n, n, classes, dim, apart=1.0)
    x = x.astype(np.float32)
    found = measure(of(x, y + 100))
    i, j = np.triu_indices(n, 1)
    for view, rows in (("raw", x.astype(float)), ("unit", unit_rows(x))):
        expected = judged_by_others(rows, y)
        score = (rows[i] * rows[j]).sum(axis=1)
        score = score if view == "unit" else -np.linalg.norm(rows[i] - rows[j], axis=1)
        expected["auc"] = metrics.roc_auc_score(y[i] == y[j], score)
        fpr, tpr, _ = metrics.roc_curve(y[i] == y[j], score)
        grid = np.linspace(0, 1, 200_001)
        expected["eer"] = grid[np.argmin(np.abs(1 - np.interp(grid, fpr, tpr) - grid))]
        for key, value in expected.items():
            tolerance = 1e-4 if key == "eer" else 1e-9
            assert found[view][key] == pytest.approx(value, rel=tolerance), (view, key)
        assert found[view]["nc1"] == pytest.approx(nc1(rows, y))


def test_a_run_takes_means_and_gallery_from_train_and_samples_from_test():
    x, y = clusters(0, 300, 6, 3, apart=1.0)
    x = x.astype(np.float32).astype(float)
    train, test = slice(0, 200), slice(200, 300)
    found = measure(of(x, y, ["train"] * 200 + ["test"] * 100))
    mu = np.array([x[train][y[train] == j].mean(axis=0) for j in range(6)])
    far = np.linalg.norm(x[test] - mu[y[test]], axis=1)
    by_class = [far[y[test] == j].mean() for j in range(6) if (y[test] == j).sum() > 1]
    raw = found["raw"]
    assert (found["n"], found["split"], found["pairwise_n"]) == (100, "test", 100)
    assert raw["intra_mean"] == pytest.approx(np.mean(by_class))
    judge = NearestCentroid().fit(x[train], y[train])
    assert raw["nearest_mean_accuracy"] == pytest.approx(judge.score(x[test], y[test]))
    assert raw["knn_accuracy"] == knn_accuracy(x[test], y[test], x[train], y[train])
    assert raw["nc1"] == pytest.approx(nc1(x[train], y[train]))
    own = measure(of(x[test], y[test]))["raw"]
    for key in ("fisher", "silhouette", "davies_bouldin", "recall_at_1", "map_at_r", "auc", "eer"):
        assert raw[key] == pytest.approx(own[key]), key
    assert raw["recall_at_1"] == retrieval(x[test], y[test]).recall_at_1


def test_identities_that_train_never_saw_are_measured_by_their_own_means():
    x, y = clusters(1, 200, 8, 3)
    splits = np.where(y < 5, np.where(np.arange(200) % 2, "train", "test"), "verify")
    found = measure(of(x, y, splits), "verify")
    own = measure(of(x[y >= 5], y[y >= 5]))
    assert found["classes"] == own["classes"] == 3
    close(found, own, 1e-9)
    assert measure(of(x, y, splits))["split"] == "test"


def test_a_class_that_train_lacks_keeps_its_own_mean():
    x = np.array([[0.0], [2.0], [10.0], [12.0], [1.0], [30.0], [34.0]])
    splits = ["train"] * 4 + ["test"] * 3
    found = measure(of(x, [0, 0, 1, 1, 0, 2, 2], splits))["raw"]
    assert found["intra_mean"] == pytest.approx(2.0)  # class 2 alone has two test samples
    assert found["inter_mean"] == pytest.approx((10 + 31 + 21) / 3)


def test_the_split_is_test_else_val_else_every_row():
    x, y = clusters(2, 30, 3, 2)
    of_splits = lambda *names: measure(of(x, y, np.resize(names, 30)))  # noqa: E731
    assert (of_splits("train", "val", "test")["split"], of_splits("train", "val")["split"]) == (
        "test",
        "val",
    )
    assert (of_splits("a", "b")["split"], of_splits("a", "b")["n"]) == (None, 30)
    assert (of_splits("train")["split"], of_splits("train")["n"]) == ("train", 30)
    train = measure(of(x, y, np.resize(["train", "test"], 30)), "train")
    close(train, measure(of(x[::2], y[::2])), 1e-9)
    assert sides(of(x, y, np.resize(["train", "test"], 30)), "train").alone


def test_wrong_splits_and_empty_embeddings_are_problems():
    x, y = clusters(3, 6, 2, 2)
    with pytest.raises(Problem, match="no split named vall; choose one of: train, val"):
        measure(of(x, y, ["train", "val"] * 3), "vall")
    with pytest.raises(Problem, match="have no splits"):
        measure(of(x, y), "test")
    with pytest.raises(Problem, match="no rows"):
        measure(of(np.zeros((0, 2)), []))


def test_without_labels_nothing_is_known_but_the_size():
    found = plain(measure(of(ARTICLE, None)))
    assert (found["n"], found["dim"], found["classes"]) == (12, 3, None)
    assert set(found["raw"].values()) == set(found["unit"].values()) == {None}
    assert measure(of(ARTICLE, None, ["test"] * 6 + ["train"] * 6))["n"] == 6


@settings(max_examples=40)
@given(embeddings(most=25))
def test_every_number_is_in_its_range_or_none(sample):
    found = plain(measure(of(*sample)))
    for view in ("raw", "unit"):
        for key, value in found[view].items():
            assert value is None or METRICS[key].low - 1e-9 <= value <= METRICS[key].high + 1e-9, (
                key
            )


@settings(max_examples=40)
@given(embeddings(most=25))
def test_unit_numbers_are_raw_numbers_of_unit_rows(sample):
    x, y = sample
    x = x + 3.0
    unit = Embeddings(unit_rows(x), y, (), np.arange(len(x)).astype(str))
    wide = Embeddings(x, y, (), np.arange(len(x)).astype(str))
    expected, found = measure(unit), measure(wide)
    if (expected["raw"]["fisher"] or 0) < 1e6:
        close({**found, "raw": found["unit"]}, {**expected, "unit": expected["raw"]}, 1e-6)


@pytest.mark.parametrize("factor", [1e-6, 1e6, 1e30])
def test_scale_free_numbers_are_free_of_scale(factor):
    x, y = clusters(4, 150, 5, 3, apart=1.0)
    found, scaled = measure(of(x, y)), measure(of(x * factor, y))
    for key, metric in METRICS.items():
        for view in ("raw", "unit"):
            times = 1 if metric.scale_free or view == "unit" else factor
            assert scaled[view][key] == pytest.approx(times * found[view][key], rel=1e-4), key


def test_a_common_mean_of_ten_thousand_changes_no_raw_number():
    x, y = clusters(5, 150, 5, 3, apart=1.0)
    x = np.round(x * 64) / 64  # so that float32 holds x + 8192 exactly
    found, moved = measure(of(x, y))["raw"], measure(of(x + 8192, y))["raw"]
    for key, value in found.items():
        assert moved[key] == pytest.approx(value, rel=1e-9), key


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.ones((1, 3)), [7]),  # one row
        (np.arange(8.0).reshape(4, 2), [5, 5, 5, 5]),  # one class
        (np.arange(8.0).reshape(4, 2), [1, 2, 3, 4]),  # every class has one sample
        (np.arange(8.0).reshape(4, 2), [1, 1, 1, -4]),  # one class has one
        (np.zeros((6, 2)), [0, 0, 0, 1, 1, 1]),  # zero vectors have no direction
        (np.full((6, 2), 1e30), [0, 0, 0, 1, 1, 1]),  # identical points
        (np.repeat([[0.1, 0.2], [0.3, 0.7]], 3, axis=0), [0, 0, 0, 1, 1, 1]),  # full collapse
        (np.repeat([[0.1, 0.2], [0.3, 0.6]], 3, axis=0), [0, 0, 0, 1, 1, 1]),  # on one ray
        (np.arange(6.0)[:, None], [0, 0, 0, 1, 1, 1]),  # D = 1
        (np.arange(30.0)[:, None] ** 2, np.arange(30) % 12),  # C > D
        ([[1e30, 1], [1, 1e-30], [2, 3], [-1e30, 4]], [0, 1, 1, 0]),
    ],
)
def test_awkward_embeddings_give_numbers_or_none(x, y):
    found = plain(measure(of(x, y)))
    for view in ("raw", "unit"):
        for key, value in found[view].items():
            assert value is None or math.isfinite(value), key
    if len(set(y)) == 1:
        assert found["raw"]["fisher"] is None and found["raw"]["auc"] is None


def test_full_collapse_is_perfect_where_it_is_defined():
    x = np.repeat([[0.1, 0.2], [0.3, 0.7]], 3, axis=0)
    found = measure(of(x, [0, 0, 0, 1, 1, 1]))
    for view in ("raw", "unit"):
        numbers = found[view]
        assert (numbers["intra_mean"], numbers["ratio"], numbers["nc1"]) == (0, 0, 0)
        assert (numbers["recall_at_1"], numbers["auc"], numbers["eer"]) == (1, 1, 0)
        assert numbers["davies_bouldin"] is None and numbers["silhouette"] is None


def test_pairs_are_drawn_by_class_and_by_seed():
    y = np.repeat([0, 1, 2], [PAIRWISE_ALL, 999, 1001])
    rows = _sample(y, np.arange(len(y)))
    assert len(np.unique(rows)) == PAIRWISE_SOME
    share = PAIRWISE_SOME / len(y)
    np.testing.assert_allclose(np.bincount(y[rows]), np.bincount(y) * share, atol=1)
    np.testing.assert_array_equal(rows, _sample(y, np.arange(len(y))))
    few = np.arange(PAIRWISE_ALL)
    assert _sample(y, few) is few


def test_metrics_say_which_end_is_good():
    better = {key: metric.direction for key, metric in METRICS.items()}
    assert {key for key, sign in better.items() if sign < 0} == {
        "intra_mean",
        "ratio",
        "davies_bouldin",
        "nc1",
        "eer",
    }
    assert {key for key in METRICS if not METRICS[key].scale_free} == {"intra_mean", "inter_mean"}


@pytest.mark.parametrize("split", [None, "test", "train"])
def test_the_quick_numbers_are_those_of_the_whole_document(split):
    x, y = clusters(3, 60, 4, 3)
    rows = of(x, y, np.where(np.arange(60) % 3, "train", "test"))
    document = measure(rows, split)
    for unit, view in ((False, "raw"), (True, "unit")):
        found = measure_scatter(rows, split, unit)
        assert found and found == {key: document[view][key] for key in found}
