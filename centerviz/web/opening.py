"""Open a saved model: its embedding of any fitting data, without training.

The result is kept as a Parquet file beside the runs and opened in Explore.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import streamlit as st

from centerviz.data.parquet import write_embeddings
from centerviz.data.sources import DATASETS, load_dataset
from centerviz.language import N_, _, ngettext, worded
from centerviz.problem import Problem
from centerviz.runs.foreign import embed_by_file
from centerviz.runs.model import embed_dataset
from centerviz.runs.store import Run, open_run, runs_root
from centerviz.web import results, state
from centerviz.web.naming import plain
from centerviz.web.subject import KEPT, reveal
from centerviz.web.uploads import STAYS, SUFFIXES, refused, slug, stored

EXPLORE = Path(__file__).parents[2] / "pages" / "explore.py"
KINDS = {"run": N_("of a run"), "file": N_("from a file")}
MODEL_FILES = ["safetensors", "pt", "pth", "onnx"]
LARGEST_MODEL = 256  # MB
PIXEL_WORDS = {
    "centred": N_("(v − 127.5) / 128, as ours and most face networks"),
    "unit": N_("v / 255"),
    "imagenet": N_("v / 255, less the ImageNet mean, over its spread"),
    "raw": N_("v from 0 to 255"),
}


@dataclass(frozen=True)
class Model:
    """What was chosen: a run by its id, or a stored file and what pixels mean to it."""

    run: str | None
    file: Path | None = None
    pixels: str = "centred"

    @property
    def name(self) -> str:
        """What people call it."""
        return self.run or self.file.name

    @property
    def key(self) -> str:
        """What tells it from any other; the path of an upload holds a hash of its content."""
        return self.run or f"{self.file}\0{self.pixels}"


def page() -> None:
    """Model, data, button; then where the result is."""
    left, right = st.columns([1, 2], gap="large")
    with left:
        try:
            model, spec = _choose_model(), _choose_data()
        except Problem as problem:
            st.error(plain(worded(problem)), icon=":material/error:")
            model = spec = None
        with_button = st.button(
            _("Get its embedding"),
            key="open_go",
            type="primary",
            icon=":material/play_arrow:",
            disabled=model is None or spec is None,
            width="stretch",
        )
    with right:
        if with_button:
            _embed(model, spec)
        _result()


def _choose_model() -> Model | None:
    state.seed_choice("open_kind", "model", list(KINDS), "run")
    kind = st.segmented_control(
        _("Model"),
        list(KINDS),
        key="open_kind",
        format_func=lambda kind: _(KINDS[kind]),
        required=True,
    )
    state.remember(model=None if kind == "run" else kind)
    return _choose_file() if kind == "file" else _choose_run()


def _choose_run() -> Model | None:
    ids = [run.id for run in results.finished()]
    if not ids:
        st.info(_("There is no finished run yet; train one first."), icon=":material/info:")
        return None
    state.seed_choice("open_run", "run", ids, ids[0])
    return Model(st.selectbox(_("Model of the run"), ids, key="open_run"))


def _choose_file() -> Model | None:
    given = st.file_uploader(
        _("Weights or network"),
        MODEL_FILES,
        key="open_model",
        max_upload_size=LARGEST_MODEL,
        help=_(
            "Weights of one of our networks (conv, lenets++, mlp) as .safetensors, or as a state "
            "dict of torch.save; or any ONNX network that turns an image or a vector into a "
            "vector. It runs in a process of its own, and nothing in the file is run as Python."
        ),
    )
    pixels = st.selectbox(
        _("What an ONNX network takes for a pixel v"),
        list(PIXEL_WORDS),
        key="open_pixels",
        format_func=lambda code: _(PIXEL_WORDS[code]),
    )
    pixels = pixels if pixels in PIXEL_WORDS else "centred"  # a title of the language before
    return None if given is None else Model(None, stored(given.name, given.getvalue()), pixels)


def _choose_data() -> str | None:
    """A data set by name, or an upload; an upload wins. Raises Problem for what is refused."""
    named = st.selectbox(
        _("Data set"),
        list(DATASETS),
        key="open_data",
        accept_new_options=True,
        help=_(
            "A name from the list, with strengths if it has any: faces-1:pose=0.5. Or a path "
            "inside the folder that CENTERVIZ_DATA names, if the server was started with it."
        ),
    )
    given = st.file_uploader(
        _("Or your own: a zip with one folder of images per class, or a table of vectors"),
        key="open_upload",
        type=list(SUFFIXES),
    )
    st.caption(_(STAYS))
    spec = named if given is None else str(stored(given.name, given.getvalue()))
    problem = refused(spec) if spec else None
    if problem is not None:
        raise problem
    return spec


def _embed(model: Model, spec: str) -> None:
    """The work, with what it is doing; its result or its problem is kept for this session."""
    st.session_state.pop("open_result", None)
    with st.status(_("Reading the data…"), expanded=False) as status:
        try:
            if model.run:
                n = len(load_dataset(spec).labels)
                status.update(label=_("The model looks at {n} samples…", n=n))
                found = {"file": keep(open_run(model.run), spec), "n": n, "about": ""}
            else:
                status.update(label=_("The network looks at the samples…"))
                found = keep_foreign(model, spec)
        except Problem as problem:
            found = {"problem": worded(problem)}
        if "file" in found:
            reveal(found["file"])
        failed = "problem" in found
        label = _("This did not work.") if failed else _("Done.")
        status.update(label=label, state="error" if failed else "complete")
    st.session_state["open_result"] = {**found, "model": model.name}


def keep_foreign(model: Model, spec: str) -> dict:
    """Embed the data set `spec` by a model file; the name of the Parquet file, or what is wrong."""
    folder, name = runs_root() / KEPT, kept_name(model.key, spec, model.file.stem)
    folder.mkdir(parents=True, exist_ok=True)
    found = embed_by_file(model.file, spec, model.pixels, folder / name)
    if found.problem is not None:
        return {"problem": worded(found.problem), "layers": found.layers}
    return {"file": name, "n": found.n, "about": found.about}


def keep(run: Run, spec: str) -> str:
    """Embed the data set `spec` by the model of `run`; returns the name of the Parquet file."""
    embeddings = embed_dataset(run, load_dataset(spec))
    folder = runs_root() / KEPT
    folder.mkdir(parents=True, exist_ok=True)
    name = kept_name(run.id, spec)
    write_embeddings(folder / name, embeddings)
    return name


def kept_name(model: str, spec: str, called: str = "") -> str:
    """What a kept embedding is called: readable, and another name for any other model or data.

    The path of an upload holds a hash of its content; what came of an upload has a longer name,
    which `subject` tells only to who made it.

    >>> kept_name("with", "faces-1:pose=0.5"), kept_name("with", "faces-1:pose=0.9")
    ('faces-1-pose-0-5-by-with-0d88a5ec.parquet', 'faces-1-pose-0-9-by-with-c0c1e7a8.parquet')
    """
    data = spec if spec.partition(":")[0] in DATASETS else Path(spec).stem
    named = spec.partition(":")[0] in DATASETS and not called
    digest = hashlib.sha256(f"{model}\0{spec}".encode()).hexdigest()[: 8 if named else 16]
    return f"{slug(data) or 'data'}-by-{slug(called or model, 120) or 'model'}-{digest}.parquet"


def _result() -> None:
    """What came of it, with the next step."""
    result = st.session_state.get("open_result")
    if result is None:
        st.header(_("A saved model looks at other data"))
        st.markdown(
            _(
                "Nothing is trained: the network of a finished run, or one from a file of yours, "
                "turns every sample into its features. Ask how a model of digits places digits it "
                "has never seen, or your own images."
            )
        )
        return
    if "problem" in result:
        st.error(plain(result["problem"]), icon=":material/error:")
        if result.get("layers"):
            show_layers(result["layers"])
        return
    st.header(ngettext("{n} sample placed", "{n} samples placed", result["n"]))
    st.markdown(_("By the model of {run}; nothing was trained.", run=plain(result["model"])))
    if result["about"]:
        st.caption(plain(result["about"]))
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


def show_layers(layers: Sequence[tuple[str, str, str, str]]) -> None:
    """Our layers beside those of the file, the ones that do not fit first."""
    columns = (_("Ours"), _("Its shape"), _("In the file"), _("Its shape there"))
    ordered = sorted(layers, key=lambda layer: layer[1] == layer[3])
    fits = [_("fits") if ours == theirs else _("does not fit") for _o, ours, _t, theirs in ordered]
    frame = pd.DataFrame(ordered, columns=list(columns))
    frame.insert(0, _("Layer"), fits)
    st.dataframe(frame, hide_index=True, alt=_("Which layers of the file fit."))
