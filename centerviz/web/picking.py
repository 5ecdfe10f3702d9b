"""Which samples of Explore are picked: one is pinned, a set of ids is selected.

Map and tables both pick, and the last one wins. The address keeps both, a selection only where it
is short enough to be passed on; the session keeps it in any case.
"""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from centerviz.web import state

_SELECTED = "explore_selected"  # whose samples they are, and their ids


def pinned() -> str | None:
    """The id of the pinned sample, as the map is to show it."""
    return st.query_params.get("sample")


def pin(sample: str | None) -> None:
    """Pin another sample; before a run of the page, so in a callback."""
    state.remember(sample=sample)


def selected(owner: str, ids: np.ndarray) -> tuple[str, ...]:
    """The selected ids, as the map is to show them; `owner` says whose samples `ids` (N,) are."""
    kept = st.session_state.get(_SELECTED)
    return kept[1] if kept and kept[0] == owner else state.picked("selected", ids)


def select(owner: str, chosen: Sequence[str]) -> None:
    """Select other samples; before a run of the page, so in a callback."""
    st.session_state[_SELECTED] = (owner, tuple(chosen))


def remember(owner: str, ids: np.ndarray, sample: str | None, chosen: Sequence[str]) -> None:
    """What map and page agreed on, for the address and the next run."""
    state.remember(sample=sample)
    select(owner, chosen)
    state.remember_picked("selected", ids, chosen)
