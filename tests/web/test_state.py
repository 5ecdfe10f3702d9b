"""Addresses are anybody's text: what they say is held against a list or a range."""

import base64
import zlib

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from centerviz.web.state import LONGEST, code_of, mask_of


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


def picking(ids):
    import numpy as np
    import streamlit as st

    from centerviz.web import state

    ids = np.array(ids)
    st.text(",".join(state.picked("selected", ids)))
    if "choose" in st.query_params:
        state.remember_picked("selected", ids, st.query_params["choose"].split(","))


def test_a_selection_is_restored_from_the_address():
    first = AppTest.from_function(picking, args=(["a", "b", "c", "d", "e", "f", "g", "h", "i"],))
    first.query_params["choose"] = "b,i"
    first.run()
    code = first.query_params["selected"]
    again = AppTest.from_function(picking, args=(["a", "b", "c", "d", "e", "f", "g", "h", "i"],))
    again.query_params["selected"] = code
    assert again.run().text[0].value == "b,i"
    others = AppTest.from_function(picking, args=(["a", "b"],))
    others.query_params["selected"] = code
    assert others.run().text[0].value == ""


@pytest.mark.parametrize("code", ["", "%%%", "abc", "../../x", "é", "eJw", "A" * 5000])
def test_a_selection_that_is_none_of_ours_selects_nothing(code):
    assert not mask_of(code, 9).any()


def test_a_bomb_in_the_address_is_not_unpacked():
    bomb = base64.urlsafe_b64encode(zlib.compress(b"\xff" * 1_000_000)).decode()
    assert len(bomb) < 1500
    assert not mask_of(bomb, 9).any()


def test_a_selection_too_long_for_a_link_is_left_out():
    drawn = np.random.default_rng(0).random(40_000) < 0.5
    assert len(code_of(drawn)) > LONGEST
    assert (mask_of(code_of(drawn[:8_000]), 8_000) == drawn[:8_000]).all()
