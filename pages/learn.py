"""Learn: a lesson, predicted first, then worked step by step with the picture beside it."""

from typing import Any

import streamlit as st

from centerviz.figures.lesson import vector_picture
from centerviz.language import N_, _, current, worded
from centerviz.lessons.inputs import answer
from centerviz.lessons.lesson import Lesson, Step
from centerviz.lessons.rendering import lesson, names, reason
from centerviz.lessons.words import Part, texts
from centerviz.problem import Problem
from centerviz.web import lesson_inputs, session, state
from centerviz.web.embedding_view.view import Panel, embedding_view
from centerviz.web.naming import plain

SHORT = {
    "normalisation": N_("Normalisation"),
    "centroid": N_("Centroid"),
    "center-loss": N_("Center loss"),
    "shortcut": N_("Inner-product shortcut"),
}


def page() -> None:
    of = chosen()
    parts, typed = texts(of.name, current()), lesson_inputs.typed(of)
    st.header(parts[""].title)
    used, problem = lesson_inputs.usable(of, typed)
    with st.container():  # also when all is well, so that nothing below changes its place
        if problem:
            complain(problem)
    read = of.read(used)
    steps = of.steps(read)
    at = state.whole("step", 0, len(steps), 0)
    words, picture = st.columns([6, 5], gap="large")
    with words:
        if at == 0:
            ask(of, read, parts)
            turn_pages(of, at, len(steps))
        else:
            turn_pages(of, at, len(steps))
            explain(steps[at - 1], parts)
    with picture:
        draw(of, read, steps[at - 1] if at else None, parts, used)
    show_more(of, typed, steps[at - 1] if at else None, parts)


def complain(problem: Problem) -> None:
    """What is wrong with the numbers, and what the page shows meanwhile."""
    sentence = plain(worded(problem))
    kept = _("Below are the last numbers that could be used; what you typed is kept.")
    st.error(f"{sentence}  \n{kept}", icon=":material/error:")


def chosen() -> Lesson:
    """The lesson of the address; picking another one starts at its question."""
    state.seed_choice("lesson", "lesson", names(), names()[0])
    st.segmented_control(
        _("Lesson"),
        names(),
        key="lesson",
        format_func=lambda name: f"{names().index(name) + 1} · {_(SHORT[name])}",
        required=True,
        label_visibility="collapsed",
        on_change=lambda: go_to(st.session_state["lesson"], 0),
    )
    return lesson(st.session_state["lesson"])


def go_to(name: str, step: int) -> None:
    """Open a step of a lesson; inputs that the lesson does not share start anew."""
    before = state.choice("lesson", names(), names()[0])
    lesson_inputs.forget(lesson(before), unless=lesson(name))
    st.session_state["lesson"] = name
    state.remember(lesson=name, step=step or None)


def ask(of: Lesson, read: Any, parts: dict[str, Part]) -> None:
    """The idea, the question, and what is to be said of the answer."""
    question = of.question(read)
    st.markdown(parts["idea"].body)
    st.subheader(_("Predict first"))
    st.markdown(parts["question"].filled(question.words).body)
    guess = st.text_input(_("Your prediction"), key=f"guess {of.name}", max_chars=40)
    if not guess:
        return
    try:
        verdict = question.judged(answer(guess))
    except Problem as problem:
        st.warning(plain(worded(problem)))
        return
    key = verdict if verdict in ("right", "wrong") else f"slip-{verdict}"
    (st.success if verdict == "right" else st.info)(parts[key].filled(question.words).body)


def explain(step: Step, parts: dict[str, Part]) -> None:
    """One step: formula, formula with the numbers, value, why; and the correction if any."""
    part = parts[step.key].filled(step.words)
    st.subheader(part.title)
    line(_("Formula"), step.formula)
    line(_("With the numbers"), step.substituted)
    line(_("Value"), step.shown, strong=True)
    st.markdown(part.body)
    if step.correction:
        with st.container(border=True):
            theirs, ours = st.columns(2)
            with theirs:
                line(_("The article"), step.correction.article)
            with ours:
                line(_("Here"), step.correction.ours, strong=True)
            st.markdown(reason(step, parts))


def line(label: str, formula: str, strong: bool = False) -> None:
    """A formula under its label; it may break at its signs, which `st.latex` does not allow."""
    if formula:
        st.caption(label)
        shown = rf"$\displaystyle {formula}$"
        st.markdown(f":primary[{shown}]" if strong else shown)


def turn_pages(of: Lesson, at: int, last: int) -> None:
    """Back and next, with a key each; the last step leads to the next lesson."""
    following = names()[(names().index(of.name) + 1) % len(names())]
    label, target = _("Next"), (of.name, at + 1)
    if at == 0:
        label = _("Show the steps")
    elif at == last:
        label, target = _("Next lesson: {name}", name=_(SHORT[following])), (following, 0)
    with st.container(horizontal=True, vertical_alignment="center"):
        back = (of.name, max(at - 1, 0))
        st.button(_("Back"), key="back", shortcut="B", disabled=at == 0, on_click=go_to, args=back)
        st.button(label, key="next", shortcut="N", type="primary", on_click=go_to, args=target)
        if at:
            st.caption(_("Step {at} of {last}", at=at, last=last))


def draw(of: Lesson, read: Any, step: Step | None, parts: dict[str, Part], used: dict) -> None:
    """The picture; a click on a sample makes it the one to look at."""
    marks = of.marks(read, step.key if step else "")
    figure = vector_picture(
        marks,
        step.focus if step else (),
        [str(label) for label in getattr(read, "labels", ())],
        dark=session.dark(),
        lecture=session.lecture(),
    )
    ids = lesson_inputs.sample_ids(marks)
    caption = parts.get(f"picture-{step.key}" if step else "", parts["picture"]).body
    panel = Panel("", figure, ids, alt=caption)
    view = embedding_view([panel], "lesson-picture", pinned=used.get("sample"), height=400)
    st.caption(caption)
    if "sample" in used and view.pinned not in (None, used["sample"]):
        state.remember(sample=view.pinned)
        st.rerun()


def show_more(of: Lesson, typed: dict, step: Step | None, parts: dict[str, Part]) -> None:
    """Your own numbers, the code behind the value, and where the lesson comes from."""
    numbers, code, source = st.tabs([_("Your numbers"), _("The code"), _("Where this comes from")])
    with numbers:
        st.button(
            _("The article's numbers"),
            key="reset",
            disabled=typed == of.defaults,
            on_click=lesson_inputs.forget,
            args=(of,),
        )
        lesson_inputs.widgets(of, typed)
    with code:
        if step is None:
            st.caption(_("Open a step to see the function that computes it."))
        else:
            st.caption(_("This function computed the value above; it also runs on torch tensors."))
            st.code(step.code)
    source.markdown(parts["source"].body)


page()
