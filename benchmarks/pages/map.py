"""The page of benchmarks/map_100k.py: 100,000 points in two epochs, ours or st.plotly_chart."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from centerviz.figures.colouring import by_class
from centerviz.figures.maps import embedding_map, spread
from centerviz.figures.theme import colour
from centerviz.web.embedding_view import Panel, embedding_view

N, CLASSES, EPOCHS = 100_000, 10, (1, 2)
NAMES = tuple(map(str, range(CLASSES)))


@st.cache_resource
def samples() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points of all epochs (E, N, 2) float32, labels (N,), ids (N,)."""
    rng = np.random.default_rng(0)
    labels = rng.integers(CLASSES, size=N)
    means = 10 * rng.normal(size=(CLASSES, 2))
    points = np.stack([means[labels] + s * rng.normal(size=(N, 2)) for s in (3, 1)])
    return points.astype(np.float32), labels, np.array([f"i{k:06d}" for k in range(N)])


@st.cache_resource
def usual_figure(epoch: int) -> go.Figure:
    """One scattergl trace a class, float32, built once."""
    points, labels, _ids = samples()
    at = points[EPOCHS.index(epoch)]
    traces = [
        go.Scattergl(
            x=at[labels == j, 0],
            y=at[labels == j, 1],
            mode="markers",
            name=NAMES[j],
            marker={"color": colour(j), "size": 3},
        )
        for j in range(CLASSES)
    ]
    low, high = spread(points)
    layout = {"height": 420, "meta": epoch, "uirevision": "kept"}
    layout |= {"xaxis": {"range": [low[0], high[0]]}, "yaxis": {"range": [low[1], high[1]]}}
    return go.Figure(traces, layout)


def page() -> None:
    """Ours has its play bar, the usual chart a slider."""
    st.set_page_config(layout="wide")
    points, labels, ids = samples()
    if st.query_params.get("way") == "ours":
        figure = embedding_map(points[-1], labels, NAMES, extent=spread(points))
        coloured = by_class(labels, NAMES)
        panel = Panel("", figure, ids, frames=points, labels=labels, colouring=coloured)
        view = embedding_view([panel], "ours", epochs=EPOCHS, epoch=1)
        st.text(f"{len(view.selected)} selected")
        return
    epoch = st.select_slider("Epoch", EPOCHS, key="epoch")
    if "select" not in st.query_params:
        st.plotly_chart(usual_figure(epoch), key="usual", theme=None)
        return
    chosen = st.plotly_chart(usual_figure(epoch), key="usual", on_select="rerun", theme=None)
    st.text(f"{len(chosen['selection']['points'])} selected")


page()
