"""Same or different, for the page: curves, counts, intervals and the pairs behind the errors."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.data.dataset import Dataset
from centerviz.data.sources import load_dataset
from centerviz.embedding.intervals import Interval, Intervals, identity_intervals
from centerviz.embedding.lfw import Lfw, lfw
from centerviz.embedding.metrics import DETAILS, METRICS
from centerviz.embedding.pairs import Pairs, hardest_genuine, hardest_impostors
from centerviz.embedding.verification import Roc, scores, verification
from centerviz.language import _, ngettext
from centerviz.problem import Problem
from centerviz.runs.store import Run, open_run
from centerviz.web import state
from centerviz.web.naming import plain
from centerviz.web.results import default_pair, embeddings, missing, run_at, splits

FARS = (0.1, 0.01, 0.001)
MOST_RUNS = 2
SHOWN_PAIRS = 6
HISTOGRAM_ROWS = 2_000  # rows whose pairs are drawn: two million scores
GAP = 2  # pixels between the two images of a pair
TILE = 56  # pixels of an image's side when it is shown
Key = tuple[str, int]  # what names a run's embeddings, see `results.opened`


def rows_of(key: Key, split: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features (n, D), labels (n,) and ids (n,) of one split."""
    found = embeddings(*key)
    rows = np.arange(found.n) if found.splits is None else np.flatnonzero(found.splits == split)
    return found.x[rows].astype(np.float64), found.labels[rows], found.ids[rows]


@st.cache_data(max_entries=16, show_spinner=False)
def curve(key: Key, split: str, unit: bool) -> Roc:
    """The ROC of all pairs of a split."""
    x, y, _ids = rows_of(key, split)
    return verification(x, y, unit)


@st.cache_data(max_entries=16, show_spinner=False)
def sure(key: Key, split: str, unit: bool) -> Intervals:
    """Bootstrap intervals over the identities of a split."""
    x, y, _ids = rows_of(key, split)
    return identity_intervals(x, y, unit, FARS)


@st.cache_data(max_entries=16, show_spinner=False)
def ten_folds(key: Key, split: str, unit: bool) -> Lfw | None:
    """The LFW protocol on a split; None with too few identities."""
    x, y, _ids = rows_of(key, split)
    return lfw(x, y, unit)


@st.cache_data(max_entries=8, show_spinner=False)
def pair_scores(key: Key, split: str, unit: bool) -> tuple[np.ndarray, np.ndarray]:
    """Scores of genuine and impostor pairs, of a seeded part of the rows when there are many."""
    x, y, _ids = rows_of(key, split)
    if len(x) > HISTOGRAM_ROWS:
        rows = np.random.default_rng(0).choice(len(x), HISTOGRAM_ROWS, replace=False)
        x, y = x[rows], y[rows]
    return scores(x, y, unit)


@st.cache_data(max_entries=16, show_spinner=False)
def errors(key: Key, split: str, unit: bool) -> tuple[Pairs, Pairs]:
    """The hardest genuine and the hardest impostor pairs, as rows of the split."""
    x, y, _ids = rows_of(key, split)
    worst = (hardest_genuine, hardest_impostors)
    return tuple(find(x, y, unit, SHOWN_PAIRS) for find in worst)


def first_runs(runs: Sequence[Run]) -> list[str]:
    """What the page begins with: a pair of faces, judged on unseen identities, else any pair."""
    faces = [run for run in runs if run.config.dataset.startswith("faces")]
    pair = default_pair(faces) or default_pair(runs)
    return list(pair) if pair else [run.id for run in runs[:1]]


def settle(ids: Sequence[str], usual: Sequence[str]) -> Problem | None:
    """Which runs are shown, before the widget is drawn: a new address wins.

    Returns what is wrong with the address, if anything is.
    """
    address, problem = st.query_params.get("run", ""), None
    if address != st.session_state.get("verify_address"):
        named = list(dict.fromkeys(filter(None, address.split(","))))[:MOST_RUNS]
        problem = missing(named, ids)
        known = [name for name in named if name in ids]
        if known:
            st.session_state["verify_runs"] = known
    kept = [name for name in st.session_state.get("verify_runs") or [] if name in ids]
    st.session_state["verify_runs"] = kept or list(usual)
    return problem


def remember() -> list[Run]:
    """The chosen runs; the address says them from now on."""
    chosen = st.session_state["verify_runs"]
    st.session_state["verify_address"] = ",".join(chosen)
    state.remember(run=",".join(chosen))
    return [open_run(run_id) for run_id in chosen]


def shared_splits(keys: Sequence[Key]) -> list[str]:
    """The splits that all runs have, the one for verification first. Raises Problem for none."""
    found = [name for name in splits(*keys[0]) if all(name in splits(*key) for key in keys)]
    if not found:
        raise Problem("These runs have no split in common; choose runs of the same data set.")
    return found


def headline(names: Sequence[str], eers: Sequence[float | None]) -> str:
    """What is seen, from the equal error rates."""
    shown = [percent(eer) for eer in eers]
    if len(names) == 1:
        return _("{name} errs in {eer} of the pairs", name=names[0], eer=shown[0])
    words = {"one": names[-1], "low": shown[-1], "other": names[0], "high": shown[0]}
    return _("{one} errs in {low} of the pairs, {other} in {high}", **words)


def counts(curve: Roc, split: str) -> str:
    """From how many pairs, and of whom."""
    same = ngettext("{n} pair of one class", "{n} pairs of one class", curve.genuine)
    other = ngettext("{n} of different classes", "{n} of different classes", curve.impostor)
    whose = {
        "verify": _("identities that training never saw"),
        "test": _("test samples of the classes that were trained"),
    }.get(split, _("the split {split}", split=split))
    return _("{same}, {other}; {whose}.", same=same, other=other, whose=whose)


def interval(found: Interval | None) -> str:
    """An interval in percent, as it stands behind a number.

    >>> interval(Interval(0.041, 0.0562)), interval(None)
    ('4.1–5.6%', '–')
    """
    return "–" if found is None else f"{100 * found.low:.1f}–{100 * found.high:.1f}%"


def percent(value: float | None, places: int = 1) -> str:
    """A share in percent.

    >>> percent(0.04804), percent(None)
    ('4.8%', '–')
    """
    return "–" if value is None else f"{value:.{places}%}"


def table(
    names: Sequence[str], curves: Sequence[Roc], sureness: Sequence[Intervals]
) -> pd.DataFrame:
    """TAR at each FAR with its interval, one row a FAR, one column a run."""
    rows = []
    for far in FARS:
        row = {_("FAR at most"): f"{far:g}"}
        for name, one, found in zip(names, curves, sureness, strict=True):
            share, sure = percent(one.tar_at_far(far)), interval(found.tar_at_far[far])
            row[_("TAR, {name}", name=name)] = f"{share} ({sure})"
        rows.append(row)
    return pd.DataFrame(rows)


def warning(curve: Roc) -> str | None:
    """Which of the FARs hang on a handful of pairs."""
    thin = [f"{far:g}" for far in FARS if curve.too_few_for(far)]
    if not thin:
        return None
    return _(
        "{n} different pairs are too few for a FAR of {fars}: ten errors or fewer decide there. "
        "Take more samples before you quote it.",
        n=f"{curve.impostor:,}",
        fars=", ".join(thin),
    )


def basis(found: Intervals) -> str:
    """What the intervals rest on."""
    return ngettext(
        "Grey or in brackets: the interval (95%) from drawing {n} identity anew {draws} times.",
        "Grey or in brackets: intervals (95%) from drawing {n} identities anew {draws} times; few "
        "make them wide.",
        found.identities,
        draws=found.draws,
    )


def lfw_basis() -> str:
    """What the LFW protocol is."""
    return _("LFW: mean of ten folds that share no identity, ± its standard error.")


def show_numbers(
    names: Sequence[str],
    curves: Sequence[Roc],
    sure: Sequence[Intervals],
    folds: Sequence[Lfw | None],
) -> None:
    """EER, AUC and LFW accuracy with their intervals; TAR at a FAR; what is too thin to quote."""
    for name, curve, found, ten in zip(names, curves, sure, folds, strict=True):
        if len(names) > 1:
            st.markdown(f"**{plain(name)}**")
        rows = [
            ("eer", _("Equal error rate"), percent(curve.eer), interval(found.eer)),
            ("auc", _("AUC"), percent(curve.auc), interval(found.auc)),
        ]
        if ten is not None:
            rows.append(
                (
                    "lfw_accuracy",
                    _("LFW protocol"),
                    percent(ten.accuracy),
                    f"± {100 * ten.error:.1f}%",
                )
            )
        for place, (key, label, value, sureness) in zip(st.columns(len(rows)), rows, strict=True):
            place.metric(
                label,
                value,
                sureness,
                delta_color="off",
                delta_arrow="off",
                help=_({**METRICS, **DETAILS}[key].meaning),
            )
    st.dataframe(table(names, curves, sure), hide_index=True, alt=_("TAR at three levels of FAR."))
    if warning(curves[0]):
        st.warning(warning(curves[0]), icon=":material/warning:")
    st.caption(basis(sure[0]) if folds[0] is None else f"{basis(sure[0])} {lfw_basis()}")


def show_pairs(images: Sequence[np.ndarray], said: Sequence[str]) -> None:
    """Pairs as pictures with their captions, or as captions alone."""
    if images:
        with st.grid("auto", min_column_width=2 * TILE + 2 * GAP + 8):
            for image, text in zip(images, said, strict=True):
                st.image(image, caption=plain(text), output_format="PNG", alt=text)
    else:
        for text in said:
            st.text(text)


@st.cache_resource(max_entries=4, show_spinner=False)
def samples(path: str) -> Dataset | None:
    """The data set of a run, for its images; None where it is no longer there."""
    try:
        return load_dataset(run_at(path).config.dataset)
    except Problem:
        return None


@st.cache_data(max_entries=32, show_spinner=False)
def pictures(key: Key, split: str, unit: bool) -> tuple[list, list]:
    """Images of the hardest pairs side by side, (genuine, impostors); empty lists without any."""
    dataset = samples(key[0])
    if dataset is None or not dataset.is_image:
        return [], []
    _x, _y, ids = rows_of(key, split)
    place = {name: row for row, name in enumerate(dataset.ids.tolist())}
    found = []
    for pairs in errors(key, split, unit):
        rows = [
            (place.get(ids[i]), place.get(ids[j]))
            for i, j in zip(pairs.first, pairs.second, strict=True)
        ]
        found.append(
            [] if None in sum(rows, ()) else [_beside(dataset.inputs, *row) for row in rows]
        )
    return tuple(found)


def picture(key: Key, sample: str) -> np.ndarray | None:
    """The image of one sample (H, W, 1 or 3), by whole pixels; None without one."""
    dataset = samples(key[0])
    if dataset is None or not dataset.is_image:
        return None
    place = np.flatnonzero(dataset.ids == sample)
    return _enlarged(dataset.inputs[place[0]]) if len(place) else None


def _enlarged(image: np.ndarray) -> np.ndarray:
    factor = max(1, TILE // max(image.shape[:2]))
    return np.kron(image, np.ones((factor, factor, 1), np.uint8))


def _beside(images: np.ndarray, one: int, other: int) -> np.ndarray:
    """Two images in one, enlarged by whole pixels: (H, W, 3) uint8."""
    big = [_enlarged(images[row]) for row in (one, other)]
    gap = np.full((big[0].shape[0], GAP * 2, big[0].shape[2]), 128, np.uint8)
    both = np.concatenate([big[0], gap, big[1]], axis=1)
    return np.broadcast_to(both, (*both.shape[:2], 3)) if both.shape[2] == 1 else both


def captions(key: Key, split: str, unit: bool) -> tuple[list[str], list[str]]:
    """Who is on each pair, and the score."""
    _x, y, _ids = rows_of(key, split)
    names = embeddings(*key).class_names
    return tuple(
        [
            f"{names[y[i]]} / {names[y[j]]}: {score:.3f}"
            for i, j, score in zip(pairs.first, pairs.second, pairs.scores, strict=True)
        ]
        for pairs in errors(key, split, unit)
    )
