"""What somebody said about a file, what it was taken for, and what was read of it.

Letters: `x` features (N, D) · N rows · D features.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

UNLABELLED = "none"  # as --label-column or --id-column: no column is
DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "space": None}  # None: runs of spaces


@dataclass(frozen=True)
class Asked:
    """What was said of a file; None: it is guessed."""

    label: str | None = None  # the column or array of the labels; "none": there are none
    id: str | None = None  # the column of the ids; "none": rows are numbered
    array: str | None = None  # the array or column of the vectors
    header: bool | None = None  # whether the first line of a text names the columns
    delimiter: str | None = None  # what stands between the columns of a text: a word of DELIMITERS
    beside: tuple[str, ...] = ()  # columns of numbers that are no part of the vector


GUESS = Asked()


@dataclass(frozen=True)
class Reading:
    """What a file was taken for, and what else it could be: for whoever corrects the guess."""

    format: str  # one word: csv, tsv, npy …
    arrays: tuple[str, ...] = ()  # what could hold the vectors
    columns: tuple[str, ...] = ()  # what could hold labels or ids
    header: bool | None = None  # of a table of text: does its first line name the columns?
    delimiter: str | None = None  # of a table of text: a word of DELIMITERS
    array: str | None = None  # what holds the vectors
    label: str | None = None  # what holds the labels
    id: str | None = None
    features: tuple[str, ...] = ()  # the columns that are the vectors, one for each feature


@dataclass(frozen=True)
class RawTable:
    """A table as read: nothing dropped, labels not yet numbered."""

    x: np.ndarray  # (N, D) float32, may hold NaN and Inf
    labels: np.ndarray | None = None  # (N,) text or numbers
    class_names: tuple[str, ...] | None = None  # where the file states them
    ids: np.ndarray | None = None  # (N,) str
    splits: np.ndarray | None = None  # (N,) str
    metadata: pd.DataFrame = field(default_factory=pd.DataFrame)
    images: np.ndarray | None = None  # (N,) object
    centers: np.ndarray | None = None  # (C, D) float32
    unit_centers: bool = False  # of z = x / ‖x‖
    source: str | None = None
    reading: Reading | None = None
