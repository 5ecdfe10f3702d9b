"""Numbers beside the map, all of them in the original space: by class, of a sample, of a selection.

Letters: x features (N, D) · y labels (N,) · μ class means (C, D).
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.embedding.collapse import mean_resultant_lengths
from centerviz.embedding.distances import (
    Place,
    distances_to_means,
    drift,
    nearest_others,
    place,
    radii,
)
from centerviz.embedding.metrics import BY_CLASS
from centerviz.embedding.places import astray_by_class
from centerviz.language import _, ngettext
from centerviz.problem import Problem
from centerviz.web import picking
from centerviz.web.batches import batch, explain
from centerviz.web.comparing import digits
from centerviz.web.naming import plain
from centerviz.web.odd_samples import digits_of
from centerviz.web.sample_table import places_of
from centerviz.web.subject import Shown

COUNTED = 6  # classes of a selection that are listed one by one


@dataclass(frozen=True)
class Sample:
    """Where one sample lies among the class means."""

    id: str
    label: str
    predicted: str | None
    place: Place
    other_name: str
    kept: float | None  # distance to the kept center of its class


def class_table(shown: Shown) -> pd.DataFrame:
    """One row a class that has samples: n, intra distances, R̄, the nearest other class, errors.

    `astray` counts samples nearer to another mean, missing with far too many classes; `wrong`
    those that the classifier names wrongly, a column only where there is one; drift is ‖c − μ‖, a
    column only where centers are kept.
    """
    y, means, names = shown.labels, shown.space.means, shown.class_names
    found, (nearest, gaps) = radii(shown.space.x, y, means), nearest_others(means)
    where, rows = places_of(shown.key, shown), np.flatnonzero(found.counts)
    unknown = isinstance(where, Problem)
    astray = np.full(len(means), np.nan) if unknown else astray_by_class(where, y, len(means))
    table = pd.DataFrame(
        {
            "class": [names[j] for j in rows],
            "n": found.counts[rows],
            "mean": found.mean[rows],
            "median": found.median[rows],
            "p95": found.p95[rows],
            "max": found.max[rows],
            "length": mean_resultant_lengths(shown.space.x, y, len(means))[rows],
            "nearest": ["–" if nearest[j] < 0 else names[nearest[j]] for j in rows],
            "gap": gaps[rows],
            "astray": astray[rows],
        }
    )
    guess = shown.space.predicted
    if (guess >= 0).any():
        table["wrong"] = np.bincount(y[guess != y], minlength=len(means))[rows]
    if shown.space.centers is not None:
        table["drift"] = drift(shown.space.centers, means)[rows]
    return table


@st.cache_resource(max_entries=16, show_spinner=False)
def _table(key: tuple, _shown: Shown) -> pd.DataFrame:
    return class_table(_shown)


def show_classes(shown: Shown) -> None:
    """The table with words and fixed digits; a click on a class selects its samples."""
    table = _table(shown.key, shown)
    number = st.column_config.NumberColumn
    form = digits_of(table[["gap", "max"]].to_numpy())
    columns = {
        key: number(
            _(metric.name),
            format="%.4f" if metric.scale_free else form,
            help=_(metric.meaning),
        )
        for key, metric in BY_CLASS.items()
    }
    st.dataframe(
        table,
        hide_index=True,
        key="explore_classes",
        alt=_("Numbers by class: samples, distances to the class mean, nearest class, errors."),
        column_config={
            "class": st.column_config.TextColumn(_("Class"), pinned=True),
            "n": number("n", help=_("Samples of the class.")),
            "nearest": st.column_config.TextColumn(_("nearest class")),
            "astray": number(_("astray"), help=_("Samples nearer to the mean of another class.")),
            "wrong": number(_("misnamed"), help=_("Samples that the classifier names wrongly.")),
            **columns,
        },
        on_select=lambda: _select_classes(shown),
        selection_mode=["multi-row", "single-cell"],
    )
    st.caption(
        _(
            "Distances to the class means in feature units, in all {dim} dimensions of {x}. A "
            "click on a class selects its samples on the map; a click on a title sorts.",
            dim=shown.dim,
            x="z" if shown.unit else "x",
        )
    )
    with st.container(horizontal=True):
        taken = batch(shown.space.x, shown.labels, 0, shown.class_names)
        explain("centroid", _("How a class mean and its length come about"), taken, step=2)
        if shown.unit:
            explain("normalisation", _("How x becomes z, step by step"))


def _select_classes(shown: Shown) -> None:
    """Callback: the samples of the classes whose rows are ticked, else of the clicked one."""
    picked = st.session_state["explore_classes"]["selection"]
    at = picked["rows"] or [row for row, _column in picked["cells"]]
    classes = np.unique(shown.labels)[at]
    picking.select(shown.code, shown.ids[np.isin(shown.labels, classes)].tolist())


def sample_of(shown: Shown, name: str) -> Sample | None:
    """The sample of that id; None when it isn't shown."""
    rows = np.flatnonzero(shown.ids == name)
    if not len(rows):
        return None
    row, part = int(rows[0]), shown.space
    guess = int(part.predicted[row])
    predicted = shown.class_names[guess] if 0 <= guess < len(shown.class_names) else None
    if shown.labels is None:
        return Sample(name, "–", predicted, Place(None, None, -1), "–", None)
    label = int(shown.labels[row])
    found = place(part.x[row], label, part.means)
    kept = None
    if part.centers is not None:
        kept = float(drift(part.centers[label : label + 1], part.x[row : row + 1])[0])
    other = "–" if found.nearest < 0 else shown.class_names[found.nearest]
    return Sample(name, shown.class_names[label], predicted, found, other, kept)


def show_sample(sample: Sample, picture: bytes | None) -> None:
    """The pinned sample: picture, label, prediction, and where it lies."""
    with st.container(border=True, key="pinned_sample"):
        image, words = st.columns([1, 3], vertical_alignment="center")
        if picture is not None:
            caption = _("Picture of sample {id}.", id=sample.id)
            image.image(picture, width=96, alt=caption)
        with words if picture is not None else st.container():
            st.markdown(f"**{plain(sample.id)}**")
            st.markdown("  \n".join(_said(sample)))


def _said(sample: Sample) -> list[str]:
    lines = [_("Class {label}", label=plain(sample.label))]
    if sample.predicted is not None:
        right = sample.predicted == sample.label
        words = _("predicted {label}: right") if right else _("predicted {label}: wrong")
        lines[0] += _(", ") + words.format(label=plain(sample.predicted))
    found = sample.place
    if found.own is not None:
        lines.append(_("To its own class mean: **{value}**", value=digits(found.own)))
    if sample.kept is not None:
        lines.append(_("To its kept center: {value}", value=digits(sample.kept)))
    if found.other is not None:
        other = {"label": plain(sample.other_name), "value": digits(found.other)}
        lines.append(_("To the nearest other mean, class {label}: **{value}**", **other))
        if found.margin < 0:
            lines.append(_("It lies nearer to another class than to its own."))
    return lines


def selection_line(shown: Shown, rows: np.ndarray) -> str:
    """How many samples are selected, of which classes, and how far they lie from their means."""
    text = ngettext("{n} sample is selected", "{n} samples are selected", len(rows))
    if shown.labels is None or not len(rows):
        return _("{text}.", text=text)
    counts = Counter(shown.labels[rows].tolist()).most_common()
    listed = ", ".join(f"{plain(shown.class_names[j])}: {n}" for j, n in counts[:COUNTED])
    others, more = len(counts) - COUNTED, ""
    if others > 0:
        more = ngettext(" and {n} other class", " and {n} other classes", others)
    away = distances_to_means(shown.space.x[rows], shown.labels[rows], shown.space.means)
    mean = digits(float(np.nanmean(away)) if np.isfinite(away).any() else None)
    distance = _("mean distance to their own class means {value}", value=mean)
    listed += more
    return _("{text} ({listed}); {distance}.", text=text, listed=listed, distance=distance)
