"""An experiment: the runs of one plan, tied together by an id that each of them knows.

No file says what belongs to an experiment but the runs themselves.
"""

import secrets
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from centerviz.embedding.over_seeds import OverSeeds, over_seeds
from centerviz.learning.config import TrainConfig
from centerviz.learning.plan import Plan, baseline
from centerviz.runs.store import Run, create_run, described, in_words, list_runs, slug


def start(
    plan: Plan, root: Path | None = None, name: str | None = None, parent: Run | None = None
) -> list[Run]:
    """The runs of a plan, queued, in its order; nothing trains them yet.

    `name` is what people call the experiment; a run's own name adds what differs within it;
    `parent` is the run whose weights all of them begin with. Raises Problem where a setting cannot
    be used or the place cannot be written, and leaves nothing then.
    """
    configs = plan.configs()
    fields = varying(configs)
    stem = name or described(configs[0].model_copy(update=_defaults(fields)))
    experiment = f"{slug(stem)}-{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    runs = []
    try:
        for config in configs:
            said = in_words({field: getattr(config, field) for field in fields})
            runs.append(create_run(config, root, f"{stem} {said}".strip(), parent, experiment))
    except BaseException:
        for run in runs:
            shutil.rmtree(run.path, ignore_errors=True)
        raise
    return runs


def varying(configs: Iterable[TrainConfig]) -> list[str]:
    """The settings in which configs differ, in the order of the model.

    `auto` differs from nothing: it is filled in when a run begins, and others may still wait.

    >>> varying([TrainConfig(seed=1, model="conv"), TrainConfig(seed=2, model="auto")])
    ['seed']
    """
    configs = list(configs)
    values = {name: {getattr(c, name) for c in configs} for name in TrainConfig.model_fields}
    return [name for name, found in values.items() if len(found - {"auto"}) > 1]


def _defaults(fields: Iterable[str]) -> dict[str, object]:
    return {name: TrainConfig.model_fields[name].default for name in fields}


def experiment_of(run: Run) -> str:
    """The id of the experiment that a run belongs to; empty for a run on its own."""
    found = run.provenance().get("experiment")
    return found if isinstance(found, str) else ""


def runs_of(experiment: str, root: Path | None = None) -> list[Run]:
    """The runs of an experiment in the order of its plan; none where nobody knows the id."""
    if not experiment:
        return []
    return [run for run in reversed(list_runs(root)) if experiment_of(run) == experiment]


@dataclass(frozen=True)
class Setting:
    """What the seeds of one setting say together."""

    config: TrainConfig  # with the first of its seeds
    differs: dict[str, object]  # what sets it apart from the other settings
    numbers: dict[str, OverSeeds | None]
    differences: dict[str, OverSeeds | None]  # to λ = 0 with the same seed; {} without such runs

    def to_json(self) -> dict:
        """Plain dicts: settings, numbers and differences."""
        told = asdict(self)
        return {"settings": told["differs"], **{k: told[k] for k in ("numbers", "differences")}}


def numbers(accuracy: float | None, measured: dict) -> dict[str, float | None]:
    """What a finished run gives to `summary`: its accuracy and all of `measure`, by flat names.

    >>> numbers(0.9, {"raw": {"ratio": 0.2}, "unit": {"ratio": None}})
    {'accuracy': 0.9, 'raw.ratio': 0.2, 'unit.ratio': None}
    """
    views = ("raw", "unit")
    flat = {f"{view}.{name}": value for view in views for name, value in measured[view].items()}
    return {"accuracy": accuracy, **flat}


def summary(results: Sequence[tuple[TrainConfig, dict[str, float | None]]]) -> list[Setting]:
    """Mean over seeds of every number, and of its difference to the run without center loss.

    `results` holds config and numbers of each run that is done. Differences are taken seed by
    seed, which removes what a seed does to both.
    """
    known = dict(results)
    settings: dict[TrainConfig, list[TrainConfig]] = {}
    for config in known:
        settings.setdefault(config.model_copy(update={"seed": 0}), []).append(config)
    fields = varying(settings)
    return [
        Setting(
            config=seeds[0],
            differs={name: getattr(seeds[0], name) for name in fields},
            numbers=_together([known[config] for config in seeds]),
            differences=_together(_paired(seeds, known)),
        )
        for seeds in settings.values()
    ]


def _paired(seeds: Sequence[TrainConfig], known: dict[TrainConfig, dict]) -> list[dict]:
    """The numbers of each seed less those of the same seed without center loss."""
    pairs = ((config, baseline(config, known)) for config in seeds)
    return [
        {name: _less(value, known[other].get(name)) for name, value in known[config].items()}
        for config, other in pairs
        if other is not None and other != config
    ]


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


def _together(found: Sequence[dict[str, float | None]]) -> dict[str, OverSeeds | None]:
    names = dict.fromkeys(name for numbers in found for name in numbers)
    return {name: over_seeds(numbers.get(name) for numbers in found) for name in names}
