"""What goes to the browser and what is made of its answer; the drawing itself is for a browser."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from centerviz.figures.colouring import MOST_TRACES, Colouring
from centerviz.figures.maps import embedding_map
from centerviz.web.embedding_view import agreement, view
from centerviz.web.embedding_view.panel import MOST_WINDOWS, Panel
from centerviz.web.embedding_view.view import _map, _Names, _numbers, _packed, _told
from centerviz.web.embedding_view.words import words

ALL = (0, 3)  # the frames of `two_panels`


def two_panels():
    rng = np.random.default_rng(0)
    frames = rng.normal(size=(3, 4, 2)).astype(np.float32)
    figure = embedding_map(frames[-1], np.array([0, 0, 1, 1]), ("a", "b"))
    one = Panel("one", figure, np.array(["d", "c", "b", "a"]), frames=frames)
    other = Panel("other", figure, np.array(["a", "b", "x", "y"]), frames=frames)
    return [one, other]


def numbered(panels):
    return _Names.of_panels(panels)


def test_the_same_sample_has_the_same_number_in_every_panel():
    panels = two_panels()
    names = numbered(panels)
    packed = [_packed(panel, names, ALL) for panel in panels]
    codes = [np.frombuffer(base64.b64decode(p["codes"]["bdata"]), "<i4") for p in packed]
    assert codes[0][3] == codes[1][0] == names.number["a"]
    assert len(set(codes[0]) | set(codes[1])) == 6


def test_frames_travel_as_float32_once():
    panels = two_panels()
    block = _packed(panels[0], numbered(panels), ALL)["frames"]
    sent = np.frombuffer(base64.b64decode(block["bdata"]), "<f4").reshape(block["shape"])
    np.testing.assert_array_equal(sent, panels[0].frames)


def test_a_packed_panel_is_json():
    panels = two_panels()
    json.dumps(_packed(panels[0], numbered(panels), ALL), allow_nan=False)


def test_an_outline_selects_in_the_frame_it_was_drawn_on():
    panels = two_panels()
    point = panels[1].frames[1, 2]
    corners = {"x": [point[0] - 1e-3, point[0] + 1e-3], "y": [point[1] - 1e-3, point[1] + 1e-3]}
    selection = {"kind": "box", "panel": 1, "frame": 1, **corners}
    assert _numbers(selection, panels, numbered(panels)) == [numbered(panels).number["x"]]


def test_an_outline_selects_on_a_map_that_stands_still():
    panels = two_panels()
    still = [Panel("", panels[0].figure, panels[0].ids)]
    everything = {"kind": "box", "panel": 0, "frame": 0, "x": [-99, 99], "y": [-99, 99]}
    assert len(_numbers(everything, still, numbered(still))) == 4


def test_a_selection_in_a_panel_that_is_gone_is_empty():
    panels = two_panels()
    selection = {"kind": "box", "panel": 7, "frame": 0, "x": [0, 1], "y": [0, 1]}
    assert _numbers(selection, panels, numbered(panels)) == []


def test_what_the_legend_hides_is_not_selected():
    panels = two_panels()
    groups = np.array([[0, 0, 1, 1]])
    cloud = [replace(panels[0], colouring=Colouring(groups, ("a", "b")))]
    everything = {"kind": "box", "panel": 0, "frame": 0, "x": [-99, 99], "y": [-99, 99]}
    assert _numbers(everything, cloud, numbered(cloud)) == [0, 1, 2, 3]
    assert _numbers(everything | {"legend": "hide:1"}, cloud, numbered(cloud)) == [0, 1]
    assert _numbers(everything | {"legend": "only:1;means"}, cloud, numbered(cloud)) == [2, 3]


def test_the_groups_of_a_crowd_travel_for_each_row():
    groups = np.array([[0, 0, 1, 1], [1, 1, 1, 1], [0, 0, 0, 1]])
    names = tuple(f"g{j}" for j in range(MOST_TRACES + 1))
    one = replace(two_panels()[0], colouring=Colouring(groups, names))
    packed = one.packed | one.frames_packed(1, 3)
    assert packed["groups"]["names"] == list(names)
    assert (packed["of"]["first"], packed["of"]["total"]) == (1, 3)
    sent = np.frombuffer(base64.b64decode(packed["of"]["bdata"]), "<i4")
    np.testing.assert_array_equal(sent.reshape(2, 4), groups[1:])


def test_of_a_long_run_the_frames_around_an_epoch_travel(monkeypatch):
    panels = two_panels()
    assert view.window(panels, 3, 2) == (0, 3)
    monkeypatch.setattr(view, "MOST_BYTES", 10 * 2 * panels[0].bytes_of_frame)
    for anchor in (0, 4, 50, 99):
        first, stop = view.window(panels, 100, anchor)
        assert stop - first == 10 and first <= anchor < stop and first >= 0 and stop <= 100


def test_two_sessions_that_look_at_one_panel_pack_its_frames_once_each():
    one = two_panels()[0]
    there, here = one.frames_packed(0, 2), one.frames_packed(1, 3)
    assert one.frames_packed(0, 2) is there and one.frames_packed(1, 3) is here
    for last in range(4, 4 + MOST_WINDOWS):
        one.frames_packed(0, last)
    assert one.frames_packed(0, 2) is not there


def test_words_with_places_keep_them_for_the_browser():
    assert "{epoch}" in words()["epoch"] and "{epochs}" in words()["epoch"]


def script():
    import numpy as np
    import streamlit as st

    from centerviz.figures.maps import embedding_map
    from centerviz.web.embedding_view import Panel, embedding_view

    points = np.zeros((2, 3, 2), dtype=np.float32)
    figure = embedding_map(points[-1], np.array([0, 1, 1]), ("a", "b"))
    panel = Panel("", figure, np.array(["i", "j", "k"]), frames=points)
    wish = st.text_input("pinned", key="wish") or None
    view = embedding_view([panel], "view", epochs=(3, 9), pinned=wish, selected=["k", "nobody"])
    st.text(f"{view.epoch} {view.pinned} {view.selected}")


def test_before_anybody_touches_it_the_view_is_as_the_page_wished():
    at = AppTest.from_function(script).run()
    assert not at.exception
    assert at.text[0].value == "9 None ('k',)"


def test_the_page_may_change_its_wish():
    at = AppTest.from_function(script).run()
    at.text_input(key="wish").set_value("j").run()
    assert at.text[0].value == "9 j ('k',)"
    at.text_input(key="wish").set_value("nobody").run()
    assert at.text[0].value == "9 None ('k',)"


def held(state, *values):
    """What the page and the browser agree on after the browser's and the page's words in turn."""
    memory = st.session_state
    for who, value in values:
        if who == "browser":
            turn = memory.get("v asked", {}).get("pinned", {}).get("turn", 0)
            state = {"value": value, "turn": turn}
            continue
        agreement.asked("v", {"pinned": (value, agreement.answer("v", "pinned", state))})
    answer = agreement.answer("v", "pinned", state)
    return memory["v asked"]["pinned"]["value"] if answer is None else answer


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([("page", 1)], 1),
        ([("page", 1), ("browser", 2), ("page", 2)], 2),  # the page hands back what it got
        ([("page", 1), ("browser", 2), ("page", 1)], 2),  # a wish that never changes is no new one
        ([("page", -1), ("browser", 2), ("page", 2), ("page", 3)], 3),
        ([("page", 3), ("browser", 2), ("page", 2), ("page", 3)], 3),  # the same wish once more
        ([("page", 2), ("page", 3), ("browser", 2), ("page", 2)], 2),
    ],
)
def test_of_page_and_browser_the_one_that_spoke_last_is_heard(words, expected, monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    assert held(None, *words) == expected


def lassoed(panels, **outline):
    """The ids that a lasso around everything selects, as the page hears of it."""
    corners = {"kind": "box", "panel": 0, "frame": 2, "x": [-99, 99], "y": [-99, 0]}
    return {"selection": {"value": corners, "turn": 0, "map": _map(panels)} | outline}


def test_a_lasso_means_the_same_samples_on_another_map(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    panels = two_panels()[:1]
    said = lassoed(panels)
    ids = _told("v", said, numbered(panels), panels)["selection"]
    assert 0 < len(ids) < 4
    turned = [replace(panels[0], frames=-panels[0].frames)]
    assert _told("v", said, numbered(turned), turned)["selection"] == ids


def test_a_lasso_on_a_map_that_has_gone_meanwhile_is_void_and_the_browser_is_told(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    panels = two_panels()[:1]
    said = lassoed(panels, map=1 + _map(panels))
    assert _told("v", said, numbered(panels), panels)["selection"] is None
    assert agreement.asked("v", {"selection": ([], None)})["selection"]["turn"] > 0


def test_other_samples_have_other_numbers_and_the_browser_is_told(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    first = agreement.asked("v", {"pinned": (1, None)}, of=7)["pinned"]["turn"]
    assert agreement.asked("v", {"pinned": (1, 1)}, of=7)["pinned"]["turn"] == first
    assert agreement.asked("v", {"pinned": (1, 1)}, of=8)["pinned"]["turn"] > first
