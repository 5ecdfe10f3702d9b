"""Curves are tested by the data they carry."""

import numpy as np
import pandas as pd
import pytest

from centerviz.figures import curves


def history(**columns):
    n = len(next(iter(columns.values())))
    return pd.DataFrame({"epoch": np.arange(1, n + 1), **columns})


PAIR = {
    "without": history(
        base_loss=[2.0, 1.0],
        center_loss=[3.0, 4.0],
        weighted_center_loss=[0.0, 0.0],
        accuracy_test=[0.5, 0.6],
        gradient_ratio=[np.nan, np.nan],
        drift=[0.5, 0.4],
    ),
    "with": history(
        base_loss=[2.1, 1.1],
        center_loss=[2.0, 1.0],
        weighted_center_loss=[0.2, 0.1],
        accuracy_test=[0.6, 0.7],
        gradient_ratio=[0.01, 0.02],
        drift=[0.3, 0.1],
    ),
}


def test_losses_carry_each_run_and_leave_out_what_is_zero():
    figure = curves.losses(PAIR, classes=10)
    carried = [(trace.legendgroup, trace.line.dash, list(trace.y)) for trace in figure.data]
    assert ("with", "dash", [0.2, 0.1]) in carried
    assert [dash for run, dash, _y in carried if run == "without"] == ["solid", "dot"]


def test_the_line_of_guessing_stands_at_ln_c():
    figure = curves.losses(PAIR, classes=10)
    assert figure.layout.shapes[0].y0 == pytest.approx(np.log(10))
    assert "ln 10" in figure.layout.annotations[0].text
    assert figure.layout.annotations[0].y == pytest.approx(np.log10(np.log(10)))


def test_no_line_of_guessing_without_a_classifier():
    assert not curves.losses(PAIR, classes=None).layout.shapes


def test_runs_differ_in_colour_and_quantities_in_dash():
    figure = curves.losses(PAIR, classes=10)
    colours = {trace.legendgroup: trace.line.color for trace in figure.data}
    assert len(set(colours.values())) == 2


def test_accuracy_shows_only_the_splits_that_exist():
    figure = curves.accuracies(PAIR)
    assert [list(trace.y) for trace in figure.data] == [[0.5, 0.6], [0.6, 0.7]]
    assert figure.layout.yaxis.range == (0, 1.02)


def test_a_run_without_center_loss_has_no_gradient_ratio():
    figure = curves.gradient_ratios(PAIR)
    assert [trace.legendgroup for trace in figure.data] == ["with"]


def test_one_epoch_is_drawn_as_a_marker():
    figure = curves.drifts({"short": history(drift=[0.5])})
    assert figure.data[0].mode == "markers"


def test_an_empty_history_draws_axes_and_no_line():
    empty = pd.DataFrame({"epoch": [], "base_loss": []})
    assert not curves.losses({"queued": empty}).data


def test_axes_are_named_with_their_units():
    figure = curves.losses(PAIR)
    assert figure.layout.xaxis.title.text == "epoch"
    assert "nats" in figure.layout.yaxis.title.text


def test_a_name_cannot_bring_markup():
    figure = curves.losses({"<a href='x'>run</a>": PAIR["with"], "other": PAIR["with"]})
    assert "<" not in figure.data[0].name


def test_over_several_decades_only_powers_of_ten_are_marked():
    wide = {"run": history(base_loss=[1.0, 0.001])}
    narrow = {"run": history(base_loss=[2.3, 2.2])}
    assert curves.losses(wide).layout.yaxis.dtick == 1
    assert curves.losses(narrow).layout.yaxis.dtick is None
