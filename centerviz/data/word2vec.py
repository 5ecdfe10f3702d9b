"""word2vec's binary: a line "N D", then each word, a space, and D numbers of 4 bytes.

As word2vec and gensim's `save_word2vec_format(binary=True)` write it; their text, and GloVe's, is
a table of text. Letters: N rows · D features.
"""

import io
import re
from collections.abc import Iterator

import numpy as np

from centerviz.data import mapped
from centerviz.data.columns import check_size
from centerviz.data.reading import RawTable, Reading
from centerviz.problem import Problem

MAX_WORD = 2000  # bytes
_COUNTS = re.compile(rb"(\d{1,9}) (\d{1,6})\r?\n")
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1f]")


def is_word2vec(begin: bytes) -> bool:
    """Whether a line of two numbers stands above something that is no text."""
    return bool(_COUNTS.match(begin) and _BINARY.search(begin))


def read_word2vec(stream: io.BufferedIOBase, size: int, name: str) -> RawTable:
    """Words as ids, and their vectors. Raises Problem where the file ends too early."""
    counts = _COUNTS.match(stream.readline(40))
    rows, dim = int(counts[1]), int(counts[2])
    check_size(name, rows, dim, mapped.on_disk(stream))
    if rows * (4 * dim + 1) > size - counts.end():
        raise _damaged(name)
    words: list[str] = []
    x = mapped.filled(rows, dim, _parts(stream, rows, dim, words, name))
    return RawTable(x=x, ids=np.array(words), reading=Reading("word2vec"))


def _parts(stream, rows: int, dim: int, words: list[str], name: str) -> Iterator[np.ndarray]:
    """The vectors, some rows at a time; their words are put into `words`."""
    step = max(mapped.PART // dim, 1)
    for start in range(0, rows, step):
        part = np.empty((min(step, rows - start), dim), dtype="<f4")
        for row in part:
            words.append(_word(stream, name))
            content = stream.read(4 * dim)
            if len(content) < 4 * dim:
                raise _damaged(name)
            row[:] = np.frombuffer(content, "<f4")
        yield part


def _word(stream: io.BufferedIOBase, name: str) -> str:
    """The bytes up to the next space; word2vec puts a line end before them, gensim does not."""
    word = bytearray()
    while (one := stream.read(1)) != b" ":
        word += one
        if not one or len(word) > MAX_WORD:
            raise _damaged(name)
    return word.lstrip(b"\n").decode("utf-8", "replace")


def _damaged(name: str) -> Problem:
    return Problem(
        "{name} is damaged or cut short: it is not a whole file of word vectors; save it again.",
        name=name,
    )
