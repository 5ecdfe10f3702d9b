"""An experiment drawn: settings with intervals, runs by two numbers."""

from centerviz.figures.sweep import Dot, Point, runs_by_two, sweep

POINTS = [
    Point("λ = 0", 0.3, 0.1, 5, True),
    Point("λ = 1", 0.1, None, 1, False),
    Point("λ = 0.1", 0.2, 0.05, 4, False),
]
DOTS = [
    Dot("a", "λ = 0, seed 0", "λ = 0", 0.30, 0.9, True),
    Dot("b", "λ = 0, seed 1", "λ = 0", 0.32, 0.8, True),
    Dot("c", "λ = 1, seed 0", "λ = 1", 0.10, 0.7, False),
]


def test_settings_keep_their_order_and_carry_mean_interval_and_count():
    figure = sweep(POINTS, "Intra / inter")
    baseline, others = figure.data
    assert list(figure.layout.xaxis.categoryarray) == ["λ = 0", "λ = 1", "λ = 0.1"]
    assert (list(baseline.y), list(baseline.error_y.array)) == ([0.3], [0.1])
    assert (list(others.y), list(others.error_y.array)) == ([0.1, 0.2], [0.0, 0.05])
    assert list(others.customdata) == [1, 4]


def test_every_run_is_a_dot_that_knows_its_run():
    figure = runs_by_two(DOTS, ("Intra / inter", "Accuracy"))
    assert [list(trace.customdata) for trace in figure.data] == [["a", "b"], ["c"]]
    assert [list(trace.y) for trace in figure.data] == [[0.9, 0.8], [0.7]]
    assert list(figure.data[0].text) == ["", "λ = 0"]  # below the lowest: out of the others' way
    assert figure.layout.yaxis.range[0] < 0.7


def test_the_baseline_differs_in_more_than_colour():
    figure = runs_by_two(DOTS, ("x", "y"))
    assert figure.data[0].marker.symbol != figure.data[1].marker.symbol
    assert [trace.showlegend for trace in figure.data] == [True, True]


def test_names_from_data_are_no_markup():
    mark = Point("<b>x", 0.1, None, 1, False)
    assert list(sweep([mark], "y").data[1].x) == ["&lt;b>x"]
