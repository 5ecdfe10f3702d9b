"""Which map Explore draws, kept in the address.

raw and sphere draw features of x and z = x/‖x‖ as they are; pca, lda and centers have axes from
`embedding.axes`, of z with the ending -unit; tsne needs a process of its own (see `tsne_job`).

Letters: D features · C classes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from centerviz.embedding.axes import Axes
from centerviz.language import N_, _
from centerviz.web import colours, state

LABELS = {
    "raw": N_("as it is, x"),
    "sphere": N_("unit features, z"),
    "pca": N_("PCA of x"),
    "pca-unit": N_("PCA of z"),
    "lda": N_("LDA of x"),
    "lda-unit": N_("LDA of z"),
    "tsne": N_("t-SNE"),
    "centers": N_("two centers, x"),
    "centers-unit": N_("two centers, z"),
}
UNIT = ("sphere", "pca-unit", "lda-unit", "centers-unit")
PERPLEXITY = 30
MOST_NAMES = 1_000  # of classes in a picker; of more the number is asked for


@dataclass(frozen=True)
class MapChoice:
    """What Explore draws."""

    method: str  # a key of LABELS
    axes: Axes
    unit: bool  # z instead of x
    rings: bool = True
    seed: int = 0  # of t-SNE
    perplexity: int = PERPLEXITY
    colour: str = colours.USUAL  # a code of `colours`


def choices(dim: int, classes: int) -> list[str]:
    """The maps that D features in C classes can have."""
    found = ["raw", "sphere"]
    if dim == 3:
        found += ["pca", "pca-unit", "lda", "lda-unit", "tsne"]
    if dim > 3:
        found = ["pca", "pca-unit", "lda", "lda-unit", "tsne", *found]
    found += ["centers", "centers-unit"]
    labelled = ("lda", "lda-unit", "centers", "centers-unit")
    return [code for code in found if classes > 1 or code not in labelled]


def usual(dim: int, normalize: bool) -> str:
    """The map to begin with: that of the space in which center loss works."""
    if dim <= 3:
        return "sphere" if normalize else "raw"
    return "pca-unit" if normalize else "pca"


def dims_of(method: str, dim: int) -> list[int]:
    """The numbers of dimensions that a map can have, the usual one first."""
    if method.startswith("centers") or dim <= 2:
        return [2]
    return [3, 2] if dim == 3 and method in ("raw", "sphere") else [2, 3]


def choose(dim: int, normalize: bool, classes: int) -> MapChoice:
    """The pickers of map and dimensions, kept in the address."""
    allowed = choices(dim, classes)
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
    kind = {"sphere": "raw"}.get(method, method.removesuffix("-unit"))
    unit = method in UNIT or (method == "tsne" and normalize)
    return MapChoice(method, Axes(kind, int(dims)), unit)


def options(
    choice: MapChoice, dim: int, class_names: Sequence[str], offered: Sequence[str]
) -> MapChoice:
    """Under More: colours, which features or classes are on the axes, class radii, what t-SNE
    takes; `offered` are codes of `colours`."""
    axes, colour = choice.axes, _colour(offered)
    if axes.method == "raw" and dim > axes.dims:
        axes = replace(axes, columns=_columns(dim, axes.dims))
    else:
        state.remember(axes=None)
    if axes.method == "centers":
        axes = replace(axes, classes=_classes(class_names))
    else:
        state.remember(classes=None)
    state.seed("explore_rings", True)
    rings = st.toggle(
        _("Class radii"),
        key="explore_rings",
        help=_(
            "A ring around each mean, a sphere in 3-D: the mean distance of its samples. Where "
            "the map shows all features."
        ),
        persist_state="session",
    )
    seed, perplexity = _of_tsne(axes.method == "tsne")
    return replace(choice, axes=axes, rings=rings, seed=seed, perplexity=perplexity, colour=colour)


def _colour(offered: Sequence[str]) -> str:
    """What the colours mean."""
    state.seed_choice("explore_colour", "colour", offered, colours.USUAL)
    colour = st.selectbox(
        _("Colour"),
        offered,
        key="explore_colour",
        format_func=colours.called,
        on_change=_other_groups,
        persist_state="session",
    )
    state.remember(colour=colour if colour != colours.USUAL else None)
    return colour


def _other_groups() -> None:
    """What the legend hid were groups of the old colours."""
    state.remember(legend=None)


def _of_tsne(drawing: bool) -> tuple[int, int]:
    state.seed("explore_perplexity", state.whole("perplexity", 2, 200, PERPLEXITY))
    state.seed("explore_seed", state.whole("seed", 0, 9999, 0))
    perplexity = st.number_input(
        _("Perplexity (t-SNE)"), 2, 200, key="explore_perplexity", persist_state="session"
    )
    seed = st.number_input(_("Seed (t-SNE)"), 0, 9999, key="explore_seed", persist_state="session")
    state.remember(
        perplexity=perplexity if drawing and perplexity != PERPLEXITY else None,
        seed=seed if drawing and seed else None,
    )
    return seed, perplexity


def _columns(dim: int, dims: int) -> tuple[int, ...]:
    """Which features are on the axes, counted from 1 in pickers and address."""
    asked = state.numbers("axes", dims, 1, dim) or tuple(range(1, dims + 1))
    chosen = []
    for place, (wanted, key) in enumerate(zip(asked, ("i", "j", "k"), strict=False)):
        key = f"explore_axis_{key}"
        if not 1 <= st.session_state.get(key, 0) <= dim:
            st.session_state[key] = wanted
        label = _("Feature on axis {number}", number=place + 1)
        chosen.append(st.number_input(label, 1, dim, key=key, persist_state="session"))
    usual_ones = chosen == list(range(1, dims + 1))
    state.remember(axes=None if usual_ones else ",".join(map(str, chosen)))
    return tuple(column - 1 for column in chosen)


def _classes(names: Sequence[str]) -> tuple[int, int]:
    """The two classes whose centers are the axes, by number in the address."""
    asked = state.numbers("classes", 2, 0, len(names) - 1) or (0, 1)
    found = tuple(
        _class(label, key, wanted, names)
        for label, key, wanted in (
            (_("Center on the first axis"), "explore_class_a", asked[0]),
            (_("Center on the second axis"), "explore_class_b", asked[1]),
        )
    )
    state.remember(classes=None if found == (0, 1) else f"{found[0]},{found[1]}")
    return found


def _class(label: str, key: str, wanted: int, names: Sequence[str]) -> int:
    given = st.session_state.get(key)
    if not isinstance(given, int) or not 0 <= given < len(names):
        st.session_state[key] = wanted
    if len(names) > MOST_NAMES:
        return st.number_input(label, 0, len(names) - 1, key=key, persist_state="session")
    return st.selectbox(
        label,
        range(len(names)),
        key=key,
        format_func=lambda j: names[j],
        persist_state="session",
    )
