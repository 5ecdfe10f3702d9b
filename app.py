"""The server: `streamlit run app.py`.

The script lives in centerviz/web/shell.py, away from pages/, so that a deep link to any page on
a fresh server gets the frame too.
"""

import streamlit as st

from centerviz.web.asgi import MIDDLEWARE, ROUTES, lifespan

app = st.App("centerviz/web/shell.py", middleware=MIDDLEWARE, routes=ROUTES, lifespan=lifespan)
