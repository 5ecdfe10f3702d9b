"""Same or different? How often two samples are taken for one class, and when they should not be."""

import streamlit as st

from centerviz.figures import verification as figures
from centerviz.language import _, worded
from centerviz.problem import Problem
from centerviz.web import results, session, state, verifying
from centerviz.web.batches import explain, twenty_pairs
from centerviz.web.chart import chart
from centerviz.web.naming import plain, titles

VIEWS = ("unit", "raw")


def choose(ids: list[str], usual: list[str]) -> None:
    """One run or two, split, features, axis; all of it stays in the address."""
    problem = verifying.settle(ids, usual)
    if problem is not None:
        st.warning(plain(worded(problem)), icon=":material/search_off:")
    st.multiselect(
        _("One run, or two to compare"),
        ids,
        key="verify_runs",
        max_selections=verifying.MOST_RUNS,
        persist_state="session",
    )


def view_settings(splits: list[str]) -> tuple[str, bool, bool]:
    """Split, unit features or raw ones, logarithmic axis."""
    state.seed_choice("verify_split", "split", splits, splits[0])
    state.seed_choice("verify_view", "view", VIEWS, "unit")
    state.seed("verify_log", st.query_params.get("axis") == "log")
    one, other, axis = st.columns([2, 2, 2], vertical_alignment="bottom")
    whose = {
        "verify": _("unseen identities"),
        "test": _("test"),
        "val": _("validation"),
        "train": _("train"),
    }
    score = {"unit": _("cosine of unit z"), "raw": _("distance of raw x")}
    shared = {"required": True, "persist_state": "session"}
    one.segmented_control(_("Samples"), splits, key="verify_split", format_func=whose.get, **shared)
    other.segmented_control(_("Score"), VIEWS, key="verify_view", format_func=score.get, **shared)
    axis.toggle(
        _("Logarithmic FAR"),
        key="verify_log",
        help=_("Spreads the low end, where a door or a border works."),
        persist_state="session",
    )
    split, view = st.session_state["verify_split"], st.session_state["verify_view"]
    log = st.session_state["verify_log"]
    state.remember(split=split, view=view, axis="log" if log else None)
    return split, view == "unit", log


def behind_the_errors(key: tuple, split: str, unit: bool, name: str) -> None:
    """The pairs that fail first, with their images."""
    genuine, impostors = verifying.pictures(key, split, unit)
    refused, accepted = verifying.captions(key, split, unit)
    st.subheader(_("The pairs that {name} gets wrong first", name=plain(name)))
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(_("**One class, and least alike**: refused first"))
        verifying.show_pairs(genuine, refused)
    with right:
        st.markdown(_("**Different classes, and most alike**: accepted first"))
        verifying.show_pairs(impostors, accepted)


def page() -> None:
    """The page with its runs chosen."""
    runs = verifying.remember()
    names, keys = titles(runs), [results.opened(run.id) for run in runs]
    split, unit, log = view_settings(verifying.shared_splits(keys))
    curves = [verifying.curve(key, split, unit) for key in keys]
    with top:
        st.header(plain(verifying.headline(names, [curve.eer for curve in curves])))
    look = {"dark": session.dark(), "lecture": session.lecture()}
    picture, beside = st.columns([3, 2], gap="large")
    with picture:
        drawn = {name: (c.far, c.tar) for name, c in zip(names, curves, strict=True)}
        eers = {name: curve.eer for name, curve in zip(names, curves, strict=True)}
        figure = figures.roc_curves(drawn, log=log, eers=eers, **look)
        chart(figure, "roc", alt=verifying.headline(names, list(eers.values())), height=430)
        st.caption(verifying.counts(curves[0], split))
    with beside:
        with st.spinner(_("Drawing identities anew…"), show_time=False):
            sure = [verifying.sure(key, split, unit) for key in keys]
        folds = [verifying.ten_folds(key, split, unit) for key in keys]
        verifying.show_numbers(names, curves, sure, folds)
    st.subheader(_("Scores of pairs of one class, and of two"))
    axis = _("cosine of the two unit features") if unit else _("minus the distance of the two")
    for name, key, curve, column in zip(names, keys, curves, st.columns(len(runs)), strict=True):
        with column:
            scores = verifying.pair_scores(key, split, unit)
            figure = figures.score_histogram(*scores, curve.eer_threshold, axis, **look)
            st.markdown(f"**{plain(name)}**")
            chart(figure, f"scores {name}", alt=_("Histogram of the scores."), height=300)
            if unit:
                explain("verification", _("Work it on twenty pairs"), twenty_pairs(*scores))
    behind_the_errors(keys[-1], split, unit, names[-1])


top = st.container()
finished = results.finished()
if not finished:
    st.header(_("Nothing to verify yet"))
    st.markdown(_("A finished run is needed; training one on digits takes seconds."))
    results.link("train", _("Train a run"), {}, ":material/model_training:")
else:
    choose([run.id for run in finished], verifying.first_runs(finished))
    if st.session_state["verify_runs"]:
        try:
            page()
        except Problem as trouble:
            st.error(plain(worded(trouble)), icon=":material/error:")
    else:
        st.info(_("Choose a run."), icon=":material/info:")
