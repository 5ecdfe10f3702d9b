import math

import numpy as np
import pytest
from hypothesis import given, settings

from centerviz.data.embeddings import Embeddings, unit_rows
from centerviz.embedding.details import details
from centerviz.embedding.measure import measure
from centerviz.embedding.metrics import BY_CLASS, DETAILS, METRICS
from tests.embedding.samples import clusters, embeddings


def of(x, y, splits=None, centers=None) -> Embeddings:
    ids = np.arange(len(x)).astype(str)
    splits = None if splits is None else np.array(splits)
    return Embeddings(np.asarray(x, dtype=float), y, (), ids, splits, centers=centers)


def test_each_number_has_a_name_a_range_a_direction_and_a_meaning():
    for table in (METRICS, DETAILS, BY_CLASS):
        for key, metric in table.items():
            assert metric.key == key and metric.name and metric.meaning.endswith((".", "C − 1."))
            assert metric.low < metric.high and metric.better in ("low", "high", "")
            assert bool(metric.unit) == (not metric.scale_free)
    assert not METRICS.keys() & DETAILS.keys()


def test_details_say_which_end_is_good():
    good = {end: {k for k, one in DETAILS.items() if one.better == end} for end in ("high", "")}
    accepted = {"tar_at_1e2", "tar_at_1e3", "lfw_accuracy"}
    assert good == {
        "high": {"inter_min", "resultant_length", *accepted},
        "": {"norm_mean", "effective_rank"},
    }
    assert {k for k, one in BY_CLASS.items() if one.better == "high"} == {"length", "gap"}


@settings(max_examples=40)
@given(embeddings(most=25))
def test_every_detail_is_in_its_range_or_none(sample):
    x, y = sample
    found = details(of(x, y, centers=x[: len(np.unique(y))]), w=np.ones((6, x.shape[1])))
    for view in ("raw", "unit"):
        assert list(found[view]) == list(DETAILS)
        for key, value in found[view].items():
            metric = DETAILS[key]
            assert value is None or metric.low - 1e-9 <= value <= metric.high + 1e-9, key


@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_scale_free_details_are_free_of_scale(factor):
    x, y = clusters(4, 200, 25, 3, apart=1.0)
    w, c = np.ones((25, 3)) + np.eye(25, 3), clusters(5, 25, 25, 3)[0]
    found = details(of(x, y, centers=c), w=w)
    scaled = details(of(x * factor, y, centers=c * factor), w=w)
    for key, metric in DETAILS.items():
        for view in ("raw", "unit"):
            times = 1 if metric.scale_free or view == "unit" else factor
            value = found[view][key]
            assert value is None or scaled[view][key] == pytest.approx(times * value, rel=1e-6)
    assert None not in found["raw"].values()


def test_a_run_takes_means_and_collapse_from_train_and_distances_from_test():
    x, y = clusters(0, 300, 6, 3, apart=1.0)
    splits = ["train"] * 200 + ["test"] * 100
    c, w = clusters(1, 6, 6, 3)[0], np.eye(6, 3)
    found = details(of(x, y, splits, c), w=w)["raw"]
    train, test = details(of(x[:200], y[:200], centers=c), w=w), details(of(x[200:], y[200:]))
    for key in ("nc2_norms", "nc2_angles", "nc2_simplex", "nc3", "nc4", "drift", "inter_min"):
        assert found[key] == pytest.approx(train["raw"][key]), key
    for key in ("norm_mean", "effective_rank", "resultant_length", "separation", "tar_at_1e2"):
        assert found[key] == pytest.approx(test["raw"][key]), key
    mu = np.array([x[:200][y[:200] == j].mean(axis=0) for j in range(6)])
    away = np.linalg.norm(x[200:] - mu[y[200:]], axis=1)
    assert found["intra_micro"] == pytest.approx(away.mean())
    inter_mean = measure(of(x, y, splits))["raw"]["inter_mean"]
    assert found["drift"] == pytest.approx(np.linalg.norm(c - mu, axis=1).mean() / inter_mean)


def test_unit_details_are_raw_details_of_unit_rows():
    x, y = clusters(2, 120, 22, 4)
    w = np.random.default_rng(0).normal(size=(22, 4))
    found, expected = details(of(x, y), w=w)["unit"], details(of(unit_rows(x), y), w=w)["raw"]
    for key in DETAILS.keys() - {"tar_at_1e2", "tar_at_1e3"}:  # cosines may tie otherwise
        assert found[key] == pytest.approx(expected[key], rel=1e-9) if found[key] else True


def test_centers_and_classifiers_judge_their_own_space_and_classes_only():
    x, y = clusters(3, 90, 3, 2)
    c = np.array([x[y == j].mean(axis=0) for j in range(3)])
    raw, unit = (details(of(x, y, centers=c), normalize=n) for n in (False, True))
    assert raw["raw"]["drift"] == pytest.approx(0, abs=1e-12) and raw["unit"]["drift"] is None
    assert unit["raw"]["drift"] is None and unit["unit"]["drift"] > 0.1
    assert raw["raw"]["nc3"] is raw["raw"]["nc4"] is None  # no classifier
    unseen = details(of(x, y + 3), w=np.ones((3, 2)))["raw"]
    assert unseen["nc3"] is unseen["nc4"] is unseen["drift"] is None


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (np.ones((1, 3)), [7]),
        (np.arange(8.0).reshape(4, 2), [5, 5, 5, 5]),
        (np.arange(8.0).reshape(4, 2), [1, 2, 3, 4]),
        (np.zeros((6, 2)), [0, 0, 0, 1, 1, 1]),
        (np.full((6, 2), 1e30), [0, 0, 0, 1, 1, 1]),
        (np.repeat([[0.1, 0.2], [0.3, 0.7]], 3, axis=0), [0, 0, 0, 1, 1, 1]),
        (np.arange(30.0)[:, None] ** 2, np.arange(30) % 12),
    ],
)
def test_awkward_embeddings_give_details_or_none(x, y):
    found = details(of(x, np.array(y)), w=np.ones((20, x.shape[1])))
    for view in found.values():
        assert all(value is None or math.isfinite(value) for value in view.values())


def test_without_labels_there_are_no_details():
    found = details(of(np.ones((3, 2)), None))
    assert set(found["raw"].values()) == set(found["unit"].values()) == {None}
