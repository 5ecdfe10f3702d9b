"""Which map Explore draws, and what must be said beside it.

raw and sphere draw x and z = x/‖x‖ as they are, where there are at most three features; pca and
pca-unit draw more of them by PCA; tsne needs a process of its own (see `tsne_job`).
"""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from centerviz.embedding.distances import fold_of_radii
from centerviz.embedding.pca import PcaMap
from centerviz.embedding.projection import trustworthiness
from centerviz.embedding.tsne import Frame
from centerviz.figures.maps import CLOUD, embedding_map
from centerviz.language import N_, _
from centerviz.web import session, state
from centerviz.web.embedding_view import Panel
from centerviz.web.movie import Movie
from centerviz.web.subject import Shown

LABELS = {
    "raw": N_("as it is, x"),
    "sphere": N_("unit features, z"),
    "pca": N_("PCA of x"),
    "pca-unit": N_("PCA of z"),
    "tsne": N_("t-SNE"),
}
UNIT = ("sphere", "pca-unit")
PERPLEXITY = 30


def choices(dim: int) -> list[str]:
    """The maps that D features can have."""
    if dim <= 2:
        return ["raw", "sphere"]
    return ["raw", "sphere", "pca", "tsne"] if dim == 3 else ["pca", "pca-unit", "tsne"]


def usual(dim: int, normalize: bool) -> str:
    """The map to begin with: that of the space in which center loss works."""
    if dim <= 3:
        return "sphere" if normalize else "raw"
    return "pca-unit" if normalize else "pca"


def dims_of(method: str, dim: int) -> list[int]:
    """The numbers of dimensions that a map can have."""
    if method in ("raw", "sphere"):
        return [max(dim, 2)]
    return [2, 3]


def choose(dim: int, normalize: bool) -> tuple[str, int]:
    """The pickers of map and dimensions, kept in the address."""
    allowed = choices(dim)
    state.seed_choice("explore_map", "map", allowed, usual(dim, normalize))
    method = st.selectbox(
        _("Map"),
        allowed,
        key="explore_map",
        format_func=lambda code: _(LABELS[code]),
        help=_("x are the features themselves, z = x/‖x‖ the same on the unit sphere."),
        persist_state="session",
    )
    possible = [str(d) for d in dims_of(method, dim)]
    state.seed_choice("explore_dims", "dims", possible, possible[0])
    dims = possible[0]
    if len(possible) > 1:
        dims = st.segmented_control(
            _("Dimensions"),
            possible,
            key="explore_dims",
            required=True,
            format_func=lambda code: f"{code}-D",
            persist_state="session",
        )
    state.remember(
        map=method if method != usual(dim, normalize) else None,
        dims=dims if dims != possible[0] else None,
    )
    return method, int(dims)


def options() -> tuple[bool, int, int]:
    """Under More: class radii, and what t-SNE takes."""
    state.seed("explore_rings", True)
    rings = st.toggle(
        _("Class radii"),
        key="explore_rings",
        help=_("A ring around each mean: the mean distance of its samples. On 2-D features only."),
        persist_state="session",
    )
    state.seed("explore_perplexity", state.whole("perplexity", 2, 200, PERPLEXITY))
    state.seed("explore_seed", state.whole("seed", 0, 9999, 0))
    perplexity = st.number_input(
        _("Perplexity (t-SNE)"), 2, 200, key="explore_perplexity", persist_state="session"
    )
    seed = st.number_input(_("Seed (t-SNE)"), 0, 9999, key="explore_seed", persist_state="session")
    drawing = st.session_state.get("explore_map") == "tsne"
    state.remember(
        perplexity=perplexity if drawing and perplexity != PERPLEXITY else None,
        seed=seed if drawing and seed else None,
    )
    return rings, seed, perplexity


@dataclass(frozen=True)
class Drawn:
    """Rows, class means and kept centers in the coordinates of a map."""

    points: np.ndarray  # (N, dims) float32
    means: np.ndarray | None  # (C, dims); None where the map moves points one by one
    centers: np.ndarray | None  # (C, dims)
    axes: tuple[str, ...]  # their names
    share: float | None = None  # of the variance that is shown; None: all of it, or not known


def drawn(shown: Shown, method: str, dims: int) -> Drawn:
    """The rows as they are, or by a PCA of their own."""
    part, letter = shown.space, "z" if method in UNIT else "x"
    if method in ("raw", "sphere"):
        place, share = lambda x: _padded(x, dims), None
        names = tuple(f"{letter}{i}" for i in "₁₂₃"[:dims])
    else:
        axes = PcaMap.fit(part.x, dims)
        place, share = axes.transform, float(axes.explained.sum())
        names = tuple(f"PCA {i + 1}" for i in range(dims))
    means = None if shown.labels is None else place(part.means)
    centers = None if part.centers is None else place(part.centers)
    return Drawn(place(part.x), means, centers, names, share)


def by_tsne(points: np.ndarray) -> Drawn:
    """Where t-SNE put the rows; it has no place for means."""
    return Drawn(points, None, None, tuple(f"t-SNE {i + 1}" for i in range(points.shape[1])))


def still_panel(shown: Shown, place: Drawn) -> Panel:
    """A map that stands still: of a file, or by t-SNE."""
    guess = shown.space.predicted
    figure = embedding_map(
        place.points,
        shown.labels,
        shown.class_names,
        centers=place.centers,
        means=place.means,
        unit_circle=place.axes[0] == "z₁",
        predicted=guess if (guess >= 0).any() else None,
        ids=shown.ids,
        axes=place.axes,
        lecture=session.lecture(),
        dark=session.dark(),
    )
    if place.axes[0] == "t-SNE 1":
        bare = {"showticklabels": False}  # its units mean nothing
        figure.update_layout(xaxis=bare, yaxis=bare)
        figure.update_scenes(xaxis=bare, yaxis=bare, zaxis=bare)
    alt = _("Map of {n} samples: {title}.", n=len(place.points), title=", ".join(place.axes))
    frames = place.points[None] if len(place.points) > CLOUD else None
    return Panel("", figure, shown.ids, frames=frames, labels=shown.labels, alt=alt)


def _padded(x: np.ndarray, dims: int) -> np.ndarray:
    return np.pad(x.astype(np.float32), ((0, 0), (0, dims - x.shape[1])))


def share_of(film: Movie) -> float | None:
    """The share of the variance that a movie's axes show; None when they show all of it."""
    return sum(film.explained) if film.explained else None


def limits(shown: Shown, share: float | None, dims: int) -> str:
    """What a map by PCA, or of the features as they are, cannot tell."""
    n = _count(len(shown.ids), shown.total)
    if share is None:
        return _(
            "{n} samples as they are: nothing is left out but the path between the epochs, and "
            "another seed would look different.",
            n=n,
        )
    return _(
        "{n} samples. These axes show {share} of the variance; what lies together here may be "
        "apart in the other {rest} dimensions.",
        n=n,
        share=f"{share:.0%}",
        rest=shown.dim - dims,
    )


def tsne_limits(shown: Shown, frame: Frame, seed: int) -> str:
    """What t-SNE says of itself, and what it cannot tell."""
    trust = _trust(shown.key, frame.iteration, shown.space.x, frame.points)
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
def _trust(key: tuple, iteration: int, _x: np.ndarray, _points: np.ndarray) -> float | None:
    return trustworthiness(_x, _points)


def _count(shown: int, total: int) -> str:
    return str(shown) if shown == total else _("{n} of {total}", n=shown, total=total)
