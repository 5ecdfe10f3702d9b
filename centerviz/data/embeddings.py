"""Embeddings: features of samples, from a run or from anybody's file.

Letters: `x` raw features (N, D) float32 · `y` labels (N,). Unit features are a view
(`unit_rows`), never a second copy on disk.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from centerviz.data.reading import Reading


@dataclass(frozen=True)
class Embeddings:
    """Features with what is known about each row. Rows with NaN or Inf have been dropped."""

    x: np.ndarray  # (N, D) float32, finite
    labels: np.ndarray | None  # (N,) int64 into class_names, or None when unlabelled
    class_names: tuple[str, ...]
    ids: np.ndarray  # (N,) str
    splits: np.ndarray | None = None  # (N,) str, or None: one split
    metadata: pd.DataFrame = field(default_factory=pd.DataFrame)  # N rows, or no columns
    images: np.ndarray | None = None  # (N,) object: PNG bytes or None for each row
    centers: np.ndarray | None = None  # (C, D) float32, kept by a center rule
    unit_centers: bool = False  # they live among z = x / ‖x‖, not among x
    source: str = ""
    dropped: int = 0  # rows left out for NaN or Inf
    reading: Reading | None = None  # what the file was taken for

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.x)

    @property
    def dim(self) -> int:
        """Features of a row."""
        return self.x.shape[1]

    def rows(self, mask: np.ndarray) -> "Embeddings":
        """The rows where `mask` (N,) bool holds, or those with the given row numbers."""
        pick = lambda values: None if values is None else values[mask]  # noqa: E731
        return Embeddings(
            x=self.x[mask],
            labels=pick(self.labels),
            class_names=self.class_names,
            ids=self.ids[mask],
            splits=pick(self.splits),
            metadata=self.metadata.iloc[mask if mask.dtype != bool else np.flatnonzero(mask)]
            if len(self.metadata.columns)
            else self.metadata,
            images=pick(self.images),
            centers=self.centers,
            unit_centers=self.unit_centers,
            source=self.source,
        )


def unit_rows(x: np.ndarray) -> np.ndarray:
    """z = x / ‖x‖ row by row (article 4.1), in float64; a zero row stays zero.

    The largest entry is divided out first, so that the square neither overflows nor vanishes.

    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    x = np.asarray(x, dtype=np.float64)
    largest = np.abs(x).max(axis=-1, keepdims=True, initial=0.0)
    scaled = x / np.where(largest > 0, largest, 1.0)
    norm = np.linalg.norm(scaled, axis=-1, keepdims=True)
    return scaled / np.where(norm > 0, norm, 1.0)
