"""Center rules by hand, against the ones that train, against autograd, and by their laws."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from centerviz.embedding.distances import drift
from centerviz.learning import formulas
from centerviz.learning.centers import move_centers
from centerviz.lessons import rules
from centerviz.lessons.rendering import lesson

few = settings(max_examples=30)
entries = st.integers(-40, 40).map(lambda v: v / 4)
alphas = st.sampled_from([0.1, 0.5, 1.0, 1.75])


def rows(n: int, d: int):
    return arrays(np.float64, (n, d), elements=entries)


@st.composite
def batches(draw):
    """Features (m, d), their classes among three of which some may be absent, centers (3, d)."""
    m, d = draw(st.integers(1, 8)), draw(st.integers(1, 4))
    y = np.array(draw(st.lists(st.integers(0, 2), min_size=m, max_size=m)))
    return draw(rows(m, d)), y, draw(rows(3, d))


@few
@given(batches(), st.sampled_from(rules.RULES), alphas)
def test_every_rule_moves_the_centers_as_training_does(batch, rule, alpha):
    x, y, c = batch
    trained = torch.from_numpy(c).float()
    move_centers(rule, trained, torch.from_numpy(x).float(), torch.from_numpy(y), alpha)
    ours = rules.moved_centers(rule, x, c, y, alpha)
    assert ours == pytest.approx(trained.numpy(), abs=1e-4)
    in_torch = rules.moved_centers(rule, *map(torch.from_numpy, (x, c, y)), alpha)
    assert in_torch.numpy() == pytest.approx(ours, abs=1e-12)


@pytest.mark.parametrize(
    ("center", "by_hand"),
    [
        (rules.minibatch_center, 1.5),
        (rules.center_without_half, 4.0),
        (rules.all_pulled, 6.0),
    ],
)
def test_three_conventions_give_three_centers_for_2_4_6(center, by_hand):
    assert center(np.array([[2.0], [4.0], [6.0]]), np.array([0.0]), 0.5).tolist() == [by_hand]


@few
@given(rows(4, 2), rows(1, 2), alphas)
def test_gradient_rules_are_steps_of_autograd(x, c, alpha):
    for loss, center in (
        (lambda tx, tc: formulas.half_squared_distance(tx, tc).mean(),
         rules.all_pulled(x, c[0], rules.pull_weight("gradient", alpha, 4, 4))),
        (lambda tx, tc: ((tx - tc) ** 2).sum(1).mean(), rules.center_without_half(x, c[0], alpha)),
    ):  # fmt: skip
        tc = torch.from_numpy(c[0].copy()).requires_grad_()
        loss(torch.from_numpy(x), tc).backward()
        assert center == pytest.approx(c[0] - alpha * tc.grad.numpy(), abs=1e-9)


@few
@given(rows(5, 3), rows(1, 3), alphas, st.sampled_from(rules.RULES[:3]))
def test_pulls_one_by_one_in_any_order_end_where_the_share_says(x, c, alpha, rule):
    c, w = c[0], rules.pull_weight(rule, alpha, len(x), len(x))
    at = c
    for row in x[::-1]:
        at = rules.pulled(at, row, c, w)
    share = rules.share_of_way(len(x), w)
    assert at == pytest.approx(rules.between(c, rules.batch_mean(x), share), abs=1e-9)
    assert at == pytest.approx(rules.all_pulled(x, c, w), abs=1e-9)
    assert rules.repeated(c, rules.batch_mean(x), share, 1)[0] == pytest.approx(at, abs=1e-9)


@few
@given(rows(4, 2), rows(1, 2), st.integers(1, 5))
def test_a_batch_that_comes_again_is_the_rule_applied_again(x, c, times):
    at = c[0]
    for _ in range(times):
        at = rules.minibatch_center(x, at, 0.5)
    s = rules.share_of_way(4, rules.pull_weight("minibatch", 0.5, 4, 4))
    assert rules.repeated(c[0], rules.batch_mean(x), s, times)[-1] == pytest.approx(at, abs=1e-9)


@given(st.integers(1, 50))
def test_below_its_bound_a_rule_comes_nearer_and_beyond_it_runs_away(n):
    for rule, bound in (("minibatch", rules.minibatch_bound(n)), ("ema", rules.ema_bound(n))):
        below, beyond = (
            rules.distance_left(rules.share_of_way(n, rules.pull_weight(rule, alpha, n, n)))
            for alpha in (0.99 * bound, 1.01 * bound)
        )
        assert below < 1 < beyond


def test_weights_of_lambda_are_those_of_the_paper():
    x, c, weight = np.array([[3.0, 4.0], [1.0, 2.0], [0.0, 2.0]]), np.zeros((1, 2)), 0.1
    y = np.zeros(3, dtype=np.int64)
    ours = formulas.mean_center_loss(x, c, y)
    squares = formulas.squared_distances(x, c, y)
    as_typed = [squares.mean(), (x**2).mean(), squares.sum() / 2, squares.sum()]
    worth = [weight * loss / ours for loss in as_typed]
    assert rules.paper_lambdas(weight, 3, 2) == pytest.approx(worth)


def read(name, **typed):
    of = lesson(name)
    return of, of.read(of.defaults | typed)


def test_the_converter_stands_in_the_lesson():
    of, batch = read("centers")
    values = {step.key: step.value for step in of.steps(batch)}
    assert [values[key][0] for key in ("paper", "without-half", "added")] == [1.5, 4.0, 6.0]
    assert values["usual-batch"] == pytest.approx([0.4638, 0.05, 6.4], abs=5e-5)
    assert values["mean"][0] == 4.0


@pytest.mark.parametrize("rule", rules.RULES)
def test_the_steps_of_moving_the_centers_compose_to_their_result(rule):
    of, batch = read("centers", rule=rule, c="1, -2", alpha="0.7")
    steps, result = of.steps(batch), of.result(batch)
    values = {step.key: step.value for step in steps}
    assert values["pull"] == pytest.approx(result["moved"])
    assert values["between"] == pytest.approx(result["moved"])
    assert values["repeated"][0] == pytest.approx(result["moved"])
    assert result["converges"] == (rule in ("minibatch", "gradient"))  # ema: 3 · 0.7 > 2


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("centers", {"x": ""}, "x is empty"),
        ("centers", {"x": "1, 2; 3"}, "differ in length"),
        ("centers", {"x": ";".join(["1, 2"] * 9)}, "x has 9 rows"),
        ("centers", {"x": ";".join(["1, 2"] * 1000)}, "x has 1000 rows"),
        ("centers", {"x": "1, 1e308"}, "“1e308” cannot be used"),
        ("centers", {"c": "1, 2, 3"}, "The center c has 3 numbers, the samples x have 2"),
        ("centers", {"c": "1, 2; 3, 4"}, "c has 2 rows"),
        ("centers", {"c": "a, 2"}, "“a” is not a number"),
        ("centers", {"alpha": "nan"}, "alpha holds “nan”"),
        ("centers", {"alpha": "4"}, "from 0.05 to 3"),
        ("centers", {"rule": "mean"}, "rule holds “mean”; use one of minibatch"),
        ("epoch", {"rate": "2"}, "rate holds “2”"),
        ("epoch", {"y": ", ".join("1" * 12)}, "Different classes in y: 1"),
        ("pairs", {"x": ";".join(["1, 2"] * 13), "y": "1," * 12 + "2"}, "x has 13 rows"),
        ("pairs", {"margin": ""}, "margin holds “”"),
        ("pairs", {"loss": "quadruplet"}, "use one of contrastive, triplet"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence(name, change, said):
    with pytest.raises(ValueError, match=r"^.+[.]$") as problem:
        read(name, **change)
    assert said in str(problem.value)


@few
@given(
    st.integers(2, 5).flatmap(lambda n: rows(2 * n, 2).filter(lambda x: x.any(axis=1).all())),
    st.sampled_from(rules.RULES),
)
def test_an_epoch_by_hand_is_training_on_free_points(x, rule):
    y = np.arange(len(x)) // 2 % 2
    _, epoch = read("epoch", x="; ".join(", ".join(map(str, row)) for row in x.tolist()),
                    y=", ".join(map(str, y)), rule=rule)  # fmt: skip
    points = torch.from_numpy(x).float()
    c = torch.from_numpy(np.stack([x[y == j].mean(0) for j in (0, 1)])).float()
    for first in (0, 1):
        batch, labels = points[first::2].clone(), torch.from_numpy(y[first::2])
        free = batch.clone().requires_grad_()
        formulas.center_loss(free, c, labels).backward()
        points[first::2] = batch - epoch.rate * free.grad
        move_centers(rule, c, batch, labels, epoch.alpha)
    assert epoch.end == pytest.approx(points.numpy(), abs=1e-4)
    assert epoch.centers[2] == pytest.approx(c.numpy(), abs=1e-4)


@pytest.mark.parametrize("rule", rules.RULES)
def test_the_end_of_an_epoch_is_what_its_losses_say(rule):
    of, epoch = read("epoch", rule=rule)
    result = of.result(epoch)
    values = {step.key: step.value for step in of.steps(epoch)}
    assert result["loss_before"] == pytest.approx(0.135)
    assert values["loss-after"] == pytest.approx(result["loss_after"])
    assert values["epoch-mean"] == pytest.approx(result["loss_about_means"])
    assert result["loss_about_means"] <= result["loss_after"] + 1e-12
    means = [np.array(result["samples"])[4 * j : 4 * j + 4].mean(0) for j in range(3)]
    assert values["drift"] == pytest.approx(drift(np.array(result["centers_end"]), np.array(means)))
    if rule == "epoch-mean":
        assert result["drift"] == pytest.approx([0, 0, 0], abs=1e-12)


def test_typed_answers_name_the_slip():
    cases = {
        "centers": [(1.5, "right"), (2, "n"), (3, "alpha"), (6, "sum"), (-1.5, "sign")],
        "epoch": [(0.021875, "right"), (0.04375, "linear"), (0.065625, "difference")],
        "pairs": [(36, "right"), (15, "pairs"), (18, "once"), (54, "itself"), (120, "any")],
    }
    for name, answers in cases.items():
        of, given_numbers = read(name)
        question = of.question(given_numbers)
        assert [question.judged(float(answer)) for answer, _ in answers] == [
            key for _, key in answers
        ]
