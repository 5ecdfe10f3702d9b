"""The train page with an experiment: what is planned, what is under way, what was found."""

import json
import shutil

import pytest

from centerviz.embedding.metrics import METRICS
from centerviz.learning.config import TrainConfig
from centerviz.runs import status
from centerviz.runs.files import write_json
from centerviz.runs.status import Status
from centerviz.runs.store import STOP
from centerviz.web.experiment_results import sentence, word
from centerviz.web.mending import HOPELESS

FOUND = {"without": 0.0, "with": 0.5}


@pytest.fixture
def experiment(no_runs, trained):
    """An experiment called `both` of finished runs: λ = 0 and 0.5, seeds 0 and 1."""
    for name, weight in FOUND.items():
        for seed in (0, 1):
            run = no_runs / f"{name}-{seed}"
            shutil.copytree(trained / name, run)
            config = json.loads((run / "config.json").read_text())
            write_json(run / "config.json", {**config, "center_weight": weight, "seed": seed})
            known = json.loads((run / "provenance.json").read_text())
            write_json(run / "provenance.json", {**known, "experiment": "both"})
    return no_runs


def said(at):
    """All words on the page, as a reader sees them."""
    kinds = (at.header, at.markdown, at.caption, at.error)
    return "\n".join(element.value for kind in kinds for element in kind).replace("\\", "")


def test_seeds_and_sweep_are_counted_with_the_time_that_like_runs_took(runs, open_page):
    at = open_page("train", seeds="3", sweep="center_weight=0.1,1;dim=2,4", epochs="2")
    assert "18 runs, about " in said(at)
    at.number_input(key="train_seeds").set_value(20).run()
    assert "120 runs" in said(at)
    at.text_input(key="train_values_dim").set_value("2,zwei").run()
    assert "“Dimensions, D” was given as zwei" in at.error[0].value
    assert at.button(key="train_start").disabled
    at.text_input(key="train_values_dim").set_value("").run()
    assert "“Dimensions, D” lacks a value" in at.error[0].value
    assert "Dimensions, D" in at.multiselect(key="train_vary").options


def test_what_was_never_trained_here_is_offered_to_be_measured(no_runs, open_page):
    at = open_page("train", seeds="2", batch_size="77")
    assert "4 runs; how long they take here is not known yet" in said(at)
    assert at.button(key="train_probe")


def test_what_was_measured_is_told(no_runs, open_page):
    at = open_page("train", dataset="article", batch_size="5")
    at.button(key="train_probe").click().run()
    assert not at.exception
    assert "measured on like runs" in said(at)
    assert not list(no_runs.glob(".probe-*"))


def test_an_address_brings_back_seeds_and_sweep(no_runs, open_page):
    at = open_page("train", seeds="4", sweep="center_rule=ema;center_rule=ema,fixed")
    assert at.multiselect(key="train_vary").value == ["center_rule"]
    at.text_input(key="train_values_center_rule").set_value("fixed, gradient").run()
    again = open_page("train", **at.query_params)
    assert again.number_input(key="train_seeds").value == 4
    assert again.text_input(key="train_values_center_rule").value == "fixed, gradient"


def test_a_finished_experiment_tells_means_differences_and_what_they_cover(experiment, open_page):
    at = open_page("train", experiment="both")
    assert at.header[0].value == "2 settings of λ, 2 seeds each"
    words = said(at)
    assert "randomness of training only" in words
    assert "Intra / inter: λ = 0.5 differs from λ = 0 by" in words
    assert "over 2 seeds" in words
    html = "".join(element.proto.body for element in at.get("html"))
    assert html.count("<tr><th scope='row'>") == 2
    assert html.count(" ± ") == 6  # accuracy and ratio of both, differences of one
    assert list(at.selectbox(key="experiment_run").options) == [
        "λ = 0, seed = 0",
        "λ = 0, seed = 1",
        "λ = 0.5, seed = 0",
        "λ = 0.5, seed = 1",
    ]


def test_one_seed_does_not_tell(experiment, open_page):
    for name in FOUND:
        shutil.rmtree(experiment / f"{name}-1")
    assert "over 1 seed: one seed does not tell" in said(open_page("train", experiment="both"))


def test_a_run_that_failed_says_why_and_the_others_are_judged_all_the_same(experiment, open_page):
    failed = Status("failed", epochs=2, template="It *broke*.")
    status.write(experiment / "with-1", failed)
    at = open_page("train", experiment="both")
    assert "λ = 0\\.5, seed = 1: It \\*broke\\*\\." in at.error[0].value
    assert "over 1 seed" in said(at)


def test_each_setting_that_went_infinite_gets_its_offers(experiment, open_page):
    values = {"step": "3", "epoch": "1"}
    for name in ("with-0", "with-1", "without-0"):
        failed = Status("failed", epochs=2, template=HOPELESS[0], values=values)
        status.write(experiment / name, failed)
    at = open_page("train", experiment="both")
    offers = {button.key.split()[1] for button in at.button if button.key.startswith("mend ")}
    assert offers == {"with-0", "without-0"}


def test_what_a_run_fills_in_when_it_begins_is_not_told_as_varied(experiment, open_page):
    for name in ("with-0", "with-1"):
        config = json.loads((experiment / name / "config.json").read_text())
        auto = dict.fromkeys(("model", "device", "precision", "threads"), "auto")
        write_json(experiment / name / "config.json", {**config, **auto})
        status.write(experiment / name, Status("queued", epochs=2, heartbeat=2e9))
    at = open_page("train", experiment="both")
    assert at.header[0].value == "2 settings of λ, 2 seeds each"
    assert "λ = 0.5, seed = 1" in at.selectbox(key="experiment_run").options


def test_what_was_stopped_is_resumed_together_and_what_waits_is_stopped(experiment, open_page):
    for name in ("with-0", "with-1"):
        status.write(experiment / name, Status("queued", epochs=2, heartbeat=2e9))
    at = open_page("train", experiment="both")
    assert "2 of 4 runs done" in at.get("progress")[0].proto.text
    at.button(key="experiment_stop").click().run()
    assert {status.read(experiment / name).state for name in ("with-0", "with-1")} == {"stopped"}
    assert at.button(key="experiment_resume").label == "Resume 2 runs"


def test_what_cannot_be_stopped_is_told_and_the_others_stop(experiment, open_page):
    for name in ("with-0", "with-1"):
        status.write(experiment / name, Status("queued", epochs=2, heartbeat=2e9))
    (experiment / "with-1" / STOP).symlink_to(experiment / "nowhere" / "stop")
    at = open_page("train", experiment="both")
    at.button(key="experiment_stop").click().run()
    assert "with\\-1 cannot be stopped" in at.error[0].value
    assert status.read(experiment / "with-0").state == "stopped"


def test_runs_whose_queue_is_gone_are_offered_again(experiment, open_page):
    for name in ("with-0", "with-1"):
        lost = {"state": "queued", "epochs": 2, "heartbeat": 1.0}
        write_json(experiment / name / "status.json", lost)
    at = open_page("train", experiment="both")
    assert at.button(key="experiment_resume").label == "Resume 2 runs"
    assert "Accuracy" in "".join(element.proto.body for element in at.get("html"))
    assert "to compare with" not in said(at)  # so far only λ = 0 is done


def test_an_unknown_experiment_gets_its_sentence(no_runs, open_page):
    at = open_page("train", experiment="[x](y)")
    assert "There is no experiment \\[x\\]\\(y\\)" in at.error[0].value


def test_a_difference_inside_its_interval_is_not_called_one():
    from centerviz.embedding.over_seeds import OverSeeds

    assert word(METRICS["ratio"], OverSeeds(-0.1, 0.2, 5)) == "no clear difference"
    assert word(METRICS["ratio"], OverSeeds(-0.3, 0.2, 5)) == "tighter"
    assert word(METRICS["ratio"], OverSeeds(0.3, 0.2, 5)) == "looser"
    assert word(METRICS["intra_mean"], OverSeeds(-0.3, 0.2, 5)) == "smaller"


def test_the_clearest_difference_is_told_and_out_of_how_many():
    from centerviz.embedding.over_seeds import OverSeeds
    from centerviz.runs.experiment import Setting

    found = {1.0: OverSeeds(-5.0, 6.0, 3), 2.0: OverSeeds(-1.0, 0.25, 3)}
    settings = [
        Setting(TrainConfig(), {"center_weight": weight}, {}, {"raw.ratio": difference})
        for weight, difference in found.items()
    ]
    words = sentence(settings, "raw.ratio")
    assert "the clearest of 2 differences to λ = 0 is −1.0000 ± 0.2500 at λ = 2" in words
    assert words.endswith("tighter.")


def test_without_a_run_to_compare_with_nothing_is_compared():
    assert "no run with λ = 0" in sentence([], "raw.ratio")


def test_weights_to_go_on_from_decide_the_dimensions(runs, open_page):
    at = open_page("train", parent="with")
    assert "goes on from the weights of with" in said(at)
    at.number_input(key="train_dim").set_value(3).run()
    assert "set “Dimensions, D” to 2" in at.error[0].value
    assert at.button(key="train_start").disabled
    at.button(key="train_no_parent").click().run()
    assert not at.error
    assert "parent" not in at.query_params


def test_a_run_page_puts_its_settings_and_weights_into_the_form(runs, open_page):
    at = open_page("train", way="runs", show="with")
    at.button(key="run_go_on").click().run()
    assert at.number_input(key="train_center_weight").value == 0.5
    assert at.query_params["parent"] == "with"
