"""What runs are called where they stand beside each other: by what differs between them."""

from collections.abc import Sequence

from centerviz.learning.config import TrainConfig
from centerviz.problem import Problem
from centerviz.runs.store import Run

SYMBOLS = {"center_weight": "λ", "dim": "D", "center_step": "α", "scale": "s", "margin": "m"}
MOST = 2  # settings in a title; more would not be read


def titles(runs: Sequence[Run]) -> list[str]:
    """One short title a run: `λ = 0` beside `λ = 0.1`; its id where that does not tell enough."""
    configs = [_config(run) for run in runs]
    if len(runs) < 2 or None in configs:
        return [run.id for run in runs]
    names = differing(configs)
    if not 0 < len(names) <= MOST:
        return [run.id for run in runs]
    given = [
        ", ".join(setting(name, getattr(config, name)) for name in names) for config in configs
    ]
    return given if len(set(given)) == len(given) else [run.id for run in runs]


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
