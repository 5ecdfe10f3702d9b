"""Which format a file has, told by its content; each format has a module of its own.

csv, tsv and columns between spaces, word2vec and GloVe text (`delimited`); svmlight; npy; npz;
Parquet; safetensors; word2vec's binary; a projector of TensorBoard; vectors in files of their own.
"""

import io
from pathlib import Path

from centerviz.data import arrays, npz, projector, tensors, vectors
from centerviz.data.archive import ZIP_MAGIC
from centerviz.data.bundle import Bundle, bundle
from centerviz.data.delimited import outlined_text, read_delimited
from centerviz.data.layout import SAMPLE_BYTES, layout_of
from centerviz.data.reading import UNLABELLED, Asked, RawTable, Reading
from centerviz.data.svmlight import is_svmlight, read_svmlight
from centerviz.data.word2vec import is_word2vec, read_word2vec
from centerviz.language import N_
from centerviz.problem import Problem

BEGIN = 1 << 16  # bytes that tell the format
CLOSED = {  # what is never opened, by its first bytes
    (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"): N_(
        "{name} is a pickle: opening it could run a program, so it is never opened; save the "
        "arrays with numpy.savez, as safetensors or as Parquet."
    ),
    (b"\x89HDF\r\n\x1a\n", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ"): N_(
        "{name} is packed or HDF5, which cannot be opened; unpack it, or save the arrays with "
        "numpy.savez or as Parquet."
    ),
}


def raw_table(source: Path | bytes, name: str, asked: Asked) -> RawTable:
    """What a file or folder holds. Raises Problem for what cannot be read, or in two ways."""
    if isinstance(source, Path) and source.is_dir():
        with bundle(source, name) as files:
            return _read_bundle(files, asked)
    with opened(source, name) as stream:
        begin, size = _begin(stream, name)
        kind = _format(begin)
        if kind == "zip":
            return _read_zip(stream, name, asked)
        if kind not in ("text", "zip"):
            _refuse_text(name, asked)
        if kind == "parquet":
            from centerviz.data.parquet import read_parquet  # pyarrow takes a moment to import

            return read_parquet(stream, name, asked)
        if kind == "safetensors":
            return tensors.read_tensors(stream, size, name, asked)
        if kind == "text" and not is_svmlight(begin):
            return read_delimited(stream, size, name, asked)
        _refuse_names(name, asked)
        if kind == "npy":
            return arrays.read_npy(stream, size, name)
        if kind == "word2vec":
            return read_word2vec(stream, size, name)
        return read_svmlight(stream, size, name)


def outlined(source: Path | bytes, name: str, asked: Asked) -> Reading:
    """What can be chosen in a file or folder, without reading all of it. Raises Problem."""
    if isinstance(source, Path) and source.is_dir():
        with bundle(source, name) as files:
            return _outlined_bundle(files, asked)
    with opened(source, name) as stream:
        begin, size = _begin(stream, name)
        kind = _format(begin)
        if kind == "zip":
            if _is_npz(stream, name):
                return npz.outlined_npz(stream, name)
            with bundle(stream, name) as files:
                return _outlined_bundle(files, asked)
        if kind == "parquet":
            from centerviz.data.parquet import outlined_parquet

            return outlined_parquet(stream, name)
        if kind == "safetensors":
            return tensors.outlined_tensors(stream, size, name)
        if kind == "text" and not is_svmlight(begin):
            sample = stream.read(SAMPLE_BYTES)
            return outlined_text(layout_of(sample, name, asked.header, asked.delimiter))
        return Reading("svmlight" if kind == "text" else kind)


def opened(source: Path | bytes, name: str) -> io.BufferedIOBase:
    """The source as a stream at its start; a Problem says why it cannot be opened."""
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        if source.is_dir():
            raise Problem("{name} is a folder; give a file of vectors.", name=name)
        if source.exists() and not source.is_file():
            raise Problem("{name} is not a file; give a file of vectors.", name=name)
        return source.open("rb")
    except FileNotFoundError:
        raise Problem("There is no file {name}; check the path.", name=name) from None
    except OSError as error:
        raise Problem(
            "{name} cannot be opened ({reason}); check the path and its permissions.",
            name=name,
            reason=error.strerror or type(error).__name__,
        ) from error


def _begin(stream: io.BufferedIOBase, name: str) -> tuple[bytes, int]:
    """The first bytes and the size of a stream, which is then at its start again."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    begin = stream.read(BEGIN)
    stream.seek(0)
    for magics, sentence in CLOSED.items():
        if begin.startswith(magics):
            raise Problem(sentence, name=name)
    return begin, size


def _format(begin: bytes) -> str:
    if begin.startswith(ZIP_MAGIC):
        return "zip"
    if begin.startswith(b"PAR1"):
        return "parquet"
    if begin.startswith(b"\x93NUMPY"):
        return "npy"
    if tensors.is_safetensors(begin):
        return "safetensors"
    return "word2vec" if is_word2vec(begin) else "text"


def _refuse_text(name: str, asked: Asked) -> None:
    """Raise Problem where it is said how a table of text is written, and the file is none."""
    for given, flag in ((asked.header, "--header"), (asked.delimiter, "--delimiter")):
        if given is not None:
            raise Problem("{name} is no table of text; leave {flag} out.", name=name, flag=flag)


def _refuse_names(name: str, asked: Asked) -> None:
    """Raise Problem where a column or array is asked for of a file that has no names."""
    if asked.array is not None:
        raise Problem(
            "{name} has no named arrays, but --array {array} was given; leave it out.",
            name=name,
            array=asked.array,
        )
    if asked.beside:
        raise Problem(
            "{name} has no named columns; leave {flag} out. Labels can be given as a file "
            "with --labels FILE.",
            name=name,
            flag="--beside",
        )
    for column, flag in ((asked.label, "--label-column"), (asked.id, "--id-column")):
        if column not in (None, UNLABELLED):
            raise Problem(
                "{name} has no named columns; leave {flag} out. Labels can be given as a file "
                "with --labels FILE.",
                name=name,
                flag=flag,
            )


def _is_npz(stream: io.BufferedIOBase, name: str) -> bool:
    """Whether a zip holds arrays only, all of them in no folder."""
    with bundle(stream, name) as files:
        found = bool(files.paths) and all(
            path.suffix == ".npy" and len(path.parts) == 1 for path in files.paths
        )
    stream.seek(0)
    return found


def _read_zip(stream: io.BufferedIOBase, name: str, asked: Asked) -> RawTable:
    if _is_npz(stream, name):
        _refuse_text(name, asked)
        return npz.read_npz(stream, name, asked)
    with bundle(stream, name) as files:
        return _read_bundle(files, asked)


def _read_bundle(files: Bundle, asked: Asked) -> RawTable:
    alone = _alone(files)
    if alone is not None:
        return raw_table(alone, files.name, asked)
    _check_bundle(files)
    if projector.is_projector(files):
        return projector.read_projector(files, asked)
    return vectors.read_vectors(files, asked)


def _outlined_bundle(files: Bundle, asked: Asked) -> Reading:
    alone = _alone(files)
    if alone is not None:
        return outlined(alone, files.name, asked)
    _check_bundle(files)
    if projector.is_projector(files):
        return projector.outlined_projector(files, asked)
    return Reading("vectors")


def _alone(files: Bundle) -> bytes | None:
    """The content of the only file, where it is a table that was packed."""
    if len(files.paths) != 1 or not files.ending(
        ".csv", ".tsv", ".txt", ".parquet", ".safetensors"
    ):
        return None
    content = files.read(files.paths[0])
    return None if _format(content[:9]) == "zip" else content  # a zip in a zip has no end


def _check_bundle(files: Bundle) -> None:
    """Raise Problem for a folder or zip that holds something else than vectors."""
    if projector.is_projector(files) or vectors.are_vectors(files):
        return
    if any(path.name == "data.pkl" for path in files.paths):
        raise Problem(next(iter(CLOSED.values())), name=files.name)
    if files.ending(".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"):
        raise Problem(
            "{name} holds images; open it with the model of a finished run, which turns images "
            "into vectors.",
            name=files.name,
        )
    raise Problem(
        "{name} holds no vectors that can be opened; a folder or zip is a projector of "
        "TensorBoard, or npy and text files of one vector each in a folder for each class.",
        name=files.name,
    )
