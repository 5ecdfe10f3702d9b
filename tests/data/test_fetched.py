"""Data sets from the network: how they are arranged, and one sentence when there is no network."""

import numpy as np
import pytest
import sklearn.datasets
from sklearn.utils import Bunch

from centerviz.data import fetched, sources
from centerviz.problem import Problem


@pytest.fixture
def no_network(monkeypatch, tmp_path):
    """Every request goes to a port where nobody listens; nothing was downloaded before."""
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SCIKIT_LEARN_DATA", str(tmp_path))


@pytest.mark.slow
@pytest.mark.filterwarnings(f"ignore:{fetched.RETRIES}")
@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "olivetti", "lfw"])
def test_without_network_there_is_one_sentence(name, no_network, capsys):
    with pytest.raises(Problem, match=f"The data set {name} could not be downloaded") as caught:
        sources.load_dataset(name)
    assert "digits, mnist-6k or faces-1" in str(caught.value)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("load", [fetched.mnist, fetched.fashion_mnist])
def test_tables_of_openml_become_images_with_the_published_test_split(load, monkeypatch):
    target = np.arange(70_000) % 10
    pixels = np.zeros((70_000, 784), dtype=np.uint8)
    pixels[:, 3] = target
    monkeypatch.setattr(
        sklearn.datasets, "fetch_openml", lambda *a, **k: (pixels, target.astype(str))
    )
    data = load()
    assert data.inputs.shape == (70_000, 28, 28, 1)
    assert (data.inputs[:, 0, 3, 0] == data.labels).all()
    assert (data.splits[60_000:] == "test").all()
    assert {s: len(data.rows(s)) for s in ("train", "val", "test")} == {
        "train": 55_000,
        "val": 5000,
        "test": 10_000,
    }
    assert len(data.class_names) == data.classes == 10


def test_last_persons_of_olivetti_are_only_verified(monkeypatch):
    persons = np.repeat(np.arange(40), 10)
    images = np.broadcast_to((persons / 255)[:, None, None], (400, 64, 64)).astype(np.float32)
    found = Bunch(images=images, target=persons)
    monkeypatch.setattr(sklearn.datasets, "fetch_olivetti_faces", lambda **k: found)
    data = fetched.olivetti()
    assert data.classes == 30
    assert (data.inputs[:, 0, 0, 0] == data.labels).all()
    assert set(data.labels[data.rows("verify")]) == set(range(30, 40))
    assert [len(data.rows(s)) for s in ("train", "val", "test", "verify")] == [210, 30, 60, 100]


def test_persons_with_many_photographs_are_trained_first(monkeypatch):
    target = np.repeat([0, 1, 2], [12, 25, 20])
    found = Bunch(
        images=np.broadcast_to((target / 255)[:, None, None, None], (57, 64, 64, 3)),
        target=target,
        target_names=np.array(["Ann", "Bob", "Cid"]),
    )
    monkeypatch.setattr(sklearn.datasets, "fetch_lfw_people", lambda **k: found)
    data = fetched.lfw()
    assert data.class_names == ("Bob", "Cid", "Ann")
    assert data.classes == 2
    assert (data.inputs[data.labels == 2] == 0).all()
    assert (data.inputs[data.labels == 0] == 1).all()
    assert set(data.splits[data.labels == 2]) == {"verify"}
