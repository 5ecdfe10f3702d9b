"""Headers of NumPy's arrays: believed only as far as they are short."""

import io
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest

from centerviz.data.tables import read_embeddings
from centerviz.problem import Problem


def test_a_header_that_says_it_is_long_is_refused_before_it_is_read():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "x.npy", b"\x93NUMPY\x02\x00" + struct.pack("<I", 1 << 26) + b" " * (1 << 26)
        )
    tracemalloc.start()
    try:
        with pytest.raises(Problem):
            read_embeddings(stream.getvalue(), "bomb.npz")
        assert tracemalloc.get_traced_memory()[1] < 1 << 24
    finally:
        tracemalloc.stop()


def test_headers_of_python_2_are_read():
    stream = io.BytesIO()
    np.save(stream, np.eye(3))
    content = stream.getvalue().replace(b"(3, 3), ", b"(3L, 3L),")
    content = content.replace(b"} ", b"}", 1)
    assert read_embeddings(content, "old.npy").x.tolist() == np.eye(3).tolist()
