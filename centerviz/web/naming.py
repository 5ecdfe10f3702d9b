"""What runs are called where they stand beside each other: by what differs between them."""

from collections.abc import Sequence
from pathlib import Path

from centerviz.data.sources import DATASETS
from centerviz.language import N_, _
from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.notes import name_of
from centerviz.runs.store import Run

SYMBOLS = {"center_weight": "λ", "dim": "D", "center_step": "α", "scale": "s", "margin": "m"}
MOST = 2  # settings in a title; more would not be read
OF_THE_MACHINE = ("device", "precision", "threads")  # filled in when a run begins
SPLIT_NAMES = {
    "verify": N_("unseen identities"),
    "test": N_("test"),
    "val": N_("validation"),
    "train": N_("train"),
}
STATES = {  # of a run: word, colour, icon
    "queued": (N_("waiting"), "gray", ":material/hourglass_empty:"),
    "running": (N_("training"), "blue", ":material/model_training:"),
    "interrupted": (N_("interrupted"), "orange", ":material/power_off:"),
    "stopped": (N_("stopped"), "gray", ":material/stop_circle:"),
    "done": (N_("done"), "green", ":material/check_circle:"),
    "failed": (N_("failed"), "red", ":material/error:"),
    "damaged": (N_("damaged"), "red", ":material/broken_image:"),
}


def titles(runs: Sequence[Run]) -> list[str]:
    """One short title a run: `λ = 0` beside `λ = 0.1`; what people call it, or its id, where that
    does not tell enough."""
    called = [name_of(run) for run in runs]
    if len(set(called)) < len(called):
        called = [run.id for run in runs]
    configs = [_config(run) for run in runs]
    if len(runs) < 2 or None in configs:
        return called
    names = differing(configs)
    if not 0 < len(names) <= MOST:
        return called
    given = [
        ", ".join(setting(name, getattr(config, name)) for name in names) for config in configs
    ]
    return given if len(set(given)) == len(given) else called


def split_name(split: str) -> str:
    """What a split is called; one of somebody's file as it is written there."""
    return _(SPLIT_NAMES[split]) if split in SPLIT_NAMES else split


def told(config: TrainConfig) -> str:
    """What a config says otherwise than the defaults, without data set and machine.

    >>> told(TrainConfig(center_weight=0.5, normalize=True, threads=1, model="conv"))
    'normalize = true, λ = 0.5'
    """
    changed = config.differences(TrainConfig(dataset=config.dataset))
    if config.model in ("conv", "mlp"):
        changed.pop("model", None)
    shown = {name: ours for name, (ours, _) in changed.items() if name not in OF_THE_MACHINE}
    return ", ".join(setting(name, value) for name, value in shown.items())


def data_name(spec: str) -> str:
    """What a data set is called: its own name, or that of its file.

    >>> data_name("faces-1:pose=0.5"), data_name("/somewhere/mine.zip")
    ('faces-1:pose=0.5', 'mine.zip')
    """
    return spec if spec.partition(":")[0] in DATASETS else Path(spec).name


def differing(configs: Sequence[TrainConfig]) -> list[str]:
    """The settings in which the configs are not all the same, in the order of the model."""
    names = TrainConfig.model_fields
    return [name for name in names if len({getattr(config, name) for config in configs}) > 1]


def setting(name: str, value: object) -> str:
    """A setting as people write it.

    >>> setting("center_weight", 0.0), setting("center_rule", "ema")
    ('λ = 0', 'center-rule = ema')
    """
    return f"{SYMBOLS.get(name, name.replace('_', '-'))} = {written(value)}"


def written(value: object) -> str:
    """A value of a setting: numbers without trailing zeros, true and false in small letters.

    >>> written(0.10), written(True), written("digits")
    ('0.1', 'true', 'digits')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def plain(text: str) -> str:
    """A text as Markdown that shows exactly its characters: names are data, not markup.

    >>> plain("a_b")
    'a\\\\_b'
    """
    return "".join("\\" + c if c in "\\`*_{}[]()#+-.!|<>$:~" else c for c in text)


def _config(run: Run) -> TrainConfig | None:
    try:
        return run.config
    except Problem:
        return None
