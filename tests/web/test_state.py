"""Addresses are anybody's text: what they say is held against a list or a range."""

import pytest
from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from centerviz.web import state

    st.text(state.choice("map", ("raw", "pca"), "raw"))
    st.text(state.whole("epoch", 1, 30, 30))
    state.seed_choice("picked", "map", ("raw", "pca"), "raw")
    st.selectbox("Map", ("raw", "pca"), key="picked")
    state.remember(map=st.session_state["picked"], empty="", nothing=None)


def opened(**query):
    at = AppTest.from_function(script)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


@pytest.mark.parametrize("given", ["", "../../etc", "RAW", "<b>", "t-sne"])
def test_a_code_that_is_not_on_the_list_becomes_the_default(given):
    assert opened(map=given).text[0].value == "raw"


@pytest.mark.parametrize(
    ("given", "held"),
    [("7", "7"), ("0", "1"), ("99", "30"), ("-5", "1"), ("x", "30"), ("٣", "30"), ("9" * 40, "30")],
)
def test_a_number_is_held_inside_its_range(given, held):
    assert opened(epoch=given).text[1].value == held


def test_the_address_seeds_a_widget_and_follows_it():
    at = opened(map="pca")
    assert at.selectbox(key="picked").value == "pca"
    at.selectbox(key="picked").select("raw").run()
    assert at.query_params["map"] == "raw"


def test_what_says_nothing_is_left_out_of_the_address():
    assert set(opened(empty="x", nothing="y").query_params) == {"map"}
