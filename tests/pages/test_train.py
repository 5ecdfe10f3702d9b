"""The train page: the form, what it refuses, and runs in every state."""

import io
import json
import shutil
import zipfile

import pytest
from PIL import Image

from centerviz.learning.config import TrainConfig
from centerviz.learning.presets import PRESETS
from centerviz.runs import status
from centerviz.runs.status import Status
from centerviz.runs.store import STOP, open_run
from centerviz.web import opening, uploads
from centerviz.web.live import map_limits
from centerviz.web.mending import HOPELESS
from centerviz.web.subject import SAFE_FILE
from centerviz.web.train_form import LABELS, OPEN


def widgets(at):
    """Every widget of the form by its key, whatever its kind."""
    kinds = (at.selectbox, at.number_input, at.toggle)
    return {widget.key: widget for kind in kinds for widget in kind}


def said(at):
    """All words on the page."""
    kinds = (at.header, at.subheader, at.markdown, at.caption, at.error, at.info)
    return "\n".join(element.value for kind in kinds for element in kind)


def test_every_setting_of_the_model_is_in_the_form(no_runs, open_page):
    at = open_page("train")
    assert set(LABELS) == set(TrainConfig.model_fields)
    assert {f"train_{name}" for name in TrainConfig.model_fields} <= set(widgets(at))
    assert not any("`--" in widget.help for widget in widgets(at).values() if widget.help)


def test_five_controls_stand_open(no_runs, open_page):
    at = open_page("train")
    folded = {
        widget.key
        for part in at.expander
        for kind in ("selectbox", "number_input", "toggle", "multiselect")
        for widget in getattr(part, kind)
    }
    shown = {key for key in widgets(at) if key.startswith("train_")} - folded - {"train_pair"}
    assert shown == {"train_preset", *(f"train_{name}" for name in OPEN)}


def test_before_any_run_the_page_says_what_start_does(no_runs, open_page):
    at = open_page("train")
    assert at.header[0].value == "Nothing is training yet"
    assert not at.button(key="train_start").disabled


def test_a_preset_fills_the_form_and_says_what_to_expect(no_runs, open_page):
    at = open_page("train")
    at.selectbox(key="train_preset").select("article").run()
    assert at.number_input(key="train_center_weight").value == 5.0
    assert at.selectbox(key="train_base").value == "normface"
    assert PRESETS["article"].expect in said(at)


def test_a_change_of_the_preset_is_named(no_runs, open_page):
    at = open_page("train")
    assert "Changed from the preset" not in said(at)
    at.number_input(key="train_center_weight").set_value(0.25).run()
    assert "0\\.25" in said(at)


def test_a_link_carries_settings_and_those_not_allowed_are_left_out(no_runs, open_page):
    at = open_page("train", preset="article", center_weight="3", seed="7", dim="-4", nonsense="1")
    assert at.selectbox(key="train_preset").value == "article"
    assert at.number_input(key="train_center_weight").value == 3.0
    assert at.number_input(key="train_seed").value == 7
    assert at.number_input(key="train_dim").value == 16


def test_the_address_restores_a_form_that_is_filled_in_by_half(no_runs, open_page):
    at = open_page("train")
    assert not at.query_params
    at.selectbox(key="train_preset").select("article").run()
    at.number_input(key="train_center_weight").set_value(3.5)
    at.toggle(key="train_normalize").set_value(False)
    at.toggle(key="train_pair").set_value(False).run()
    again = open_page("train", **at.query_params)
    assert again.selectbox(key="train_preset").value == "article"
    assert again.number_input(key="train_center_weight").value == 3.5
    assert not again.toggle(key="train_normalize").value
    assert not again.toggle(key="train_pair").value


def test_a_link_names_data_sets_and_no_files_of_this_machine(no_runs, open_page):
    at = open_page("train", dataset="/etc/hosts")
    assert at.selectbox(key="train_dataset").value == "digits"
    at = open_page("train", dataset="faces-1:pose=0.5")
    assert at.selectbox(key="train_dataset").value == "faces-1:pose=0.5"


def test_what_does_not_fit_together_is_said_at_its_field_before_start(no_runs, open_page):
    at = open_page("train")
    at.selectbox(key="train_center_form").select("article-dot").run()
    assert "set “Center loss on unit features z” to true" in at.error[0].value
    assert at.button(key="train_start").disabled
    assert at.expander[0].error[0].value == at.error[0].value
    at.toggle(key="train_normalize").set_value(True).run()
    assert not at.error
    assert not at.button(key="train_start").disabled


def test_a_page_reads_no_path_of_this_machine_unless_its_folder_is_named(
    no_runs, open_page, monkeypatch, tmp_path_factory
):
    table = tmp_path_factory.mktemp("mine") / "table.csv"
    table.write_text("label,a,b\n" + "x,1,2\ny,3,4\n" * 10, encoding="utf-8")
    at = open_page("home")
    at.session_state["train_dataset"] = str(table)
    at.switch_page("../../pages/train.py").run()
    assert "There is no data set" in at.error[0].value
    assert at.button(key="train_start").disabled
    monkeypatch.setenv("CENTERVIZ_DATA", str(table.parent))
    at.run()
    assert not at.error


def test_own_data_are_uploaded_and_become_the_data_set(no_runs, open_page):
    at = open_page("train")
    at.file_uploader(key="train_upload").upload("my squares.zip", zipped(3, 4)).run()
    assert at.selectbox(key="train_dataset").value.startswith(str(no_runs / ".uploads"))
    assert not at.error


def test_without_center_loss_there_is_nothing_to_pair(no_runs, open_page):
    at = open_page("train")
    assert at.toggle(key="train_pair").value
    at.number_input(key="train_center_weight").set_value(0.0).run()
    assert at.toggle(key="train_pair").disabled


def test_runs_that_the_queue_does_not_take_are_shown_and_can_be_resumed(
    no_runs, open_page, monkeypatch
):
    monkeypatch.setenv("CENTERVIZ_CLUSTER", "nowhere://")
    at = open_page("train")
    at.button(key="train_start").click().run()
    assert not at.exception
    names = at.query_params["run"].split(",")
    assert len(names) == 2
    assert [at.button(key=f"resume {name}").label for name in names] == ["Resume", "Resume"]
    assert any("does not answer" in error.value for error in at.error)


def test_without_a_base_loss_no_lesson_on_it_is_offered(no_runs, open_page, trained):
    shutil.copytree(trained / "with", no_runs / "alone")
    lesson = "How L_S is worked out, step by step"
    assert lesson in [link.proto.label for link in open_page("train", run="alone").get("page_link")]
    file = no_runs / "alone" / "config.json"
    config = json.loads(file.read_text(encoding="utf-8")) | {"base": "none"}
    file.write_text(json.dumps(config), encoding="utf-8")
    links = [link.proto.label for link in open_page("train", run="alone").get("page_link")]
    assert links and lesson not in links


def test_a_finished_pair_offers_to_be_compared(runs, open_page):
    at = open_page("train", run="without,with")
    assert "λ = 0" in at.header[0].value
    assert "λ = 0\\.5" in at.header[0].value
    assert at.button(key="to_compare").label == "Compare the two"


def test_one_click_lands_on_compare_with_both_runs_in_the_address(runs, open_page):
    at = open_page("train", run="without,with")
    at.button(key="to_compare").click().run()
    assert not at.exception
    assert at.query_params["run"] == "without,with"
    assert "tight" in at.header[0].value or "looser" in at.header[0].value


def test_a_link_to_a_run_that_is_gone_says_so(no_runs, open_page):
    at = open_page("train", run="gone,../../etc")
    assert len(at.error) == 2
    assert "There is no run gone" in at.error[0].value.replace("\\", "")


@pytest.mark.parametrize("state", ["interrupted", "stopped", "failed"])
def test_a_run_that_rests_offers_to_go_on(queued, open_page, state):
    run = queued("resting")
    status.write(run.path, Status(state, epoch=0, epochs=5))
    at = open_page("train", run="resting")
    assert at.button(key="resume resting").label == "Resume"


def test_a_failed_run_says_why(queued, open_page):
    run = queued("broken")
    told = Status(
        "failed", epochs=5, template="The disk of {host} is full.", values={"host": "x_y"}
    )
    status.write(run.path, told)
    at = open_page("train", run="broken")
    assert at.error[0].value == "The disk of x\\_y is full\\."


def test_the_settings_of_a_failed_run_can_be_changed_and_started_again(queued, open_page):
    run = queued("broken")
    config = TrainConfig(epochs=5, center_weight=50.0, threads=2)
    (run.path / "config.json").write_text(config.model_dump_json(), encoding="utf-8")
    status.write(run.path, Status("failed", epochs=5))
    at = open_page("train", run="broken")
    at.button(key="mend broken").click().run()
    assert at.number_input(key="train_center_weight").value == 50.0
    assert at.selectbox(key="train_threads").value == "auto"  # filled in by the run, perhaps
    assert not at.button(key="train_start").disabled


def test_a_damaged_run_is_shown_as_such(queued, open_page):
    run = queued("damaged")
    (run.path / "status.json").write_text("{", encoding="utf-8")
    at = open_page("train", run="damaged")
    assert "status\\.json cannot be read\\." in said(at)


def test_epochs_that_cannot_be_read_are_told_and_the_form_stays(no_runs, open_page, trained):
    run = no_runs / "cut"
    shutil.copytree(trained / "with", run)
    (run / "epochs.jsonl").write_text("[]\n", encoding="utf-8")
    at = open_page("train", run="cut")
    assert "epochs\\.jsonl cannot be read" in at.error[0].value
    assert at.button(key="train_start")


def test_interrupted_runs_are_offered_again(queued, open_page):
    run = queued("left-behind")
    status.write(run.path, Status("interrupted", epoch=2, epochs=5))
    at = open_page("train")
    assert "Unfinished runs" in said(at)
    assert at.button(key="take up left-behind").label == "Resume"


def test_stop_asks_the_run_to_stop(queued, no_runs, open_page):
    queued("waiting")
    at = open_page("train", run="waiting")
    at.button(key="stop waiting").click().run()
    assert not at.exception
    assert open_run("waiting", no_runs).status.state == "stopped"


def test_what_cannot_be_stopped_is_told(queued, open_page):
    run = queued("waiting")
    (run.path / STOP).symlink_to(run.path / "nowhere" / "stop")  # nobody can write it
    at = open_page("train", run="waiting")
    at.button(key="stop waiting").click().run()
    assert "waiting cannot be stopped" in at.error[0].value
    (run.path / STOP).unlink()
    at.button(key="stop waiting").click().run()
    assert not at.error


def test_what_the_health_checks_found_is_told_with_cause_and_cure(
    runs, no_runs, open_page, trained
):

    run = no_runs / "ill"
    shutil.copytree(trained / "with", run)
    file = run / "epochs.jsonl"
    lines = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
    finding = {"code": "line", "seen": "Rank {rank:.2f}.", "cause": "Few.", "cure": "Lower λ."}
    lines[-1]["findings"] = [{**finding, "values": {"rank": 1.0}}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    at = open_page("train", run="ill")
    assert "Rank 1\\.00\\." in said(at)
    assert "What to do: Lower λ\\." in said(at)


def test_a_saved_model_places_another_data_set_without_training(runs, open_page):
    at = open_page("train", way="open")
    at.selectbox(key="open_run").select("with").run()
    at.selectbox(key="open_data").select("digits").run()
    at.button(key="open_go").click().run()
    assert not at.exception
    assert at.header[0].value == "1797 samples placed"
    name = at.session_state["open_result"]["file"]
    assert name.startswith("digits-by-with-")
    assert (runs / ".embeddings" / name).is_file()


def test_layers_of_a_file_that_do_not_fit_are_told_first(runs, open_page):
    at = open_page("train", way="open", model="file")
    assert at.button(key="open_go").disabled
    layers = [("a", "2×2", "b", "2×2"), ("c", "3", "–", "–")]
    at.session_state["open_result"] = {"problem": "It *fits* not.", "layers": layers}
    at.run()
    assert at.error[0].value == "It \\*fits\\* not\\."
    assert at.dataframe[0].value["Layer"].tolist() == ["does not fit", "fits"]


def zipped(classes: int, each: int) -> bytes:
    """Grey squares in a folder per class, as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for j in range(classes):
            for n in range(each):
                picture = io.BytesIO()
                Image.new("L", (8, 8), 20 * j + n).save(picture, "PNG")
                archive.writestr(f"class-{j}/{n}.png", picture.getvalue())
    return packed.getvalue()


def test_own_images_come_as_a_zip_and_open_in_explore(runs, open_page):
    at = open_page("train", way="open")
    at.selectbox(key="open_run").select("with").run()
    at.file_uploader(key="open_upload").upload("my squares.zip", zipped(3, 4)).run()
    at.button(key="open_go").click().run()
    assert at.header[0].value == "12 samples placed"
    name = at.session_state["open_result"]["file"]
    explored = open_page("explore", file=name)
    assert not explored.error


def test_an_upload_that_is_no_zip_gets_its_sentence(runs, open_page):
    at = open_page("train", way="open")
    at.file_uploader(key="open_upload").upload("broken.zip", b"PK not really").run()
    at.button(key="open_go").click().run()
    assert at.error
    assert not at.exception


def test_data_that_a_model_cannot_take_gets_its_sentence(runs, open_page):
    at = open_page("train", way="open")
    at.selectbox(key="open_data").select("article").run()
    at.button(key="open_go").click().run()
    assert "this model takes" in at.error[0].value


def test_a_link_cannot_put_markdown_on_the_page(no_runs, open_page):
    at = open_page("train", dataset="digits:x [click](http://evil)")
    assert at.error
    assert all("[click](" not in error.value for error in at.error)
    assert "\\[click\\]\\(" in at.error[0].value


def test_settings_of_a_link_that_need_each_other_come_together(no_runs, open_page):
    at = open_page("train", center_form="article-dot", normalize="true", dim="-4")
    assert at.selectbox(key="train_center_form").value == "article-dot"
    assert at.toggle(key="train_normalize").value
    assert not at.error


@pytest.mark.parametrize("template", HOPELESS)
def test_a_run_that_went_infinite_offers_other_settings_and_no_second_try(
    queued, open_page, template
):
    run = queued("endless")
    values = {"step": "3", "epoch": "1"}
    status.write(run.path, Status("failed", epochs=5, template=template, values=values))
    at = open_page("train", run="endless")
    labels = [button.label for button in at.button]
    assert "Change settings" in labels
    assert "Resume" not in labels
    at.button(key="mend endless center_weight").click().run()
    assert at.number_input(key="train_center_weight").value == 0.01


def test_a_number_that_was_infinite_is_shown_as_such(no_runs, open_page, trained):
    run = no_runs / "ill"
    shutil.copytree(trained / "with", run)
    file = run / "epochs.jsonl"
    lines = [json.loads(text) for text in file.read_text(encoding="utf-8").splitlines()]
    finding = {"code": "diverging", "seen": "At {center:.3g}.", "cause": "Far.", "cure": "Less."}
    lines[-1]["findings"] = [{**finding, "values": {"center": None}}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert "At ∞" in said(open_page("train", run="ill"))


def test_the_map_says_of_how_many_samples_it_is(runs, open_page):
    assert "397 samples after the last finished epoch" in said(open_page("train", run="with"))


def test_a_map_by_pca_says_how_much_it_shows():
    assert "shows 62% of" in map_limits(10, [0.62])
    assert "shows 100% / 62% of" in map_limits(10, [None, 0.62])
    assert "as they are" in map_limits(10, [None, None])


def test_embeddings_of_other_data_do_not_take_each_others_place(tmp_path, monkeypatch):
    monkeypatch.setenv("CENTERVIZ_RUNS", str(tmp_path))
    mine = [str(uploads.stored("mine.zip", content)) for content in (b"a", b"b")]
    names = {
        opening.kept_name(run, spec)
        for run in ("a-b", "a.b", "a_b")
        for spec in ("faces-1:pose=0.5", "faces-1:pose=0.9", *mine)
    }
    assert len(names) == 12
    assert all(SAFE_FILE.fullmatch(name) for name in names)
