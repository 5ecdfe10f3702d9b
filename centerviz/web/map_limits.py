"""The strip under a map: how it was drawn, and what it cannot tell.

Letters: N rows · C classes.
"""

import numpy as np
import streamlit as st

from centerviz.embedding.axes import Drawing
from centerviz.embedding.distances import fold_of_radii, ratio_about
from centerviz.embedding.projection import trustworthiness
from centerviz.embedding.tsne import Frame
from centerviz.language import _
from centerviz.web.subject import Shown

MOST_CLASSES = 2_000  # of whose means all pairs are looked at


def limits(shown: Shown, drawing: Drawing, method: str, played: bool) -> str:
    """What a map on axes cannot tell; `played` over the epochs of a run."""
    said = {
        "raw": _as_it_is,
        "pca": _pca,
        "lda": _lda,
        "centers": _two_centers,
    }[method](shown, drawing)
    whole = drawing.dims >= shown.dim and method == "raw"
    told = None if whole else _ratios(shown, drawing, method)
    if told:
        said = _("{said} {more}", said=said, more=told)
    if played and method == "raw":
        said = _("{said} {more}", said=said, more=_("Another seed would look different."))
    return said


def _as_it_is(shown: Shown, drawing: Drawing) -> str:
    n = _count(len(shown.ids), shown.total)
    if shown.dim <= drawing.dims:
        return _("{n} samples as they are: nothing is left out.", n=n)
    return _(
        "{n} samples, {shown} of {all} features as they are: what lies together here may be apart "
        "in the others.",
        n=n,
        shown=drawing.dims,
        all=shown.dim,
    )


def _pca(shown: Shown, drawing: Drawing) -> str:
    n = _count(len(shown.ids), shown.total)
    if shown.dim <= drawing.dims:
        return _("{n} samples, turned by PCA: nothing is left out.", n=n)
    return _(
        "{n} samples on axes that PCA found in {fitted}. They show {share} of the variance; what "
        "lies together here may be apart in the other {rest} dimensions.",
        n=n,
        fitted=drawing.fitted,
        share=f"{drawing.share:.0%}",
        rest=shown.dim - drawing.dims,
    )


def _lda(shown: Shown, drawing: Drawing) -> str:
    n = _count(len(shown.ids), shown.total)
    if not drawing.found:
        return _(
            "{n} samples. LDA has no axis here: there is one class only, or no class has a spread "
            "of its own, or all means are at one place. These are the axes of PCA.",
            n=n,
        )
    said = _(
        "{n} samples on axes that LDA chose by the labels of {fitted}: classes look further apart "
        "than they are, the more so the fewer the samples. Its unit is the spread within classes.",
        n=n,
        fitted=drawing.fitted,
    )
    if drawing.found == drawing.dims:
        return said
    rest = _("So few classes fill {found} of the axes; the rest is by PCA.", found=drawing.found)
    return _("{said} {more}", said=said, more=rest)


def _two_centers(shown: Shown, drawing: Drawing) -> str:
    return _(
        "{n} samples by their distance to two centers in all {all} dimensions: on the dashed line "
        "both are as far. Samples that lie together here may be far apart, and other classes are "
        "seen from these two only.",
        n=_count(len(shown.ids), shown.total),
        all=shown.dim,
    )


def _ratios(shown: Shown, drawing: Drawing, method: str) -> str | None:
    """Spread over distance of the classes, as it is and as it is drawn."""
    if shown.labels is None or len(shown.space.means) > MOST_CLASSES:
        return None
    found = _true_and_drawn(shown.key, method, drawing.names, shown, drawing)
    if found is None:
        return None
    return _(
        "The classes are truly {true} as wide as they are apart; drawn, {on_map}.",
        true=f"{found[0]:.0%}",
        on_map=f"{found[1]:.0%}",
    )


@st.cache_data(max_entries=64, show_spinner=False)
def _true_and_drawn(
    key: tuple, method: str, names: tuple[str, ...], _shown: Shown, _drawing: Drawing
) -> tuple[float, float] | None:
    part, labels = _shown.space, _shown.labels
    true = ratio_about(part.x, labels, part.means)
    with np.errstate(over="ignore", invalid="ignore"):
        places = _drawing.place(part.x).astype(np.float64)
        means = _drawing.place(part.means).astype(np.float64)
        drawn = ratio_about(places, labels, means)
    known = true is not None and drawn is not None and np.isfinite([true, drawn]).all()
    return (true, drawn) if known else None


def tsne_limits(shown: Shown, frame: Frame, seed: int) -> str:
    """What t-SNE says of itself, and what it cannot tell."""
    trust = _trust(shown.key, frame.points, shown.space.x)
    said = _(
        "t-SNE of {n} samples, perplexity {perplexity}, seed {seed}, trustworthiness {trust}. It "
        "keeps neighbours, not distances: sizes of clusters and gaps between them mean nothing.",
        n=_count(len(shown.ids), shown.total),
        perplexity=f"{frame.perplexity:g}",
        seed=seed,
        trust="–" if trust is None else f"{trust:.3f}",
    )
    if shown.labels is None:
        return said
    true, on_map = (fold_of_radii(x, shown.labels) for x in (shown.space.x, frame.points))
    if true is None or on_map is None:
        return said
    told = _(
        "The widest class is truly {true} times as wide as the tightest; drawn, it is {on_map}.",
        true=f"{true:.1f}",
        on_map=f"{on_map:.1f}",
    )
    return _("{said} {more}", said=said, more=told)


@st.cache_data(max_entries=32, show_spinner=False)
def _trust(key: tuple, points: np.ndarray, _x: np.ndarray) -> float | None:
    """Of the rows `key` as they stand on a map, which are few enough to be hashed one and all."""
    return trustworthiness(_x, points)


def _count(shown: int, total: int) -> str:
    return str(shown) if shown == total else _("{n} of {total}", n=shown, total=total)
