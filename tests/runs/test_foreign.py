"""A model file on a data set: the child process answers what the same work gives here."""

import numpy as np
import pytest
from onnx import TensorProto, helper

from centerviz.data.tables import read_embeddings
from centerviz.runs.foreign import ROOT, _anchored, _kept_data, embed_by_file, opened
from centerviz.runs.store import SHIPPED, open_run


def test_a_run_s_own_model_file_gives_its_own_features(tmp_path):
    run = open_run("digits-2d-with")
    found = embed_by_file(SHIPPED / run.id / "model.safetensors", "digits", "raw", tmp_path / "a")
    assert (found.problem, found.n, found.about) == (None, 1797, "conv, D = 2")
    ours, theirs = run.embeddings(), read_embeddings(tmp_path / "a", "a")
    assert np.array_equal(ours.ids, theirs.ids)
    assert np.allclose(ours.x, theirs.x, atol=1e-4)
    assert theirs.centers is None  # the file does not say of which classes they are


def test_data_are_found_by_a_path_from_where_the_server_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model = SHIPPED / "digits-2d-with" / "model.safetensors"
    rows = "".join(f"{i % 3},{i},{i * i % 7},1\n" for i in range(60))
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "v.csv").write_text("label,a,b,c\n" + rows)
    found = embed_by_file(model, "data/v.csv", "raw", tmp_path / "a")
    assert "v.csv has samples of shape 3" in str(found.problem)


def test_drawn_pictures_are_kept_where_the_server_keeps_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", "kept")
    assert _kept_data() == {"SCIKIT_LEARN_DATA": str(tmp_path / "kept")}
    monkeypatch.delenv("SCIKIT_LEARN_DATA")
    assert _kept_data() == {}


@pytest.mark.parametrize("spec", ["digits", "faces-1:pose=1", "", "gone.csv", "~nobody/x", "a\0"])
def test_a_name_is_no_path(spec, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "digits").touch()
    assert _anchored(spec) == spec


def test_a_file_that_ends_the_process_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("centerviz.runs.foreign.sys.executable", "/bin/false")
    found = embed_by_file(tmp_path / "odd.onnx", "digits", "raw", tmp_path / "a")
    assert "odd.onnx ended the process" in str(found.problem)


def test_weights_that_a_network_keeps_in_another_file_are_not_read(tmp_path, monkeypatch):
    w = TensorProto(name="w", data_type=TensorProto.UINT8, dims=[64, 2], data_location=1)
    for key, value in {"location": "requirements.txt", "length": "128"}.items():
        w.external_data.add(key=key, value=value)
    nodes = [
        helper.make_node("Flatten", ["x"], ["flat"]),
        helper.make_node("Cast", ["w"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("MatMul", ["flat", "numbers"], ["z"]),
    ]
    ends = [("x", ["m", 1, 8, 8]), ("z", ["m", 2])]
    door, out = (helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in ends)
    graph = helper.make_graph(nodes, "g", [door], [out], [w])
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (tmp_path / "spy.onnx").write_bytes(made.SerializeToString())
    monkeypatch.chdir(ROOT)
    found = embed_by_file(tmp_path / "spy.onnx", "digits", "raw", tmp_path / "a")
    assert "cannot load the network" in str(found.problem)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("data", ["mnist-6k", "article"])
def test_layers_that_do_not_fit_other_samples_are_listed(tmp_path, data):
    run = open_run("digits-2d-with")
    state = {k: v for k, v in run.weights().items() if k.startswith("model.body")}
    from safetensors.numpy import save

    (tmp_path / "m.safetensors").write_bytes(save(state))
    found = opened(tmp_path / "m.safetensors", data, "raw", tmp_path / "a")
    assert "layers do not fit" in str(found.problem)
    assert any(ours != theirs for _n, ours, _m, theirs in found.layers)
    assert not (tmp_path / "a").exists()
