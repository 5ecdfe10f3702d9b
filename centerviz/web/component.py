"""Components of our own: a folder with html, css and scripts, registered with Streamlit."""

from collections.abc import Callable, Sequence
from pathlib import Path

import streamlit as st

SHARED = Path(__file__).parent / "plotly.js"  # stands before the scripts of each component


def component(folder: Path, name: str, scripts: Sequence[str] = ()) -> Callable:
    """The component of `folder`: NAME.html, NAME.css, and `scripts` as one, NAME.js the last."""
    text = lambda path: path.read_text(encoding="utf-8")  # noqa: E731
    own = [folder / script for script in (*scripts, f"{name}.js")]
    return st.components.v2.component(
        f"centerviz_{folder.name}",
        html=text(folder / f"{name}.html"),
        css=text(folder / f"{name}.css"),
        js="\n".join(map(text, (SHARED, *own))),
        isolate_styles=False,  # Plotly writes its own CSS into the document's head
    )
