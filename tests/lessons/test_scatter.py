"""Scatter: its numbers by loops and by other libraries, and which of them notice a scale."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import calinski_harabasz_score

from centerviz import lessons
from centerviz.data.builtin import ARTICLE_VECTORS
from centerviz.embedding.measure import measure
from centerviz.language import LANGUAGES
from centerviz.lessons import compactness, scatter
from centerviz.lessons.lesson import Chart
from centerviz.problem import Problem

DEFAULTS = scatter.LESSON.defaults
FREE = ("ratio", "fisher", "nc1")


def result(**typed):
    return scatter.result(scatter.read(DEFAULTS | typed))


def test_the_articles_numbers_by_plain_loops():
    x, found = np.array(ARTICLE_VECTORS), result(scale="1")
    mu = [x[4 * j : 4 * j + 4].mean(axis=0) for j in range(3)]
    within = sum(((x[i] - mu[i // 4]) ** 2).sum() for i in range(12))
    between = sum(4 * ((m - x.mean(axis=0)) ** 2).sum() for m in mu)
    assert found["within_trace"] == pytest.approx(within)
    assert found["between_trace"] == pytest.approx(between)
    assert within + between == pytest.approx(((x - x.mean(axis=0)) ** 2).sum())
    assert found["intra_mean"] == pytest.approx(
        sum(np.sqrt(((x[i] - mu[i // 4]) ** 2).sum()) for i in range(12)) / 12
    )
    assert found["center_loss"] == pytest.approx(0.135)


def test_fisher_is_calinski_harabasz_but_for_the_counts():
    x, y = np.array(ARTICLE_VECTORS), np.repeat(np.arange(3), 4)
    judged = calinski_harabasz_score(x, y) * (3 - 1) / (12 - 3)
    assert compactness.fisher(x, y) == pytest.approx(judged)


@st.composite
def samples(draw):
    """Samples of two or three classes in the plane that have scatter and a gap, as typed."""
    n = draw(st.integers(2, 4))
    rows = st.tuples(st.integers(-40, 40), st.integers(1, 40))
    x = draw(st.lists(rows, min_size=3 * n, max_size=3 * n, unique=True))
    return {
        "x": "; ".join(f"{a / 10}, {b / 10}" for a, b in x),
        "y": ", ".join(str(1 + i % 3) for i in range(3 * n)),
        "scale": str(draw(st.integers(1, 40)) / 10),
    }


@settings(max_examples=20)
@given(samples())
def test_scale_moves_the_loss_by_its_square_and_nothing_scale_free(typed):
    found, before = result(**typed), result(**(typed | {"scale": "1"}))
    scale = float(typed["scale"])
    assert found["center_loss"] == pytest.approx(scale**2 * before["center_loss"])
    assert found["intra_mean"] == pytest.approx(scale * before["intra_mean"])
    assert [found[key] for key in FREE] == pytest.approx([before[key] for key in FREE])


@settings(max_examples=10)
@given(samples())
def test_the_steps_compose_to_the_result_and_say_it_in_both_languages(typed):
    document = json.loads(lessons.render("scatter", typed, "en", "json"))
    found, steps = document["result"], {s["symbol"]: s["value"] for s in document["steps"]}
    assert steps[r"\mathrm{intra}"] / steps[r"\mathrm{inter}"] == pytest.approx(found["ratio"])
    assert sum(d * d for d in steps["d_i"]) == pytest.approx(found["within_trace"])
    assert steps["L_C(s\\,x)"] == pytest.approx(found["within_trace"] / 2)
    assert steps["F"] == pytest.approx(steps["F(x)"])
    for lang in LANGUAGES:
        text = lessons.render("scatter", typed, lang, "md")
        assert "nan" not in text.lower()
        assert "[[" not in text


def test_the_numbers_are_those_that_judge_an_embedding(article_embeddings):
    judged, found = measure(article_embeddings)["raw"], result(scale="1")
    for key in ("intra_mean", "inter_mean", *FREE):
        assert found[key] == pytest.approx(judged[key], rel=1e-6)


@pytest.fixture
def article_embeddings():
    from centerviz.data.embeddings import Embeddings

    labels = np.repeat(np.arange(3), 4)
    return Embeddings(
        x=np.array(ARTICLE_VECTORS, dtype=np.float64),
        labels=labels,
        class_names=("1", "2", "3"),
        ids=np.array([str(i) for i in range(12)]),
        source="article",
    )


def test_a_class_of_one_sample_says_nothing_about_width():
    found = result(x="0, 1; 0, 3; 9, 9", y="1, 1, 2", scale="1")
    assert found["intra_mean"] == 1
    assert "2" in lessons.render("scatter", {"x": "0, 1; 0, 3; 9, 9", "y": "1, 1, 2"})


def test_the_chart_shows_what_follows_the_scale_and_what_does_not():
    read = scatter.read(DEFAULTS | {"scale": "2"})
    chart = scatter.picture(read, "loss")
    assert isinstance(chart, Chart)
    assert chart.at == 2
    s = np.array(chart.x)
    assert chart.series["L_C"] == pytest.approx(s**2)
    assert chart.series["intra"] == pytest.approx(s)
    for name in ("intra / inter", "F", "NC1"):
        assert chart.series[name] == pytest.approx(np.ones_like(s))


def test_between_the_means_there_is_a_line_for_every_pair():
    links = [m for m in scatter.picture(scatter.read(DEFAULTS), "inter") if m.kind == "link"]
    assert len(links) == 3
    lengths = [np.linalg.norm(link.end - link.start) for link in links]
    assert np.mean(lengths) == pytest.approx(result()["inter_mean"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x": "1, 1; 1, 1; 2, 2; 2, 2", "y": "1, 1, 2, 2"}, "no scatter to divide by"),
        ({"x": "1, 2; 2, 1", "y": "1, 2"}, "no scatter to divide by"),
        ({"x": "1, 2; 2, 1; 1, 2; 2, 1", "y": "1, 1, 2, 2"}, "all in one place"),
        ({"scale": "0"}, "use a number from 0.1 to 4"),
        ({"scale": "nan"}, "use a number from 0.1 to 4"),
        ({"scale": ""}, "use a number from 0.1 to 4"),
        ({"y": ", ".join("1" * 12)}, "Different classes in y: 1"),
    ],
)
def test_what_would_divide_by_zero_gets_a_sentence(change, said):
    with pytest.raises(Problem, match=said):
        scatter.read(DEFAULTS | change)


def test_the_likely_slips_are_named():
    question = scatter.question(scatter.read(DEFAULTS))
    answers = {5.253: "right", 5.253 / 4: "quarter", 5.253 / 2: "half", 10.506: "double"}
    assert [question.judged(answer) for answer in answers] == list(answers.values())
