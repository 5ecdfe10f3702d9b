"""The parts of the learn page: question, worked step, picture, and what stands under them."""

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from centerviz.figures.lesson import vector_picture
from centerviz.figures.lesson_chart import chart_picture, maps_picture
from centerviz.figures.lesson_terms import pointable
from centerviz.language import _, current, worded
from centerviz.lessons.inputs import answer
from centerviz.lessons.lesson import Chart, Lesson, Maps, Question, Step
from centerviz.lessons.rendering import reason, shown_inputs, third_opinion
from centerviz.lessons.symbols import used as used_symbols
from centerviz.lessons.words import Part
from centerviz.lessons.worksheets import variants
from centerviz.lessons.writing import is_exact
from centerviz.lessons.writing import plain as plain_number
from centerviz.problem import Problem
from centerviz.web import lesson_inputs, session, state, taking_home
from centerviz.web.chart import chart
from centerviz.web.embedding_view import Panel, embedding_view
from centerviz.web.naming import plain

CHECKS, CHECK_SEED = 50, 2016  # sets of numbers to check oneself on
ANSWER_DECIMALS = 4
HEIGHT = {False: 400, True: 340}  # of a picture, by lecture mode, where all is larger


def complain(problem: Problem) -> None:
    """What is wrong with the numbers, and what the page shows meanwhile."""
    sentence = plain(worded(problem))
    kept = _("Below are the last numbers that could be used; what you typed is kept.")
    st.error(f"{sentence}  \n{kept}", icon=":material/error:")


def predict(of: Lesson, read: Any, parts: dict[str, Part]) -> None:
    """The idea and the question."""
    st.markdown(parts["idea"].body)
    st.subheader(_("Predict first"))
    _ask(of.question(read), parts, f"guess {of.name}", "A")


def check(of: Lesson, parts: dict[str, Part]) -> None:
    """The question once more, on numbers that were never shown; the address keeps which."""
    number = state.whole("check", 1, CHECKS, 1)
    typed = variants(of, number, CHECK_SEED)[-1]
    st.markdown(_("The same question on new numbers:"))
    st.markdown("\n\n".join(shown_inputs(of, typed)))
    _ask(of.question(of.read(typed)), parts, f"check {of.name} {number}")
    following = number % CHECKS + 1
    st.button(
        _("Other numbers"),
        key="other numbers",
        on_click=state.remember,
        kwargs={"check": following if following > 1 else None},
    )


def _ask(question: Question, parts: dict[str, Part], key: str, shortcut: str | None = None) -> None:
    """The question, and what is to be said of the answer; a button tells the answer."""
    st.markdown(parts["question"].filled(question.words).body)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        guess = st.text_input(_("Your prediction"), key=key, max_chars=40, width=260)
        if st.button(_("Reveal"), key=f"reveal {key}", shortcut=shortcut):
            st.session_state[f"{key} shown"] = True
    if st.session_state.get(f"{key} shown"):
        exact = is_exact(question.expected, ANSWER_DECIMALS)
        sign = "=" if exact else "≈"
        st.success(f"{sign} {plain_number(question.expected, ANSWER_DECIMALS)}")
    if not guess:
        return
    try:
        verdict = question.judged(answer(guess))
    except Problem as problem:
        st.warning(plain(worded(problem)))
        return
    key = verdict if verdict in ("right", "wrong") else f"slip-{verdict}"
    (st.success if verdict == "right" else st.info)(parts[key].filled(question.words).body)


def explain(step: Step, parts: dict[str, Part]) -> DeltaGenerator:
    """One step: formula, formula with the numbers, value, why; and the correction if any.

    Returns the place for what takes longer, which is filled when all else is drawn.
    """
    part = parts[step.key].filled(step.words)
    st.subheader(part.title)
    _line(_("Formula"), step.formula)
    _line(_("With the numbers"), step.substituted)
    _line(_("Value"), step.shown, strong=True)
    st.markdown(part.body)
    beside = st.container()
    if step.correction:
        with st.container(border=True):
            theirs, ours = st.columns(2)
            with theirs:
                _line(_("The article"), step.correction.article)
            with ours:
                _line(_("Here"), step.correction.ours, strong=True)
            st.markdown(reason(step, parts))
    return beside


def check_by_autograd(step: Step, beside: DeltaGenerator) -> None:
    """What autograd finds for the step's gradient; the first time takes as long as PyTorch does."""
    if step.loss:
        with beside, st.spinner(_("PyTorch is being loaded…")):
            st.markdown(third_opinion(step))


def _line(label: str, formula: str, strong: bool = False) -> None:
    """A formula under its label; it may break at its signs, which `st.latex` does not allow."""
    if formula:
        st.caption(label)
        shown = rf"$\displaystyle {formula}$"
        st.markdown(f":primary[{shown}]" if strong else shown)


def draw(of: Lesson, read: Any, step: Step | None, parts: dict[str, Part], used: dict) -> None:
    """The picture; a click on a sample makes it the one to look at, a drag changes its numbers."""
    with st.spinner(_("Drawing…")):
        picture = of.picture(read, step.key if step else "")
    caption = parts.get(f"picture-{step.key}" if step else "picture", parts["picture"]).body
    labels = [str(label) for label in getattr(read, "labels", ())]
    look, height = {"dark": session.dark(), "lecture": session.lecture()}, HEIGHT[session.lecture()]
    if isinstance(picture, Chart):
        chart(chart_picture(picture, **look), f"lesson-chart {of.name}", alt=caption, height=height)
    elif isinstance(picture, Maps):
        figure = maps_picture(picture, labels, **look)
        chart(figure, f"lesson-maps {of.name}", alt=caption, height=height + 60)
    else:
        focus = step.focus if step else ()
        figure = vector_picture(picture, focus, labels, **look)
        marks = pointable(picture, focus, lesson_inputs.rows(of, used))
        panel = Panel("", figure, lesson_inputs.sample_ids(picture), alt=caption, marks=marks)
        view = embedding_view([panel], "lesson-picture", pinned=used.get("sample"), height=height)
        moved = lesson_inputs.moved(of, used, view.moved)
        if moved:
            state.remember(**moved)
            st.rerun()
        if "sample" in used and view.pinned not in (None, used["sample"]):
            state.remember(sample=view.pinned)
            st.rerun()
    st.caption(caption)


def show_more(
    of: Lesson, typed: dict, used: dict, steps: tuple[Step, ...], at: int, parts: dict[str, Part]
) -> None:
    """Your own numbers, a check, the code behind the value, what to take home, and the source.

    Step `at` is open, from 1; 0 is the question.
    """
    step = steps[at - 1] if at else None
    titles = (_("Your numbers"), _("Check yourself"), _("The code"), _("Take home"), _("Symbols"))
    numbers, test, code, home, symbols, source = st.tabs([*titles, _("Where this comes from")])
    with numbers:
        with st.container(horizontal=True):
            st.button(
                _("The lesson's numbers"),
                key="reset",
                disabled=typed == of.defaults,
                on_click=lesson_inputs.forget,
                args=(of,),
            )
            lesson_inputs.take_batch(of)
        lesson_inputs.widgets(of, typed)
    with test:
        check(of, parts)
    with code:
        if step is None:
            st.caption(_("Open a step to see the function that computes it."))
        else:
            st.caption(_("This function computed the value above:"))
            st.code(step.code)
            st.caption(_("In one line of NumPy, after the steps before it:"))
            st.code(step.line, wrap_lines=True)
    with home:
        taking_home.documents(of, used)
        st.divider()
        taking_home.sheets(of)
    with symbols:
        entries = used_symbols(steps, current())
        st.markdown("\n".join(f"- {part.title} — {part.body}" for part in entries))
    source.markdown(parts["source"].body)
