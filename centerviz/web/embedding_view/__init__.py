"""Maps that play: one or several maps with one play bar, in a component of our own.

view       Panel, Sprite, ViewState and `embedding_view`
outline    which points lie inside a lasso or box
view.js    plays the epochs, links hover and selection
panel.js   a map by Plotly; frames.js has its numbers
marks.js   a lesson's picture: what is pointed at stands out, and points can be dragged
cloud_panel.js   a map of more than 30,000 points; cloud.js draws them by WebGL2
"""

from centerviz.web.embedding_view.view import Panel, Sprite, ViewState, embedding_view

__all__ = ["Panel", "Sprite", "ViewState", "embedding_view"]
