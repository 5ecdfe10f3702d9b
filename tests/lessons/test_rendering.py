"""The lessons' numbers: those of the article with their corrections, and any valid input."""

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centerviz import lessons
from centerviz.language import LANGUAGES
from centerviz.lessons.lesson import Chart
from centerviz.lessons.rendering import lesson
from centerviz.problem import Problem

STEP_KEYS = ["symbol", "title", "formula", "numbers", "value", "why", "autograd", "correction"]


def worked(name, lang="en", **inputs):
    return json.loads(lessons.render(name, inputs, lang, "json"))


def values(document) -> dict:
    """The last value under each symbol."""
    return {step["symbol"]: step["value"] for step in document["steps"]}


def test_a_lesson_needs_neither_torch_nor_plotly_nor_streamlit():
    code = "import sys; from centerviz import lessons; lessons.render('shortcut', {}); "
    code += "print([m for m in ('torch', 'plotly', 'streamlit', 'sklearn') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_lessons_have_their_names():
    assert lessons.names() == [
        *("normalisation", "centroid", "center-loss", "shortcut", "softmax", "joint-loss"),
        *("gradients", "centers", "epoch", "pairs", "scatter", "verification", "maps"),
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("normalisation", ["6.164", "[0.324, 0.487, 0.811]", r"0.486,\, 0.811"]),
        ("centroid", ["[0.5, 0.575, 0.725]", "[0.7, 0.275, 0.45]", "[0.175, 0.8, 0.35]"]),
        ("centroid", ["[0.470, 0.541, 0.686]", "0.992", r"0.860 \ldots 1.1"]),
        ("center-loss", ["0.00125", "0.02125", "0.04125", "0.01125", "0.135", "0.14658"]),
        ("center-loss", ["0.038125", "0.003125", "0.028125", "0.0375", "0.04875", "0.27"]),
        ("shortcut", ["4.890275", "0.135"]),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_articles_numbers_stand_in_the_lesson(name, shown, lang):
    text = lessons.render(name, {}, lang, "md")
    assert [number for number in shown if number not in text] == []


def test_json_carries_the_headline_values_at_full_precision():
    assert worked("normalisation")["result"]["norm"] == 38**0.5
    assert worked("normalisation")["result"]["z"] == pytest.approx(np.array([2, 3, 5]) / 38**0.5)
    centroid = worked("centroid")["result"]
    assert centroid["centroids"][1] == pytest.approx([0.7, 0.275, 0.45])
    assert centroid["lengths_unit"][0] == pytest.approx(0.99205, abs=5e-6)
    assert (min(centroid["norms"]), max(centroid["norms"])) == pytest.approx((0.860, 1.1), abs=5e-4)
    loss = worked("center-loss")["result"]
    assert loss["loss_per_class"] == pytest.approx([0.0375, 0.04875, 0.04875])
    assert loss["total"] == pytest.approx(0.135)
    assert loss["total_unit"] == pytest.approx(0.14658, abs=5e-6)
    shortcut = worked("shortcut")["result"]
    assert shortcut["literal"] == pytest.approx(4.890275)
    assert shortcut["half_squared_distance"] == pytest.approx(shortcut["through_inner_product"])


@pytest.mark.parametrize("name", lessons.names())
@pytest.mark.parametrize("lang", LANGUAGES)
def test_json_has_stable_keys_and_the_same_numbers_in_both_languages(name, lang):
    document, english = worked(name, lang), worked(name)
    assert list(document) == ["name", "title", "lang", "question", "inputs", "steps", "result"]
    assert all(list(step) == STEP_KEYS for step in document["steps"])
    assert document["result"] == english["result"]
    for ours, theirs in zip(document["steps"], english["steps"], strict=True):
        assert [ours[k] for k in ("formula", "numbers", "value")] == [
            theirs[k] for k in ("formula", "numbers", "value")
        ]


def test_the_three_slips_are_corrected_side_by_side():
    cut = next(s["correction"] for s in worked("normalisation")["steps"] if s["correction"])
    assert "0.486" in cut["article"]
    assert "0.487" in cut["ours"]
    unit = [s["correction"] for s in worked("center-loss")["steps"] if s["correction"]]
    assert [(c["article"], c["ours"]) for c in unit] == [("0.135", r"\approx 0.14658")]
    literal = worked("shortcut")["steps"][8]["correction"]
    assert literal["article"].endswith("= 4.890275")
    assert literal["ours"].endswith("= 0.135")
    assert all(c["reason"] for c in (cut, *unit, literal))


def test_other_numbers_get_no_correction_of_the_articles():
    assert not any(s["correction"] for s in worked("normalisation", x="3,4")["steps"])
    own = {"x": "1,0; 0,1; 1,1", "y": "1,2,2"}
    assert not any(s["correction"] for s in worked("center-loss", **own)["steps"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_only_the_articles_own_numbers_break_off_where_it_does(lang):
    whole, broken = (
        [step["why"] for step in worked("centroid", lang, **own)["steps"][1:3]]
        for own in ({"x": "1,0; 0,1; 1,1", "y": "1,2,2"}, {})
    )
    assert ("article" if lang == "en" else "文章") not in whole[1]
    assert ("article" if lang == "en" else "文章") in broken[1]


def test_rounding_is_marked_and_exact_numbers_are_not():
    steps = {step["title"]: step["numbers"] for step in worked("normalisation")["steps"]}
    assert steps["The length"] == r"\lVert x \rVert = \sqrt{38} \approx 6.164"
    whole = {step["title"]: step["numbers"] for step in worked("normalisation", x="3,4")["steps"]}
    assert r"\approx" not in "".join(whole.values())
    assert whole["The length"] == r"\lVert x \rVert = \sqrt{25} = 5"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing", {}), "There is no lesson “nothing”; the lessons are normalisation, centroid"),
        (("centroid", {"z": "1"}), "has no input “z”; its inputs are x, y"),
        (("centroid", {}, "de"), "“de” is not offered; use one of en, zh"),
        (("centroid", {}, "en", "pdf"), "“pdf” is not offered; use one of md, html, ipynb, json"),
        (("normalisation", {"x": ""}), "x is empty"),
    ],
)
def test_what_is_not_offered_gets_a_sentence(arguments, said):
    with pytest.raises(Problem) as problem:
        lessons.render(*arguments)
    assert said in str(problem.value)


def test_rows_and_classes_as_on_the_command_line():
    document = worked("centroid", x="1,0;3,0;0,1;0,5", y="7,7,4,4")
    assert document["inputs"] == {"x": [[1, 0], [3, 0], [0, 1], [0, 5]], "y": [7, 7, 4, 4]}
    assert document["result"]["classes"] == [4, 7]
    assert document["result"]["centroids"] == [[0, 3], [2, 0]]


entries = st.integers(-4000, 4000).map(lambda v: v / 1000)


@st.composite
def typed_samples(draw):
    """Any valid table, as text."""
    n, d = draw(st.integers(2, 10)), draw(st.integers(2, 4))
    row = st.lists(entries, min_size=d, max_size=d).filter(any)
    x = draw(st.lists(row, min_size=n, max_size=n))
    labels = st.lists(st.integers(0, 4), min_size=n, max_size=n).filter(lambda y: len(set(y)) > 1)
    return {
        "x": "; ".join(", ".join(map(str, row)) for row in x),
        "y": ", ".join(map(str, draw(labels))),
        "sample": str(draw(st.integers(1, n))),
    }


@settings(max_examples=25)
@given(typed_samples())
def test_the_steps_of_center_loss_compose_to_its_result(typed):
    document = worked("center-loss", **typed)
    result, steps = document["result"], values(document)
    i = int(typed["sample"])
    x, y = np.array(document["inputs"]["x"]), document["inputs"]["y"]
    own = result["classes"].index(y[i - 1])
    way = x[i - 1] - np.array(result["centroids"][own])
    assert result["loss_per_sample"][i - 1] == pytest.approx((way @ way) / 2)
    assert steps[rf"\ell_{{{i}}}"] == pytest.approx(result["loss_per_sample"][i - 1])
    parts = [steps[f"L_{{{label}}}"] for label in result["classes"]]
    assert sum(parts) == pytest.approx(steps["L_C"])
    assert steps["L_C"] == pytest.approx(sum(result["loss_per_sample"]))
    assert steps[r"\tfrac{1}{m} L_C"] * len(y) == pytest.approx(steps["L_C"])
    assert steps["2 L_C"] == pytest.approx(sum(result["squared_distances"]))


@settings(max_examples=25)
@given(typed_samples())
def test_the_steps_of_the_centroid_compose_to_its_result(typed):
    typed.pop("sample")
    document = worked("centroid", **typed)
    result, steps = document["result"], values(document)
    first = result["classes"][0]
    mean = np.array(steps[f"s_{{{first}}}"]) / result["counts"][0]
    assert mean == pytest.approx(np.array(steps[f"c_{{{first}}}"]), abs=1e-12)
    for label, center in zip(result["classes"], result["centroids"], strict=True):
        assert steps[f"c_{{{label}}}"] == center
    lengths = np.array(steps[r"\lVert \mu_j \rVert"])
    assert steps[r"\ell_j"] == pytest.approx((1 - lengths**2) / 2)
    assert (lengths <= 1 + 1e-12).all()


@settings(max_examples=10)
@given(typed_samples())
def test_the_steps_of_the_shortcut_compose_to_its_result(typed):
    document = worked("shortcut", **typed)
    steps, result = document["steps"], document["result"]
    halves = [s["value"] for s in steps if s["symbol"] == r"\tfrac{1}{2} \lVert z - c \rVert^2"]
    assert halves[0] == pytest.approx(halves[1], abs=1e-12)
    assert values(document)[r"-z \cdot c"] == -result["inner_product"]
    assert np.array(values(document)["g"]) @ np.array(values(document)["z"]) == pytest.approx(
        0, abs=1e-9
    )


@settings(max_examples=25)
@given(st.lists(entries, min_size=2, max_size=6).filter(any))
def test_the_steps_of_normalisation_compose_to_its_result(x):
    document = worked("normalisation", x=", ".join(map(str, x)))
    steps, result = values(document), document["result"]
    assert steps[r"\lVert x \rVert"] ** 2 == pytest.approx(steps[r"\lVert x \rVert^2"])
    assert np.array(steps["z"]) * result["norm"] == pytest.approx(np.array(x), abs=1e-12)
    assert steps[r"\lVert z \rVert"] == pytest.approx(1.0)
    assert steps["z(2x)"] == pytest.approx(result["z"])


@settings(max_examples=8)
@given(typed_samples(), st.sampled_from(["centroid", "center-loss", "shortcut"]))
def test_any_valid_input_gives_text_and_a_picture_for_every_step(typed, name):
    of = lesson(name)
    typed = {field.name: typed[field.name] for field in of.inputs}
    for lang in LANGUAGES:
        for form in ("md", "json"):
            text = lessons.render(name, typed, lang, form)
            assert "nan" not in text.lower()
            assert "[[" not in text
    read = of.read(typed)
    for step in of.steps(read):
        picture = of.picture(read, step.key)
        charted = isinstance(picture, Chart)
        marked = set(picture.series) if charted else {mark.name for mark in picture}
        assert marked
        assert set(step.focus) & marked or not step.focus
        assert step.code.startswith("def ")


def test_typed_answers_are_judged_and_the_likely_slip_is_named():
    cases = {
        "normalisation": [(0.81, "right"), (0.5, "sum"), (1, "largest"), (5 / 38, "square")],
        "centroid": [(0.7, "right"), (2.8, "sum"), (0.4333, "axis"), (3, "wrong")],
        "center-loss": [(0.0375, "right"), (0.075, "half"), (0.009375, "mean")],
        "shortcut": [(90, "right"), (0, "same-way"), (180, "opposite"), (45, "wrong")],
    }
    for name, answers in cases.items():
        of = lesson(name)
        question = of.question(of.read(of.defaults))
        assert [question.judged(float(answer)) for answer, _ in answers] == [
            key for _, key in answers
        ]


BAD = ("", "abc", "nan", "inf, 1", "1e308, 1", "1, 2; 3", "0, 0", "**a**", "1, 2;" * 1000, "-1")


@pytest.mark.parametrize("name", lessons.names())
def test_any_bad_input_gets_a_sentence_and_never_an_exception_of_another_kind(name):
    of = lesson(name)
    refused = 0
    for field in of.inputs:
        for typed in BAD:
            try:
                read = of.read(of.defaults | {field.name: typed})
                assert of.steps(read)
            except Problem as problem:
                refused += 1
                assert str(problem)
    assert refused >= 5 * len(of.inputs)
