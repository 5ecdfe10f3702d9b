"""The training loop against a plain loop, and the laws it promises."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from centerviz.data.dataset import Dataset
from centerviz.learning.config import TrainConfig
from centerviz.learning.epoch import Epoch, Progress
from centerviz.learning.evaluation import embed, evaluation_rows
from centerviz.learning.learner import learner, resolved
from centerviz.learning.loop import _batches, _class_batches, _learning_rate, _Seen, _step, train
from centerviz.problem import Problem
from tests.devices import on_each_device

RULES = ("minibatch", "epoch-mean", "gradient", "ema", "fixed")


def config(**settings) -> TrainConfig:
    return TrainConfig(**{"dataset": "blobs", "epochs": 3, "batch_size": 16, **settings})


def epochs(settings, dataset, state=None) -> list[Epoch]:
    return [news for news in train(settings, dataset, state) if isinstance(news, Epoch)]


def weights(epoch: Epoch) -> dict[str, np.ndarray]:
    return {k: v for k, v in epoch.state.items() if k.startswith(("model.", "head."))}


def same(ours: dict, theirs: dict) -> bool:
    return ours.keys() == theirs.keys() and all(
        np.array_equal(ours[k], theirs[k], equal_nan=True) for k in ours
    )


def plain_softmax(settings, dataset) -> dict[str, np.ndarray]:
    """Softmax training as anybody writes it, with no center loss anywhere."""
    settings = resolved(settings, dataset)
    torch.set_num_threads(1)
    model = learner(settings, dataset)
    for epoch in range(1, settings.epochs + 1):
        batches = _batches(settings, dataset, epoch)
        for number, rows in enumerate(batches):
            step = (epoch - 1) * len(batches) + number
            for group in model.optimizer.param_groups:
                group["lr"] = _learning_rate(settings, step, len(batches) * settings.epochs)
            x = model.net(torch.from_numpy(dataset.inputs[rows]))
            loss = F.cross_entropy(x @ model.w.T, torch.from_numpy(dataset.labels[rows]))
            model.optimizer.zero_grad()
            loss.backward()
            model.optimizer.step()
    named = {f"model.{k}": v.numpy() for k, v in model.net.state_dict().items()}
    return {**named, "head.weight": model.w.detach().numpy()}


@pytest.mark.parametrize("rule", RULES)
def test_lambda_zero_is_plain_softmax_to_the_bit(blobs, rule):
    settings = config(center_weight=0, center_rule=rule)
    assert same(weights(epochs(settings, blobs)[-1]), plain_softmax(settings, blobs))


@pytest.mark.filterwarnings("ignore:overflow encountered")
def test_lambda_zero_is_plain_softmax_even_when_the_centers_run_away(blobs):
    settings = config(center_weight=0, center_rule="gradient", center_step=100.0, epochs=12)
    last = epochs(settings, blobs)[-1]
    assert not np.isfinite(last.centers).any()  # 0 · L_C would be NaN
    assert same(weights(last), plain_softmax(settings, blobs))


def test_a_positive_lambda_changes_the_weights(blobs):
    with_it, without = (epochs(config(center_weight=w), blobs)[-1] for w in (0.1, 0))
    assert not same(weights(with_it), weights(without))


@on_each_device
def test_equal_configs_give_equal_numbers_to_the_bit(blobs, device):
    first, second = (epochs(config(device=device), blobs)[-1] for _ in range(2))
    assert same(first.state, second.state)
    assert np.array_equal(first.features, second.features)


@on_each_device
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("rule", RULES)
def test_a_resume_after_any_epoch_ends_with_the_same_bits(blobs, rule, optimizer, device):
    settings = config(center_rule=rule, optimizer=optimizer, learning_rate=0.01, center_step=0.2)
    settings = settings.model_copy(update={"device": device})
    whole = epochs(settings, blobs)
    for done in whole[:-1]:
        rest = epochs(settings, blobs, done.state)
        assert [e.epoch for e in rest] == list(range(done.epoch + 1, settings.epochs + 1))
        assert same(rest[-1].state, whole[-1].state)
        assert rest[-1].vitals == whole[-1].vitals


def test_the_threads_of_the_caller_are_left_as_they_were(blobs):
    torch.set_num_threads(2)
    news = train(config(threads=1), blobs)
    next(news)
    news.close()
    assert torch.get_num_threads() == 2


def test_center_loss_makes_the_classes_tighter(blobs):
    def ratio(weight):
        last = epochs(config(center_weight=weight, epochs=15), blobs)[-1]
        return last.vitals.fisher

    assert ratio(1.0) > 1.5 * ratio(0)


def test_the_reported_losses_equal_a_recomputation_of_the_first_batch(blobs):
    settings = config(epochs=1, batch_size=60, center_weight=0.3)
    model = learner(resolved(settings, blobs), blobs)
    x = model.net(torch.from_numpy(blobs.inputs[:60])).detach()
    y = torch.from_numpy(blobs.labels[:60])
    means = torch.stack([x[y == j].mean(0) for j in range(3)])
    expected = 0.5 * (x - means[y]).square().sum(1)
    (epoch,) = epochs(settings, blobs)
    assert epoch.center_loss == pytest.approx(expected.mean().item(), rel=1e-5)
    assert epoch.weighted_center_loss == pytest.approx(0.3 * epoch.center_loss)
    assert epoch.base_loss == pytest.approx(F.cross_entropy(x @ model.w.T, y).item(), rel=1e-5)
    assert epoch.accuracy["test"] in {n / 30 for n in range(31)}
    by_class = [expected[y == j].mean().item() for j in range(3)]
    np.testing.assert_allclose(epoch.center_loss_by_class, by_class, rtol=1e-5)


def test_a_sum_reduction_is_the_mean_times_the_batch(blobs):
    mean, summed = (
        epochs(config(epochs=1, batch_size=60, reduction=r, center_weight=w), blobs)[0]
        for r, w in (("mean", 0.6), ("sum", 0.01))
    )
    assert summed.center_loss == pytest.approx(60 * mean.center_loss, rel=1e-5)
    np.testing.assert_allclose(
        summed.state["model.body.1.weight"], mean.state["model.body.1.weight"], rtol=1e-4, atol=1e-6
    )


def test_drift_is_taken_before_the_centers_jump_to_the_means(blobs):
    first, second = epochs(config(center_rule="epoch-mean"), blobs)[:2]
    assert (first.drift > 1e-3).all()
    np.testing.assert_array_equal(second.centers, first.means)
    np.testing.assert_allclose(
        first.drift, np.linalg.norm(first.centers - first.means, axis=1), rtol=1e-6
    )


def test_means_are_those_of_what_center_loss_sees(blobs):
    (epoch,) = epochs(config(epochs=1, normalize=True), blobs)
    x, _ = embed(resolved(config(normalize=True), blobs), epoch.state, blobs, blobs.rows("train"))
    z = x / np.linalg.norm(x, axis=1, keepdims=True)
    y = blobs.labels[:60]
    expected = np.stack([z[y == j].mean(0) for j in range(3)])
    np.testing.assert_allclose(epoch.means, expected, rtol=1e-5)


def test_lambda_rises_over_the_warm_up(blobs):
    told = [e.center_weight for e in epochs(config(warmup_epochs=2, center_weight=0.4), blobs)]
    assert told == [0.2, 0.4, 0.4]


@on_each_device
@pytest.mark.parametrize("base", ["normface", "cosface", "arcface", "contrastive", "triplet"])
def test_every_base_loss_learns_the_blobs(blobs, base, device):
    settings = config(base=base, epochs=12, dim=3, margin=0.3, normalize=True, device=device)
    last = epochs(settings, blobs)[-1]
    x, y = last.features, blobs.labels[evaluation_rows(blobs)]
    z = x / np.linalg.norm(x, axis=1, keepdims=True)
    nearest = np.linalg.norm(z[:, None] - last.means, axis=2).argmin(1)
    assert (nearest == y).mean() > 0.8
    assert (last.accuracy["test"] is None) == (base in ("contrastive", "triplet"))


def test_without_a_base_loss_center_loss_alone_shrinks_the_classes(blobs):
    told = epochs(config(base="none", center_weight=1.0, epochs=5), blobs)
    assert math.isnan(told[-1].base_loss)
    assert told[-1].center_loss < told[0].center_loss


def test_zero_centers_that_stay_are_a_norm_penalty(blobs):
    told = epochs(config(center_rule="fixed", center_start="zeros", center_weight=1.0), blobs)
    assert not told[-1].centers.any()


def test_a_loss_that_is_no_longer_finite_is_named_with_its_step(blobs):
    with pytest.raises(Problem, match=r"step \d+ of epoch \d+"):
        epochs(config(center_weight=1e6, learning_rate=10, epochs=5), blobs)


@pytest.mark.gpu
@pytest.mark.parametrize("rule", RULES)
def test_the_gpu_learns_what_the_cpu_learns(blobs, rule):
    settings = {"center_rule": rule, "center_step": 0.2, "learning_rate": 0.01}
    one, other = (epochs(config(device=d, **settings), blobs)[-1] for d in ("cpu", "cuda"))
    np.testing.assert_allclose(other.centers, one.centers, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(other.features, one.features, rtol=1e-3, atol=1e-4)
    assert other.center_loss == pytest.approx(one.center_loss, rel=1e-3)


def test_a_single_class_is_refused(blobs):
    lonely = replace(blobs, labels=np.zeros(90, dtype=np.int64), class_names=("a",))
    with pytest.raises(Problem, match="at least 2"):
        epochs(config(), lonely)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("base", ["softmax", "arcface", "triplet"])
def test_empty_and_single_sample_classes_on_one_feature_are_learned_from(blobs, base, rule):
    labels = np.array([3, *np.array([0, 4, 2])[blobs.labels[1:]]])  # one sample of d, none of b
    odd = replace(blobs, labels=labels, class_names=tuple("abcde"))
    settings = config(base=base, center_rule=rule, center_step=0.1, dim=1, learning_rate=0.01)
    told = epochs(settings, odd)
    for epoch in told:
        assert np.isnan(epoch.means[1]).all() and np.isfinite(np.delete(epoch.means, 1)).all()
        assert np.isfinite(epoch.centers).all() and np.isnan(epoch.drift[1])
        assert np.isfinite(epoch.center_loss) and epoch.vitals.drift_over_inter is not None
    np.testing.assert_array_equal(told[-1].centers[1], told[0].centers[1])


def test_more_classes_than_dimensions_and_than_the_batch_are_learned_from(blobs):
    rng = np.random.default_rng(0)
    many = replace(
        blobs,
        inputs=rng.normal(size=(4_000, 5)).astype(np.float32),
        labels=np.arange(4_000) % 1_000,
        class_names=tuple(map(str, range(1_000))),
        splits=np.array(["train"] * 4_000),
        ids=np.arange(4_000).astype(str),
    )
    (epoch,) = epochs(config(epochs=1, learning_rate=0.001), many)
    assert np.isfinite(epoch.centers).all() and epoch.vitals.nc1 is not None


def test_a_device_that_is_not_there_is_named(blobs):
    with pytest.raises(Problem, match="cuda:7"):
        resolved(config(device="cuda:7"), blobs)


def test_auto_is_resolved_to_what_is_stored(blobs):
    filled = resolved(config(), blobs)
    assert (filled.model, filled.precision, filled.threads) == ("mlp", "float32", 1)
    assert "auto" not in filled.model_dump().values()
    assert resolved(filled, blobs) == filled


def test_convolutions_refuse_vectors(blobs):
    with pytest.raises(Problem, match="needs images"):
        epochs(config(model="conv"), blobs)


def test_progress_counts_up_and_epochs_come_in_order(blobs):
    news = list(train(config(epochs=2), blobs))
    assert [n.epoch for n in news if isinstance(n, Epoch)] == [1, 2]
    assert all(0 <= n.step <= n.steps for n in news if isinstance(n, Progress))


@pytest.mark.parametrize("steps", [20, 50, 570])
def test_the_one_cycle_is_the_one_of_torch(steps):
    weight = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=0.05)
    judge = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.05, total_steps=steps, cycle_momentum=False
    )
    for step in range(steps):
        ours = _learning_rate(config(), step, steps)
        assert ours == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-9)
        optimizer.step()
        if step < steps - 1:
            judge.step()


@pytest.mark.parametrize("steps", range(1, 8))
def test_every_schedule_is_positive_and_below_its_top_however_short(steps):
    for schedule in ("onecycle", "constant", "step"):
        settings = config(schedule=schedule)
        rates = [_learning_rate(settings, step, steps) for step in range(steps)]
        assert all(0 < rate <= 0.05 for rate in rates)


@given(
    counts=st.lists(st.integers(1, 30), min_size=2, max_size=8),
    each=st.integers(2, 5),
    m=st.integers(10, 40),
)
def test_class_batches_hold_each_class_in_equal_groups_and_no_row_twice(counts, each, m):
    labels = np.repeat(np.arange(len(counts)), counts)
    rows = np.random.default_rng(0).permutation(len(labels))
    batches = _class_batches(rows, labels[rows], m, each)
    used = np.concatenate(batches)
    assert len(np.unique(used)) == len(used)
    for batch in batches:
        assert len(batch) <= max(2, m // each) * each
        for j, n in zip(*np.unique(labels[batch], return_counts=True), strict=True):
            assert n % each == 0 or n == counts[j] < each


def test_an_epoch_uses_every_training_row_once_and_orders_differ(blobs):
    first, second = (_batches(config(), blobs, epoch) for epoch in (1, 2))
    assert sorted(itertools.chain(*first)) == list(range(60))
    assert not np.array_equal(np.concatenate(first), np.concatenate(second))


@pytest.mark.parametrize("side", [8, 13, 28, 64])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("model", ["conv", "lenets++"])
def test_the_image_networks_take_every_side_they_promise(side, channels, model):
    rng = np.random.default_rng(0)
    images = image_set(rng.integers(0, 255, (8, side, side, channels), dtype=np.uint8))
    (epoch,) = epochs(TrainConfig(model=model, epochs=1, dim=3, precision="float32"), images)
    assert epoch.features.shape == (8, 3)
    assert np.isfinite(epoch.features).all()


def image_set(images) -> Dataset:
    n = len(images)
    return Dataset(
        name="noise",
        inputs=images,
        labels=np.arange(n) % 2,
        class_names=("a", "b"),
        splits=np.array(["train"] * n),
        ids=np.array([str(i) for i in range(n)]),
        source="drawn",
        licence="none",
    )


def test_a_model_opens_on_images_of_another_size_and_colour():
    rng = np.random.default_rng(0)
    learned = image_set(rng.integers(0, 255, (8, 16, 16, 1), dtype=np.uint8))
    settings = TrainConfig(epochs=1, dim=3)
    (epoch,) = epochs(settings, learned)
    other = image_set(rng.integers(0, 255, (6, 20, 24, 3), dtype=np.uint8))
    x, predicted = embed(resolved(settings, learned), epoch.state, other, np.arange(6))
    assert x.shape == (6, 3)
    assert set(predicted) <= {0, 1}


def test_a_model_for_images_refuses_vectors(blobs):
    rng = np.random.default_rng(0)
    learned = image_set(rng.integers(0, 255, (8, 16, 16, 1), dtype=np.uint8))
    settings = TrainConfig(epochs=1)
    (epoch,) = epochs(settings, learned)
    with pytest.raises(Problem, match="16×16×1"):
        embed(resolved(settings, learned), epoch.state, blobs, np.arange(3))


@pytest.mark.parametrize("form", ["squared", "cosine", "article-dot"])
@pytest.mark.parametrize("base", ["softmax", "normface", "cosface", "arcface", "none"])
@pytest.mark.parametrize("rule", RULES)
def test_a_whole_step_runs_on_the_meta_device(blobs, base, rule, form):
    settings = resolved(
        config(base=base, center_rule=rule, center_form=form, normalize=True), blobs
    )
    model = learner(settings.model_copy(update={"device": "meta"}), blobs)
    samples = torch.empty(16, 5, device="meta")
    seen = _Seen(3, 1, "meta")
    labels = torch.zeros(16, dtype=torch.long, device="meta")
    seen.add(0, _step(model, samples, labels, 0.1), labels)
    assert model.c.device.type == seen.losses.device.type == "meta"


def test_bf16_never_enters_a_shown_number():
    rng = np.random.default_rng(0)
    images = image_set(rng.integers(0, 255, (32, 16, 16, 1), dtype=np.uint8))
    (epoch,) = epochs(TrainConfig(epochs=1, dim=3, precision="bf16"), images)
    coarse = torch.from_numpy(epoch.features).bfloat16().float().numpy()
    assert (coarse != epoch.features).mean() > 0.9


def test_runaway_centers_without_center_loss_are_told(blobs):
    from centerviz.embedding.health import findings

    told = epochs(config(center_weight=0, center_rule="gradient", center_step=100.0), blobs)
    history = [epoch.vitals for epoch in told]
    assert "diverging" in {finding.code for finding in findings(history)}
