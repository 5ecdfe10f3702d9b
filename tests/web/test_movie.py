"""All epochs of a run on the same axes, and numbers that come from the original space."""

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from centerviz.data.embeddings import unit_rows
from centerviz.embedding import distances
from centerviz.embedding.axes import Axes
from centerviz.embedding.measure import measure
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.store import create_run
from centerviz.web import movie


def film_of(run, unit=False, dims=2, axes=None):
    axes = axes or movie.usual_axes(run.config.dim, dims)
    return movie.movie(str(run.path), movie.stamp(run), unit, axes)


def test_two_features_are_drawn_as_they_are(digits_run):
    film = film_of(digits_run)
    assert film.whole and film.drawing.share is None
    for place, epoch in enumerate(film.epochs):
        np.testing.assert_array_equal(film.points[place], digits_run.snapshot(epoch).features)


def test_all_epochs_share_one_pca(sphere_run):
    film = film_of(sphere_run, unit=True)
    x = [unit_rows(sphere_run.snapshot(epoch).features) for epoch in film.epochs]
    x = [np.hstack([part, np.ones((len(part), 1))]) for part in x]
    moved = np.linalg.lstsq(x[1], film.points[1].astype(float), rcond=None)[0]
    again = x[0] @ moved
    np.testing.assert_allclose(again, film.points[0], atol=1e-4)
    assert 0 < film.drawing.share <= 1


def test_axes_are_fitted_to_train(sphere_run):
    kept = sphere_run.embeddings()
    train = unit_rows(kept.x[kept.splits == "train"])
    labels = kept.labels[kept.splits == "train"]
    for method, judge in (
        ("pca", PCA(2, svd_solver="full").fit(train)),
        ("lda", LinearDiscriminantAnalysis(n_components=2).fit(train, labels)),
    ):
        film = film_of(sphere_run, unit=True, axes=Axes(method, 2))
        assert film.drawing.fitted == len(train)
        x = unit_rows(sphere_run.snapshot(film.epochs[-1]).features)
        np.testing.assert_allclose(np.abs(film.points[-1]), np.abs(judge.transform(x)), atol=1e-3)


def test_two_centers_move_with_the_epochs(digits_run):
    film = film_of(digits_run, axes=Axes("centers", 2, classes=(3, 7)))
    for place, epoch in enumerate(film.epochs):
        part = movie.space(digits_run, epoch, unit=False)
        for axis, label in enumerate((3, 7)):
            away = np.sqrt(((part.x - part.centers[label]) ** 2).sum(axis=1))
            np.testing.assert_allclose(film.points[place, :, axis], away, rtol=1e-5)
            assert film.centers[place, label, axis] == 0
    assert film.axes == ("3", "7") and film.drawing is None
    axis = movie.panel(film, "", unit=False).figure.layout.yaxis
    assert axis.title.text == "distance to the center of 7"
    for wrong in ((3, 3), (3, 99)):
        with pytest.raises(Problem, match="two classes"):
            film_of(digits_run, axes=Axes("centers", 2, classes=wrong))


def test_any_features_can_be_the_axes(sphere_run):
    film = film_of(sphere_run, axes=Axes("raw", 3, (3, 0, 2)))
    features = sphere_run.snapshot(film.epochs[-1]).features
    np.testing.assert_array_equal(film.points[-1], features[:, [3, 0, 2]])
    assert film.axes == ("x₄", "x₁", "x₃") and film.radii is None


def test_facts_say_what_the_place_of_a_sample_says(digits_run):
    film = film_of(digits_run)
    part, labels = movie.space(digits_run, film.epochs[0], unit=False), film.rows.labels
    for row in (0, 7, 99):
        found = distances.place(part.x[row], int(labels[row]), part.means)
        own, other, nearest, guess = film.facts[0, row]
        assert (own, other) == pytest.approx((found.own, found.other), rel=1e-5)
        assert (nearest, guess) == (found.nearest, part.predicted[row])


def test_the_last_epoch_says_what_measure_says(digits_run):
    film = film_of(digits_run)
    numbers = measure(digits_run.embeddings(), "test")["raw"]
    last = film.readings[-1]
    assert last.ratio == pytest.approx(numbers["ratio"], rel=1e-4)
    assert last.fisher == pytest.approx(numbers["fisher"], rel=1e-4)
    assert last.accuracy == digits_run.epochs()["accuracy_test"].iloc[-1]


def test_centers_are_shown_where_center_loss_works(sphere_run):
    assert film_of(sphere_run, unit=True).centers is not None
    assert film_of(sphere_run, unit=False).centers is None


def test_without_center_loss_there_are_no_centers(tmp_path, digits_run):
    part = movie.space(digits_run, 1, unit=False)
    assert part.centers is not None
    other = movie.space(digits_run, 1, unit=True)
    assert other.centers is None
    norms = np.linalg.norm(other.x, axis=1)
    np.testing.assert_allclose(norms, 1)


def test_rings_are_drawn_only_where_the_map_is_the_space(digits_run, sphere_run):
    assert film_of(digits_run).radii is not None
    assert film_of(sphere_run).radii is None


def test_the_axes_hold_every_epoch(digits_run):
    film = film_of(digits_run)
    layout = movie.panel(film, "", unit=False).figure.layout
    for k, axis in enumerate((layout.xaxis, layout.yaxis)):
        low, high = axis.range
        assert low < film.points[..., k].min() and film.points[..., k].max() < high


def test_a_long_training_leaves_epochs_out_but_not_the_last():
    epochs = list(range(1, 1001))
    kept = movie.kept(epochs, numbers=movie.MOST_NUMBERS // 50)
    assert len(kept) == 50 and kept[0] == 1 and kept[-1] == 1000
    assert kept == sorted(set(kept))


def test_a_run_that_has_not_begun_says_so(tmp_path):
    run = create_run(TrainConfig(), tmp_path)
    with pytest.raises(Problem):
        film_of(run)
