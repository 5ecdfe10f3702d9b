"""Weights and networks of other people: what fits runs, what does not is named."""

import io

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save
from torch import nn

from centerviz.data.sources import load_dataset
from centerviz.learning import foreign, onnx_network
from centerviz.learning.models import network
from centerviz.problem import Problem
from centerviz.runs.foreign import is_onnx

DIGITS = (8, 8, 1)


def net(model="conv", shape=DIGITS, dim=2):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return network(model, shape, dim)


def torch_file(value) -> bytes:
    stream = io.BytesIO()
    torch.save(value, stream)
    return stream.getvalue()


def arrays(module) -> dict[str, np.ndarray]:
    return {name: value.numpy() for name, value in module.state_dict().items()}


@pytest.mark.parametrize(
    ("model", "shape"), [("conv", DIGITS), ("lenets++", (28, 28, 1)), ("mlp", (3,))]
)
def test_our_own_weights_fit_whatever_wraps_their_names(model, shape):
    state = {
        f"module.model.{name}": value for name, value in net(model, shape).state_dict().items()
    }
    read = foreign.read_state(torch_file({"epoch": 3, "state_dict": state}), "a.pt")
    fit = foreign.best_fit(read, shape, classes=10)
    assert (fit.model, fit.dim, fit.shape, fit.misfits) == (model, 2, shape, 0)


def test_a_network_under_other_names_fits_in_order_and_computes_the_same():
    ours = net()
    theirs = nn.Sequential(*ours.body)  # 0.weight instead of body.0.weight
    head = np.arange(20, dtype=np.float32).reshape(10, 2)
    state = foreign.read_state(save(arrays(theirs) | {"zz.weight": head}), "a.safetensors")
    fit = foreign.best_fit(state, DIGITS, classes=10)
    assert (fit.misfits, fit.head) == (0, "zz.weight")
    found = foreign.filled(fit, state, np.empty((0, *DIGITS)), classes=10)
    assert np.array_equal(found["head.weight"], head)
    for name, value in ours.state_dict().items():
        assert np.array_equal(found[f"model.{name}"], value.numpy()), name


def test_vectors_are_standardised_by_the_data_where_the_file_does_not_say():
    state = {k: v for k, v in arrays(net("mlp", (3,))).items() if k.startswith("body")}
    x = np.array([[1.0, 2.0, 5.0], [3.0, 6.0, 5.0]], np.float32)
    found = foreign.filled(foreign.best_fit(state, (3,), 2), state, x, classes=2)
    assert found["model.mean"].tolist() == [2, 4, 5]
    assert found["model.spread"].tolist() == [1, 2, 1]  # a constant feature is left in place


def test_a_mean_of_another_shape_is_left_out():
    state = arrays(net()) | {"spread": np.ones(7, np.float32)}
    x = np.zeros((2, *DIGITS), np.float32)
    found = foreign.filled(foreign.best_fit(state, DIGITS, 10), state, x, classes=10)
    assert found["model.spread"] == 128.0


def test_what_does_not_fit_is_named_layer_by_layer():
    state = arrays(net())
    state["body.7.weight"] = np.zeros((64, 100), np.float32)
    fit = foreign.best_fit(state, DIGITS, classes=10)
    [wrong] = [layer for layer in fit.layers if not layer.fits]
    assert (wrong.ours, wrong.shape, wrong.theirs, wrong.their_shape) == (
        "body.7.weight",
        (64, 128),
        "body.7.weight",
        (64, 100),
    )
    more = foreign.best_fit(arrays(net()) | {"extra.weight": np.zeros((7, 7, 7))}, DIGITS, 10)
    assert [layer.theirs for layer in more.layers if not layer.fits] == ["extra.weight"]


class Trap:
    """What a pickle can do to who reads it."""

    def __reduce__(self):
        return exec, ("raise SystemExit",)


@pytest.mark.parametrize(
    "content",
    [
        torch_file({"a": Trap()}),
        torch_file(nn.Linear(2, 2)),
        torch_file({"epoch": 3}),
        b"\x08\x00\x00\x00\x00\x00\x00\x00{oops   ",
        b"",
        b"nonsense",
    ],
)
def test_a_file_of_anything_else_gets_a_sentence(content):
    with pytest.raises(Problem, match=r"a\.pt"):
        foreign.best_fit(foreign.read_state(content, "a.pt"), DIGITS, 10)


def test_without_a_linear_layer_there_is_no_network():
    with pytest.raises(Problem, match="linear layer"):
        foreign.best_fit({"a": np.zeros(3)}, DIGITS, 10)


def onnx_file(shape, weights, kind=TensorProto.FLOAT, output=("m", 2)) -> bytes:
    """x -> flatten(cast(x)) · w."""
    nodes = [
        helper.make_node("Cast", ["x"], ["f"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["f"], ["v"]),
        helper.make_node("MatMul", ["v", "w"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "net",
        [helper.make_tensor_value_info("x", kind, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, output)],
        [numpy_helper.from_array(weights, "w")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return made.SerializeToString()


W = (np.arange(128).reshape(64, 2) / 100).astype(np.float32)


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (["m", 1, 8, 8], "m×8×8×1"),
        ([7, 1, 8, 8], "7×8×8×1"),  # a fixed batch: the last one is filled up
        (["m", 8, 8, 1], "m×8×8×1"),
        (["m", 1, "h", "w"], "m×H×W×1"),
        (["m", 64], "m×64"),
    ],
)
def test_a_network_of_any_layout_and_batch_gives_what_numpy_gives(shape, words):
    digits = load_dataset("digits")
    x, said = onnx_network.embed(onnx_file(shape, W), digits, "centred")
    pixels = (digits.inputs.reshape(len(digits.inputs), -1).astype(np.float64) - 127.5) / 128
    assert said == words
    assert np.allclose(x, pixels @ W, atol=1e-3)


@pytest.mark.parametrize(
    ("pixels", "scaled"),
    [
        ("raw", lambda v: v),
        ("unit", lambda v: v / 255),
        ("imagenet", lambda v: (v / 255 - 0.449) / 0.226),
    ],
)
def test_pixels_are_what_the_person_says(pixels, scaled):
    digits = load_dataset("digits")
    x, _said = onnx_network.embed(onnx_file(["m", 1, 8, 8], W), digits, pixels)
    v = digits.inputs.reshape(len(digits.inputs), -1).astype(np.float64)
    assert np.allclose(x, scaled(v) @ W, rtol=1e-3, atol=1e-2)


def test_grey_images_come_in_the_size_and_channels_that_the_network_takes():
    digits = load_dataset("digits")
    w = np.ones((3 * 16 * 16, 1), np.float32)
    x, said = onnx_network.embed(onnx_file(["m", 3, 16, 16], w, output=("m", 1)), digits, "raw")
    assert said == "m×16×16×3"
    enlarged = digits.inputs.reshape(len(x), -1).sum(1).astype(float) * 4 * 3
    assert np.corrcoef(x[:, 0], enlarged)[0, 1] > 0.999


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (onnx_file(["m", 5, 8, 8], np.zeros((320, 2), np.float32)), "1 or 3 channels"),
        (onnx_file(["m", 3], np.zeros((3, 2), np.float32)), "samples of 8×8×1"),
        (onnx_file(["m", 1, "h", "w"], W[:50]), "The network fails on samples of 1×8×8"),
        (onnx_file([1, 1, 8, 8], W, TensorProto.INT64), "uint8 are needed"),
        (b"\x08nonsense", "ONNX Runtime cannot load"),
    ],
)
def test_what_is_wrong_with_a_network_is_explained(content, sentence):
    with pytest.raises(Problem, match=sentence):
        onnx_network.embed(content, load_dataset("digits"), "centred")


def test_uint8_networks_take_pixels_as_they_are():
    digits = load_dataset("digits")
    x, _said = onnx_network.embed(onnx_file(["m", 8, 8, 1], W, TensorProto.UINT8), digits, "unit")
    assert np.allclose(x, digits.inputs.reshape(len(x), -1).astype(float) @ W, rtol=1e-3)


def test_onnx_files_begin_as_the_reader_expects():
    assert is_onnx(onnx_file(["m", 64], W))
    assert not is_onnx(b"\x08\x00\x00\x00\x00\x00\x00\x00{}      ")
    assert onnx.load_from_string(onnx_file(["m", 64], W)).ir_version == 8
