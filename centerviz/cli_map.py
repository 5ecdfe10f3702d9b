"""What `project` checks before it draws a map, what it begins from, and what it says of it."""

from pathlib import Path

import numpy as np

from centerviz.cli_output import say
from centerviz.data.embeddings import Embeddings
from centerviz.language import _
from centerviz.problem import Problem


def check_flags(values, method: str) -> None:
    """Raise Problem for a flag that means nothing to the method."""
    for flag, given, methods in (
        ("--perplexity", values.perplexity, ("tsne",)),
        ("--start", values.start, ("tsne",)),
        ("--fit-split", values.fit_split, ("pca", "tsne")),
    ):
        if given is not None and method not in methods:
            raise Problem(
                "{flag} belongs to --method {methods}; leave it out for {method}.",
                flag=flag,
                methods="|".join(methods),
                method=method,
            )


def fitted_rows(split: str | None, embeddings: Embeddings) -> np.ndarray | None:
    """The rows that the map is drawn of; None: all. Raises Problem for a split without rows."""
    if split is None:
        return None
    rows = np.flatnonzero(np.equal(embeddings.splits, split))
    if not len(rows):
        names = [] if embeddings.splits is None else dict.fromkeys(embeddings.splits.tolist())
        raise Problem(
            "There is no split named {split} to draw the map of; the splits are: {choices}.",
            split=split,
            choices=", ".join(names) or "–",
        )
    return rows


def started_map(path: Path, embeddings: Embeddings, dims: int) -> np.ndarray:
    """The places (N, dims) of the rows on a map that `project` wrote; NaN for ids it lacks.

    Raises Problem where the file is no such map and where it has none of the ids.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    axes = ["x", "y", "z"][:dims]
    try:
        table = pq.read_table(path, columns=["id", *axes])
        places = np.stack([table[axis].to_numpy().astype(np.float64) for axis in axes], axis=1)
    except (OSError, pa.ArrowException, KeyError, ValueError):
        raise Problem(
            "--start {path} is no map in {dims} dimensions; name a file that project wrote.",
            path=path,
            dims=dims,
        ) from None
    row_of = {name: row for row, name in enumerate(table["id"].to_pylist())}
    found = [row_of.get(name, -1) for name in embeddings.ids.tolist()]
    if max(found) < 0:
        raise Problem("--start {path} has none of these ids; leave it out.", path=path)
    return np.vstack([places, np.full((1, dims), np.nan)])[found]


def check_target(out: Path, given: Path) -> None:
    """Raise Problem where the map would take the place of a given file, or of a file of a run."""
    from centerviz.runs import status
    from centerviz.runs.store import CONFIG

    if _same(out, given):
        raise Problem(
            "--out names {path}, which the map is made from; name another file.", path=out
        )
    for folder in out.resolve().parents:
        if folder == given.resolve() or all((folder / f).is_file() for f in (CONFIG, status.FILE)):
            raise Problem("--out lies in the run {run}; name a file outside.", run=folder.name)


def _same(one: Path, other: Path) -> bool:
    """Whether two paths are one file, by whatever links."""
    if one.resolve() == other.resolve():
        return True
    return one.exists() and other.exists() and one.samefile(other)


def say_map(found, embeddings: Embeddings, method: str) -> None:
    """How the map was drawn, and what it cannot tell."""
    values = {"n": embeddings.n, "all": embeddings.n + embeddings.dropped}
    if found.method == "tsne":
        values |= {"seed": found.seed, "perplexity": found.perplexity}
        say(_("t-SNE, seed {seed}, perplexity {perplexity:.4g}: {n} of {all} rows.", **values))
    elif found.method == "pca":
        shares = ", ".join(f"{share:.1%}" for share in found.explained)
        say(
            _(
                "PCA: {n} of {all} rows; the axes hold {shares} of the variance.",
                shares=shares,
                **values,
            )
        )
    else:
        if method == "tsne":
            say(_("At most 2 features need no t-SNE; they are drawn as they are."))
        say(_("Raw: {n} of {all} rows.", **values))
    say(_(found.note))
