"""Maps that play: one or several Plotly figures with one play bar, in a component of our own.

view       Panel, Sprite, ViewState and `embedding_view`
outline    which points lie inside a lasso or box
view.js    loads Plotly from our own route, plays the epochs, links hover and selection
"""

from centerviz.web.embedding_view.view import Panel, Sprite, ViewState, embedding_view

__all__ = ["Panel", "Sprite", "ViewState", "embedding_view"]
