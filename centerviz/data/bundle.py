"""Several files that belong together: a folder, or a zip read without trusting anything in it.

Paths are names to look up, never followed: what lies outside is not there.
"""

import contextlib
import functools
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from centerviz.data.archive import MAX_FILES, checked_path, damaged, is_hidden, unpacked
from centerviz.problem import Problem

MAX_FILE = 1 << 29  # bytes of one file
MAX_TOTAL = 1 << 30  # bytes of all that is read
FREE = 1 << 26  # bytes that may be packed as well as equal numbers are


@dataclass(frozen=True)
class Bundle:
    """The files of a folder or zip, by path, without hidden ones."""

    name: str
    paths: tuple[PurePosixPath, ...]
    read: Callable[[PurePosixPath], bytes]  # the content of one; raises Problem

    @functools.cached_property
    def _known(self) -> frozenset[PurePosixPath]:
        return frozenset(self.paths)

    def __contains__(self, path: PurePosixPath) -> bool:
        return path in self._known

    def ending(self, *suffixes: str) -> list[PurePosixPath]:
        """The paths with one of the endings."""
        return [path for path in self.paths if path.suffix.lower() in suffixes]


@contextlib.contextmanager
def bundle(source: Path | io.BufferedIOBase, name: str) -> Iterator[Bundle]:
    """A folder, or a stream of a zip. Raises Problem for what breaks a rule of `archive`."""
    if isinstance(source, Path):
        yield _folder(source, name)
        return
    try:
        with zipfile.ZipFile(source) as archive:
            yield _packed(archive, name)
    except Problem:
        raise
    except (
        zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, RuntimeError, OSError,
        ValueError,
    ) as error:  # fmt: skip
        raise damaged(name) from error


def _packed(archive: zipfile.ZipFile, name: str) -> Bundle:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    _check_count(len(infos), name)
    found = {checked_path(info, name): info for info in infos}
    left = [MAX_TOTAL]

    def read(path: PurePosixPath) -> bytes:
        content = unpacked(archive, found[path], name, left[0], MAX_FILE, FREE)
        left[0] -= len(content)
        return content

    return Bundle(name, tuple(sorted(path for path in found if not is_hidden(path))), read)


def _folder(folder: Path, name: str) -> Bundle:
    found, left = {}, [MAX_TOTAL]
    for where, folders, files in os.walk(folder):
        folders[:] = [one for one in folders if not one.startswith(".")]
        for file in files:
            path = Path(where, file)
            found[PurePosixPath(path.relative_to(folder).as_posix())] = path
            _check_count(len(found), name)

    def read(path: PurePosixPath) -> bytes:
        try:
            size = found[path].stat().st_size
            if not found[path].is_file() or size > min(MAX_FILE, left[0]):
                raise Problem(
                    "{file} in {name} is too large ({size} bytes, at most {limit}).",
                    file=str(path)[:80],
                    name=name,
                    size=size,
                    limit=min(MAX_FILE, left[0]),
                )
            left[0] -= size
            return found[path].read_bytes()
        except OSError as error:
            raise Problem(
                "{name} cannot be opened ({reason}); check the path and its permissions.",
                name=f"{name}: {path}"[:200],
                reason=error.strerror or type(error).__name__,
            ) from error

    return Bundle(name, tuple(sorted(path for path in found if not is_hidden(path))), read)


def _check_count(count: int, name: str) -> None:
    if count > MAX_FILES:
        raise Problem(
            "{name} holds {count} files; at most {limit} can be opened.",
            name=name,
            count=count,
            limit=MAX_FILES,
        )
