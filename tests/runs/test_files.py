"""Files that are whole or not there."""

import json
import os

import numpy as np
import pytest

from centerviz.problem import Problem
from centerviz.runs.files import append_json, dumped, read_json, write_bytes, write_json


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = tmp_path / "a.json"
    write_json(file, {"a": 1})

    def full(handle):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_bytes(file, b"half")
    assert read_json(file) == {"a": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_numbers_keep_every_digit_and_undefined_ones_are_null():
    value = {"x": np.float64(0.1) + 0.2, "n": [np.nan, np.inf, -np.inf], "i": np.arange(2)}
    assert json.loads(dumped(value)) == {"x": 0.1 + 0.2, "n": [None] * 3, "i": [0, 1]}


def test_a_line_is_one_line_whatever_it_holds(tmp_path):
    file = tmp_path / "a.jsonl"
    append_json(file, {"text": "one\ntwo\u2028three"})
    append_json(file, {"text": "λ"})
    assert [json.loads(line)["text"] for line in file.read_bytes().split(b"\n")[:-1]] == [
        "one\ntwo\u2028three",
        "λ",
    ]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b"NaN"])
def test_what_is_no_json_object_is_a_problem(tmp_path, content):
    file = tmp_path / "a.json"
    file.write_bytes(content)
    with pytest.raises(Problem):
        read_json(file)


def test_a_pipe_is_no_file_and_nobody_waits_at_it(tmp_path):
    os.mkfifo(tmp_path / "a.json")
    with pytest.raises(Problem):
        read_json(tmp_path / "a.json")
