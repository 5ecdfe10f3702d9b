"""The first page: the shipped pair in numbers, three doors, and what it says without a pair."""

import pytest

from centerviz.embedding.metrics import METRICS
from centerviz.runs import store
from centerviz.web import front
from centerviz.web.comparing import Delta


@pytest.fixture
def shipped(trained, monkeypatch):
    """The trained pair stands in for the shipped runs."""
    monkeypatch.setattr(store, "SHIPPED", trained)
    return trained


def said(at):
    kinds = (at.header, at.markdown, at.caption)
    return "\n".join(element.value for kind in kinds for element in kind)


def links(at):
    return [link.value for link in at.page_link]


def test_the_pair_stands_with_its_three_numbers_and_doors(shipped, no_runs, open_page):
    at = open_page("home")
    assert [metric.label for metric in at.metric] == ["Intra / inter", "Fisher ratio", "Accuracy"]
    assert all(metric.delta[0] in "+−0" for metric in at.metric)
    assert links(at) == ["Learn", "Explore", "Train"]


def test_the_numbers_are_those_of_the_runs(shipped, no_runs, open_page):
    pair = front.shipped_pair()
    ratio, _fisher, accuracy = front.numbers(pair, -1)
    assert (ratio.baseline, ratio.other) == tuple(f.readings[-1].ratio for f in pair.films)
    assert accuracy.other == pair.runs[1].epochs()["accuracy_test"].iloc[-1]
    assert f"{ratio.other:.0%}" in open_page("home").header[0].value


def test_without_center_loss_stands_on_the_left(shipped):
    pair = front.shipped_pair()
    assert [run.config.center_weight for run in pair.runs] == [0.0, 0.5]
    titles = [panel.title for panel in front.panels(pair)]
    assert titles == ["Without center loss (λ = 0)", "With center loss (λ = 0.5)"]


def test_each_map_says_in_words_what_it_shows(shipped):
    for panel in front.panels(front.shipped_pair()):
        assert "397 samples in 10 classes over 2 epochs" in panel.alt


@pytest.mark.parametrize(
    ("ratios", "words"),
    [
        ((0.18, 0.08), "tightens the classes"),
        ((0.18, 0.20), "tightens nothing"),
        ((None, 0.2), "without and with"),
    ],
)
def test_the_headline_says_what_the_numbers_say(ratios, words):
    assert words in front.headline(Delta(METRICS["ratio"], *ratios))


def test_without_shipped_runs_the_page_says_how_to_get_a_pair(
    tmp_path, no_runs, monkeypatch, open_page
):
    monkeypatch.setattr(store, "SHIPPED", tmp_path / "nothing")
    at = open_page("home")
    assert "missing from sample_data/runs" in said(at)
    assert not at.metric
    assert links(at) == ["Train the pair", "Learn", "Explore", "Train"]


def test_damaged_shipped_runs_are_as_good_as_none(tmp_path, no_runs, monkeypatch, open_page):
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "config.json").write_text("{")
    monkeypatch.setattr(store, "SHIPPED", tmp_path)
    assert not open_page("home").metric


def test_unfinished_runs_are_offered_in_one_line(shipped, queued, open_page):
    queued("waiting")
    at = open_page("home")
    assert "1 run is not finished." in said(at)
    assert "Look after them" in links(at)


def test_a_run_that_no_link_can_name_does_not_close_the_page(shipped, queued, open_page):
    queued("my run (copy)")
    assert "not finished" not in said(open_page("home"))
