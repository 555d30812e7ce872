"""The shipped ramps are what the script makes, even for the eye, and monotone in lightness."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from lstmviz.resources import resource

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "make_ramps.py"
_spec = importlib.util.spec_from_file_location("make_ramps", SCRIPT)
make_ramps = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(make_ramps)

NAMES = [f"{kind}_{look}" for kind in ("gradient", "signed", "gate") for look in ("light", "dark", "projector")]


def arms(name, ramp):
    # the two arms of a signed ramp are judged each by itself: they turn round at zero
    return (ramp[:128][::-1], ramp[128:]) if name.startswith("signed") else (ramp,)


def test_the_shipped_file_is_what_the_script_makes_byte_for_byte():
    assert make_ramps.ramp_file() == resource("assets", "ramps.npz").read_bytes()


def test_the_colour_space_gives_its_fixed_points():
    black, white = make_ramps.ucs_of_srgb(np.array([[0.0, 0, 0], [255, 255, 255]]))
    assert white[0] == pytest.approx(100, abs=1e-3)
    assert black[0] == pytest.approx(0, abs=1e-9)
    greys = make_ramps.ucs_of_srgb(np.repeat(np.arange(256.0)[:, None], 3, axis=1))
    assert np.all(np.diff(greys[:, 0]) > 0)
    # greys are not quite neutral: in an office the eye adapts to the display only in part
    assert np.hypot(greys[:, 1], greys[:, 2]).max() < 3


@pytest.mark.parametrize("name", NAMES)
def test_each_colour_is_as_far_from_the_one_before_as_all_the_others(name):
    for arm in arms(name, make_ramps.exact_ramps()[name]):
        apart = np.linalg.norm(np.diff(make_ramps.ucs_of_srgb(arm), axis=0), axis=1)
        assert apart.max() / apart.min() <= 1.05


@pytest.mark.parametrize("name", NAMES)
def test_rounding_to_whole_display_values_moves_no_colour_visibly(name):
    exact, stored = make_ramps.exact_ramps()[name], make_ramps.ramps()[name].astype(float)
    moved = np.linalg.norm(make_ramps.ucs_of_srgb(stored) - make_ramps.ucs_of_srgb(exact), axis=1)
    assert moved.max() < 0.7  # 1 is just visible


@pytest.mark.parametrize("name", NAMES)
def test_lightness_never_turns_round(name):
    for arm in arms(name, make_ramps.exact_ramps()[name]):
        change = np.diff(make_ramps.ucs_of_srgb(arm)[:, 0])
        assert np.all(change > 0) or np.all(change < 0)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("gradient_light", 96, 19),
        ("gradient_dark", 14, 95),
        ("gradient_projector", 99, 10),
        ("gate_light", 96, 20),
        ("gate_dark", 20, 96),
        ("signed_light", 33, 36),
        ("signed_dark", 86, 86),
        ("signed_projector", 22, 24),
    ],
)
def test_a_ramp_begins_and_ends_at_the_lightness_it_was_designed_for(name, first, last):
    lightness = make_ramps.ucs_of_srgb(make_ramps.ramps()[name].astype(float))[:, 0]
    assert lightness[0] == pytest.approx(first, abs=0.6)
    assert lightness[-1] == pytest.approx(last, abs=0.6)


@pytest.mark.parametrize("name", make_ramps.ANCHORS)
def test_a_ramp_goes_through_its_anchors(name):
    ramp = make_ramps.ramps()[name].astype(float)
    anchors = make_ramps.srgb_of_hex(make_ramps.ANCHORS[name])
    nearest = np.abs(ramp[None] - anchors[:, None]).max(axis=2).min(axis=1)
    assert nearest.max() <= 2
