"""An embedding's map as one HTML file that needs neither network nor server: plotly.js inside.

Letters: N rows · D features.
"""

from dataclasses import replace
from html import escape

import numpy as np
from plotly.io import to_html

from centerviz.data.embeddings import Embeddings
from centerviz.embedding.pca import PcaMap
from centerviz.embedding.statistics import ClassStatistics
from centerviz.figures.maps import embedding_map
from centerviz.figures.runs import plain
from centerviz.figures.theme import PLOTLY_JS
from centerviz.language import _, current

MOST = 20_000  # points: about a megabyte beside the five of plotly.js
MANY = 200  # classes (figures.colouring.MOST_TRACES); more are drawn as one group
SEED = 0  # draws them where there are more
_PAGE = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' \
'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; worker-src blob:">
<title>{title}</title>
<style>
body {{ margin: 0; padding: 1rem; font: 16px/1.5 system-ui, sans-serif; color: #1f2421;
  background: #fff; display: flex; flex-direction: column; height: 100vh; height: 100dvh;
  box-sizing: border-box }}
h1 {{ font-size: 1.25rem; margin: 0; overflow-wrap: anywhere }}
p {{ margin: 0.25rem 0 }}
main {{ flex: 1; min-height: 0 }}
</style>
<script>{plotly}</script>
<h1>{title}</h1>
<p>{note}</p>
<main>{figure}</main>
</html>
"""


def map_page(e: Embeddings, title: str) -> str:
    """The map as a page: x as they are where D ≤ 3, else their PCA in two dimensions.

    Above 20,000 rows a sample is drawn, by a seed; means are those of all rows. Above 200 classes
    all points are of one colour, and no means are drawn.
    """
    if len(e.class_names) > MANY:
        e = replace(e, labels=None, centers=None)
    rows = np.arange(e.n)
    if e.n > MOST:
        rows = np.sort(np.random.default_rng(SEED).choice(e.n, MOST, replace=False))
    drawn = _("{n} of {all} rows.", n=len(rows), all=e.n) if e.n > MOST else ""
    dims = 3 if e.dim == 3 else 2
    if e.dim <= 3:
        place, axes = lambda x: np.pad(x, ((0, 0), (0, dims - x.shape[1]))), ("x₁", "x₂", "x₃")
        note = _("The features as they are: what is drawn is all there is.")
    else:
        pca = PcaMap.fit(e.x, dims)
        place, axes = pca.transform, ("PCA 1", "PCA 2")
        note = _(
            "These axes show {share} of the variance; what lies together here may be apart in the "
            "other {rest} dimensions.",
            share=f"{pca.explained.sum():.0%}",
            rest=e.dim - dims,
        )
    figure = embedding_map(
        place(e.x[rows].astype(np.float64)),
        None if e.labels is None else e.labels[rows],
        e.class_names,
        centers=None
        if e.centers is None or e.unit_centers
        else place(e.centers.astype(np.float64)),
        means=None if e.labels is None else place(_means(e)),
        ids=e.ids[rows],
        axes=axes,
    )
    figure.for_each_trace(lambda trace: trace.update(name=plain(trace.name or "")))
    drawing = to_html(
        figure,
        include_plotlyjs=False,
        full_html=False,
        default_height="100%",
        config={"displaylogo": False, "responsive": True, "scrollZoom": True},
    )
    return _PAGE.format(
        lang="zh-Hans" if current() == "zh" else current(),
        title=escape(title),
        note=escape(f"{note} {drawn}".strip()),
        plotly=PLOTLY_JS.read_text(encoding="utf-8"),
        figure=drawing,
    )


def _means(e: Embeddings) -> np.ndarray:
    return ClassStatistics.from_samples(e.x, e.labels, len(e.class_names)).means
