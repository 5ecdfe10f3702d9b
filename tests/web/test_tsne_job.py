"""A t-SNE map on its way: everybody sees the same one, it can be stopped, and problems are told."""

import time

import numpy as np
import pytest

from centerviz.web import tsne_job


def finished(job, seconds=60):
    deadline = time.monotonic() + seconds
    while not job.done and time.monotonic() < deadline:
        time.sleep(0.02)
    assert job.done
    return job


def rows(n=40):
    return np.random.default_rng(0).normal(size=(n, 5))


def ids(n=40):
    return np.array([f"i{k}" for k in range(n)])


def wish(*key, seed=0, epoch=None, data="digits"):
    return tsne_job.Wish(key, data, 2, seed, 5, "a run", epoch)


def test_everybody_looks_at_the_same_map():
    one = tsne_job.job(wish("run", 1), rows(), ids())
    other = tsne_job.job(wish("run", 1, seed=1), rows(), ids())
    assert tsne_job.job(wish("run", 1), rows(), ids()) is one is not other
    one.stop.set()
    other.stop.set()


@pytest.mark.slow
def test_a_stopped_map_keeps_what_it_had_and_can_be_drawn_again():
    job = tsne_job.job(wish("stopped"), rows(300), ids(300))
    job.stop.set()
    finished(job)
    assert job.cut_short and job.frame is not None
    tsne_job.again(wish("stopped"))
    fresh = tsne_job.job(wish("stopped"), rows(300), ids(300))
    assert fresh is not job
    fresh.stop.set()


@pytest.mark.slow
def test_rows_above_the_most_are_placed_and_the_next_epoch_starts_from_that_map(monkeypatch):
    monkeypatch.setattr(tsne_job, "MOST", 30)
    first = finished(tsne_job.job(wish(1, epoch=1), rows(), ids()))
    assert first.complete and first.origin is None
    assert (len(first.rows), len(first.placed), first.share) == (30, 40, 1.0)
    np.testing.assert_array_equal(first.points[first.rows], first.frame.points)
    first.points = -first.points  # where no PCA would begin
    after = [
        tsne_job.job(wish(2, epoch=2), rows() * 1.1, ids()),
        tsne_job.job(wish(3, seed=1), rows(), ids()),
        tsne_job.job(wish(4), rows(), ids()[::-1]),
        tsne_job.job(wish(5, data="salaries"), rows(), ids()),
    ]
    for job in after:
        job.stop.set()
    assert [job.origin for job in after] == [wish(1, epoch=1), None, None, None]
    begin = finished(after[0]).frame.points[:, 0]  # the start, or a few iterations on
    assert np.corrcoef(begin, -first.frame.points[:, 0])[0, 1] > 0.5


def test_rows_without_neighbours_are_refused_in_words():
    job = finished(tsne_job.job(wish("constant"), np.ones((50, 4)), ids(50)))
    assert "the same up to rounding" in str(job.problem)
    assert job.frame is None and not job.complete
