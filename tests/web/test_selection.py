"""What a selection says, as a table and as a file for spreadsheets, on rows checked by hand."""

import io

import numpy as np
import pandas as pd
import pytest

from centerviz.embedding.distances import distances_to_means
from centerviz.embedding.statistics import ClassStatistics
from centerviz.web.movie import Reading, Space
from centerviz.web.pair_question import present_classes, two_classes, usual_pair
from centerviz.web.selection import COLUMNS, class_mix, csv
from centerviz.web.subject import Shown
from tests.embedding.samples import clusters


def shown(x, labels, names, ids, **more):
    y = None if labels is None else np.array(labels)
    means = np.empty((0, x.shape[1]))
    if y is not None:
        means = ClassStatistics.from_samples(x, y, len(names)).means
    part, none = Space(x, np.full(len(x), -1), None, means), Reading(None, None, None)
    key = (str(ids),)
    return Shown("mine", key, part, y, tuple(names), np.array(ids), none, len(x), False, **more)


def paper(labels=(0, 0, 1, 1), ids=("p", "=1+1", "r", "s")):
    x = np.array([[-1.0, 0], [1, 0], [7, 0], [13, 0]])
    splits = np.array(["train", "train", "test", "@test"])
    return shown(x, labels, ("a", "-b"), ids, splits=splits)


def test_the_file_has_ids_labels_splits_and_distances():
    text = csv(paper(), np.array([1, 2, 3]))
    table = pd.read_csv(io.BytesIO(text), keep_default_na=False)
    assert tuple(table.columns) == COLUMNS
    assert table["own_distance"].tolist() == [1, 3, 3]
    assert table["other_distance"].tolist() == [9, 7, 13]
    assert table["nearest_other"].tolist() == ["'-b", "a", "a"]


def test_no_cell_of_the_file_is_a_formula():
    lines = csv(paper(), np.arange(4)).decode().splitlines()[1:]
    cells = [cell for line in lines for cell in line.split(",")]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
    assert "'=1+1" in cells and "'@test" in cells


def test_what_is_not_known_is_empty_in_the_file():
    text = csv(paper(labels=None, ids=("p", "q", "r", "s")), np.array([0])).decode()
    assert text.splitlines()[1] == "p,,train,,,"


def test_the_mix_of_classes_is_counted_and_shared():
    found = class_mix(paper(), np.array([0, 2, 3]))
    assert found["class"].tolist() == ["-b", "a"]
    assert found["n"].tolist() == [2, 1] and found["share"].tolist() == [1, 0.5]


def test_samples_on_the_wrong_side_are_those_nearer_to_the_other_mean():
    x, y = clusters(0, 200, 4, 3, apart=1.0)
    here = shown(x, y, "abcd", [f"s{i}" for i in range(200)])
    found = two_classes(here, 1, 3)
    both = np.flatnonzero((y == 1) | (y == 3))
    own, other = (
        distances_to_means(x[both], labels, here.space.means) for labels in (y[both], 4 - y[both])
    )
    rows, places = found.wrong_side
    assert set(rows) == set(both[other < own]) and len(rows) == sum(found.errors) > 0
    assert found.gap == pytest.approx(np.linalg.norm(here.space.means[1] - here.space.means[3]))
    assert (np.diff(np.abs(places - 0.5)) <= 0).all()


def test_the_usual_pair_is_the_one_most_mixed_up():
    x, y = clusters(1, 90, 3, 2, apart=30.0)
    y[:60:3] = np.where(y[:60:3] == 2, 1, y[:60:3])  # some of class 2 bear the name of class 1
    here = shown(x, y, "abc", [f"m{i}" for i in range(90)])
    assert usual_pair(here) == (1, 2) and present_classes(here) == [0, 1, 2]


def test_two_means_at_one_place_have_no_axis():
    same = shown(np.ones((4, 2)), (0, 0, 1, 1), "ab", ["c", "d", "e", "f"])
    assert two_classes(same, 0, 1) is None
