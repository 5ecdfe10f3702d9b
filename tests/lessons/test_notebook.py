"""Every notebook runs from top to bottom with NumPy alone and gives its lesson's values."""

import json
import subprocess
import sys

import nbformat
import numpy as np
import pytest

from centerviz import lessons
from centerviz.lessons.rendering import lesson
from centerviz.lessons.worksheets import variants

ALONE = "import sys; sys.modules.update(dict.fromkeys(('centerviz', 'torch', 'scipy')))"
TELL = "print(__import__('json').dumps(found))"


def cells(name, typed):
    """The code of a notebook, cell by cell."""
    written = nbformat.reads(lessons.render(name, typed, "en", "ipynb"), as_version=4)
    nbformat.validate(written)
    return [cell.source for cell in written.cells if cell.cell_type == "code"]


def ran(every: list[list[str]]) -> list[list]:
    """The values that the last lines of the cells after the first show, by notebook."""
    code = [ALONE, "found = []"]
    for first, *steps in every:
        code += [first, "values = []"]
        for step in steps:
            line, shown = step.rsplit("\n", 1)
            code += [line, f"values.append(np.asarray({shown}).tolist())"]
        code.append("found.append(values)")
    script = "\n".join([*code, TELL])
    result = subprocess.run([sys.executable, "-W", "error", "-"], input=script, text=True,
                            capture_output=True, check=False)  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    return json.loads(result.stdout)


def test_every_notebook_computes_the_lessons_values_with_numpy_alone():
    cases = [(name, {}) for name in lessons.names()]
    cases += [(name, variants(lesson(name), 1, 1)[0]) for name in lessons.names()]
    every = ran([cells(name, typed) for name, typed in cases])
    for (name, typed), values in zip(cases, every, strict=True):
        of = lesson(name)
        steps = of.steps(of.read(of.defaults | typed))
        assert len(values) == len(steps), name
        for step, value in zip(steps, values, strict=True):
            assert np.array(value) == pytest.approx(np.array(step.value), abs=1e-9), (
                name,
                step.key,
            )


def test_the_same_lesson_gives_the_same_file_and_carries_both_languages():
    english, again, chinese = (
        lessons.render("centroid", {}, lang, "ipynb") for lang in ("en", "en", "zh")
    )
    assert english == again
    assert "The centroid" in english
    assert "\\u8d28\\u5fc3" in chinese.encode("ascii", "backslashreplace").decode()
