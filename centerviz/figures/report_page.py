"""Tables and figures as one HTML file that needs neither network nor server: plotly.js inside."""

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
from plotly.io import to_html

from centerviz.figures.theme import PLOTLY_JS
from centerviz.language import current

_PAGE = """<!doctype html>
<html lang="{lang}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' \
'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:; worker-src blob:">
<title>{title}</title>
<style>
body {{ margin: 0 auto; padding: 1.5rem; max-width: 60rem; font: 16px/1.5 system-ui, sans-serif;
  color: #1f2421; background: #fff }}
h1, h2 {{ line-height: 1.25; overflow-wrap: anywhere }}
h1 {{ font-size: 1.5rem }}
h2 {{ font-size: 1.15rem; margin-top: 2rem }}
table {{ border-collapse: collapse }}
th, td {{ padding: 0.25rem 0.75rem 0.25rem 0; text-align: left }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.8rem }}
.pair {{ display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem }}
@media (max-width: 40rem) {{ .pair {{ grid-template-columns: minmax(0, 1fr) }} }}
</style>
<script>{plotly}</script>
<h1>{title}</h1>
{body}
</html>
"""


def report_page(title: str, parts: Sequence[str | go.Figure | list[go.Figure]]) -> str:
    """A page of HTML pieces and figures in their order; a list of figures stands side by side.

    The title is text. The pieces are HTML already: whoever writes them escapes what is data.
    """
    return _PAGE.format(
        lang="zh-Hans" if current() == "zh" else current(),
        title=escape(title),
        plotly=PLOTLY_JS.read_text(encoding="utf-8"),
        body="\n".join(map(_piece, parts)),
    )


def _piece(part: str | go.Figure | list[go.Figure]) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, list):
        return f"<div class='pair'>{''.join(map(_piece, part))}</div>"
    return to_html(
        part,
        include_plotlyjs=False,
        full_html=False,
        default_height="380px",
        config={"displaylogo": False, "responsive": True},
    )
