"""A small data set that trains in a blink."""

import numpy as np
import pytest

from centerviz.data.dataset import Dataset


@pytest.fixture
def blobs() -> Dataset:
    """Ninety 5-D vectors in three classes: 60 train, 30 test."""
    rng = np.random.default_rng(0)
    labels = np.arange(90) % 3
    inputs = rng.normal(size=(90, 5)) + 2 * rng.normal(size=(3, 5))[labels]
    return Dataset(
        name="blobs",
        inputs=inputs.astype(np.float32),
        labels=labels.astype(np.int64),
        class_names=("a", "b", "c"),
        splits=np.array(["train"] * 60 + ["test"] * 30),
        ids=np.array([f"b{i:02d}" for i in range(90)]),
        source="drawn",
        licence="none",
    )
