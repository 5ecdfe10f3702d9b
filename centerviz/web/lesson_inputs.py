"""The inputs of a lesson as widgets; what was typed stays in the address as it was typed.

A table keeps its cells as text, so that a cell that is not a number can stay until it is mended.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from centerviz.language import _
from centerviz.lessons.inputs import COLUMNS, ROWS, Field, cells, slider
from centerviz.lessons.lesson import Lesson, Mark
from centerviz.problem import Problem
from centerviz.web import state
from centerviz.web.batches import batch_of_run
from centerviz.web.results import finished

CLASS = "y"
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
LONGEST = 20_000  # characters of one input in the address


def typed(of: Lesson) -> dict[str, str]:
    """The inputs that the address carries, else the article's numbers."""
    given = {field.name: st.query_params.get(field.name) for field in of.inputs}
    return of.defaults | {name: text[:LONGEST] for name, text in given.items() if text is not None}


def usable(of: Lesson, now: dict[str, str]) -> tuple[dict[str, str], Problem | None]:
    """These inputs if the lesson can read them, else the last ones it could, and the problem."""
    memory = st.session_state.setdefault("lesson usable", {})
    try:
        of.read(now)
    except Problem as problem:
        return memory.get(of.name, of.defaults), problem
    memory[of.name] = now
    return now, None


def forget(of: Lesson, unless: Lesson | None = None) -> None:
    """Go back to the article's numbers, but for inputs that another lesson has as well."""
    for field in of.inputs:
        if unless is None or field not in unless.inputs:
            state.remember(**{field.name: None})


def sample_ids(marks: Sequence[Mark]) -> np.ndarray:
    """The numbers, from 1, of the samples in a picture: what a click on one of them means."""
    samples = sum(mark.kind == "sample" for mark in marks)
    return np.array([str(i + 1) for i in range(samples)], dtype=str)


def rows(of: Lesson, used: dict[str, str]) -> dict[str, np.ndarray]:
    """The inputs that hold vectors, each as rows of numbers; `used` was read and accepted."""
    fields = [field for field in of.inputs if field.form in ("table", "matrix", "vector")]
    return {field.name: np.atleast_2d(field.numbers(used[field.name])) for field in fields}


def moved(of: Lesson, used: dict[str, str], told: dict | None) -> dict[str, str]:
    """The input that a drag in the picture changed, as it would be typed; {} without one."""
    if not told:
        return {}
    given, row = rows(of, used).get(told["input"]), told["row"]
    place = np.asarray(told["numbers"], dtype=np.float64)
    if given is None or row not in range(len(given)) or place.shape != given[0].shape:
        return {}
    table = cells(used[told["input"]])
    table[row] = [f"{entry:g}" for entry in place]
    return {told["input"]: "; ".join(", ".join(line) for line in table)}


def take_batch(of: Lesson) -> None:
    """Fill the table with samples of a run; the next click takes others."""
    if not {"table", "labels"} <= {field.form for field in of.inputs}:
        return
    runs = [run.id for run in finished()]
    with st.popover(_("Take a batch of a run"), icon=":material/input:", disabled=not runs):
        chosen = st.selectbox(_("Run"), runs, key="batch run")
        if st.button(_("Take twelve samples"), key="take batch") and chosen:
            turn = st.session_state.get("batch turn", 0)
            st.session_state["batch turn"] = turn + 1
            taken = batch_of_run(chosen, turn)
            if taken is None:
                st.warning(
                    _("A lesson takes 2 to {most} features; this run has more.", most=COLUMNS)
                )
                return
            wanted = {name: text for name, text in taken.items() if name in of.defaults}
            state.remember(**wanted)
            st.rerun()


def widgets(of: Lesson, now: dict[str, str]) -> None:
    """Draw every input; a change goes into the address and the page runs again with it."""
    wanted = dict(now)
    for field in of.inputs:
        if field.form == "table":
            wanted |= _table(now)
        elif field.form != "labels":
            wanted[field.name] = _WIDGETS[field.form](field, now)
    if wanted != now:
        for name, text in wanted.items():
            if text == of.defaults[name]:
                state.remember(**{name: None})
            else:
                st.query_params[name] = text  # also an empty one
        st.rerun()


def _follow(key: str, text: str, value: object = None) -> None:
    """Give a widget the address's text whenever that changed elsewhere (reset, a link, a click).

    Also when the widget was away, in a lesson without it: its text went with it.
    """
    if key not in st.session_state or st.session_state.get(f"{key} seen") != text:
        st.session_state[f"{key} seen"] = text
        st.session_state[key] = text if value is None else value


def _vector(field: Field, now: dict[str, str]) -> str:
    key = f"lesson {field.name}"
    _follow(key, now[field.name])
    text = st.text_input(_label(field), key=key, help=_("Numbers split by commas."))
    st.session_state[f"{key} seen"] = text
    return text


def _matrix(field: Field, now: dict[str, str]) -> str:
    """Rows of numbers, a line of text each."""
    key = f"lesson {field.name}"
    _follow(key, now[field.name], now[field.name].replace("; ", "\n"))
    height = 46 + 24 * max(2, len(cells(now[field.name])[:ROWS]))
    text = st.text_area(
        _label(field),
        key=key,
        height=height,
        width=420,
        help=_("One row in each line, split by commas."),
    )
    rows = "; ".join(line.strip() for line in text.splitlines())
    st.session_state[f"{key} seen"] = rows
    return rows


def _sample(field: Field, now: dict[str, str]) -> str:
    key = f"lesson {field.name}"
    rows = [str(i + 1) for i in range(len(cells(now["x"])[:ROWS]))]
    given = now[field.name]
    _follow(key, given)
    text = st.selectbox(
        _("Sample to look at"),
        rows if given in rows else [given, *rows],
        key=key,
        width=220,
        help=_("Its row in the table, from 1; a click on a sample in the picture picks it too."),
    )
    st.session_state[f"{key} seen"] = text
    return text


def _slider(field: Field, now: dict[str, str]) -> str:
    """A number that cannot be used stays in the address until the slider is moved."""
    key, given = f"lesson {field.name}", now[field.name]
    try:
        value = slider(now, field)
    except Problem:
        value = float(field.default)
    _follow(key, given, value)
    moved = st.slider(
        _label(field), field.least, field.most, step=field.step, format="%g", key=key, width=420
    )
    text = given if moved == value else f"{moved:g}"
    st.session_state[f"{key} seen"] = text
    return text


def _choice(field: Field, now: dict[str, str]) -> str:
    key, given = f"lesson {field.name}", now[field.name]
    known = given if given in field.choices else field.default
    _follow(key, given, known)
    picked = st.segmented_control(_label(field), field.choices, key=key, required=True)
    text = given if picked == known else picked
    st.session_state[f"{key} seen"] = text
    return text


def _label(field: Field) -> str:
    return _(field.label) if field.label else field.name


_WIDGETS = {
    "vector": _vector,
    "matrix": _matrix,
    "sample": _sample,
    "slider": _slider,
    "choice": _choice,
}


def _table(now: dict[str, str]) -> dict[str, str]:
    """The editor of samples and classes; its first frame stays while only the editor changes it."""
    memory = st.session_state.setdefault("lesson table", {"version": 0, "seen": None})
    seen = (now["x"], now[CLASS])
    if memory["seen"] != seen:
        memory |= {"version": memory["version"] + 1, "seen": seen, "base": frame(*seen)}
    edited = st.data_editor(
        memory["base"],
        key=f"lesson table {memory['version']}",
        num_rows="dynamic",
        hide_index=False,
        width="content",
        column_config={
            name: st.column_config.TextColumn(
                _("class y") if name == CLASS else name, alignment="right", width="small"
            )
            for name in memory["base"].columns
        },
        alt=_("Samples as rows: class and entries"),
    )
    if edited.equals(memory["base"]):
        return {}
    x, y = texts(edited)
    memory["seen"] = (x, y)
    return {"x": x, CLASS: y}


def frame(x: str, y: str) -> pd.DataFrame:
    """Samples as rows of text: the class, then the entries; short rows end in empty cells.

    >>> frame("1, 0; 0", "2, 3").values.tolist()
    [['2', '1', '0'], ['3', '0', '']]
    """
    rows = cells(x)[:ROWS]
    labels = [cell for row in cells(y) for cell in row][:ROWS]
    width = max((len(row) for row in rows), default=2)
    names = [f"x{d}".translate(SUBSCRIPT) for d in range(1, width + 1)]
    table = [
        [labels[i] if i < len(labels) else "", *row, *[""] * (width - len(row))]
        for i, row in enumerate(rows)
    ]
    numbered = pd.RangeIndex(1, len(table) + 1)
    return pd.DataFrame(table, numbered, columns=[CLASS, *names], dtype=object)


def texts(table: pd.DataFrame) -> tuple[str, str]:
    """The samples and the classes of an edited table, as they would be typed; empty rows go.

    >>> texts(frame("1, 0; 0, 1", "2, 3"))
    ('1, 0; 0, 1', '2, 3')
    """
    rows = [["" if pd.isna(cell) else str(cell).strip() for cell in row] for row in table.values]
    rows = [row for row in rows if any(row)]
    for cell in (cell for row in rows for cell in row if set(cell) & set(",;，；、\n")):
        raise Problem(
            "A cell holds “{cell}”; type one number in each cell, with a point, such as 0.5.",
            cell=cell[:24],
        )
    return "; ".join(", ".join(row[1:]) for row in rows), ", ".join(row[0] for row in rows)
