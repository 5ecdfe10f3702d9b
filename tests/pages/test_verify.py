"""The verify page: rates with their counts, what is too thin to quote, the pairs behind errors."""

import numpy as np
import pytest

from centerviz.embedding.verification import roc, verification
from centerviz.web import results, two_images, verifying


def said(at):
    kinds = (at.header, at.subheader, at.markdown, at.caption, at.error, at.info, at.warning)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_two_runs_stand_in_one_picture(runs, open_page):
    at = open_page("verify", run="without,with")
    assert "errs in" in at.header[0].value
    assert [metric.label for metric in at.metric[:4]] == ["Equal error rate", "AUC"] * 2


def test_the_page_begins_with_the_shipped_faces_on_unseen_identities(no_runs, open_page):
    at = open_page("verify")
    assert at.multiselect(key="verify_runs").value == ["faces-without", "faces-with"]
    assert at.query_params["split"] == "verify"
    assert "identities that training never saw" in said(at)
    labels = ["Equal error rate", "AUC", "LFW protocol"]
    assert [metric.label for metric in at.metric[:6]] == labels * 2
    assert "mean of ten folds that share no identity" in said(at)


def test_one_run_is_enough(runs, open_page):
    at = open_page("verify", run="with")
    assert at.multiselect(key="verify_runs").value == ["with"]
    assert [metric.label for metric in at.metric] == ["Equal error rate", "AUC", "with"]


def test_no_run_chosen_asks_for_one(runs, open_page):
    at = open_page("verify", run="with")
    at.multiselect(key="verify_runs").set_value([]).run()
    assert not at.exception
    assert at.multiselect(key="verify_runs").value


def test_the_counts_of_pairs_are_told(runs, open_page):
    at = open_page("verify", run="with", split="test")
    curve = verifying.curve(results.opened("with"), "test", True)
    assert curve.genuine + curve.impostor == 397 * 396 // 2
    assert f"{curve.genuine} pairs of one class" in said(at)


def test_split_score_and_curve_are_in_the_address(runs, open_page):
    at = open_page("verify", run="with", split="val", view="raw", axis="det")
    assert at.segmented_control(key="verify_curve").value == "det"
    assert (at.query_params["split"], at.query_params["view"]) == ("val", "raw")
    at.segmented_control(key="verify_curve").set_value("roc").run()
    assert "axis" not in at.query_params and not at.exception


def test_two_samples_of_the_address_are_scored_by_both_runs(runs, open_page):
    x, y, _ids = verifying.rows_of(results.opened("with"), "test")
    other = int(np.flatnonzero(y != y[0])[0])
    at = open_page("verify", run="without,with", two=f"0,{other}")
    z = x / np.linalg.norm(x, axis=1, keepdims=True)
    shown = [metric.value for metric in at.metric if metric.delta.startswith("threshold")]
    assert len(shown) == 2 and shown[1] == f"{z[0] @ z[other]:.3f}".replace("-", "−")
    assert "taken for" in said(at)
    at.button(key="verify_draw").click().run()
    pair = [at.selectbox(key=key).value for key in two_images.pickers(397)]
    assert at.query_params["two"] == f"{pair[0]},{pair[1]}" != f"0,{other}"
    at.selectbox(key=two_images.pickers(397)[0]).set_value(pair[1]).run()
    assert "Choose two different samples" in said(at)
    assert at.query_params["two"] == f"{pair[0]},{pair[1]}"


@pytest.mark.parametrize("unit", [True, False])
def test_the_verdicts_on_all_pairs_are_the_rates_at_the_threshold(unit):
    y = np.arange(40) % 4
    x = np.random.default_rng(0).normal(size=(40, 5)) + np.eye(4, 5)[y]
    curve = verification(x, y, unit)
    at = int(np.flatnonzero(curve.thresholds == curve.eer_threshold)[0])
    taken = {True: [], False: []}
    for i, j in zip(*np.triu_indices(40, 1), strict=True):
        score = two_images.score_of_two(x[[i, j]], unit)
        taken[bool(y[i] == y[j])].append(score >= curve.eer_threshold)
    assert np.mean(taken[True]) == curve.tar[at] and np.mean(taken[False]) == curve.far[at]


def test_of_very_many_samples_the_number_is_asked_for(runs, open_page, monkeypatch):
    monkeypatch.setattr(two_images, "MOST_NAMES", 100)
    at = open_page("verify", run="with", two="5,300")
    assert [at.number_input(key=key).value for key in two_images.pickers(397)] == [5, 300]
    assert "By number, 0 to 396" in said(at)


def test_another_split_keeps_the_two_rows_or_draws_two_that_it_has(no_runs, open_page):
    at = open_page("verify", run="digits-2d-with", split="test", two="5,300")
    for split, kept in {"train": True, "test": True, "val": False}.items():
        at.segmented_control(key="verify_split").set_value(split).run()
        assert not at.exception
        y = verifying.rows_of(results.opened("digits-2d-with"), split)[1]
        picker = at.number_input if len(y) > two_images.MOST_NAMES else at.selectbox
        chosen = [picker(key=key).value for key in two_images.pickers(len(y))]
        assert chosen == ([5, 300] if kept else list(two_images.draw_two(y, 0)))
        assert at.query_params["two"] == f"{chosen[0]},{chosen[1]}"
        assert "taken for" in said(at)


def test_drawn_pairs_are_of_one_class_and_of_two_in_turn():
    y = np.repeat(np.arange(5), 4)
    for turn in range(20):
        i, j = two_images.draw_two(y, turn)
        assert i < j and (y[i] == y[j]) == (turn % 2 == 0)


def test_a_far_below_what_the_pairs_can_tell_is_warned_about():
    scores = np.linspace(0, 1, 50)
    assert "too few" in verifying.warning(roc(scores, scores))
    many = np.linspace(0, 1, 20_000)
    assert verifying.warning(roc(many, many)) is None


def test_the_pairs_behind_the_errors_come_with_their_images(runs):
    key = results.opened("with")
    genuine, impostors = verifying.pictures(key, "test", True)
    assert len(genuine) == len(impostors) == verifying.SHOWN_PAIRS
    assert genuine[0].shape[2] == 3
    assert genuine[0].dtype == np.uint8


def test_the_captions_name_one_class_or_two(runs):
    refused, accepted = verifying.captions(results.opened("with"), "test", True)
    same = [text.split(":")[0].split(" / ") for text in refused]
    other = [text.split(":")[0].split(" / ") for text in accepted]
    assert all(a == b for a, b in same)
    assert all(a != b for a, b in other)


def test_the_image_of_a_pair_shows_the_rows_of_the_pair(runs):
    key = results.opened("with")
    dataset = verifying.samples(key[0])
    place = {name: row for row, name in enumerate(dataset.ids.tolist())}
    _x, _y, ids = verifying.rows_of(key, "test")
    hardest = verifying.errors(key, "test", True)[0]
    picture = verifying.pictures(key, "test", True)[0][0]
    side = dataset.inputs.shape[2]
    factor = verifying.TILE // side
    left = picture[::factor, : side * factor : factor, :1]
    np.testing.assert_array_equal(left, dataset.inputs[place[ids[hardest.first[0]]]])


def test_a_split_without_pairs_of_a_kind_is_shown_without_numbers():
    empty = roc(np.empty(0), np.array([0.5]))
    assert verifying.percent(empty.eer) == "–"
    assert "–" in verifying.headline(["one"], [empty.eer])


@pytest.mark.parametrize("query", [{"run": "gone"}, {"run": ""}, {}])
def test_an_address_without_a_known_run_begins_with_a_pair(runs, open_page, query):
    at = open_page("verify", **query)
    assert len(at.multiselect(key="verify_runs").value) == 2


def test_an_unknown_run_in_a_link_is_told(runs, open_page):
    at = open_page("verify", run="gone,with")
    assert at.multiselect(key="verify_runs").value == ["with"]
    assert "The link asks for gone" in said(at)
