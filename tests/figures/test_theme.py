"""The palette stays readable with every kind of colour vision and on both grounds."""

import tomllib
from pathlib import Path

from centerviz.figures.theme import CLASS_COLOURS, template

CONFIG = Path(__file__).resolve().parents[2] / ".streamlit" / "config.toml"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_twenty_different_colours_seen_on_white_and_on_dark():
    assert len(set(CLASS_COLOURS)) == 20
    for colour in CLASS_COLOURS:
        assert contrast(colour, "#ffffff") > 1.5
        assert contrast(colour, "#191817") > 2.5


def test_the_app_has_two_themes_with_our_first_ten_colours():
    themes = tomllib.loads(CONFIG.read_text())["theme"]
    for ground in ("light", "dark"):
        assert themes[ground]["chartCategoricalColors"] == list(CLASS_COLOURS[:10])
        assert contrast(themes[ground]["textColor"], themes[ground]["backgroundColor"]) > 7
        assert contrast(themes[ground]["primaryColor"], "#ffffff") > 4


def test_lecture_mode_is_larger():
    assert template(lecture=True).layout.font.size > template().layout.font.size
