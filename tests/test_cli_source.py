"""SOURCE of `measure`: a file, a folder or a zip of anybody, and what can be said about it."""

import json
import zipfile

import numpy as np
import pytest

from centerviz.cli import main
from tests.data.written import F4, LABELLED, WORDS, savetxt


@pytest.fixture
def measured(tmp_path, monkeypatch, capsys):
    """`measured(content, *flags)`: the document about a file, and the sentences beside it."""
    monkeypatch.chdir(tmp_path)

    def asked(content: bytes, *flags: str) -> tuple[dict, str]:
        (tmp_path / "source").write_bytes(content)
        assert main(["measure", "source", "--json", *flags]) == 0
        out, err = capsys.readouterr()
        return json.loads(out), err

    return asked


def test_a_folder_and_its_zip_measure_the_same(measured, tmp_path, capsys):
    log = LABELLED["projector of torch with header and sprite"]
    found, _said = measured(log)
    assert (found["n"], found["dim"], found["classes"]) == (4, 3, 3)
    with zipfile.ZipFile(tmp_path / "source") as archive:
        archive.extractall(tmp_path / "folder")
    assert main(["measure", "folder", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == found


def test_each_flag_decides_how_a_text_is_read(measured):
    labelled = savetxt(np.column_stack([F4, [0, 1, 0, 2]]), fmt="%g")
    assert measured(labelled, "--label-column", "4")[0]["classes"] == 3
    assert measured(labelled, "--label-column", "none")[0]["dim"] == 4
    plain = b"1,2,3\n4,5,6\n7,8,10\n"
    assert measured(plain)[0]["n"] == 3
    assert measured(plain, "--header", "yes")[0]["n"] == 2
    assert measured(plain, "--beside", "1,3")[0]["dim"] == 1
    assert measured(plain, "--id-column", "2")[0]["dim"] == 2
    assert measured(b"1,5;2,5\n2,5;4,5\n", "--delimiter", "semicolon")[0]["dim"] == 2
    assert measured(b"1,5;2,5\n2,5;4,5\n", "--delimiter", "comma", "--beside", "2")[0]["dim"] == 2


def test_what_is_odd_is_said(measured):
    table = "".join(f"{who},1,{v}\n" for who, v in zip([*WORDS, "cat"], "12231", strict=True))
    _found, said = measured(f"label,a,b\n{table}cat,nan,1\n".encode())
    assert said.splitlines() == [
        "Features: a, b; labels: label.",
        "1 row with NaN or Inf was left out.",
        "2 rows are the same as one before them.",
        "2 classes have a single row, so no spread.",
        "1 feature is the same in all rows.",
    ]
