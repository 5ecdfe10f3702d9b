"""The map as a file: everything in it, nothing fetched, no text taken for code."""

import base64
import json
import re

import numpy as np

from centerviz.data.embeddings import Embeddings
from centerviz.figures import map_page as page
from centerviz.figures.theme import PLOTLY_JS
from centerviz.language import speaking

NASTY = "</script><img src=x onerror=alert(1)>"


def embeddings(n: int, dim: int) -> Embeddings:
    rng = np.random.default_rng(0)
    names = ("cat", NASTY)
    x = rng.normal(size=(n, dim)).astype(np.float32)
    return Embeddings(x, np.arange(n) % 2, names, np.array([f"{i}<b>" for i in range(n)]))


def own(text: str) -> str:
    """The page without plotly.js."""
    return text.replace(PLOTLY_JS.read_text(encoding="utf-8"), "")


def drawn(text: str) -> np.ndarray:
    """The points that Plotly is given, class by class."""
    clouds = []
    for name in "xy":
        found = re.findall(rf'"{name}":(\{{"dtype":"f4","bdata":"[^"]+"}})', own(text))
        parts = [base64.b64decode(json.loads(part)["bdata"]) for part in found]
        clouds.append(np.concatenate([np.frombuffer(part, "<f4") for part in parts[:2]]))
    return np.stack(clouds, axis=1)


def test_the_page_draws_the_features_and_fetches_nothing():
    e = embeddings(6, 2)
    text = page.map_page(e, NASTY)
    assert np.array_equal(drawn(text), np.concatenate([e.x[::2], e.x[1::2]]))
    assert PLOTLY_JS.read_text(encoding="utf-8") in text
    assert not re.search(r'(src|href)="?(https?:)?//', own(text))
    assert "default-src 'none'" in text
    assert NASTY not in own(text) and "<img" not in own(text)
    names = re.findall(r'"name":"([^"]*)"', own(text))
    assert "cat" in names and not any("\\u003c" in name for name in names)


def test_many_dimensions_many_rows_and_many_classes_are_said(monkeypatch):
    monkeypatch.setattr(page, "MOST", 20)
    text = page.map_page(embeddings(50, 5), "t")
    assert len(drawn(text)) == 20
    assert "20 of 50 rows" in text and "other 3 dimensions" in text
    with speaking("zh"):
        assert 'lang="zh-Hans"' in page.map_page(embeddings(4, 1), "t")
    monkeypatch.setattr(page, "MANY", 1)
    assert "all samples" in own(page.map_page(embeddings(4, 3), "t"))
