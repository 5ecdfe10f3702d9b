"""The command line: its words, its keys, its exit codes, and nothing written on bad input."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from centerviz import lessons
from centerviz.cli import main
from centerviz.cli_arguments import COMMANDS
from centerviz.embedding.metrics import METRICS
from centerviz.learning.config import TrainConfig
from centerviz.runs.store import create_run, open_run

ROOT = Path(__file__).resolve().parents[1]
SHORT = ["train", "--dataset", "article", "--epochs", "3"]


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    """An empty folder to work in, and ./runs as the default."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CENTERVIZ_RUNS")


@pytest.fixture
def told(capsys):
    """Run a command; returns exit code, standard output, standard error."""

    def run(*argv):
        capsys.readouterr()
        code = main([str(word) for word in argv])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def files(tmp_path):
    """Files that a person might bring."""
    (tmp_path / "good.csv").write_text("label,f1,f2\na,1,2\na,1,3\nb,9,1\nb,8,2\nb,nan,2\n")
    np.savez(tmp_path / "two.npz", first=np.eye(4), second=np.ones((4, 2)))


def test_a_mistyped_flag_is_guessed(told):
    assert "--center-weight?" in told("train", "--center-wieght", "1")[2]


def test_a_taken_port_is_said(told):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, _, err = told("serve", "--port", taken.getsockname()[1])
    assert code == 2
    assert "is taken" in err


def test_help_stands_alone_and_for_each_command(told):
    code, out, err = told()
    assert (code, err) == (0, "")
    for command in COMMANDS:
        assert command in out
        code, words, err = told(command, "--help")
        assert (code, err) == (0, "")
        assert words.startswith(f"usage: python -m centerviz {command}")


def test_every_setting_is_a_flag_with_its_words(told):
    words = " ".join(told("train", "--help")[1].split())
    for name, field in TrainConfig.model_fields.items():
        assert f"--{name.replace('_', '-')} " in words
        assert field.description in words


def test_training_prints_one_document_and_makes_a_run(told, tmp_path):
    code, out, err = told(*SHORT, "--json")
    found = json.loads(out)
    assert code == 0
    assert {"run", "dir", "accuracy", "seconds", "raw", "unit"} <= set(found)
    assert list(found["raw"]) == list(found["unit"]) == list(METRICS)
    assert 0 <= found["accuracy"] <= 1
    assert found["seconds"] > 0
    assert Path(found["dir"]) == tmp_path / "runs" / found["run"]
    assert open_run(Path(found["dir"])).status.state == "done"
    assert "\r" not in err


def test_flags_change_a_preset(told, tmp_path):
    argv = ["train", "--preset", "article", "--dataset", "article", "--epochs", "1"]
    code, out, _ = told(*argv, "--center-weight", "0.5", "--dim", "3", "--json")
    config = open_run(Path(json.loads(out)["dir"])).config
    assert code == 0
    assert (config.base, config.normalize, config.center_rule) == ("normface", True, "epoch-mean")
    assert (config.center_weight, config.dim, config.epochs) == (0.5, 3, 1)


def test_an_exported_run_reads_back_the_same(told, tmp_path):
    code, out, err = told("export", "digits-2d-with", "--to", "csv", tmp_path / "a" / "b", "--json")
    (file,) = json.loads(out)["files"]
    assert (code, err) == (0, "")
    assert Path(file).parent == tmp_path / "a" / "b"
    there = json.loads(told("measure", file, "--split", "test", "--json")[1])
    shipped = ROOT / "sample_data/runs/digits-2d-with"
    assert there == json.loads(told("measure", shipped, "--split", "test", "--json")[1])


def test_a_switch_needs_no_value(told):
    _, out, _ = told(*SHORT, "--normalize", "--json")
    assert open_run(Path(json.loads(out)["dir"])).config.normalize is True


def test_without_a_classifier_accuracy_is_null(told):
    _, out, _ = told(*SHORT, "--base", "none", "--json")
    assert json.loads(out)["accuracy"] is None


def test_a_failed_run_exits_with_one(told):
    wild = ["--center-rule", "ema", "--center-step", "1", "--center-weight", "1"]
    code, out, err = told(*SHORT, "--epochs", "300", *wild, "--json")
    assert code == 1
    assert json.loads(out)["raw"] is None
    assert "not a number" in err


def test_runs_lists_what_is_there(told, tmp_path):
    assert told("runs")[:2] == (0, "")
    assert json.loads(told("runs", "--json")[1]) == {"runs": []}
    trained = json.loads(told(*SHORT, "--json")[1])
    (tmp_path / "runs" / "strange").mkdir()
    found = {run["run"]: run for run in json.loads(told("runs", "--json")[1])["runs"]}
    assert found[trained["run"]].items() >= trained.items()
    assert found["strange"]["state"] == "damaged"
    code, out, _ = told("runs", "--runs", tmp_path / "runs")
    assert code == 0
    assert trained["run"] in out
    assert "damaged" in out


def test_a_damaged_embedding_leaves_the_other_runs_listed(told):
    broken, whole = (json.loads(told(*SHORT, "--json")[1]) for _ in range(2))
    (Path(broken["dir"]) / "embeddings.parquet").write_bytes(b"PAR1 no more")
    code, out, _ = told("runs", "--json")
    found = {run["run"]: run for run in json.loads(out)["runs"]}
    assert code == 0
    assert found[whole["run"]]["raw"] == whole["raw"]
    assert (found[broken["run"]]["raw"], found[broken["run"]]["unit"]) == (None, None)
    assert found[broken["run"]]["accuracy"] == broken["accuracy"]
    assert "damaged" in found[broken["run"]]["message"]


def test_an_unexpected_error_is_a_sentence_and_exit_code_one(told, tmp_path):
    run = create_run(TrainConfig(dataset="article", epochs=1), tmp_path / "runs")
    (run.path / "provenance.json").unlink(missing_ok=True)
    (run.path / "provenance.json").mkdir()
    code, _, err = told("resume", run.id)
    assert code == 1
    assert "unexpected error" in err
    assert "Traceback" not in err


def test_resuming_a_run_that_is_done_tells_it_again(told):
    trained = json.loads(told(*SHORT, "--json")[1])
    assert json.loads(told("resume", trained["run"], "--json")[1]) == trained
    assert json.loads(told("resume", trained["dir"], "--json")[1]) == trained


def test_measure_of_a_run_and_of_its_file_agree(told):
    folder = json.loads(told(*SHORT, "--json")[1])["dir"]
    of_run = json.loads(told("measure", folder, "--json")[1])
    of_file = json.loads(told("measure", f"{folder}/embeddings.parquet", "--json")[1])
    assert of_run == of_file
    sizes = ["n", "dim", "classes", "split", "dropped", "pairwise_n"]
    assert list(of_run) == [*sizes, "raw", "unit", "metrics"]
    assert list(of_run["metrics"]) == list(of_run["raw"])
    assert of_run["metrics"]["inter_mean"] == {
        "unit": "feature units",
        "range": [0, None],
        "better": "high",
        "scale_free": False,
    }
    assert of_run["n"] == 12


def test_measure_counts_what_it_leaves_out(told, files):
    code, out, err = told("measure", "good.csv", "--json")
    found = json.loads(out)
    assert (code, found["dropped"], found["n"], found["classes"]) == (0, 1, 4, 2)
    assert "1 row with NaN" in err
    lines = told("measure", "good.csv")[1].splitlines()
    assert len(lines) == len(METRICS) + 2
    assert lines[2].endswith("↓") and lines[3].endswith("↑")  # intra_mean and inter_mean


def test_an_ambiguous_file_names_the_flag_that_decides(told, files):
    assert "--array" in told("measure", "two.npz")[2]
    code, out, _ = told("measure", "two.npz", "--array", "first", "--json")
    assert code == 0
    assert json.loads(out)["dim"] == 4


def test_unlabelled_is_null_and_no_error(told, files):
    code, out, err = told("measure", "two.npz", "--array", "first", "--json")
    found = json.loads(out)
    assert code == 0
    assert "--label-column NAME or --labels FILE" in err
    assert set(found["raw"].values()) | set(found["unit"].values()) == {None}


@pytest.mark.parametrize(("dims", "axes"), [("2", ["x", "y"]), ("3", ["x", "y", "z"])])
def test_project_writes_a_table(told, tmp_path, dims, axes):
    folder = json.loads(told(*SHORT, "--dim", "5", "--json")[1])["dir"]
    argv = ["project", folder, "--method", "pca", "--dims", dims, "--out", "map.parquet"]
    code, out, _ = told(*argv)
    table = pd.read_parquet(tmp_path / "map.parquet")
    assert (code, out) == (0, "")
    assert list(table) == ["id", "label", "split", *axes]
    assert len(table) == 12
    assert set(table["label"]) == {"1", "2", "3"}
    assert set(table["split"]) == {"train"}
    assert np.isfinite(table[axes].to_numpy()).all()


def test_project_takes_a_file_without_labels(told, files):
    argv = ["project", "two.npz", "--array", "first", "--method", "pca", "--out", "map.parquet"]
    assert told(*argv)[0] == 0
    assert pd.read_parquet("map.parquet")["label"].isna().all()


def test_project_says_how_it_drew_and_what_the_map_cannot_tell(told, files):
    err = told("project", "good.csv", "--method", "pca", "--out", "map.parquet")[2]
    assert re.search(r"PCA: 4 of 5 rows; the axes hold [\d.]+%, [\d.]+% of the variance", err)
    assert "directions of most spread" in err
    err = told("project", "good.csv", "--method", "tsne", "--out", "map.parquet")[2]
    assert "drawn as they are" in err
    assert told("measure", "map.parquet", "--json")[0] == 0


def test_project_names_the_flag_for_three_raw_features(told, files):
    np.save("three.npy", np.eye(3))
    assert "--dims 3" in told("project", "three.npy", "--method", "raw", "--out", "m.parquet")[2]
    argv = ["project", "two.npz", "--array", "first", "--method", "raw", "--out", "m.parquet"]
    assert "--dims" not in told(*argv)[2]


@pytest.mark.slow
def test_project_says_the_perplexity_that_was_used(told):
    np.save("few.npy", np.random.default_rng(0).normal(size=(20, 4)))
    argv = ["project", "few.npy", "--method", "tsne", "--seed", "7", "--out", "m.parquet"]
    assert re.search(r"t-SNE, seed 7, perplexity [\d.]+: 20 of 20 rows", told(*argv)[2])


def test_lessons_are_listed_one_per_line(told):
    code, out, err = told("lesson", "--list")
    assert (code, err) == (0, "")
    assert out.splitlines() == lessons.names()


def test_a_lesson_takes_numbers_and_a_language(told):
    code, out, _ = told("lesson", "normalisation", "--set", "x=3,4", "--format", "json")
    assert code == 0
    assert json.loads(out)["result"]["z"] == [0.6, 0.8]
    chinese = told("lesson", "normalisation", "--lang", "zh")[1]
    assert re.search("[\u4e00-\u9fff]", chinese)


def command(*argv, **more):
    """A process of its own, as a person starts it."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "centerviz", *map(str, argv)]
    return subprocess.Popen(words, env=env, stdout=-1, stderr=-1, text=True, **more)


def test_the_module_runs_and_listing_needs_no_torch(tmp_path):
    program = (
        "import sys; from centerviz.cli import main; code = main(sys.argv[1:]);"
        "assert 'torch' not in sys.modules and 'streamlit' not in sys.modules; sys.exit(code)"
    )
    for argv in (["runs"], ["lesson", "--list"], ["train", "--dim", "0"], ["measure", "no.csv"]):
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        run = [sys.executable, "-c", program, *argv]
        done = subprocess.run(run, env=env, capture_output=True, text=True)
        assert done.returncode in (0, 2), done.stderr


@pytest.mark.slow
def test_an_interrupted_run_exits_with_130_and_can_be_resumed(tmp_path):
    with command(*SHORT, "--epochs", "5000", "--runs", tmp_path / "runs", "--json") as process:
        lines = iter(process.stderr.readline, "")
        assert "dataset=article" in next(lines)  # the run directory is there
        run = next((tmp_path / "runs").iterdir())
        while not (run / "checkpoint.json").exists():
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "resume" in err
    assert "Traceback" not in err
    assert open_run(run).status.state == "interrupted"
    assert open_run(run).status.epoch >= 1
