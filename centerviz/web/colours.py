"""What the colours of a map may mean: class, split, prediction error, distance, a metadata column.

Codes in the address: class, split, error, distance, meta:NAME.

Letters: N rows · F frames, 1 or one for each epoch.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from centerviz.figures.colouring import Colouring, by_class
from centerviz.language import N_, _

USUAL = "class"
WORDS = {
    "class": N_("Class"),
    "split": N_("Split"),
    "error": N_("Prediction: right or wrong"),
    "distance": N_("Distance to the own class mean"),
}
META = "meta:"
FEW_VALUES = 12  # different numbers of a column that count as names
RIGHT, WRONG, UNSURE = "#94a4a2", "#bd1f01", "#e1d278"


def offered(
    labels: np.ndarray | None,
    predicted: np.ndarray,
    splits: np.ndarray | None,
    metadata: pd.DataFrame,
) -> list[str]:
    """The codes that these rows can be coloured by."""
    found = [USUAL]
    if splits is not None and len(set(splits.tolist())) > 1:
        found.append("split")
    if labels is not None:
        found += ["error"] if (predicted >= 0).any() else []
        found.append("distance")
    return found + [META + str(name) for name in metadata.columns]


def called(code: str) -> str:
    """A code in words."""
    return code.removeprefix(META) if code.startswith(META) else _(WORDS[code])


def colouring(
    code: str,
    labels: np.ndarray | None,
    class_names: Sequence[str],
    facts: np.ndarray,
    splits: np.ndarray | None = None,
    metadata: pd.DataFrame | None = None,
) -> Colouring:
    """The colouring of N rows; `facts` (F, N, 4) are those of `movie.Space.facts`."""
    n = facts.shape[1]
    usual = by_class(labels, class_names, n, _("all samples"))
    if code == "distance" and labels is not None:
        return _shaded(usual, facts[:, :, 0].astype(np.float64), called(code))
    if code == "error" and labels is not None:
        return _errors(labels, facts[:, :, 3])
    if code == "split" and splits is not None:
        return _named(splits)
    if code.startswith(META) and metadata is not None:
        column = metadata.get(code.removeprefix(META))
        if column is not None and len(column) == n:
            return _by_column(usual, column, called(code))
    return usual


def _shaded(usual: Colouring, values: np.ndarray, title: str) -> Colouring:
    return Colouring(usual.groups, usual.names, title, values)


def _errors(labels: np.ndarray, predicted: np.ndarray) -> Colouring:
    """0 right, 1 wrong, 2 without a prediction."""
    groups = np.where(predicted < 0, 2, predicted != labels)
    names, colours = (_("right"), _("wrong"), _("no prediction")), (RIGHT, WRONG, UNSURE)
    kinds = 3 if (groups == 2).any() else 2
    return Colouring(
        groups.astype(np.int64),
        names[:kinds],
        of_classes=False,
        colours=colours[:kinds],
        marks=("circle", "diamond", "square")[:kinds],
    )


def _named(values: np.ndarray) -> Colouring:
    names, groups = np.unique(np.asarray(values, dtype=str), return_inverse=True)
    return Colouring(groups[None], tuple(names.tolist()), of_classes=False)


def _by_column(usual: Colouring, column: pd.Series, title: str) -> Colouring:
    """A bar for numbers, names for anything else and for a few different whole numbers."""
    values = pd.to_numeric(column, errors="coerce")
    values = values.to_numpy(dtype=np.float64, na_value=np.nan, copy=True)
    missing = column.isna().to_numpy()
    is_number = not missing.all() and not np.isnan(values[~missing]).any()
    values[~np.isfinite(values)] = np.nan
    known = values[np.isfinite(values)]
    few = len(np.unique(known)) <= FEW_VALUES and (known % 1 == 0).all()
    if is_number and not few:
        return _shaded(usual, values[None], title)
    return _named(column.astype("object").where(~missing, "–").astype(str).to_numpy())
