"""What README.md promises: its commands run, in its order, and what it links to is there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(text: str) -> list[str]:
    """The lines of every `sh` block.

    >>> commands("```sh\\none\\ntwo\\n```\\n```\\nnot this\\n```")
    ['one', 'two']
    """
    blocks = re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


@pytest.mark.slow
def test_commands_run_in_the_order_given(tmp_path):
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    del environment["CENTERVIZ_RUNS"]
    assert len(commands(README)) > 5
    for command in commands(README):
        program, *rest = shlex.split(command)
        assert program == ".venv/bin/python"
        result = subprocess.run(
            [sys.executable, *rest],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
        )
        assert result.returncode == 0, f"{command}\n{result.stderr}"
        assert result.stdout or "--out" in rest, command


def test_every_make_target_it_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)", README))
    assert {"run", "test"} <= named <= targets


def test_every_file_it_links_to_exists():
    links = re.findall(r"\]\(([^)#]+)\)", README)
    local = [link for link in links if not link.startswith("http")]
    assert local
    assert [link for link in local if not (ROOT / link).exists()] == []
