"""What `project` checks before it draws a map, and what it says of it."""

from pathlib import Path

from centerviz.cli_output import say
from centerviz.data.embeddings import Embeddings
from centerviz.language import _
from centerviz.problem import Problem


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
