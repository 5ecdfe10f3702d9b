"""A short list of samples with their pictures; a click on one pins it on the map."""

import base64
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.embedding.places import Places, places
from centerviz.language import _
from centerviz.problem import Problem
from centerviz.web import picking
from centerviz.web.subject import Shown

PictureOf = Callable[[str], bytes | None]  # the PNG of a sample by its id
ROW = 44  # pixels of a row with a picture
HEADER = 38


@st.cache_resource(max_entries=8, show_spinner=False)
def places_of(key: tuple, _shown: Shown) -> Places | Problem:
    """Where all samples that are shown lie among the class means, or why that is not known."""
    try:
        return places(_shown.space.x, _shown.labels, _shown.space.means)
    except Problem as problem:
        return problem


def sample_table(
    shown: Shown,
    rows: np.ndarray,
    picture_of: PictureOf,
    key: str,
    alt: str,
    numbers: Mapping[str, tuple[str, np.ndarray | list[str]]],
) -> None:
    """The samples `rows` (K,) in their order: picture, id, class and further columns.

    `numbers`: the title of a column -> its format ("" for text) and its values (K,).
    """
    ids = shown.ids[rows]
    pictures = [picture_of(name) for name in ids.tolist()]
    columns, config = {}, {}
    if any(pictures):
        columns["picture"] = [_address(picture) for picture in pictures]
        config["picture"] = st.column_config.ImageColumn("", width=50)
    columns["id"] = ids
    config["id"] = st.column_config.TextColumn(_("Sample"))
    if shown.labels is not None:
        columns["class"] = [shown.class_names[j] for j in shown.labels[rows]]
        config["class"] = st.column_config.TextColumn(_("Class"))
    for place, (title, (form, values)) in enumerate(numbers.items()):
        name = f"number {place}"
        columns[name] = values
        number, text = st.column_config.NumberColumn, st.column_config.TextColumn
        config[name] = number(title, format=form) if form else text(title)
    height = ROW if any(pictures) else 35
    st.dataframe(
        pd.DataFrame(columns),
        hide_index=True,
        key=key,
        alt=alt,
        column_config=config,
        row_height=height,
        height=min(HEADER + height * len(rows), 480),
        on_select=lambda: _pin(key, ids),
        selection_mode="single-cell",
    )


def _pin(key: str, ids: np.ndarray) -> None:
    cells = st.session_state[key]["selection"]["cells"]
    if cells:
        picking.pin(str(ids[cells[0][0]]))


def _address(picture: bytes | None) -> str | None:
    """A picture as an address of its own."""
    if picture is None:
        return None
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def to_click() -> str:
    """What a click in such a list does."""
    return _("A click on a row pins the sample on the map.")
