"""Twenty pairs: rates by hand and by scikit-learn, the error where both are equal, bad input."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score, roc_curve

from centerviz import lessons
from centerviz.language import LANGUAGES
from centerviz.lessons import verification
from centerviz.lessons.lesson import Chart
from centerviz.problem import Problem

DEFAULTS = verification.LESSON.defaults


def result(**typed):
    return verification.result(verification.read(DEFAULTS | typed))


def test_the_twenty_pairs_by_hand():
    found = result()
    assert (found["genuine"], found["impostor"]) == (8, 12)
    assert (found["tar"], found["far"]) == (7 / 8, 2 / 12)
    assert found["tar_at_far_0.1"] == 7 / 8  # one of 12 is allowed, two are too many
    assert found["eer"] == pytest.approx(1 / 8)  # half way from 1/12 to 2/12
    assert found["auc"] == pytest.approx((4 * 12 + 3 * 11 + 7) / 96)


def test_a_score_at_the_threshold_is_accepted():
    assert result(threshold="0.54")["tar"] == 7 / 8
    assert result(threshold="0.55")["tar"] == 6 / 8


def test_equal_scores_are_passed_together():
    found = result(scores="0.5, 0.5, 0.1", same="1, 0, 0")
    assert (found["fars"], found["tars"]) == ([0, 0.5, 1], [0, 1, 1])
    assert found["auc"] == 0.75


@st.composite
def trials(draw):
    """Scores of pairs of both kinds, with ties, as typed."""
    n = draw(st.integers(2, 20))
    scores = draw(st.lists(st.integers(-20, 20), min_size=n, max_size=n))
    marks = draw(st.lists(st.integers(0, 1), min_size=n - 2, max_size=n - 2))
    return {
        "scores": ", ".join(f"{score / 20:g}" for score in scores),
        "same": ", ".join(map(str, [0, 1, *marks])),
        "threshold": str(draw(st.integers(-100, 100)) / 100),
    }


@settings(max_examples=25)
@given(trials())
def test_curve_and_area_are_those_of_scikit_learn(typed):
    found, trial = result(**typed), verification.read(DEFAULTS | typed)
    far, tar, _ = roc_curve(trial.same, trial.scores, drop_intermediate=False)
    assert found["fars"] == pytest.approx(far)
    assert found["tars"] == pytest.approx(tar)
    assert found["auc"] == pytest.approx(roc_auc_score(trial.same, trial.scores))
    assert found["eer"] == pytest.approx(np.interp(0, far + tar - 1, far), abs=1e-12)


@settings(max_examples=10)
@given(trials())
def test_the_steps_compose_and_speak_both_languages(typed):
    document = json.loads(lessons.render("verification", typed, "en", "json"))
    found, steps = document["result"], {s["symbol"]: s["value"] for s in document["steps"]}
    assert steps[r"\mathrm{TA}"] / found["genuine"] == steps[r"\mathrm{TAR}"] == found["tar"]
    assert steps[r"\mathrm{FA}"] / found["impostor"] == steps[r"\mathrm{FAR}"] == found["far"]
    before, after = np.array(steps["P"])
    assert before.sum() < 1 <= after.sum() + 1e-12
    assert before[0] - 1e-12 <= steps[r"\mathrm{EER}"] <= after[0] + 1e-12
    assert 1 - after[1] - 1e-12 <= steps[r"\mathrm{EER}"] <= 1 - before[1] + 1e-12
    for lang in LANGUAGES:
        text = lessons.render("verification", typed, lang, "md")
        assert "nan" not in text.lower()
        assert "[[" not in text


def test_every_pair_is_one_dot_in_the_row_of_its_kind():
    chart = verification.picture(verification.read(DEFAULTS), "tar")
    assert isinstance(chart, Chart)
    assert chart.at == 0.5
    same, different = chart.series.values()
    assert all((a is None) != (b is None) for a, b in zip(same, different, strict=True))
    assert sum(value is not None for value in same) == 8


def test_the_curve_meets_the_other_error_at_the_marked_place():
    chart = verification.picture(verification.read(DEFAULTS), "eer")
    far, (tar, other) = np.array(chart.x), map(np.array, chart.series.values())
    assert other == pytest.approx(1 - far)
    assert np.interp(0, far - (1 - tar), far) == pytest.approx(chart.at)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"scores": ""}, "scores is empty"),
        ({"scores": "a, 0.5", "same": "1, 0"}, "“a” is not a number"),
        ({"scores": "nan, 0.5", "same": "1, 0"}, "“nan” cannot be used"),
        ({"scores": "1e308, 0.5", "same": "1, 0"}, "“1e308” cannot be used"),
        ({"scores": "1.5, 0.5", "same": "1, 0"}, "holds 1.5; a score here is a cosine"),
        ({"scores": "0.5, 0.1; 0.2, 0.3"}, "scores has 2 rows"),
        ({"scores": ", ".join(["0.5"] * 65)}, "has 2 to 64 numbers"),
        ({"scores": ";".join(["0.5, 0.5"] * 1000)}, "has 1000 rows"),
        ({"same": "1, 0"}, "Pairs in same: 2; scores: 20"),
        ({"same": DEFAULTS["same"].replace("1", "2")}, "same holds “2”"),
        ({"same": ", ".join("1" * 20)}, "same holds only 1"),
        ({"threshold": "2"}, "use a number from -1 to 1"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence(change, said):
    with pytest.raises(Problem, match=said):
        verification.read(DEFAULTS | change)


def test_the_likely_slips_are_named():
    question = verification.question(verification.read(DEFAULTS))
    answers = {1 / 6: "right", 2.0: "count", 0.1: "all", 2 / 9: "accepted", 0.875: "tar"}
    assert [question.judged(answer) for answer in answers] == list(answers.values())
