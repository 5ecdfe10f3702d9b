"""What page and browser agree on: of the two, whoever spoke last is heard.

Each wish of the page has a number, its turn, and the browser says which one it knew of. What the
browser says of samples is said of the map it shows; it is turned into ids once, when it comes, so
that another map, split or epoch cannot change what was meant.
"""

from collections.abc import Callable

import streamlit as st


def answer(key: str, name: str, said: dict | None) -> object:
    """What the browser settled on; None where the page has wished for something else since."""
    turn = st.session_state.get(f"{key} asked", {}).get(name, {}).get("turn", 0)
    return said["value"] if said and said.get("turn") == turn else None


def meant(
    key: str, name: str, said: dict | None, shown: int, meaning: Callable[[object], object]
) -> object:
    """The `meaning` of what the browser settled on, of the map numbered `shown`; None as above.

    Words about a map that has gone meanwhile are void, and the browser is told so.
    """
    value = answer(key, name, said)
    if value is None:
        return None
    memory = st.session_state.setdefault(f"{key} meant", {})
    heard, ids = memory.get(name, (None, None))
    if heard == said:
        return ids
    if said.get("map") != shown:
        asked = st.session_state.setdefault(f"{key} asked", {})
        last = asked.get(name, {"value": None, "turn": 0})
        asked[name] = last | {"turn": last["turn"] + 1}
        return None
    memory[name] = (dict(said), meaning(value))
    return memory[name][1]


def asked(key: str, values: dict[str, tuple], of: int = 0) -> dict:
    """What the page asked for last, each wish with its turn; `values` are its wishes now and what
    the browser holds. A wish that is as before, or only repeats the browser's, is not a new one.

    So the data stays the same to the byte while a person plays, and is not sent again. `of` tells
    the samples by whose numbers both speak; with others every wish is a new one.
    """
    memory = st.session_state.setdefault(f"{key} asked", {})
    wishes = st.session_state.setdefault(f"{key} wishes", {})
    others = st.session_state.setdefault(f"{key} of", of) != of
    st.session_state[f"{key} of"] = of
    for name, (wanted, browser) in values.items():
        last = memory.setdefault(name, {"value": wanted, "turn": 0})
        held = last["value"] if browser is None else browser
        is_new = browser is None or wanted != wishes[name]
        if others or (is_new and wanted != held):
            memory[name] = {"value": wanted, "turn": last["turn"] + 1}
        wishes[name] = wanted
    return dict(memory)
