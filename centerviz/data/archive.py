"""Read a zip archive without trusting anything in it.

Limits on the number of files, on sizes and on the ratio of compression; no absolute paths, no "..",
no links, no encryption. What is really unpacked is bounded too, because a header may lie. Nothing
is ever written to the disk.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from centerviz.problem import Problem

MIB = 1 << 20
MAX_FILES = 100_000
MAX_FILE = 64 * MIB
MAX_TOTAL = 2048 * MIB
MAX_RATIO = 200  # unpacked to packed; pictures stay near 1
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")


def is_zip(source: Path | bytes) -> bool:
    """Whether the content begins as a zip archive does, npz included."""
    if isinstance(source, bytes):
        return source.startswith(ZIP_MAGIC)
    try:
        with source.open("rb") as stream:
            return stream.read(4).startswith(ZIP_MAGIC)
    except OSError:
        return False  # whoever opens it says why


def archived_names(source: Path | bytes) -> list[str]:
    """The names of the files in a zip; empty where it cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source) as found:
            return [info.filename for info in found.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return []


def archived(
    source: Path | bytes, name: str, suffixes: tuple[str, ...]
) -> Iterator[tuple[PurePosixPath, bytes]]:
    """Each file with one of the endings: its path in the archive and its content, by path.

    Raises Problem at the first thing that breaks a rule.
    """
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > MAX_FILES:
                raise Problem(
                    "{name} holds {count} files; at most {limit} can be opened.",
                    name=name,
                    count=len(infos),
                    limit=MAX_FILES,
                )
            paths = [(checked_path(info, name), info) for info in infos]
            total, seen = 0, set()
            for path, info in sorted(paths, key=lambda item: item[0].parts):
                if path in seen:
                    raise Problem(
                        "{name} holds the file {path} twice; pack it again.",
                        name=name,
                        path=str(path)[:80],
                    )
                seen.add(path)
                if not is_hidden(path) and path.suffix.lower() in suffixes:
                    content = unpacked(archive, info, name, MAX_TOTAL - total)
                    total += len(content)
                    yield path, content
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, RuntimeError) as error:
        raise damaged(name) from error
    except (OSError, ValueError) as error:
        if isinstance(error, Problem):
            raise
        raise damaged(name) from error


def damaged(name: str) -> Problem:
    """What to say of an archive that cannot be unpacked."""
    return Problem(
        "{name} is damaged, cut short or packed in a way that cannot be read; pack it again as a "
        "plain zip, or save arrays again with numpy.savez.",
        name=name,
    )


def checked_path(info: zipfile.ZipInfo, name: str) -> PurePosixPath:
    """Where a file lies in its archive. Raises Problem for a path out of it, a link, a password."""
    path = PurePosixPath(info.filename.replace("\\", "/"))
    unsafe = not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
    if unsafe or stat.S_ISLNK(info.external_attr >> 16):
        raise Problem(
            "{name} holds a link or a path out of the archive ({path}); pack only plain files in "
            "folders.",
            name=name,
            path=info.filename[:80],
        )
    if info.flag_bits & 1:
        raise Problem("{name} is encrypted; pack it again without a password.", name=name)
    return path


def is_hidden(path: PurePosixPath) -> bool:
    """Whether a system added it by itself, such as __MACOSX and .DS_Store."""
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


def unpacked(
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    name: str,
    left: int,
    most: int = MAX_FILE,
    free: int = 0,
) -> bytes:
    """The content of one file of at most `most` and `left` bytes and 200 times its packed size.

    Files of up to `free` bytes may be packed better: equal numbers are. Raises Problem.
    """
    allowed = min(most, max(free, MAX_RATIO * max(info.compress_size, 1)), left)
    content = b""
    if info.file_size <= allowed:
        with archive.open(info) as member:
            content = member.read(allowed + 1)
    if max(info.file_size, len(content)) > allowed:
        raise Problem(
            "{name} unpacks to too much ({path}); at most {limit} MiB for a file, {total} MiB "
            "together and {ratio} times its packed size can be opened.",
            name=name,
            path=info.filename[:80],
            limit=most // MIB,
            total=MAX_TOTAL // MIB,
            ratio=MAX_RATIO,
        )
    return content
