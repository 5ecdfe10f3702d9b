"""Learn: a lesson, predicted first, then worked step by step with the picture beside it."""

import streamlit as st

from centerviz.language import N_, _, current
from centerviz.lessons.lesson import Lesson
from centerviz.lessons.rendering import lesson, names
from centerviz.lessons.words import texts
from centerviz.web import lesson_inputs, lesson_parts, lesson_training, session, state

SHORT = {
    "normalisation": N_("Normalisation"),
    "centroid": N_("Centroid"),
    "center-loss": N_("Center loss"),
    "shortcut": N_("Inner-product shortcut"),
    "softmax": N_("Softmax cross-entropy"),
    "joint-loss": N_("Joint loss and λ"),
    "gradients": N_("Gradients"),
    "centers": N_("Moving the centers"),
    "epoch": N_("An epoch by hand"),
    "pairs": N_("Pairs and triplets"),
    "scatter": N_("Intra and inter"),
    "verification": N_("Same or different"),
    "maps": N_("What a map can hide"),
}


def page() -> None:
    top = st.container(horizontal=True, vertical_alignment="center")
    with top:
        of = chosen()
    parts, typed = texts(of.name, current()), lesson_inputs.typed(of)
    title = st.container()
    used, problem = lesson_inputs.usable(of, typed)
    with st.container():  # also when all is well, so that nothing below changes its place
        if problem:
            lesson_parts.complain(problem)
        read = of.read(used)
        with st.spinner(_("Working it out…")):  # maps by t-SNE take a moment
            steps = of.steps(read)
    at = state.whole("step", 0, len(steps), 0)
    one_screen = session.lecture() and at > 0  # a step with all its lines, and no line else
    if not one_screen:
        title.header(parts[""].title)
    words, picture = st.columns([6, 5], gap="large")
    with words:
        if at == 0:
            lesson_parts.predict(of, read, parts)
            turn_pages(of, at, len(steps))
        else:
            with top if one_screen else st.container():
                turn_pages(of, at, len(steps))
            beside = lesson_parts.explain(steps[at - 1], parts)
    with picture:
        lesson_parts.draw(of, read, steps[at - 1] if at else None, parts, used)
    lesson_training.literal_training(of, steps[at - 1] if at else None)
    lesson_parts.show_more(of, typed, used, steps, at, parts)
    if at:
        lesson_parts.check_by_autograd(steps[at - 1], beside)


def chosen() -> Lesson:
    """The lesson of the address; picking another one starts at its question."""
    state.seed_choice("lesson", "lesson", names(), names()[0])
    st.selectbox(
        _("Lesson"),
        names(),
        key="lesson",
        format_func=lambda name: f"{names().index(name) + 1} · {_(SHORT[name])}",
        label_visibility="collapsed",
        width=360,
        on_change=open_picked,
    )
    return lesson(st.session_state["lesson"])


def open_picked() -> None:
    """Open the picked lesson; right after a change of language the browser may name the old one."""
    if st.session_state["lesson"] in names():
        go_to(st.session_state["lesson"], 0)


def go_to(name: str, step: int) -> None:
    """Open a step of a lesson; inputs that the lesson does not share start anew."""
    before = state.choice("lesson", names(), names()[0])
    lesson_inputs.forget(lesson(before), unless=lesson(name))
    st.session_state["lesson"] = name
    state.remember(lesson=name, step=step or None)


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


page()
