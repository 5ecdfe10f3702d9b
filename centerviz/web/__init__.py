"""The app in the browser; only this folder and pages/ import streamlit.

asgi            routes (plotly.js, thumbnails), response headers, start of the server
shell           the Streamlit script: frame, navigation
session         language, lecture mode and theme of a browser session
state           what the address bar carries
cached          calls of the core, remembered by run, epoch and method
lesson_inputs   the inputs of a lesson as widgets, kept in the address as typed
embedding_view  maps that play: Plotly in a component of our own
"""
