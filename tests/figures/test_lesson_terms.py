"""What can be pointed at in a lesson's picture names the right marks and tells their numbers."""

import json

import numpy as np
import pytest

from centerviz.figures.lesson_terms import pointable
from centerviz.lessons.lesson import Chart, Maps
from centerviz.lessons.rendering import lesson, names
from centerviz.web.lesson_inputs import moved, rows


def at_step(name, key="", **typed):
    of = lesson(name)
    used = of.defaults | typed
    read = of.read(used)
    steps = [step for step in of.steps(read) if step.key == key] if key else []
    picture = of.picture(read, key)
    return pointable(picture, steps[0].focus if steps else (), rows(of, used)), picture


def told(pointed):
    return {term["name"]: term["told"] for term in pointed["terms"]}


def test_a_step_names_its_sample_its_center_and_the_way_between_them():
    pointed, _ = at_step("center-loss", "difference")
    assert told(pointed) == {
        "x₁ − c₁": "x₁ − c₁ = [0, 0.025, -0.025], length 0.0354",
        "x₁": "x₁ = [0.5, 0.6, 0.7]",
        "c₁": "c₁ = [0.5, 0.575, 0.725]",
    }


def test_a_unit_vector_is_called_z_and_says_that_it_was_rounded():
    pointed, _ = at_step("gradients", "unit")
    assert told(pointed) == {"z₈": "z₈ ≈ [0.832, -0.555]"}


def test_an_arrow_drawn_longer_tells_its_own_length():
    pointed, picture = at_step("shortcut", "gradient")
    pull = next(mark for mark in picture if mark.name == "pull")
    length = np.linalg.norm(pull.end - pull.start) / 3
    assert told(pointed)["pull"].endswith(f"length {length:.3g}")


@pytest.mark.parametrize(
    ("symbol", "meant"), [("x5", [4]), ("xi", [4, 5, 6, 7]), ("c2", [1]), ("cyi", [1])]
)
def test_a_symbol_of_a_formula_means_its_marks(symbol, meant):
    pointed, picture = at_step("centroid", "mean-second")
    kind = "center" if symbol[0] == "c" else "sample"
    places = [i for i, mark in enumerate(picture) if mark.kind == kind]
    assert pointed["symbols"][symbol] == [places[i] for i in meant]


def test_what_stands_where_an_input_stands_can_be_dragged():
    pointed, picture = at_step("softmax", "scores")
    dragged = {mark.name: m["drag"] for mark, m in zip(picture, pointed["marks"], strict=True)}
    assert dragged["sample 8"] == ("x", 7)
    assert dragged["w_2"] == ("w", 1)
    unit, _ = at_step("gradients", "unit")
    assert not any(mark["drag"] for mark in unit["marks"])


def test_a_drag_changes_its_row_alone_and_leaves_the_others_as_they_were_typed():
    of = lesson("centers")
    used = of.defaults | {"x": "2.123456789, 3; 4, 1"}
    told = {"input": "x", "row": 1, "numbers": [0.25, -1]}
    assert moved(of, used, told) == {"x": "2.123456789, 3; 0.25, -1"}
    assert moved(of, used, {"input": "x", "row": 9, "numbers": [0, 0]}) == {}
    assert moved(of, used, {"input": "rule", "row": 0, "numbers": [0, 0]}) == {}
    assert moved(of, used, None) == {}


@pytest.mark.parametrize("name", [name for name in names() if name != "maps"])
def test_every_picture_of_vectors_can_be_pointed_at(name):
    of = lesson(name)
    read = of.read(of.defaults)
    for step in of.steps(read):
        picture = of.picture(read, step.key)
        if isinstance(picture, Chart | Maps):
            continue
        pointed = pointable(picture, step.focus, rows(of, of.defaults))
        json.dumps(pointed, allow_nan=False)
        shown = {mark.name for mark in picture}
        assert bool(pointed["terms"]) == bool(not step.focus or shown & set(step.focus))
        assert all(0 <= i < len(picture) for term in pointed["terms"] for i in term["marks"])
