"""The first page's pair: the shipped runs with and without center loss, and their three numbers."""

import contextlib
from dataclasses import dataclass

import streamlit as st

from centerviz.embedding.metrics import ACCURACY, METRICS
from centerviz.language import N_, _, ngettext
from centerviz.problem import Problem
from centerviz.runs.store import Run, open_run, shipped_runs
from centerviz.web import results, state, training
from centerviz.web.comparing import Delta
from centerviz.web.embedding_view import Panel, embedding_view
from centerviz.web.movie import Movie, movie, panel, stamp, usual_axes
from centerviz.web.naming import setting

MAP_HEIGHT = 330
TIGHTER = 0.95  # of the ratio without center loss: above, the picture shows no tightening


@dataclass(frozen=True)
class Pair:
    """Two runs that differ in λ only, and their epochs."""

    runs: tuple[Run, Run]  # without, with center loss
    films: tuple[Movie, Movie]


def shipped_pair() -> Pair | None:
    """The digits pair in two dimensions that comes with CenterViz; None when it isn't there."""
    runs = [run for run in shipped_runs() if not run.problem]
    plane = [run for run in runs if run.config.dim == 2 and run.config.dataset == "digits"]
    if not (ids := results.default_pair(plane)):
        return None
    pair = tuple(next(run for run in plane if run.id == name) for name in ids)
    try:
        films = tuple(movie(str(run.path), stamp(run), False, usual_axes(2)) for run in pair)
    except Problem:
        return None
    return Pair(pair, films) if films[0].epochs == films[1].epochs else None


def show(pair: Pair) -> int:
    """Both maps, playing; returns the epoch that stands still."""
    epochs = pair.films[0].epochs
    state.seed("home_plays", "epoch" not in st.query_params)  # a link to an epoch stands still
    view = embedding_view(
        panels(pair),
        "home",
        epochs=epochs,
        epoch=state.whole("epoch", epochs[0], epochs[-1], epochs[-1]),
        autoplay=st.session_state["home_plays"],
        height=MAP_HEIGHT,
    )
    state.remember(epoch=view.epoch if view.epoch != epochs[-1] else None)
    return epochs.index(view.epoch)


def panels(pair: Pair) -> list[Panel]:
    """Without on the left, with on the right, each in its own frame."""
    words = (N_("Without center loss ({setting})"), N_("With center loss ({setting})"))
    return [
        panel(
            film,
            _(title, setting=setting("center_weight", run.config.center_weight)),
            unit=False,
            rings=False,
        )
        for film, run, title in zip(pair.films, pair.runs, words, strict=True)
    ]


def numbers(pair: Pair, place: int) -> list[Delta]:
    """Ratio, Fisher and accuracy in the epoch at `place`, with center loss beside without."""
    without, with_loss = (film.readings[place] for film in pair.films)
    return [
        Delta(METRICS["ratio"], without.ratio, with_loss.ratio),
        Delta(METRICS["fisher"], without.fisher, with_loss.fisher),
        Delta(ACCURACY, without.accuracy, with_loss.accuracy),
    ]


def headline(ratio: Delta) -> str:
    """What is seen, in the numbers of the runs themselves."""
    if not ratio.baseline or ratio.other is None:
        return _("The same network, without and with center loss")
    share = {"without": f"{ratio.baseline:.0%}", "with_loss": f"{ratio.other:.0%}"}
    if ratio.other < TIGHTER * ratio.baseline:
        return _(
            "Center loss tightens the classes: their width falls from {without} to {with_loss} of "
            "the distance between them",
            **share,
        )
    return _(
        "Here center loss tightens nothing: classes are {without} as wide as they are apart "
        "without it, {with_loss} with it",
        **share,
    )


def unfinished() -> None:
    """One line when runs wait or were interrupted, with the way to them."""
    waiting = {}
    for name in training.unfinished_ids():
        with contextlib.suppress(Problem):  # gone since, or called what no link can say
            waiting[name] = open_run(name).status
    if not waiting:
        return
    n, first = len(waiting), next(iter(waiting))
    with st.container(horizontal=True, vertical_alignment="center", key="unfinished"):
        going = any(found.active for found in waiting.values())
        icon = ":material/hourglass_top:" if going else ":material/power_off:"
        text = ngettext("{n} run is not finished.", "{n} runs are not finished.", n)
        st.markdown(f"{icon} {text}", width="content")
        results.link("train", _("Look after them"), {"run": first}, ":material/arrow_forward:")
