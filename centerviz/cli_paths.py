"""What people name on the command line: folders, files and runs."""

from pathlib import Path

from centerviz.problem import Problem


def runs_folder(given: str | None) -> Path:
    """The folder of the runs. Raises Problem where it can be none."""
    from centerviz.runs.store import runs_root

    root = Path(given).expanduser().absolute() if given else runs_root()
    if root.exists() and not root.is_dir():
        raise Problem("{path} is a file; --runs needs a folder.", path=given or root)
    return root


def named_path(given: str) -> Path:
    """A path that the system can look at, there or not."""
    try:
        path = Path(given).expanduser()
        path.exists()
    except (OSError, ValueError, RuntimeError):  # too long, holding a NUL, of an unknown user
        path = None
    if not given or path is None:
        raise Problem("{path} is no name of a file; check it.", path=repr(given[:80]))
    return path


def named_file(given: str) -> Path:
    """A file that is there."""
    path = named_path(given)
    if not path.is_file():
        raise Problem("There is no file {path}; check the name.", path=given[:200])
    return path


def named_run(which: str, root: Path):
    """A run, by its name under the root or by its directory. Raises Problem where there is none."""
    from centerviz.runs.store import SAFE_ID, open_run

    if SAFE_ID.fullmatch(which) and (root / which).is_dir():
        return open_run(which, root)
    path = named_path(which)
    return open_run(path) if path.is_dir() else open_run(which, root)


def named_runs(which: str, root: Path) -> tuple[str, list]:
    """The id and the runs of an experiment; or nothing and the one run of that name.

    Raises Problem where nothing is called so, and for a damaged run.
    """
    from centerviz.runs.experiment import runs_of

    named_path(str(root / which))  # no longer than a name can be
    known = [] if (root / which).exists() else runs_of(which, root)
    runs = known or [named_run(which, root)]
    for run in runs:
        if run.problem:
            raise run.problem
    return which if known else "", runs
