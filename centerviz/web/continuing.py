"""Go on from the weights of a finished run, under other settings.

Code in the address: `parent=ID`.
"""

import streamlit as st

from centerviz.language import _
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.store import Run, open_run
from centerviz.web import state
from centerviz.web.naming import plain

KEY = "train_parent"


def prepare() -> None:
    """Take the run from the link once a session, and keep it in the address."""
    state.seed(KEY, st.query_params.get("parent", ""))
    state.remember(parent=st.session_state[KEY] or None)


def take(run_id: str) -> None:
    """Callback: what is started next begins with the weights of this run."""
    st.session_state[KEY] = run_id


def parent() -> Run | None:
    """The run whose weights Start begins with; None for random weights.

    Raises Problem where the link names a run that is not there or has no weights.
    """
    name = st.session_state.get(KEY)
    if not name:
        return None
    run = open_run(name)
    if run.status.state != "done":
        raise Problem("{run} has no finished weights to go on from.", run=run.id)
    return run


def problem(config: TrainConfig) -> Problem | None:
    """Why these settings cannot begin with the weights of the parent, as far as settings tell."""
    try:
        run = parent()
    except Problem as found:
        return found
    if run is None:
        return None
    theirs = run.config
    if theirs.dim != config.dim:
        return Problem(
            "The weights of {run} have {n} dimensions: set {dim} to {n}, or start from random "
            "weights.",
            dim="dim",
            run=run.id,
            n=theirs.dim,
        )
    if config.model not in ("auto", theirs.model):
        return Problem(
            "The weights of {run} are of the network {theirs}: set {model} to it, or start from "
            "random weights.",
            run=run.id,
            theirs=theirs.model,
            model="model",
        )
    return None


def notice() -> None:
    """Whose weights Start begins with, and the way back to random ones."""
    name = st.session_state[KEY]
    if not name:
        return
    with st.container(border=True):
        words = _("**Start** goes on from the weights of {run}.", run=plain(name))
        st.markdown(f":material/subdirectory_arrow_right: {words}")
        st.button(
            _("From random weights instead"),
            key="train_no_parent",
            icon=":material/close:",
            type="tertiary",
            on_click=take,
            args=("",),
        )
