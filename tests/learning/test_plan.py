"""Which runs an experiment has: counted by hand, by law, and whatever people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from centerviz.learning.config import TrainConfig
from centerviz.learning.plan import Plan, baseline, read_seeds, read_sweep
from centerviz.problem import Problem


def weights(plan: Plan) -> list[tuple[float, int]]:
    """λ and seed of each run."""
    return [(config.center_weight, config.seed) for config in plan.configs()]


def test_a_plan_of_nothing_else_is_its_config():
    config = TrainConfig(seed=7)
    assert Plan(config, pair=False).configs() == (config,)
    assert weights(Plan(config)) == [(0.0, 7), (0.1, 7)]


def test_a_baseline_that_is_swept_is_not_added_again():
    swept = Plan(TrainConfig(), True, (0, 1), dict([read_sweep("center_weight=0,0.1,1,0.10")]))
    assert weights(swept) == [(0, 0), (0, 1), (0.1, 0), (1, 0), (0.1, 1), (1, 1)]


def test_one_baseline_serves_every_way_of_center_loss_but_not_another_network():
    ways = Plan(TrainConfig(), sweep={"center_step": (0.1, 0.5), "center_rule": ("ema", "fixed")})
    assert [config.center_weight for config in ways.configs()] == [0, 0.1, 0.1, 0.1, 0.1]
    sizes = Plan(TrainConfig(), sweep={"dim": (2, 3)}).configs()
    assert [(config.center_weight, config.dim) for config in sizes] == [
        (0.0, 2),
        (0.0, 3),
        (0.1, 2),
        (0.1, 3),
    ]
    assert baseline(sizes[3], sizes) == sizes[1]
    assert baseline(sizes[3], sizes[2:]) is None


def test_a_pair_differs_in_nothing_but_the_weight():
    one = TrainConfig(center_rule="ema", center_step=0.2, dim=3, normalize=True, seed=4)
    first, second = Plan(one).configs()
    assert first.differences(second) == {"center_weight": (0.0, 0.1)}


@given(
    st.lists(st.integers(0, 9), max_size=4).map(tuple),
    st.lists(st.sampled_from([0.0, 0.1, 1.0]), min_size=1, max_size=3).map(tuple),
    st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple),
)
def test_every_run_is_there_once_and_has_its_baseline(seeds, lambdas, dims):
    sweep = {"center_weight": lambdas, "dim": dims}
    configs = Plan(TrainConfig(), True, seeds, sweep).configs()
    asked = {(lam, d, s) for lam in {0.0, *lambdas} for d in dims for s in seeds or (0,)}
    assert len(configs) == len(asked)
    assert {(c.center_weight, c.dim, c.seed) for c in configs} == asked
    assert all(baseline(config, configs) is not None for config in configs)


NO_SEEDS = ["", ",", "a", "0:", ":5", "5:5", "5:0", "0:21", "-1", "0.5", "0:5:2", "1e3", "٣"]
NO_SEEDS += ["0:99999999999", "2147483648", "9" * 5000, "0,1," * 20]


@pytest.mark.parametrize("text", NO_SEEDS)
def test_seeds_that_cannot_be_used_get_a_sentence(text):
    with pytest.raises(Problem, match="seeds was given as"):
        read_seeds(text)


@pytest.mark.parametrize(
    "text", ["", "=1", "dim", "dim=", "dim=1,,2", "seed=0,1", "dataset=digits"]
)
def test_a_sweep_that_cannot_be_used_gets_a_sentence(text):
    with pytest.raises(Problem):
        read_sweep(text)


def test_values_out_of_bounds_and_too_many_runs_get_a_sentence():
    name, values = read_sweep("center-weight=1,-1")
    with pytest.raises(Problem, match="center-weight was given as -1; it must be 0 or more"):
        Plan(TrainConfig(), sweep={name: values}).configs()
    weights = {"center_weight": tuple(range(11))}
    assert len(Plan(TrainConfig(), sweep=weights, seeds=tuple(range(20))).configs()) == 220
    pairs = Plan(TrainConfig(), sweep={"dim": tuple(range(2, 13))}, seeds=tuple(range(20)))
    with pytest.raises(Problem, match="These are 440 runs"):
        pairs.configs()
    many = {name: tuple(range(1, 1000)) for name in ("dim", "epochs", "batch_size", "margin")}
    with pytest.raises(Problem, match="at most 400"):
        Plan(TrainConfig(), sweep=many).configs()
    with pytest.raises(Problem, match="nothing to learn"):
        Plan(TrainConfig(base="none")).configs()
