"""Files for other tools: the map of an embedding as a table."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from centerviz.data.embeddings import Embeddings
from centerviz.problem import Problem

AXES = ("x", "y", "z")


def write_map(path: Path, embeddings: Embeddings, points: np.ndarray) -> None:
    """Write id, label, split and the coordinates (N, 2 or 3) as Parquet, whole or not at all.

    `label` holds class names; label and split are null where they are not known. Raises Problem
    where the file cannot be written.
    """
    names = np.array(embeddings.class_names, dtype=object)
    labels = None if embeddings.labels is None else names[embeddings.labels].tolist()
    splits = None if embeddings.splits is None else embeddings.splits.tolist()
    n = embeddings.n
    columns = {
        "id": pa.array(embeddings.ids.tolist(), pa.string()),
        "label": pa.nulls(n, pa.string()) if labels is None else pa.array(labels, pa.string()),
        "split": pa.nulls(n, pa.string()) if splits is None else pa.array(splits, pa.string()),
    }
    for axis, name in enumerate(AXES[: points.shape[1]]):
        columns[name] = pa.array(np.ascontiguousarray(points[:, axis], dtype=np.float32))
    part = path.with_name(f".{path.name}.part")
    try:
        pq.write_table(pa.table(columns), part, compression="zstd")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Problem(
            "{file} cannot be written: {reason}.", file=path, reason=error.strerror or error
        ) from None
