"""Plan: the runs of one experiment, from one config, seeds, a sweep and a pair with λ = 0.

Letters: λ `center_weight`.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Literal, get_origin

from centerviz.learning.config import TrainConfig, checked
from centerviz.problem import Problem

MOST_SEEDS = 20
MOST_RUNS = 400
LAST_SEED = 2**31 - 1
# What decides about center loss alone: with λ = 0 these change no weight.
OF_CENTER_LOSS = (
    "center_form",
    "center_rule",
    "center_step",
    "center_start",
    "reduction",
    "warmup_epochs",
)


def _can_be_swept(name: str) -> bool:
    kind = TrainConfig.model_fields[name].annotation
    return name != "seed" and (kind in (int, float, bool) or get_origin(kind) is Literal)


SWEEPABLE = tuple(name for name in TrainConfig.model_fields if _can_be_swept(name))


@dataclass(frozen=True)
class Plan:
    """Every combination of the swept values, for every seed; with `pair` also without center loss.

    `seeds` empty: that of `base`. `sweep`: the values of each field, typed or as text.

    >>> plan = Plan(TrainConfig(), pair=True, seeds=(0, 1), sweep={"center_weight": (0.1, 1.0)})
    >>> [(config.center_weight, config.seed) for config in plan.configs()]
    [(0.0, 0), (0.0, 1), (0.1, 0), (1.0, 0), (0.1, 1), (1.0, 1)]
    """

    base: TrainConfig
    pair: bool = True
    seeds: tuple[int, ...] = ()
    sweep: dict[str, tuple[object, ...]] = field(default_factory=dict)

    def configs(self) -> tuple[TrainConfig, ...]:
        """The config of every run, each once, those without center loss first.

        The run with λ = 0 is added once for each seed and setting, where it is not there already.
        Raises Problem for values that cannot be used and for more than 400 runs.
        """
        seeds = self.seeds or (self.base.seed,)
        _check_amount(len(seeds) * math.prod(map(len, self.sweep.values())))  # before they are made
        start = self.base.model_dump()
        settings = [
            start | dict(zip(self.sweep, values, strict=True))
            for values in product(*self.sweep.values())
        ]
        found = [checked(setting | {"seed": seed}) for seed in seeds for setting in settings]
        if self.pair:
            found += _missing_baselines(found)
        found = list(dict.fromkeys(found))
        _check_amount(len(found))
        return tuple(sorted(found, key=lambda config: config.center_weight > 0))


def _check_amount(n: int) -> None:
    """Raises Problem for too many runs."""
    if n > MOST_RUNS:
        raise Problem(
            "These are {n} runs; at most {most} are trained at once: leave out some values or "
            "seeds.",
            n=n,
            most=MOST_RUNS,
        )


def _missing_baselines(configs: list[TrainConfig]) -> list[TrainConfig]:
    """The runs without center loss that the others are to be compared with."""
    known = {_setting(config) for config in configs if config.center_weight == 0}
    added = []
    for config in configs:
        if _setting(config) not in known:
            known.add(_setting(config))
            added.append(checked({**config.model_dump(), "center_weight": 0.0}))
    return added


def baseline(config: TrainConfig, others: Iterable[TrainConfig]) -> TrainConfig | None:
    """The one of `others` without center loss and otherwise the same training; None without one.

    >>> one = TrainConfig(center_step=0.1)
    >>> baseline(one, [one, TrainConfig(center_weight=0)]).center_weight
    0.0
    """
    wanted = _setting(config)
    return next((o for o in others if o.center_weight == 0 and _setting(o) == wanted), None)


def _setting(config: TrainConfig) -> tuple:
    """Everything that decides a training with λ = 0."""
    left_out = ("center_weight", *OF_CENTER_LOSS)
    names = (name for name in TrainConfig.model_fields if name not in left_out)
    return tuple(getattr(config, name) for name in names)


def read_seeds(text: str) -> tuple[int, ...]:
    """Seeds as people write them: one, several with commas, or a:b, which ends before b.

    Raises Problem for anything else, for none and for more than 20.

    >>> read_seeds("0:5"), read_seeds("0, 3,7"), read_seeds("4")
    ((0, 1, 2, 3, 4), (0, 3, 7), (4,))
    """
    ranges = [_seed_range(part) for part in text.split(",")]
    if None in ranges or not 1 <= sum(map(len, ranges)) <= MOST_SEEDS:
        raise Problem(
            "seeds was given as {given}; write numbers with commas, as in 0,3,7, or a:b for a to "
            "b−1, as in 0:5; at most {most}.",
            given=text[:80],
            most=MOST_SEEDS,
        )
    return tuple(dict.fromkeys(seed for seeds in ranges for seed in seeds))


def _seed_range(text: str) -> range | None:
    """The seeds of `4` or `0:5`; None where it is neither."""
    found = re.fullmatch(r"\s*([0-9]{1,10})\s*(?::\s*([0-9]{1,10})\s*)?", text)
    if not found:
        return None
    first = int(found[1])
    seeds = range(first, int(found[2]) if found[2] else first + 1)
    return seeds if seeds.stop - 1 <= LAST_SEED else None


def read_sweep(text: str) -> tuple[str, tuple[str, ...]]:
    """A setting and its values as people write them. Raises Problem.

    Whether the values can be used is for `Plan.configs` to say.

    >>> read_sweep("center_weight=0,0.01,0.1")
    ('center_weight', ('0', '0.01', '0.1'))
    """
    name, _, listed = text.partition("=")
    name = name.strip().replace("-", "_")
    values = tuple(dict.fromkeys(value.strip() for value in listed.split(",")))
    if name == "seed":
        raise Problem("A sweep over seeds is written as --seeds 0:5.")
    if name not in SWEEPABLE:
        raise Problem(
            "{name} cannot be swept; it must be one of: {choices}.",
            name=name[:80] or "–",
            choices=", ".join(known.replace("_", "-") for known in SWEEPABLE),
        )
    if "" in values:
        raise Problem(
            "sweep was given as {given}; write a setting, =, and values with commas, as in "
            "center-weight=0,0.01,0.1.",
            given=text[:80],
        )
    return name, values
