"""The colours keep the contrasts, and the marks the distinctions, that were measured when they were chosen."""

import dataclasses
import re

import numpy as np
import pytest

from lstmviz.views.theme import DARK, LIGHT, PROJECTOR, THEMES, Theme, contrast, qcolor, theme

# contrast on the panel, as measured: light, dark, projector
ON_PANEL = {
    "outline": (3.7, 4.4, 8.2),
    "ink": (18.0, 15.3, 21.0),
    "secondary": (8.8, 10.0, 16.0),
    "hint": (5.6, 6.5, 10.3),
    "forget": (7.1, 4.7, 9.0),
    "input": (4.9, 4.6, 7.4),
    "output": (7.7, 7.2, 12.6),
    "candidate": (3.3, 10.4, 4.7),
    "cell": (18.3, 15.7, 19.5),
    "hidden": (3.4, 7.2, 4.5),
    "rnn": (4.5, 5.5, 5.4),
    "lstm": (8.1, 4.7, 10.1),
    "gru": (3.8, 12.8, 4.8),
    "gradient": (8.3, 9.5, 9.0),
    "clamp_outline": (9.3, 12.0, 13.5),
    "ghost": (3.7, 4.4, 8.2),
    "prediction": (18.0, 15.3, 21.0),
    "chance": (5.6, 6.5, 10.3),
}
IN_BAND = {"rnn": (3.6, 4.6, 4.0), "lstm": (6.5, 4.0, 7.6), "gru": (3.0, 10.7, 3.6), "ink": (14.5, 12.8, 15.7)}
TABLES = {name: k for k, name in enumerate(("light", "dark", "projector"))}
ROUNDING = 0.05  # the table has one decimal


@pytest.mark.parametrize("name", TABLES)
def test_every_role_has_the_contrast_that_was_measured(name):
    look = theme(name)
    for role, measured in ON_PANEL.items():
        assert contrast(getattr(look, role), look.panel) >= measured[TABLES[name]] - ROUNDING, role
    for role, measured in IN_BAND.items():
        assert contrast(getattr(look, role), look.band) >= measured[TABLES[name]] - ROUNDING, role


@pytest.mark.parametrize("name", TABLES)
def test_graphics_reach_three_to_one_and_text_four_and_a_half(name):
    look = theme(name)
    for role in ON_PANEL:
        assert contrast(getattr(look, role), look.panel) >= 3, role
    for shade in (*look.text.values(), look.ink, look.secondary, look.hint):
        assert contrast(shade, look.panel) >= 4.5
        assert contrast(shade, look.window) >= 4.5


def test_ink_is_read_on_a_clamp():
    assert contrast(LIGHT.ink, LIGHT.clamp) >= 12.4 - ROUNDING
    assert contrast(PROJECTOR.ink, PROJECTOR.clamp) >= 12.4


def test_contrast_of_black_on_white_is_twenty_one():
    assert contrast("#000000", "#FFFFFF") == contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#777777") == 1


def test_every_colour_is_a_hex_string_and_the_themes_differ_in_every_data_hue():
    for look in THEMES.values():
        for field in dataclasses.fields(Theme):
            value = getattr(look, field.name)
            if field.type == "str":
                assert re.fullmatch(r"#[0-9A-F]{6}", value), field.name
        assert all(re.fullmatch(r"#[0-9A-F]{6}", shade) for shade in look.text.values())
    for role in ("rnn", "lstm", "gru", "gradient", "forget", "cell"):
        assert len({getattr(look, role) for look in (LIGHT, DARK, PROJECTOR)}) == 3, role


def test_a_network_is_told_by_mark_and_line_as_well_as_by_hue():
    looks = [LIGHT.network(cell) for cell in ("rnn", "lstm", "gru")]
    assert [look.mark for look in looks] == ["triangle", "square", "circle"]
    assert [bool(look.dash) for look in looks] == [False, False, True]
    assert looks[0].hue == LIGHT.rnn
    assert looks[2].text == "#577665"


def test_an_unknown_theme_or_network_is_refused():
    with pytest.raises(ValueError, match="no theme 'sepia' \\(one of light, dark, projector\\)"):
        theme("sepia")
    with pytest.raises(KeyError):
        LIGHT.network("transformer")


@pytest.mark.parametrize("name", TABLES)
def test_ramps_are_read_only_tables_of_256_colours_that_begin_near_the_panel(name):
    look = theme(name)
    for ramp in (look.ramp_gradient, look.ramp_signed, look.ramp_gate):
        assert ramp.shape == (256, 3)
        assert ramp.dtype == np.uint8
        with pytest.raises(ValueError, match="read-only"):
            ramp[0, 0] = 1
    nearest = "#" + bytes(look.ramp_gradient[0]).hex()
    farthest = "#" + bytes(look.ramp_gradient[255]).hex()
    assert contrast(nearest, look.panel) < 1.2
    assert contrast(farthest, look.panel) > 12


def test_a_colour_becomes_a_qt_colour_with_its_alpha():
    made = qcolor(LIGHT.rnn, 0.5)
    assert made.name().upper() == LIGHT.rnn
    assert made.alphaF() == pytest.approx(0.5, abs=0.01)
