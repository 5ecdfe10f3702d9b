"""A run that goes on from the weights of another one."""

import json

import numpy as np
import pytest

from centerviz.cli import main
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.store import create_run, open_run
from centerviz.runs.trash import delete_run
from centerviz.runs.work import prepared, work

ARTICLE = TrainConfig(dataset="article", epochs=3)


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A folder of runs with a finished one called `parent`."""
    root = tmp_path_factory.mktemp("continued")
    run = create_run(ARTICLE, root)
    assert work(run).state == "done"
    run.path.rename(root / "parent")
    return root


def test_it_begins_with_the_weights_of_its_parent_and_needs_it_no_more(root, tmp_path):
    parent = open_run("parent", root)
    still = ARTICLE.model_copy(update={"learning_rate": 1e-12, "center_weight": 0.0, "epochs": 1})
    run = create_run(still, tmp_path, parent=parent)
    assert work(run).state == "done"
    assert run.provenance()["parent"] == "parent"
    theirs = parent.weights()
    for name, array in run.weights().items():
        if name.startswith(("model.", "head.")):
            np.testing.assert_allclose(array, theirs[name], atol=1e-6, err_msg=name)


def test_stopped_and_taken_up_it_gives_the_same_bytes(root, tmp_path):
    parent = open_run("parent", root)
    whole, cut = (create_run(ARTICLE, tmp_path, parent=parent) for _ in range(2))
    work(whole)
    work(cut, lambda event: (cut.path / "stop").touch())
    assert cut.status.state == "stopped"
    assert work(cut).state == "done"
    model = "model.safetensors"
    assert (cut.path / model).read_bytes() == (whole.path / model).read_bytes()


def test_a_network_of_another_shape_is_told_by_layer_before_a_run_exists(root):
    weights = open_run("parent", root).weights()
    with pytest.raises(Problem, match=r"do not fit: .* has the shape .*2.* there and .*5.* here"):
        prepared(ARTICLE.model_copy(update={"dim": 5}), weights)


def test_a_run_without_weights_cannot_be_a_parent(tmp_path):
    unfinished = create_run(ARTICLE, tmp_path)
    with pytest.raises(Problem, match="no finished weights"):
        create_run(ARTICLE, tmp_path, parent=unfinished)
    assert [path.name for path in tmp_path.iterdir()] == [unfinished.id]


def test_the_command_line_names_a_parent(root, capsys):
    line = ["train", "--dataset=article", "--parent=parent", "--epochs=1", "--runs", str(root)]
    assert main([*line, "--json"]) == 0
    run = open_run(json.loads(capsys.readouterr().out)["run"], root)
    assert run.provenance()["parent"] == "parent"
    delete_run(run)
