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


def test_everybody_looks_at_the_same_map():
    one = tsne_job.job(("run", 1), rows(), 2, 0, 5)
    other = tsne_job.job(("run", 1), rows(), 2, 1, 5)
    assert tsne_job.job(("run", 1), rows(), 2, 0, 5) is one is not other
    one.stop.set()
    other.stop.set()


@pytest.mark.slow
def test_a_stopped_map_keeps_what_it_had_and_can_be_drawn_again():
    job = tsne_job.job(("stopped",), rows(300), 2, 0, 30)
    job.stop.set()
    finished(job)
    assert job.cut_short and job.frame is not None
    tsne_job.again(("stopped",), 2, 0, 30)
    fresh = tsne_job.job(("stopped",), rows(300), 2, 0, 30)
    assert fresh is not job
    fresh.stop.set()


def test_rows_without_neighbours_are_refused_in_words():
    job = finished(tsne_job.job(("constant",), np.ones((50, 4)), 2, 0, 30))
    assert "the same up to rounding" in str(job.problem)
    assert job.frame is None
