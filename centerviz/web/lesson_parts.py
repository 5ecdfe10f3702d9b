"""The parts of the learn page: question, worked step, picture, and what stands under them."""

from typing import Any

import streamlit as st

from centerviz.figures.lesson import vector_picture
from centerviz.figures.lesson_chart import chart_picture, maps_picture
from centerviz.language import _, worded
from centerviz.lessons.inputs import answer
from centerviz.lessons.lesson import Chart, Lesson, Maps, Step
from centerviz.lessons.rendering import reason
from centerviz.lessons.words import Part
from centerviz.problem import Problem
from centerviz.web import lesson_inputs, session, state
from centerviz.web.chart import chart
from centerviz.web.embedding_view import Panel, embedding_view
from centerviz.web.naming import plain


def complain(problem: Problem) -> None:
    """What is wrong with the numbers, and what the page shows meanwhile."""
    sentence = plain(worded(problem))
    kept = _("Below are the last numbers that could be used; what you typed is kept.")
    st.error(f"{sentence}  \n{kept}", icon=":material/error:")


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
    _line(_("Formula"), step.formula)
    _line(_("With the numbers"), step.substituted)
    _line(_("Value"), step.shown, strong=True)
    st.markdown(part.body)
    if step.correction:
        with st.container(border=True):
            theirs, ours = st.columns(2)
            with theirs:
                _line(_("The article"), step.correction.article)
            with ours:
                _line(_("Here"), step.correction.ours, strong=True)
            st.markdown(reason(step, parts))


def _line(label: str, formula: str, strong: bool = False) -> None:
    """A formula under its label; it may break at its signs, which `st.latex` does not allow."""
    if formula:
        st.caption(label)
        shown = rf"$\displaystyle {formula}$"
        st.markdown(f":primary[{shown}]" if strong else shown)


def draw(of: Lesson, read: Any, step: Step | None, parts: dict[str, Part], used: dict) -> None:
    """The picture; a click on a sample makes it the one to look at."""
    picture = of.picture(read, step.key if step else "")
    caption = parts.get(f"picture-{step.key}" if step else "", parts["picture"]).body
    labels = [str(label) for label in getattr(read, "labels", ())]
    look = {"dark": session.dark(), "lecture": session.lecture()}
    if isinstance(picture, Chart):
        chart(chart_picture(picture, **look), f"lesson-chart {of.name}", alt=caption, height=400)
    elif isinstance(picture, Maps):
        figure = maps_picture(picture, labels, **look)
        chart(figure, f"lesson-maps {of.name}", alt=caption, height=460)
    else:
        figure = vector_picture(picture, step.focus if step else (), labels, **look)
        panel = Panel("", figure, lesson_inputs.sample_ids(picture), alt=caption)
        view = embedding_view([panel], "lesson-picture", pinned=used.get("sample"), height=400)
        if "sample" in used and view.pinned not in (None, used["sample"]):
            state.remember(sample=view.pinned)
            st.rerun()
    st.caption(caption)


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
