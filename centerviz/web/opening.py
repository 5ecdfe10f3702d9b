"""Open a saved model: its embedding of any fitting data, without training.

The result is kept as a Parquet file beside the runs and opened in Explore.
"""

import hashlib
import re
from pathlib import Path

import streamlit as st

from centerviz.data.parquet import write_embeddings
from centerviz.data.sources import DATASETS, load_dataset
from centerviz.language import _, ngettext, worded
from centerviz.problem import Problem
from centerviz.runs.files import write_bytes
from centerviz.runs.model import embed_dataset
from centerviz.runs.store import Run, open_run, runs_root
from centerviz.web import results, state
from centerviz.web.naming import plain
from centerviz.web.subject import KEPT

UPLOADED = ".uploads"
EXPLORE = Path(__file__).parents[2] / "pages" / "explore.py"


def page() -> None:
    """Model, data, button; then where the result is."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        run_id = _choose_run()
        spec = _choose_data()
        with_button = st.button(
            _("Get its embedding"),
            key="open_go",
            type="primary",
            icon=":material/play_arrow:",
            disabled=run_id is None or spec is None,
            width="stretch",
        )
    with right:
        if with_button:
            _embed(run_id, spec)
        _result()


def _choose_run() -> str | None:
    ids = [run.id for run in results.finished()]
    if not ids:
        st.info(_("There is no finished run yet; train one first."), icon=":material/info:")
        return None
    state.seed_choice("open_run", "run", ids, ids[0])
    return st.selectbox(_("Model of the run"), ids, key="open_run")


def _choose_data() -> str | None:
    """A data set by name or path, or an upload; an upload wins."""
    named = st.selectbox(
        _("Data set"),
        list(DATASETS),
        key="open_data",
        accept_new_options=True,
        help=_("A name from the list, or the path of a folder or zip of images on this machine."),
    )
    given = st.file_uploader(
        _("Or your own images, as a zip with one folder per class"),
        key="open_upload",
        type=["zip"],
    )
    return named if given is None else str(_stored(given.name, given.getvalue()))


def _stored(name: str, content: bytes) -> Path:
    """An upload as a file: readers take paths. The same content is stored once."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    folder = runs_root() / UPLOADED / digest
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_slug(Path(name).stem) or 'images'}.zip"
    if not path.is_file():
        write_bytes(path, content)
    return path


def _embed(run_id: str, spec: str) -> None:
    """The work, with what it is doing; its result or its problem is kept for this session."""
    st.session_state.pop("open_result", None)
    with st.status(_("Reading the data…"), expanded=False) as status:
        try:
            run, dataset = open_run(run_id), load_dataset(spec)
            status.update(label=_("The model looks at {n} samples…", n=len(dataset.labels)))
            name, n = keep(run, spec), len(dataset.labels)
        except Problem as problem:
            status.update(label=_("This did not work."), state="error")
            st.session_state["open_result"] = {"problem": worded(problem)}
            return
        status.update(label=_("Done."), state="complete")
        st.session_state["open_result"] = {"file": name, "n": n, "run": run_id}


def keep(run: Run, spec: str) -> str:
    """Embed the data set `spec` by the model of `run`; returns the name of the Parquet file."""
    embeddings = embed_dataset(run, load_dataset(spec))
    folder = runs_root() / KEPT
    folder.mkdir(parents=True, exist_ok=True)
    name = kept_name(run.id, spec)
    write_embeddings(folder / name, embeddings)
    return name


def kept_name(run_id: str, spec: str) -> str:
    """What a kept embedding is called: readable, and another name for any other run or data.

    The path of an upload holds a hash of its content.

    >>> kept_name("with", "faces-1:pose=0.5"), kept_name("with", "faces-1:pose=0.9")
    ('faces-1-pose-0-5-by-with-0d88a5ec.parquet', 'faces-1-pose-0-9-by-with-c0c1e7a8.parquet')
    """
    data = spec if spec.partition(":")[0] in DATASETS else Path(spec).stem
    digest = hashlib.sha256(f"{run_id}\0{spec}".encode()).hexdigest()[:8]
    return f"{_slug(data) or 'data'}-by-{_slug(run_id, 120)}-{digest}.parquet"


def _slug(text: str, most: int = 40) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", text).strip("-")[:most].strip("-")


def _result() -> None:
    """What came of it, with the next step."""
    result = st.session_state.get("open_result")
    if result is None:
        st.header(_("A saved model looks at other data"))
        st.markdown(
            _(
                "Nothing is trained: the network of a finished run turns every sample into its "
                "features. Ask how a model of digits places digits it has never seen, or your own "
                "images."
            )
        )
        return
    if "problem" in result:
        st.error(plain(result["problem"]), icon=":material/error:")
        return
    st.header(ngettext("{n} sample placed", "{n} samples placed", result["n"]))
    st.markdown(_("By the model of {run}; nothing was trained.", run=plain(result["run"])))
    if EXPLORE.is_file():
        st.page_link(
            EXPLORE,
            label=_("Open it in Explore"),
            icon=":material/scatter_plot:",
            query_params={"file": result["file"]},
        )
    path = runs_root() / KEPT / result["file"]
    st.download_button(
        _("Download the embedding (Parquet)"),
        data=path.read_bytes,
        file_name=result["file"],
        mime="application/vnd.apache.parquet",
        icon=":material/download:",
        key="open_download",
    )
