"""A Plotly figure that keeps its place: new data is drawn into it, nothing blinks or jumps.

chart      `chart`
chart.js   loads Plotly from our own route (once a page, shared with the maps) and draws
"""

from centerviz.web.chart.chart import chart

__all__ = ["chart"]
