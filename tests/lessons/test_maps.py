"""What maps keep and hide: properties of the drawn classes, never coordinates."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from centerviz import lessons
from centerviz.language import LANGUAGES
from centerviz.lessons import maps
from centerviz.lessons.lesson import Maps
from centerviz.problem import Problem

DEFAULTS = maps.LESSON.defaults


def result(**typed):
    return maps.result(maps.read(DEFAULTS | typed))


def test_pca_keeps_what_t_sne_hides():
    found = result()
    assert found["true"]["fold"] > 8
    assert found["pca"]["fold"] > 0.75 * found["true"]["fold"]
    assert found["tsne"]["fold"] < 1.5
    assert found["pca"]["gaps"] == pytest.approx(found["true"]["gaps"], rel=0.02)


def test_scale_changes_the_radii_and_no_map():
    one, three = result(), result(scale="3")
    assert three["true"]["radii"] == pytest.approx(3 * np.array(one["true"]["radii"]))
    assert three["true"]["fold"] == pytest.approx(one["true"]["fold"])
    assert three["tsne"] == one["tsne"]


@given(st.floats(1, 9), st.floats(0.1, 10))
def test_radii_by_plain_loops(fold, scale):
    view = maps.View(fold, scale, "10", 0)
    for j, radius in enumerate(maps.mean_radii(view.x, view.y)):
        own = view.x[view.y == j]
        middle = sum(own) / len(own)
        by_hand = sum(np.sqrt(((row - middle) ** 2).sum()) for row in own) / len(own)
        assert radius == pytest.approx(by_hand)


@settings(max_examples=20)
@given(st.floats(0, 6.28), st.floats(0.1, 10), st.floats(-5, 5))
def test_gaps_do_not_depend_on_turn_scale_or_place(angle, scale, shift):
    x, y = maps.clusters(9.0)[:, :2], np.repeat(np.arange(3), maps.SIZE)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = scale * x @ turn + shift
    assert maps.relative_gaps(moved, y) == pytest.approx(maps.relative_gaps(x, y))
    assert maps.relative_gaps(x, y).min() == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_lesson_says_the_true_ratio_beside_the_drawn_ones(lang):
    text = lessons.render("maps", {}, lang, "md")
    found = result()
    for seen in found.values():
        assert f"{seen['fold']:.3f}" in text
    assert "nan" not in text.lower()


def test_both_maps_stand_side_by_side_with_the_same_classes():
    view = maps.read(DEFAULTS)
    both = maps.picture(view, "")
    assert isinstance(both, Maps)
    assert both.titles == ("PCA", "t-SNE")
    assert both.groups == tuple(view.y.tolist())
    assert [points.shape for points in both.points] == [(60, 2), (60, 2)]
    assert both.points[1] is view.tsne


def test_in_truth_the_samples_are_drawn_as_they_are():
    view = maps.read(DEFAULTS | {"scale": "2"})
    drawn = np.array([mark.end for mark in maps.picture(view, "radii")])
    assert drawn == pytest.approx(2 * maps.clusters(9.0))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fold": "99"}, "use a number from 1 to 9"),
        ({"fold": "nan"}, "use a number from 1 to 9"),
        ({"scale": ""}, "use a number from 0.1 to 10"),
        ({"perplexity": "7"}, "use one of 4, 10, 19"),
        ({"seed": "-1"}, "use a number from 0 to 9"),
        ({"seed": "1e308"}, "use a number from 0 to 9"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence(change, said):
    with pytest.raises(Problem, match=said):
        maps.read(DEFAULTS | change)


def test_the_likely_slips_are_named():
    view = maps.read(DEFAULTS)
    question, found = maps.question(view), result()
    answers = {
        "right": found["true"]["fold"],
        "drawn": 9.0,
        "map": found["tsne"]["fold"],
        "inverse": 1 / found["true"]["fold"],
    }
    assert [question.judged(answer) for answer in answers.values()] == list(answers)
