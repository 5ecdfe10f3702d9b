"""Data sets by name: sizes, splits, provenance, and the sentences for what cannot be loaded."""

import hashlib
import re
from pathlib import Path

import numpy as np
import pytest

from centerviz.data import builtin, sources
from centerviz.data.dataset import SPLITS
from centerviz.data.sources import DATASETS, load_dataset
from centerviz.data.splits import exact_splits, hashed_order, shared_splits
from centerviz.problem import Problem

README = Path(__file__).parents[2] / "sample_data" / "README.md"
SIZES = {
    "digits": {"train": 1200, "val": 200, "test": 397},
    "mnist-6k": {"train": 4500, "val": 500, "test": 1000},
    "article": {"train": 12},
}


@pytest.mark.parametrize("name", SIZES)
def test_splits_have_the_promised_sizes(name):
    data = load_dataset(name)
    assert {split: len(data.rows(split)) for split in SPLITS if len(data.rows(split))} == SIZES[
        name
    ]
    assert data.name == name and data.source and data.licence
    assert len(set(data.ids)) == len(data.ids) == len(data.labels) == len(data.inputs)


@pytest.mark.parametrize("name", ["digits", "mnist-6k"])
def test_images_are_uint8_over_the_whole_range_with_every_class_in_every_split(name):
    data = load_dataset(name)
    assert data.inputs.dtype == np.uint8
    assert data.inputs.min() == 0
    assert data.inputs.max() == 255
    for split, size in SIZES[name].items():
        counts = np.bincount(data.labels[data.rows(split)], minlength=10)
        share = np.bincount(data.labels) * size / len(data.labels)
        assert abs(counts - share).max() <= 2, split


def test_no_image_of_mnist_6k_is_in_two_splits():
    data = load_dataset("mnist-6k")
    assert len({image.tobytes() for image in data.inputs}) == 6000
    assert all(
        ("-test-" in row) == (split == "test")
        for row, split in zip(data.ids, data.splits, strict=True)
    )


def test_article_vectors_have_the_means_of_the_article():
    data = load_dataset("article")
    means = [data.inputs[data.labels == j].astype(float).mean(axis=0) for j in range(3)]
    expected = [[0.5, 0.575, 0.725], [0.7, 0.275, 0.45], [0.175, 0.8, 0.35]]
    np.testing.assert_allclose(means, expected, atol=1e-7)


def test_changed_mnist_6k_is_refused(tmp_path):
    changed = tmp_path / "mnist-6k.npz"
    changed.write_bytes(builtin.MNIST_6K.read_bytes()[:-1] + b"x")
    with pytest.raises(Problem, match="damaged or changed"):
        builtin.mnist_6k(changed)
    with pytest.raises(Problem, match="is missing"):
        builtin.mnist_6k(tmp_path / "none.npz")


def test_readme_states_the_checksum_that_is_checked():
    digest = hashlib.sha256(builtin.MNIST_6K.read_bytes()).hexdigest()
    assert digest == builtin.MNIST_6K_SHA256
    assert digest in re.findall(r"[0-9a-f]{64}", README.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "spec",
    ["digit", "no/such/folder", "x\0y", "a" * 4000, "C:\\none.csv", "~nobody-of-this-name/x", ""],
)
def test_unknown_name_is_answered_with_the_names(spec):
    with pytest.raises(Problem) as caught:
        load_dataset(spec)
    assert all(name in str(caught.value) for name in DATASETS)


def test_every_named_data_set_has_a_loader():
    assert set(sources._LOADERS) | {"faces-1", "faces-2"} == set(DATASETS)


def test_split_of_a_sample_does_not_depend_on_the_order_of_rows():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 5, 200)
    ids = np.array([f"file {i}" for i in range(200)])
    shuffled = rng.permutation(200)
    for split in (shared_splits, lambda y, ids: exact_splits(y, ids, val=20, test=50)):
        assert (split(y, ids)[shuffled] == split(y[shuffled], ids[shuffled])).all()


def test_exact_splits_keep_every_class_within_one_of_its_share():
    y = np.repeat(np.arange(4), [10, 20, 30, 41])
    splits = exact_splits(y, np.arange(101).astype(str), val=10, test=25)
    assert (splits == "val").sum() == 10
    assert (splits == "test").sum() == 25
    counts = np.bincount(y[splits == "test"], minlength=4)
    assert abs(counts - np.bincount(y) * 25 / 101).max() < 1


def test_every_class_keeps_a_training_sample():
    y = np.repeat(np.arange(12), np.arange(1, 13))
    splits = shared_splits(y, np.arange(len(y)).astype(str))
    assert set(y[splits == "train"]) == set(range(12))
    assert set(y[splits == "test"]) == set(range(1, 12))


def test_another_seed_gives_another_order():
    y, ids = np.zeros(50, int), np.arange(50).astype(str)
    assert (hashed_order(y, ids, seed=0) != hashed_order(y, ids, seed=1)).any()
