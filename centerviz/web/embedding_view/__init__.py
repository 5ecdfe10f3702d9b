"""Maps that play: one or several maps with one play bar, in a component of our own.

view       Sprite, ViewState and `embedding_view`
panel      Panel, and how it travels to the browser
agreement  of page and browser, whoever spoke last is heard
words      what the browser's side says
outline    which points lie inside a lasso or box
view.js    plays the epochs, links hover and selection
panel.js   a map by Plotly; frames.js has its numbers
lens.js    how a map is seen: where a row stands, which rows lie inside an outline
tools.js   move, lasso, box, zoom; the keys of a map
legend.js  chips that hide and isolate, a search, a colour bar
hover.js   what stands beside the mouse
marks.js   a lesson's picture: what is pointed at stands out, and points can be dragged
cloud_panel.js   a map of more than 30,000 points; cloud.js draws them by WebGL2, cloud_grid.js
                 what stands under and over them
"""

from centerviz.web.embedding_view.panel import Density, Panel
from centerviz.web.embedding_view.view import Sprite, ViewState, embedding_view

__all__ = ["Density", "Panel", "Sprite", "ViewState", "embedding_view"]
