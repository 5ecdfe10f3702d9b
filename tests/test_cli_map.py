"""What `project` begins from: another map, by id, or the rows of one split."""

import numpy as np
import pandas as pd
import pytest

from centerviz.cli import main
from centerviz.cli_map import started_map
from centerviz.data.embeddings import Embeddings
from centerviz.problem import Problem


def test_places_are_found_by_id_and_a_map_without_any_is_refused(tmp_path):
    path = tmp_path / "map.parquet"
    pd.DataFrame({"id": ["b", "a"], "x": [1.0, 2.0], "y": [3.0, 4.0]}).to_parquet(path)
    rows = Embeddings(np.eye(3, dtype=np.float32), None, (), np.array(["a", "new", "b"]))
    found = started_map(path, rows, 2)
    assert found[[0, 2]].tolist() == [[2, 4], [1, 3]] and np.isnan(found[1]).all()
    with pytest.raises(Problem, match="no map in 3 dimensions"):
        started_map(path, rows, 3)
    with pytest.raises(Problem, match="none of these ids"):
        started_map(path, rows.rows(np.array([1])), 2)


@pytest.mark.slow
def test_project_starts_from_a_map_by_id_and_places_the_rows_of_other_splits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    x = np.random.default_rng(0).normal(size=(24, 4))
    x[:, 0] += 30 * (np.arange(24) % 2)
    frame = pd.DataFrame(x).add_prefix("f")
    frame.insert(0, "split", ["train"] * 20 + ["test"] * 4)
    frame.insert(0, "id", [f"i{k}" for k in range(24)])
    frame.to_csv("split.csv", index=False)
    side = np.where(np.arange(24) % 2, 1.0, -1.0)  # apart along y, where the PCA would say x
    start = pd.DataFrame({"id": frame["id"], "x": np.zeros(24), "y": side})
    start[2:].to_parquet("start.parquet")
    argv = ["project", "split.csv", "--method=tsne", "--fit-split=train", "--start=start.parquet"]
    assert main([*argv, "--out=m.parquet"]) == 0
    found = pd.read_parquet("m.parquet")
    assert (np.sign(found["y"] - found["y"].mean()) == side).all()
    assert found["split"].tolist() == frame["split"].tolist()
