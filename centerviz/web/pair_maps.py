"""Two runs on the same axes, epoch by epoch.

With more than two features one PCA is fitted to the last epoch of both together; runs of
different dimension cannot share axes, and each then has its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from centerviz.data.embeddings import unit_rows
from centerviz.embedding.distances import distances_to_means, inter, intra, ratio
from centerviz.embedding.pca import PcaMap
from centerviz.figures.maps import embedding_map, spread
from centerviz.language import _
from centerviz.problem import Problem
from centerviz.runs.store import Run, SnapshotRows
from centerviz.web import session
from centerviz.web.embedding_view import Panel
from centerviz.web.results import run_at


@dataclass(frozen=True)
class Playback:
    """The evaluation subset of one run over the epochs, on two axes."""

    frames: np.ndarray  # (E, N, 2) float32
    centers: np.ndarray  # (E, C, 2) float32
    means: np.ndarray  # (E, C, 2) float32, NaN for absent classes
    ratios: tuple[float | None, ...]  # intra / inter of each epoch, in the original space


@dataclass(frozen=True)
class PairMap:
    """Both runs, and what must be said about their axes."""

    epochs: tuple[int, ...]
    playbacks: tuple[Playback, Playback]
    shared: bool
    explained: tuple[float, ...]  # share of the variance on both axes, per PCA; () when raw


@st.cache_resource(max_entries=8, show_spinner=False)
def pair_map(paths: tuple[str, str], epochs: tuple[int, ...], unit: bool) -> PairMap:
    """Read and project the epochs of two runs. Shared: do not write into its arrays."""
    spaces = [[_space(run_at(path), epoch, unit) for epoch in epochs] for path in paths]
    last = [space[-1][0] for space in spaces]
    dims = [features.shape[1] for features in last]
    shared = dims[0] == dims[1]
    if max(dims) <= 2:
        maps = [None, None]
    elif shared:
        maps = [PcaMap.fit(np.concatenate(last))] * 2
    else:
        maps = [PcaMap.fit(features) for features in last]
    playbacks = tuple(
        Playback(
            *(_stacked([place(axes, part[i]) for part in space]) for i in range(3)),
            ratios=tuple(_ratio(part, run_at(path).rows().labels) for part in space),
        )
        for space, axes, path in zip(spaces, maps, paths, strict=True)
    )
    distinct = maps[:1] if shared else maps
    explained = tuple(float(axes.explained.sum()) for axes in distinct if axes is not None)
    return PairMap(epochs, playbacks, shared, explained)


def common_epochs(runs: Sequence[Run]) -> tuple[int, ...]:
    """The epochs whose features both runs kept."""
    kept = [set(run.snapshot_epochs()) for run in runs]
    return tuple(sorted(set.intersection(*kept)))


def _space(run: Run, epoch: int, unit: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, kept centers and true means of one epoch, raw or unit.

    Centers and means live where center loss lives. Seen from the other space, means are those of
    the features shown and there are no centers.
    """
    snapshot, config = run.snapshot(epoch), run.config
    features = unit_rows(snapshot.features) if unit else snapshot.features
    if unit == config.normalize:
        centers = snapshot.centers if config.center_weight else np.full_like(snapshot.means, np.nan)
        return features, centers, snapshot.means
    labels = run.rows().labels
    means = np.full(snapshot.means.shape, np.nan)
    for j in np.unique(labels[labels < len(means)]):
        means[j] = features[labels == j].mean(axis=0)
    return features, np.full_like(means, np.nan), means


def place(axes: PcaMap | None, x: np.ndarray) -> np.ndarray:
    """Rows of `x` (n, D) on two axes, (n, 2) float32; one feature lies on the first axis."""
    if axes is not None:
        return axes.transform(x)
    return np.pad(x.astype(np.float32), ((0, 0), (0, 2 - x.shape[1])))


def _stacked(parts: list[np.ndarray]) -> np.ndarray:
    return np.stack(parts).astype(np.float32)


def _ratio(part: tuple[np.ndarray, np.ndarray, np.ndarray], labels: np.ndarray) -> float | None:
    """intra / inter of the evaluation subset against the means, as `measure` defines it."""
    features, _centers, means = part
    distances = distances_to_means(features.astype(np.float64), labels, means.astype(np.float64))
    return ratio(intra(distances, labels, len(means)).macro, inter(means.astype(np.float64)).mean)


def panels(pair: PairMap, runs: Sequence[Run], names: Sequence[str], unit: bool) -> list[Panel]:
    """The two maps for the view, both over the same range of the same axes."""
    corners = [spread(p.frames.reshape(-1, 2), p.means.reshape(-1, 2)) for p in pair.playbacks]
    extent = tuple(
        np.stack(side).min(axis=0) if low else np.stack(side).max(axis=0)
        for low, side in zip((True, False), zip(*corners, strict=True), strict=True)
    )
    rows = [run.rows() for run in runs]
    return [
        _panel(
            playback,
            run,
            name,
            own_rows,
            extent if pair.shared else own,
            unit,
            bool(pair.explained),
        )
        for playback, run, name, own_rows, own in zip(
            pair.playbacks, runs, names, rows, corners, strict=True
        )
    ]


def _panel(
    playback: Playback,
    run: Run,
    name: str,
    rows: SnapshotRows,
    extent: tuple[np.ndarray, np.ndarray],
    unit: bool,
    pca: bool,
) -> Panel:
    letter = "z" if unit else "x"
    has_centers = bool(np.isfinite(playback.centers[-1]).any())
    axes = ("PCA 1", "PCA 2") if pca else (f"{letter}₁", f"{letter}₂")
    figure = embedding_map(
        playback.frames[-1],
        rows.labels,
        rows.class_names,
        centers=playback.centers[-1] if has_centers else None,
        means=playback.means[-1],
        unit_circle=unit and not pca,
        extent=extent,
        axes=axes,
        lecture=session.lecture(),
        dark=session.dark(),
    )
    return Panel(
        name,
        figure,
        rows.ids,
        frames=playback.frames,
        centers=playback.centers if has_centers else None,
        means=playback.means,
        readouts=[
            [_("intra / inter {value}", value="–" if r is None else f"{r:.3f}")]
            for r in playback.ratios
        ],
        alt=_("Map of the test samples of {name}, epoch by epoch.", name=name),
    )


def what_it_cannot_tell(pair: PairMap, shown: int) -> str:
    """One sentence for under the maps."""
    if not pair.explained:
        return _(
            "All there is: two features, drawn as they are, {n} samples. One training each: "
            "another seed would look different.",
            n=shown,
        )
    share = ", ".join(f"{value:.0%}" for value in pair.explained)
    if pair.shared:
        return _(
            "One PCA for both runs shows {share} of their variance ({n} samples): what lies "
            "together here may be apart in other directions.",
            share=share,
            n=shown,
        )
    return _(
        "The runs have different dimensions, so each has a PCA of its own ({share} of the "
        "variance): compare the numbers, not the sizes.",
        share=share,
    )


def readable(runs: Sequence[Run]) -> Problem | None:
    """Why the epochs of these runs cannot be played, or None."""
    for run in runs:
        try:
            run.rows()
        except Problem as problem:
            return problem
    if not common_epochs(runs):
        return Problem("These runs have no epoch in common, so there is nothing to play.")
    return None
