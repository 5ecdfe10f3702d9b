"""Charts and maps beside a lesson are tested by the data they carry."""

import numpy as np
import pytest

from centerviz.figures.lesson_chart import chart_picture, maps_picture
from centerviz.figures.theme import ACCENT, INK, colour
from centerviz.lessons.lesson import Chart, Maps

TWO = {"L_C": (1.0, 4.0, 9.0), "F": (2.0, 2.0, 2.0)}


def drawn(kind="lines", x=(1.0, 2.0, 3.0), series=TWO, groups=None, at=None, **look):
    return chart_picture(Chart(kind, x, series, "s", "L_C", at, groups or {}), **look)


@pytest.mark.parametrize("kind", ["lines", "dots", "bars"])
def test_every_kind_carries_the_numbers_under_their_symbols(kind):
    first, second = drawn(kind).data
    assert (list(first.x), list(first.y)) == ([1, 2, 3], [1, 4, 9])
    assert (first.name, second.name) == ("L<sub>C</sub>", "F")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("lines", lambda trace: trace.line.dash),
        ("lines", lambda trace: trace.marker.symbol),
        ("dots", lambda trace: trace.marker.symbol),
        ("bars", lambda trace: trace.marker.pattern.shape),
    ],
)
def test_series_differ_in_more_than_colour(kind, told):
    series = dict.fromkeys("abcdef", (1.0, 2.0, 3.0))
    assert len({told(trace) for trace in drawn(kind, series=series).data}) == len(series)


def test_classes_have_their_colours_and_other_series_have_none_of_them():
    figure = drawn(groups={"F": 3})
    assert [trace.line.color for trace in figure.data] == [INK[False], colour(3)]
    shades = [trace.line.color for trace in drawn(dark=True).data]
    assert shades == [INK[True], ACCENT[True]]


def test_the_marked_place_is_a_line_across_the_chart():
    assert drawn(at=2.5).layout.shapes[0].x0 == 2.5
    assert not drawn().layout.shapes


def test_bars_may_have_names_and_numbers_may_be_missing():
    figure = drawn("bars", x=("c_1", "2", "3"), series={"r": (1.0, None, 3.0)})
    assert list(figure.data[0].x) == ["c<sub>1</sub>", "2", "3"]
    assert figure.layout.xaxis.type == "category"
    assert figure.data[0].y[1] is None
    assert not figure.layout.showlegend


def test_long_lines_go_without_marks():
    many = tuple(np.linspace(0, 1, 100))
    assert drawn(x=many, series={"F": many}).data[0].mode == "lines"
    assert drawn().data[0].mode == "lines+markers"


def test_type_and_marks_are_larger_in_a_lecture():
    small, large = drawn("dots"), drawn("dots", lecture=True)
    assert large.data[0].marker.size > small.data[0].marker.size
    assert large.layout.template.layout.font.size > small.layout.template.layout.font.size


def test_each_map_has_its_own_axes_with_one_unit_as_long_on_both():
    points = tuple(np.array([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]]) * k for k in (1, 10, 100))
    figure = maps_picture(Maps(("PCA", "P_1", "P_2"), points, (0, 1, 1)), ("a", "b"))
    assert [a.text for a in figure.layout.annotations] == ["PCA", "P<sub>1</sub>", "P<sub>2</sub>"]
    assert [trace.meta["label"] for trace in figure.data] == [0, 1] * 3
    assert [list(trace.x) for trace in figure.data[1::2]] == [[3, 1], [30, 10], [300, 100]]
    anchors = [figure.layout[f"yaxis{k}"].scaleanchor for k in ("", "2", "3")]
    assert anchors == ["x", "x2", "x3"]
    assert figure.layout.xaxis3.range[1] > 300
    assert [trace.showlegend for trace in figure.data] == [True, True, *[False] * 4]
    assert len({trace.marker.symbol for trace in figure.data}) == 2
