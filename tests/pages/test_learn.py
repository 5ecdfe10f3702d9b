"""The learn page: predict, step through, change the numbers; the address restores it all."""

import re
from pathlib import Path

import pytest

from centerviz.learning.presets import PRESETS
from centerviz.lessons import names
from centerviz.lessons.article import TABLE
from centerviz.lessons.literal import WISHES
from centerviz.lessons.rendering import lesson
from centerviz.lessons.words import texts
from centerviz.lessons.worksheets import variants
from centerviz.runs.store import STOP, create_run
from centerviz.web.lesson_parts import CHECK_SEED


def said(at):
    kinds = (at.header, at.subheader, at.markdown, at.caption, at.error, at.info, at.success)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_the_first_lesson_opens_with_its_question(open_page):
    at = open_page("learn")
    assert at.header[0].value.startswith("Normalisation")
    assert at.subheader[0].value == "Predict first"
    assert at.button(key="next").label == "Show the steps"
    assert at.button(key="back").disabled


@pytest.mark.parametrize("name", names())
def test_every_lesson_opens_at_its_last_step(open_page, name):
    of = lesson(name)
    last = str(len(of.steps(of.read(of.defaults))))
    at = open_page("learn", lesson=name, step=last)
    assert not at.exception
    assert at.header[0].value == texts(name, "en")[""].title
    assert at.query_params["step"] in (last, [last])


def test_a_step_is_shown_in_the_chosen_language(open_page):
    at = open_page("learn", lesson="shortcut", step="13", literal="with,without,nothing")
    assert at.button(key="train literal").label == "Train all three"
    at.segmented_control(key="lang").set_value("zh").run()
    assert at.header[0].value == texts("shortcut", "zh")[""].title
    assert at.query_params["step"] in ("13", ["13"])


def test_a_training_that_cannot_be_stopped_says_so_in_the_lesson(no_runs, open_page):
    runs = [create_run(wish) for wish in WISHES.values()]
    (runs[0].path / STOP).symlink_to(no_runs / "nowhere" / "stop")  # nobody can write it
    literal = ",".join(run.id for run in runs)
    at = open_page("learn", lesson="shortcut", step="13", literal=literal)
    at.button(key="stop literal").click().run()
    assert not at.exception
    assert "cannot be stopped" in at.error[0].value
    assert [run.status.state for run in runs] == ["queued", "stopped", "stopped"]


def test_next_walks_through_a_lesson_and_on_to_the_following_one(open_page):
    at = open_page("learn", lesson="normalisation", step="4")
    at.button(key="next").click().run()
    assert at.subheader[0].value == "What is lost"
    assert at.button(key="next").label == "Next lesson: Centroid"
    at.button(key="next").click().run()
    assert at.header[0].value.startswith("The centroid")
    assert at.subheader[0].value == "Predict first"


def test_a_lecture_shows_a_step_without_the_lessons_title(open_page):
    title = texts("centroid", "en")[""].title
    for step, shown in (("", [title]), ("2", [])):
        at = open_page("learn", lesson="centroid", step=step, lecture="true")
        assert [header.value for header in at.header] == shown
        assert {at.button(key=key).label for key in ("back", "next")} >= {"Back"}
        assert len(at.subheader) == 1


def test_a_correction_stands_beside_the_articles_number(open_page):
    at = open_page("learn", lesson="normalisation", step="3")
    text = said(at)
    assert r"[0.324,\, 0.486,\, 0.811]" in text
    assert r"[0.324,\, 0.487,\, 0.811]" in text
    assert "cuts the digits off" in text


def test_a_prediction_is_judged_and_its_slip_named(open_page):
    at = open_page("learn", lesson="center-loss")
    answers = [
        ("0.0375", "Yes"),
        ("0.075", "½"),
        ("7", "half of the sum"),
        ("x", "is not a number"),
    ]
    for answer, said_back in answers:
        at.text_input(key="guess center-loss").input(answer).run()
        kinds = (at.success, at.info, at.warning)
        assert said_back in "".join(element.value for kind in kinds for element in kind)


def test_a_typed_vector_changes_the_numbers_and_the_address(open_page):
    at = open_page("learn", lesson="normalisation", step="2")
    at.text_input(key="lesson x").input("3, 4").run()
    assert r"$\displaystyle \lVert x \rVert = \sqrt{25}$" in said(at)
    assert at.query_params["x"] in ("3, 4", ["3, 4"])
    at.button(key="reset").click().run()
    assert at.text_input(key="lesson x").value == "2, 3, 5"
    assert "x" not in at.query_params


def test_what_cannot_be_used_gets_a_sentence_and_stays(open_page):
    at = open_page("learn", lesson="normalisation", step="2")
    at.text_input(key="lesson x").input("3, 4").run()
    for typed in ("", "abc", "nan, 1", "1e308, 1", "0, 0", "1; 2"):
        at.text_input(key="lesson x").input(typed).run()
        assert len(at.error) == 1
        assert at.text_input(key="lesson x").value == typed
        assert r"\sqrt{25}" in said(at)  # the last numbers that could be used


def test_a_bad_table_in_the_address_stays_and_the_page_goes_on(open_page):
    bad = TABLE.replace("0.5", "half", 1)
    at = open_page("learn", lesson="centroid", x=bad, step="2")
    assert "“half” is not a number" in at.error[0].value
    assert at.query_params["x"] in (bad, [bad])
    assert "c_{1} = [0.5,\\, 0.575,\\, 0.725]" in said(at)  # the article's numbers meanwhile


def test_markdown_in_an_input_is_shown_as_it_was_typed(open_page):
    at = open_page("learn", lesson="normalisation", x="**a**, 1")
    assert r"“\*\*a\*\*”" in at.error[0].value


def test_the_sample_to_look_at_is_in_the_address(open_page):
    at = open_page("learn", lesson="center-loss", step="3", sample="6")
    assert at.selectbox(key="lesson sample").value == "6"
    assert "x_{6}" in said(at)
    at.selectbox(key="lesson sample").select("3").run()
    assert at.query_params["sample"] in ("3", ["3"])
    assert "x_{3}" in said(at)


def test_a_sample_that_is_not_there_gets_a_sentence(open_page):
    at = open_page("learn", lesson="center-loss", sample="99")
    assert "from 1 to 12" in at.error[0].value
    assert at.selectbox(key="lesson sample").value == "99"


def test_samples_travel_between_the_lessons_that_share_them(open_page):
    table, labels = "1, 0; 3, 0; 0, 1; 0, 5", "1, 1, 2, 2"
    at = open_page("learn", lesson="centroid", x=table, y=labels)
    at.selectbox(key="lesson").set_value("center-loss").run()
    assert at.query_params["x"] in (table, [table])
    at.selectbox(key="lesson").set_value("normalisation").run()
    assert "x" not in at.query_params
    assert not at.exception


def test_the_code_is_that_of_the_function_which_computed_the_value(open_page):
    at = open_page("learn", lesson="normalisation", step="3")
    assert at.code[0].value.startswith("def unit_vector(")


def test_junk_in_the_address_falls_back(open_page):
    at = open_page("learn", lesson="nothing", step="-7")
    assert at.header[0].value.startswith("Normalisation")


@pytest.mark.parametrize("name", names())
def test_the_picture_says_what_it_shows_beside_the_question_too(open_page, name):
    at = open_page("learn", lesson=name)
    assert texts(name, "en")["picture"].body in [caption.value for caption in at.caption]


def test_moving_the_threshold_changes_the_rates(open_page):
    at = open_page("learn", lesson="verification", step="4")
    assert r"\frac{2}{12}" in said(at)
    at.slider(key="lesson threshold").set_value(0.75).run()
    assert r"\frac{0}{12}" in said(at)
    assert at.query_params["threshold"] in ("0.75", ["0.75"])


def test_the_answer_is_told_on_demand(open_page):
    at = open_page("learn", lesson="center-loss")
    assert not at.success
    at.button(key="reveal guess center-loss").click().run()
    assert at.success[0].value == "= 0.0375"


def test_one_checks_oneself_on_numbers_that_change(open_page):
    at = open_page("learn", lesson="center-loss", check="2")
    of = lesson("center-loss")
    typed = variants(of, 2, CHECK_SEED)[-1]
    expected = of.question(of.read(typed)).expected
    at.text_input(key="check center-loss 2").input(str(2 * expected)).run()
    assert "½" in at.info[0].value
    at.text_input(key="check center-loss 2").input(str(expected)).run()
    assert at.success[0].value.startswith("Yes")
    at.button(key="other numbers").click().run()
    assert at.query_params["check"] in ("3", ["3"])


def test_a_batch_of_a_run_becomes_the_lessons_numbers(open_page):
    at = open_page("learn", lesson="center-loss", step="1")
    at.button(key="take batch").click().run()
    assert not at.exception
    assert not at.error
    labels = at.query_params["y"]
    labels = labels if isinstance(labels, str) else labels[0]
    assert len(labels.split(",")) == 12
    assert len(set(labels.split(", "))) == 3
    assert "c_{" + labels.split(",")[0] + "}" in said(at)


def test_sliders_and_choices_change_numbers_and_address(open_page):
    at = open_page("learn", lesson="joint-loss", step="1", lam="much")
    assert "from 0 to" in at.error[0].value
    at.slider(key="lesson lam").set_value(1.0).run()
    assert not at.error
    assert at.query_params["lam"] in ("1", ["1"])


def test_an_input_that_was_away_comes_back_as_it_was(open_page):
    at = open_page("learn", lesson="gradients")
    w = at.text_area(key="lesson w").value
    for name in ("normalisation", "gradients"):
        at.selectbox(key="lesson").set_value(name).run()
    assert at.text_area(key="lesson w").value == w
    assert not at.error


def test_every_lesson_is_reached_from_where_its_numbers_stand():
    root = Path(__file__).parents[2]
    sources = [*(root / "centerviz" / "web").glob("*.py"), *(root / "pages").glob("*.py")]
    linked = re.findall(r'\bexplain\("([a-z-]+)"', "".join(map(Path.read_text, sources)))
    assert {*linked, *(preset.lesson for preset in PRESETS.values())} == set(names())
