"""The lessons on softmax, the joint loss and gradients: their inputs, steps and pictures."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centerviz import lessons
from centerviz.lessons.classifier import GAP, PLANE
from centerviz.lessons.lesson import Chart
from centerviz.lessons.rendering import lesson, third_opinion
from centerviz.lessons.worksheets import variants
from centerviz.problem import Problem

NAMES = ("softmax", "joint-loss", "gradients")
GOOD = {"x": "1, 0; 0, 1; 1, 1", "y": "1, 2, 2", "w": "1, 0; 0, 1", "sample": "3"}
ONES = "; ".join(["1, 1"] * 1000)

few = settings(max_examples=8, deadline=None)
entries = st.integers(-300, 300).map(lambda v: v / 200)


def worked(name, **typed):
    return json.loads(lessons.render(name, typed, "en", "json"))


@st.composite
def typed_classifiers(draw):
    """Any valid samples and W, as text; numbers of at most 1.5 in size."""
    m, classes = draw(st.integers(2, 8)), draw(st.integers(2, 4))
    row = st.lists(entries, min_size=2, max_size=2)
    x = draw(st.lists(row.filter(any), min_size=max(m, classes), max_size=max(m, classes)))
    w = draw(st.lists(row, min_size=classes, max_size=classes))
    y = [1 + i % classes for i in range(len(x))]
    rows = lambda table: "; ".join(", ".join(f"{v:g}" for v in row) for row in table)  # noqa: E731
    return {
        "x": rows(x),
        "y": ", ".join(map(str, draw(st.permutations(y)))),
        "w": rows(w),
        "sample": str(draw(st.integers(1, len(x)))),
    }


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"w": ""}, "w is empty"),
        ({"w": "1, 0; 0, a"}, "w, row 2, number 2: “a” is not a number"),
        ({"w": "1, nan; 0, 1"}, "“nan” cannot be used"),
        ({"w": "1, 1e308; 0, 1"}, "“1e308” cannot be used"),
        ({"w": "1, 0; 0"}, "differ in length"),
        ({"w": "1, 0"}, "Rows in w: 1; classes in y: 2"),
        ({"w": "1, 0; 0, 1; 1, 1"}, "Rows in w: 3; classes in y: 2"),
        ({"w": "1, 0, 0; 0, 1, 0"}, "A row of w has 3 numbers, a row of x 2"),
        ({"w": "40, 0; 0, 1"}, "The scores of row 1 lie 40 apart"),
        ({"w": ONES}, "w has 1000 rows"),
        ({"x": ONES}, "x has 1000 rows"),
        ({"y": "1, 1, 1"}, "Different classes in y: 1"),
        ({"sample": "4"}, "sample holds “4”"),
    ],
)
@pytest.mark.parametrize("name", NAMES)
def test_what_cannot_be_used_gets_a_sentence(name, change, said):
    of = lesson(name)
    with pytest.raises(Problem) as problem:
        of.read(of.defaults | GOOD | change)
    assert said in str(problem.value)
    assert str(problem.value).endswith(".")


@pytest.mark.parametrize("typed", ["", "x", "nan", "1e308", "-0.1", "2.1"])
def test_a_weight_outside_its_bounds_gets_a_sentence(typed):
    of = lesson("joint-loss")
    with pytest.raises(Problem, match="use a number from 0 to 2"):
        of.read(of.defaults | {"lam": typed})


def test_scores_as_far_apart_as_allowed_still_give_a_share_and_a_loss():
    document = worked("softmax", **GOOD | {"x": f"{GAP}, 0; 0, 1; {GAP}, 1"})
    assert document["result"]["shares"][1] == pytest.approx(math.exp(1 - GAP), rel=1e-3)
    assert document["result"]["loss"] == pytest.approx(GAP - 1)


def test_the_three_lessons_share_their_inputs():
    assert all(lesson(name).inputs[: len(PLANE)] == PLANE for name in NAMES)


@few
@given(typed_classifiers())
def test_the_steps_of_softmax_compose_to_its_result(typed):
    document = worked("softmax", **typed)
    steps, result, inputs = document["steps"], document["result"], document["inputs"]
    value = {step["symbol"]: step["value"] for step in steps}
    i = inputs["sample"] - 1
    own = result["classes"].index(inputs["y"][i])
    assert value["s"] == pytest.approx(np.array(inputs["w"]) @ inputs["x"][i], abs=1e-12)
    assert max(value["t"]) == 0
    assert value["p"] == pytest.approx(np.exp(value["s"]) / np.exp(value["s"]).sum())
    both = [step["value"] for step in steps if step["symbol"] == rf"\ell_{{{i + 1}}}"]
    assert both == pytest.approx([-math.log(value["p"][own])] * 2)
    assert result["loss"] == pytest.approx(result["loss_per_sample"][i])
    assert value["L_S"] == pytest.approx(np.mean(result["loss_per_sample"]))


@few
@given(typed_classifiers(), st.integers(0, 40).map(lambda v: f"{v / 20:g}"))
def test_the_joint_loss_and_its_arrows_compose(typed, lam):
    document = worked("joint-loss", **typed, lam=lam)
    result, value = document["result"], {s["symbol"]: s["value"] for s in document["steps"]}
    lam, m = float(lam), len(document["inputs"]["y"])
    assert value["L"] == pytest.approx(value["L_S"] + lam * value["L_C"])
    assert value[r"L_{\Sigma}"] == pytest.approx(value["L_S"] + lam * m * value["L_C"])
    assert value[r"L_{\lambda = 0}"] == value["L_S"]
    i = document["inputs"]["sample"] - 1
    assert value["g_S"] == result["softmax_gradients"][i]
    assert value["g_C"] == result["center_gradients"][i]
    assert value["g"] == pytest.approx(np.array(value["g_S"]) + lam * np.array(value["g_C"]))
    if r"\rho" in value:
        pull, push = (np.linalg.norm(value[name]) for name in ("g_C", "g_S"))
        assert value[r"\rho"] * push == pytest.approx(lam * pull, abs=1e-12)


@few
@given(typed_classifiers())
def test_every_gradient_and_its_second_opinion_agree(typed):
    document = worked("gradients", **typed)
    value = {step["symbol"]: np.array(step["value"]) for step in document["steps"]}
    scale = 1 + np.abs(value["g_z"]).max()
    assert value[r"\tilde g_C"] == pytest.approx(value["g_C"], abs=1e-6)
    assert value[r"\tilde g_{\mu}"] == pytest.approx(value["g_C"], abs=1e-6)
    assert value[r"\tilde g_S"] == pytest.approx(value["g_S"], abs=1e-6)
    assert value[r"\tilde g_z"] == pytest.approx(value["g_z"], abs=1e-6 * scale)
    assert value["J"] @ value["z"] == pytest.approx(np.zeros(2), abs=1e-12 * scale * 1e3)
    assert value["g_z"] == pytest.approx(-value["J"] @ value[r"\mu"], abs=1e-9 * scale)
    assert value[r"z \cdot g_z"] == pytest.approx(0, abs=1e-9 * scale)


def arrows(lam):
    of = lesson("joint-loss")
    read = of.read(of.defaults | {"lam": lam})
    drawn = of.picture(read, "both")
    return of.result(read), {
        name: [mark for mark in drawn if mark.name == name] for name in ("push", "pull")
    }


def test_both_arrows_stand_at_every_sample_and_lambda_stretches_one_of_them():
    result, drawn = arrows("2")
    ways = {name: np.array([m.end - m.start for m in marks]) for name, marks in drawn.items()}
    assert ways["push"] == pytest.approx(-np.array(result["softmax_gradients"]))
    assert ways["pull"] == pytest.approx(-2 * np.array(result["center_gradients"]))
    assert len(drawn["push"]) == 8
    assert [mark.kind for mark in (drawn["push"][0], drawn["pull"][0])] == ["arrow", "accent"]


def test_with_lambda_zero_center_loss_has_no_arrow():
    _result, drawn = arrows("0")
    assert len(drawn["push"]) == 8
    assert not drawn["pull"]


def test_one_question_has_a_slip_for_each_usual_error():
    cases = {
        "softmax": [(0.3772, "right"), (0.7408, "power"), (0.6667, "linear"), (0.975, "loss")],
        "joint-loss": [(0.4835, "right"), (0.5522, "equal"), (0.2761, "both"), (0.9647, "sum")],
        "gradients": [(-0.6228, "right"), (0.6228, "sign"), (0.3772, "share"), (-2.65, "chain")],
    }
    for name, answers in cases.items():
        of = lesson(name)
        question = of.question(of.read(of.defaults))
        assert [question.judged(given) for given, _ in answers] == [key for _, key in answers]


def test_equal_rows_of_w_give_no_force_and_no_ratio():
    of = lesson("joint-loss")
    read = of.read(of.defaults | GOOD | {"w": "1, 1; 1, 1"})
    keys = [step.key for step in of.steps(read)]
    assert "push" in keys
    assert "ratio" not in keys


@few
@given(typed_classifiers(), st.sampled_from(NAMES))
def test_any_valid_input_gives_text_and_a_picture_for_every_step(typed, name):
    for lang in ("en", "zh"):
        text = lessons.render(name, typed, lang, "md")
        assert "nan" not in text.lower()
        assert "[[" not in text
    of = lesson(name)
    read = of.read(of.defaults | typed)
    for step in of.steps(read):
        picture = of.picture(read, step.key)
        if isinstance(picture, Chart):
            assert not step.focus
            assert all(len(values) == len(picture.x) for values in picture.series.values())
            assert np.isfinite([*picture.series.values()]).all()
        else:
            assert set(step.focus) & {mark.name for mark in picture} or not step.focus


@pytest.mark.parametrize("sheet", [0, 1])
def test_autograd_finds_every_gradient_of_the_lesson(sheet):
    of = lesson("gradients")
    typed = of.defaults if sheet == 0 else variants(of, 1, 5)[0]
    steps = [step for step in of.steps(of.read(typed)) if step.loss]
    assert [step.key for step in steps] == ["center", "softmax", "through"]
    for step in steps:
        assert step.by_autograd == pytest.approx(np.array(step.value), abs=1e-14)
        assert "10^{-" in third_opinion(step) or "at most 0." in third_opinion(step)
