"""Same or different? How often two samples are taken for one class, and when they should not be."""

import streamlit as st

from centerviz.figures import verification as figures
from centerviz.language import _, worded
from centerviz.problem import Problem
from centerviz.web import results, session, state, two_images, verifying
from centerviz.web.batches import explain, twenty_pairs
from centerviz.web.chart import chart
from centerviz.web.naming import plain, split_name, titles

VIEWS = ("unit", "raw")
CURVES = ("roc", "log", "det")


def choose(ids: list[str], usual: list[str]) -> None:
    """One run or two; they stay in the address."""
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


def view_settings(splits: list[str]) -> tuple[str, bool, str]:
    """Split, unit features or raw ones, which curve; all of it stays in the address."""
    state.seed_choice("verify_split", "split", splits, splits[0])
    state.seed_choice("verify_view", "view", VIEWS, "unit")
    state.seed_choice("verify_curve", "axis", CURVES, "roc")
    one, other, axis = st.columns([2, 2, 2], vertical_alignment="bottom")
    score = {"unit": _("cosine of unit z"), "raw": _("distance of raw x")}
    curve = {"roc": _("ROC"), "log": _("ROC, low FAR"), "det": _("DET")}
    shared = {"required": True, "persist_state": "session"}
    one.segmented_control(
        _("Samples"), splits, key="verify_split", format_func=split_name, **shared
    )
    other.segmented_control(_("Score"), VIEWS, key="verify_view", format_func=score.get, **shared)
    words = _(
        "ROC: TAR over FAR. Low FAR: the same with a logarithmic axis, where a door or a border "
        "works. DET: both errors, on axes that make scores of a normal distribution a line."
    )
    axis.segmented_control(
        _("Curve"), CURVES, key="verify_curve", format_func=curve.get, help=words, **shared
    )
    split, view = st.session_state["verify_split"], st.session_state["verify_view"]
    drawn = st.session_state["verify_curve"]
    state.remember(split=split, view=view, axis=drawn if drawn != "roc" else None)
    return split, view == "unit", drawn


def curve_picture(curve: str, names: list[str], curves: list, look: dict) -> None:
    """ROC or DET of all runs, with their equal error rates."""
    drawn = {name: (c.far, c.tar) for name, c in zip(names, curves, strict=True)}
    eers = {name: c.eer for name, c in zip(names, curves, strict=True)}
    if curve == "det":
        figure = figures.det_curves(drawn, eers=eers, **look)
    else:
        figure = figures.roc_curves(drawn, log=curve == "log", eers=eers, **look)
    chart(figure, "roc", alt=verifying.headline(names, list(eers.values())), height=430)


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
    split, unit, curve = view_settings(verifying.shared_splits(keys))
    curves = [verifying.curve(key, split, unit) for key in keys]
    with top:
        st.header(plain(verifying.headline(names, [one.eer for one in curves])))
    look = {"dark": session.dark(), "lecture": session.lecture()}
    picture, beside = st.columns([3, 2], gap="large")
    with picture:
        curve_picture(curve, names, curves, look)
        st.caption(verifying.counts(curves[0], split))
    with beside:
        with st.spinner(_("Drawing identities anew…"), show_time=False):
            sure = [verifying.sure(key, split, unit) for key in keys]
        folds = [verifying.ten_folds(key, split, unit) for key in keys]
        verifying.show_numbers(names, curves, sure, folds)
    st.subheader(_("Scores of pairs of one class, and of two"))
    axis = _("cosine of the two unit features") if unit else _("minus the distance of the two")
    for name, key, one, column in zip(names, keys, curves, st.columns(len(runs)), strict=True):
        with column:
            scores = verifying.pair_scores(key, split, unit)
            figure = figures.score_histogram(*scores, one.eer_threshold, axis, **look)
            st.markdown(f"**{plain(name)}**")
            chart(figure, f"scores {name}", alt=_("Histogram of the scores."), height=300)
            if unit:
                explain("verification", _("Work it on twenty pairs"), twenty_pairs(*scores))
    behind_the_errors(keys[-1], split, unit, names[-1])
    two_images.show(names, keys, split, unit, [one.eer_threshold for one in curves])


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
