"""The compare page: two runs, signed deltas with direction, and nothing of torch."""

import shutil
import subprocess
import sys
import textwrap
from html import escape

import numpy as np
import pytest

from centerviz.embedding.metrics import DETAILS, METRICS
from centerviz.runs.store import open_run
from centerviz.web import comparison_report, movie, pair_maps, results
from centerviz.web.comparing import Delta, deltas, digits, headline
from tests.pages.conftest import ROOT, SHELL

KEYS = ("compare_a", "compare_b")


def said(at):
    kinds = (at.header, at.subheader, at.markdown, at.caption, at.error, at.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_the_address_decides_which_runs_are_compared(runs, open_page):
    at = open_page("compare", run="with,without")
    assert [at.selectbox(key=key).value for key in KEYS] == ["with", "without"]


def test_the_baseline_is_the_run_without_center_loss(runs):
    own = [open_run(name, runs) for name in ("with", "without")]
    assert results.default_pair(own) == ("without", "with")


def test_without_own_runs_the_shipped_pair_is_shown(no_runs, open_page):
    at = open_page("compare")
    assert [at.selectbox(key=key).value for key in KEYS] == ["digits-2d-without", "digits-2d-with"]
    assert "times as tight" in at.header[0].value


def test_a_changed_choice_goes_into_the_address(runs, open_page):
    at = open_page("compare", run="without,with")
    at.selectbox(key="compare_a").select("with").run()
    assert at.query_params["run"] == "with,with"
    assert "No setting differs" in said(at)


def test_three_numbers_stand_beside_the_picture_with_sign_and_word(runs, open_page):
    at = open_page("compare", run="without,with")
    assert [metric.label for metric in at.metric] == [
        "Intra / inter",
        "Fisher ratio",
        "Nearest-mean accuracy",
    ]
    assert all(metric.delta[0] in "+−0" for metric in at.metric)


def test_every_number_there_is_stands_in_one_of_two_tables(runs, open_page):
    at = open_page("compare", run="without,with")
    tables = "".join(element.proto.body for element in at.get("html"))
    for metric in (*METRICS.values(), *DETAILS.values()):
        assert escape(metric.name) in tables
    key = results.opened("with")
    assert results.detailed(*key, None)["raw"]["nc3"] is not None


def test_only_settings_that_differ_are_listed(runs, open_page):
    at = open_page("compare", run="without,with")
    assert at.dataframe[0].value.to_numpy().tolist() == [["center-weight", "0", "0.5"]]


def paired(runs, *names):
    """The films of two runs, raw features."""
    both = [open_run(name, runs) for name in names]
    stamps = tuple(movie.stamp(run) for run in both)
    return pair_maps.pair_map(tuple(str(run.path) for run in both), stamps, False)


def test_both_maps_play_together_on_the_same_axes(runs):
    pair = paired(runs, "without", "with")
    one, other = pair_maps.panels(pair, ["a", "b"], unit=False)
    assert one.figure.layout.xaxis.range == other.figure.layout.xaxis.range
    assert (one.ids == other.ids).all()
    assert one.frames.shape == other.frames.shape == (2, len(one.ids), 2)


def test_two_features_are_drawn_as_they_are(runs):
    pair = paired(runs, "with", "with")
    features = open_run("with", runs).snapshot(2).features
    np.testing.assert_array_equal(pair.films[0].points[-1], features)


def test_the_ratio_under_the_map_is_that_of_the_table(runs):
    measured = results.measured(*results.opened("with"), None)
    reading = paired(runs, "with", "with").films[0].readings[-1]
    assert reading.ratio == pytest.approx(measured["raw"]["ratio"], rel=1e-4)


def test_damaged_runs_are_not_offered(no_runs, trained, open_page):
    for name, file in (("no-config", "config.json"), ("no-features", "embeddings.parquet")):
        shutil.copytree(trained / "with", no_runs / name)
        (no_runs / name / file).unlink()
    at = open_page("compare", run="no-config,no-features")
    assert not {"no-config", "no-features"} & set(at.selectbox(key="compare_a").options)
    assert at.metric


def test_a_run_that_is_gone_falls_back_to_what_is_there(runs, open_page):
    at = open_page("compare", run="gone,with")
    assert not at.error
    assert at.selectbox(key="compare_b").value in ("with", *at.selectbox(key="compare_b").options)


def test_a_smaller_distance_alone_is_no_verdict():
    numbers = {"raw": dict.fromkeys(METRICS, 1.0)}
    shrunk = {"raw": {**numbers["raw"], "intra_mean": 0.5, "ratio": 0.5, "fisher": 0.5}}
    rows = {row.metric.key: row for row in deltas(numbers, shrunk, "raw")}
    assert (rows["intra_mean"].verdict, rows["intra_mean"].word) == (0, "smaller")
    assert (rows["ratio"].verdict, rows["ratio"].word) == (1, "tighter")
    assert (rows["fisher"].verdict, rows["fisher"].word) == (-1, "looser")
    assert rows["eer"].word == "the same"


def test_a_share_near_one_is_judged_by_what_is_left():
    better = Delta(METRICS["auc"], 0.9963, 0.9999)
    assert (better.word, better.verdict) == ("better", 1)
    assert Delta(METRICS["auc"], 0.5, 0.501).word == "the same"


def test_undefined_numbers_have_no_verdict_and_no_word():
    row = next(
        iter(deltas({"raw": dict.fromkeys(METRICS)}, {"raw": dict.fromkeys(METRICS)}, "raw"))
    )
    assert (row.change, row.verdict, row.word) == (None, 0, "")
    assert digits(row.baseline) == "–"


@pytest.mark.parametrize(
    ("ratios", "words"),
    [
        ((0.4, 0.2), "b is 2.0 times as tight as a"),
        ((0.4, 0.3), "b is 25% tighter than a"),
        ((0.4, 0.5), "b is 25% looser than a"),
        ((0.4, 0.4), "b is as tight as a"),
        ((0.4, 0.0), "b is ∞ times as tight as a"),
        ((None, 0.2), "b beside a"),
    ],
)
def test_the_headline_says_what_is_seen(ratios, words):
    assert headline(Delta(METRICS["ratio"], *ratios), ("a", "b")) == words


@pytest.mark.slow
def test_finished_runs_open_without_torch(runs):
    script = f"""
        import sys
        from streamlit.testing.v1 import AppTest
        at = AppTest.from_file(r"{SHELL}", default_timeout=60).run()
        for name in ("home", "explore", "compare", "verify"):
            at.query_params["run"] = "without,with"
            at.switch_page(f"../../pages/{{name}}.py").run()
            assert not at.exception, at.exception
            assert at.metric
        for heavy in ("torch", "distributed"):
            assert heavy not in sys.modules, heavy
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("gone,with", {1: "with"}),
        ("with,gone", {0: "with"}),
        ("digits-2d-with", {0: "digits-2d-with"}),
    ],
)
def test_a_place_left_open_gets_another_run_than_the_other_place(runs, open_page, address, kept):
    at = open_page("compare", run=address)
    chosen = [at.selectbox(key=key).value for key in KEYS]
    assert all(chosen[place] == name for place, name in kept.items())
    assert len(set(chosen)) == 2
    told = [warning.value for warning in at.warning]
    assert any("The link asks for gone" in text for text in told) == ("gone" in address)


def test_a_run_under_a_name_that_no_link_can_say_is_not_offered(no_runs, trained, open_page):
    shutil.copytree(trained / "with", no_runs / "with (copy)")
    at = open_page("compare")
    assert "with (copy)" not in at.selectbox(key="compare_a").options


def test_a_change_below_the_digits_that_are_shown_is_none():
    tiny = Delta(METRICS["nc1"], 4e-7, 2e-6)
    assert tiny.shown[0] == tiny.shown[1] and tiny.is_same and tiny.verdict == 0


def test_the_report_holds_the_numbers_pictures_and_settings_and_escapes_names(runs):
    both = [open_run(name, runs) for name in ("without", "with")]
    keys = [results.opened(run.id) for run in both]
    page = comparison_report.report(both, ["<b>λ = 0</b>", "λ = 0.5"], keys, "raw")
    measured = results.measured(*keys[1], None)["raw"]
    assert f"<td>{digits(measured['fisher'])}</td>" in page
    assert "<b>λ" not in page and "&lt;b&gt;λ = 0&lt;/b&gt;" in page
    assert page.count("Plotly.newPlot(") == 5 and "center-weight" in page
    assert both[1].provenance()["data"]["sha256"] in page and 'src="http' not in page
