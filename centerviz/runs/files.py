"""Files that are whole or not there, and JSON that knows no NaN."""

import json
import os
import secrets
from pathlib import Path

import numpy as np

from centerviz.problem import Problem

LARGEST_JSON = 256 * 2**20


def write_bytes(path: Path, content: bytes) -> None:
    """Put `content` in place in one step: a reader, and a kill at any instant, finds the old file
    or the new one, never half of it."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_json(path: Path, value: object) -> None:
    """`write_bytes` of a value as indented JSON."""
    write_bytes(path, (dumped(value, indent=2) + "\n").encode())


def append_json(path: Path, value: object) -> None:
    """Append one line of JSON and bring it to the disk."""
    with path.open("ab") as file:
        file.write((dumped(value) + "\n").encode())
        file.flush()
        os.fsync(file.fileno())


def dumped(value: object, indent: int | None = None) -> str:
    """The value as JSON with every number at full precision; NaN and infinities become null.

    >>> dumped({"x": np.array([1.0, np.nan]), "n": np.int64(3)})
    '{"x": [1.0, null], "n": 3}'
    """
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, indent=indent)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, np.generic):
        return _plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    return value


def read_json(path: Path) -> dict:
    """The JSON object in a file of ours. Raises Problem when there is none to read."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_JSON:
            raise Problem("{file} is missing.", file=path.name)
        value = json.loads(path.read_bytes())
    except Problem:
        raise
    except (OSError, ValueError, RecursionError):
        raise Problem("{file} cannot be read.", file=path.name) from None
    if not isinstance(value, dict):
        raise Problem("{file} holds something else than expected.", file=path.name)
    return value
