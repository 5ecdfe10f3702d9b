"""Ready-made settings, each with what to expect: some do well, some misbehave on purpose."""

from dataclasses import dataclass

from centerviz.language import N_
from centerviz.learning.config import TrainConfig


@dataclass(frozen=True)
class Preset:
    """A named config, one sentence of what to expect, and the lesson it belongs to."""

    name: str
    title: str
    expect: str
    lesson: str
    config: TrainConfig
    healthy: bool = True


def _sphere(**settings) -> TrainConfig:
    return TrainConfig(normalize=True, dim=16, center_rule="epoch-mean", **settings)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset(
            "wen2016",
            N_("The paper's picture"),
            N_("Ten rays become ten tight islands; accuracy hardly changes."),
            "center-loss",
            TrainConfig(),
        ),
        Preset(
            "article",
            N_("The article at its best"),
            N_("On the unit sphere with a scaled cosine classifier, classes get really tighter."),
            "normalisation",
            _sphere(base="normface", center_weight=5.0),
        ),
        Preset(
            "article-literal",
            N_("The article to the letter"),
            N_("Part of the smaller center loss is only shrinking: watch the ratio, not the loss."),
            "centroid",
            _sphere(center_weight=1.0),
        ),
        Preset(
            "common-torch",
            N_("As common code has it"),
            N_("Centers learned by gradient follow more slowly than the paper's."),
            "centers",
            TrainConfig(center_rule="gradient", center_weight=1.0),
        ),
        Preset(
            "collapse",
            N_("Too much of it"),
            N_("λ is far too large: classes fall together and accuracy drops to chance."),
            "joint-loss",
            TrainConfig(
                normalize=True, base="normface", center_rule="epoch-mean", center_weight=1000.0
            ),
            healthy=False,
        ),
        Preset(
            "shortcut",
            N_("The inner-product shortcut"),
            N_("The literal short form turns features away from their centers: classes spread."),
            "shortcut",
            _sphere(base="normface", center_form="article-dot", center_weight=5.0),
            healthy=False,
        ),
        Preset(
            "frozen",
            N_("Centers that never move"),
            N_("Features are pulled to where the untrained network happened to put them."),
            "centers",
            TrainConfig(center_rule="fixed", center_weight=0.1),
        ),
        Preset(
            "diverging",
            N_("Centers that run away"),
            N_("Each sample moves its center by half; the moves add up and overshoot."),
            "centers",
            TrainConfig(center_rule="ema", center_weight=0.01),
            healthy=False,
        ),
    )
}
