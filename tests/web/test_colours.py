"""What the colours of a map may mean, and what a metadata column is taken for."""

import numpy as np
import pandas as pd
import pytest

from centerviz.figures.colouring import Colouring
from centerviz.web import colours

LABELS = np.array([0, 0, 1, 1])
NAMES = ("cat", "dog")
FACTS = np.array([[[1, 9, 1, 0], [2, 9, 1, 1], [3, 9, 0, 1], [4, 9, 0, -1]]], dtype=np.float32)


def column(*values):
    return colours.colouring("meta:c", LABELS, NAMES, FACTS, metadata=pd.DataFrame({"c": values}))


def test_the_usual_colours_are_those_of_the_classes():
    for code in ("class", "split", "meta:gone", "nonsense"):
        found = colours.colouring(code, LABELS, NAMES, FACTS)
        assert found.of_classes and found.values is None and found.names == NAMES


def test_a_distance_is_a_number_for_each_sample_and_classes_stay_groups():
    found = colours.colouring("distance", LABELS, NAMES, FACTS)
    assert found.values.tolist() == [[1, 2, 3, 4]] and found.span == (1, 4)
    assert found.names == NAMES and found.groups.tolist() == [LABELS.tolist()]


def test_a_prediction_is_right_wrong_or_missing_each_with_a_mark_of_its_own():
    found = colours.colouring("error", LABELS, NAMES, FACTS)
    assert found.groups.tolist() == [[0, 1, 0, 2]]
    assert len(set(found.colours)) == len(set(found.marks)) == len(found.names) == 3
    assert not found.of_classes


def test_numbers_of_a_column_are_a_bar_and_what_is_missing_is_not_known():
    found = column(0.5, 7.25, None, np.inf)
    assert found.values[0, :2].tolist() == [0.5, 7.25] and np.isnan(found.values[0, 2:]).all()
    assert found.span == (0.5, 7.25) and found.title == "c"


@pytest.mark.parametrize("values", [("a", "b", "a", None), (1, 2, 1, 1), (True, False, True, True)])
def test_words_and_a_few_whole_numbers_of_a_column_are_names(values):
    found = column(*values)
    assert found.values is None and not found.of_classes
    assert len(found.names) == len({str(value) for value in values})
    assert found.groups[0, 0] == found.groups[0, 2]


def test_only_what_these_rows_have_is_offered():
    metadata = pd.DataFrame({"age": [1, 2, 3, 4]})
    splits = np.array(["train", "test", "test", "test"])
    everything = colours.offered(LABELS, FACTS[0, :, 3], splits, metadata)
    assert everything == ["class", "split", "error", "distance", "meta:age"]
    assert colours.offered(None, np.empty(0), splits[1:], pd.DataFrame()) == ["class"]


def test_a_few_numbers_far_out_do_not_take_the_shades_from_the_others():
    values = np.append(np.linspace(0, 1, 999), 1e6)
    found = Colouring(np.zeros((1, 1000), dtype=int), ("a",), "c", values[None])
    assert found.span[1] < 1 and found.beyond == (True, True)
    few = Colouring(np.zeros((1, 3), dtype=int), ("a",), "c", np.array([[1.0, 2.0, 9.0]]))
    assert few.span == (1, 9) and few.beyond == (False, False)
