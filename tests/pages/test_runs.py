"""The list of runs on the train page, and the page of one run."""

from centerviz.learning.config import TrainConfig
from centerviz.runs.export import KINDS
from centerviz.runs.store import open_run
from centerviz.web.run_page import packed
from tests.pages.test_train import said


def test_all_runs_stand_in_one_list_that_can_be_searched(runs, open_page):
    at = open_page("train", way="runs", search="λ = 0.5")
    assert at.header[0].value == "1 run"
    assert at.dataframe[0].value["Run"].tolist() == ["with"]
    at.text_input(key="runs_search").set_value("nothing like it").run()
    assert at.query_params["search"] == "nothing like it"
    assert "No run matches" in said(at)


def test_a_run_tells_settings_files_origin_and_the_line_that_repeats_it(runs, open_page):
    at = open_page("train", way="runs", show="with")
    assert at.header[0].value == "with"
    assert at.code[0].value == open_run("with").config.command_line()
    settings, files, origin = (frame.value for frame in at.dataframe)
    assert dict(zip(settings["Setting"], settings["Here"], strict=True))["Epochs"] == "2"
    assert "embeddings.parquet" in files["File"].tolist()
    assert "Data set, sha256" in origin["What"].tolist()
    at.toggle(key="run_all_settings").set_value(True).run()
    assert len(at.dataframe[0].value) == len(TrainConfig.model_fields)
    assert next(metric.label for metric in at.metric) == "Intra / inter"
    assert all(len(packed(open_run("with"), kind)) > 1000 for kind in KINDS)


def test_a_run_gets_a_name_goes_and_comes_back(queued, no_runs, open_page):
    queued("waiting")
    at = open_page("train", way="runs", show="waiting")
    at.text_input(key="name waiting").set_value("a *star*")
    next(button for button in at.button if button.label == "Save").click().run()
    assert at.header[0].value == "a \\*star\\*"
    at.button(key="run_delete").click().run()
    assert at.header[0].value == "6 runs"  # those that come with CenterViz
    at.button(key="runs_undo").click().run()
    assert "a *star*" in at.dataframe[0].value["Run"].tolist()
    assert open_run("waiting", no_runs).problem is None


def test_a_run_that_is_gone_or_damaged_says_so(queued, open_page):
    assert "There is no run gone" in open_page("train", way="runs", show="gone").error[0].value
    run = queued("odd")
    (run.path / "config.json").write_text("[", encoding="utf-8")
    at = open_page("train", way="runs", show="odd")
    assert "config\\.json" in at.error[0].value


def test_settings_of_a_run_go_into_the_form(runs, open_page):
    at = open_page("train", way="runs", show="with")
    at.button(key="run_again").click().run()
    assert at.number_input(key="train_center_weight").value == 0.5
    assert at.number_input(key="train_epochs").value == 2
