"""Language and lecture mode: from the address, else from the browser, and kept in the address."""

import pytest
from streamlit.testing.v1 import AppTest

from centerviz.web import session


def script():
    import streamlit as st

    from centerviz.web import session

    session.settle()
    session.settings()
    st.text(f"{session.language()} {session.lecture()} {st.session_state['lang_chosen']}")


def opened(locale=None, **query):
    at = AppTest.from_function(script)
    at.context = {"locale": locale}
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


@pytest.mark.parametrize(
    ("locale", "query", "expected"),
    [
        ("en-US", {}, "en"),
        ("zh-CN", {}, "zh"),
        ("zh-CN", {"lang": "en"}, "en"),
        ("en-US", {"lang": "zh"}, "zh"),
        ("en-US", {"lang": "../../etc"}, "en"),
        ("fr", {}, "en"),
    ],
)
def test_the_address_wins_over_the_browser(locale, query, expected):
    at = opened(locale, **query)
    assert at.text[0].value.startswith(expected)


def test_a_language_of_the_browser_is_not_a_choice_until_somebody_makes_one():
    at = opened("zh-CN")
    assert at.text[0].value == "zh False False"
    at.segmented_control(key="lang").set_value("en").run()
    assert at.text[0].value == "en False True"


def test_lecture_mode_comes_from_the_address():
    assert opened(lecture="true").text[0].value == "en True False"
    assert opened(lecture="yes please").text[0].value == "en False False"


def test_outside_of_a_session_the_language_is_english():
    assert session.language() == "en"


def test_larger_type_needs_more_room(monkeypatch):
    for state, expected in (({}, 105), ({"lecture": True}, 157)):
        monkeypatch.setattr(session.st, "session_state", state)
        assert session.width(105) == expected
