"""Verify: two samples of one's choice, the score of each run for them, and whether it is right.

Code in the address: `two=3,17`, rows of the split, counted from 0.
"""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from centerviz.embedding.verification import pair_scores
from centerviz.language import _
from centerviz.web import state, verifying
from centerviz.web.naming import plain
from centerviz.web.results import embeddings
from centerviz.web.verifying import Key

WIDTH = 128  # pixels of a picture
MOST_NAMES = 1_000  # of samples in a picker; of more the number is asked for


def pickers(n: int) -> tuple[str, str]:
    """The keys of both pickers among n rows. A widget of another kind or range needs another key:
    under the same one it would begin again at its first row."""
    return f"verify_one_of_{n}", f"verify_other_of_{n}"


def draw_two(y: np.ndarray, turn: int) -> tuple[int, int]:
    """Two different rows of y (n,), n ≥ 2, seeded by the turn: even turns take them from one
    class, odd ones from two, where there are such.

    >>> [draw_two(np.array([0, 0, 1]), turn)[1] == 2 for turn in (1, 3, 5)]
    [True, True, True]
    >>> draw_two(np.array([0, 0, 1]), 2), draw_two(np.array([0, 1]), 2)
    ((0, 1), (0, 1))
    """
    rng = np.random.default_rng(turn)
    for i in rng.permutation(len(y)).tolist():
        others = np.flatnonzero((y == y[i]) == (turn % 2 == 0))
        others = others[others != i]
        if len(others):
            return tuple(sorted((i, int(rng.choice(others)))))
    return 0, 1


@st.fragment
def show(
    names: Sequence[str],
    keys: Sequence[Key],
    split: str,
    unit: bool,
    thresholds: Sequence[float | None],
) -> None:
    """Two pickers with their pictures, the scores beside; another pair at a click."""
    _x, y, ids = verifying.rows_of(keys[0], split)
    if len(ids) < 2:
        return
    st.subheader(_("Try two"))
    _settle(ids, y)
    pictures, numbers = st.columns([2, 3], gap="large")
    with pictures:
        _pickers(keys[0], ids, y)
    chosen = [st.session_state[key] for key in pickers(len(ids))]
    if chosen[0] != chosen[1]:
        state.remember(two=",".join(map(str, chosen)))
    shown = ids[chosen].tolist()
    with numbers:
        if chosen[0] == chosen[1]:
            st.info(_("Choose two different samples."), icon=":material/info:")
            return
        places = st.columns(len(names))
        for place, name, key, threshold in zip(places, names, keys, thresholds, strict=True):
            with place:
                _verdict(plain(name), verifying.rows_of(key, split), shown, unit, threshold)
        st.caption(
            _(
                "The threshold is that of the equal error rate, from all pairs. One pair proves "
                "nothing about a run; the curve above does."
            )
        )


def _settle(ids: np.ndarray, y: np.ndarray) -> None:
    """Which two are chosen before the pickers are drawn: kept ones, those of the address, else
    the first that are drawn."""
    keys = pickers(len(ids))
    if all(key in st.session_state for key in keys):
        return
    asked = state.numbers("two", 2, 0, len(ids) - 1) or draw_two(y, 0)
    st.session_state.update(zip(keys, asked, strict=True))


def _draw(y: np.ndarray) -> None:
    """Callback: another pair."""
    turn = st.session_state.get("verify_turn", 0) + 1
    st.session_state["verify_turn"] = turn
    st.session_state.update(zip(pickers(len(y)), draw_two(y, turn), strict=True))


def _pickers(key: Key, ids: np.ndarray, y: np.ndarray) -> None:
    classes = embeddings(*key).class_names
    named = lambda row: f"{classes[y[row]]} · {ids[row]}"  # noqa: E731
    titles = (_("One sample"), _("The other sample"))
    for side, picker, title in zip(st.columns(2), pickers(len(ids)), titles, strict=True):
        with side:
            if len(ids) <= MOST_NAMES:
                st.selectbox(title, range(len(ids)), key=picker, format_func=named)
            else:
                st.number_input(title, 0, len(ids) - 1, key=picker)
            sample = str(ids[st.session_state[picker]])
            if len(ids) > MOST_NAMES:
                said = {"last": len(ids) - 1, "name": plain(named(st.session_state[picker]))}
                st.caption(_("By number, 0 to {last}: {name}", **said))
            picture = verifying.picture(key, sample)
            if picture is not None:
                alt = _("Picture of sample {id}.", id=sample)
                st.image(picture, width=WIDTH, output_format="PNG", alt=alt)
    words = _("Draw another pair")
    st.button(words, key="verify_draw", icon=":material/casino:", on_click=_draw, args=(y,))


def score_of_two(x: np.ndarray, unit: bool) -> float:
    """The score of two samples (2, D), as `verification` has it among all pairs.

    >>> score_of_two(np.array([[0.0, 0.0], [3.0, 4.0]]), unit=False)
    -5.0
    """
    return float(pair_scores(x, unit)[2][0])


def _verdict(
    name: str,
    rows: tuple[np.ndarray, np.ndarray, np.ndarray],
    chosen: Sequence[str],
    unit: bool,
    threshold: float | None,
) -> None:
    """Score, threshold, and what the run takes the two for."""
    x, y, ids = rows
    at = [int(row) for one in chosen for row in np.flatnonzero(ids == one)[:1]]
    if len(at) < 2 or threshold is None:
        return
    score = score_of_two(x[at], unit)
    same, taken = bool(y[at[0]] == y[at[1]]), score >= threshold
    said = _("taken for the same") if taken else _("taken for different")
    judged = _("right") if same == taken else _("wrong")
    icon = ":material/check_circle:" if same == taken else ":material/cancel:"
    st.metric(
        name,
        f"{score:.3f}".replace("-", "−"),
        _("threshold {value}", value=f"{threshold:.3f}".replace("-", "−")),
        delta_color="off",
        delta_arrow="off",
    )
    st.markdown(f"{icon} " + _("{said}: **{judged}**", said=said, judged=judged))
