"""Small files as the tools of other people write them, byte for byte where it is text.

Each says which function of which package writes so. Of all: four rows of three numbers `X`, of the
classes `WORDS`.
"""

import io
import struct
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import torch
from PIL import Image
from safetensors.numpy import save
from safetensors.torch import save as save_torch
from sklearn.datasets import dump_svmlight_file

X = np.array([[0.5, 1.0, -2.0], [0.25, 2.0, 4.0], [7.0, 0.25, 1.5], [8.0, -1.0, 3.0]])
F4 = X.astype(np.float32)
WORDS = ["cat", "dog", "cat", "eel"]
NUMBERS = np.array([0, 1, 0, 2])


def zipped(files: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def npy(array) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def npz(**arrays) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def savetxt(array, **how) -> bytes:
    stream = io.BytesIO()
    np.savetxt(stream, array, **how)
    return stream.getvalue()


def frame_parquet(frame: pd.DataFrame, **how) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream, **how)
    return stream.getvalue()


def svmlight(**how) -> bytes:
    """sklearn.datasets.dump_svmlight_file"""
    stream = io.BytesIO()
    dump_svmlight_file(X, NUMBERS, stream, **how)
    return stream.getvalue()


def wide(columns="abc") -> pd.DataFrame:
    return pd.DataFrame(X, columns=list(columns)).assign(label=WORDS)


def word2vec_text() -> bytes:
    """gensim.models.keyedvectors.KeyedVectors.save_word2vec_format"""
    lines = [f"{w} " + " ".join(repr(v) for v in row) for w, row in zip("abcd", F4, strict=True)]
    return ("4 3\n" + "\n".join(lines).replace("np.float32(", "").replace(")", "") + "\n").encode()


def word2vec_binary() -> bytes:
    """The same with binary=True."""
    return b"4 3\n" + b"".join(
        w.encode() + b" " + row.astype("<f4").tobytes() for w, row in zip("abcd", F4, strict=True)
    )


def word2vec_c() -> bytes:
    """word2vec.c of Google with -binary 1: a line end after each vector."""
    return b"4 3\n" + b"".join(
        w.encode() + b" " + row.astype("<f4").tobytes() + b"\n"
        for w, row in zip("abcd", F4, strict=True)
    )


def glove() -> bytes:
    """glove.c of Stanford: no count on top; words may be marks."""
    words = ("the", '"', ",", "'s")
    return "".join(
        f"{w} " + " ".join(f"{v:.6f}" for v in row) + "\n" for w, row in zip(words, X, strict=True)
    ).encode()


def tensors_tsv() -> bytes:
    """torch.utils.tensorboard._embedding.make_mat"""
    return "".join("\t".join(str(v) for v in row) + "\n" for row in X.tolist()).encode()


def sprite_png() -> bytes:
    """torch.utils.tensorboard._embedding.make_sprite: a square of tiles, row by row."""
    sheet = np.zeros((16, 16, 3), np.uint8)
    for i in range(4):
        sheet[i // 2 * 8 : i // 2 * 8 + 8, i % 2 * 8 : i % 2 * 8 + 8] = 60 * i + 20
    stream = io.BytesIO()
    Image.fromarray(sheet).save(stream, format="PNG")
    return stream.getvalue()


def logdir(metadata: str, more: str = "", **files) -> bytes:
    """The log folder of torch.utils.tensorboard.SummaryWriter.add_embedding, zipped."""
    config = (
        'embeddings {\n  tensor_name: "default:00000"\n'
        '  metadata_path: "00000/default/metadata.tsv"\n'
        f'{more}  tensor_path: "00000/default/tensors.tsv"\n}}\n'
    )
    return zipped(
        {
            "log/projector_config.pbtxt": config,
            "log/events.out.tfevents.1700000000.host.1.0": b"\x18\0\0\0\0\0\0\0",
            "log/00000/default/metadata.tsv": metadata,
            "log/00000/default/tensors.tsv": tensors_tsv(),
            **{f"log/00000/default/{name}.png": content for name, content in files.items()},
        }
    )


def folders(suffix: str, write, wrapped: str = "") -> bytes:
    """A file for each picture in a folder for each person, as LFW lies."""
    return zipped(
        {
            f"{wrapped}{who}/{who}_{i:04}{suffix}": write(row)
            for i, (who, row) in enumerate(zip(WORDS, F4, strict=True), 1)
        }
    )


SPRITE = (
    '  sprite {\n    image_path: "00000/default/sprite.png"\n'
    + 2 * ("    single_image_dim: 8\n")
    + "  }\n"
)
PERSONS = "".join(
    f"{who}," + ",".join(map(str, row)) + "\n" for who, row in zip(WORDS, X.tolist(), strict=True)
)
ATLAS = pd.DataFrame(
    {
        "text": ["one", "two", "three", "four"],
        "vector": list(F4),
        "projection_x": X[:, 0],
        "projection_y": X[:, 1],
        "__neighbors": [{"ids": [0, 1], "distances": [0.0, 0.5]}] * 4,
        "__row_index__": range(4),
    }
)

LABELLED = {
    "pandas to_csv with index": wide().to_csv().encode(),
    "pandas to_csv without header": wide().to_csv(index=False, header=False).encode(),
    "pandas to_csv, tabs": wide().to_csv(sep="\t", index=False).encode(),
    "pandas to_csv of lists": pd.DataFrame({"label": WORDS, "embedding": X.tolist()})
    .to_csv(index=False)
    .encode(),
    "pandas to_csv of arrays": pd.DataFrame({"label": WORDS, "embedding": list(X)})
    .to_csv()
    .encode(),
    "pandas to_parquet": frame_parquet(wide()),
    "pandas to_parquet with a named index": frame_parquet(
        wide().set_index(pd.Index(list("pqrs"), name="key"))
    ),
    "pandas to_parquet of categories": frame_parquet(wide().astype({"label": "category"})),
    "R write.table": (
        '"a" "b" "c" "label"\n'
        + "".join(
            f'"{i}" {row[0]} {row[1]} {row[2]} "{who}"\n'
            for i, (row, who) in enumerate(zip(X.tolist(), WORDS, strict=True), 1)
        )
    ).encode(),
    "csv of name and numbers": PERSONS.encode(),
    "csv of name and numbers, named": ("name,x,y,z\n" + PERSONS).encode(),
    "npz embs and names": npz(embs=F4, names=np.array(WORDS)),
    "npz embeddings and labels": npz(embeddings=F4, labels=np.array(WORDS)),
    "npz features and target_names": npz(
        features=X, target=NUMBERS, target_names=np.array(["cat", "dog", "eel"])
    ),
    "npy for each picture": folders(".npy", npy),
    "npy for each picture, one row each": folders(".npy", lambda row: npy(row[None]), "faces/"),
    "txt for each picture": folders(".txt", savetxt, "lfw/"),
    "npy for each person": zipped(
        {f"embs/{who}.npy": npy(F4[[w == who for w in WORDS]]) for who in ("cat", "dog", "eel")}
    ),
    "projector of torch": logdir("\n".join(WORDS) + "\n"),
    "projector of torch with header and sprite": logdir(
        "animal\tn\n" + "".join(f"{who}\t{i}\n" for i, who in enumerate(WORDS)),
        SPRITE,
        sprite=sprite_png(),
    ),
    "projector page": zipped(
        {
            "vectors.tsv": tensors_tsv(),
            "metadata.tsv": "animal\tn\n" + "".join(f"{w}\t{i}\n" for i, w in enumerate(WORDS)),
        }
    ),
}  # fmt: skip

UNLABELLED = {
    "numpy savetxt": savetxt(X),
    "numpy savetxt with a header": savetxt(X, delimiter=",", header="a,b,c"),
    "numpy save, Fortran order": npy(np.asfortranarray(X)),
    "numpy save, other byte order": npy(X.astype(">f4")),
    "numpy savez without names": npz(arr_0=F4),
    "numpy savez of vectors by name": npz(**{f"ann_{i}": row for i, row in enumerate(F4)}),
    "word2vec text": word2vec_text(),
    "word2vec binary": word2vec_binary(),
    "word2vec.c binary": word2vec_c(),
    "GloVe": glove(),
    "safetensors": save({"embeddings": F4}),
    "safetensors of torch": save_torch({"features": torch.tensor(F4)}, {"format": "pt"}),
    "Embedding Atlas": frame_parquet(ATLAS),
    "gensim word2vec2tensor": zipped(
        {"model_tensor.tsv": tensors_tsv(), "model_metadata.tsv": "a\nb\nc\nd\n"}
    ),
}


def bytes_projector() -> bytes:
    """projector.tensorflow.org: a config in JSON, the vectors as bytes."""
    config = (
        '{"embeddings": [{"tensorName": "pets", "tensorShape": [4, 3], "tensorPath": "pets.bytes", '
        '"metadataPath": "labels.tsv"}]}'
    )
    content = struct.pack("<12f", *X.ravel())
    labels = "\n".join(WORDS) + "\n"
    return zipped({"projector_config.json": config, "pets.bytes": content, "labels.tsv": labels})


def parquet(**columns) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


LABELLED["projector page, bytes"] = bytes_projector()
