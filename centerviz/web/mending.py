"""After a failure: why trying again would fail again, and a changed setting to start from."""

from collections.abc import Sequence

import streamlit as st

from centerviz.language import _
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import FEATURES_NOT_FINITE, LOSS_NOT_FINITE
from centerviz.learning.remedy import remedies
from centerviz.runs.status import Status
from centerviz.runs.store import Run
from centerviz.web import train_form
from centerviz.web.naming import OF_THE_MACHINE, setting

HOPELESS = (LOSS_NOT_FINITE, FEATURES_NOT_FINITE)  # ends that taking up again would only repeat
MACHINE = dict.fromkeys(OF_THE_MACHINE, "auto")  # as it was before the run began


def can_go_on(status: Status) -> bool:
    """Is there any use in taking it up as it is?"""
    return status.resumable and status.template not in HOPELESS


def offer(run: Run, status: Status, among: Sequence[TrainConfig] = ()) -> bool:
    """Settings that train where these did not, a button each; True after a click on one.

    `among`: the settings of its experiment, whose first seed the form gets.
    """
    if status.state != "failed" or status.template not in HOPELESS:
        return False
    seed = min((config.seed for config in among), default=run.config.seed)
    clicked = False
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("Put into the form instead:"), width="content")
        for change in remedies(run.config):
            (name, value), *_rest = change.items()
            clicked |= st.button(
                setting(name, value),
                key=f"mend {run.id} {name}",
                icon=":material/build:",
                on_click=take,
                args=(run.config.model_copy(update={**change, "seed": seed}), name),
            )
    return clicked


def take(config: TrainConfig, changed: str = "") -> None:
    """Callback: put settings into the form; what was changed for good is not swept any more.

    What the run had filled in of the machine is left to the next one again.
    """
    train_form.take_config(config.model_copy(update=MACHINE))
    swept = st.session_state.get("train_vary", [])
    st.session_state["train_vary"] = [name for name in swept if name != changed]
