"""What a visitor may name as data: a built-in set, an upload, or a path in one allowed folder.

A page is open to everybody who reaches the server, so it never reads a path just because somebody
typed it. CENTERVIZ_DATA names the one folder whose files may be named; without it there is none.
"""

import hashlib
import os
import re
from pathlib import Path

from centerviz.data.sources import DATASETS
from centerviz.language import N_
from centerviz.problem import Problem
from centerviz.runs.files import write_bytes
from centerviz.runs.store import runs_root

FOLDER = ".uploads"  # beside the runs: readers and workers take paths
SUFFIXES = ("zip", "csv", "tsv", "txt", "npy", "npz", "parquet")
STAYS = N_("An upload stays on this server until whoever keeps the server removes it.")
ROOM = 4 * 2**30  # bytes of all uploads together


def stored(name: str, content: bytes) -> Path:
    """An upload as a file; the same content is stored once. Raises Problem when there is no room.

    Its suffix is only for people: readers look at the content.
    """
    digest, suffix = hashlib.sha256(content).hexdigest()[:16], Path(name).suffix.lower()
    if not re.fullmatch(r"\.[a-z0-9]{1,12}", suffix):
        suffix = ""
    path = uploads() / digest / f"{slug(Path(name).stem) or 'data'}{suffix}"
    if path.is_file():
        return path
    if _used() + len(content) > ROOM:
        raise Problem(
            "There is no room for another upload; whoever keeps this server can empty {folder}.",
            folder=FOLDER,
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, content)
    except OSError as error:
        raise Problem(
            "{name} cannot be kept here: {reason}.", name=name[:80], reason=error.strerror
        ) from None
    return path


def _used() -> int:
    return sum(path.lstat().st_size for path in uploads().rglob("*") if path.is_file())


def uploads() -> Path:
    """Where uploads lie."""
    return runs_root() / FOLDER


def refused(spec: str) -> Problem | None:
    """Why a visitor may not name `spec` as data, or None.

    Links and `..` are followed first: what counts is where the file really lies.
    """
    if spec.partition(":")[0] in DATASETS:
        return None
    try:
        place = Path(os.path.realpath(Path(spec).expanduser()))
    except (OSError, ValueError, RuntimeError):
        place = None
    given = os.environ.get("CENTERVIZ_DATA")
    roots = [uploads(), *([Path(given).expanduser()] if given else [])]
    if place is not None and any(place.is_relative_to(os.path.realpath(root)) for root in roots):
        return None
    return Problem(
        "There is no data set {spec} here; choose one of the list or upload your own. Paths are "
        "read only inside the folder that CENTERVIZ_DATA names when the server starts.",
        spec=spec[:120],
    )


def slug(text: str, most: int = 40) -> str:
    """Letters, digits and dashes of a text, for the name of a file."""
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:most].strip("-")
