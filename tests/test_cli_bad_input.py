"""Bad input on the command line: one sentence, exit 2, and nothing written."""

import re

import numpy as np
import pytest

from centerviz.cli import main


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Files that a person might bring, in the folder to work in; ./runs is the default."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CENTERVIZ_RUNS")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "nan.csv").write_text("label,f1,f2\na,nan,1\nb,inf,2\n")
    (tmp_path / "words.csv").write_text("hello\nworld\n")
    (tmp_path / "good.csv").write_text("label,f1,f2\na,1,2\na,1,3\nb,9,1\nb,8,2\nb,nan,2\n")
    np.savez(tmp_path / "two.npz", first=np.eye(4), second=np.ones((4, 2)))
    (tmp_path / "broken.parquet").write_bytes(b"PAR1" + b"\0" * 20)
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.csv").symlink_to("good.csv")
    (tmp_path / "names").write_text("a\na\nb\nb\nb\n")
    (tmp_path / "run" / "maps").mkdir(parents=True)
    for name in ("config.json", "status.json"):
        (tmp_path / "run" / name).write_text("{}")
    return tmp_path


def tree(folder):
    return sorted(str(path) for path in folder.rglob("*"))


MAP = ["project", "good.csv", "--method=pca"]
BAD = {
    "unknown command": ["fly"],
    "unknown flag": ["train", "--lambda", "1"],
    "mistyped flag": ["train", "--center-wieght", "1"],
    "stray word": ["train", "digits"],
    "flag without value": ["train", "--dim"],
    "value for a switch": ["runs", "--json=yes"],
    "no whole number": ["train", "--dim", "two"],
    "below its bound": ["train", "--dim", "0"],
    "negative": ["train", "--center-weight", "-1"],
    "not finite": ["train", "--learning-rate", "nan"],
    "no such choice": ["train", "--base", "hinge"],
    "no truth value": ["train", "--normalize", "maybe"],
    "conflict": ["train", "--center-form", "article-dot"],
    "unknown preset": ["train", "--preset", "best"],
    "unknown parent": ["train", "--parent", "nobody"],
    "parent of another shape": ["train", "--parent", "digits-2d-with", "--dim", "5"],
    "unknown data set": ["train", "--dataset", "imagenet"],
    "data set parameters": ["train", "--dataset", "digits:pose=1"],
    "data that do not fit": ["train", "--dataset", "article", "--model", "conv"],
    "no such device": ["train", "--dataset", "article", "--device", "cuda:77"],
    "a folder that holds no images": ["train", "--dataset", "folder"],
    "runs in a file": ["train", "--dataset", "article", "--runs", "good.csv"],
    "list of a file": ["runs", "--runs", "good.csv"],
    "no run named": ["resume"],
    "unknown run": ["resume", "nothing"],
    "a path upwards": ["resume", "../../etc"],
    "a name longer than any file's": ["resume", "x" * 300],
    "a sheet where nothing can be": ["lesson", "centroid", "--out", "/proc/self/sheet.md"],
    "resume no run": ["resume", "folder"],
    "no seeds": ["train", "--pair", "--seeds", "5:0"],
    "too many seeds": ["train", "--seeds", "0:1000"],
    "seed and seeds": ["train", "--seed", "1", "--seeds", "0:2"],
    "no such sweep": ["train", "--sweep", "lambda=0,1"],
    "sweep of nothing": ["train", "--sweep", "dim="],
    "sweep out of bounds": ["train", "--sweep", "center_weight=0,-1"],
    "swept and given": ["train", "--dim", "2", "--sweep", "dim=2,3"],
    "swept twice": ["train", "--sweep", "dim=2", "--sweep", "dim=3"],
    "too many runs": ["train", "--sweep", f"dim={','.join(map(str, range(1, 500)))}"],
    "pair without a base loss": ["train", "--base", "none", "--pair"],
    "one of the sweep does not fit": ["train", "--dataset", "article", "--sweep", "model=mlp,conv"],
    "stop nothing": ["stop"],
    "stop no run": ["stop", "nothing"],
    "stop a damaged run": ["stop", "run"],
    "export nothing": ["export"],
    "export as nothing": ["export", "digits-2d-with", "there"],
    "export to nowhere": ["export", "digits-2d-with", "--to", "csv"],
    "export as what nobody knows": ["export", "digits-2d-with", "--to", "onnx", "there"],
    "export to a file": ["export", "digits-2d-with", "good.csv", "--to", "csv"],
    "export no run": ["export", "folder", "--to", "csv", "there"],
    "no source": ["measure"],
    "missing file": ["measure", "nowhere.csv"],
    "name too long": ["measure", "x" * 5000],
    "empty name": ["measure", ""],
    "directory that is no run": ["measure", "folder"],
    "empty file": ["measure", "empty.csv"],
    "nothing but NaN": ["measure", "nan.csv"],
    "no numbers": ["measure", "words.csv"],
    "ambiguous table": ["measure", "two.npz"],
    "no such array": ["measure", "two.npz", "--array", "third"],
    "damaged file": ["measure", "broken.parquet"],
    "no such column": ["measure", "good.csv", "--label-column", "class"],
    "no such column beside": ["measure", "good.csv", "--beside", "f9"],
    "first line may be": ["measure", "good.csv", "--header", "maybe"],
    "no such delimiter": ["measure", "good.csv", "--delimiter", "pipe"],
    "header of arrays": ["measure", "two.npz", "--array", "first", "--header", "yes"],
    "no such split": ["measure", "good.csv", "--split", "test"],
    "labels missing": ["measure", "good.csv", "--labels", "nowhere.csv"],
    "no method": ["project", "good.csv", "--out", "map.parquet"],
    "no out": ["project", "good.csv", "--method", "pca"],
    "unknown method": ["project", "good.csv", "--method", "umap", "--out", "map.parquet"],
    "four dims": ["project", "good.csv", "--method", "pca", "--dims", "4", "--out", "m.parquet"],
    "no seed": ["project", "good.csv", "--method", "pca", "--seed", "x", "--out", "m.parquet"],
    "perplexity of pca": [*MAP, "--perplexity=5", "--out=m.parquet"],
    "start of pca": [*MAP, "--start=good.csv", "--out=m.parquet"],
    "no map to start from": [*MAP[:2], "--method=tsne", "--start=good.csv", "--out=m"],
    "no such split to fit": [*MAP, "--fit-split=test", "--out=m.parquet"],
    "out is a folder": ["project", "good.csv", "--method", "pca", "--out", "folder"],
    "out in no folder": ["project", "good.csv", "--method", "pca", "--out", "no/m.parquet"],
    "out is the source": ["project", "good.csv", "--method", "pca", "--out", "good.csv"],
    "out is the source, otherwise": [*MAP, "--out=folder/../good.csv"],
    "out is a link to the source": [*MAP, "--out=link.csv"],
    "out is the labels": [*MAP, "--labels=names", "--out=names"],
    "out is in a run": [*MAP, "--out=run/maps/m.parquet"],
    "map of nothing": ["project", "nan.csv", "--method", "pca", "--out", "m.parquet"],
    "no lesson": ["lesson"],
    "unknown lesson": ["lesson", "alchemy"],
    "bad set": ["lesson", "normalisation", "--set", "x"],
    "set of nothing": ["lesson", "normalisation", "--set", "=1"],
    "unknown input": ["lesson", "normalisation", "--set", "q=1"],
    "no numbers in set": ["lesson", "normalisation", "--set", "x=a,b"],
    "unknown language": ["lesson", "normalisation", "--lang", "de"],
    "unknown format": ["lesson", "normalisation", "--format", "pdf"],
    "no port": ["serve", "--port", "http"],
    "port too high": ["serve", "--port", "70000"],
}


@pytest.mark.parametrize("argv", BAD.values(), ids=BAD.keys())
def test_bad_input_gets_one_sentence_and_writes_nothing(argv, files, capsys):
    before = tree(files)
    code = main(argv)
    out, err = capsys.readouterr()
    assert code == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 1
    assert err.strip().endswith((".", "?"))
    assert not re.search(r"usage:|Traceback|Error|errno|\{|None", err)
    assert tree(files) == before
