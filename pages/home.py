"""The first page: a pair of runs playing side by side, three numbers, three doors."""

import streamlit as st

from centerviz.language import _
from centerviz.web import comparing, front, results


def picture(pair: front.Pair) -> None:
    """Both maps with the numbers beside them, and what the maps cannot tell."""
    heading = st.container()
    maps, beside = st.columns([9, 2], gap="medium")
    with maps:
        place = front.show(pair)
        st.caption(
            _(
                "{n} handwritten digits that training never saw, as the network's two features. "
                "Each map has its own scale, so compare shapes, not sizes. One training each: "
                "another seed would look different.",
                n=len(pair.films[0].rows.ids),
            )
        )
    rows = front.numbers(pair, place)
    heading.header(front.headline(front.numbers(pair, -1)[0]))
    with beside:
        st.caption(_("With center loss, epoch {epoch}", epoch=pair.films[0].epochs[place]))
        with st.grid(2, min_column_width=150, gap="small"):
            for row in rows:
                comparing.show_number(row)


def nothing_to_show() -> None:
    """Without the shipped runs: what this is, and the fastest way to a picture."""
    st.header(_("See what center loss does to an embedding"))
    st.markdown(
        _(
            "The finished pair that usually plays here is missing from sample_data/runs. Training "
            "one on digits takes seconds: with and without center loss, side by side."
        )
    )
    results.link("train", _("Train the pair"), {}, ":material/model_training:")


def doors() -> None:
    """Where to go from here."""
    learn, explore, train = st.columns(3)
    with learn.container(border=True, height="stretch"):
        st.markdown(_("**Step through the formula** with numbers you can change."))
        results.link("learn", _("Learn"), {}, ":material/school:")
    with explore.container(border=True, height="stretch"):
        st.markdown(_("**Walk through an embedding**: epochs, classes, single samples, own files."))
        results.link("explore", _("Explore"), {}, ":material/scatter_plot:")
    with train.container(border=True, height="stretch"):
        st.markdown(_("**Train your own pair** and watch it move; digits take seconds."))
        results.link("train", _("Train"), {}, ":material/model_training:")


pair = front.shipped_pair()
if pair is None:
    nothing_to_show()
else:
    picture(pair)
front.unfinished()
doors()
