"""What the columns of a Parquet file take in memory, counted before they are read.

A value that is stored once may stand in every row: what the file says of its own size is no bound.
"""

import io
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from centerviz.problem import Problem

MAX_BESIDE = 1 << 30  # bytes of all columns beside the vectors
MAX_RATIO = 200  # of a row group's vectors to their bytes in the file, above FREE numbers
FREE = 1 << 26
ROWS = 1 << 16  # of a batch


def is_words(kind: pa.DataType) -> bool:
    """Whether cells of this type differ in length, and their lengths can be told."""
    types = pa.types
    return (
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_string_view(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_binary_view(kind)
    )


def width(kind: pa.DataType) -> int | None:
    """Bytes of a cell; None where cells differ.

    >>> width(pa.float64()), width(pa.bool_()), width(pa.null()), width(pa.string())
    (8, 1, 0, None)
    """
    if pa.types.is_null(kind):
        return 0
    try:
        return -(-kind.bit_width // 8)
    except ValueError:
        return None


def check_beside(
    stream: io.BufferedIOBase, file: pq.ParquetFile, columns: Sequence[str], name: str
) -> None:
    """Raise Problem where the columns together take too much. Each is of words or of one width."""
    kinds = {column: _of_values(file.schema_arrow.field(column).type) for column in columns}
    words = [column for column, kind in kinds.items() if is_words(kind)]
    size = sum(width(kinds[c]) for c in columns if c not in words) * file.metadata.num_rows
    again = pq.ParquetFile(stream, metadata=file.metadata, read_dictionary=words)
    for column in words:
        for batch in again.iter_batches(batch_size=ROWS, columns=[column]):
            size = _within(size, name)
            cells = batch.column(0)
            lengths = pc.binary_length(cells.dictionary).cast(pa.int64()).take(cells.indices)
            size += pc.sum(lengths).as_py() or 0
    _within(size, name)


def _of_values(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _within(size: int, name: str) -> int:
    if size > MAX_BESIDE:
        raise Problem(
            "The columns of {name} beside the vectors unpack to more than {limit} bytes; shorten "
            "their texts or leave some out.",
            name=name,
            limit=MAX_BESIDE,
        )
    return size


def declared_dim(file: pq.ParquetFile, column: str, name: str) -> int:
    """Numbers in a row of a list column, on average: the most of any row group.

    Raises Problem where a group holds far more numbers than bytes.
    """
    most = 0
    for place in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(place)
        for chunk in map(group.column, range(group.num_columns)):
            path, values = chunk.path_in_schema, chunk.num_values
            if not group.num_rows or not (path == column or path.startswith(f"{column}.")):
                continue
            if values > max(FREE, MAX_RATIO * chunk.total_uncompressed_size):
                raise Problem(
                    "{name} unpacks to too much ({size} numbers, at most {ratio} times its bytes "
                    "can be opened); save it with fewer rows in a row group.",
                    name=name,
                    size=values,
                    ratio=MAX_RATIO,
                )
            most = max(most, -(-values // group.num_rows))
    return most
