"""svmlight / libsvm: "label 1:0.5 7:1.2", as scikit-learn's dump_svmlight_file writes it.

Letters: N rows · D features.
"""

import io
import re

import numpy as np

from centerviz.data.columns import check_size
from centerviz.data.delimited import check_text
from centerviz.data.reading import RawTable, Reading
from centerviz.problem import Problem

_NUMBER = rb"[-+]?[\d.]+(?:[eE][-+]?\d+)?"
_ROW = re.compile(
    rb"\s*" + _NUMBER + rb"(?:\s+qid:\d+)?(?:[ \t]+\d+:" + _NUMBER + rb")*\s*(?:#.*)?"
)


def is_svmlight(begin: bytes) -> bool:
    """Whether every whole line is a label and pairs of index and value, some with such pairs.

    >>> is_svmlight(b"# by a tool\\n1 0:0.5 3:1\\n0\\n"), is_svmlight(b"1 2 3\\n")
    (True, False)
    """
    lines = begin.splitlines()[: 40 if begin.endswith(b"\n") else -1] or begin.splitlines()
    rows = [line for line in lines if line.strip() and not line.lstrip().startswith(b"#")]
    return any(b":" in row for row in rows) and all(_ROW.fullmatch(row) for row in rows[:40])


def read_svmlight(stream: io.BufferedIOBase, size: int, name: str) -> RawTable:
    """Labels, and features with zeros where none are written."""
    from sklearn.datasets import load_svmlight_file  # takes a moment to import

    check_text(size, name)
    try:
        sparse, labels = load_svmlight_file(stream)
    except (ValueError, OverflowError, MemoryError) as error:
        raise Problem(
            "{name} is not a regular svmlight file; every row needs one number as its label and "
            "pairs of index and value.",
            name=name,
        ) from error
    check_size(name, *sparse.shape)
    with np.errstate(over="ignore"):
        x = sparse.astype(np.float32).toarray()
    return RawTable(x=x, labels=labels, reading=Reading("svmlight"))
