"""Dataset: what a network learns from.

Letters: N samples, C classes, D features of a vector, H×W pixels, K channels (1 or 3).
"""

from dataclasses import dataclass

import numpy as np

SPLITS = ("train", "val", "test", "verify")


@dataclass(frozen=True)
class Dataset:
    """Samples with labels, class names and splits.

    Classes that can be trained come first: labels of train, val and test lie in 0…C−1 with
    C = `classes`. The split `verify` holds identities that training never sees; their labels are
    C and above.
    """

    name: str
    inputs: np.ndarray  # (N, H, W, K) uint8 images, or (N, D) float32 vectors
    labels: np.ndarray  # (N,) int64
    class_names: tuple[str, ...]  # one per label, those of `verify` included
    splits: np.ndarray  # (N,) str, each one of SPLITS
    ids: np.ndarray  # (N,) str, unique and stable: the same sample keeps its id
    source: str
    licence: str

    @property
    def is_image(self) -> bool:
        """True for images, False for vectors."""
        return self.inputs.ndim == 4

    @property
    def classes(self) -> int:
        """How many classes a classifier has to tell apart (those of train, val and test)."""
        seen = self.labels[self.splits != "verify"]
        return int(seen.max()) + 1 if len(seen) else 0

    def rows(self, split: str) -> np.ndarray:
        """The row numbers of one split, in order: (n,) int64."""
        return np.flatnonzero(self.splits == split)
