"""All runs, newest first: search them, open one, compare two, delete some and bring them back."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from centerviz.language import _, ngettext, worded
from centerviz.problem import Problem
from centerviz.runs.glance import glance, stamps
from centerviz.runs.notes import name_of, note_of
from centerviz.runs.record import accuracy_of
from centerviz.runs.store import Run, list_runs, open_run, runs_root, shipped_runs
from centerviz.runs.trash import deleted, restore_run
from centerviz.web import results, run_page, state
from centerviz.web.naming import STATES, data_name, plain, told
from centerviz.web.results import run_at

RESTING = ("done", "failed", "stopped", "damaged")
MOST_DELETED = 20  # offered again, the latest ones


@dataclass(frozen=True)
class Entry:
    """A line of the list."""

    id: str
    state: str
    name: str
    data: str
    settings: str
    epochs: str
    accuracy: float | None
    fisher: float | None
    created: str
    note: str  # or what is wrong with it

    @property
    def text(self) -> str:
        """What a search looks through, in small letters."""
        words = (self.id, self.name, self.data, self.settings, self.note, _(STATES[self.state][0]))
        return " ".join(words).casefold()


def page() -> None:
    """One run when the address names it, else the list."""
    wanted = st.query_params.get("show")
    if not wanted:
        _notice()
        _list()
        return
    st.button(_("All runs"), key="runs_back", icon=":material/arrow_back:", on_click=_back)
    try:
        run_page.show(open_run(wanted))
    except Problem as problem:
        st.error(plain(worded(problem)), icon=":material/search_off:")


def _back() -> None:
    st.query_params.pop("show", None)


def _list() -> None:
    found = entries([*list_runs(), *shipped_runs()])
    search, only = st.columns([2, 3], vertical_alignment="bottom")
    state.seed("runs_search", st.query_params.get("search", ""))
    words = search.text_input(
        _("Search"),
        key="runs_search",
        placeholder=_("name, data set, λ = 0.1, note"),
        icon=":material/search:",
        persist_state="session",
    )
    state.remember(search=words)
    present = [name for name in STATES if any(entry.state == name for entry in found)]
    chosen = only.pills(
        _("State"),
        present,
        key="runs_state",
        selection_mode="multi",
        format_func=lambda name: _(STATES[name][0]),
    )
    shown = matching(found, words, [name for name in chosen if name in STATES])
    st.header(ngettext("{n} run", "{n} runs", len(shown)))
    if not shown:
        st.markdown(_("No run matches. Clear the search, or train one."))
    else:
        _table(shown)
    _deleted_ones()


def matching(found: Sequence[Entry], words: str, states: Sequence[str]) -> list[Entry]:
    """The entries that hold every word of a search and are in one of the states, if any."""
    wanted = words.casefold().split()
    return [
        entry
        for entry in found
        if (not states or entry.state in states) and all(word in entry.text for word in wanted)
    ]


def _table(shown: Sequence[Entry]) -> None:
    frame = pd.DataFrame(
        {
            _("Run"): [entry.name for entry in shown],
            _("State"): [_(STATES[entry.state][0]) for entry in shown],
            _("Data set"): [entry.data for entry in shown],
            _("Settings"): [entry.settings for entry in shown],
            _("Epochs"): [entry.epochs for entry in shown],
            _("Accuracy"): [entry.accuracy for entry in shown],
            _("Fisher, train"): [entry.fisher for entry in shown],
            _("Created"): [entry.created for entry in shown],
            _("Note"): [entry.note for entry in shown],
        }
    )
    digest = hashlib.sha256("\0".join(entry.id for entry in shown).encode()).hexdigest()[:12]
    numbers = {
        _("Accuracy"): st.column_config.NumberColumn(
            format="%.3f",
            help=_("On test after the last epoch; on train where there is no test split."),
        ),
        _("Fisher, train"): st.column_config.NumberColumn(
            format="%.2f",
            help=_("tr S_B / tr S_W on train after the last epoch; higher is tighter."),
        ),
    }
    event = st.dataframe(
        frame,
        key=f"runs_table_{digest}",  # places are those of these rows
        on_select="rerun",
        selection_mode="multi-row",
        hide_index=True,
        column_config=numbers,
        alt=_("All runs, newest first."),
    )
    picked = [shown[place].id for place in event["selection"]["rows"] if place < len(shown)]
    _act_on(picked)


def _act_on(picked: list[str]) -> None:
    """What can be done with the rows that are ticked."""
    if not picked:
        st.caption(_("Tick a run to open or delete it; tick two to compare them."))
        return
    with st.container(horizontal=True):
        if len(picked) == 1:
            st.button(
                _("Open"),
                key="runs_open",
                type="primary",
                icon=":material/open_in_full:",
                on_click=run_page.look_into,
                args=(picked[0],),
            )
        if len(picked) == 2:
            query = {"run": ",".join(picked)}
            results.link("compare", _("Compare the two"), query, ":material/compare:")
        st.button(
            ngettext("Delete {n} run", "Delete {n} runs", len(picked)),
            key="runs_delete",
            icon=":material/delete:",
            on_click=run_page.delete,
            args=(picked,),
        )


def _notice() -> None:
    """What the last click did, with its undo, or could not do."""
    if st.session_state.get(run_page.TROUBLE):
        st.error(plain(st.session_state.pop(run_page.TROUBLE)), icon=":material/error:")
    places = st.session_state.get(run_page.DELETED, [])
    if places:
        with st.container(horizontal=True, vertical_alignment="center"):
            n = len(places)
            st.markdown(ngettext("{n} run was deleted.", "{n} runs were deleted.", n))
            st.button(
                _("Undo"),
                key="runs_undo",
                icon=":material/undo:",
                on_click=bring_back,
                args=(places,),
            )


def bring_back(places: Sequence[str]) -> None:
    """Callback: deleted runs return to where they were."""
    st.session_state.pop(run_page.DELETED, None)
    for place in places:
        try:
            restore_run(Path(place))
        except Problem as problem:
            st.session_state[run_page.TROUBLE] = worded(problem)


def _deleted_ones() -> None:
    """The trash, from which every visitor can bring runs back."""
    places = deleted(runs_root())
    if not places:
        return
    with st.expander(_("Deleted runs"), icon=":material/delete:"):
        for place in places[:MOST_DELETED]:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(place.name.rpartition("~")[0]), width="content")
                st.button(
                    _("Bring back"),
                    key=f"restore {place.name}",
                    on_click=bring_back,
                    args=([str(place)],),
                    type="tertiary",
                )


def entries(runs: Sequence[Run]) -> list[Entry]:
    """A line for each run; those that rest are read once."""
    return [entry_of(run) for run in runs]


def entry_of(run: Run) -> Entry:
    """The line of a run."""
    found = _read(str(run.path), stamps(run))
    if found.state in RESTING:
        return found
    return _fresh(run)


@st.cache_data(max_entries=4096, show_spinner=False)
def _read(path: str, stamps: tuple[int, ...]) -> Entry:
    return _fresh(run_at(path))


def _fresh(run: Run) -> Entry:
    found = glance(run)
    created = found.about.get("created")
    about = {
        "id": run.id,
        "name": name_of(run, found.about),
        "created": created[:16].replace("T", " ") if isinstance(created, str) else "",
    }
    if found.config is None:
        nothing = {"data": "", "settings": "", "epochs": "", "accuracy": None, "fisher": None}
        return Entry(state="damaged", note=worded(found.problem), **about, **nothing)
    return Entry(
        state=found.status.state,
        data=data_name(found.config.dataset),
        settings=told(found.config),
        epochs=f"{found.status.epoch}/{found.status.epochs}",
        accuracy=accuracy_of(found.last),
        fisher=((found.last or {}).get("vitals") or {}).get("fisher"),
        note=note_of(run, found.about) or found.status.message,
        **about,
    )
