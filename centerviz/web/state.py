"""What the address bar carries: codes, never words of one language.

A widget is seeded from the URL before it is drawn (`seed`) and written back after (`remember`).
Values from the URL are anybody's text: they are checked against a list or a range first.
"""

from collections.abc import Sequence

import streamlit as st


def choice(name: str, allowed: Sequence[str], default: str) -> str:
    """The URL's code for `name` if it is one of `allowed`, else `default`."""
    given = st.query_params.get(name)
    return given if given in allowed else default


def whole(name: str, low: int, high: int, default: int) -> int:
    """The URL's whole number for `name`, held inside low…high; `default` for anything else."""
    given = st.query_params.get(name, "")
    if not (given.isascii() and given.lstrip("-").isdigit() and len(given) < 12):
        return default
    return min(max(int(given), low), high)


def seed(key: str, value: object) -> None:
    """Give a widget its first value; later runs keep what the person chose."""
    if key not in st.session_state:
        st.session_state[key] = value


def seed_choice(key: str, name: str, allowed: Sequence[str], default: str) -> None:
    """`seed` from the URL; a kept value that is no longer allowed falls back as well."""
    if st.session_state.get(key) not in allowed:
        st.session_state[key] = choice(name, allowed, default)


def remember(**codes: object) -> None:
    """Write codes into the URL; None takes a name out. Nothing is sent when nothing changed."""
    for name, code in codes.items():
        if code is None or code == "":
            if name in st.query_params:
                del st.query_params[name]
        elif st.query_params.get(name) != str(code):
            st.query_params[name] = str(code)
