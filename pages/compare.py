"""Two runs side by side: the same axes, the same numbers, what differs and what it cannot tell."""

import streamlit as st

from centerviz.embedding.metrics import DETAILS
from centerviz.figures import curves, distributions
from centerviz.language import _, worded
from centerviz.problem import Problem
from centerviz.web import comparing, comparison_report, pair_maps, results, session, state
from centerviz.web.batches import batch_of_run, explain
from centerviz.web.chart import chart
from centerviz.web.naming import plain, titles

VIEWS = ("raw", "unit")


def choose(ids: list[str], pair: tuple[str, str]) -> None:
    """Baseline, other and view; all three stay in the address."""
    problem = comparing.choose_pair(ids, pair)
    if problem is not None:
        st.warning(plain(worded(problem)), icon=":material/search_off:")
    one, other, view = st.columns([3, 3, 2], vertical_alignment="bottom")
    baseline = {"icon": ":material/keep:", "help": _("The baseline: changes are counted from it.")}
    one.selectbox(_("Baseline"), ids, key="compare_a", persist_state="session", **baseline)
    other.selectbox(_("Compared with it"), ids, key="compare_b", persist_state="session")
    usual = "unit" if results.wants_unit(st.session_state["compare_b"]) else "raw"
    state.seed_choice("compare_view", "view", VIEWS, usual)
    view.segmented_control(
        _("Features"),
        VIEWS,
        key="compare_view",
        format_func={"raw": _("raw x"), "unit": _("unit z")}.get,
        required=True,
        persist_state="session",
    )
    state.remember(view=st.session_state["compare_view"])


def three_numbers(rows: list[comparing.Delta]) -> None:
    """The numbers that matter, with sign, word and colour."""
    by_key = {row.metric.key: row for row in rows}
    for key in ("ratio", "fisher", "nearest_mean_accuracy"):
        comparing.show_number(by_key[key])


def distances(keys: list, names: list[str], unit: bool, look: dict) -> None:
    """How far samples lie from their class, and how often the one beats the other."""
    d_without, d_with = (comparing.distances(*key, unit)[1] for key in keys)
    chance = comparing.closer(d_with, d_without)
    st.subheader(_("How far samples lie from their class"))
    figure = distributions.distances(dict(zip(names, (d_without, d_with), strict=True)), **look)
    chart(figure, "compare distances", alt=_("Histograms of distances to the class mean."))
    if chance is not None:
        words = {"one": plain(names[1]), "other": plain(names[0]), "chance": f"{chance:.0%}"}
        st.markdown(
            _(
                "A sample of **{one}** lies closer to its class, measured by the distance between "
                "classes, than one of **{other}** with a chance of **{chance}**; 50% would be no "
                "effect.",
                **words,
            )
        )


def history(keys: list, names: list[str], look: dict) -> None:
    """The curves of both runs."""
    found = {name: comparing.history(*key) for name, key in zip(names, keys, strict=True)}
    left, right = st.columns(2, gap="medium")
    with left:
        chart(curves.losses(found, **look), "compare losses", alt=_("Losses of both."), height=340)
    with right:
        figure = curves.accuracies(found, **look)
        chart(figure, "compare accuracy", alt=_("Accuracy of both."), height=340)


def page() -> None:
    """The page with two runs chosen."""
    runs = comparing.remember_pair()
    names, keys = titles(runs), [results.opened(run.id) for run in runs]
    view = st.session_state["compare_view"]
    documents = [results.measured(*key, None) for key in keys]
    rows = comparing.deltas(*documents, view)
    look = {"dark": session.dark(), "lecture": session.lecture()}
    ratio = next(row for row in rows if row.metric.key == "ratio")
    with top:
        st.header(plain(comparing.headline(ratio, names)))
    picture, numbers = st.columns([4, 1], gap="medium")
    with picture:
        pair_maps.show(runs, keys, names, view == "unit")
    with numbers:
        three_numbers(rows)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(_("In the original space"))
        st.html(comparing.table(rows, names, session.dark()))
        st.caption(comparing.basis(documents))
        with st.expander(_("What each number says"), icon=":material/function:"):
            st.markdown(comparing.meanings())
            explain("scatter", _("Work them on twelve samples"), batch_of_run(runs[1].id, 0))
        with st.expander(_("More numbers"), icon=":material/table_rows:"):
            more = [results.detailed(*key, None) for key in keys]
            rows = comparing.deltas(*more, view, DETAILS)
            st.html(comparing.table(rows, names, session.dark()))
            st.markdown(comparing.meanings(DETAILS))
    with right:
        distances(keys, names, view == "unit", look)
        st.subheader(_("What differs"))
        comparing.show_settings(runs, names)
        comparison_report.button(runs, names, keys, view)
    st.subheader(_("How they got there"))
    history(keys, names, look)


top = st.container()
available = [run.id for run in results.finished()]
first_pair = results.default_pair(results.finished())
if first_pair is None:
    st.header(_("Nothing to compare yet"))
    st.markdown(_("Two finished runs are needed; training a pair on digits takes seconds."))
    results.link("train", _("Train a pair"), {}, ":material/model_training:")
else:
    try:
        choose(available, first_pair)
        page()
    except Problem as trouble:
        st.error(plain(worded(trouble)), icon=":material/error:")
