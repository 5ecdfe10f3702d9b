import subprocess
import sys

import numpy as np
import psutil
import pytest
from sklearn.manifold import trustworthiness as judged

from centerviz.embedding import tsne
from centerviz.embedding.projection import METHODS, project, trustworthiness
from centerviz.problem import Problem
from tests.embedding.samples import clusters

CHILD = "centerviz.embedding.tsne_process"


def children() -> list[psutil.Process]:
    return [p for p in psutil.Process().children() if CHILD in p.cmdline()]


def test_pca_is_fitted_to_the_rows_that_are_asked_for():
    x, _ = clusters(0, 60, 3, 5)
    rows = np.arange(30)
    found = project(x, "pca", fit_rows=rows)
    assert found.points.shape == (60, 2) and found.points.dtype == np.float32
    np.testing.assert_array_equal(found.points[:30], project(x[:30], "pca").points)
    assert 0 < found.explained.sum() <= 1


def test_raw_draws_features_as_they_are():
    x, _ = clusters(1, 20, 3, 2)
    found = project(x, "raw")
    np.testing.assert_array_equal(found.points, x.astype(np.float32))
    assert project(x, "raw", dims=3).points[:, 2].tolist() == [0.0] * 20
    assert project(x[:, :1], "raw").points.shape == (20, 2)
    with pytest.raises(Problem, match="5 do not fit into 3"):
        project(np.ones((4, 5)), "raw", dims=3)


def test_two_features_are_drawn_as_they_are_by_tsne_too():
    x, _ = clusters(2, 50, 3, 2)
    found = project(x, "tsne")
    assert (found.method, found.perplexity) == ("raw", None)
    np.testing.assert_array_equal(found.points, x.astype(np.float32))


def test_what_cannot_be_projected_is_said():
    x = np.ones((20, 5))
    for wrong, words in (
        ({"method": "umap"}, "no projection named umap; choose one of: pca, tsne, raw"),
        ({"dims": 4}, "2 or 3 dimensions, not 4"),
    ):
        with pytest.raises(Problem, match=words):
            project(x, **wrong)
    for method in METHODS:
        with pytest.raises(Problem, match="2 of 20 rows"):
            project(np.where(np.arange(20)[:, None] < 2, [[np.nan, 1e39]], 1.0), method)


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (np.ones((50, 5)), "All rows are the same"),
        (np.ones((50, 5)) + 1e-7 * np.random.default_rng(0).normal(size=(50, 5)), "are the same"),
        (np.zeros((50, 5)), "All rows are the same"),
        (np.repeat(np.eye(5)[:2], 25, axis=0), "2 distinct rows"),
        (np.vstack([np.random.default_rng(0).normal(size=(30, 3)), [[1e30] * 3]]), "2 distinct"),
        (np.random.default_rng(0).normal(size=(9, 5)), "at least 10 rows; there are 9"),
        (np.zeros((0, 5)), "there are 0"),
    ],
)
def test_rows_without_neighbours_never_reach_tsne(x, words):
    with pytest.raises(Problem, match=words):
        project(x.astype(np.float32), "tsne")
    assert children() == []


@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (1e-30, 0), (1e30, 0), (1, 1e4), (1, -3e4)])
def test_the_guard_brings_rows_to_one_scale(scale, offset):
    x = np.random.default_rng(2).normal(size=(12, 5)) * scale + offset
    found = tsne.guarded(x.astype(np.float32))
    assert found.dtype == np.float32
    assert np.sqrt((found**2).sum(axis=1).mean()) == pytest.approx(1, rel=1e-5)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-5)


def test_perplexity_must_be_positive():
    x, _ = clusters(3, 20, 3, 5)
    for given in (0.0, -3.0, float("nan")):
        with pytest.raises(Problem, match="Perplexity must be above 0"):
            project(x, "tsne", perplexity=given)


@pytest.mark.slow
def test_tsne_shows_its_way_repeats_itself_and_keeps_neighbours():
    x, _ = clusters(4, 90, 4, 8, apart=4.0)
    way = []
    found = project(x, "tsne", seed=3, on_frame=way.append)
    assert [frame.iteration for frame in way] == [0, *range(9, 750, 10), 750]
    assert way[0].divergence is None and way[-1].finished and not way[0].finished
    assert (found.method, found.seed, found.stopped_at) == ("tsne", 3, None)
    assert found.perplexity == pytest.approx(89 / 3)  # 30 would need 91 rows
    assert found.points.shape == (90, 2) and found.points.dtype == np.float32
    assert trustworthiness(x, found.points) > 0.9
    np.testing.assert_array_equal(project(x, "tsne", seed=3).points, found.points)


def test_tsne_starts_from_another_map_and_says_when_it_cannot():
    x, _ = clusters(8, 30, 3, 6)
    other = np.random.default_rng(0).normal(size=(30, 2)) * [3.0, 50.0] + 7
    way = tsne.frames(x, start=other)
    begin = next(way).points
    way.close()
    for axis in range(2):
        assert np.corrcoef(begin[:, axis], other[:, axis])[0, 1] > 0.9
    assert begin.std(axis=0).max() == pytest.approx(tsne.START_SPREAD, rel=0.05)
    for wrong in (np.zeros((30, 2)), np.where(np.arange(30)[:, None] == 3, np.nan, other)):
        with pytest.raises(Problem, match="map to start from"):
            next(tsne.frames(x, start=wrong))


@pytest.mark.slow
def test_new_rows_go_among_their_neighbours_and_leave_the_map_alone():
    x, labels = clusters(9, 60, 3, 6, apart=6.0)
    corners = np.array([[100.0, 0.0], [0.0, 100.0], [-100.0, -100.0]])
    points = corners[labels] + np.random.default_rng(0).normal(size=(60, 2))
    new = np.arange(60) % 4 == 0
    found = np.concatenate(list(tsne.placements(x[new], x[~new], points[~new])))
    nearest = np.linalg.norm(found[:, None] - corners, axis=2).argmin(axis=1)
    assert nearest.tolist() == labels[new].tolist()
    assert list(tsne.placements(x[:0], x, points)) == []
    with pytest.raises(Problem, match="too far away"):
        next(tsne.placements(np.full((1, 6), np.inf), x, points))


@pytest.mark.slow
@pytest.mark.parametrize(
    "x",
    [
        np.repeat(np.random.default_rng(0).normal(size=(3, 5)), 20, axis=0),
        np.random.default_rng(1).normal(size=(10, 5)) * 1e30,
    ],
    ids=["three points", "1e30"],
)
def test_awkward_rows_give_a_finite_map(x):
    found = project(x.astype(np.float32), "tsne", dims=3, perplexity=5)
    assert np.isfinite(found.points).all() and np.ptp(found.points, axis=0).min() > 1e-3
    assert found.points.shape == (len(x), 3)


@pytest.mark.slow
def test_tsne_stops_when_asked_and_leaves_no_process():
    x, _ = clusters(5, 60, 3, 6)
    found = project(x, "tsne", on_frame=lambda frame: frame.iteration > 20)
    assert found.stopped_at == 29
    way = tsne.frames(x)
    next(way), next(way)
    assert len(children()) == 1
    way.close()
    assert children() == []


@pytest.mark.slow
def test_a_process_that_dies_is_a_problem_and_hurts_nobody():
    x, _ = clusters(6, 60, 3, 6)
    way = tsne.frames(x)
    next(way), next(way)
    children()[0].kill()
    with pytest.raises(Problem, match="ended early \\(exit code -9"):
        for _ in way:
            pass


@pytest.mark.slow
def test_what_the_child_cannot_read_ends_it_with_a_reason():
    child = [sys.executable, "-m", CHILD]
    done = subprocess.run(child, input=b"{nonsense\n", capture_output=True, check=False)
    assert done.returncode == 1 and done.stdout == b"" and b"JSONDecodeError" in done.stderr
    done = subprocess.run(child, input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (0, b"")


def test_the_child_loads_nothing_of_ours_but_itself():
    loads = f"import {CHILD}, openTSNE, sys; print(*(m for m in sys.modules if 'centerviz.' in m))"
    told = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["centerviz.embedding", CHILD]


def test_trustworthiness_is_that_of_scikit_learn():
    x, _ = clusters(7, 60, 3, 6)
    points = project(x, "pca").points
    assert trustworthiness(x, points) == pytest.approx(judged(x, points, n_neighbors=5))
    assert trustworthiness(x * 1e30 + 1e4, points) == pytest.approx(trustworthiness(x, points))
    assert trustworthiness(x, x) == 1.0
    assert trustworthiness(x[:3], points[:3]) is None
    assert 0 <= trustworthiness(x[:4], points[:4]) <= 1
    assert trustworthiness(x, points, most=30) == trustworthiness(x, points, most=30)
