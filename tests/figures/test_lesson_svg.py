"""The drawn picture of a lesson is tested by the shapes that stand in it."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from centerviz.figures.colours import colour
from centerviz.figures.lesson_svg import ASIDE, KINDS, lesson_svg
from centerviz.lessons import names
from centerviz.lessons.lesson import Chart, Maps, Mark
from centerviz.lessons.rendering import lesson

SVG = "{http://www.w3.org/2000/svg}"
POINTS = np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 0.0]])
SAMPLES = [Mark(f"sample {i}", "sample", end, group=i) for i, end in enumerate(POINTS)]
CURVES = Chart("lines", (0.0, 1.0, 2.0), {"L_C": (1.0, 4.0, 9.0), "F": (2.0, None, 2.0)}, "s", "y")


def drawn(picture, focus=(), names=("1", "2", "3"), alt="What is seen"):
    return ET.fromstring(lesson_svg(picture, focus, names, alt))


def places(drawing, shade=None):
    """Where the marks of a colour stand, in pixels; of the legend too, which comes last."""
    moved = [e for e in drawing if e.get("fill") == shade and "transform" in e.attrib]
    return [tuple(map(float, re.findall(r"-?[\d.]+", e.get("transform")))) for e in moved]


def words(drawing):
    return ["".join(e.itertext()) for e in drawing.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", [name for name in names() if name != "maps"])
def test_every_step_is_drawn_as_one_picture_that_loads_and_runs_nothing(name):
    of = lesson(name)
    read = of.read(of.defaults)
    labels = [str(label) for label in getattr(read, "labels", ())]
    for step in of.steps(read):
        drawing = drawn(of.picture(read, step.key), step.focus, labels)
        assert drawing.find(f"{SVG}title").text == "What is seen"
        assert not {e.tag for e in drawing.iter()} & {f"{SVG}script", f"{SVG}image", f"{SVG}a"}
        assert "nan" not in ET.tostring(drawing, encoding="unicode")
        assert words(drawing)


def test_one_unit_is_as_long_on_both_axes_and_the_second_counts_upwards():
    drawing = drawn(SAMPLES)
    origin, far, one = (np.array(places(drawing, colour(j))[0]) for j in range(3))
    unit = one[0] - origin[0]
    assert far - origin == pytest.approx([3 * unit, -4 * unit], abs=0.3)


def test_three_dimensions_keep_the_order_along_the_upward_axis():
    marks = [Mark(f"{z}", "sample", np.array([0.2, 0.3, z]), group=0) for z in (0.1, 0.5, 0.9)]
    *heights, _legend = (y for _x, y in places(drawn(marks), colour(0)))
    assert heights == sorted(heights, reverse=True)
    assert {"x1", "x2", "x3"} <= set(words(drawn(marks)))


def test_what_a_step_is_not_about_is_faint():
    faint = [e for e in drawn(SAMPLES, {"sample 1"}) if e.get("opacity") == str(ASIDE)]
    assert {e.get("fill") for e in faint} == {colour(0), colour(2)}
    assert not [e for e in drawn(SAMPLES) if e.get("opacity") == str(ASIDE)]


def test_classes_differ_in_shape_and_the_legend_names_them():
    drawing = drawn(SAMPLES, names=("<b>", "&", "three"))
    assert words(drawing)[-3:] == ["class <b>", "class &", "class three"]
    shapes = {e.get("d") for e in drawing if e.get("fill") in map(colour, range(3))}
    assert len(shapes) == 3  # a circle has no d


def test_names_that_would_lie_on_each_other_move_aside_or_are_left_out():
    ends = [np.array([1.0, 1.0]) + shift for shift in (0, 0.001, 0.002, 0.003)]
    marks = [Mark(f"c_{i}", "center", end, group=i) for i, end in enumerate(ends)]
    shown = [e for e in drawn(marks, {"c_3"}).iter(f"{SVG}text") if "c" in "".join(e.itertext())]
    assert next("".join(e.itertext()) for e in shown) == "c3"
    assert len(shown) == len({(e.get("x"), e.get("y")) for e in shown}) == 3


def test_an_arrow_from_the_origin_has_a_head_and_its_name():
    arrow = Mark("x", "arrow", np.array([3.0, 4.0]), np.zeros(2))
    drawing = drawn([arrow])
    (line,) = (e for e in drawing.iter(f"{SVG}line") if e.get("stroke-width") == "2")
    head = next(e for e in drawing.iter(f"{SVG}path") if "rotate" in e.get("transform", ""))
    assert f"translate({line.get('x2')} {line.get('y2')}) rotate(-53)" == head.get("transform")
    assert "x" in words(drawing)


def test_series_differ_in_more_than_colour_and_a_missing_number_is_a_gap():
    first, second = (e for e in drawn(CURVES).iter(f"{SVG}path") if e.get("stroke-width") == "2")
    assert (first.get("stroke-dasharray"), second.get("stroke-dasharray")) == (None, "6 3")
    assert [e.get("d").count("M") for e in (first, second)] == [1, 2]
    dots = Chart("dots", CURVES.x, CURVES.series, "s", "y")
    assert {e.tag for e in drawn(dots) if "transform" in e.attrib} == {f"{SVG}circle", f"{SVG}path"}


def test_bars_stand_on_zero_and_are_as_high_as_their_numbers():
    bars = [
        e
        for e in drawn(Chart("bars", ("a", "b"), {"r": (1.0, 3.0)}, "j", "r")).iter(f"{SVG}line")
        if float(e.get("stroke-width", 0)) > 5
    ]
    low, high = (float(e.get("y1")) - float(e.get("y2")) for e in bars)
    assert high == pytest.approx(3 * low, abs=0.3)
    assert bars[0].get("y1") == bars[1].get("y1")


def test_a_constant_series_and_a_single_number_are_drawn():
    for x, values in (((1.0, 2.0), (0.0, 0.0)), ((1.0,), (5.0,))):
        assert drawn(Chart("lines", x, {"F": values}, "s", "F", at=1.0)) is not None


def test_each_map_has_its_title_and_all_its_samples():
    maps = Maps(("PCA", "P_1", "P_2"), (POINTS, POINTS * 10, POINTS * 100), (0, 1, 1))
    drawing = drawn(maps)
    assert [t for t in words(drawing) if t in ("PCA", "P1", "P2")] == ["PCA", "P1", "P2"]
    assert [len(places(drawing, colour(j))) for j in (0, 1)] == [3 + 1, 6 + 1]  # and the legend
    assert len(KINDS) > 2
