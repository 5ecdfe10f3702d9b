from dataclasses import replace

import pytest

from centerviz.embedding.health import Vitals, findings

HEALTHY = Vitals(
    epoch=10,
    rule="minibatch",
    center_weight=0.1,
    base="softmax",
    classes=10,
    share_entropy=2.302,
    largest_share=0.1,
    cross_entropy=0.1,
    accuracy=0.97,
    rms_spread=5.0,
    rms_norm=5.5,
    effective_rank=2.0,
    dim=2,
    fisher=20.0,
    nc1=0.1,
    center_move=0.01,
    drift_over_inter=0.02,
    center_norm=6.0,
    center_norm_start=0.5,
    feature_norm=9.0,
    ema_log_gain=None,
)


TWO = {"classes": 2, "share_entropy": 0.693, "largest_share": 0.5}


def codes(*history):
    return [finding.code for finding in findings(history)]


def seen(**changes):
    return replace(HEALTHY, **changes)


def test_a_healthy_training_has_no_findings():
    assert codes() == [] and codes(HEALTHY) == []
    assert codes(*[replace(HEALTHY, epoch=epoch) for epoch in range(1, 31)]) == []


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("collapse", {"cross_entropy": 2.30, "accuracy": 0.15}),
        ("collapse", {"cross_entropy": 0.69, "accuracy": 0.54, **TWO}),
        ("point", {"rms_spread": 5e-4}),
        ("point", {"rms_spread": 0.0, "rms_norm": 0.0, "effective_rank": None}),
        ("line", {"effective_rank": 1.05}),
        ("frozen", {"center_move": 0.0, "drift_over_inter": 0.31}),
        ("diverging", {"center_norm": 18.1}),
        ("diverging", {"ema_log_gain": 0.01, "rule": "ema"}),
    ],
)  # fmt: skip
def test_each_failure_has_its_finding(code, changes):
    assert codes(seen(**changes)) == [code]


@pytest.mark.parametrize(
    "changes",
    [
        {"cross_entropy": 2.30, "accuracy": 0.15, "epoch": 3},  # may still wake up
        {"cross_entropy": 2.30, "accuracy": 0.21},  # margin losses exceed chance while healthy
        {"cross_entropy": 2.25, "accuracy": 0.15},
        {"cross_entropy": None, "accuracy": None},  # no classifier
        {"cross_entropy": 0.69, "accuracy": 0.56, **TWO},
        {"effective_rank": 1.05, "classes": 2},
        {"effective_rank": 1.0, "dim": 1},
        {"center_move": 0.0, "drift_over_inter": 0.9, "rule": "fixed"},
        {"center_move": 0.0, "drift_over_inter": 0.9, "center_weight": 0.0},
        {"center_move": 0.0, "drift_over_inter": 0.3},
        {"center_move": 0.0, "drift_over_inter": None},
        {"center_norm": 18.0},
        {"center_norm": 18.0, "feature_norm": 0.0, "center_norm_start": 9.0},
        {"ema_log_gain": -0.01, "rule": "ema"},
    ],
)  # fmt: skip
def test_what_only_looks_like_a_failure_is_silent(changes):
    assert codes(seen(**changes)) == []


def test_chance_is_no_collapse_while_cross_entropy_falls():
    before = seen(cross_entropy=2.302, accuracy=0.12, epoch=9)
    assert codes(before, seen(cross_entropy=2.28, accuracy=0.15)) == []
    assert codes(before, seen(cross_entropy=2.299, accuracy=0.15)) == ["collapse"]


def test_chance_is_no_collapse_while_classes_move_apart():
    before = seen(cross_entropy=3.6879, accuracy=0.1, fisher=0.56, epoch=9)
    now = {"cross_entropy": 3.6862, "accuracy": 0.1, "share_entropy": 3.69}
    assert codes(before, seen(fisher=0.65, **now)) == []
    assert codes(before, seen(fisher=0.57, **now)) == ["collapse"]


def test_center_loss_is_not_blamed_for_chance_where_there_is_none():
    guess = {"cross_entropy": 2.30, "accuracy": 0.1}
    (blamed,), (acquitted,) = (
        findings([seen(**guess)]),
        findings([seen(**guess, center_weight=0.0)]),
    )
    assert "Center loss has won" in blamed.cause
    assert "no center loss" in acquitted.cause and "λ" not in acquitted.cure


def loose(fisher, nc1, epochs=3, **changes):
    """A tight epoch, then loose ones."""
    return [seen(), *[seen(fisher=fisher, nc1=nc1, **changes) for _ in range(epochs)]]


def test_classes_that_spread_again_for_three_epochs_are_loosening():
    assert codes(*loose(11.9, 0.17)) == ["loosening"]
    assert codes(*loose(11.9, 0.17, epochs=2)) == []
    assert codes(*loose(12.1, 0.17)) == codes(*loose(11.9, 0.16)) == []
    assert codes(*loose(11.9, 0.17, center_weight=0.0)) == []
    assert codes(*loose(None, None)) == []
    assert codes(*loose(11.9, 0.17), seen()) == []


def fading(**last):
    """Norms fall by half in the last six epochs."""
    steps = [seen(epoch=e, rms_norm=5.5 * 0.87**e, rms_spread=5 * 0.87**e) for e in range(5, 11)]
    return [*steps[:-1], replace(steps[-1], **last)]


def test_norms_that_fall_while_classes_stay_as_tight_are_shrinkage():
    assert codes(*fading()) == ["shrinkage"]
    assert codes(*fading(fisher=25.0)) == []
    assert codes(*fading(nc1=0.05)) == []
    assert codes(*fading(nc1=None)) == []
    assert codes(*fading()[1:]) == []  # too short a time


def test_findings_word_what_was_seen_with_its_numbers():
    for history in (
        [seen(center_norm=18.1)],
        [seen(rms_spread=5e-4)],
        [seen(cross_entropy=2.30, accuracy=0.15)],
        [seen(effective_rank=1.05)],
        [seen(center_move=0.0, drift_over_inter=0.9)],
        [seen(ema_log_gain=0.01)],
        fading(),
        loose(11.9, 0.17),
    ):
        (finding,) = findings(history)
        for template in (finding.seen, finding.cause, finding.cure):
            sentence = template.format(**finding.values)
            assert sentence.endswith(".") and "{" not in sentence


@pytest.mark.parametrize("norm", [float("inf"), float("nan")])
def test_centers_that_are_no_longer_numbers_are_never_called_well(norm):
    assert codes(seen(center_norm=norm)) == ["diverging"]
