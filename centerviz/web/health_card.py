"""What health checks found, in words: seen, cause, cure; one quiet line when all is well."""

from collections.abc import Sequence
from dataclasses import asdict

import streamlit as st

from centerviz.embedding.checkup import checkup
from centerviz.language import _
from centerviz.web.naming import plain
from centerviz.web.results import run_at
from centerviz.web.subject import Shown


@st.cache_data(max_entries=32, show_spinner=False)
def findings(path: str, epoch: int) -> list[dict]:
    """The findings of a finished epoch, 1…, as the run wrote them down."""
    lines = run_at(path).epoch_lines()[:epoch]
    return lines[-1].get("findings", []) if lines else []


def of_rows(shown: Shown, dropped: int) -> list[dict]:
    """What can be found in the rows of a file, whoever made them."""
    return _of_rows(shown.key, dropped, shown)


@st.cache_data(max_entries=32, show_spinner=False)
def _of_rows(key: tuple, dropped: int, _shown: Shown) -> list[dict]:
    known = _shown.space.x, _shown.labels, _shown.reading.accuracy
    return [asdict(finding) for finding in checkup(*known, dropped)]


def cards(found: Sequence[dict], name: str, key: str) -> None:
    """A card for each finding; `key` tells them from those of other runs."""
    for finding in found:
        with st.container(border=True, key=f"health {key} {finding['code']}"):
            seen = _("{name}: {seen}", name=plain(name), seen=plain(filled(finding, "seen")))
            st.markdown(f":material/health_and_safety: **{seen}**")
            st.markdown(_("Why: {cause}", cause=plain(filled(finding, "cause"))))
            st.markdown(_("What to do: {cure}", cure=plain(filled(finding, "cure"))))


def quiet(name: str) -> None:
    """The line that says that all checks are silent."""
    st.caption(_(":material/favorite: {name}: all health checks are silent.", name=plain(name)))


class _Endless:
    """A number that was not finite, which JSON keeps as null: ∞ in whatever format is asked."""

    def __format__(self, _how: str) -> str:
        return "∞"


def filled(finding: dict, part: str) -> str:
    """A finding's `seen`, `cause` or `cure` in words.

    >>> filled({"seen": "At {far:.3g} and {near:.3g}.", "values": {"far": None, "near": 1}}, "seen")
    'At ∞ and 1.'
    """
    values = {k: _Endless() if value is None else value for k, value in finding["values"].items()}
    return _(finding[part]).format(**values)
