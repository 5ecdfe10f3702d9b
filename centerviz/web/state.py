"""What the address bar carries: codes, never words of one language.

A widget is seeded from the URL before it is drawn (`seed`) and written back after (`remember`).
Values from the URL are anybody's text: they are checked against a list or a range first.
"""

import base64
import binascii
import zlib
from collections.abc import Sequence

import numpy as np
import streamlit as st

LONGEST = 1500  # characters of a selection in the address; more breaks links in mails and chats


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


def numbers(name: str, count: int, low: int, high: int) -> tuple[int, ...] | None:
    """The URL's `count` different whole numbers for `name`, all in low…high; None for else."""
    parts = st.query_params.get(name, "").split(",")
    if not all(part.isascii() and part.isdigit() and len(part) < 9 for part in parts):
        return None
    found = tuple(map(int, parts))
    fits = len(set(found)) == len(found) == count and all(low <= k <= high for k in found)
    return found if fits else None


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


def picked(name: str, ids: np.ndarray) -> tuple[str, ...]:
    """The ids that the URL's code for `name` selects; none where the code is of other samples."""
    mask = mask_of(st.query_params.get(name, ""), len(ids))
    return tuple(map(str, ids[mask]))


def remember_picked(name: str, ids: np.ndarray, chosen: Sequence[str]) -> None:
    """Write which of `ids` are chosen into the URL, unless that makes it too long to pass on."""
    code = code_of(np.isin(ids, list(chosen))) if len(chosen) else ""
    remember(**{name: code if len(code) <= LONGEST else None})


def remember_legend(hidden: str) -> None:
    """Write what a legend hides into the URL, unless that makes it too long to pass on."""
    remember(legend=hidden if 0 < len(hidden) <= LONGEST else None)


def code_of(mask: np.ndarray) -> str:
    """A mask (N,) as text for an address: its bits, compressed, in base64's URL alphabet.

    >>> mask_of(code_of(np.array([False, True, True])), 3)
    array([False,  True,  True])
    """
    packed = zlib.compress(np.packbits(mask).tobytes(), 9)
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def mask_of(code: str, n: int) -> np.ndarray:
    """The mask (n,) of a code; all False for anything that is not a code of n samples."""
    nothing, size = np.zeros(n, dtype=bool), (n + 7) // 8
    try:
        packed = base64.b64decode(code[:LONGEST] + "==", altchars=b"-_")
        bits = zlib.decompressobj().decompress(packed, size + 1)
    except (binascii.Error, zlib.error, ValueError):
        return nothing
    if len(bits) != size:
        return nothing
    return np.unpackbits(np.frombuffer(bits, dtype=np.uint8), count=n).astype(bool)
